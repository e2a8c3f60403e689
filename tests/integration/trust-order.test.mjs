// tests/integration/trust-order.test.mjs: roles, suspension, blocks, reports, and the logs of all that.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { authCommand, brokenAdminLog, signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { ChatClient } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { AGENT, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const EVERYWHERE = ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
const events = (user, type) =>
    number(`SELECT COUNT(*) FROM gonggu_auth.outbox WHERE aggregate = ${id(user)} AND type = '${type}'`);
const logIn = (person) =>
    send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password: person.password }, headers: { 'user-agent': AGENT } });

let admin;
before(async () => {
    admin = await signUpAdmin();
});

describe('roles', () => {
    it('an admin is made from the command line; nobody else passes an admin route', async () => {
        assert.throws(() => authCommand('--make-admin', 'nobody_at_all'), /Command failed/);
        assert.throws(() => authCommand('--make-admin'), /Command failed/);
        const spec = expect(await send('GET', '/v1/auth/openapi.json'), 200);
        const member = await signUp();
        let routes = 0;
        for (const [path, operations] of Object.entries(spec.paths)) {
            for (const [method, operation] of Object.entries(operations)) {
                if (!operation.security?.some((s) => s.bearer?.includes('admin'))) {
                    assert.ok(!path.includes('/admin/'), `${method} ${path} is for everybody`);
                    continue;
                }
                routes++;
                assert.ok(operation.responses['403'], `${method} ${path} does not document 403`);
                const address = path.replace(/\{\w+\}/g, uuid());
                const json = operation.requestBody && {};
                expectProblem(await member.send(method.toUpperCase(), address, { json }), 403, 'forbidden');
                expectProblem(await send(method.toUpperCase(), address, { json }), 401, 'unauthenticated');
            }
        }
        assert.ok(routes >= 7, `${routes} admin routes`);
        assert.equal(expect(await admin.get('/v1/auth/me'), 200).admin, true);
    });

    it('the role is given and taken; who loses it is logged out and cannot act any more', async () => {
        const second = await signUp();
        const path = `/v1/auth/admin/users/${second.id}/role`;
        assert.equal(expect(await admin.send('PUT', path, { json: { admin: true, reason: '함께 살펴요' } }), 200).admin, true);
        await second.refresh();
        expect(await second.get('/v1/auth/admin/log'), 200);
        expect(await admin.send('PUT', path, { json: { admin: false, reason: '쉬어요' } }), 200);
        await until('the role is gone', async () => (await second.get('/v1/auth/admin/log')).status === 401, { within: 2000 });
        await second.logIn();
        expectProblem(await second.get('/v1/auth/admin/log'), 403, 'forbidden');
    });
});

describe('suspension', () => {
    it('A3 a suspension ends every session in all services within a second, and log-in says why and until when', async () => {
        const person = await signUp();
        const socket = await ChatClient.connect(person);
        for (const path of EVERYWHERE) expect(await person.get(path), 200);
        const until_ = clock.fromNow(2 * clock.DAY);
        const json = { reason: '반복된 노쇼', until: until_ };
        const seen = expect(await admin.send('PUT', `/v1/auth/admin/users/${person.id}/suspension`, { json }), 200);
        assert.equal(seen.suspended, true);
        const since = Date.now();
        for (const path of EVERYWHERE)
            await until(`${path} is closed to the suspended`, async () => (await person.get(path)).status === 401, { within: 1500 });
        await until('the socket is closed', () => socket.closed, { within: 1500 });
        assert.ok(Date.now() - since < 2500);
        const problem = expectProblem(await logIn(person), 403, 'suspended');
        assert.match(problem.detail, /반복된 노쇼/);
        assert.equal(problem.until, Date.parse(until_));
        // With a wrong password it is only wrong: a stranger does not learn of it.
        expectProblem(await logIn({ ...person, password: 'wrong password 1' }), 401, 'bad_credentials');
        assert.equal(await events(person.id, 'auth.user.suspended.v1'), 1);
    });

    it('a suspension ends by itself at its time', async () => {
        const person = await signUp();
        const json = { reason: '잠시 쉬어 가기', until: clock.fromNow(clock.HOUR) };
        expect(await admin.send('PUT', `/v1/auth/admin/users/${person.id}/suspension`, { json }), 200);
        expectProblem(await logIn(person), 403, 'suspended');
        clock.advance(clock.HOUR + clock.SECOND);
        try {
            await person.logIn();
            expect(await person.get('/v1/deal/mine'), 200);
            await until('everybody is told', () => events(person.id, 'auth.user.unsuspended.v1'));
        } finally {
            clock.reset();
        }
    });

    it('an admin can end it; admins are not suspended; a suspension does not end in the past', async () => {
        const person = await signUp();
        const path = `/v1/auth/admin/users/${person.id}/suspension`;
        expectProblem(await admin.send('PUT', path, { json: { reason: '어제까지', until: clock.fromNow(-1000) } }), 422, 'invalid', '/until');
        expect(await admin.send('PUT', path, { json: { reason: '끝 모름' } }), 200);
        assert.match(expectProblem(await logIn(person), 403, 'suspended').detail, /until further notice: 끝 모름/);
        expect(await admin.send('DELETE', path), 204);
        expectProblem(await admin.send('DELETE', path), 404, 'not_found');
        await person.logIn();
        expectProblem(await admin.send('PUT', `/v1/auth/admin/users/${admin.id}/suspension`, { json: { reason: '나를' } }), 409, 'is_admin');
    });
});

