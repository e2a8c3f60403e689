// tests/lib/deal-model.mjs: random joins, changes, leaves, waiting, edits and closings from many clients on all
// instances, against a reference model written a second time. Every client is a neighbour of its own, so its own answers
// tell what it holds; the rules that bind all together are checked on the rows.
import assert from 'node:assert/strict';
import { told } from './api.mjs';
import { id, number, query } from './db.mjs';
import { allot, openDeal } from './deals.mjs';
import { post } from './quick.mjs';
import { stack } from './stack.mjs';
import { each, until } from './wait.mjs';

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function random(seed) {
    let a = seed >>> 0;
    return (bound) => {
        a = (a + 0x6d2b79f5) >>> 0;
        let t = Math.imul(a ^ (a >>> 15), a | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % bound;
    };
}

/** What each act may be answered, whatever the others do meanwhile. Anything else is a defect. */
const MAY = {
    join: { 202: true, deal_full: true, already_joined: true, terms_changed: true, deal_closed: true, quantity_over_limit: true, box_fill: true },
    resize: { 200: true, 202: true, deal_full: true, not_joined: true, share_changing: true, terms_changed: true, deal_closed: true, quantity_over_limit: true, box_fill: true },
    accept: { 200: true, 202: true, not_joined: true, share_changing: true, terms_changed: true, deal_closed: true, quantity_over_limit: true, box_fill: true },
    leave: { 200: true, not_joined: true, deal_closed: true, box_fill: true },
    wait: { 201: true, seats_free: true, already_waiting: true, already_joined: true, deal_closed: true, terms_changed: true, quantity_over_limit: true },
    unwait: { 200: true, not_waiting: true },
};

/**
 * `ops` random acts of `guests` on one deal, `width` at the same time; then the closing. Gives what was met.
 * Throws where an answer or the outcome is not what the model says.
 */
export async function run({ host, guests, ops, width, seed, boxes }) {
    const pick = random(seed);
    const portions = boxes ? 4 + pick(4) : 10 + pick(Math.max(20, guests.length));
    const deal = await openDeal(host, {
        ...(boxes ? { shape: 'boxes', boxes_max: 3 } : {}),
        total_won: 1_000 * portions, portions, host_portions: pick(2), min_portions: 1, delivery_won: pick(2) * 500, each_max: 6,
    });
    const met = {};
    const ask = (person, path, json, base) => post(person, base, `/v1/deal/deals/${deal.id}/${path}`, json);
    const acts = {
        join: (g, base) => ask(g, 'shares', { quantity: 1 + pick(4), tolerance: pick(3) }, base),
        resize: (g, base) => ask(g, 'share/quantity', { quantity: 1 + pick(5), tolerance: pick(2) }, base),
        accept: (g, base) => ask(g, 'share/accept', { terms: 1 + pick(3) }, base),
        leave: (g, base) => ask(g, 'leave', undefined, base),
        wait: (g, base) => ask(g, 'waitlist', { quantity: 1 + pick(3) }, base),
        unwait: (g, base) => ask(g, 'waitlist/leave', undefined, base),
    };
    const names = ['join', 'join', 'join', 'resize', 'resize', 'accept', 'leave', 'wait', 'wait', 'unwait'];
    const lanes = Array.from({ length: width }, (_, lane) => guests.filter((_, i) => i % width === lane));
    let done = 0, edits = 0;
    await each(lanes, width, async (own) => {
        while (done < ops) {
            done++;
            const name = names[pick(names.length)], guest = own[pick(own.length)];
            const reply = await acts[name](guest, stack.instances.deal[pick(stack.instances.deal.length)]);
            const outcome = reply.status < 300 ? reply.status : reply.body?.code;
            assert.ok(MAY[name][outcome], `seed ${seed}: ${name} answered ${told(reply)}`);
            met[`${name} ${outcome}`] = (met[`${name} ${outcome}`] ?? 0) + 1;
            if (pick(200) === 0 && edits < 2) {
                edits++;
                const title = `감자 ${pick(1000)}kg`;
                assert.equal((await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { title } })).status, 200);
            }
        }
    });
    await until('nothing waits for pay', async () => (await number(`SELECT waiting FROM gonggu_deal.deal WHERE id = ${id(deal.id)}`)) === 0, { within: 120_000 });
    await counted({ deal, seed });
    await closing({ host, deal, seed });
    return met;
}

