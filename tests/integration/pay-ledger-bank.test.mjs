// tests/integration/pay-ledger-bank.test.mjs: the short form of the bank workload; tests/long/pay-bank.test.mjs is the long one.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { bank } from '../lib/bank.mjs';

it('P1 P4 a bank of neighbours: every reply and every wallet is what the model says, every snapshot adds up to zero', async () => {
    const seed = Date.now() % 1e9;
    console.log(`seed ${seed}`);
    const { answers } = await bank({ people: 6, moves: 150, width: 12, seed });
    assert.ok(answers[201] > 50, JSON.stringify(answers));
    await checkInvariants();
});
