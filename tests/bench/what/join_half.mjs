// tests/bench/what/join_half.mjs: how long a join of a hot deal takes at half of the rate that the service can take: the peak
// is measured first, then as many connections pause between their joins.
import { drained } from '../../lib/db.mjs';
import { processes, stack, start, stop } from '../../lib/stack.mjs';
import { dealOpener, forgetReservations, joinAll, listeners } from '../lib/joins.mjs';
import { databasePid } from '../lib/peer.mjs';
import { neighbours } from '../lib/tokens.mjs';

const DEALS = 4, JOINERS = 1000, CONNECTIONS = 256, GOAL_MS = 50, ABOUT_MS = 20;

export default {
    title: `hot deal at half of its peak: ${JOINERS} joins of one deal`,
    unit: 'joins/s',
    async prepare() {
        const open = await dealOpener();
        const people = neighbours(JOINERS);
        await drained({ within: 600_000 }); // what another measurement left
        await stop(...listeners);
        const deals = () => {
            forgetReservations();
            return Promise.all(Array.from({ length: DEALS }, open));
        };
        const join = (ids, paced) => joinAll(stack.instances.deal[0], ids, (deal) => `/v1/deal/deals/${deal}/shares`, people, paced);
        let ids, peak = 0;
        return {
            ours: {
                async warm() {
                    for (let i = 0; i < 3; i++) {
                        const { operations, seconds } = await join(await deals(), { connections: CONNECTIONS });
                        peak = Math.max(peak, operations / seconds);
                    }
                },
                before: async () => (ids = await deals()),
                run: () => join(ids, { connections: CONNECTIONS, pauseMs: Math.round((CONNECTIONS / (peak / 2)) * 1000) - ABOUT_MS }),
                pids: async () => [...Object.entries(await processes()).filter(([n]) => n.startsWith('deal-')).map(([, p]) => p.pid), databasePid()],
            },
        };
    },
    async end() {
        await start(...listeners);
    },
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
