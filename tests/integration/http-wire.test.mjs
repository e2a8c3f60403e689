// tests/integration/http-wire.test.mjs: the bytes of HTTP, on a service's own port and at the gateway: what is cut in
// pieces, said twice, too much, too slow or not HTTP at all.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { exchange, Wire } from '../lib/raw.mjs';
import { servicePids, stack } from '../lib/stack.mjs';

const DEAL = stack.instances.deal[0];
const PATH = '/v1/deal/deals?limit=1';
const get = (path = PATH, fields = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const post = (body, fields = '') =>
    `POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${fields}\r\n${body}`;
const LOGIN = '{"login_id":"nobody_here","password":"not-a-password"}';

function assertProblem(reply, status, code) {
    assert.equal(reply.status, status, reply.text);
    assert.match(reply.headers['content-type'], /^application\/problem\+json/);
    assert.equal(reply.body.code, code);
    assert.ok(reply.body.request_id, 'request_id is missing');
}

describe('HTTP on the wire', () => {
    let pids;
    before(async () => (pids = await servicePids()));

    it('a request that is split at any byte is the same request', async () => {
        const text = post(LOGIN, `Content-Length: ${LOGIN.length}\r\n`).replace('/v1/auth/login', '/v1/deal/deals');
        for (let at = 1; at < text.length; at += 3) {
            const wire = await Wire.open(DEAL);
            wire.write(text.slice(0, at));
            await new Promise(setImmediate);
            wire.write(text.slice(at));
            assertProblem(await wire.reply(), 401, 'unauthenticated');
            wire.close();
        }
    });

    it('a request that comes byte by byte is the same request', async () => {
        const wire = await Wire.open(DEAL);
        for (const byte of get()) {
            wire.write(byte);
            await new Promise(setImmediate);
        }
        assert.equal((await wire.reply()).status, 200);
        wire.close();
    });

    const LOGIN_AT = stack.instances.auth[0];
    const refused = {
        'Content-Length and Transfer-Encoding together': [post(`5\r\n${LOGIN.slice(0, 5)}\r\n0\r\n\r\n`, `Content-Length: ${LOGIN.length}\r\nTransfer-Encoding: chunked\r\n`), 400],
        'two Content-Lengths': [post(LOGIN, `Content-Length: ${LOGIN.length}\r\nContent-Length: 3\r\n`), 400],
        'two equal Content-Lengths': [post(LOGIN, `Content-Length: ${LOGIN.length}\r\nContent-Length: ${LOGIN.length}\r\n`), 400],
        'a list of Content-Lengths': [post(LOGIN, `Content-Length: ${LOGIN.length}, ${LOGIN.length}\r\n`), 400],
        'a negative Content-Length': [post(LOGIN, 'Content-Length: -1\r\n'), 400],
        'a Content-Length with a sign': [post(LOGIN, `Content-Length: +${LOGIN.length}\r\n`), 400],
        'a Content-Length beyond 64 bits': [post(LOGIN, 'Content-Length: 99999999999999999999\r\n'), 400],
        'a space before the colon': [get(PATH, 'X-Name : 1\r\n'), 400],
        'a folded header line': [get(PATH, 'X-Name: 1\r\n 2\r\n'), 400],
        'a header line without a name': [get(PATH, ': 1\r\n'), 400],
        'a control character in a value': [get(PATH, 'X-Name: a\x01b\r\n'), 400],
        'a NUL in the header': [get(PATH, 'X-Name: a\0b\r\n'), 400],
        'a bare LF as line end': [get().replaceAll('\r\n', '\n') + '\r\n\r\n', 400],
        'no Host': [`GET ${PATH} HTTP/1.1\r\n\r\n`, 400],
        'two Hosts': [get(PATH, 'Host: y\r\n'), 400],
        'a transfer coding nobody knows': [post('', 'Transfer-Encoding: gzip\r\n'), 501],
        'chunked said twice': [post('0\r\n\r\n', 'Transfer-Encoding: chunked, chunked\r\n'), 501],
        'a target that is no path': ['GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n', 400],
        'a target with a raw byte above ASCII': [`GET /v1/deal/deals?text=\xea HTTP/1.1\r\nHost: x\r\n\r\n`, 400],
        'another protocol': ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
        'an old version': [`GET ${PATH} HTTP/0.9\r\nHost: x\r\n\r\n`, 400],
        '%00 in the path': [get('/v1/deal/deals/%00'), 400],
        'a broken escape in the path': [get('/v1/deal/deals/%zz'), 400],
        'an escape cut short': [get('/v1/deal/deals/%4'), 400],
        'invalid UTF-8 in the path': [get('/v1/deal/deals/%ff%fe'), 400],
    };
    for (const [name, [text, status]] of Object.entries(refused))
        it(`${name}: ${status}`, async () => {
            const reply = await exchange(LOGIN_AT, text.replaceAll('/v1/deal/deals', '/v1/auth/me'));
            assert.equal(reply.status, status, reply.text);
        });

    it('the connection is closed after a request that could be read in two ways', async () => {
        const wire = await Wire.open(LOGIN_AT);
        wire.write(refused['Content-Length and Transfer-Encoding together'][0] + get('/v1/auth/jwks.json'));
        assertProblem(await wire.reply(), 400, 'malformed');
        await wire.untilEnded();
        assert.equal(wire.leftover, '', 'nothing behind it was answered');
    });

    it('too many header lines, and too long ones: 431', async () => {
        assertProblem(await exchange(DEAL, get(PATH, Array.from({ length: 300 }, (_, i) => `X-${i}: 1\r\n`).join(''))), 431, 'headers_too_large');
        assertProblem(await exchange(DEAL, get(PATH, `X-Long: ${'a'.repeat(100_000)}\r\n`)), 431, 'headers_too_large');
    });

    it('header lines without an end do not fill the memory', async () => {
        const wire = await Wire.open(DEAL);
        wire.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\n`);
        for (let i = 0; i < 64 && !wire.ended; i++) {
            wire.write(`X-${i}: ${'a'.repeat(8000)}\r\n`);
            await new Promise(setImmediate);
        }
        assertProblem(await wire.reply(), 431, 'headers_too_large');
        await wire.untilEnded();
    });

    it('a header that does not come to its end: 408, and the connection ends', async () => {
        const wire = await Wire.open(DEAL);
        wire.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Slow: `);
        assertProblem(await wire.reply({ within: 40_000 }), 408, 'request_timeout');
        await wire.untilEnded();
    });

    it('a body over the limit: 413 before it is read', async () => {
        const wire = await Wire.open(LOGIN_AT);
        wire.write(post('', 'Content-Length: 10000000\r\n'));
        assertProblem(await wire.reply(), 413, 'too_large');
        await wire.untilEnded();
        const chunked = await Wire.open(LOGIN_AT);
        chunked.write(post('', 'Transfer-Encoding: chunked\r\n'));
        const piece = `2000\r\n${' '.repeat(0x2000)}\r\n`;
        for (let i = 0; i < 20 && !chunked.ended; i++) {
            chunked.write(piece);
            await new Promise(setImmediate);
        }
        assertProblem(await chunked.reply(), 413, 'too_large');
        chunked.close();
    });

    it('a chunked body is read like any other', async () => {
        const chunks = `${(10).toString(16)}\r\n${LOGIN.slice(0, 10)}\r\n${(LOGIN.length - 10).toString(16)}\r\n${LOGIN.slice(10)}\r\n0\r\n\r\n`;
        assertProblem(await exchange(LOGIN_AT, post(chunks, 'Transfer-Encoding: chunked\r\n')), 401, 'bad_credentials');
    });

    it('HEAD is GET without the body', async () => {
        const wire = await Wire.open(DEAL);
        wire.write(get().replace('GET', 'HEAD'));
        const reply = await wire.reply({ head: true });
        assert.equal(reply.status, 200);
        assert.ok(Number(reply.headers['content-length']) > 0);
        wire.write(get());
        assert.equal((await wire.reply()).status, 200, 'the connection is still in step');
        assert.equal(wire.leftover, '');
        wire.close();
    });

    it('connections are kept', async () => {
        const wire = await Wire.open(DEAL);
        for (const [path, status] of [[PATH, 200], ['/v1/deal/nothing', 404], [PATH, 200]]) {
            wire.write(get(path));
            assert.equal((await wire.reply()).status, status);
        }
        wire.write(get(PATH, 'Connection: close\r\n'));
        assert.equal((await wire.reply()).status, 200);
        await wire.untilEnded();
    });

    // A server may close instead of answering what is behind, so that the client sends it again; it may lose nothing silently.
    for (const paths of [[PATH, PATH, PATH], ['/v1/deal/nothing', PATH], [PATH, '/v1/deal/nothing', PATH]])
        it(`requests sent behind each other are answered in order, or the connection ends: ${paths.length}, first ${paths[0]}`, async () => {
            const wire = await Wire.open(DEAL);
            wire.write(paths.map((path) => get(path)).join(''));
            const expected = paths.map((path) => (path === PATH ? 200 : 404));
            for (const [i, status] of expected.entries()) {
                const reply = await wire.reply({ within: 5000 });
                assert.equal(reply.status, status, `reply ${i + 1}`);
                if (reply.headers.connection === 'close') break;
            }
            wire.close();
        });

    it('a client that is gone before its answer harms nobody', async () => {
        for (let i = 0; i < 20; i++) {
            const wire = await Wire.open(DEAL);
            wire.write(get());
            wire.socket.resetAndDestroy();
        }
        assert.equal((await exchange(DEAL, get())).status, 200);
    });

    it('an unknown method: 501; a known one the route has not: 405 with Allow', async () => {
        assert.equal((await exchange(DEAL, get().replace('GET', 'BREW'))).status, 501);
        const reply = await exchange(DEAL, get().replace('GET', 'DELETE'));
        assertProblem(reply, 405, 'method_not_allowed');
        assert.match(reply.headers.allow, /GET/);
        assert.match(reply.headers.allow, /POST/);
    });

    describe('at the gateway', () => {
        const at = (text) => exchange(stack.gateway, text);

        it('unknown contexts and addresses are problems too', async () => {
            assertProblem(await at(get('/v1/nobody/x')), 404, 'not_found');
            assertProblem(await at(get('/v1/deal/nothing')), 404, 'not_found');
        });

        it('what is for operators is not for the world', async () => {
            for (const path of ['/metrics', '/healthz', '/readyz']) assert.equal((await at(get(path))).status, 404);
        });

        it('a body over the limit: 413 as a problem', async () => {
            assertProblem(await at(post('', 'Content-Length: 10000000\r\n')), 413, 'too_large');
        });

        it('Content-Length and Transfer-Encoding together: 400', async () => {
            assert.equal((await at(refused['Content-Length and Transfer-Encoding together'][0])).status, 400);
        });

        it('nginx refuses what it cannot read with a problem', async () => {
            assertProblem(await at(get(PATH, `X-Long: ${'a'.repeat(40_000)}\r\n`)), 431, 'headers_too_large');
        });

        it('security headers stand on every reply', async () => {
            for (const path of ['/', PATH, '/v1/nobody/x']) {
                const { headers } = await at(get(path));
                assert.equal(headers['x-content-type-options'], 'nosniff', path);
                assert.ok(headers['content-security-policy'], path);
            }
        });

        it('an address that claims another origin in X-Forwarded-For is not believed', async () => {
            const reply = await at(get('/v1/deal/deals?limit=1', 'X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n'));
            assert.equal(reply.status, 200);
        });
    });

    it('no process has ended', async () => assert.deepEqual(await servicePids(), pids));
});