describe('sessions', () => {
    it('an admin can end the sessions of one account', async () => {
        const person = await signUp();
        expect(await admin.send('DELETE', `/v1/auth/admin/users/${person.id}/sessions`), 204);
        for (const path of EVERYWHERE) await until(`${path} is closed`, async () => (await person.get(path)).status === 401, { within: 1500 });
        expectProblem(await admin.send('DELETE', `/v1/auth/admin/users/${uuid()}/sessions`), 404, 'not_found');
        await person.logIn();
        expect(await person.get('/v1/auth/me'), 200);
    });
});

describe('blocks', () => {
    it('a neighbour is blocked once, listed, and let go again; events say so', async () => {
        const [me, ...others] = [await signUp(), await signUp(), await signUp(), await signUp()];
        for (const other of [...others, others[0]]) expect(await me.send('PUT', `/v1/auth/blocks/${other.id}`), 204);
        assert.equal(await events(me.id, 'auth.block.added.v1'), 3, 'asking twice blocks once');
        const page = expect(await me.get('/v1/auth/blocks?limit=2'), 200);
        const rest = expect(await me.get(`/v1/auth/blocks?limit=2&cursor=${page.next}`), 200);
        assert.deepEqual([...page.items, ...rest.items].map((b) => b.user), others.map((o) => o.id).reverse());
        assert.equal(rest.next, undefined);
        assert.equal(page.items[0].nickname, others[2].nickname);
        expect(await me.send('DELETE', `/v1/auth/blocks/${others[1].id}`), 204);
        expectProblem(await me.send('DELETE', `/v1/auth/blocks/${others[1].id}`), 404, 'not_found');
        assert.equal(await events(me.id, 'auth.block.removed.v1'), 1);
        expectProblem(await me.send('PUT', `/v1/auth/blocks/${me.id}`), 422, 'invalid');
        expectProblem(await me.send('PUT', `/v1/auth/blocks/${uuid()}`), 404, 'not_found');
        assert.deepEqual(expect(await others[0].get('/v1/auth/blocks'), 200).items, [], 'who is blocked does not learn of it');
    });
});

