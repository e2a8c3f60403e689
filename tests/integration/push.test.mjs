// tests/integration/push.test.mjs: who is told of what, once; and devices that are gone, busy or not ours to call.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, join, openDeal, shareIn } from '../lib/deals.mjs';
import { kinds, noticed } from '../lib/money.mjs';
import { signUp } from '../lib/people.mjs';
import { fault, messages, subscribe } from '../lib/browsers.mjs';
import { kill, stack, untilReady } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

/** Notices of this person that are on their way. */
const underWay = (person, more = '') =>
    number(`SELECT COUNT(*) FROM gonggu_push.journey j JOIN gonggu_push.notice n ON n.id = j.notice_id WHERE n.user_id = ${id(person.id)} ${more}`);
/** Of what a browser received, what is about this deal; unseen notices of earlier ones may come to it too. */
const about = async (browser, deal) => (await messages(browser)).filter((m) => JSON.parse(m.text).link === `/deals/${deal.id}`);
const devices = async (person) => expect(await person.get('/v1/push/devices'), 200).items;

describe('push', () => {
    let host, guest;
    before(async () => ([host, guest] = await Promise.all([signUp('방장'), signUp('손님', 100_000)])));

    /** Something the host is told of. */
    async function happening() {
        const deal = await openDeal(host);
        await join(guest, deal, 1);
        return deal;
    }

    it('N1 one notice per event and person, visible on one of three devices, though instances die meanwhile', async () => {
        const browsers = [await subscribe(host), await subscribe(host, { lang: 'en' }), await subscribe(host)];
        const deals = [];
        for (let i = 0; i < 6; i++) {
            deals.push(await happening());
            if (i === 2) await kill('push-1');
            if (i === 4) await kill('push-2');
        }
        await untilReady('push-1', 'push-2');
        await drained();
        for (const deal of deals) await noticed(host, deal, 'joined');
        const all = async () => (await Promise.all(browsers.map(messages))).flat().map((m) => JSON.parse(m.text)).filter((n) => n.kind === 'joined');
        await until('every notice arrives', async () => new Set((await all()).map((n) => n.id)).size >= deals.length);
        const shown = await all();
        const tags = new Set(shown.map((n) => n.tag));
        assert.equal(tags.size, deals.length, 'a retry after a crash carries the same tag, so it is seen once');
        const perBrowser = await Promise.all(browsers.map(async (b) => new Set((await messages(b)).map((m) => JSON.parse(m.text).id)).size));
        assert.equal(perBrowser.filter((n) => n > 0).length, 1, `one device shows them: ${perBrowser}`);
        for (const browser of browsers) expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });

    it('nobody is told of his own act', async () => {
        const deal = await happening();
        await act(guest, deal, 'leave');
        expect(await act(host, deal, 'cancel'), 200);
        await drained();
        assert.deepEqual(await kinds(guest, deal), [], 'who joined and left himself is told nothing');
        assert.deepEqual(await kinds(host, deal), ['joined', 'left'], 'who cancelled is not told that it is cancelled');
    });

    it('notices are read one by one or all up to one; the count follows', async () => {
        const person = await signUp('손님', 5_000);
        const deal = await openDeal(person);
        for (let i = 0; i < 2; i++) {
            await join(guest, deal, 1);
            await act(guest, deal, 'leave');
        }
        await noticed(person, deal, 'joined', 'left', 'joined', 'left');
        const { items, unread } = await person.inbox();
        assert.equal(unread, 5);
        assert.deepEqual(items.map((n) => n.read ?? false), [false, false, false, false, false]);
        for (let i = 0; i < 2; i++) expect(await person.send('POST', `/v1/push/inbox/${items[1].id}/read`), 204);
        assert.equal((await person.inbox()).unread, 4, 'read twice counts once');
        expect(await person.send('POST', '/v1/push/inbox/read-all', { json: { up_to: items[2].id } }), 204);
        const then = await person.inbox();
        assert.deepEqual(then.items.map((n) => n.read ?? false), [false, true, true, true, true]);
        assert.equal(then.unread, 1);
        const left = expect(await person.get('/v1/push/inbox?unread=true'), 200);
        assert.deepEqual(left.items.map((n) => n.id), [items[0].id]);
        const pages = [];
        for (let cursor = ''; ; ) {
            const page = expect(await person.get(`/v1/push/inbox?limit=2${cursor}`), 200);
            pages.push(...page.items.map((n) => n.id));
            if (!page.next) break;
            cursor = `&cursor=${encodeURIComponent(page.next)}`;
        }
        assert.deepEqual(pages, items.map((n) => n.id));
        const english = expect(await person.get('/v1/push/inbox?lang=en&limit=1'), 200).items[0];
        assert.notEqual(english.title, items[0].title);
        assert.equal(english.link, `/deals/${deal.id}`);
    });

    it('N4 a subscription that nobody knows (404) or that is over (410) is forgotten; the inbox keeps the notice', async () => {
        const unknown = await subscribe(host);
        const json = { endpoint: `${unknown.endpoint}x`, keys: unknown.keys };
        expect(await host.send('PUT', `/v1/push/devices/${unknown.device}`, { json }), 200);
        await noticed(host, await happening(), 'joined');
        await until('the device is gone', async () => !(await devices(host)).some((d) => d.id === unknown.device));
        const browser = await subscribe(host);
        assert.equal((await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}`, { method: 'DELETE' })).status, 204);
        const deal = await happening();
        await until('the device is gone', async () => !(await devices(host)).some((d) => d.id === browser.device));
        await noticed(host, deal, 'joined');
    });

    it('N4 a busy push service (429) is asked again after Retry-After, an ailing one (500) later; nothing is lost or doubled', async () => {
        for (const [status, retryAfter] of [[429, 2], [503, undefined]]) {
            const browser = await subscribe(host);
            await fault(browser, status, retryAfter);
            const deal = await happening();
            await until('it waits for its next try', async () => (await number(`SELECT COUNT(*) FROM gonggu_push.attempt
                WHERE device_id = ${id(browser.device)} AND result = 1`)) === 1);
            assert.deepEqual(await about(browser, deal), []);
            await fault(browser, null);
            await until('it arrives', async () => (await about(browser, deal)).length === 1);
            await until('it is off the list', async () => (await underWay(host, `AND n.deal_id = ${id(deal.id)}`)) === 0);
            expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
        }
    });

    it('N3 what was read elsewhere, or is too old, is not sent any more', async () => {
        const browser = await subscribe(host);
        await fault(browser, 503);
        const deal = await happening();
        await noticed(host, deal, 'joined');
        const notice = (await host.inbox()).items.find((n) => n.deal === deal.id);
        expect(await host.send('POST', `/v1/push/inbox/${notice.id}/read`), 204);
        await fault(browser, null);
        clock.advance(6 * clock.MINUTE);
        try {
            await until('it is off the list', async () => (await underWay(host, `AND n.deal_id = ${id(deal.id)}`)) === 0);
        } finally {
            clock.reset();
        }
        await Promise.all([host.refresh(), guest.refresh()]);
        assert.deepEqual(await about(browser, deal), []);
        expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });

    it('a device keeps its id when its subscription changes, and goes with its new owner', async () => {
        const device = uuid();
        const first = await subscribe(host, { device });
        const second = await subscribe(host, { device });
        assert.deepEqual((await devices(host)).filter((d) => d.id === device).map((d) => d.endpoint), [second.endpoint]);
        assert.notEqual(first.endpoint, second.endpoint);
        // The same browser, now used by somebody else: the market must not tell him the first one's secrets.
        const json = { endpoint: second.endpoint, keys: second.keys };
        expect(await guest.send('PUT', `/v1/push/devices/${uuid()}`, { json }), 200);
        assert.ok(!(await devices(host)).some((d) => d.endpoint === second.endpoint));
        expectProblem(await guest.send('DELETE', `/v1/push/devices/${device}`), 404, 'not_found');
        for (const one of await devices(guest)) expect(await guest.send('DELETE', `/v1/push/devices/${one.id}`), 204);
        assert.deepEqual(await devices(guest), []);
    });

    it('N14 only push services on the list are called', async () => {
        const { keys } = await subscribe(guest);
        for (const endpoint of ['https://127.0.0.1:6379/x', 'http://localhost/x', 'https://push.example.net/x', `${stack.sandbox.replace('127.0.0.1', '127.0.0.2')}/push/e/x`, 'https://[::1]/x'])
            expectProblem(await guest.send('PUT', `/v1/push/devices/${uuid()}`, { json: { endpoint, keys } }), 422, 'bad_endpoint');
    });

    it('at most twenty devices for one person', async () => {
        const person = await signUp();
        const { keys } = await subscribe(person);
        const put = () => person.send('PUT', `/v1/push/devices/${uuid()}`, { json: { endpoint: `${stack.sandbox}/push/e/${createHash('sha1').update(uuid()).digest('hex')}`, keys } });
        for (let i = 1; i < 20; i++) expect(await put(), 200);
        expectProblem(await put(), 409, 'device_limit');
    });

    it('a wallet that was charged and goods that were paid for are told in won', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guest, deal, 2);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guest, deal, 'captured');
        await noticed(guest, deal, 'confirmed');
        const notice = (await guest.inbox()).items.find((n) => n.deal === deal.id);
        assert.equal(notice.amount_won, 6_000);
        assert.ok(`${notice.title} ${notice.body}`.includes('6,000'), notice.body);
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
