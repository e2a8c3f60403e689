// tests/bench/what/push_reminders.mjs: reminders for a hundred thousand people of ten thousand deals, all due at once: until
// everybody has been told. The goal is a minute. PUSH_PEOPLE for a smaller try.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { processes } from '../../lib/stack.mjs';
import { Crowd, range, time } from '../lib/crowd.mjs';
import { databasePid } from '../lib/peer.mjs';

const PEOPLE = Number(process.env.PUSH_PEOPLE ?? 100_000), PER_DEAL = 10, DEALS = PEOPLE / PER_DEAL, SECONDS = 60, CLOSING_HOUR = 17, MINUTE = 60_000;
let crowd, round = 0;

export default {
    title: `reminders for ${PEOPLE} people of ${DEALS} deals, all due at once, goal ${SECONDS} s`,
    unit: 'people/s',
    rounds: process.env.GONGGU_BENCH_ROUNDS ? Number(process.env.GONGGU_BENCH_ROUNDS) : 3,
    async prepare() {
        crowd = new Crowd(PEOPLE);
        crowd.fill('INSERT INTO share (share_id, deal_id, host_id, user_id, title, state) VALUES',
            range(PEOPLE).map((i) => `(${crowd.id('share', i)}, ${crowd.id('deal', Math.floor(i / PER_DEAL))}, ${crowd.id('user', i - (i % PER_DEAL))}, ${crowd.id('user', i)}, '감자', 1)`));
        return {
            ours: {
                before() {
                    const closes = Date.now() + 59 * MINUTE, due = Date.now() - MINUTE;
                    crowd.run(`DELETE FROM deal WHERE ${crowd.ours('deal_id')}`);
                    crowd.fill('INSERT INTO deal (deal_id, host_id, title, state, closes_at) VALUES',
                        range(DEALS).map((d) => `(${crowd.id('deal', d)}, ${crowd.id('user', d * PER_DEAL)}, '감자', 0, ${time(closes)})`));
                    crowd.fill('INSERT INTO reminder (id, shard, deal_id, kind, due_at, expires_at, basis) VALUES',
                        range(DEALS).map((d) => `(${crowd.id(`reminder ${round}`, d)}, ${d % 8}, ${crowd.id('deal', d)}, ${CLOSING_HOUR}, ${time(due)}, ${time(closes - 10 * MINUTE)}, ${time(closes)})`));
                },
                async run() {
                    const now = time(Date.now()), begin = Date.now();
                    round++;
                    crowd.run(range(8).map((s) => `INSERT INTO due (kind, subject, due_at, next_try_at) VALUES ('push.remind', 0x${'0'.repeat(28)}01${String(s).padStart(2, '0')}, ${now}, ${now}) ON DUPLICATE KEY UPDATE next_try_at = ${now}, due_at = ${now};`).join('\n'));
                    while (crowd.waiting()) {
                        if (Date.now() - begin > 300_000) throw new Error('not within five minutes');
                        await setTimeout(250);
                    }
                    return { operations: PEOPLE, seconds: (Date.now() - begin) / 1000 };
                },
                pids: async () => Object.entries(await processes()).filter(([n]) => n.startsWith('push')).map(([, p]) => p.pid).concat(databasePid()),
            },
        };
    },
    check: async () => assert.equal(crowd.told(CLOSING_HOUR), round * PEOPLE, 'each once'),
    end: async () => crowd?.remove(),
    rows(what, name, sides) {
        const ratio = Number((sides.ours.rate / (PEOPLE / SECONDS)).toPrecision(3));
        return [{ name, what: what.title, unit: what.unit, ours: sides.ours, peer: null, ratio, goal: 1, met: ratio >= 1 }];
    },
};
