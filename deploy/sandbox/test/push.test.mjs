// The push service: RFC 8030, 8291 and 8292 from the side of an application server.
import assert from 'node:assert/strict';
import { createECDH, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import ece from 'http_ece';
import { call, openSandbox } from './helpers.mjs';

let sandbox;
before(async () => {
    sandbox = await openSandbox();
});
after(() => sandbox.close());

function newVapid() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const k = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
    return { privateKey, k };
}
const vapid = newVapid();

function token(claims = {}, { privateKey } = vapid, alg = 'ES256') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = { aud: sandbox.url, exp: Math.floor(Date.now() / 1000) + 3600, sub: 'mailto:ops@gonggu.example', ...claims };
    const signed = `${part({ typ: 'JWT', alg })}.${part(body)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
}

function encrypt(text, { p256dh, auth }) {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    return ece.encrypt(Buffer.from(text), { version: 'aes128gcm', privateKey: pair, dh: p256dh, authSecret: auth });
}

const subscribe = async (json = {}) => (await call(`${sandbox.url}/push/subscriptions`, { method: 'POST', json })).body;
const received = async ({ id }) => (await call(`${sandbox.url}/push/subscriptions/${id}/messages.json`)).body.items;

function push(subscription, text, { headers = {}, jwt = token(), k = vapid.k, body = encrypt(text, subscription.keys) } = {}) {
    return call(subscription.endpoint, {
        method: 'POST',
        body,
        headers: { ttl: '60', 'content-encoding': 'aes128gcm', authorization: `vapid t=${jwt}, k=${k}`, ...headers },
    });
}

test('an encrypted message is taken and read', async () => {
    const subscription = await subscribe();
    assert.ok(subscription.endpoint.startsWith(`${sandbox.url}/push/e/`));
    const sent = await push(subscription, '귤이 도착했어요 🍊', { headers: { urgency: 'high', topic: 'deal-1', ttl: '3600' } });
    assert.equal(sent.status, 201);
    assert.ok(sent.headers.get('location').startsWith(sandbox.url));
    const [message] = await received(subscription);
    assert.equal(message.text, '귤이 도착했어요 🍊');
    assert.deepEqual([message.ttl, message.urgency, message.topic], [3600, 'high', 'deal-1']);
    await sandbox.restart();
    assert.equal((await push(subscription, '다시')).status, 201);
    assert.deepEqual((await received(subscription)).map((m) => m.text), ['귤이 도착했어요 🍊', '다시']);
});

test('the same topic takes the place of what nobody has seen', async () => {
    const subscription = await subscribe();
    const topic = { headers: { topic: 'same' } };
    await push(subscription, '하나', topic);
    await push(subscription, '둘', topic);
    await push(subscription, '다른 것');
    assert.deepEqual((await received(subscription)).map((m) => [m.text, m.replaced]), [['둘', 1], ['다른 것', 0]]);
    await push(subscription, '셋', topic);
    assert.equal((await received(subscription)).length, 3);
});

test('the sender has to prove who he is', async () => {
    const subscription = await subscribe();
    const day = 24 * 3600;
    const now = Math.floor(Date.now() / 1000);
    const wrong = {
        'another audience': { jwt: token({ aud: 'https://push.example' }) },
        'too long': { jwt: token({ exp: now + day + 600 }) },
        expired: { jwt: token({ exp: now - 600 }) },
        'no subject': { jwt: token({ sub: undefined }) },
        'localhost subject': { jwt: token({ sub: 'mailto:root@localhost' }) },
        'signed by another key': { jwt: token({}, newVapid()) },
        'another algorithm': { jwt: token({}, vapid, 'none') },
        'a bad key': { k: 'AAAA' },
        'no header': { headers: { authorization: '' } },
    };
    for (const [name, how] of Object.entries(wrong)) assert.equal((await push(subscription, 'x', how)).status, 401, name);
    assert.deepEqual(await received(subscription), []);
});

test('a subscription can belong to one key', async () => {
    const subscription = await subscribe({ applicationServerKey: vapid.k });
    const other = newVapid();
    assert.equal((await push(subscription, 'x', { jwt: token({}, other), k: other.k })).status, 403);
    assert.equal((await push(subscription, 'x')).status, 201);
    const bad = await call(`${sandbox.url}/push/subscriptions`, { method: 'POST', json: { applicationServerKey: 'zz' } });
    assert.equal(bad.status, 400);
});

test('what a push service does not take', async () => {
    const subscription = await subscribe();
    const stranger = await subscribe();
    const status = async (how) => (await push(subscription, 'x', how)).status;
    assert.equal(await status({ headers: { ttl: 'soon' } }), 400);
    assert.equal(await status({ headers: { urgency: 'now' } }), 400);
    assert.equal(await status({ headers: { topic: 'x'.repeat(33) } }), 400);
    assert.equal(await status({ headers: { 'content-encoding': 'aesgcm' } }), 400);
    assert.equal(await status({ body: encrypt('x', stranger.keys) }), 400);
    assert.equal(await status({ body: randomBytes(4097) }), 413);
    const noTtl = await call(subscription.endpoint, { method: 'POST', headers: { authorization: `vapid t=${token()}, k=${vapid.k}` } });
    assert.equal(noTtl.status, 400);
    assert.deepEqual(await received(subscription), []);
});

test('a subscription that ended is gone', async () => {
    const subscription = await subscribe();
    const ended = await call(`${sandbox.url}/push/subscriptions/${subscription.id}`, { method: 'DELETE' });
    assert.equal(ended.status, 204);
    assert.equal((await push(subscription, 'x')).status, 410);
    assert.equal((await push({ ...subscription, endpoint: `${sandbox.url}/push/e/unknown` }, 'x')).status, 404);
});

test('an endpoint that fails on purpose', async () => {
    const subscription = await subscribe();
    const fault = (json) => call(`${sandbox.url}/push/subscriptions/${subscription.id}/_fault`, { method: 'POST', json });
    await fault({ status: 429, retryAfter: 7 });
    const limited = await push(subscription, 'x');
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('retry-after'), '7');
    await fault({ status: 500 });
    assert.equal((await push(subscription, 'x')).status, 500);
    await fault({ status: null });
    assert.equal((await push(subscription, 'x')).status, 201);
});
