// tests/integration/pay-wallet-people.test.mjs: neighbours who keep apart, who leave, and who ask what is known of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expect, expectProblem } from '../lib/api.mjs';
import { drained, id, query } from '../lib/db.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';
import { bankAccount, remit, withdraw, withdrawalIs } from '../lib/wallet.mjs';

const answers = async (person) =>
    (await query(`SELECT envelope FROM gonggu_pay.outbox WHERE aggregate = ${id(person.id)} AND type = 'pay.closing.answered.v1' ORDER BY sequence`)).map(
        ([text]) => JSON.parse(text).data.items.map((i) => i.kind).sort());

describe('who keeps apart', () => {
    it('a block stops money in both directions, and the request for it; taken back, it flows again', async () => {
        const [a, b] = await signUpMany(2, 10_000, '차단');
        await drained();
        expect(await a.send('PUT', `/v1/auth/blocks/${b.id}`), 204);
        await drained();
        expectProblem(await remit(a, { to_user: b.id, amount_won: 1_000 }, b.id), 403, 'counterpart_blocked');
        expectProblem(await remit(b, { to_nickname: a.nickname, amount_won: 1_000 }, a.id), 403, 'counterpart_blocked');
        expectProblem(await b.get(`/v1/pay/recipients?nickname=${encodeURIComponent(a.nickname)}`), 422, 'recipient_unknown');
        expectProblem(await b.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 1_000, split: 'equal', people: [{ user: a.id }] }] }), 403, 'counterpart_blocked');
        assert.equal((await a.wallet()).posted_won, 10_000);
        expect(await a.send('DELETE', `/v1/auth/blocks/${b.id}`), 204);
        await drained();
        expect(await remit(a, { to_user: b.id, amount_won: 1_000 }, b.id), 201);
    });
});

describe('who leaves', () => {
    it('is told what is in flight', async () => {
        const [a, b] = await signUpMany(2, 10_000, '탈퇴');
        await drained();
        expect(await a.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 1_000, split: 'equal', people: [{ user: b.id }] }] }), 201);
        expect(await a.post('/v1/pay/charges', { amount_won: 5_000 }), 201);
        expect(await a.send('POST', '/v1/auth/closing', { json: { again: { password: a.password } } }), 202);
        await until('pay has answered', async () => (await answers(a)).length === 1);
        assert.deepEqual((await answers(a))[0], ['balance', 'move', 'request']);
    });

    it('with nothing in flight the answer is empty', async () => {
        const a = await signUp('빈손');
        await drained();
        expect(await a.send('POST', '/v1/auth/closing', { json: { again: { password: a.password } } }), 202);
        await until('pay has answered', async () => (await answers(a)).length === 1);
        assert.deepEqual(await answers(a), [[]]);
    });
});

describe('export', () => {
    it('everything pay keeps of one, in one document', async () => {
        const [a, b] = await signUpMany(2, 20_000, '사본');
        await drained();
        const account = await bankAccount(a);
        await withdrawalIs(a, expect(await withdraw(a, account, 2_000), 202), 'posted');
        expect(await remit(a, { to_user: b.id, amount_won: 500, memo: '"따옴표"' }, b.id), 201);
        const reply = await a.get('/v1/pay/export');
        const body = expect(reply, 200);
        assert.match(reply.headers.get('content-disposition'), /gonggu-pay\.json/);
        assert.equal(body.user, a.id);
        assert.equal(body.wallet.posted_won, 17_500);
        assert.deepEqual(body.history.map((l) => l.kind), ['remit', 'withdraw', 'charge']);
        assert.equal(body.history[0].memo, '"따옴표"');
        assert.equal(body.bank_accounts[0].number, account.number, "one's own is whole");
        assert.equal(body.withdrawals.length, 1);
        assert.deepEqual(body.requests_sent, []);
        assert.ok(!JSON.stringify(expect(await b.get('/v1/pay/export'), 200)).includes(account.number));
    });
});
