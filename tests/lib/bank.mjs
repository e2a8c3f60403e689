// tests/lib/bank.mjs: a bank workload: many neighbours send each other money at once through both instances, and a model
// that knows what must come out. Some send twice with one key, some more than they have, some to themselves.
import assert from 'node:assert/strict';
import { uuid } from './api.mjs';
import { id, number, query } from './db.mjs';
import { signUpMany } from './people.mjs';
import { stack } from './stack.mjs';
import { each } from './wait.mjs';
import { remit } from './wallet.mjs';

/** A repeatable source of numbers (mulberry32). */
export function random(seed) {
    let a = seed >>> 0;
    return (below) => {
        a = (a + 0x6d2b79f5) >>> 0;
        let t = Math.imul(a ^ (a >>> 15), 1 | a);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) % below;
    };
}

/** Runs `moves` remittances of `people` neighbours, `width` at the same time; every reply is checked against the model. */
export async function bank({ people: count, moves, width, seed, won = 50_000 }) {
    const next = random(seed);
    const people = await signUpMany(count, won, '은행');
    const balance = new Map(people.map((p) => [p.id, won]));
    const answers = { 201: 0, 409: 0, 422: 0 };
    const total = () => number('SELECT COALESCE(SUM(posted), 0) FROM gonggu_pay.account');
    assert.equal(await total(), 0);
    await each(Array.from({ length: moves }, (_, i) => i), width, async (i) => {
        const from = people[next(count)], to = people[next(count)];
        const amount = 1 + next(next(10) === 0 ? 200_000 : 3_000);
        const options = { key: uuid(), base: stack.instances.pay[i % 2] };
        const json = { to_user: to.id, amount_won: amount };
        const again = next(4) === 0;
        const replies = await Promise.all(Array.from({ length: again ? 3 : 1 }, (_, n) => remit(from, json, to.id, { ...options, base: stack.instances.pay[(i + n) % 2] })));
        const known = replies.filter((r) => !(r.status === 409 && r.body.code === 'in_progress'));
        assert.ok(known.length > 0, 'one of them was answered');
        for (const reply of known) {
            assert.equal(reply.status, known[0].status, 'one key, one answer');
            assert.ok(reply.status in answers, JSON.stringify(reply.body));
        }
        answers[known[0].status]++;
        if (known[0].status === 201) {
            assert.notEqual(from.id, to.id);
            balance.set(from.id, balance.get(from.id) - amount);
            balance.set(to.id, balance.get(to.id) + amount);
        }
        if (i % 50 === 0) assert.equal(await total(), 0, 'every snapshot adds up to zero');
    });
    for (const person of people) {
        const posted = await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${id(person.id)}`);
        assert.equal(posted, balance.get(person.id), `the wallet of ${person.nickname}, seed ${seed}`);
        assert.ok(posted >= 0);
    }
    assert.deepEqual(await query('SELECT HEX(id), stopped_for FROM gonggu_pay.account WHERE stopped_for IS NOT NULL'), []);
    return { answers, people };
}
