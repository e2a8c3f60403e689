// tests/bench/what/push_fanout.mjs: one deal event, a hundred thousand inboxes: from the moment the deal is open until the last
// row is there. The goal is ten seconds. PUSH_PEOPLE for a smaller try.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { drained } from '../../lib/db.mjs';
import { openDeal } from '../../lib/deals.mjs';
import { signUp } from '../../lib/people.mjs';
import { processes } from '../../lib/stack.mjs';
import { Crowd, range, time } from '../lib/crowd.mjs';
import { until } from '../../lib/wait.mjs';
import { databasePid } from '../lib/peer.mjs';

const PEOPLE = Number(process.env.PUSH_PEOPLE ?? 100_000), SECONDS = 10, KEYWORD = 35;
let crowd, host, round = 0;

export default {
    title: `one deal event into ${PEOPLE} inboxes, goal ${SECONDS} s`,
    unit: 'rows/s',
    rounds: process.env.GONGGU_BENCH_ROUNDS ? Number(process.env.GONGGU_BENCH_ROUNDS) : 3,
    async prepare() {
        crowd = new Crowd(PEOPLE);
        host = await signUp('방장');
        return {
            ours: {
                /** Each event comes to a market at rest: what followed the one before, new counts to everybody's sockets, is over. */
                async before() {
                    await until('all are told their counts', () => crowd.run('SELECT COUNT(*) FROM fanout') === '0', { within: 120_000, every: 500 });
                    await drained({ within: 120_000 });
                    const word = `공작선인장${++round}번`;
                    crowd.run(`DELETE FROM keyword WHERE ${crowd.ours('user_id')}`);
                    crowd.fill('INSERT INTO keyword (id, user_id, word, folded, lat, lng, radius_m, created_at) VALUES',
                        range(PEOPLE).map((i) => `(${crowd.id(`word ${round}`, i)}, ${crowd.id('user', i)}, '${word}', '${word}', 37556000, 126910000, 5000, ${time(Date.now())})`));
                },
                async run() {
                    await openDeal(host, { title: `공작선인장${round}번 나눠요` });
                    const begin = Date.now();
                    while (!crowd.fannedOut(KEYWORD, round * PEOPLE)) {
                        if (Date.now() - begin > 300_000) throw new Error('not within five minutes');
                        await setTimeout(200);
                    }
                    return { operations: PEOPLE, seconds: (Date.now() - begin) / 1000 };
                },
                pids: async () => Object.entries(await processes()).filter(([n]) => n.startsWith('push')).map(([, p]) => p.pid).concat(databasePid()),
            },
        };
    },
    check: async () => assert.equal(crowd.told(KEYWORD), round * PEOPLE) || assert.equal(Number(crowd.run(`SELECT COUNT(*) FROM inbox WHERE ${crowd.ours('user_id')} AND unread <> ${round}`)), 0),
    end: async () => crowd?.remove(),
    rows(what, name, sides) {
        const ratio = Number((sides.ours.rate / (PEOPLE / SECONDS)).toPrecision(3));
        return [{ name, what: what.title, unit: what.unit, ours: sides.ours, peer: null, ratio, goal: 1, met: ratio >= 1 }];
    },
};
