// tests/integration/bad-input.test.mjs: everything a client can get wrong. Each gets the right problem reply with a pointer
// to the field; nothing is written; no process ends.
import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, rowCounts } from '../lib/db.mjs';
import { act, dealBody, join, openDeal, uploadPhoto } from '../lib/deals.mjs';
import { freshPhone, signUp } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { secret, servicePids, stack } from '../lib/stack.mjs';

const NOBODY = '0192f3a4-5b6c-7d8e-9f00-112233445566';
const long = (n) => 'ㄱ'.repeat(n);

describe('bad input', () => {
    let host, guest, outsider, deal, photo, charge, notice, device;
    let counts, pids;

    before(async () => {
        [host, guest, outsider] = await Promise.all([signUp('방장'), signUp('손님', 30_000), signUp('남')]);
        photo = await uploadPhoto(host);
        deal = await openDeal(host);
        await join(guest, deal, 1);
        charge = expect(await guest.post('/v1/pay/charges', { amount_won: 5000 }), 201);
        await drained();
        notice = (await guest.inbox()).items[0];
        device = uuid();
        const keys = { p256dh: Buffer.from(publicPoint()).toString('base64url'), auth: Buffer.alloc(16, 7).toString('base64url') };
        expect(await guest.send('PUT', `/v1/push/devices/${device}`, { json: { endpoint: `${stack.sandbox}/push/e/x${uuid()}`, keys } }), 200);
        await drained();
        [counts, pids] = [await rowCounts(), await servicePids()];
    });

    function publicPoint() {
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const { x, y } = publicKey.export({ format: 'jwk' });
        return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    }

    // ---- bodies ------------------------------------------------------------------------------------------------------
    // Every route that takes a JSON body: [method, path, a body that would do].
    const bodies = () => [
        ['POST', '/v1/auth/phone-codes', { phone: freshPhone() }, { public: true }],
        ['POST', '/v1/auth/signup', { login_id: 'someone_new', password: 'long enough!', nickname: '새이웃', code_request: NOBODY, code: '000000' }, { public: true }],
        ['POST', '/v1/auth/login', { login_id: 'someone_new', password: 'x' }, { public: true }],
        ['POST', '/v1/deal/deals', dealBody(photo)],
        ['POST', `/v1/deal/deals/${deal.id}/shares`, { quantity: 1, tolerance: 0 }],
        ['POST', `/v1/deal/deals/${deal.id}/purchase`, { total_won: 1, receipt: photo }],
        ['POST', `/v1/deal/deals/${deal.id}/handovers`, { code: '123456' }],
        ['POST', '/v1/pay/charges', { amount_won: 5000 }],
        ['POST', `/v1/pay/charges/${charge.id}/confirm`, { payment_key: 'k', amount_won: 5000 }],
        ['POST', `/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: '안녕' }],
        ['POST', `/v1/chat/rooms/${deal.id}/read`, { seq: 1 }],
        ['POST', '/v1/push/inbox/read-all', { up_to: notice.id }],
        ['PUT', `/v1/push/devices/${uuid()}`, { endpoint: `${stack.sandbox}/push/e/y`, keys: { p256dh: publicPoint().toString('base64url'), auth: Buffer.alloc(16).toString('base64url') } }],
    ];
    const ask = (method, path, raw, { type = 'application/json', ...rest } = {}) =>
        send(method, path, { token: guest.token, key: uuid(), raw, type, ...rest });

    it('a body that is not JSON: 400 malformed, on every route', async () => {
        const texts = {
            'cut short': '{"a":',
            'empty': '',
            'not JSON at all': 'hello',
            'a trailing comma': '{"a":1,}',
            'two values': '{} {}',
            'a comment': '{"a":1 /* b */}',
            'single quotes': "{'a':1}",
            'a duplicate key': '{"a":1,"a":2}',
            'a NUL in a text': '{"a":"\\u0000"}',
            'a raw control character': '{"a":"\n"}',
            'a lone surrogate': '{"a":"\\ud800"}',
            'invalid UTF-8': Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
            'UTF-8 longer than needed': Buffer.from([...Buffer.from('{"a":"'), 0xc0, 0xaf, ...Buffer.from('"}')]),
            'NaN': '{"a":NaN}',
            'a leading zero': '{"a":01}',
            'too deep': '{"a":'.repeat(40) + '1' + '}'.repeat(40),
        };
        for (const [method, path] of bodies())
            for (const [name, text] of Object.entries(texts)) {
                const reply = await ask(method, path, text);
                assert.equal(reply.status, 400, `${name}: ${told(reply)}`);
                expectProblem(reply, 400, 'malformed');
            }
    });

    it('a body that is JSON but no object: refused, on every route', async () => {
        for (const [method, path] of bodies())
            for (const text of ['[]', '"text"', '1', 'null', 'true']) {
                const reply = await ask(method, path, text);
                assert.ok(reply.status === 400 || reply.status === 422, told(reply));
            }
    });

    it('another media type: 415; one with parameters is fine', async () => {
        for (const [method, path, body] of bodies()) {
            expectProblem(await ask(method, path, JSON.stringify(body), { type: 'text/plain' }), 415, 'media_type');
            expectProblem(await ask(method, path, 'a=1', { type: 'application/x-www-form-urlencoded' }), 415, 'media_type');
        }
        const reply = await send('POST', '/v1/auth/login', { raw: '{"login_id":"nobody_at_all","password":"x"}', type: 'application/json; charset=utf-8' });
        expectProblem(reply, 401, 'bad_credentials');
    });

    it('every required field that is missing, null or of another type: 422 with a pointer to it', async () => {
        for (const [method, path, body] of bodies())
            for (const [pointer, change] of leaves(body)) {
                const without = change((parent, name) => delete parent[name]);
                const reply = await ask(method, path, JSON.stringify(without));
                // A hand-over has a code or a picture of it, a message words or pictures: neither is required by itself.
                if (!/tolerance|note|lang|\/text/.test(pointer) && !path.endsWith('/handovers')) expectProblem(reply, 422, 'invalid', pointer);
                for (const wrong of [{}, true, [[]]]) {
                    const typed = await ask(method, path, JSON.stringify(change((parent, name) => (parent[name] = wrong))));
                    assert.equal(typed.status, 422, `${pointer} = ${JSON.stringify(wrong)}: ${told(typed)}`);
                    assert.ok(typed.body.errors.some((e) => e.pointer.startsWith(pointer)), told(typed));
                }
            }
    });

    /** Every value in a body, with a way to change a copy there. */
    function leaves(body) {
        const found = [];
        const walk = (value, path) => {
            for (const name of Object.keys(value)) {
                const here = [...path, name];
                found.push([`/${here.join('/')}`, (edit) => {
                    const copy = structuredClone(body);
                    edit(path.reduce((at, step) => at[step], copy), name);
                    return copy;
                }]);
                if (value[name] !== null && typeof value[name] === 'object' && !Array.isArray(value[name])) walk(value[name], here);
            }
        };
        walk(body, []);
        return found;
    }

    // [path, body, pointer]: well-formed, but out of bounds or out of place.
    const outOfBounds = () => {
        const d = (changes) => ['/v1/deal/deals', dealBody(photo, changes)];
        const soon = (ms) => clock.fromNow(ms);
        return [
            [...d({ title: 'x' }), '/title'],
            [...d({ title: long(61) }), '/title'],
            [...d({ title: '두\n줄' }), '/title'],
            [...d({ title: '보이지 않는\u0007소리' }), '/title'],
            [...d({ description: '' }), '/description'],
            [...d({ description: long(4001) }), '/description'],
            [...d({ category: 'weapons' }), '/category'],
            [...d({ unit: '' }), '/unit'],
            [...d({ photos: [] }), '/photos'],
            [...d({ photos: Array(11).fill(photo) }), '/photos'],
            [...d({ photos: ['x'] }), '/photos/0'],
            [...d({ total_won: 99 }), '/total_won'],
            [...d({ total_won: -30000 }), '/total_won'],
            [...d({ total_won: 100_000_001 }), '/total_won'],
            [...d({ total_won: 1e15 }), '/total_won'],
            [...d({ total_won: '30000' }), '/total_won'],
            [...d({ portions: 1 }), '/portions'],
            [...d({ portions: 1000 }), '/portions'],
            [...d({ host_portions: -1 }), '/host_portions'],
            [...d({ host_portions: 10 }), '/host_portions'],
            [...d({ min_portions: 0 }), '/min_portions'],
            [...d({ min_portions: 9 }), '/min_portions'],
            [...d({ closes_at: soon(clock.MINUTE) }), '/closes_at'],
            [...d({ closes_at: soon(31 * clock.DAY) }), '/closes_at'],
            [...d({ closes_at: 'tomorrow' }), '/closes_at'],
            [...d({ closes_at: '2027-02-30T10:00:00Z' }), '/closes_at'],
            [...d({ pickup: { lat: 91 } }), '/pickup/lat'],
            [...d({ pickup: { lng: -180.5 } }), '/pickup/lng'],
            [...d({ pickup: { place: 'x' } }), '/pickup/place'],
            [...d({ pickup: { note: long(301) } }), '/pickup/note'],
            [...d({ pickup: { from: soon(clock.MINUTE) } }), '/pickup/from'],
            [...d({ pickup: { until: soon(2 * clock.HOUR) } }), '/pickup/until'],
            [`/v1/deal/deals/${deal.id}/shares`, { quantity: 0 }, '/quantity'],
            [`/v1/deal/deals/${deal.id}/shares`, { quantity: -1 }, '/quantity'],
            [`/v1/deal/deals/${deal.id}/shares`, { quantity: 1000 }, '/quantity'],
            [`/v1/deal/deals/${deal.id}/shares`, { quantity: 1, tolerance: -1 }, '/tolerance'],
            [`/v1/deal/deals/${deal.id}/purchase`, { total_won: 0, receipt: photo }, '/total_won'],
            [`/v1/deal/deals/${deal.id}/purchase`, { total_won: 1000, receipt: '../etc/passwd' }, '/receipt'],
            [`/v1/deal/deals/${deal.id}/handovers`, { code: '12345' }, '/code'],
            [`/v1/deal/deals/${deal.id}/handovers`, { code: 'abcdef' }, '/code'],
            ['/v1/pay/charges', { amount_won: 999 }, '/amount_won'],
            ['/v1/pay/charges', { amount_won: -5000 }, '/amount_won'],
            ['/v1/pay/charges', { amount_won: 2_000_001 }, '/amount_won'],
            ['/v1/pay/charges', { amount_won: Number.MAX_SAFE_INTEGER }, '/amount_won'],
            [`/v1/pay/charges/${charge.id}/confirm`, { payment_key: long(201), amount_won: 5000 }, '/payment_key'],
            [`/v1/pay/charges/${charge.id}/confirm`, { payment_key: 'another', amount_won: 5000 }, '/payment_key'],
            [`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: '' }, '/text'],
            [`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: long(2001) }, '/text'],
            [`/v1/chat/rooms/${deal.id}/messages`, { cid: 'mine', text: 'x' }, '/cid'],
            [`/v1/chat/rooms/${deal.id}/read`, { seq: -1 }, '/seq'],
            ['/v1/push/inbox/read-all', { up_to: '12' }, '/up_to'],
            ['/v1/auth/phone-codes', { phone: '0212345678' }, '/phone'],
            ['/v1/auth/phone-codes', { phone: '+821012345678' }, '/phone'],
            ['/v1/auth/signup', { ...bodies()[1][2], login_id: 'Has Space' }, '/login_id'],
            ['/v1/auth/signup', { ...bodies()[1][2], password: 'short' }, '/password'],
            ['/v1/auth/signup', { ...bodies()[1][2], nickname: '<b>' }, '/nickname'],
            ['/v1/auth/signup', { ...bodies()[1][2], code: '12345a' }, '/code'],
        ];
    };

    it('values out of bounds or out of place: 422 with a pointer', async () => {
        for (const [path, body, pointer] of outOfBounds()) {
            const reply = await ask('POST', path, JSON.stringify(body), { token: path === '/v1/deal/deals' ? host.token : guest.token });
            expectProblem(reply, 422, 'invalid', pointer);
        }
    });

    it('amounts that are no whole numbers: refused', async () => {
        for (const amount of ['5000.5', '5e3', '5000.0', '1e400', '9223372036854775808', '-0.1', '0x10', '5_000'])
            for (const [path, field] of [['/v1/pay/charges', 'amount_won'], [`/v1/deal/deals/${deal.id}/purchase`, 'total_won']]) {
                const reply = await ask('POST', path, `{"${field}":${amount},"receipt":"${photo}"}`);
                assert.ok(reply.status === 400 || reply.status === 422, told(reply));
                if (reply.status === 422) assert.ok(reply.body.errors.some((e) => e.pointer === `/${field}`), told(reply));
            }
    });

    it('all that is wrong is told at once', async () => {
        const body = dealBody(photo, { title: '', total_won: -1, category: 'none', pickup: { lat: 100 } });
        const problem = expectProblem(await host.post('/v1/deal/deals', body), 422, 'invalid');
        assert.deepEqual(problem.errors.map((e) => e.pointer).sort(), ['/category', '/pickup/lat', '/title', '/total_won']);
    });

    it('queries out of bounds: 422 with a pointer', async () => {
        for (const [path, pointer] of [
            ['/v1/deal/deals?limit=0', '?limit'],
            ['/v1/deal/deals?limit=101', '?limit'],
            ['/v1/deal/deals?limit=ten', '?limit'],
            ['/v1/deal/deals?lat=37.5', '?lng'],
            ['/v1/deal/deals?lng=127', '?lat'],
            ['/v1/deal/deals?lat=NaN&lng=127', '?lat'],
            ['/v1/deal/deals?lat=37.5&lng=127&radius_m=50001', '?radius_m'],
            ['/v1/deal/deals?category=none', '?category'],
            ['/v1/deal/deals?state=broken', '?state'],
            [`/v1/deal/deals?text=${encodeURIComponent(long(41))}`, '?text'],
            ['/v1/deal/deals?cursor=!!!', '?cursor'],
            ['/v1/deal/deals?cursor=AAAA', '?cursor'],
            ['/v1/pay/entries?limit=-1', '?limit'],
            ['/v1/pay/entries?deal=x', '?deal'],
            ['/v1/pay/holds?cursor=AAAA', '?cursor'],
            [`/v1/chat/rooms/${deal.id}/events?after=-1`, '?after'],
            [`/v1/chat/rooms/${deal.id}/events?limit=301`, '?limit'],
            ['/v1/push/inbox?lang=fr', '?lang'],
            ['/v1/push/inbox?unread=maybe', '?unread'],
            ['/v1/auth/sessions?limit=0', '?limit'],
        ])
            expectProblem(await guest.get(path), 422, 'invalid', pointer);
    });

    // ---- ids ---------------------------------------------------------------------------------------------------------
    it('unknown ids: 404, whatever the method', async () => {
        for (const bad of [NOBODY, 'x', '1', '00000000-0000-0000-0000-000000000000', `${NOBODY}0`, "'%20OR%201=1"]) {
            const paths = [
                ['GET', `/v1/deal/deals/${bad}`], ['GET', `/v1/deal/deals/${bad}/shares`], ['GET', `/v1/deal/deals/${bad}/share`],
                ['POST', `/v1/deal/deals/${bad}/leave`], ['POST', `/v1/deal/deals/${bad}/close`], ['POST', `/v1/deal/deals/${bad}/cancel`],
                ['POST', `/v1/deal/deals/${bad}/arrive`], ['GET', `/v1/pay/charges/${bad}`], ['GET', `/v1/chat/rooms/${bad}/events`],
                ['POST', `/v1/push/inbox/${bad}/read`], ['DELETE', `/v1/push/devices/${bad}`], ['DELETE', `/v1/auth/sessions/${bad}`],
                ['GET', `/v1/deal/photos/${bad}`],
            ];
            for (const [method, path] of paths) {
                const reply = await guest.send(method, path, { key: uuid() });
                assert.equal(reply.status, 404, told(reply));
            }
            expectProblem(await guest.post(`/v1/deal/deals/${bad}/shares`, { quantity: 1 }), 404, 'not_found');
            expectProblem(await guest.post(`/v1/pay/charges/${bad}/confirm`, { payment_key: 'k', amount_won: 5000 }), 404, 'not_found');
        }
    });

    it("somebody else's ids: as if they were not there, or 403 where they are public", async () => {
        for (const [method, path, json] of [
            ['GET', `/v1/pay/charges/${charge.id}`],
            ['POST', `/v1/pay/charges/${charge.id}/confirm`, { payment_key: 'k', amount_won: 5000 }],
            ['POST', `/v1/push/inbox/${notice.id}/read`],
            ['POST', '/v1/push/inbox/read-all', { up_to: notice.id }],
            ['DELETE', `/v1/push/devices/${device}`],
            ['GET', `/v1/chat/rooms/${deal.id}/events`],
            ['POST', `/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: 'x' }],
            ['POST', `/v1/chat/rooms/${deal.id}/read`, { seq: 1 }],
            ['GET', `/v1/deal/deals/${deal.id}/share`],
        ]) {
            const reply = await outsider.send(method, path, { json, key: uuid() });
            assert.equal(reply.status, 404, told(reply));
        }
        expectProblem(await outsider.get(`/v1/deal/deals/${deal.id}/shares`), 403, 'forbidden');
        for (const step of ['close', 'cancel', 'arrive']) expectProblem(await act(guest, deal, step), 403, 'not_host');
        expectProblem(await act(guest, deal, 'handovers', { code: '123456' }), 403, 'not_host');
        expectProblem(await act(guest, deal, 'purchase', { total_won: 1000, receipt: photo }), 403, 'not_host');
        expectProblem(await outsider.post('/v1/deal/deals', dealBody(photo)), 422, 'unknown_photo');
        expectProblem(await outsider.send('DELETE', `/v1/auth/sessions/${JSON.parse(Buffer.from(guest.token.split('.')[1], 'base64url')).sid}`), 404, 'not_found');
    });

    // ---- tokens ------------------------------------------------------------------------------------------------------
    it('expired, tampered and forged tokens: 401, at all five services', async () => {
        const [head, body, signature] = guest.token.split('.');
        const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
        const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
        const { keys: [jwk] } = JSON.parse((await send('GET', '/v1/auth/jwks.json')).text);
        const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
        const hmac = (text, key) => createHmac('sha256', key).update(text).digest('base64url');
        const hs = (key) => {
            const text = `${b64({ ...read(head), alg: 'HS256' })}.${body}`;
            return `${text}.${hmac(text, key)}`;
        };
        const es = (header, claims, key) => {
            const text = `${b64({ ...read(head), ...header })}.${b64({ ...read(body), ...claims })}`;
            return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
        };
        const own = createPrivateKey(secret('signing_key.pem'));
        const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
        const seconds = Math.floor(clock.now() / 1000);
        // The way tokens are made here is right: only then do the refusals below mean anything.
        expect(await send('GET', '/v1/auth/me', { token: es({}, {}, own) }), 200);
        const forged = {
            'alg none': `${b64({ ...read(head), alg: 'none' })}.${body}.`,
            'alg none, signature kept': `${b64({ ...read(head), alg: 'None' })}.${body}.${signature}`,
            'no signature': `${head}.${body}.`,
            'HS256 with the public key as PEM': hs(publicKey.export({ type: 'spki', format: 'pem' })),
            'HS256 with the public key as DER': hs(publicKey.export({ type: 'spki', format: 'der' })),
            'HS256 with the x of the JWK': hs(Buffer.from(jwk.x, 'base64url')),
            'HS256 with nothing': hs(''),
            'another key under our kid': es({}, {}, strange),
            'an unknown kid': es({ kid: 'unknown' }, {}, strange),
            'its own key in the header': es({ jwk: createPublicKey(strange).export({ format: 'jwk' }), kid: undefined }, {}, strange),
            'somebody else in the body': `${head}.${b64({ ...read(body), sub: host.id })}.${signature}`,
            'a later end in the body': `${head}.${b64({ ...read(body), exp: seconds + 86400 })}.${signature}`,
            'a signature with a flipped bit': `${head}.${body}.${(signature[0] === 'A' ? 'B' : 'A') + signature.slice(1)}`,
            'expired': es({}, { exp: seconds - 120, iat: seconds - 400, nbf: seconds - 400 }, own),
            'not yet valid': es({}, { nbf: seconds + 600, exp: seconds + 900 }, own),
            'another issuer': es({}, { iss: 'somebody' }, own),
            'another audience': es({}, { aud: 'somebody' }, own),
            'no expiry': es({}, { exp: undefined }, own),
            'a subject that is no id': es({}, { sub: 'admin' }, own),
            'no token at all': 'hello',
            'very long': 'a'.repeat(6000),
            'three dots': '...',
        };
        const addresses = ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
        for (const [name, token] of Object.entries(forged))
            for (const path of addresses) {
                const reply = await send('GET', path, { token });
                assert.equal(reply.status, 401, `${name}: ${told(reply)}`);
                expectProblem(reply, 401, 'unauthenticated');
            }
        for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${guest.token}`, guest.token])
            for (const path of addresses)
                assert.equal((await send('GET', path, { headers: { authorization } })).status, 401, `Authorization: ${authorization}`);
        expectProblem(await send('GET', '/v1/deal/deals', { token: forged.expired }), 401, 'unauthenticated');
    });

    // ---- sizes, methods, addresses -------------------------------------------------------------------------------------
    it('bodies over the limit: 413, before anything else is looked at', async () => {
        for (const base of [stack.gateway, stack.instances.deal[0]])
            expectProblem(await send('POST', '/v1/deal/deals', { base, token: host.token, key: uuid(), raw: `{"title":"${'a'.repeat(70_000)}"}`, type: 'application/json' }), 413, 'too_large');
        const picture = Buffer.concat([png([1, 2, 3]), Buffer.alloc(5 * 1024 * 1024)]);
        expectProblem(await host.send('PUT', '/v1/deal/photos', { raw: picture, type: 'image/png' }), 413, 'too_large');
    });

    it('unknown addresses: 404; unknown methods: 405 with Allow', async () => {
        for (const path of ['/v1/deal', '/v1/deal/', '/v1/deal/deals/', '/v1/deal//deals', '/v1/deal/deals/../deals/x/y', '/v1/auth/admin', '/v1/pay/wallet/x', '/v1/nobody', '/v1/deal/Deals'])
            assert.equal((await guest.get(path)).status, 404, path);
        for (const [method, path, allowed] of [
            ['DELETE', '/v1/deal/deals', 'POST'], ['PUT', `/v1/deal/deals/${deal.id}`, 'GET'], ['POST', '/v1/pay/wallet', 'GET'],
            ['GET', '/v1/auth/login', 'POST'], ['PATCH', '/v1/chat/rooms', 'GET'], ['POST', `/v1/push/devices/${device}`, 'PUT'],
        ]) {
            const reply = await guest.send(method, path, { key: uuid() });
            expectProblem(reply, 405, 'method_not_allowed');
            assert.ok(reply.headers.get('allow').includes(allowed), told(reply));
        }
    });

    it('pictures that are none: 415', async () => {
        const cut = png([9, 9, 9]).subarray(0, 40);
        const page = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
        const huge = png([9, 9, 9]);
        huge.writeUInt32BE(100_000, 16);
        huge.writeUInt32BE(100_000, 20);
        for (const bytes of [Buffer.from('GIF89a'), page, cut, huge, Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(0), Buffer.from('MZ')])
            for (const type of ['image/png', 'image/jpeg']) {
                const reply = await host.send('PUT', '/v1/deal/photos', { raw: bytes, type });
                assert.ok(reply.status === 415 || reply.status === 400, told(reply));
            }
    });

    it('devices with an address or keys we cannot use: 422', async () => {
        const keys = { p256dh: publicPoint().toString('base64url'), auth: Buffer.alloc(16).toString('base64url') };
        const put = (json) => guest.send('PUT', `/v1/push/devices/${uuid()}`, { json });
        for (const endpoint of ['https://127.0.0.1/x', 'http://169.254.169.254/latest', 'https://evil.example/push', 'file:///etc/passwd', 'https://fcm.googleapis.com.evil.example/x', `http://user@${new URL(stack.sandbox).host}/x`, 'gopher://localhost:6379/_x'])
            expectProblem(await put({ endpoint, keys }), 422, 'bad_endpoint');
        const endpoint = `${stack.sandbox}/push/e/z`;
        const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
        for (const bad of [{ ...keys, p256dh: offCurve }, { ...keys, auth: Buffer.alloc(17).toString('base64url') }])
            expectProblem(await put({ endpoint, keys: bad }), 422, 'bad_keys');
    });

    it('nothing of all this was written, and no process has ended', async () => {
        // Refusals of requests with a key are remembered, and a log-in with an unknown id is noted like one with a known id (so that
        // both take as long): these rows are their only trace.
        const changed = Object.entries(await rowCounts()).filter(([table, n]) => n !== counts[table] && !/\.(idempotency|security_log)$/.test(table));
        assert.deepEqual(changed.map(([table, n]) => `${table}: ${counts[table]} -> ${n}`), [], 'nothing was written');
        assert.deepEqual(await servicePids(), pids, 'no process has ended');
    });
});
