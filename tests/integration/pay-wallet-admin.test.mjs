// tests/integration/pay-wallet-admin.test.mjs: P14: ledger, provider and bank agree every day; what cannot be explained is
// held for review, and two administrators decide.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { approve, signUp } from '../lib/people.mjs';
import { secret, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { bankAccount, bankFaults, remit, returnAtBank, withdraw, withdrawalIs } from '../lib/wallet.mjs';

const basic = `Basic ${Buffer.from(`${secret('provider')}:`).toString('base64')}`;
const atProvider = async (path, json) => {
    const reply = await fetch(`${stack.sandbox}/pay${path}`, { method: 'POST', headers: { authorization: basic }, body: JSON.stringify(json) });
    assert.ok(reply.ok, `${path}: ${await reply.clone().text()}`);
    return reply.json();
};
const faults = (set) => atProvider('/_faults', set);
const cancel = (key, amount) => atProvider(`/v1/payments/${key}/cancel`, { cancelReason: '시험', ...(amount && { cancelAmount: amount }) });
const keyOf = (charge) => new URL(charge.checkout_url).pathname.split('/').pop();
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' }).format(new Date());
const posted = async (person) => (await person.wallet()).posted_won;

/** A charge that is done, and the provider's key of it. */
async function charged(person, won) {
    const charge = expect(await person.post('/v1/pay/charges', { amount_won: won }), 201);
    const key = keyOf(charge);
    await approve(charge.checkout_url);
    expect(await person.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: key, amount_won: won }), 200);
    return { id: charge.id, key };
}

