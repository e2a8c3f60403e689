// tests/integration/trust-leave.test.mjs: asking to leave, and taking along what is known of one. The whole way out, through
// all five services, is tests/journeys/leaving.test.mjs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, query } from '../lib/db.mjs';
import { proveAPhone, signUp } from '../lib/people.mjs';
import { start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const ask = (person, password = person.password) => person.send('POST', '/v1/auth/closing', { json: { again: { password } } });
const closing = (id_) => send('GET', `/v1/auth/closings/${id_}`);
const events = async (user) =>
    (await query(`SELECT type FROM gonggu_auth.outbox WHERE aggregate = ${id(user)} AND (type LIKE 'auth.closing.%'
        OR type LIKE 'auth.user.%d.v1') ORDER BY sequence`)).map(([type]) => type);

describe('asking', () => {
    it('who it is is shown once more: by the password, ten wrong ones at most, or by a code to the own phone', async () => {
        const [person, other] = [await signUp(), await signUp()];
        expectProblem(await person.send('POST', '/v1/auth/closing', { json: {} }), 403, 'again_needed');
        for (let i = 0; i < 10; i++) expectProblem(await ask(person, 'not my password'), 401, 'bad_credentials');
        expectProblem(await ask(person), 429, 'throttled');
        expectProblem(await person.get('/v1/auth/closing'), 404, 'not_found');
        const by = ({ request, code }) => person.send('POST', '/v1/auth/closing', { json: { again: { code_request: request, code } } });
        expectProblem(await by(await proveAPhone(other.phone)), 422, 'bad_code');
        const own = await proveAPhone(person.phone);
        expect(await by(own), 202);
        expectProblem(await by(own), 422, 'bad_code');
    });

    it('an admin lets go of the role first', async () => {
        expectProblem(await ask(await signUpAdmin()), 409, 'is_admin');
    });

    it('while a service is away nothing happens, the user can stay, and after a day the attempt lapses', async () => {
        const [stays, waits] = [await signUp(), await signUp()];
        await drained();
        await stop('deal-1', 'deal-2');
        try {
            const asked = expect(await ask(stays), 202);
            assert.equal(asked.state, 'asked');
            expectProblem(await ask(stays), 409, 'closing_under_way');
            expect(await stays.send('DELETE', '/v1/auth/closing'), 204);
            expectProblem(await stays.send('DELETE', '/v1/auth/closing'), 404, 'not_found');
            assert.equal(expect(await stays.get('/v1/auth/closing'), 200).state, 'withdrawn');
            assert.deepEqual(await events(stays.id), ['auth.user.registered.v1', 'auth.closing.asked.v1', 'auth.closing.cancelled.v1']);
            const { id: attempt } = expect(await ask(waits), 202);
            clock.advance(clock.DAY + clock.SECOND);
            await until('the attempt lapses', async () => expect(await closing(attempt), 200).state === 'withdrawn');
        } finally {
            clock.reset();
            await start('deal-1', 'deal-2');
        }
        expect(await stays.get('/v1/auth/me'), 200);
        expectProblem(await closing(uuid()), 404, 'not_found');
    });
});

describe('export', () => {
    it('A13 everything the service knows of one, in one document', async () => {
        const [person, other] = [await signUp(), await signUp()];
        expect(await person.send('PUT', `/v1/auth/blocks/${other.id}`), 204);
        expect(await person.post('/v1/auth/reports', { user: other.id, reason: 'spam', context: 'profile' }), 201);
        const reply = await person.get('/v1/auth/export');
        const body = expect(reply, 200);
        assert.match(reply.headers.get('content-disposition'), /^attachment/);
        assert.equal(reply.headers.get('cache-control'), 'no-store');
        assert.deepEqual([body.id, body.login_id, body.nickname, body.phone], [person.id, person.loginId, person.nickname, person.phone]);
        assert.deepEqual(body.blocks.map((b) => b.user), [other.id]);
        assert.deepEqual(body.reports.map((r) => r.user), [other.id]);
        assert.equal(body.sessions.length, 1);
        assert.ok(body.security.some((e) => e.kind === 'export'));
        assert.ok(!JSON.stringify(body).includes('argon2'), 'not the hash of the password');
    });
});
