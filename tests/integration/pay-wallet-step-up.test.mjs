// tests/integration/pay-wallet-step-up.test.mjs: P12 no money leaves without a proof bound to its payee and amount, used once.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import { drained } from '../lib/db.mjs';
import { signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { prove } from '../lib/step-up.mjs';
import { bankAccount, payRequest, remit, withdraw } from '../lib/wallet.mjs';

describe('P12 step-up', () => {
    let a, b, account, request;
    before(async () => {
        [a, b] = await signUpMany(2, 50_000, '증명');
        await drained();
        account = await bankAccount(a);
        request = expect(await b.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 5_000, split: 'equal', people: [{ user: a.id }] }] }), 201);
    });

    it('without a proof nothing moves, and the same key with one does', async () => {
        const key = uuid();
        const json = { to_user: b.id, amount_won: 1_000 };
        expectProblem(await remit(a, json, b.id, { key, proof: false }), 403, 'step_up_required');
        expectProblem(await withdraw(a, account, 2_000, { proof: false }), 403, 'step_up_required');
        expectProblem(await payRequest(a, request, 1_000, { proof: false }), 403, 'step_up_required');
        assert.equal((await a.wallet()).available_won, 50_000);
        expect(await remit(a, json, b.id, { key }), 201);
    });

    it('the proof that auth gives for the PIN counts', async () => {
        const act = { purpose: 'withdraw', payee: account.id, amount_won: 1_500 };
        const proof = await a.stepUp(act);
        const before = (await a.wallet()).available_won;
        expectProblem(await withdraw(a, account, 1_501, { proof: false, headers: { 'step-up': proof } }), 403, 'step_up_required');
        expect(await withdraw(a, account, 1_500, { proof: false, headers: { 'step-up': proof } }), 202);
        assert.equal((await a.wallet()).available_won, before - 1_500);
    });

    it('a proof of anything else does not count', async () => {
        const json = { to_user: b.id, amount_won: 1_000 };
        const wrong = [
            { amount_won: 1_001 },
            { payee: a.id },
            { payee: account.id },
            { purpose: 'withdraw' },
            { purpose: 'request' },
            { deal: uuid() },
            { terms: 2 },
            { claims: { sub: b.id } },
            { claims: { sid: uuid() } },
            { claims: { exp: 1_700_000_000 } },
            { claims: { aud: 'elsewhere' } },
            { claims: { iss: 'somebody' } },
        ];
        for (const proof of wrong) expectProblem(await remit(a, json, b.id, { proof }), 403, 'step_up_required');
        const forged = `${(await prove(a, { purpose: 'remit', payee: b.id, amount_won: 1_000 })).split('.').slice(0, 2).join('.')}.${Buffer.alloc(64, 7).toString('base64url')}`;
        for (const header of [forged, a.token, 'x', 'a.b.c'])
            expectProblem(await remit(a, json, b.id, { proof: false, headers: { 'step-up': header } }), 403, 'step_up_required');
        expectProblem(await a.post('/v1/pay/remittances', json, { headers: { authorization: `Bearer ${await prove(a, { purpose: 'remit', payee: b.id, amount_won: 1_000 })}` } }), 401, 'unauthenticated');
        assert.equal((await a.wallet()).available_won, 47_500);
    });

    it('a proof serves once, also for forty requests at the same time', async () => {
        const proof = await prove(a, { purpose: 'remit', payee: b.id, amount_won: 700 });
        const replies = await Promise.all(Array.from({ length: 40 }, (_, i) =>
            remit(a, { to_user: b.id, amount_won: 700 }, b.id, { proof: false, headers: { 'step-up': proof }, base: stack.instances.pay[i % 2] })));
        assert.equal(replies.filter((r) => r.status === 201).length, 1, replies.map(told).slice(0, 3).join('\n'));
        assert.ok(replies.filter((r) => r.status !== 201).every((r) => r.status === 403 && r.body.code === 'step_up_required'), replies.map((r) => r.status).join());
        assert.equal((await a.wallet()).available_won, 46_800);
    });
});
