// tests/long/pay-bank.test.mjs: the bank workload at length. PAY_BANK_MOVES (20,000), PAY_BANK_PEOPLE (40), SEED.
import { it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { bank } from '../lib/bank.mjs';

it('P1 P4 a bank of many neighbours against the model', { timeout: 3_600_000 }, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    console.log(`seed ${seed}`);
    const { answers } = await bank({ people: Number(process.env.PAY_BANK_PEOPLE ?? 40), moves: Number(process.env.PAY_BANK_MOVES ?? 20_000), width: 32, seed, won: 500_000 });
    console.log(answers);
    await checkInvariants();
});
