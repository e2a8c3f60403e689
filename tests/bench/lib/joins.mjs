// tests/bench/lib/joins.mjs: hot deals of the service, and everybody who joins them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { send, expect } from '../../lib/api.mjs';
import { dealBody } from '../../lib/deals.mjs';
import { png } from '../../lib/pictures.mjs';
import { stack } from '../../lib/stack.mjs';
import { sql } from './peer.mjs';
import { neighbour } from './tokens.mjs';
import { load } from './wrk.mjs';

export const PORTIONS = 999;
/** What hears of a join: rests while joins are measured. */
export const listeners = ['auth', 'pay', 'chat', 'push'].flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));

/** A host whose deals of 999 portions can be opened: () -> id. */
export async function dealOpener() {
    const { token } = neighbour();
    const photo = expect(await send('PUT', '/v1/deal/photos', { token, raw: png([9, 99, 9]), type: 'image/png' }), 201).name;
    const body = () => dealBody(photo, { portions: PORTIONS, host_portions: 0, min_portions: 1, total_won: 999_000 });
    return async () => expect(await send('POST', '/v1/deal/deals', { token, json: body(), key: randomUUID() }), 201).id;
}

/** Nobody holds money here, so the seats of a round would be given back two minutes later, in the middle of another. */
export const forgetReservations = () => sql("DELETE FROM gonggu_deal.due WHERE kind = 'deal.reservation'");

/** One deal after the other, each by all `people`: one list, so that nothing rests between two deals. */
export async function joinAll(base, ids, path, people, paced) {
    const list = ids.flatMap((deal) => people.map((p) => ({ method: 'POST', path: path(deal), token: p.token, key: randomUUID(), json: { quantity: 1 } })));
    const result = await load(base, list, paced);
    assert.equal([500, 502, 503].reduce((n, status) => n + (result.statuses[status] ?? 0), result.errors), 0, 'every join is answered');
    return { operations: list.length, seconds: result.seconds, p50: result.p50, p99: result.p99 };
}
