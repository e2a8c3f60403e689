// tests/integration/pay-wallet-request.test.mjs: 1/N: one neighbour asks several for their part of the bill.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { payRequest } from '../lib/wallet.mjs';

const posted = async (person) => (await person.wallet()).posted_won;
const board = (request, round = 0) => Object.fromEntries(request.rounds[round].people.map((p) => [p.user, [p.amount_won, p.paid_won, p.state]]));
const eventsOf = async (request) =>
    (await query(`SELECT type, sequence FROM gonggu_pay.outbox WHERE aggregate = ${id(request.id)} ORDER BY sequence`)).map(([type]) => type.replace(/^pay\.request\.|\.v1$/g, ''));

describe('P13 1/N requests', () => {
    let host, a, b, c, stranger;
    before(async () => {
        [host, a, b, c, stranger] = await signUpMany(5, 100_000, '정산');
        await drained();
    });
    after(() => clock.reset());
    const ask = (rounds, more = {}) => host.post('/v1/pay/requests', { title: '고기 모임', rounds, ...more });
    const seen = async (who, request) => expect(await who.get(`/v1/pay/requests/${request.id}`), 200);

    it('equal, with the creator: to the won, on everybody\'s board', async () => {
        const request = expect(await ask([{ total_won: 50_001, split: 'equal', include_me: true, receipt: 'https://example.com/r.jpg', people: [{ user: a.id }, { nickname: b.nickname }, { user: c.id }] }], { memo: '1차' }), 201);
        assert.equal(request.rounds[0].own_won, 12_501);
        assert.deepEqual(board(request), { [a.id]: [12_500, 0, 'open'], [b.id]: [12_500, 0, 'open'], [c.id]: [12_500, 0, 'open'] });
        const forA = await seen(a, request);
        assert.equal(forA.mine_open_won, 12_500);
        assert.equal(forA.creator_nickname, host.nickname);
        assert.equal((await stranger.get(`/v1/pay/requests/${request.id}`)).status, 404);
        assert.equal(expect(await a.get('/v1/pay/requests?role=received'), 200).items[0].id, request.id);
        assert.equal(expect(await host.get('/v1/pay/requests?role=sent'), 200).items[0].asked_won, 37_500);

        const before = [await posted(host), await posted(a)];
        const paid = expect(await payRequest(a, request, 12_500), 200);
        assert.deepEqual(board(paid)[a.id], [12_500, 12_500, 'paid']);
        assert.equal(paid.paid_won, 12_500);
        assert.deepEqual([await posted(host), await posted(a)], [before[0] + 12_500, before[1] - 12_500]);
        expectProblem(await payRequest(a, request, 1), 409, 'request_ended');

        expect(await payRequest(b, request, 5_000), 200); // a part of it
        const problem = expectProblem(await payRequest(b, request, 7_501), 422, 'request_overpaid');
        assert.equal(problem.open, 7_500);
        expect(await payRequest(b, request, 7_500), 200);
        const declined = expect(await c.post(`/v1/pay/requests/${request.id}/decline`, { reason: '안 먹었어요' }), 200);
        assert.deepEqual(board(declined)[c.id], [12_500, 0, 'declined']);
        assert.equal(declined.state, 'done');
        assert.deepEqual(await eventsOf(request), ['opened', 'paid', 'paid', 'paid', 'declined', 'done']);
    });

    it('custom amounts must be the bill; what is no split is refused and leaves nothing', async () => {
        const rows = await number('SELECT COUNT(*) FROM gonggu_pay.money_request');
        const people = [{ user: a.id, amount_won: 7_000 }, { user: b.id, amount_won: 3_000 }];
        const table = [
            [{ total_won: 10_001, split: 'custom', people }, 422, 'invalid', '/rounds/0/total_won'],
            [{ total_won: 9_999, split: 'custom', include_me: true, people }, 422, 'invalid', '/rounds/0/total_won'],
            [{ total_won: 10_000, split: 'equal', people }, 422, 'invalid', '/rounds/0/people'],
            [{ total_won: 10_000, split: 'custom', people: [{ user: a.id }] }, 422, 'invalid', '/rounds/0/people'],
            [{ total_won: 1, split: 'equal', people: [{ user: a.id }, { user: b.id }] }, 422, 'invalid', '/rounds/0/total_won'],
            [{ total_won: 0, split: 'equal', people: [{ user: a.id }] }, 422, 'invalid', '/rounds/0/total_won'],
            [{ total_won: 1.5, split: 'equal', people: [{ user: a.id }] }, 422, 'invalid', '/rounds/0/total_won'],
            [{ total_won: 1_000, split: 'equal', people: [] }, 422, 'invalid', '/rounds/0/people'],
            [{ total_won: 1_000, split: 'equal', people: [{ user: a.id }, { nickname: a.nickname }] }, 422, 'invalid', '/rounds/0/people/1'],
            [{ total_won: 1_000, split: 'equal', people: [{}] }, 422, 'invalid', '/rounds/0/people/0'],
            [{ total_won: 1_000, split: 'equal', people: [{ user: host.id }] }, 422, 'self_transfer'],
            [{ total_won: 1_000, split: 'equal', people: [{ user: uuid() }] }, 422, 'recipient_unknown'],
            [{ total_won: 1_000, split: 'equal', receipt: 'javascript:alert(1)', people: [{ user: a.id }] }, 422, 'invalid', '/rounds/0/receipt'],
            [{ total_won: 1_000, split: 'equal', receipt: '../../etc/passwd', people: [{ user: a.id }] }, 422, 'invalid', '/rounds/0/receipt'],
        ];
        for (const [round, status, code, pointer] of table) expectProblem(await ask([round]), status, code, pointer);
        expectProblem(await ask([{ total_won: 1_000, split: 'equal', people: [{ user: a.id }] }], { reminders: [{ at: clock.fromNow(-1000) }] }), 422, 'invalid', '/reminders/0/at');
        assert.equal(await number('SELECT COUNT(*) FROM gonggu_pay.money_request'), rows);
        const request = expect(await ask([{ total_won: 10_000, split: 'custom', people }]), 201);
        assert.deepEqual(board(request), { [a.id]: [7_000, 0, 'open'], [b.id]: [3_000, 0, 'open'] });
    });

    it('several rounds with different people: one payment fills the oldest first; five at most', async () => {
        const request = expect(await ask([
            { title: '1차', total_won: 20_000, split: 'equal', people: [{ user: a.id }, { user: b.id }] },
            { title: '2차', total_won: 9_000, split: 'equal', people: [{ user: a.id }] },
        ]), 201);
        assert.equal((await seen(a, request)).mine_open_won, 19_000);
        const paid = expect(await payRequest(a, request, 12_000), 200);
        assert.deepEqual(board(paid, 0)[a.id], [10_000, 10_000, 'paid']);
        assert.deepEqual(board(paid, 1)[a.id], [9_000, 2_000, 'open']);
        for (let i = 3; i <= 5; i++) {
            const more = expect(await host.post(`/v1/pay/requests/${request.id}/rounds`, { title: `${i}차`, total_won: 3_000, split: 'equal', people: [{ user: c.id }] }), 201);
            assert.equal(more.rounds.length, i);
        }
        expectProblem(await host.post(`/v1/pay/requests/${request.id}/rounds`, { total_won: 1_000, split: 'equal', people: [{ user: c.id }] }), 409, 'rounds_full');
        assert.equal((await a.post(`/v1/pay/requests/${request.id}/rounds`, { total_won: 1_000, split: 'equal', people: [{ user: c.id }] })).status, 404);
        assert.equal((await seen(c, request)).mine_open_won, 9_000);
        const cancelled = expect(await host.post(`/v1/pay/requests/${request.id}/cancel`), 200);
        assert.equal(cancelled.state, 'cancelled');
        assert.equal(cancelled.paid_won, 12_000);
        expectProblem(await payRequest(c, request, 1_000), 409, 'request_ended');
        expectProblem(await host.post(`/v1/pay/requests/${request.id}/cancel`), 409, 'request_ended');
    });

    it('reminders come at the chosen times, only to who owes, and not after the end', async () => {
        const request = expect(await ask([{ total_won: 6_000, split: 'equal', people: [{ user: a.id }, { user: b.id }] }], {
            reminders: [{ at: clock.fromNow(clock.HOUR) }, { at: clock.fromNow(2 * clock.HOUR) }, { at: clock.fromNow(3 * clock.HOUR) }],
        }), 201);
        expect(await payRequest(b, request, 3_000), 200);
        clock.advance(clock.HOUR + clock.SECOND);
        await until('reminded once', async () => (await eventsOf(request)).filter((t) => t === 'reminded').length === 1);
        const [[envelope]] = await query(`SELECT envelope FROM gonggu_pay.outbox WHERE aggregate = ${id(request.id)} AND type = 'pay.request.reminded.v1'`);
        assert.match(envelope, new RegExp(a.id));
        assert.doesNotMatch(envelope, new RegExp(b.id));
        expectProblem(await (async () => { await host.refresh(); return host.post(`/v1/pay/requests/${request.id}/remind`); })(), 409, 'remind_too_soon');
        await a.refresh();
        await b.refresh();
        await c.refresh();
        expect(await host.send('PUT', `/v1/pay/requests/${request.id}/reminders`, { json: { reminders: [{ at: clock.fromNow(2 * clock.HOUR) }] } }), 200);
        assert.deepEqual((await seen(host, request)).reminders.map((r) => r.sent), [true, false]);
        expect(await payRequest(a, request, 3_000), 200);
        await host.refresh();
        clock.advance(3 * clock.HOUR);
        await until('the last one is over', async () => (await number(`SELECT COUNT(*) FROM gonggu_pay.due WHERE kind = 'pay.reminder'`)) === 0);
        assert.equal((await eventsOf(request)).filter((t) => t === 'reminded').length, 1);
        clock.reset();
        for (const person of [host, a, b, c, stranger]) await person.logIn();
    });

    it('paying at the same time from two devices: never more than is owed', async () => {
        const request = expect(await ask([{ total_won: 10_000, split: 'custom', people: [{ user: a.id, amount_won: 10_000 }] }]), 201);
        const before = await posted(host);
        const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => payRequest(a, request, 3_000, { base: stack.instances.pay[i % 2] })));
        assert.equal(replies.filter((r) => r.status === 200).length, 3, replies.map(told).join('\n'));
        assert.equal(await posted(host), before + 9_000);
        assert.equal((await seen(a, request)).mine_open_won, 1_000);
    });

    it('the books are whole, and parts paid are remittances', async () => {
        await drained();
        await checkInvariants();
    });
});
