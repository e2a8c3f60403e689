// tests/integration/push-once.test.mjs: two instances after the same digests, and what the metrics of delivery say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect } from '../lib/api.mjs';
import { acknowledge, breaking, messages, received, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { secret, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

/** SQL with push's own account. */
async function run(sql) {
    const { host, port } = stack.db;
    await promisify(execFile)('mariadb', ['--no-defaults', '-h', host, '-P', port, '-u', 'gonggu_push', 'gonggu_push', '-e', sql], { env: { ...process.env, MYSQL_PWD: secret('db_push') } });
}
const time = (ms) => `'${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;
const metrics = async () => (await Promise.all(stack.instances.push.map(async (base) => (await fetch(`${base}/metrics`)).text()))).join('\n');
const values = (text, name) => [...text.matchAll(new RegExp(`^\\w*${name}(?:\\{[^}]*\\})? ([0-9.e+-]+)$`, 'gm'))].map((m) => Number(m[1]));
const sum = (list) => list.reduce((a, b) => a + b, 0);

describe('push: once, and counted', () => {
    let guest;
    before(async () => (guest = await signUp('손님', 100_000)));
    afterEach(() => clock.reset());

    it('N9 a digest is sent once, though two instances are after it, and though it is asked for again and again', async () => {
        const people = await signUpMany(12, 0, '모음');
        await drained();
        for (const one of people) {
            expect(await one.send('PUT', '/v1/push/preferences', { json: { digest_every: 60, kinds: [{ kind: 'joined', web: 'digest' }] } }), 200);
            const deal = await openDeal(one);
            await join(guest, deal, 1);
            await drained();
            expect(await act(guest, deal, 'leave'), 200);
        }
        await drained();
        const ours = `user_id IN (${people.map((p) => id(p.id))})`;
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.digest WHERE ${ours} AND sent_at IS NULL`), 12);
        const sent = () => number(`SELECT COUNT(*) FROM gonggu_push.digest WHERE ${ours} AND sent_at IS NOT NULL`);
        clock.advance(clock.HOUR + clock.MINUTE); // all of them fall due in the same instant
        await until('all are sent', async () => (await sent()) === 12);
        for (let again = 0; again < 5; again++) {
            await run(`INSERT INTO due (kind, subject, due_at, next_try_at, attempts) SELECT 'push.digest', id, ${time(clock.now())}, ${time(clock.now())}, 0 FROM digest WHERE ${ours} ON DUPLICATE KEY UPDATE attempts = 0`);
            await until('all are looked at again', async () => (await number(`SELECT COUNT(*) FROM gonggu_push.due WHERE kind = 'push.digest' AND subject IN (SELECT id FROM gonggu_push.digest WHERE ${ours})`)) === 0);
        }
        clock.reset();
        for (const one of people) await one.logIn();
        for (const one of people) assert.equal((await one.inbox()).items.filter((n) => n.kind === 'digest').length, 1);
    });

    it('N1 a connection that breaks after a push was taken: it and those beside it are said again, and each is seen once', async () => {
        const hosts = await signUpMany(4, 0, '방장');
        await drained();
        const browsers = [];
        for (const host of hosts) browsers.push(await subscribe(host));
        await breaking(browsers[0], 1);
        await breaking(browsers[2], 2);
        const deals = [];
        for (const host of hosts) deals.push(await openDeal(host));
        for (const deal of deals) await join(guest, deal, 1);
        await drained();
        const under = `SELECT COUNT(*) FROM gonggu_push.journey j JOIN gonggu_push.notice n ON n.id = j.notice_id WHERE n.user_id IN (${hosts.map((h) => id(h.id))})`;
        await until('all are off the list', async () => (await number(under)) === 0);
        const tries = await Promise.all(hosts.map((h) => number(`SELECT MAX(a.tries) FROM gonggu_push.attempt a JOIN gonggu_push.notice n ON n.id = a.notice_id WHERE n.user_id = ${id(h.id)}`)));
        assert.ok(tries[0] >= 2 && tries[2] >= 3, `tries ${tries}`);
        for (const [i, browser] of browsers.entries()) {
            const list = (await messages(browser)).filter((m) => JSON.parse(m.text).link === `/deals/${deals[i].id}`);
            assert.equal(list.length, 1, 'what was said again took the place of what was said');
            assert.equal(list[0].replaced >= [1, 0, 2, 0][i], true);
        }
    });

    it('the delivered rate and the time until a notice is shown are what happened', async () => {
        const host = await signUp('방장');
        const browser = await subscribe(host);
        const payloads = [];
        for (let i = 0; i < 4; i++) {
            const deal = await openDeal(host);
            await join(guest, deal, 1);
            payloads.push(await received(browser, (m) => m.kind === 'joined' && m.link === `/deals/${deal.id}`));
            expect(await act(host, deal, 'cancel'), 200);
        }
        await until('the last is on its way', async () => (await number(`SELECT COUNT(*) FROM gonggu_push.attempt a JOIN gonggu_push.notice n ON n.id = a.notice_id WHERE n.user_id = ${id(host.id)}`)) >= 4);
        const before = await metrics();
        clock.advance(30 * clock.SECOND);
        for (const payload of payloads.slice(0, 3)) await acknowledge(payload);
        await acknowledge(payloads[0]); // once more: counts for nothing
        const after = await metrics();
        const more = (name) => sum(values(after, name)) - sum(values(before, name));
        assert.equal(more('push_shown_after_seconds_count'), 3);
        const seconds = more('push_shown_after_seconds_sum');
        assert.ok(seconds >= 90 && seconds < 150, `${seconds} s for three that were shown half a minute later`);
        // Ninety minutes later. What was taken by a push service, and what of that was shown.
        await run(`UPDATE notice SET at = at - INTERVAL 90 MINUTE WHERE user_id = ${id(host.id)}`);
        const counted = async () => {
            const window = `n.at >= ${time(clock.now() - 2 * clock.HOUR)} AND n.at < ${time(clock.now() - clock.HOUR)}`;
            const rows = await query(`SELECT COUNT(DISTINCT n.id), COUNT(DISTINCT CASE WHEN a.shown_at IS NOT NULL THEN n.id END) FROM gonggu_push.notice n JOIN gonggu_push.attempt a ON a.notice_id = n.id WHERE ${window} AND a.status = 201`);
            return rows[0].map(Number);
        };
        // Others' notices of earlier runs may come into the hour or leave it meanwhile: then both are asked again.
        await until('the rate is what the rows say', async () => {
            const [taken, shown] = await counted();
            assert.ok(taken >= 4 && shown >= 3 && shown < taken, `${shown} of ${taken}`);
            const expected = Math.floor((1000 * shown) / taken);
            await run(`UPDATE due SET due_at = ${time(clock.now())}, next_try_at = ${time(clock.now())} WHERE kind = 'push.keep'`);
            return until(`the rate is ${expected}`, async () => {
                const seen = values(await metrics(), 'push_delivered_permille');
                if (!seen.includes(expected)) throw new Error(`it is ${seen}`);
                return true;
            }, { within: 2_000 });
        }, { within: 15_000 });
    });
});
