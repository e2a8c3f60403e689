// tests/integration/push-time.test.mjs: what time does to notices and consents, and what a process that dies in the middle of
// a send leaves behind. Ninety days and two years are reached by ageing rows with push's own account: the clock of the
// stack belongs to everybody.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect, expectProblem } from '../lib/api.mjs';
import { messages, received, slow, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { freshPhone, signUp } from '../lib/people.mjs';
import { kill, secret, stack, untilReady } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

/** SQL with push's own account. */
async function run(sql) {
    const { host, port } = stack.db;
    await promisify(execFile)('mariadb', ['--no-defaults', '-h', host, '-P', port, '-u', 'gonggu_push', 'gonggu_push', '-e', sql], {
        env: { ...process.env, MYSQL_PWD: secret('db_push') },
    });
}
const time = (ms) => `'${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;
const dueNow = (kind, subject) =>
    run(`UPDATE due SET due_at = ${time(clock.now())}, next_try_at = ${time(clock.now())} WHERE kind = '${kind}' ${subject ? `AND subject = ${id(subject)}` : ''}`);

describe('push: time', () => {
    let host, guest;
    before(async () => ([host, guest] = await Promise.all([signUp('방장'), signUp('손님', 100_000)])));
    afterEach(async () => {
        clock.reset();
        await Promise.all([host.refresh(), guest.refresh()]);
    });

    async function happening() {
        const deal = await openDeal(host);
        await join(guest, deal, 1);
        const notice = await noticeOf(host, (n) => n.deal === deal.id && n.kind === 'joined');
        return { deal, notice };
    }
    const noticeOf = (person, fits) => until('the notice is there', async () => (await person.inbox()).items.find(fits));
    const trace = async (person, notice) => expect(await person.get(`/v1/push/inbox/${notice.id}/trace`), 200);

    it('N1 a process killed in the middle of a send: said again with the same tag and topic, so seen once', async () => {
        const browser = await subscribe(host);
        await slow(browser, 20_000);
        const { notice } = await happening();
        const first = await until('it is on its way', async () => (await messages(browser)).find((m) => JSON.parse(m.text).id === notice.id));
        await Promise.all([kill('push-1'), kill('push-2')]);
        await slow(browser, 0);
        await untilReady('push-1', 'push-2');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.attempt WHERE notice_id = ${id(notice.id)}`), 0, 'nobody remembers it');
        clock.advance(2 * clock.MINUTE); // the lease is over
        const of = async () => (await messages(browser)).filter((m) => JSON.parse(m.text).id === notice.id);
        await until('it is said again', async () => (await of()).length > 1);
        assert.equal(new Set((await of()).map((m) => JSON.parse(m.text).tag)).size, 1, 'one tag: one notice on the screen');
        assert.ok((await of()).every((m) => m.topic === first.topic), 'one topic: one message while the device is away');
        await until('its way goes on', async () => (await number(`SELECT COUNT(*) FROM gonggu_push.attempt WHERE notice_id = ${id(notice.id)}`)) === 1);
        expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });

    it('N12 a mute ends by itself', async () => {
        const { deal } = await happening();
        expect(await host.send('PUT', `/v1/push/mutes/${deal.id}`, { json: { until: clock.fromNow(10 * clock.MINUTE) } }), 200);
        await act(guest, deal, 'leave');
        const left = await noticeOf(host, (n) => n.deal === deal.id && n.kind === 'left');
        assert.equal((await trace(host, left)).fate, 'muted');
        clock.advance(11 * clock.MINUTE);
        await Promise.all([host.refresh(), guest.refresh()]);
        await join(guest, deal, 1);
        const again = await until('joined again', async () => {
            const joined = (await host.inbox()).items.filter((n) => n.deal === deal.id && n.kind === 'joined');
            return joined.length === 2 && joined[0];
        });
        assert.equal((await trace(host, again)).fate, 'no_device');
    });

    it('a notice is kept for 90 days; what was unread leaves its count', async () => {
        const { deal, notice } = await happening();
        const kept = (await happening()).notice;
        const { unread } = await host.inbox();
        await run(`UPDATE notice SET at = ${time(clock.now() - 90 * clock.DAY - clock.MINUTE)} WHERE id = ${id(notice.id)};
            UPDATE notice SET at = ${time(clock.now() - 90 * clock.DAY + clock.HOUR)} WHERE id = ${id(kept.id)}`);
        await dueNow('push.keep');
        await until('it is gone', async () => !(await host.inbox()).items.some((n) => n.id === notice.id));
        assert.equal((await host.inbox()).unread, unread - 1);
        assert.ok((await host.inbox()).items.some((n) => n.id === kept.id), 'an hour younger is kept');
        await act(guest, deal, 'leave');
    });

    it('N10 consent to advertising is asked for again before two years are over, and ends with them', async () => {
        const person = await signUp('동의');
        await drained(); // push answers 503 until it has heard of the person
        expect(await person.send('PUT', '/v1/push/consents', { json: { ads: true } }), 200);
        const aged = async (days) => {
            await run(`UPDATE person SET ads_since = ${time(clock.now() - days * clock.DAY)} WHERE user_id = ${id(person.id)}`);
            await dueNow('push.consent', person.id);
        };
        await aged(701);
        const asked = await noticeOf(person, (n) => n.kind === 'consent_check');
        assert.ok(Date.parse(asked.until) - clock.now() > 28 * clock.DAY);
        assert.equal(expect(await person.get('/v1/push/consents'), 200).ads, true);
        expect(await person.send('PUT', '/v1/push/consents', { json: { ads: true } }), 200); // confirmed: two more years
        await until('it counts from now', async () => (await number(`SELECT ads_since > ${time(clock.now() - clock.DAY)} FROM gonggu_push.person WHERE user_id = ${id(person.id)}`)) === 1);
        await aged(731);
        await until('it has ended', async () => !expect(await person.get('/v1/push/consents'), 200).ads);
        await noticeOf(person, (n) => n.kind === 'consent_changed' && /2년/.test(n.body));
    });

    it('N7 what all text messages of a day may cost together is not exceeded', async () => {
        const person = await signUp('문자');
        const day = Math.floor((clock.now() + 9 * clock.HOUR) / clock.DAY), all = `day = ${day} AND user_id = 0x${'0'.repeat(32)}`;
        await run(`INSERT INTO sms_budget (day, user_id, messages, won) VALUES (${day}, 0x${'0'.repeat(32)}, 0, 1000000) ON DUPLICATE KEY UPDATE won = won + 1000000`);
        try {
            const before = await number('SELECT COUNT(*) FROM gonggu_push.sms WHERE type > 0');
            expectProblem(await person.send('POST', '/v1/push/sms/codes', { json: { phone: freshPhone() } }), 429, 'sms_budget');
            assert.equal(await number('SELECT COUNT(*) FROM gonggu_push.sms WHERE type > 0'), before);
            assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.sms WHERE user_id = ${id(person.id)} AND type = 0 AND cost_won = 0`), 1, 'logged as none');
        } finally {
            await run(`UPDATE sms_budget SET won = won - 1000000 WHERE ${all}`);
        }
    });

    it('the acknowledgement of the service worker: shown, clicked, each once, by nobody without its token', async () => {
        const browser = await subscribe(host);
        const { notice } = await happening();
        const payload = await received(browser, (m) => m.id === notice.id);
        const ack = (json) => fetch(`${stack.gateway}/v1/push/acks`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) });
        for (const what of ['shown', 'clicked', 'shown', 'clicked']) assert.equal((await ack({ token: payload.ack, what })).status, 204);
        const [attempt] = (await trace(host, notice)).attempts;
        assert.ok(attempt.shown_at && attempt.clicked_at);
        assert.equal((await ack({ token: `${payload.ack.slice(0, -2)}AA`, what: 'shown' })).status, 404);
        assert.equal((await ack({ token: payload.ack, what: 'eaten' })).status, 422);
        await drained();
        // Either instance may have heard it.
        const text = (await Promise.all(stack.instances.push.map(async (base) => (await fetch(`${base}/metrics`)).text()))).join('');
        assert.match(text, /push_shown_after_seconds/);
        expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });
});
