// tests/long/deal-model.test.mjs: deals against a reference model, for as many acts as wanted: GONGGU_OPS (default a
// million), GONGGU_CLIENTS (200), GONGGU_SEED. Every deal has its own seed, which is printed when it fails.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { run } from '../lib/deal-model.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';

const ops = Number(process.env.GONGGU_OPS ?? 1_000_000);
const clients = Number(process.env.GONGGU_CLIENTS ?? 200);
const first = Number(process.env.GONGGU_SEED ?? Date.now() % 1e9);
const EACH = 1_000; // acts on one deal
const FRESH = 240_000; // ms: tokens live five minutes

describe('deals against a model', () => {
    it(`D1 D3 D5 D7 ${ops} random acts of ${clients} neighbours`, { timeout: 0 }, async (t) => {
        const host = await signUp('방장');
        const guests = await signUpMany(clients, 50_000, '손님');
        let fresh = Date.now();
        const met = {};
        t.diagnostic(`first seed ${first}`);
        for (let done = 0, seed = first; done < ops; done += EACH, seed++) {
            if (Date.now() - fresh > FRESH) {
                await Promise.all([host, ...guests].map((p) => p.refresh()));
                fresh = Date.now();
            }
            const seen = await run({ host, guests, ops: Math.min(EACH, ops - done), width: Math.min(32, clients), seed, boxes: seed % 2 === 1 });
            for (const [what, n] of Object.entries(seen)) met[what] = (met[what] ?? 0) + n;
            if (seed % 20 === 0) await checkInvariants();
        }
        t.diagnostic(Object.entries(met).map(([what, n]) => `${what}: ${n}`).join(', '));
        assert.ok(met['join 202'] > 0);
        await checkInvariants();
    });
});
