// tests/long/pay-sums.test.mjs: ten million ledger operations with their sums checked. PAY_SUMS_OPERATIONS (10,000,000),
// PAY_SUMS_PROCESSES (3), SEED.
import { it } from 'node:test';
import { runTest } from '../lib/it.mjs';

it('P1 sums, chains and balances over many operations of several processes', { timeout: 7_200_000 }, async () => {
    const { PAY_SUMS_OPERATIONS: operations = '10000000', PAY_SUMS_PROCESSES: processes = '3', SEED: seed = String(Date.now() % 1e9) } = process.env;
    await runTest('services/pay/test/it_sums', { GONGGU_LEDGER_OPERATIONS: operations, GONGGU_LEDGER_PROCESSES: processes, SEED: seed });
});