describe('reports', () => {
    it('a report waits in the queue, is decided once, and the reported never learns who told', async () => {
        const [teller, bad] = [await signUp(), await signUp()];
        const json = { user: bad.id, reason: 'no_show', detail: '약속 장소에\n나오지 않았어요', context: 'share', context_id: uuid() };
        expectProblem(await teller.post('/v1/auth/reports', { ...json, context_id: undefined }), 422, 'invalid', '/context_id');
        expectProblem(await teller.post('/v1/auth/reports', { ...json, user: teller.id }), 422, 'invalid', '/user');
        expectProblem(await teller.post('/v1/auth/reports', { ...json, user: uuid() }), 404, 'not_found');
        const key = uuid();
        const made = expect(await teller.post('/v1/auth/reports', json, { key }), 201);
        assert.equal(expect(await teller.post('/v1/auth/reports', json, { key }), 201).id, made.id);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.report WHERE reporter_id = ${id(teller.id)}`), 1);

        const queue = [];
        for (let next = ''; next !== undefined; ) {
            const page = expect(await admin.get(`/v1/auth/admin/reports?limit=50${next && `&cursor=${next}`}`), 200);
            queue.push(...page.items);
            next = page.next;
        }
        const waiting = queue.find((r) => r.id === made.id);
        assert.equal(waiting.reporter, teller.id);
        assert.equal(waiting.detail, json.detail);
        assert.equal(expect(await admin.get(`/v1/auth/admin/users?nickname=${encodeURIComponent(bad.nickname)}`), 200).open_reports, 1);

        const decision = { uphold: true, note: '세 번째 노쇼', suspend: { reason: '노쇼가 반복되었어요', until: clock.fromNow(clock.DAY) } };
        const path = `/v1/auth/admin/reports/${made.id}/decision`;
        expectProblem(await admin.send('POST', path, { json: { ...decision, uphold: false } }), 422, 'invalid', '/suspend');
        const both = await Promise.all([0, 1].map((i) => admin.send('POST', path, { json: decision, base: stack.instances.auth[i] })));
        assert.deepEqual(both.map((r) => r.status).sort(), [200, 409]);
        expectProblem(await logIn(bad), 403, 'suspended');
        const mine = expect(await teller.get('/v1/auth/reports'), 200).items;
        assert.deepEqual(mine.map((r) => [r.id, r.state, r.reporter, r.decision]), [[made.id, 'upheld', undefined, undefined]]);
    });

    it('nobody reports more than twenty times a day', async () => {
        const [teller, other] = [await signUp(), await signUp()];
        const json = { user: other.id, reason: 'spam', context: 'profile' };
        for (let i = 0; i < 20; i++) expect(await teller.post('/v1/auth/reports', json), 201);
        expectProblem(await teller.post('/v1/auth/reports', json), 429, 'report_budget');
    });
});

describe('logs', () => {
    it('every decision stands in the admin log, chained by hash, and the log has no way to change it', async () => {
        const log = expect(await admin.get('/v1/auth/admin/log?limit=100'), 200);
        const actions = log.items.map((e) => e.action);
        for (const action of ['role_given', 'role_taken', 'suspended', 'unsuspended', 'report_upheld']) assert.ok(actions.includes(action), action);
        assert.deepEqual(await brokenAdminLog(), []);
        const older = expect(await admin.get(`/v1/auth/admin/log?limit=2&cursor=${expect(await admin.get('/v1/auth/admin/log?limit=2'), 200).next}`), 200);
        assert.equal(older.items[0].number, log.items[2].number);
    });

    it('A13 the owner reads what happened to his account: log-ins, failed tries, new devices, log-outs', async () => {
        const person = await signUp();
        expectProblem(await logIn({ ...person, password: 'not the right one' }), 401, 'bad_credentials');
        const other = await person.anotherDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1');
        expect(await other.send('POST', '/v1/auth/logout'), 204);
        const page = expect(await person.get('/v1/auth/security-log?limit=3'), 200);
        assert.deepEqual(page.items.map((e) => e.kind), ['logout', 'new_device', 'login_failed']);
        assert.match(page.items[1].device, /iPhone|iOS/);
        assert.ok(page.items[2].address);
        const rest = expect(await person.get(`/v1/auth/security-log?limit=3&cursor=${page.next}`), 200);
        assert.equal(rest.items.at(-1).kind, 'login');
        assert.equal(rest.next, undefined);
        await drained();
        assert.ok((await query(`SELECT 1 FROM gonggu_auth.security_log WHERE user_id = ${id(person.id)} LIMIT 1`)).length);
    });
});

// Last: so far in the future everybody else's session has ended.
describe('a long time', () => {
    it('no session outlives a year, however busy it is', async () => {
        const person = await signUp();
        try {
            for (let day = 0; day < 364; day += 28) {
                await person.refresh();
                clock.advance(28 * clock.DAY);
            }
            await person.refresh();
            clock.advance(clock.DAY + clock.SECOND);
            expectProblem(await send('POST', '/v1/auth/refresh', { headers: { cookie: person.cookie } }), 401, 'no_refresh');
            await until('the session has ended', async () => (await number(`SELECT COUNT(*) FROM gonggu_auth.sessions WHERE user_id = ${id(person.id)} AND ended_at IS NULL`)) === 0);
        } finally {
            clock.reset();
        }
    });
});
