// tests/journeys/leaving.test.mjs: leaving: what is in flight stands in the way; then closed, restored by a log-in for 30
// days, and after that erased in all five services with a receipt of each.
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { jpeg } from '../lib/pictures.mjs';
import { until } from '../lib/wait.mjs';

const ask = (person, password = person.password) => person.send('POST', '/v1/auth/closing', { json: { again: { password } } });
const closing = (id_) => send('GET', `/v1/auth/closings/${id_}`);
const inState = (id_, state) =>
    until(`the closing is ${state}`, async () => {
        const body = expect(await closing(id_), 200);
        return body.state === state && body;
    });
const logIn = (person) => send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password: person.password } });
const events = async (user) =>
    (await query(`SELECT type FROM gonggu_auth.outbox WHERE aggregate = ${id(user)} AND (type LIKE 'auth.closing.%'
        OR type LIKE 'auth.user.%d.v1') ORDER BY sequence`)).map(([type]) => type);

afterEach(() => clock.reset());

describe('leaving', () => {
    let host;
    before(async () => {
        host = await signUp('방장');
    });

    it('A13 what is in flight stands in the way, with a list: money, a deal, a share', async () => {
        const guest = await signUp('손님', 20_000);
        const deal = await openDeal(host);
        await join(guest, deal, 1);
        await drained();
        const mine = await inState(expect(await ask(guest), 202).id, 'in_flight');
        assert.deepEqual(mine.in_flight, [], 'who only knows the id sees no list');
        const kinds = expect(await guest.get('/v1/auth/closing'), 200).in_flight.map((i) => i.kind);
        assert.ok(kinds.includes('balance') || kinds.includes('hold'), `${kinds}`);
        assert.ok(kinds.includes('share'), `${kinds}`);
        await inState(expect(await ask(host), 202).id, 'in_flight');
        assert.ok(expect(await host.get('/v1/auth/closing'), 200).in_flight.some((i) => i.kind === 'hosted'));
        expect(await guest.get('/v1/pay/wallet'), 200);
    });

    it('A13 with nothing in flight it is closed, everywhere at once, and a log-in within 30 days restores it', async () => {
        const [person, neighbour] = [await signUp(), await signUp()];
        expect(await person.send('PUT', '/v1/auth/me/picture', { raw: jpeg, type: 'image/jpeg' }), 204);
        const { picture } = expect(await neighbour.get(`/v1/auth/users/${person.id}`), 200);
        const asked = expect(await ask(person), 202);
        const closed = await inState(asked.id, 'closed');
        expectProblem(await neighbour.get(`/v1/auth/users/${person.id}`), 404, 'not_found');
        expectProblem(await send('GET', picture), 404, 'not_found');
        assert.equal(Date.parse(closed.purge_at) - Date.parse(closed.closed_at), 30 * clock.DAY);
        for (const path of ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'])
            await until(`${path} is closed`, async () => (await person.get(path)).status === 401, { within: 1500 });
        expectProblem(await send('POST', '/v1/auth/refresh', { headers: { cookie: person.cookie } }), 401, 'no_refresh');
        clock.advance(29 * clock.DAY);
        await person.logIn();
        assert.equal(expect(await person.get('/v1/auth/closing'), 200).state, 'restored');
        assert.equal((await send('GET', picture)).status, 200);
        expect(await person.get('/v1/pay/wallet'), 200);
        assert.equal((await events(person.id)).at(-1), 'auth.user.restored.v1');
        clock.advance(3 * clock.DAY);
        await person.refresh();
        assert.equal(expect(await person.get('/v1/auth/closing'), 200).state, 'restored', 'nothing is purged any more');
    });

    it('A13 after 30 days everything personal is gone from all five schemas, with a receipt of each service', async () => {
        const [person, other] = [await signUp('떠나는이'), await signUp()];
        expect(await other.send('PUT', `/v1/auth/blocks/${person.id}`), 204);
        expect(await person.post('/v1/auth/reports', { user: other.id, reason: 'other', detail: '떠나며 남기는 말', context: 'profile' }), 201);
        await drained();
        const asked = expect(await ask(person), 202);
        await inState(asked.id, 'closed');
        clock.advance(31 * clock.DAY);
        const erased = await inState(asked.id, 'erased');
        assert.deepEqual(erased.receipts.map((r) => r.service), ['auth', 'chat', 'deal', 'pay', 'push']);
        expectProblem(await logIn(person), 401, 'bad_credentials');
        await drained();

        // Events are kept for seven days, so what they say is still there on a clock that jumped.
        const tables = await query(`SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
            WHERE table_schema LIKE 'gonggu\\_%' AND table_name NOT IN ('outbox', 'inbox_parked')`);
        const traces = [person.nickname, person.loginId, person.phone, '떠나며 남기는 말'];
        for (const [table] of tables)
            for (const row of await query(`SELECT * FROM ${table}`)) {
                const text = row.join('\t');
                for (const trace of traces) assert.ok(!text.includes(trace), `${table} still knows ${trace}`);
            }
        // Whatever table comes: no row of his but those that say that he was there.
        const owned = await query(`SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.columns WHERE table_schema = 'gonggu_auth'
            AND column_name = 'user_id' AND table_name NOT IN ('closing', 'report', 'admin_log')`);
        for (const [table] of owned) assert.equal(await number(`SELECT COUNT(*) FROM ${table} WHERE user_id = ${id(person.id)}`), 0, table);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.sessions WHERE user_id = ${id(person.id)}`), 0);
        clock.reset();
        await signUp(); // and the number, name and id are free again: nothing collides with the nameless row
    });
});

describe('taking along', () => {
    it('A13 each of the five services gives what it knows of one, as one document, and of nobody else', async () => {
        const [person, other] = [await signUp('챙기는이', 5_000), await signUp('다른이')];
        await drained();
        for (const context of ['auth', 'deal', 'pay', 'chat', 'push']) {
            const text = JSON.stringify(expect(await person.get(`/v1/${context}/export`), 200));
            assert.ok(!text.includes(other.id) && !text.includes(other.nickname), `${context} tells of somebody else`);
            expect(await send('GET', `/v1/${context}/export`), 401);
        }
    });
});