describe('P14 admin and reconciliation', () => {
    let first, second, person, other;
    const quiet = async () => {
        await faults({ webhook: null, transactions: null, confirm: null });
        await bankFaults({ transfer: null, lookup: null, statement: null });
    };
    before(async () => {
        await quiet();
        [first, second, person, other] = [await signUpAdmin(), await signUpAdmin(), await signUp('대조'), await signUp('상대')];
        await drained();
    });
    after(quiet);
    const reconcile = async () => expect(await first.send('POST', '/v1/pay/admin/reconciliations', { json: { day: today } }), 201);
    const openReview = async (kind, subject) => {
        const { items } = expect(await first.get('/v1/pay/admin/reviews?limit=100'), 200);
        return items.find((r) => r.kind === kind && (!subject || r.subject === subject));
    };

    it('only administrators', async () => {
        for (const path of ['state', 'reviews', 'corrections', 'reconciliations'])
            assert.equal((await person.get(`/v1/pay/admin/${path}`)).status, 403);
        const state = expect(await first.get('/v1/pay/admin/state'), 200);
        assert.equal(state.posted_sum_won, 0);
        assert.equal(state.pending_off_won, 0);
    });

    it('the provider takes a charge back, in parts and whole: out of the wallet, once', async () => {
        const { key } = await charged(person, 20_000);
        await cancel(key, 5_000);
        await until('5,000 are out', async () => (await posted(person)) === 15_000);
        await cancel(key);
        await until('all is out', async () => (await posted(person)) === 0);
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.transfer WHERE kind = 'reversal' AND debit_account = ${id(person.id)}`), 2);
    });

    it('taken back when the money is gone: held for review, the wallet never goes below zero', async () => {
        const { id: charge, key } = await charged(person, 10_000);
        expect(await remit(person, { to_user: other.id, amount_won: 9_000 }, other.id), 201);
        await cancel(key);
        const review = await until('a review is open', () => openReview('reversal', charge));
        assert.equal(review.amount_won, 10_000);
        assert.equal(await posted(person), 1_000);
        // Two administrators settle it by an entry; nobody alone.
        const propose = (admin, json) => admin.post('/v1/pay/admin/corrections', json);
        const json = { from_user: person.id, to_house: 'suspense', amount_won: 1_000, reason: '취소된 충전의 일부' };
        const made = expect(await propose(first, { ...json, review: review.id }), 201);
        expectProblem(await first.post(`/v1/pay/admin/corrections/${made.id}/approve`), 403, 'second_approver_required');
        assert.equal((await person.post(`/v1/pay/admin/corrections/${made.id}/approve`)).status, 403);
        assert.equal(await posted(person), 1_000);
        assert.equal(expect(await second.post(`/v1/pay/admin/corrections/${made.id}/approve`), 200).state, 'applied');
        expectProblem(await second.post(`/v1/pay/admin/corrections/${made.id}/approve`), 409, 'already_decided');
        assert.equal(await posted(person), 0);
        assert.equal(expect(await person.get('/v1/pay/history?kind=correction'), 200).items[0].memo, '취소된 충전의 일부');
        const rejected = expect(await propose(first, { ...json, from_house: 'suspense', from_user: undefined, to_house: undefined, to_user: other.id }), 201);
        assert.equal(expect(await second.post(`/v1/pay/admin/corrections/${rejected.id}/reject`), 200).state, 'rejected');
        const tooMuch = expect(await propose(first, json), 201);
        expectProblem(await second.post(`/v1/pay/admin/corrections/${tooMuch.id}/approve`), 422, 'insufficient_funds');
        expectProblem(await propose(first, { ...json, to_house: undefined }), 422, 'invalid', '/to_user');
        expectProblem(await propose(first, { ...json, to_user: other.id }), 422, 'invalid', '/to_user');
        expectProblem(await propose(first, { ...json, amount_won: 0 }), 422, 'invalid', '/amount_won');
        expectProblem(await propose(first, { ...json, reason: '' }), 422, 'invalid', '/reason');
        expectProblem(await first.post(`/v1/pay/admin/reviews/${review.id}/approve`), 409, 'not_proposed');
        expectProblem(await first.post(`/v1/pay/admin/reviews/${review.id}/propose`, { decision: 'void', reason: '잘못된 결정' }), 422, 'wrong_decision');
        expect(await first.post(`/v1/pay/admin/reviews/${review.id}/propose`, { decision: 'close', reason: '정정으로 처리' }), 200);
        expectProblem(await first.post(`/v1/pay/admin/reviews/${review.id}/approve`), 403, 'second_approver_required');
        assert.equal(expect(await second.post(`/v1/pay/admin/reviews/${review.id}/approve`), 200).state, 'decided');
    });

    it('a signed webhook that is sent again asks nobody; a forged one is refused', async () => {
        const charge = expect(await other.post('/v1/pay/charges', { amount_won: 3_000 }), 201);
        const body = JSON.stringify({ eventType: 'PAYMENT_STATUS_CHANGED', data: { paymentKey: keyOf(charge), orderId: charge.id, status: 'DONE', totalAmount: 3_000 } });
        const hook = (time, sign = secret('webhook')) => send('POST', '/v1/pay/webhooks/provider', { raw: body, type: 'application/json', headers: {
            'tosspayments-webhook-transmission-time': time,
            'tosspayments-webhook-signature': `v1:${createHmac('sha256', sign).update(`${body}:${time}`).digest('base64')}`,
        } });
        const time = new Date().toISOString();
        const seen = await number('SELECT COUNT(*) FROM gonggu_pay.seen_webhook');
        for (let i = 0; i < 3; i++) assert.equal((await hook(time)).status, 204);
        assert.equal(await number('SELECT COUNT(*) FROM gonggu_pay.seen_webhook'), seen + 1);
        expectProblem(await hook(time, 'another secret'), 401, 'bad_signature');
        assert.equal(expect(await other.get(`/v1/pay/charges/${charge.id}`), 200).state, 'created', 'saying DONE makes nothing done');
    });

    it('a missing webhook and a missed payment are made good', async () => {
        await faults({ webhook: 'none' });
        const charge = expect(await other.post('/v1/pay/charges', { amount_won: 6_000 }), 201);
        await approve(charge.checkout_url);
        await atProvider('/v1/payments/confirm', { paymentKey: keyOf(charge), orderId: charge.id, amount: 6_000 });
        const { key, id: done } = await charged(other, 4_000);
        await cancel(key, 1_500);
        const before = await posted(other);
        const report = await reconcile();
        const kinds = report.findings.map((f) => [f.kind, f.reference, f.outcome]);
        assert.deepEqual(kinds.filter(([, r]) => r === charge.id), [['missed_payment', charge.id, 'healed']]);
        assert.deepEqual(kinds.filter(([, r]) => r === done), [['missed_reversal', done, 'healed']]);
        assert.equal(await posted(other), before + 6_000 - 1_500);
        await faults({ webhook: null });
        const again = await reconcile();
        assert.equal(again.healed, 0);
    });

    it('amounts that differ, payments and transfers one side knows of: each is found, nothing moves', async () => {
        const account = await bankAccount(other);
        await withdrawalIs(other, expect(await withdraw(other, account, 2_000), 202), 'posted');
        const before = await posted(other);
        const base = (await reconcile()).unexplained;
        for (const [where, fault, kind] of [
            ['provider', { transactions: 'amount' }, 'provider_amount'],
            ['provider', { transactions: 'less' }, 'provider_less'],
            ['provider', { transactions: 'more' }, 'provider_more'],
            ['bank', { statement: 'amount' }, 'bank_amount'],
            ['bank', { statement: 'less' }, 'bank_less'],
            ['bank', { statement: 'more' }, 'bank_more'],
        ]) {
            await (where === 'bank' ? bankFaults : faults)(fault);
            const report = await reconcile();
            assert.ok(report.findings.some((f) => f.kind === kind && f.outcome === 'review'), `${kind}: ${JSON.stringify(report.findings)}`);
            assert.equal(report.state, 'open');
            assert.ok(report.unexplained > base, kind);
            assert.ok(await openReview(kind), kind);
            await quiet();
        }
        assert.equal((await reconcile()).unexplained, base, 'with honest lists nothing is left');
        assert.equal(await posted(other), before);
    });

    it('a withdrawal in review is decided by two; one that comes back is found', async () => {
        const account = await bankAccount(other, '김검토');
        await bankFaults({ transfer: 'done_then_500', lookup: 'amount' });
        const asked = expect(await withdraw(other, account, 1_000), 202);
        await withdrawalIs(other, asked, 'review');
        await quiet();
        const review = await openReview('withdrawal', asked.id);
        expect(await first.post(`/v1/pay/admin/reviews/${review.id}/propose`, { decision: 'post', reason: '은행에서 확인' }), 200);
        expect(await second.post(`/v1/pay/admin/reviews/${review.id}/approve`), 200);
        await withdrawalIs(other, asked, 'posted');
        await returnAtBank(asked.id);
        const mine = (report) => report.findings.filter((f) => f.kind === 'bank_returned' && f.reference === asked.id).map((f) => f.outcome);
        const { unexplained, ...report } = await reconcile();
        assert.deepEqual(mine(report), ['review']);
        const returned = await openReview('bank_returned', asked.id);
        expect(await first.post(`/v1/pay/admin/reviews/${returned.id}/propose`, { decision: 'close', reason: '지갑에 되돌려 넣음' }), 200);
        expect(await second.post(`/v1/pay/admin/reviews/${returned.id}/approve`), 200);
        const after = await reconcile();
        assert.deepEqual(mine(after), ['decided'], 'what two have decided is explained');
        assert.equal(after.unexplained, unexplained - 1);
    });

    it('the books are whole', async () => {
        await drained();
        await checkInvariants();
        const state = expect(await first.get('/v1/pay/admin/state'), 200);
        assert.deepEqual([state.posted_sum_won, state.pending_off_won], [0, 0]);
        assert.ok(state.last.findings);
    });
});
