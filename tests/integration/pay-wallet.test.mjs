// tests/integration/pay-wallet.test.mjs: neighbours send each other money: within what is there and what is allowed, once,
// and both are told.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { remit } from '../lib/wallet.mjs';

const posted = async (person) => (await person.wallet()).posted_won;

describe('remittances', () => {
    let a, b;
    before(async () => {
        [a, b] = await signUpMany(2, 100_000, '송금');
        await drained();
    });

    it('P12 by nickname and by id, with a memo: both wallets, both entries, one event for both', async () => {
        const sent = expect(await remit(a, { to_nickname: b.nickname, amount_won: 12_345, memo: '고구마 값 🍠' }, b.id), 201);
        assert.equal(sent.to_user, b.id);
        assert.equal(sent.to_nickname, b.nickname);
        assert.equal(sent.available_won, 87_655);
        expect(await remit(a, { to_user: b.id, amount_won: 655 }, b.id), 201);
        assert.equal(await posted(a), 87_000);
        assert.equal(await posted(b), 113_000);
        const [[type, data]] = await query(`SELECT type, envelope FROM gonggu_pay.outbox WHERE aggregate = ${id(sent.id)}`);
        assert.equal(type, 'pay.money.moved.v1');
        assert.match(data, new RegExp(`${a.id}.*${b.id}`));
        assert.match(data, /고구마 값/);
    });

    it('P4 the same key again gives the same answer and moves nothing; another body is refused', async () => {
        const key = uuid();
        const json = { to_user: b.id, amount_won: 1_000 };
        const first = await remit(a, json, b.id, { key });
        const again = await remit(a, json, b.id, { key });
        assert.equal(again.headers.get('idempotency-replayed'), 'true', told(again));
        assert.deepEqual(again.body, first.body);
        expectProblem(await remit(a, { ...json, amount_won: 2_000 }, b.id, { key }), 422, 'idempotency_key_reused');
        const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => remit(a, json, b.id, { key, base: stack.instances.pay[i % 2] })));
        assert.ok(replies.every((r) => r.status === 201 || r.status === 409), replies.map(told).join('\n'));
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.transfer WHERE id = ${id(first.body.id)}`), 1);
    });

    it('never more than what is there: forty at once out of a wallet for ten', async () => {
        const [c] = await signUpMany(1, 10_000, '동시');
        await drained();
        const replies = await Promise.all(Array.from({ length: 40 }, (_, i) =>
            remit(c, { to_user: b.id, amount_won: 1_000 }, b.id, { base: stack.instances.pay[i % 2] })));
        assert.equal(replies.filter((r) => r.status === 201).length, 10, replies.map((r) => r.status).join());
        const refused = replies.find((r) => r.status !== 201);
        const problem = expectProblem(refused, 422, 'insufficient_funds');
        assert.equal(problem.available, 0);
        assert.equal(problem.held, 0);
        assert.equal(await posted(c), 0);
    });

    it('crossing remittances do not lock each other out', async () => {
        const before = (await posted(a)) + (await posted(b));
        const replies = await Promise.all(Array.from({ length: 30 }, (_, i) =>
            i % 2 ? remit(a, { to_user: b.id, amount_won: 10 }, b.id) : remit(b, { to_user: a.id, amount_won: 10 }, a.id)));
        assert.ok(replies.every((r) => r.status === 201), replies.map(told).join('\n'));
        assert.equal((await posted(a)) + (await posted(b)), before);
    });

    it('what is no amount, no currency, nobody or oneself is refused with its own code, and nothing moves', async () => {
        const before = [await posted(a), await posted(b), await number('SELECT COUNT(*) FROM gonggu_pay.transfer')];
        const table = [
            [{ to_user: b.id, amount_won: 0 }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: -1_000 }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: 0.5 }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: '1000' }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: 2 ** 53 }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: 1e300 }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id }, 422, 'invalid', '/amount_won'],
            [{ to_user: b.id, amount_won: 1_000, currency: 'USD' }, 422, 'invalid', '/currency'],
            [{ amount_won: 1_000 }, 422, 'invalid', '/to_user'],
            [{ to_user: b.id, to_nickname: b.nickname, amount_won: 1_000 }, 422, 'invalid', '/to_user'],
            [{ to_user: 'nobody', amount_won: 1_000 }, 422, 'invalid', '/to_user'],
            [{ to_user: b.id, amount_won: 1_000, memo: 'x'.repeat(101) }, 422, 'invalid', '/memo'],
            [{ to_user: b.id, amount_won: 1_000, memo: 'a\u0007b' }, 422, 'invalid', '/memo'],
            [{ to_user: uuid(), amount_won: 1_000 }, 422, 'recipient_unknown'],
            [{ to_nickname: '없는 이웃', amount_won: 1_000 }, 422, 'recipient_unknown'],
            [{ to_user: a.id, amount_won: 1_000 }, 422, 'self_transfer'],
            [{ to_nickname: a.nickname, amount_won: 1_000 }, 422, 'self_transfer'],
            [{ to_user: b.id, amount_won: 2_000_001 }, 422, 'limit_exceeded'],
            [{ to_user: b.id, amount_won: 1_999_999 }, 422, 'insufficient_funds'],
        ];
        for (const [json, status, code, pointer] of table)
            expectProblem(await remit(a, json, json.to_nickname === a.nickname ? a.id : (json.to_user ?? b.id)), status, code, pointer);
        expectProblem(await a.send('POST', '/v1/pay/remittances', { json: { to_user: b.id, amount_won: 1 } }), 400, 'idempotency_key_missing');
        expectProblem(await a.send('POST', '/v1/pay/remittances', { json: { to_user: b.id, amount_won: 1 }, key: uuid(), token: 'x.y.z' }), 401, 'unauthenticated');
        assert.deepEqual([await posted(a), await posted(b), await number('SELECT COUNT(*) FROM gonggu_pay.transfer')], before);
    });

    it('the limit of a day holds, in any number of moves, and a new day in Seoul is a new limit', async () => {
        const rich = await signUp('부자');
        for (let i = 0; i < 3; i++) await rich.charge(2_000_000);
        await drained();
        expect(await remit(rich, { to_user: b.id, amount_won: 2_000_000 }, b.id), 201);
        expect(await remit(rich, { to_user: b.id, amount_won: 2_000_000 }, b.id), 201);
        const problem = expectProblem(await remit(rich, { to_user: b.id, amount_won: 1_000_001 }, b.id), 422, 'limit_exceeded');
        assert.equal(problem.spent, 4_000_000);
        expect(await remit(rich, { to_user: b.id, amount_won: 1_000_000 }, b.id), 201);
        assert.equal(expect(await rich.get('/v1/pay/limits'), 200).left_won, 0);
        expectProblem(await remit(rich, { to_user: b.id, amount_won: 1 }, b.id), 422, 'limit_exceeded');
    });

    it('who bears a name, and whom one has sent to before', async () => {
        const found = expect(await a.get(`/v1/pay/recipients?nickname=${encodeURIComponent(b.nickname)}`), 200);
        assert.equal(found.user, b.id);
        expectProblem(await a.get('/v1/pay/recipients?nickname=%EC%97%86%EB%8B%A4'), 422, 'recipient_unknown');
        const { items } = expect(await a.get('/v1/pay/contacts'), 200);
        assert.ok(items.some((c) => c.user === b.id && c.nickname === b.nickname));
        assert.ok(!items.some((c) => c.user === a.id));
    });

    it('the books are whole', async () => {
        await drained();
        await checkInvariants();
        assert.ok(clock.offset() >= 0);
    });
});
