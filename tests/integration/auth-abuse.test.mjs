// tests/integration/auth-abuse.test.mjs: how little the work behind an answer tells an attacker, and how many guesses he has in
// a session he has stolen.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { expect, expectProblem, send, told } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { freshPhone, proveAPhone, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const [base] = stack.instances.auth;
let serial = Math.floor(Math.random() * 1e9);
const nobody = () => `nobody_${(++serial).toString(36)}`;

/** Passwords and PINs this instance has hashed so far. */
async function hashes() {
    const text = await (await fetch(`${base}/metrics`)).text();
    return Number(/^gonggu_password_hashes(?:_total)? (\d+)/m.exec(text)?.[1] ?? 0);
}
/** How often a request makes it hash; the instance must be left alone meanwhile. */
async function work(path, json, status, headers) {
    const before = await hashes();
    const reply = await send('POST', path, { base, json, headers });
    assert.equal(reply.status, status, told(reply));
    return (await hashes()) - before;
}

afterEach(() => clock.reset());

describe('the work an answer costs', () => {
    it('A5 a log-in costs one hash, whether the account exists, has a password, or neither', async () => {
        const person = await signUp();
        const logIn = (login_id, password = 'a wrong guess') => work('/v1/auth/login', { login_id, password }, 401);
        assert.deepEqual([await logIn(person.loginId), await logIn(nobody()), await logIn(person.loginId)], [1, 1, 1]);
    });

    it('A5 sign-up, reset and codes cost no hash before the phone is proved, whoever is asked for', async () => {
        const person = await signUp();
        const wrong = { code_request: crypto.randomUUID(), code: '000000' };
        for (const login_id of [person.loginId, nobody()]) {
            assert.equal(await work('/v1/auth/reset-password', { ...wrong, login_id, password: 'a new long one' }, 422), 0);
            assert.equal(await work('/v1/auth/signup', { ...wrong, login_id, password: 'a new long one', nickname: nobody().slice(0, 16) }, 422), 0);
        }
        for (const phone of [person.phone, freshPhone()]) assert.equal(await work('/v1/auth/phone-codes', { phone }, 202), 0);
    });

    it("A5 with a code to one's own phone another's id is answered as one that nobody has", async () => {
        const [mine, other] = [await signUp(), await signUp()];
        const reset = async (login_id) => {
            const proof = await proveAPhone(mine.phone);
            const before = await hashes();
            const reply = await send('POST', '/v1/auth/reset-password', { base, json: { code_request: proof.request, code: proof.code, login_id, password: 'a new long one' } });
            return { status: reply.status, body: { ...reply.body, request_id: 0 }, hashes: (await hashes()) - before };
        };
        const [others, nobodys] = [await reset(other.loginId), await reset(nobody())];
        assert.deepEqual(others, nobodys);
        assert.deepEqual([others.status, others.hashes], [422, 0]);
    });
});

describe('guesses inside a stolen session', () => {
    it('ten passwords are looked at, however many come at once', async () => {
        const person = await signUp();
        const guess = (i) => send('PUT', '/v1/auth/password', {
            base: stack.instances.auth[i % 2], token: person.token, json: { password: 'mine from now on', again: { password: `guess ${i}` } },
        });
        const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(i)));
        const looked = replies.filter((r) => r.status === 401).length;
        assert.ok(looked > 0 && looked <= 10, `${looked} guesses were looked at`);
        assert.equal(replies.filter((r) => r.status === 429).length, 40 - looked);
        const right = { json: { password: 'mine from now on', again: { password: person.password } } };
        expectProblem(await person.send('PUT', '/v1/auth/password', right), 429, 'throttled');
        clock.advance(16 * clock.MINUTE);
        await person.refresh();
        expect(await person.send('PUT', '/v1/auth/password', right), 204);
    });

    it('a right password gives the try back', async () => {
        const person = await signUp();
        for (let i = 0; i < 12; i++)
            expect(await person.send('POST', '/v1/auth/passkeys/options', { json: { again: { password: person.password } } }), 200);
    });
});
