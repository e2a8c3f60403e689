// tests/long/deal-model.test.mjs: deals against a reference model, for as many acts as wanted: GONGGU_OPS (default a
// million), GONGGU_CLIENTS (200), GONGGU_WIDTH (32 at the same time), GONGGU_SEED. Every deal has its own seed, which is
// printed when it fails.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { drained } from '../lib/db.mjs';
import { run } from '../lib/deal-model.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { each } from '../lib/wait.mjs';

const ops = Number(process.env.GONGGU_OPS ?? 1_000_000);
const clients = Number(process.env.GONGGU_CLIENTS ?? 200);
const width = Math.min(Number(process.env.GONGGU_WIDTH ?? 32), clients);
const first = Number(process.env.GONGGU_SEED ?? Date.now() % 1e9);
const EACH = 2_000; // acts on one deal
const FRESH = 200_000; // ms: tokens live five minutes

describe('deals against a model', () => {
    it(`D1 D3 D5 D7 ${ops} random acts of ${clients} neighbours`, { timeout: 36_000_000 }, async () => {
        const host = await signUp('방장');
        const guests = await signUpMany(clients, 50_000, '손님');
        const met = {};
        let fresh = Date.now(), spent = 0;
        console.log(`first seed ${first}`);
        for (let done = 0, seed = first; done < ops; done += EACH, seed++) {
            if (Date.now() - fresh > FRESH) {
                await each([host, ...guests], 8, (p) => p.refresh());
                fresh = Date.now();
            }
            const began = Date.now();
            const seen = await run({ host, guests, ops: Math.min(EACH, ops - done), width, seed, boxes: seed % 2 === 1 });
            spent += Date.now() - began;
            for (const [what, n] of Object.entries(seen)) met[what] = (met[what] ?? 0) + n;
            if (seed % 50 === 49) console.log(`${done + EACH} acts, ${Math.round(((done + EACH) * 1000) / spent)} per second`);
        }
        console.log(`${ops} acts in ${(spent / 1000).toFixed(1)} s, ${Math.round((ops * 1000) / spent)} per second`);
        console.log(Object.entries(met).map(([what, n]) => `${what}: ${n}`).join(', '));
        assert.ok(met['join 202'] > 0);
        await drained({ within: 600_000 });
        await checkInvariants();
    });
});