/** D1: what the deal counts is what its shares and offers say, and never more than there is. */
async function counted({ deal, seed }) {
    const [[taken, shares, offered, offers, capacity, version, events]] = await query(`SELECT d.taken,
        (SELECT COALESCE(SUM(s.quantity), 0) FROM gonggu_deal.share s WHERE s.deal_id = d.id AND s.live_user IS NOT NULL), d.offered,
        (SELECT COALESCE(SUM(w.offered), 0) FROM gonggu_deal.wait w WHERE w.deal_id = d.id AND w.state = 1),
        d.portions - d.host_portions, d.version, (SELECT COUNT(*) FROM gonggu_deal.outbox o WHERE o.aggregate = d.id)
        FROM gonggu_deal.deal d WHERE d.id = ${id(deal.id)}`);
    assert.deepEqual([taken, offered, version], [shares, offers, events], `seed ${seed}: seats, offers, events`);
    assert.ok(+taken + +offered <= +capacity, `seed ${seed}: ${taken} taken and ${offered} offered of ${capacity}`);
}

/** Closes the deal and compares what came of it with the rules, said once more. */
async function closing({ host, deal, seed }) {
    const [[terms, capacity, , boxesMax, box]] = await query(`SELECT terms, portions - host_portions, host_portions,
        COALESCE(boxes_max, 0), portions DIV COALESCE(boxes_max, 1) FROM gonggu_deal.deal WHERE id = ${id(deal.id)}`);
    const shares = (await query(`SELECT LOWER(HEX(id)), quantity, tolerance, terms FROM gonggu_deal.share
        WHERE deal_id = ${id(deal.id)} AND live_user IS NOT NULL AND state = 1 ORDER BY position`))
        .map(([share, quantity, tolerance, accepted]) => ({ share, quantity: +quantity, tolerance: +tolerance, accepted: accepted === terms }));
    const inside = shares.filter((s) => s.accepted);
    const allotted = +boxesMax ? fill(inside, deal.host_portions, +box, +boxesMax) : allot(inside, +capacity);
    const reply = await host.post(`/v1/deal/deals/${deal.id}/close`);
    const sold = allotted.reduce((a, b) => a + b, 0);
    assert.equal(reply.status, sold >= 1 ? 200 : 409, `seed ${seed}: ${sold} are sold, ${told(reply)}`);
    if (sold >= 1) {
        const found = await query(`SELECT LOWER(HEX(id)), allotted FROM gonggu_deal.share WHERE deal_id = ${id(deal.id)} AND allotted IS NOT NULL ORDER BY position`);
        const expected = inside.map((s, i) => [s.share, String(allotted[i])]).filter(([, n]) => n !== '0');
        assert.deepEqual(found, expected, `seed ${seed}: allotments`);
    }
    assert.equal((await host.post(`/v1/deal/deals/${deal.id}/cancel`)).status, 200);
}

/** Whole boxes, said slowly: firm portions in the order of joining, the host's first; a last box that tolerances fill. */
export function fill(shares, host, box, boxesMax) {
    const firm = host + shares.reduce((a, s) => a + s.quantity, 0);
    const spare = shares.reduce((a, s) => a + s.tolerance, 0);
    let boxes = Math.min(Math.floor(firm / box), boxesMax);
    if (boxes < boxesMax && firm % box > 0 && (firm % box) + spare >= box) boxes++;
    let room = boxes * box;
    if (room >= firm) return allot(shares, room - host);
    room -= Math.min(host, room);
    return shares.map(({ quantity }) => {
        const got = Math.min(quantity, room);
        room -= got;
        return got;
    });
}

