// tests/integration/auth-step-up.test.mjs: the payment PIN and the proof it gives: five tries and no more, a proof for one
// act and no other.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import { value } from '../lib/db.mjs';
import { proveAPhone, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const PIN = '274951';
const setPin = (person, json) => person.send('PUT', '/v1/auth/pin', { json });
const withPin = async () => {
    const person = await signUp();
    await person.setPin(PIN);
    return person;
};
const act = (changes = {}) => ({ purpose: 'remit', payee: uuid(), amount_won: 12_000, ...changes });
const stepUp = (person, json, options) => person.send('POST', '/v1/auth/step-up', { json, ...options });
const byPhone = async (person) => {
    const { request, code } = await proveAPhone(person.phone);
    return { code_request: request, code };
};

describe('the payment PIN', () => {
    it('is set with the password, and no hash of it stands beside what would open it', async () => {
        const person = await signUp();
        assert.deepEqual(expect(await person.get('/v1/auth/pin'), 200), { set: false, locked: false });
        expectProblem(await setPin(person, { pin: PIN }), 403, 'again_needed');
        expectProblem(await setPin(person, { pin: PIN, again: { password: 'not the password' } }), 401, 'bad_credentials');
        expect(await setPin(person, { pin: PIN, again: { password: person.password } }), 204);
        assert.deepEqual(expect(await person.get('/v1/auth/pin'), 200), { set: true, locked: false, tries_left: 5 });
        const row = await value(`SELECT hash FROM gonggu_auth.pin WHERE user_id = UNHEX('${person.id.replaceAll('-', '')}')`);
        assert.match(row, /^\$argon2id\$/);
    });

    it('everybody tries first is refused', async () => {
        const person = await signUp();
        for (const pin of ['000000', '123456', '987654', '121212', '123123', person.phone.slice(-6)])
            expectProblem(await setPin(person, { pin, again: { password: person.password } }), 422, 'invalid', '/pin');
        expectProblem(await setPin(person, { pin: '12345', again: { password: person.password } }), 422, 'invalid', '/pin');
    });

    it('is changed with the old one, or by phone; the password alone does not change it', async () => {
        const person = await withPin();
        expectProblem(await setPin(person, { pin: '836205', again: { password: person.password } }), 403, 'again_needed');
        expectProblem(await setPin(person, { pin: '836205', current_pin: '111222' }), 403, 'pin_wrong');
        expect(await setPin(person, { pin: '836205', current_pin: PIN }), 204);
        expectProblem(await stepUp(person, { act: act(), pin: PIN }), 403, 'pin_wrong');
        expect(await stepUp(person, { act: act(), pin: '836205' }), 200);
        expect(await setPin(person, { pin: '402913', again: await byPhone(person) }), 204);
        expect(await stepUp(person, { act: act(), pin: '402913' }), 200);
    });

    it('A8 five wrong ones lock it, also under sixty parallel guesses; only the phone opens it', async () => {
        const person = await withPin();
        const guesses = await Promise.all(Array.from({ length: 60 }, (_, i) =>
            stepUp(person, { act: act(), pin: String(500_000 + i) }, { base: stack.instances.auth[i % 2] })));
        assert.ok(guesses.every((r) => r.status === 403), guesses.map(told).join('\n'));
        assert.equal(guesses.filter((r) => r.body.code === 'pin_wrong').length, 4);
        expectProblem(await stepUp(person, { act: act(), pin: PIN }), 403, 'pin_locked');
        expectProblem(await setPin(person, { pin: '836205', current_pin: PIN }), 403, 'pin_locked');
        const other = await signUp();
        expectProblem(await setPin(person, { pin: '836205', again: await byPhone(other) }), 422, 'bad_code');
        expect(await setPin(person, { pin: '836205', again: await byPhone(person) }), 204);
        expect(await stepUp(person, { act: act(), pin: '836205' }), 200);
    });

    it('a right one lets the count begin anew', async () => {
        const person = await withPin();
        for (let round = 0; round < 2; round++) {
            for (let left = 4; left > 0; left--)
                assert.equal(expectProblem(await stepUp(person, { act: act(), pin: '111222' }), 403, 'pin_wrong').tries_left, left);
            expect(await stepUp(person, { act: act(), pin: PIN }), 200);
        }
    });
});

describe('the proof', () => {
    it('A8 is signed by a published key, for this user, session and act, for two minutes', async () => {
        const person = await withPin();
        expectProblem(await stepUp(await signUp(), { act: act(), pin: PIN }), 409, 'pin_unset');
        const { proof } = expect(await stepUp(person, { act: act(), pin: PIN }), 200);
        const [header, claims] = proof.split('.').slice(0, 2).map((p) => JSON.parse(Buffer.from(p, 'base64url')));
        assert.deepEqual([header.alg, header.typ], ['ES256', 'stepup+jwt']);
        const { keys } = JSON.parse((await send('GET', '/v1/auth/jwks.json')).text);
        const key = createPublicKey({ key: keys.find((k) => k.kid === header.kid), format: 'jwk' });
        const [text, signature] = [proof.slice(0, proof.lastIndexOf('.')), proof.slice(proof.lastIndexOf('.') + 1)];
        assert.ok(verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
        assert.equal(claims.sub, person.id);
        assert.equal(claims.exp - claims.nbf, 120);
        assert.ok(claims.jti && claims.sid && claims.act);
    });

    it('A8 two acts that differ anywhere have two digests, the same act one', async () => {
        const person = await withPin();
        const one = act({ deal: uuid(), terms: 1 });
        const digest = async (a) => {
            const { proof } = expect(await stepUp(person, { act: a, pin: PIN }), 200);
            return JSON.parse(Buffer.from(proof.split('.')[1], 'base64url')).act;
        };
        const first = await digest(one);
        assert.equal(await digest({ ...one }), first);
        for (const change of [{ purpose: 'withdraw' }, { payee: uuid() }, { amount_won: 12_001 }, { deal: uuid() }, { terms: 2 }])
            assert.notEqual(await digest({ ...one, ...change }), first, JSON.stringify(change));
    });

    it('A8 is no access token', async () => {
        const person = await withPin();
        const { proof } = expect(await stepUp(person, { act: act(), pin: PIN }), 200);
        for (const path of ['/v1/auth/me', '/v1/pay/wallet']) expectProblem(await send('GET', path, { token: proof }), 401, 'unauthenticated');
    });
});
