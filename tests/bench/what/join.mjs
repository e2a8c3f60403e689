// tests/bench/what/join.mjs: a hot deal: a thousand neighbours join one deal of 999 portions, each join durable before its
// answer, four deals one after the other. Both are asked directly, without the gateway; the peer takes a row lock per request.
// Both publish their outbox to the same broker. The services that hear of a join (auth, pay, chat, push) rest meanwhile: the
// peer has none of them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { processes, stack, start, stop } from '../../lib/stack.mjs';
import { until } from '../../lib/wait.mjs';
import { PORTIONS, dealOpener, forgetReservations, joinAll, listeners } from '../lib/joins.mjs';
import { databasePid, sql, startPeer } from '../lib/peer.mjs';
import { neighbours } from '../lib/tokens.mjs';

const DEALS = 4, JOINERS = 1000, CONNECTIONS = 256;
let peer;
const hex = (uuid) => uuid.replaceAll('-', '');

export default {
    title: `hot deal: ${JOINERS} joins of one deal, ${CONNECTIONS} connections, durable before the answer`,
    unit: 'joins/s',
    sides: { peer: 'Fastify + mysql2, row lock per request' },
    goal: 10,
    async prepare() {
        const open = await dealOpener();
        const people = neighbours(JOINERS);
        peer = await startPeer('join', 28190, { processes: stack.instances.deal.length, env: { PEER_KAFKA: stack.kafka, PEER_TOPIC: `bench.join.${Date.now()}` } });
        await stop(...listeners);
        const paced = { connections: CONNECTIONS };
        let ids;
        return {
            ours: {
                async before() {
                    forgetReservations();
                    ids = await Promise.all(Array.from({ length: DEALS }, open));
                },
                run: () => joinAll(stack.instances.deal[0], ids, (deal) => `/v1/deal/deals/${deal}/shares`, people, paced),
                pids: async () => [...Object.entries(await processes()).filter(([n]) => n.startsWith('deal-')).map(([, p]) => p.pid), databasePid()],
            },
            peer: {
                before: async () => {
                    ids = Array.from({ length: DEALS }, randomUUID);
                    peer.sql(ids.map((id) => `INSERT INTO deal VALUES (0x${hex(id)}, 0, ${PORTIONS}, NOW(3) + INTERVAL 1 DAY, 1)`).join(';'));
                },
                run: () => joinAll(peer.base, ids, (deal) => `/deals/${deal}/shares`, people, paced),
                pids: async () => [peer.pids[0], databasePid()],
            },
        };
    },
    /** Both gave exactly 999 places of every deal, and told the broker of each. */
    async check() {
        await until('the peer has published its outbox', () => peer.sql('SELECT COUNT(*) FROM outbox') === '0');
        const ours = sql('SELECT DISTINCT n FROM (SELECT COUNT(*) n FROM gonggu_deal.share GROUP BY deal_id) t');
        const theirs = peer.sql('SELECT DISTINCT n FROM (SELECT COUNT(*) n FROM share GROUP BY deal_id) t');
        assert.deepEqual([ours, theirs], [String(PORTIONS), String(PORTIONS)]);
    },
    async end() {
        peer?.stop();
        await start(...listeners);
    },
};
