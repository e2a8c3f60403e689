// deploy/sandbox/storage.mjs: one bucket that speaks S3 (PUT, GET, HEAD, DELETE of an object) and checks every signature.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readBody, Refusal } from './http.mjs';

const OBJECT_MAX = 32 * 1024 * 1024;
const KEPT = 200;
const CLOCK_MS = 15 * 60 * 1000;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

/** AWS Signature Version 4 of a request without a query, over the headers named in `signed`. */
export function signV4({ method, path, headers, signed, payload, date, region, secret }) {
    const day = date.slice(0, 8);
    const canonical = [method, path, '', ...signed.map((name) => `${name}:${headers[name]?.trim()}`), '', signed.join(';'), payload].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
    return [region, 's3', 'aws4_request', toSign].reduce(hmac, hmac(`AWS4${secret}`, day)).toString('hex');
}

export function createStorage(router, config) {
    if (!config.storageSecret) return;
    const objects = new Map();

    function authorize(req, body) {
        const { authorization = '', 'x-amz-date': date = '', 'x-amz-content-sha256': payload } = req.headers;
        const [, key, day, region, names, signature] =
            /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(authorization) ?? [];
        const refuse = (message) => new Refusal(403, 'AccessDenied', message);
        if (key !== config.storageAccessKey || !date.startsWith(day)) throw refuse('unknown key');
        const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
        if (!(Math.abs(Date.now() - at) <= CLOCK_MS)) throw new Refusal(403, 'RequestTimeTooSkewed', 'the date is more than 15 minutes off');
        const signed = names.split(';');
        if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.includes(name))) throw refuse('too little is signed');
        if (payload !== sha256(body)) throw new Refusal(400, 'XAmzContentSHA256Mismatch', 'the body is another one');
        const path = new URL(req.url, 'http://x').pathname;
        const expected = signV4({ method: req.method, path, headers: req.headers, signed, payload, date, region, secret: config.storageSecret });
        if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) throw new Refusal(403, 'SignatureDoesNotMatch', 'wrong signature');
    }

    router.on('PUT', '/bucket/:name', async (req, res, { name }) => {
        const body = await readBody(req, OBJECT_MAX);
        authorize(req, body);
        objects.delete(name);
        objects.set(name, { body, type: req.headers['content-type'] ?? 'binary/octet-stream' });
        if (objects.size > KEPT) objects.delete(objects.keys().next().value);
        res.writeHead(200, { etag: `"${sha256(body).slice(0, 32)}"` }).end();
    });
    for (const method of ['GET', 'HEAD'])
        router.on(method, '/bucket/:name', (req, res, { name }) => {
            authorize(req, '');
            const object = objects.get(name);
            if (!object) throw new Refusal(404, 'NoSuchKey', 'there is no such object');
            res.writeHead(200, { 'content-type': object.type, 'content-length': object.body.length });
            res.end(method === 'GET' ? object.body : undefined);
        });
    router.on('DELETE', '/bucket/:name', (req, res, { name }) => {
        authorize(req, '');
        objects.delete(name);
        res.writeHead(204).end();
    });
}
