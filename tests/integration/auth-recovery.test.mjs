// tests/integration/auth-recovery.test.mjs: getting back in by phone is never weaker than the strongest proof enrolled.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { Authenticator } from '../lib/authenticator.mjs';
import { received, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { freshPhone, proveAPhone, signUp, smsCode } from '../lib/people.mjs';
import { secret, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const HOUR = 3600 * 1000;
const logIn = (person, password = person.password) => send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password } });
const deviceOf = (reply) => reply.headers.getSetCookie().map((c) => c.split(';')[0]).find((c) => /gonggu_device=/.test(c));
const texts = async (phone) => (await (await fetch(`${stack.sandbox}/sms/messages.json?to=${phone}`)).json()).items;
const fresh = () => `새-비밀번호-${uuid()}`;
const reset = async (person, password, headers = {}) => {
    const proof = await proveAPhone(person.phone);
    return send('POST', '/v1/auth/reset-password', { headers, json: { login_id: person.loginId, password, code_request: proof.request, code: proof.code } });
};
const addPasskey = async (person) => {
    const key = new Authenticator(stack.passkeyOrigin);
    const options = expect(await person.send('POST', '/v1/auth/passkeys/options', { json: { again: { password: person.password } } }), 200);
    expect(await person.send('POST', '/v1/auth/passkeys', { json: { ...key.make(options), name: '열쇠' } }), 201);
    return key;
};
/** Lets the wait of this account have begun so many hours ago: codes come by SMS, in real time. */
const waited = (person, hours) =>
    promisify(execFile)('mariadb', ['--no-defaults', '-h', stack.db.host, '-P', stack.db.port, '-u', 'gonggu_auth', 'gonggu_auth', '-e',
        `UPDATE recovery SET ${['asked_at', 'ready_at', 'until_at'].map((c) => `${c} = ${c} - INTERVAL ${hours} HOUR`).join(', ')} WHERE user_id = ${id(person.id)}`],
    { env: { ...process.env, MYSQL_PWD: secret('db_auth') } });
const rows = (person) => number(`SELECT COUNT(*) FROM gonggu_auth.recovery WHERE user_id = ${id(person.id)}`);

describe('recovery', () => {
    afterEach(() => clock.reset());

    it('A7 a phone alone does not open an account with a passkey: it waits three days, and the owner is told', async () => {
        const person = await signUp();
        await addPasskey(person);
        const password = fresh();
        const before = Date.now();
        const problem = expectProblem(await reset(person, password), 403, 'recovery_waits');
        const readyAt = problem.ready_at;
        assert.ok(readyAt >= before + 72 * HOUR - 60_000 && readyAt <= Date.now() + 72 * HOUR + 60_000, String(readyAt));
        expectProblem(await logIn(person, password), 401, 'bad_credentials');
        assert.equal(Date.parse(expect(await person.get('/v1/auth/recovery'), 200).ready_at), readyAt);
        await until('the owner is told', async () => (await person.inbox()).items.some((n) => n.kind === 'recovery'));
        assert.ok(expect(await person.get('/v1/auth/security-log'), 200).items.some((e) => e.kind === 'recovery'));

        // Asking again neither shortens nor lengthens it.
        await waited(person, 71);
        const again = expectProblem(await reset(person, password), 403, 'recovery_waits');
        assert.equal(again.ready_at, readyAt - 71 * HOUR);
        await waited(person, 1);
        expect(await reset(person, password), 204);
        expect(await logIn(person, password), 200);
        assert.equal(await rows(person), 0);
    });

    it('A7 a wait that was not used within a week begins anew', async () => {
        const person = await signUp();
        await addPasskey(person);
        expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
        await waited(person, (3 + 7) * 24 + 1);
        const problem = expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
        assert.ok(problem.ready_at > Date.now() + 71 * HOUR);
    });

    it('A7 the owner stops it from a session, or by logging in with the passkey', async () => {
        const person = await signUp();
        const key = await addPasskey(person);
        expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
        expect(await person.send('DELETE', '/v1/auth/recovery'), 204);
        expectProblem(await person.get('/v1/auth/recovery'), 404, 'not_found');
        expect(await person.send('DELETE', '/v1/auth/recovery'), 204);

        expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
        await waited(person, 73);
        const options = expect(await send('POST', '/v1/auth/passkeys/login/options'), 200);
        expect(await send('POST', '/v1/auth/passkeys/login', { json: key.sign(options) }), 200);
        assert.equal(await rows(person), 0);
        expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
    });

    it('A7 from a device that has logged in before the phone is enough; from a device of somebody else it is not', async () => {
        const [person, other] = [await signUp(), await signUp()];
        const known = deviceOf(await logIn(person));
        const strange = deviceOf(await logIn(other));
        await addPasskey(person);
        const password = fresh();
        expectProblem(await reset(person, password, { cookie: strange }), 403, 'recovery_waits');
        expect(await reset(person, password, { cookie: known }), 204);
        expect(await logIn(person, password), 200);
    });

    it('A7 a payment PIN is guarded in the same way; with neither, the phone is enough', async () => {
        const [guarded, plain] = [await signUp(), await signUp()];
        await guarded.setPin('274951');
        expectProblem(await reset(guarded, fresh()), 403, 'recovery_waits');
        expect(await reset(plain, fresh()), 204);
    });

    /** His browser and, when he has not looked for two minutes, his telephone. */
    const hears = async (person, kind, phone, browser) => {
        const notice = await until('a notice', async () => (await person.inbox()).items.find((n) => n.kind === kind));
        await received(browser, (m) => m.id === notice.id);
        await until('it is written down that it was sent', async () =>
            expect(await person.get(`/v1/push/inbox/${notice.id}/trace`), 200).attempts.some((a) => a.result === 'accepted'));
        assert.equal((await texts(phone)).length, 1, 'so far only the code');
        clock.advance(3 * clock.MINUTE);
        return (await until('a text message', async () => {
            const items = await texts(phone);
            return items.length === 2 && items.find((m) => !/\b\d{6}\b/.test(m.content));
        })).content;
    };
    const wantsTexts = async (person) => {
        const phone = freshPhone();
        await drained();
        expect(await person.send('POST', '/v1/push/sms/codes', { json: { phone } }), 202);
        expect(await person.send('PUT', '/v1/push/sms', { json: { code: await smsCode(phone) } }), 204);
        return phone;
    };

    it('A7 the owner hears of it in his browser and, when he does not look, by text message', async () => {
        const person = await signUp();
        const [phone, browser] = [await wantsTexts(person), await subscribe(person)];
        await addPasskey(person);
        expectProblem(await reset(person, fresh()), 403, 'recovery_waits');
        assert.match(await hears(person, 'recovery', phone, browser), /휴대폰/);
    });

    it('A13 a password that was set by phone is told in the same way', async () => {
        const person = await signUp();
        const [phone, browser] = [await wantsTexts(person), await subscribe(person)];
        const password = fresh();
        expect(await reset(person, password), 204);
        person.take(await logIn(person, password));
        assert.match(await hears(person, 'password', phone, browser), /비밀번호/);
    });
});
