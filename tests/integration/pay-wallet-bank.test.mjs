// tests/integration/pay-wallet-bank.test.mjs: money goes out to a bank account: held first, out or free again, exactly
// once, with a bank that fails, hangs and forgets to answer.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { signUp } from '../lib/people.mjs';
import { kill } from '../lib/stack.mjs';
import { atBank, bankAccount, bankFaults, closeAtBank, withdraw, withdrawalIs } from '../lib/wallet.mjs';

const NONE = { transfer: null, lookup: null, statement: null };

describe('bank accounts and withdrawals', () => {
    let person, other, account;
    before(async () => {
        await bankFaults(NONE);
        [person, other] = [await signUp('출금', 200_000), await signUp('남')];
        account = await bankAccount(person);
    });
    after(async () => {
        clock.reset();
        await bankFaults(NONE);
    });

    it('an account is registered only under the name the bank has, and its number is never shown whole', async () => {
        const { items } = expect(await person.get('/v1/pay/bank-accounts'), 200);
        assert.equal(items.length, 1);
        assert.equal(items[0].number, `********${account.number.slice(-4)}`);
        const { id: again } = expect(await person.post('/v1/pay/bank-accounts', { bank: account.bank, number: account.number, holder: account.holder }), 200);
        assert.equal(again, account.id, 'the same account is one registration');
        expectProblem(await person.post('/v1/pay/bank-accounts', { bank: account.bank, number: account.number, holder: '박남남' }), 422, 'holder_mismatch');
        expectProblem(await person.post('/v1/pay/bank-accounts', { bank: '088', number: '99999999', holder: '김이웃' }), 422, 'bank_account_unknown');
        expectProblem(await person.post('/v1/pay/bank-accounts', { bank: '88', number: '1-2', holder: '' }), 422, 'invalid', '/number');
        for (let i = 0; i < 4; i++) await bankAccount(other);
        await bankAccount(other);
        const sixth = await bankAccount(other).catch((e) => e);
        assert.match(String(sixth), /bank_accounts_full/);
    });

    it('P3 pending, then posted: the wallet pays when the bank has it', async () => {
        const asked = expect(await withdraw(person, account, 50_000), 202);
        assert.equal(asked.state, 'pending');
        await withdrawalIs(person, asked, 'posted');
        assert.equal(await atBank(account), 50_000);
        assert.deepEqual(await person.wallet(), { posted_won: 150_000, held_won: 0, available_won: 150_000, version: 2 });
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.outbox WHERE aggregate = ${id(asked.id)} AND type = 'pay.money.moved.v1'`), 1);
    });

    it('P4 the same key pays out once', async () => {
        const key = uuid();
        const first = expect(await withdraw(person, account, 1_000, { key }), 202);
        const second = await withdraw(person, account, 1_000, { key });
        assert.equal(second.headers.get('idempotency-replayed'), 'true');
        assert.equal(second.body.id, first.id);
        await withdrawalIs(person, first, 'posted');
        assert.equal(await atBank(account), 51_000);
    });

    it('P3 refused by the bank: voided, all is free again, and the day has its limit back', async () => {
        const closed = await bankAccount(person, '김닫음');
        await closeAtBank(closed);
        const before = await person.wallet();
        const limits = expect(await person.get('/v1/pay/limits'), 200);
        const asked = expect(await withdraw(person, closed, 30_000), 202);
        const seen = await withdrawalIs(person, asked, 'voided');
        assert.equal(seen.reason, 'ACCOUNT_CLOSED');
        assert.deepEqual(await person.wallet(), before);
        assert.equal(expect(await person.get('/v1/pay/limits'), 200).spent_won, limits.spent_won);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.outbox WHERE aggregate = ${id(asked.id)} AND type = 'pay.withdrawal.failed.v1'`), 1);
    });

    it('the bank does it and does not say so, or answers 500 after it, or loses it: looked up, paid once', async () => {
        let there = await atBank(account);
        for (const fault of ['done_then_500', 'lost', '500', 'pending']) {
            await bankFaults({ transfer: fault });
            const asked = expect(await withdraw(person, account, 2_000), 202);
            await new Promise((resolve) => setTimeout(resolve, 1_200));
            const held = await person.wallet();
            if (fault !== 'done_then_500') assert.equal(held.held_won, 2_000, `${fault}: held while nobody knows`);
            await bankFaults({ transfer: null });
            await withdrawalIs(person, asked, 'posted', 30_000);
            there += 2_000;
            assert.equal(await atBank(account), there, fault);
        }
    });

    it('kill -9 while the bank hangs: the transfer is made once', async () => {
        const there = await atBank(account);
        await bankFaults({ transfer: 'timeout' });
        const asked = expect(await withdraw(person, account, 3_000), 202);
        await new Promise((resolve) => setTimeout(resolve, 1_500)); // the bank has it and is silent
        await Promise.all([kill('pay-1'), kill('pay-2')]);
        await bankFaults({ transfer: null });
        clock.advance(2 * clock.MINUTE); // the lease of the killed one ends
        await withdrawalIs(person, asked, 'posted', 20_000);
        assert.equal(await atBank(account), there + 3_000);
    });

    it('the bank tells of another amount: held for review, nothing moves', async () => {
        await bankFaults({ transfer: 'done_then_500', lookup: 'amount' });
        const asked = expect(await withdraw(person, account, 4_000), 202);
        await withdrawalIs(person, asked, 'review');
        await bankFaults(NONE);
        assert.equal((await person.wallet()).held_won, 4_000);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.review WHERE kind = 'withdrawal' AND subject = ${id(asked.id)} AND state = 'open'`), 1);
    });

    it('what cannot be withdrawn is refused with its own code', async () => {
        const before = await person.wallet();
        const problem = expectProblem(await withdraw(person, account, before.available_won + 1), 422, 'insufficient_funds');
        assert.equal(problem.available, before.available_won);
        assert.equal(problem.held, before.held_won);
        expectProblem(await withdraw(person, account, 999), 422, 'limit_exceeded');
        expectProblem(await withdraw(person, account, 2_000_001), 422, 'limit_exceeded');
        expectProblem(await withdraw(person, account, 0), 422, 'invalid', '/amount_won');
        expectProblem(await withdraw(person, account, -5_000), 422, 'invalid', '/amount_won');
        expectProblem(await withdraw(person, account, 5_000, { json: { currency: 'JPY' } }), 422, 'invalid', '/currency');
        expectProblem(await withdraw(other, account, 5_000), 422, 'invalid', '/bank_account');
        expectProblem(await withdraw(person, { id: uuid() }, 5_000), 422, 'invalid', '/bank_account');
        assert.equal((await other.get(`/v1/pay/withdrawals/${uuid()}`)).status, 404);
        assert.deepEqual(await person.wallet(), before);
    });

    it('a removed account takes nothing any more', async () => {
        const gone = await bankAccount(person, '김떠남');
        assert.equal((await other.send('DELETE', `/v1/pay/bank-accounts/${gone.id}`)).status, 404);
        assert.equal((await person.send('DELETE', `/v1/pay/bank-accounts/${gone.id}`)).status, 204);
        expectProblem(await withdraw(person, gone, 5_000), 422, 'invalid', '/bank_account');
    });

    it('the books are whole', async () => {
        await drained();
        await checkInvariants();
    });
});
