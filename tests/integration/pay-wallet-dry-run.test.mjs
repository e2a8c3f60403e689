// tests/integration/pay-wallet-dry-run.test.mjs: `?dry_run=1` answers as the move itself would, and moves nothing.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import { drained, rowCounts } from '../lib/db.mjs';
import { prove } from '../lib/step-up.mjs';
import { signUpMany } from '../lib/people.mjs';
import { bankAccount } from '../lib/wallet.mjs';

const PAY = /^gonggu_pay\./;
const payRows = async () => Object.fromEntries(Object.entries(await rowCounts()).filter(([table]) => PAY.test(table)));

/** What of a reply must be the same: all but the mark itself, and what names this very answer or its instant. */
const answer = ({ status, body }) => JSON.parse(JSON.stringify({ status, ...body }, (name, value) => (/^(dry_run|request_id|at|.*_at)$/.test(name) ? undefined : value)));

describe('P9 a dry run answers what the move will, and moves nothing', () => {
    let a, b, c, account, request;

    before(async () => {
        [a, b, c] = await signUpMany(3, 50_000, '시늉');
        await drained();
        account = await bankAccount(a);
        request = expect(await b.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 9_000, split: 'equal', people: [{ user: a.id }] }] }), 201);
        expect(await a.send('PUT', `/v1/auth/blocks/${c.id}`), 204);
        await drained();
    });

    const CASES = [
        ['a remittance', () => ['remittances', { to_user: b.id, amount_won: 1_000 }, 'remit', b.id], 201],
        ['one by nickname with a memo', () => ['remittances', { to_nickname: b.nickname, amount_won: 700, memo: '고마워요' }, 'remit', b.id], 201],
        ['one that exceeds the wallet', () => ['remittances', { to_user: b.id, amount_won: 900_000 }, 'remit', b.id], 422, 'insufficient_funds'],
        ['one to oneself', () => ['remittances', { to_user: a.id, amount_won: 1_000 }, 'remit', a.id], 422],
        ['one to nobody', () => ['remittances', { to_nickname: '아무도아닌이', amount_won: 1_000 }, 'remit', b.id], 422, 'recipient_unknown'],
        ['one to somebody blocked', () => ['remittances', { to_user: c.id, amount_won: 1_000 }, 'remit', c.id], 403, 'counterpart_blocked'],
        ['one of nothing', () => ['remittances', { to_user: b.id, amount_won: 0 }, 'remit', b.id], 422],
        ['a withdrawal', () => ['withdrawals', { bank_account: account.id, amount_won: 2_000 }, 'withdraw', account.id], 202],
        ['one below the minimum', () => ['withdrawals', { bank_account: account.id, amount_won: 1 }, 'withdraw', account.id], 422, 'limit_exceeded'],
        ['one to an account of nobody', () => { const id = uuid(); return ['withdrawals', { bank_account: id, amount_won: 2_000 }, 'withdraw', id]; }, 422],
        ['paying a part of a request', () => [`requests/${request.id}/pay`, { amount_won: 1_500 }, 'request', request.id], 200],
        ['paying more than is owed', () => [`requests/${request.id}/pay`, { amount_won: 8_000 }, 'request', request.id], 422, 'request_overpaid'],
    ];

    for (const [says, make, status, code] of CASES)
        it(`${says}: ${status}${code ? ` ${code}` : ''}`, async () => {
            const [path, json, purpose, payee] = make();
            const key = uuid();
            await drained();
            const [rows, wallet] = [await payRows(), await a.wallet()];
            const dry = await a.send('POST', `/v1/pay/${path}?dry_run=1`, { json, key });
            assert.deepEqual(await payRows(), rows, `${says}: rows were written`);
            assert.deepEqual(await a.wallet(), wallet);
            const headers = { 'step-up': await prove(a, { purpose, payee, amount_won: json.amount_won }) };
            const real = await a.send('POST', `/v1/pay/${path}`, { json, key, headers });
            assert.equal(real.status, status, told(real));
            if (code) expectProblem(real, status, code);
            assert.deepEqual(answer(dry), answer(real));
            if (status < 300 && purpose !== 'request') assert.equal(dry.body.dry_run, true);
            assert.notEqual(real.body.dry_run, true);
        });

    it('asked a hundred times it leaves no trace; with the key of a move it answers with the outcome', async () => {
        const key = uuid(), json = { to_user: b.id, amount_won: 300 };
        const rows = await payRows();
        await Promise.all(Array.from({ length: 100 }, async () => expect(await a.send('POST', '/v1/pay/remittances?dry_run=true', { json, key: uuid() }), 201)));
        assert.deepEqual(await payRows(), rows);
        const headers = { 'step-up': await prove(a, { purpose: 'remit', payee: b.id, amount_won: 300 }) };
        const real = expect(await a.send('POST', '/v1/pay/remittances?dry_run=false', { json, key, headers }), 201);
        const again = await a.send('POST', '/v1/pay/remittances?dry_run=1', { json, key });
        assert.deepEqual(expect(again, 201), real);
        assert.equal(again.headers.get('idempotency-replayed'), 'true');
    });

    it('it is no way around the proof: without one the move itself is refused', async () => {
        const json = { to_user: b.id, amount_won: 300 };
        for (const query of ['', '?dry_run=0', '?dry_run=false', '?dry=1'])
            expectProblem(await a.send('POST', `/v1/pay/remittances${query}`, { json, key: uuid() }), 403, 'step_up_required');
        expectProblem(await a.send('POST', '/v1/pay/remittances?dry_run=perhaps', { json, key: uuid() }), 422, 'invalid', '?dry_run');
    });
});
