// tests/integration/auth-social.test.mjs: log-in by other services, against a certified OpenID provider: one browser, one state,
// one code; accounts are linked by a proved phone or from inside a session, never by e-mail.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import { number, value } from '../lib/db.mjs';
import { proveAPhone, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const guest = () => `guest-${Array.from({ length: 10 }, () => 'abcdefghjk'[randomInt(10)]).join('')}`;

/** A browser: keeps cookies per origin, follows redirects by hand. */
class Browser {
    #jars = new Map();
    #jar(url) {
        const { origin } = new URL(url);
        if (!this.#jars.has(origin)) this.#jars.set(origin, new Map());
        return this.#jars.get(origin);
    }
    async go(method, url, { form, json, token } = {}) {
        const jar = this.#jar(url);
        const cookie = [...jar].map(([name, v]) => `${name}=${v}`).join('; ');
        const reply = await fetch(url, {
            method, redirect: 'manual',
            body: form ? new URLSearchParams(form) : json && JSON.stringify(json),
            headers: { ...(cookie && { cookie }), ...(token && { authorization: `Bearer ${token}` }), ...(json && { 'content-type': 'application/json' }) },
        });
        for (const line of reply.headers.getSetCookie()) {
            const [, name, v] = /^([^=]+)=([^;]*)/.exec(line);
            if (v && !/Max-Age=0/i.test(line)) jar.set(name, v);
            else jar.delete(name);
        }
        const text = await reply.text();
        const location = reply.headers.get('location');
        const body = /json/.test(reply.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
        return { status: reply.status, headers: reply.headers, text, body, what: `${method} ${url}`, location: location && new URL(location, url).href };
    }
    market(method, path, options) {
        return this.go(method, stack.gateway + path, options);
    }
    /** Goes to the provider as this person; the address it sends the browser back to, not yet visited. */
    async choose(authorizeUrl, person) {
        let reply = await this.go('GET', authorizeUrl);
        for (let hops = 0; hops < 10; hops++) {
            if (reply.location?.startsWith(`${stack.gateway}/v1/auth/oauth/`)) return reply.location;
            if (reply.location) reply = await this.go('GET', reply.location);
            else reply = await this.go('POST', reply.what.replace(/^GET /, ''), { form: { person } });
        }
        throw new Error(`no way back from the provider: ${told(reply)}`);
    }
    async start(provider) {
        return expect(await this.market('POST', `/v1/auth/oauth/${provider}/start`), 200).authorize_url;
    }
    /** The whole way; what the market says at the end. */
    async logIn(provider, person) {
        return result(await this.go('GET', await this.choose(await this.start(provider), person)));
    }
    async me() {
        const { access_token } = expect(await this.market('POST', '/v1/auth/refresh'), 200);
        return { token: access_token, ...expect(await this.market('GET', '/v1/auth/me', { token: access_token }), 200) };
    }
    async complete(phone, nickname) {
        const proof = await proveAPhone(phone);
        return this.market('POST', '/v1/auth/social/completion', { json: { code_request: proof.request, code: proof.code, nickname } });
    }
}
const result = (reply) => {
    assert.equal(reply.status, 303, told(reply));
    return new URL(reply.location).searchParams.get('result');
};
const nickname = () => `소셜_${uuid().slice(-10)}`;

describe('log-in by another service', () => {
    for (const provider of ['kakao', 'naver', 'google'])
        it(`the first time by ${provider} asks for a phone and opens an account; the second time is a log-in`, async () => {
            const [browser, person, name] = [new Browser(), guest(), nickname()];
            assert.equal(await browser.logIn(provider, person), 'new');
            const waits = expect(await browser.market('GET', '/v1/auth/social/completion'), 200);
            assert.deepEqual([waits.provider, waits.nickname], [provider, person.replace('-', '_')]);
            expectProblem(await browser.complete(undefined), 422, 'invalid', '/nickname');
            const opened = expect(await browser.complete(undefined, name), 200);
            assert.equal(opened.user.nickname, name);
            assert.equal(opened.user.login_id, undefined);
            expectProblem(await browser.market('GET', '/v1/auth/social/completion'), 404, 'nothing_waits');
            const again = new Browser();
            assert.equal(await again.logIn(provider, person), 'in');
            assert.equal((await again.me()).id, opened.user.id);
        });

    it('a phone with an account is linked to it: nothing but the phone decides', async () => {
        const owner = await signUp();
        const [browser, person] = [new Browser(), guest()];
        assert.equal(await browser.logIn('kakao', person), 'new');
        assert.equal(expect(await browser.complete(owner.phone), 200).user.id, owner.id);
        const found = expect(await send('POST', '/v1/auth/find-id', { json: await (async () => {
            const { request, code } = await proveAPhone(owner.phone);
            return { code_request: request, code };
        })() }), 200);
        assert.deepEqual(found.services, ['kakao']);
        assert.equal(await value("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'gonggu_auth' AND column_name LIKE '%mail%'"), '0');
    });

    it('A7 a phone links nothing to an account that a payment PIN guards, before its owner had three days to say no', async () => {
        const owner = await signUp();
        await owner.setPin('274951');
        const [browser, person] = [new Browser(), guest()];
        assert.equal(await browser.logIn('kakao', person), 'new');
        expectProblem(await browser.complete(owner.phone), 403, 'recovery_waits');
        assert.equal(await value(`SELECT COUNT(*) FROM gonggu_auth.social_link WHERE user_id = 0x${owner.id.replaceAll('-', '')}`), '0');
        expectProblem(await browser.market('GET', '/v1/auth/social/completion'), 404, 'nothing_waits');
    });

    it('is linked from inside a session, once per service, and unlinked while another way in is left', async () => {
        const [owner, other] = [await signUp(), await signUp()];
        const [browser, person] = [new Browser(), guest()];
        const link = async (who, b, p) => {
            const { authorize_url } = expect(await b.market('POST', '/v1/auth/oauth/google/link', { token: who.token }), 200);
            return result(await b.go('GET', await b.choose(authorize_url, p)));
        };
        assert.equal(await link(owner, browser, person), 'linked');
        assert.equal(await link(owner, browser, person), 'linked');
        assert.equal(await link(owner, new Browser(), guest()), 'taken');
        assert.equal(await link(other, new Browser(), person), 'taken');
        const linked = (list) => list.items.filter((i) => i.linked_at).map((i) => i.provider);
        assert.deepEqual(linked(expect(await owner.get('/v1/auth/social'), 200)), ['google']);
        assert.deepEqual(linked(expect(await other.get('/v1/auth/social'), 200)), []);
        expect(await owner.send('DELETE', '/v1/auth/social/google'), 204);
        expectProblem(await owner.send('DELETE', '/v1/auth/social/google'), 404, 'not_found');
        const alone = new Browser();
        await alone.logIn('google', person);
        const { access_token } = expect(await alone.complete(undefined, nickname()), 200);
        expectProblem(await send('DELETE', '/v1/auth/social/google', { token: access_token }), 409, 'last_way_in');
    });

    it('another browser, another state, a used state and a refusal all fail, and log nobody in', async () => {
        const [browser, person] = [new Browser(), guest()];
        const back = await browser.choose(await browser.start('kakao'), person);
        const before = await number('SELECT COUNT(*) FROM gonggu_auth.sessions');
        assert.equal(result(await new Browser().go('GET', back)), 'failed'); // log-in CSRF: not begun in this browser
        const forged = new URL(back);
        forged.searchParams.set('state', 'x'.repeat(43));
        assert.equal(result(await browser.go('GET', forged.href)), 'failed');
        assert.equal(result(await browser.go('GET', back.replace('/kakao/', '/google/'))), 'failed');
        assert.equal(result(await browser.go('GET', back)), 'new');
        assert.equal(result(await browser.go('GET', back)), 'failed');
        const refused = new Browser();
        assert.equal(await refused.logIn('naver', 'nobody'), 'failed');
        expectProblem(await send('POST', '/v1/auth/oauth/myspace/start'), 404, 'not_found');
        assert.equal(await number('SELECT COUNT(*) FROM gonggu_auth.sessions'), before);
    });

    it('an answer of another provider is not taken: its issuer and its address must be those of the one that was asked', async () => {
        const browser = new Browser();
        const mixed = new URL(await browser.choose(await browser.start('kakao'), guest()));
        assert.ok(mixed.searchParams.get('iss'), 'the provider says who it is');
        mixed.searchParams.set('iss', 'https://attacker.example');
        assert.equal(result(await browser.go('GET', mixed.href)), 'failed');
        // The attacker's provider sends the browser back with a code of the honest one: another address, another client.
        const back = await browser.choose(await browser.start('kakao'), guest());
        const elsewhere = new Browser();
        const asked = new URL(await elsewhere.choose(await elsewhere.start('google'), guest()));
        asked.searchParams.set('code', new URL(back).searchParams.get('code'));
        assert.equal(result(await elsewhere.go('GET', asked.href)), 'failed');
    });

    it('a code stolen on the way is worth nothing without the browser that asked', async () => {
        const [victim, thief] = [new Browser(), new Browser()];
        const stolen = new URL(await victim.choose(await victim.start('kakao'), guest()));
        const own = new URL(await thief.choose(await thief.start('kakao'), guest()));
        own.searchParams.set('code', stolen.searchParams.get('code')); // the thief's state, the victim's code: PKCE says no
        assert.equal(result(await thief.go('GET', own.href)), 'failed');
    });

    it('a person without a password sets one by phone and logs in with it', async () => {
        const browser = new Browser();
        await browser.logIn('kakao', guest());
        const proof = await proveAPhone();
        const { access_token, user } = expect(await browser.market('POST', '/v1/auth/social/completion', { json: { code_request: proof.request, code: proof.code, nickname: nickname() } }), 200);
        const again = await (async () => {
            const { request, code } = await proveAPhone(proof.phone);
            return { code_request: request, code };
        })();
        const [login_id, password] = [`s_${uuid().slice(-12)}`, `새-비밀-${uuid()}`];
        expectProblem(await send('PUT', '/v1/auth/password', { token: access_token, json: { password, again } }), 422, 'invalid', '/login_id');
        const fresh = await proveAPhone(proof.phone);
        expect(await send('PUT', '/v1/auth/password', { token: access_token, json: { login_id, password, again: { code_request: fresh.request, code: fresh.code } } }), 204);
        assert.equal(expect(await send('POST', '/v1/auth/login', { json: { login_id, password } }), 200).user.id, user.id);
        expect(await send('DELETE', '/v1/auth/social/kakao', { token: access_token }), 204);
    });
});
