// tests/bench/what/history.mjs: pages of the history of a wallet with a million entries, from the newest to the oldest, with
// and without filters, through the gateway.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, send } from '../../lib/api.mjs';
import { processes, stack } from '../../lib/stack.mjs';
import { ledgerProgram, letBenchInto } from '../lib/ledger.mjs';
import { databasePid } from '../lib/peer.mjs';
import { neighbour } from '../lib/tokens.mjs';
import { load } from '../lib/wrk.mjs';

const ENTRIES = Number(process.env.GONGGU_BENCH_ENTRIES ?? 1_000_000), PLACES = 200, SECONDS = 6, CONNECTIONS = 2, GOAL_MS = 10;
const FILTERS = ['', '&kind=remit', '', '&kind=charge'];
const owner = neighbour();

/** Pages all over the three years, each with the one after it. */
async function places() {
    const found = [];
    for (let i = 0; i < PLACES; i++) {
        const until = new Date(Date.now() - (i * 3 * 365 * 86_400_000) / PLACES).toISOString();
        const path = `/v1/pay/history?limit=20&until=${until}${FILTERS[i % FILTERS.length]}`;
        const page = expect(await send('GET', path, { token: owner.token }), 200);
        assert.equal(page.items.length, 20, path);
        found.push(path, `${path}&cursor=${encodeURIComponent(page.next)}`);
    }
    return found;
}

export default {
    title: `history of a wallet with ${ENTRIES.toLocaleString('en')} entries: pages of 20 all over it, half of them filtered, ${CONNECTIONS} connections`,
    unit: 'pages/s',
    async prepare() {
        letBenchInto('gonggu_pay');
        await promisify(execFile)(ledgerProgram('pay_history'), [owner.id, String(ENTRIES)], { env: { ...process.env, GONGGU_BENCH_DB_PORT: String(stack.db.port) } });
        const paths = await places();
        const list = paths.map((path) => ({ path, token: owner.token }));
        const ask = () => load(stack.gateway, list, { connections: CONNECTIONS, seconds: SECONDS, once: false });
        return {
            ours: {
                warm: ask,
                run: async () => {
                    const { requests, seconds, p50, p99, statuses } = await ask();
                    assert.deepEqual(Object.keys(statuses), ['200']);
                    return { operations: requests, seconds, p50, p99 };
                },
                pids: async () => Object.entries(await processes()).filter(([n]) => /^(pay-|nginx)/.test(n)).map(([, p]) => p.pid).concat(databasePid()),
            },
        };
    },
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
