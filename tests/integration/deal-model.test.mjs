// tests/integration/deal-model.test.mjs: the short form of tests/long/deal-model.test.mjs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { drained } from '../lib/db.mjs';
import { run } from '../lib/deal-model.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';

describe('deals against a model', () => {
    it('D1 D3 D5 D7 random acts of sixteen neighbours on two instances', async (t) => {
        const host = await signUp('방장');
        const guests = await signUpMany(16, 50_000, '손님');
        const seed = Number(process.env.GONGGU_SEED ?? Date.now() % 1e9);
        t.diagnostic(`seed ${seed}`);
        for (const boxes of [false, true]) {
            const met = await run({ host, guests, ops: 300, width: 8, seed: seed + Number(boxes), boxes });
            t.diagnostic(Object.entries(met).map(([what, n]) => `${what}: ${n}`).join(', '));
            assert.ok(met['join 202'] > 0 && met['leave 200'] > 0);
        }
        await drained();
        await checkInvariants();
    });
});
