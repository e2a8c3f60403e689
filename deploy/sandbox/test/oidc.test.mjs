// The OpenID provider: discovery, and one log-in from the market's side with PKCE.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { CLIENTS } from '../oidc.mjs';
import { call, openSandbox } from './helpers.mjs';

let sandbox;
let discovery;
before(async () => {
    sandbox = await openSandbox({ clientUrl: 'http://market.example' });
    discovery = (await call(`${sandbox.url}/oidc/.well-known/openid-configuration`)).body;
});
after(() => sandbox.close());

const kakao = CLIENTS[0];
const redirectUri = 'http://market.example/v1/auth/oauth/kakao/callback';

function authorizeUrl(more = {}) {
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(discovery.authorization_endpoint);
    const values = {
        client_id: kakao.clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state: 'state-1',
        nonce: 'nonce-1',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...more,
    };
    for (const [name, value] of Object.entries(values)) if (value !== null) url.searchParams.set(name, value);
    return { url: url.href, verifier };
}

/** A browser in miniature: follows redirects with cookies until it leaves the sandbox; a page is answered by `person`. */
async function browse(start, person) {
    const jar = new Map();
    let url = start;
    let send = {};
    for (let hops = 0; hops < 10; hops++) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const reply = await call(url, { ...send, headers: { cookie, ...send.headers } });
        for (const line of reply.headers.getSetCookie()) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            jar.set(name, value);
        }
        const location = reply.headers.get('location');
        if (location) {
            url = new URL(location, url).href;
            send = {};
            if (!url.startsWith(sandbox.url)) return { url: new URL(url) };
        } else if (reply.status === 200 && url.includes('/interaction/')) {
            assert.match(reply.body, /카카오 로그인/);
            send = { method: 'POST', body: `person=${person}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
        } else return { status: reply.status, body: reply.body };
    }
    throw new Error('too many redirects');
}

const exchange = (values) =>
    call(discovery.token_endpoint, {
        method: 'POST',
        body: new URLSearchParams({
            grant_type: 'authorization_code',
            redirect_uri: redirectUri,
            client_id: kakao.clientId,
            client_secret: kakao.clientSecret,
            ...values,
        }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

async function claimsOf(idToken) {
    const [header, payload, signature] = idToken.split('.');
    const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const { keys } = (await call(discovery.jwks_uri)).body;
    const jwk = keys.find((key) => key.kid === json(header).kid);
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
    assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')), 'ID token signature');
    return json(payload);
}

test('discovery tells where everything is', () => {
    assert.equal(discovery.issuer, `${sandbox.url}/oidc`);
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'])
        assert.ok(discovery[name].startsWith(`${sandbox.url}/oidc/`), name);
    assert.deepEqual(discovery.response_types_supported, ['code']);
    assert.deepEqual(discovery.code_challenge_methods_supported, ['S256']);
});

test('a person logs in, the code is good once', async () => {
    const { url, verifier } = authorizeUrl();
    const back = (await browse(url, 'minji')).url;
    assert.equal(back.origin + back.pathname, redirectUri);
    assert.equal(back.searchParams.get('state'), 'state-1');
    const code = back.searchParams.get('code');
    const tokens = await exchange({ code, code_verifier: verifier });
    assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
    const claims = await claimsOf(tokens.body.id_token);
    assert.equal(claims.iss, discovery.issuer);
    assert.equal(claims.aud, kakao.clientId);
    assert.equal(claims.nonce, 'nonce-1');
    assert.equal(claims.sub, 'minji');
    assert.equal(claims.nickname, '망원민지');
    const info = await call(discovery.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.body.access_token}` } });
    assert.equal(info.body.email, 'minji@neighbours.example');
    assert.equal((await exchange({ code, code_verifier: verifier })).body.error, 'invalid_grant');
});

test('the key that signs survives a restart', async () => {
    const keys = async () => (await call(discovery.jwks_uri)).body;
    const before = await keys();
    await sandbox.restart();
    assert.deepEqual(await keys(), before);
});

test('a code without its verifier is worth nothing', async () => {
    const { url } = authorizeUrl();
    const code = (await browse(url, 'jiho')).url.searchParams.get('code');
    const verifier = randomBytes(32).toString('base64url');
    assert.equal((await exchange({ code, code_verifier: verifier })).body.error, 'invalid_grant');
});

test('refused: no PKCE, another return address, a person who says no', async () => {
    const bare = await browse(authorizeUrl({ code_challenge: null, code_challenge_method: null }).url, 'minji');
    assert.equal(bare.url.searchParams.get('error'), 'invalid_request');
    const elsewhere = await browse(authorizeUrl({ redirect_uri: 'http://evil.example/' }).url, 'minji');
    assert.equal(elsewhere.status, 400);
    const no = await browse(authorizeUrl().url, 'nobody');
    assert.equal(no.url.searchParams.get('error'), 'access_denied');
});
