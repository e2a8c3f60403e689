// tests/long/push-scale.test.mjs: many people at once: one deal's news for PUSH_PEOPLE neighbours (100,000), and as many
// reminders' readers due in one minute across an outage. The rows of people who never signed up are written with push's
// own account and removed again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import * as clock from '../lib/clock.mjs';
import { number } from '../lib/db.mjs';
import { openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { secret, stack, start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const PEOPLE = Number(process.env.PUSH_PEOPLE ?? 100_000);
const PER_DEAL = 10;
const mark = randomBytes(4).toString('hex'); // every made-up id begins with it
const made = (what, i) => mark + createHash('sha256').update(`${what} ${i}`).digest('hex').slice(0, 24);
const time = (ms) => `'${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;

/** SQL with push's own account. */
async function run(sql) {
    const { host, port } = stack.db;
    const child = promisify(execFile)('mariadb', ['--no-defaults', '-h', host, '-P', port, '-u', 'gonggu_push', 'gonggu_push'], {
        env: { ...process.env, MYSQL_PWD: secret('db_push') },
    });
    child.child.stdin.end(sql);
    await child;
}
async function fill(head, rows) {
    const parts = [];
    for (let i = 0; i < rows.length; i += 1000) parts.push(`${head} ${rows.slice(i, i + 1000).join(',')};`);
    await run(`SET foreign_key_checks = 0; BEGIN; ${parts.join('\n')} COMMIT;`);
}
const range = (n) => Array.from({ length: n }, (_, i) => i);
const ours = (column) => `${column} BETWEEN 0x${mark}${'0'.repeat(24)} AND 0x${mark}${'f'.repeat(24)}`;
const told = (kind) => number(`SELECT COUNT(*) FROM gonggu_push.notice WHERE kind = ${kind} AND ${ours('user_id')}`);
const KEYWORD = 35, CLOSING_HOUR = 17;

describe('push: many people', () => {
    after(async () => {
        clock.reset();
        for (const [table, column] of [['notice', 'user_id'], ['inbox', 'user_id'], ['keyword', 'user_id'], ['person', 'user_id'], ['share', 'user_id'], ['deal', 'deal_id'], ['reminder', 'deal_id'], ['outbox', 'aggregate']])
            await run(`DELETE FROM ${table} WHERE ${ours(column)};`);
    });

    it(`a new deal is in ${PEOPLE} inboxes, once each; how long it took is printed`, async (t) => {
        const host = await signUp('방장');
        await fill('INSERT INTO person (user_id, nickname) VALUES', range(PEOPLE).map((i) => `(0x${made('user', i)}, 'n${i}')`));
        await fill('INSERT INTO keyword (id, user_id, word, folded, lat, lng, radius_m, created_at) VALUES',
            range(PEOPLE).map((i) => `(0x${made('word', i)}, 0x${made('user', i)}, '공작선인장', '공작선인장', 37556000, 126910000, 5000, ${time(Date.now())})`));
        await openDeal(host, { title: '공작선인장 나눠요' });
        const begin = Date.now();
        await until('everybody is told', async () => (await told(KEYWORD)) === PEOPLE, { within: 300_000, every: 250 });
        const seconds = (Date.now() - begin) / 1000;
        t.diagnostic(`${PEOPLE} inbox rows in ${seconds.toFixed(1)} s`);
        assert.equal(await number(`SELECT COUNT(DISTINCT user_id) FROM gonggu_push.notice WHERE kind = ${KEYWORD} AND ${ours('user_id')}`), PEOPLE);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.inbox WHERE ${ours('user_id')} AND unread <> 1`), 0);
    });

    it(`N13 reminders for ${PEOPLE} people, due in one minute while push is down, are said once each`, async (t) => {
        const deals = PEOPLE / PER_DEAL, instances = stack.instances.push.map((_, i) => `push-${i + 1}`);
        const closes = clock.now() + clock.HOUR + 5 * clock.MINUTE;
        await stop(...instances);
        await fill('INSERT INTO deal (deal_id, host_id, title, state, closes_at) VALUES',
            range(deals).map((d) => `(0x${made('deal', d)}, 0x${made('user', d * PER_DEAL)}, '감자', ${d % 10 === 9 ? 7 : 0}, ${time(closes)})`));
        await fill('INSERT INTO share (share_id, deal_id, host_id, user_id, title, state) VALUES',
            range(PEOPLE).map((i) => `(0x${made('share', i)}, 0x${made('deal', Math.floor(i / PER_DEAL))}, 0x${made('user', i - (i % PER_DEAL))}, 0x${made('user', i)}, '감자', 1)`));
        await fill('INSERT INTO reminder (id, shard, deal_id, kind, due_at, expires_at, basis) VALUES',
            range(deals).map((d) => `(0x${made('reminder', d)}, ${d % 8}, 0x${made('deal', d)}, ${CLOSING_HOUR}, ${time(closes - clock.HOUR + (d % 60) * 1000)}, ${time(closes - 10 * clock.MINUTE)}, ${time(closes)})`));
        await run(range(8).map((s) => `INSERT INTO due (kind, subject, due_at, next_try_at) VALUES ('push.remind', 0x${'0'.repeat(28)}01${String(s).padStart(2, '0')}, ${time(closes - clock.HOUR)}, ${time(closes - clock.HOUR)}) ON DUPLICATE KEY UPDATE next_try_at = LEAST(next_try_at, VALUES(next_try_at)), due_at = LEAST(due_at, VALUES(due_at));`).join('\n'));
        const expected = range(deals).filter((d) => d % 10 !== 9).length * PER_DEAL;
        await start(...instances);
        assert.equal(await told(CLOSING_HOUR), 0, 'none early');
        await stop(...instances);
        clock.advance(7 * clock.MINUTE);
        const begin = Date.now();
        await start(...instances);
        await until('all that is due is worked off', async () => (await number(`SELECT COUNT(*) FROM gonggu_push.reminder WHERE ${ours('deal_id')}`)) === 0, { within: 300_000, every: 500 });
        t.diagnostic(`${expected} people of ${deals} deals were told ${((Date.now() - begin) / 1000).toFixed(1)} s after the start`);
        assert.equal(await told(CLOSING_HOUR), expected, 'each once, and nobody of the deals that were cancelled');
    });
});
