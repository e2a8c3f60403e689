// tests/bench/what/join.mjs: a hot deal: a thousand neighbours join one deal of 999 portions, each join durable before its
// answer, four deals one after the other. Ours through the gateway; the peer directly, with a row lock per request. Pay,
// chat and push rest meanwhile: the peer has none of them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { send, expect } from '../../lib/api.mjs';
import { dealBody } from '../../lib/deals.mjs';
import { png } from '../../lib/pictures.mjs';
import { processes, stack, start, stop } from '../../lib/stack.mjs';
import { neighbour, neighbours } from '../lib/tokens.mjs';
import { databasePid, sql, startPeer } from '../lib/peer.mjs';
import { load } from '../lib/wrk.mjs';

const DEALS = 4, PORTIONS = 999, JOINERS = 1000, CONNECTIONS = 128;
const resting = ['pay', 'chat', 'push'].flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));
let peer, people, photo, host;
const hex = (uuid) => uuid.replaceAll('-', '');

async function openDeal() {
    const body = dealBody(photo, { portions: PORTIONS, host_portions: 0, min_portions: 1, total_won: 999_000 });
    return expect(await send('POST', '/v1/deal/deals', { token: host.token, json: body, key: randomUUID() }), 201).id;
}

/** One deal after the other, each by everybody. */
async function joinAll(base, ids, path) {
    const results = [];
    for (const deal of ids) {
        const list = people.map((p) => ({ method: 'POST', path: path(deal), token: p.token, key: randomUUID(), json: { quantity: 1 } }));
        results.push(await load(base, list, { connections: CONNECTIONS }));
    }
    const answered = (status) => results.reduce((n, r) => n + (r.statuses[status] ?? 0), 0);
    assert.equal(answered(500) + answered(502) + answered(503), 0, 'every join is answered');
    return {
        operations: DEALS * JOINERS,
        seconds: results.reduce((n, r) => n + r.seconds, 0),
        p50: results.reduce((n, r) => n + r.p50, 0) / DEALS,
        p99: Math.max(...results.map((r) => r.p99)),
    };
}

const pidsOf = async (names) => names.map(([name, pid]) => pid).concat(databasePid());

export default {
    title: `hot deal: ${JOINERS} joins of one deal, ${CONNECTIONS} connections, durable before the answer`,
    unit: 'joins/s',
    sides: { peer: 'Fastify + mysql2, row lock per request' },
    goal: 10,
    async prepare() {
        host = neighbour();
        people = neighbours(JOINERS);
        photo = expect(await send('PUT', '/v1/deal/photos', { token: host.token, raw: png([9, 99, 9]), type: 'image/png' }), 201).name;
        peer = await startPeer('join', 28190, { processes: stack.instances.deal.length });
        await stop(...resting);
        let ids;
        return {
            ours: {
                before: async () => (ids = await Promise.all(Array.from({ length: DEALS }, openDeal))),
                run: () => joinAll(stack.gateway, ids, (deal) => `/v1/deal/deals/${deal}/shares`),
                pids: async () => pidsOf(Object.entries(await processes()).filter(([n]) => /^(deal-|nginx)/.test(n)).map(([n, p]) => [n, p.pid])),
            },
            peer: {
                before: async () => {
                    ids = Array.from({ length: DEALS }, randomUUID);
                    peer.sql(ids.map((id) => `INSERT INTO deal VALUES (0x${hex(id)}, 0, ${PORTIONS}, NOW(3) + INTERVAL 1 DAY, 1)`).join(';'));
                },
                run: () => joinAll(peer.base, ids, (deal) => `/deals/${deal}/shares`),
                pids: () => pidsOf([['peer', peer.pids[0]]]),
            },
        };
    },
    /** Both gave exactly 999 places of every deal. */
    async check() {
        const ours = sql('SELECT DISTINCT n FROM (SELECT COUNT(*) n FROM gonggu_deal.share GROUP BY deal_id) t');
        const theirs = peer.sql('SELECT DISTINCT n FROM (SELECT COUNT(*) n FROM share GROUP BY deal_id) t');
        assert.deepEqual([ours, theirs], [String(PORTIONS), String(PORTIONS)]);
    },
    async end() {
        peer?.stop();
        await start(...resting);
    },
};
