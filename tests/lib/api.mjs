// tests/lib/api.mjs: one HTTP request as a client makes it, and what a refusal must look like.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { now } from './clock.mjs';
import { stack } from './stack.mjs';

/** A UUIDv7: clients make them for Idempotency-Keys and messages. */
export function uuid() {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(now(), 0, 6);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/**
 * Sends a request. `json` is encoded, `raw` is sent as it is (with `type`), `key` is the Idempotency-Key;
 * it fails when no reply comes `within` so many ms.
 * The reply has `status`, `headers`, `text`, and `body`: what the JSON says, or undefined.
 */
export async function send(method, path, { base = stack.gateway, token, json, raw, type, key, headers = {}, within = 30_000 } = {}) {
    const reply = await fetch(base + path, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(within),
        body: raw ?? (json === undefined ? undefined : JSON.stringify(json)),
        headers: {
            ...(token && { authorization: `Bearer ${token}` }),
            ...(json !== undefined && { 'content-type': 'application/json' }),
            ...(type && { 'content-type': type }),
            ...(key && { 'idempotency-key': key }),
            ...headers,
        },
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson = /^application\/(problem\+)?json\b/.test(reply.headers.get('content-type') ?? '');
    return { status: reply.status, headers: reply.headers, bytes, text, body: isJson ? JSON.parse(text) : undefined, what: `${method} ${path}` };
}

/** The reply as a sentence for a failed assertion. */
export const told = (reply) => `${reply.what} answered ${reply.status} ${reply.text.slice(0, 500)}`;

/** Asserts the status and returns the body. */
export function expect(reply, status) {
    assert.equal(reply.status, status, told(reply));
    return reply.body;
}

/** Asserts a problem reply (RFC 9457) with this status, code and, if given, a pointer among its errors. */
export function expectProblem(reply, status, code, pointer) {
    assert.equal(reply.status, status, told(reply));
    assert.match(reply.headers.get('content-type') ?? '', /^application\/problem\+json/, told(reply));
    const { body } = reply;
    assert.equal(body.status, status, told(reply));
    assert.equal(body.code, code, told(reply));
    assert.equal(body.type, `/problems/${code}`, told(reply));
    assert.equal(typeof body.retryable, 'boolean', told(reply));
    assert.ok(body.title && body.request_id, told(reply));
    if (pointer !== undefined)
        assert.ok(body.errors?.some((e) => e.pointer === pointer), `no error at ${pointer}: ${told(reply)}`);
    if (status === 429 || status === 503)
        assert.match(reply.headers.get('retry-after') ?? '', /^\d+$/, `Retry-After is missing: ${told(reply)}`);
    return body;
}
