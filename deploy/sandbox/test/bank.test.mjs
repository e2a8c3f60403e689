// deploy/sandbox/test/bank.test.mjs: the bank tells whose an account is, pays out once per reference, and lies on demand.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { call, openSandbox } from './helpers.mjs';

describe('bank', () => {
    let sandbox, at;
    const headers = { authorization: 'Bearer bank key' };
    const account = { bank: '088', number: '110123456789', holder: '김이웃' };
    before(async () => {
        sandbox = await openSandbox();
        at = (path, options) => call(`${sandbox.url}/bank${path}`, { headers, ...options });
        await at('/_accounts', { method: 'POST', json: account });
    });
    after(() => sandbox.close());
    const pay = (reference, changes = {}) => at('/v1/transfers', { method: 'POST', json: { reference, ...account, amount: 5_000, ...changes } });

    it('knows its accounts, and nobody without the key', async () => {
        assert.equal((await at('/v1/accounts/name', { method: 'POST', json: account })).body.holder, '김이웃');
        assert.equal((await at('/v1/accounts/name', { method: 'POST', json: { ...account, number: '99999999' } })).status, 404);
        assert.equal((await at('/v1/accounts/name', { method: 'POST', json: account, headers: {} })).status, 401);
    });

    it('a reference pays once, also after a restart; other content is refused', async () => {
        const first = await pay('reference-1');
        assert.equal(first.body.status, 'DONE');
        await sandbox.restart();
        assert.equal((await pay('reference-1')).body.transferId, first.body.transferId);
        assert.equal((await pay('reference-1', { amount: 5_001 })).status, 409);
        assert.equal((await at('/_accounts/088/110123456789')).body.balance, 5_000);
        assert.equal((await pay('reference-2', { holder: '박남' })).body.code, 'HOLDER_MISMATCH');
    });

    it('the statement has what was booked, and what came back', async () => {
        const { body: made } = await pay('reference-3');
        await at('/_return', { method: 'POST', json: { reference: 'reference-3' } });
        const { body } = await at(`/v1/statements/${made.date}`);
        assert.deepEqual(body.lines.map((l) => [l.reference, l.direction]), [['reference-1', 'OUT'], ['reference-3', 'OUT'], ['reference-3', 'IN']]);
        await at('/_faults', { method: 'POST', json: { statement: 'less' } });
        assert.equal((await at(`/v1/statements/${made.date}`)).body.lines.length, 2);
    });
});
