// tests/integration/auth-passkey.test.mjs: passkeys: making, logging in, agreeing to one act; every check of WebAuthn that a
// software authenticator can fail.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { Authenticator } from '../lib/authenticator.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const ask = (person) => person.send('POST', '/v1/auth/passkeys/options', { json: { again: { password: person.password } } });
const keep = (person, made, name = '내 휴대폰') => person.send('POST', '/v1/auth/passkeys', { json: { ...made, name } });
const logInOptions = async () => expect(await send('POST', '/v1/auth/passkeys/login/options'), 200);
const logIn = (json) => send('POST', '/v1/auth/passkeys/login', { json });
const withPasskey = async () => {
    const [person, key] = [await signUp(), new Authenticator(stack.passkeyOrigin)];
    expect(await keep(person, key.make(expect(await ask(person), 200))), 201);
    return { person, key };
};

describe('passkeys', () => {
    it('A7 one is made after showing again who one is, and logs in without a name', async () => {
        const person = await signUp();
        expectProblem(await person.send('POST', '/v1/auth/passkeys/options', { json: {} }), 403, 'again_needed');
        const key = new Authenticator(stack.passkeyOrigin);
        const options = expect(await ask(person), 200);
        assert.deepEqual(Buffer.from(options.user_handle, 'base64url').toString('hex'), person.id.replaceAll('-', ''));
        const made = expect(await keep(person, key.make(options)), 201);
        assert.equal(made.name, '내 휴대폰');
        const reply = await logIn(key.sign(await logInOptions()));
        assert.equal(expect(reply, 200).user.id, person.id);
        assert.match(reply.headers.get('set-cookie'), /HttpOnly/);
    });

    it('A7 several, named, renamed and removed; a removed one opens nothing', async () => {
        const { person, key } = await withPasskey();
        const second = new Authenticator(stack.passkeyOrigin);
        const options = expect(await ask(person), 200);
        assert.equal(options.credentials.length, 1);
        expect(await keep(person, second.make(options), '노트북'), 201);
        const { items } = expect(await person.get('/v1/auth/passkeys'), 200);
        assert.deepEqual(items.map((p) => p.name), ['내 휴대폰', '노트북']);
        expect(await person.send('PATCH', `/v1/auth/passkeys/${items[0].id}`, { json: { name: '새 휴대폰' } }), 204);
        expect(await person.send('DELETE', `/v1/auth/passkeys/${items[1].id}`), 204);
        assert.deepEqual(expect(await person.get('/v1/auth/passkeys'), 200).items.map((p) => p.name), ['새 휴대폰']);
        expectProblem(await logIn(second.sign(await logInOptions())), 401, 'bad_passkey');
        expect(await logIn(key.sign(await logInOptions())), 200);
        const stranger = await signUp();
        expectProblem(await stranger.send('DELETE', `/v1/auth/passkeys/${items[0].id}`), 404, 'not_found');
        expectProblem(await keep(stranger, key.make(expect(await ask(stranger), 200))), 409, 'passkey_taken');
    });

    it('A7 a registration with anything wrong is refused', async () => {
        const [person, other] = [await signUp(), await signUp()];
        const wrongs = [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { flags: 0x41 }, { flags: 0x44 }, { flags: 0x05 },
            { alg: -8 }, { type: 'webauthn.get' }, { cross: true }];
        for (const wrong of wrongs)
            expectProblem(await keep(person, new Authenticator(stack.passkeyOrigin).make(expect(await ask(person), 200), wrong)), 401, 'bad_passkey');
        const options = expect(await ask(person), 200);
        expectProblem(await keep(other, new Authenticator(stack.passkeyOrigin).make(options)), 401, 'bad_passkey');
        const made = new Authenticator(stack.passkeyOrigin).make(expect(await ask(person), 200));
        expectProblem(await keep(person, { ...made, attestation: made.attestation.slice(0, 40) }), 401, 'bad_passkey');
        assert.equal(expect(await person.get('/v1/auth/passkeys'), 200).items.length, 0);
    });

    it('A7 an assertion with anything wrong is refused, and none serves twice', async () => {
        const { key } = await withPasskey();
        const wrongs = [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { flags: 0x01 }, { flags: 0x04 }, { type: 'webauthn.create' }, { cross: true }];
        for (const wrong of wrongs) expectProblem(await logIn(key.sign(await logInOptions(), wrong)), 401, 'bad_passkey');
        const good = key.sign(await logInOptions());
        const replies = await Promise.all(Array.from({ length: 5 }, (_, i) => send('POST', '/v1/auth/passkeys/login', { json: good, base: stack.instances.auth[i % 2] })));
        assert.deepEqual(replies.map((r) => r.status).sort(), [200, 401, 401, 401, 401]);
        const forged = key.sign(await logInOptions());
        const other = new Authenticator(stack.passkeyOrigin);
        other.id = key.id;
        other.counter = 1000;
        expectProblem(await logIn({ ...other.sign(await logInOptions()) }), 401, 'bad_passkey');
        expectProblem(await logIn({ ...forged, challenge_id: (await logInOptions()).challenge_id }), 401, 'bad_passkey');
        const copied = new Authenticator(stack.passkeyOrigin);
        Object.assign(copied, { id: key.id, privateKey: key.privateKey, publicKey: key.publicKey, counter: 0 });
        expectProblem(await logIn(copied.sign(await logInOptions())), 401, 'bad_passkey');
    });

    it('A8 agrees to one exact act, and to no other', async () => {
        const { person, key } = await withPasskey();
        const { person: other, key: otherKey } = await withPasskey();
        const act = { purpose: 'remit', payee: uuid(), amount_won: 5000 };
        const options = async (who = person, a = act) => expect(await who.send('POST', '/v1/auth/step-up/options', { json: a }), 200);
        const agree = (assertion, a = act, who = person) => who.send('POST', '/v1/auth/step-up/passkey', { json: { act: a, assertion } });
        const { proof } = expect(await agree(key.sign(await options())), 200);
        assert.equal(JSON.parse(Buffer.from(proof.split('.')[0], 'base64url')).typ, 'stepup+jwt');
        expectProblem(await agree(key.sign(await options()), { ...act, amount_won: 5001 }), 401, 'bad_passkey');
        expectProblem(await agree(key.sign(await logInOptions())), 401, 'bad_passkey');
        expectProblem(await agree(otherKey.sign(await options())), 401, 'bad_passkey');
        expectProblem(await agree(key.sign(await options()), act, other), 401, 'bad_passkey');
    });
});
