// tests/lib/quick.mjs: many small requests over connections that are kept: a third of what fetch costs.
import { Agent, request } from 'node:http';
import { uuid } from './api.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** A POST of `person` with a key of its own; the reply as tests/lib/api.mjs gives it. */
export function post(person, base, path, json) {
    const body = json === undefined ? '' : JSON.stringify(json);
    const headers = { authorization: `Bearer ${person.token}`, 'idempotency-key': uuid(), 'content-length': Buffer.byteLength(body) };
    if (body) headers['content-type'] = 'application/json';
    return new Promise((resolve, reject) => {
        const req = request(base + path, { method: 'POST', agent, headers, timeout: 30_000 }, (res) => {
            const chunks = [];
            res.on('data', (chunk) => chunks.push(chunk));
            res.on('error', reject);
            res.on('end', () => {
                const text = Buffer.concat(chunks).toString('utf8');
                const isJson = /json\b/.test(res.headers['content-type'] ?? '');
                resolve({ status: res.statusCode, text, body: isJson ? JSON.parse(text) : undefined, what: `POST ${path}` });
            });
        });
        req.on('timeout', () => req.destroy(new Error(`no answer within 30 s: POST ${path}`)));
        req.on('error', reject);
        req.end(body);
    });
}
