// deploy/sandbox/http.mjs: a router of a few lines: patterns with :names, bounded bodies, errors as each part words them.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { once } from 'node:events';

const BODY_MAX = 64 * 1024;

/** A refusal: sent as JSON `{code, message}`, the form most of the imitated APIs use. */
export class Refusal extends Error {
    constructor(status, code, message, headers = {}) {
        super(message);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }
}

export function sendJson(res, status, body, headers = {}) {
    res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers });
    res.end(JSON.stringify(body));
}

export function sendPage(res, page, status = 200) {
    res.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'",
    });
    res.end(String(page));
}

export function redirect(res, location) {
    res.writeHead(303, { location, 'cache-control': 'no-store' });
    res.end();
}

/** The whole body, at most `max` bytes; a longer one is refused before it is read to its end. */
export async function readBody(req, max = BODY_MAX) {
    const tooLarge = () => new Refusal(413, 'BODY_TOO_LARGE', `at most ${max} bytes`, { connection: 'close' });
    if (Number(req.headers['content-length'] ?? 0) > max) throw tooLarge();
    const chunks = [];
    let size = 0;
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
        size += chunk.length;
        if (size > max) throw tooLarge();
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

/** The body as a JSON object. */
export async function readJson(req) {
    const text = (await readBody(req)).toString('utf8');
    let value;
    try {
        value = JSON.parse(text);
    } catch {
        throw new Refusal(400, 'INVALID_REQUEST', 'the body is not JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Refusal(400, 'INVALID_REQUEST', 'the body is not a JSON object');
    return value;
}

/** The body of an HTML form. */
export async function readForm(req) {
    return new URLSearchParams((await readBody(req)).toString('utf8'));
}

export function createRouter() {
    const routes = [];

    /** `pattern` like "/pay/v1/payments/:paymentKey"; the handler gets (req, res, params, query). */
    function on(method, pattern, handler) {
        const names = [];
        const source = pattern.replace(/:(\w+)/g, (_, name) => {
            names.push(name);
            return '([^/]+)';
        });
        routes.push({ method, regex: new RegExp(`^${source}$`), names, handler });
    }

    function find(method, path) {
        let allowed = [];
        for (const route of routes) {
            const match = route.regex.exec(path);
            if (!match) continue;
            if (route.method === method || (method === 'HEAD' && route.method === 'GET'))
                return { handler: route.handler, params: paramsOf(route.names, match) };
            allowed.push(route.method);
        }
        if (allowed.length > 0)
            throw new Refusal(405, 'METHOD_NOT_ALLOWED', `allowed: ${allowed.join(', ')}`, { allow: allowed.join(', ') });
        throw new Refusal(404, 'NOT_FOUND', 'there is nothing at this address');
    }

    async function handle(req, res) {
        const url = new URL(req.url, 'http://sandbox');
        const { handler, params } = find(req.method, url.pathname);
        await handler(req, res, params, url.searchParams);
    }
    return { on, handle };
}

function paramsOf(names, match) {
    const params = {};
    names.forEach((name, i) => {
        try {
            params[name] = decodeURIComponent(match[i + 1]);
        } catch {
            throw new Refusal(400, 'INVALID_REQUEST', 'the address is not valid UTF-8');
        }
    });
    return params;
}

const answering = (handle) => async (req, res) => {
    try {
        await handle(req, res);
    } catch (error) {
        fail(req, res, error);
    }
};

/** A server for `handle(req, res)`; what it throws becomes a reply. Resolves once it listens. */
export async function serve(handle, port, host) {
    const server = createServer(answering(handle));
    server.requestTimeout = 30_000;
    server.listen(port, host);
    await once(server, 'listening');
    return server;
}

/** The same over TLS, HTTP/2 when the client can. `tls`: path of the certificate and key without .pem and .key. */
export async function serveHttp2(handle, port, host, tls) {
    const [cert, key] = [readFileSync(`${tls}.pem`), readFileSync(`${tls}.key`)];
    const server = createSecureServer({ cert, key, allowHTTP1: true }, answering(handle));
    server.listen(port, host);
    await once(server, 'listening');
    return server;
}

function fail(req, res, error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'SANDBOX_ERROR', 'the sandbox itself failed; see its log');
    if (refusal !== error) console.error(`${req.method} ${req.url}:`, error);
    if (res.headersSent) {
        res.destroy();
        return;
    }
    const { connection, ...headers } = refusal.headers; // HTTP/2 knows no such header
    if (connection && req.httpVersionMajor < 2) headers.connection = connection;
    sendJson(res, refusal.status, { code: refusal.code, message: refusal.message }, headers);
}
