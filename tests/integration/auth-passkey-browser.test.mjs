// tests/integration/auth-passkey-browser.test.mjs: passkeys as Chromium makes and uses them, with its virtual authenticator:
// made in a session, found without a name, offered in the name field, refused on another origin.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { Chromium } from '../lib/chromium.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const ORIGIN = stack.passkeyOrigin;
const HTML = '<!doctype html><title>공구마켓</title><input id="name" autocomplete="username webauthn" autofocus>';
const again = (person) => ({ again: { password: person.password } });

// --- what the web client does, run inside the page -------------------------------------------------------------------
const prelude = () => {
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const list = (o) => (o.credentials ?? []).map((id) => ({ type: 'public-key', id: bytes(id) }));
    window.create = async (o) => {
        const made = await navigator.credentials.create({ publicKey: {
            challenge: bytes(o.challenge), rp: { id: o.rp_id, name: o.rp_name }, user: { id: bytes(o.user_handle), name: o.user_name, displayName: o.user_name },
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }], excludeCredentials: list(o), attestation: 'none',
            authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        } });
        return { challenge_id: o.challenge_id, client_data: text(made.response.clientDataJSON), attestation: text(made.response.attestationObject) };
    };
    window.get = async (o, how = {}) => {
        const used = await navigator.credentials.get({ ...how, publicKey: { challenge: bytes(o.challenge), rpId: o.rp_id, allowCredentials: list(o), userVerification: 'required' } });
        return { challenge_id: o.challenge_id, credential: text(used.rawId), client_data: text(used.response.clientDataJSON),
            authenticator_data: text(used.response.authenticatorData), signature: text(used.response.signature) };
    };
    window.post = async (path, json) => {
        const reply = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: json && JSON.stringify(json) });
        return { status: reply.status, body: await reply.json() };
    };
};

describe('passkeys in a browser', { timeout: 120_000 }, () => {
    let browser;
    before(async () => (browser = await Chromium.open()));
    after(() => browser?.close());

    const open = async (origin = ORIGIN) => {
        const page = await browser.page(`${origin}/passkey-page`, HTML);
        await page.run(prelude);
        return page;
    };
    const make = async (page, person, name = '노트북') => {
        const options = expect(await person.send('POST', '/v1/auth/passkeys/options', { json: again(person) }), 200);
        return person.send('POST', '/v1/auth/passkeys', { json: { ...(await page.run((o) => window.create(o), options)), name } });
    };

    it('A7 is made as a discoverable one and logs in without a name, from the page itself', async () => {
        const [page, person] = [await open(), await signUp()];
        const device = await page.authenticator();
        expect(await make(page, person), 201);
        const [kept, ...others] = await device.passkeys();
        assert.equal(others.length, 0);
        assert.deepEqual([kept.isResidentCredential, kept.rpId], [true, new URL(ORIGIN).hostname]);
        assert.equal(Buffer.from(kept.userHandle, 'base64').toString('hex'), person.id.replaceAll('-', ''));
        const reply = await page.run(async () => {
            const { body: options } = await window.post('/v1/auth/passkeys/login/options');
            return window.post('/v1/auth/passkeys/login', await window.get(options));
        });
        assert.equal(reply.status, 200, JSON.stringify(reply.body));
        assert.equal(reply.body.user.id, person.id);
        const { cookies } = await page.send('Network.getCookies', { urls: [ORIGIN] });
        const refresh = cookies.find((c) => c.name.endsWith('gonggu_refresh'));
        assert.deepEqual([refresh?.httpOnly, refresh?.sameSite], [true, 'Lax']);
        expect(await send('GET', '/v1/auth/me', { token: reply.body.access_token }), 200);
    });

    it('A7 conditional UI: the passkey is offered while the name is still being asked for, and logs in', async () => {
        const [page, person] = [await open(), await signUp()];
        const device = await page.authenticator();
        expect(await make(page, person), 201);
        assert.equal(await page.run(() => PublicKeyCredential.isConditionalMediationAvailable()), true);
        const reply = await page.run(async () => {
            document.querySelector('#name').focus();
            const { body: options } = await window.post('/v1/auth/passkeys/login/options');
            return window.post('/v1/auth/passkeys/login', await window.get(options, { mediation: 'conditional' }));
        });
        assert.equal(reply.status, 200, JSON.stringify(reply.body));
        assert.equal(reply.body.user.id, person.id);
        await device.forget();
    });

    it('A7 the same authenticator is not asked twice; another one makes a second passkey', async () => {
        const [page, person] = [await open(), await signUp()];
        await page.authenticator();
        expect(await make(page, person, '휴대폰'), 201);
        await assert.rejects(make(page, person), /InvalidStateError/);
        const other = await open();
        await other.authenticator();
        expect(await make(other, person, '노트북'), 201);
        const { items } = expect(await person.get('/v1/auth/passkeys'), 200);
        assert.deepEqual(items.map((p) => p.name), ['휴대폰', '노트북']);
        // What the account holder removed opens nothing, though the authenticator still has it.
        expect(await person.send('DELETE', `/v1/auth/passkeys/${items[1].id}`), 204);
        const refused = await other.run(async () => {
            const { body: options } = await window.post('/v1/auth/passkeys/login/options');
            return window.post('/v1/auth/passkeys/login', await window.get(options));
        });
        assert.deepEqual([refused.status, refused.body.code], [401, 'bad_passkey']);
    });

    it('A8 a browser agrees to one act, and its assertion for another act is refused', async () => {
        const [page, person] = [await open(), await signUp()];
        await page.authenticator();
        expect(await make(page, person), 201);
        const act = { purpose: 'remit', payee: uuid(), amount_won: 7000 };
        const agree = async (to, sent) => {
            const options = expect(await person.send('POST', '/v1/auth/step-up/options', { json: to }), 200);
            return person.send('POST', '/v1/auth/step-up/passkey', { json: { act: sent, assertion: await page.run((o) => window.get(o), options) } });
        };
        assert.ok(expect(await agree(act, act), 200).proof);
        expectProblem(await agree(act, { ...act, amount_won: 70_000 }), 401, 'bad_passkey');
    });

    it('A7 a page of another origin gets no assertion, and one that does not know its owner is refused', async () => {
        const [page, person] = [await open(), await signUp()];
        const device = await page.authenticator();
        expect(await make(page, person), 201);
        const options = expect(await send('POST', '/v1/auth/passkeys/login/options'), 200);
        const elsewhere = await open(stack.gateway); // the same server by its number: another origin
        await elsewhere.authenticator();
        await assert.rejects(elsewhere.run((o) => window.get(o), options), /SecurityError/);
        await device.ownerKnown(false);
        await assert.rejects(page.run((o) => window.get(o), options), /NotAllowedError/);
    });
});
