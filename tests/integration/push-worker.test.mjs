// tests/integration/push-worker.test.mjs: the built client and its service worker in Chromium, with the market behind them: a real notice is
// shown and acknowledged, and a start of the client tells the market the subscription as it is. Chromium asks nobody for
// a subscription here: the sandbox's takes its place, and what it received is handed to the worker by the DevTools.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, send, uuid } from '../lib/api.mjs';
import { received, subscribe } from '../lib/browsers.mjs';
import { Chromium } from '../lib/chromium.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const ORIGIN = stack.gateway;
const SETTLES = 400; // Chromium forgets a notice when it is asked for a list in the instant it is being put up
const shown = () => navigator.serviceWorker.ready.then(async (r) => (await r.getNotifications()).map((n) => ({ title: n.title, body: n.body, tag: n.tag, actions: n.actions.map((a) => a.title), data: n.data })));

describe('the service worker in a browser', { timeout: 120_000 }, () => {
    let browser, host, guest;
    before(async () => {
        [browser, host, guest] = await Promise.all([Chromium.open(), signUp('방장'), signUp('손님', 100_000)]);
        await browser.allow(ORIGIN, 'notifications');
    });
    after(() => browser?.close());

    const trace = async (id) => expect(await host.get(`/v1/push/inbox/${id}/trace`), 200);

    it('a real notice is seen, said to be shown, and clicked; the trace of the notice tells both', async () => {
        const page = await browser.page(`${ORIGIN}/`);
        const worker = await page.worker(ORIGIN);
        const device = await subscribe(host);
        const deal = await openDeal(host);
        await join(guest, deal, 1);
        const payload = await received(device, (m) => m.kind === 'joined' && m.link === `/deals/${deal.id}`);
        // The browser may have it before the market has written down that it was taken.
        const attempts = await until('the attempt is written down', async () => { const list = (await trace(payload.id)).attempts; return list.length > 0 && list; });
        assert.deepEqual(attempts.map((a) => a.shown_at), [undefined]);
        await worker.push(JSON.stringify(payload));
        await until('the market knows', async () => (await trace(payload.id)).attempts[0].shown_at);
        await sleep(SETTLES);
        const [notice, ...others] = await page.run(shown);
        assert.equal(others.length, 0);
        assert.deepEqual([notice.title, notice.body, notice.tag], [payload.title, payload.body, payload.tag]);
        assert.deepEqual(notice.actions, payload.actions.map((a) => a.title));
        assert.equal(notice.data.link, `/deals/${deal.id}`);
        await worker.push(JSON.stringify(payload)); // the push service says it twice
        await sleep(SETTLES);
        assert.equal((await page.run(shown)).length, 1, 'and it is seen once');
        await worker.run(async () => {
            const [notification] = await self.registration.getNotifications();
            self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
        });
        await until('the market knows of the click', async () => (await trace(payload.id)).attempts[0].clicked_at);
        await until('it is closed', async () => (await page.run(shown)).length === 0);
        expect(await act(host, deal, 'cancel'), 200);
        expect(await host.send('DELETE', `/v1/push/devices/${device.device}`), 204);
    });

    it('what cannot be read is shown in general words', async () => {
        const page = await browser.page(`${ORIGIN}/`);
        const worker = await page.worker(ORIGIN);
        for (const data of ['', '{"half":']) {
            await worker.push(data);
            await sleep(SETTLES);
            await until('a notice is seen', async () => (await page.run(shown)).some((n) => n.tag === 'gonggu' && n.data.link === '/'), { every: SETTLES });
            await page.run(async () => (await (await navigator.serviceWorker.ready).getNotifications()).forEach((n) => n.close()));
        }
    });

    it('at its start the client tells the market the subscription as it is now; under a new key it makes another', async () => {
        const person = await signUp();
        const { key } = expect(await send('GET', '/v1/push/vapid-key'), 200);
        const device = uuid();
        const made = async (label) => (await fetch(`${stack.sandbox}/push/subscriptions`, { method: 'POST', body: JSON.stringify({ applicationServerKey: key, label }) })).json();
        const [first, second] = [await made('first'), await made('second')];
        // The browser's subscription, which only its own push service could give: made with `old`, then with what it is told.
        const early = ({ endpoint, keys }, old, next) => `{
            const one = (s, key) => ({ options: { applicationServerKey: Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)).buffer }, toJSON: () => s, unsubscribe: async () => (present = null, true) });
            let present = one(${JSON.stringify({ endpoint, keys })}, '${old}');
            PushManager.prototype.getSubscription = async () => present;
            PushManager.prototype.subscribe = async ({ applicationServerKey }) => (present = one(${JSON.stringify({ endpoint: next.endpoint, keys: next.keys })}, applicationServerKey));
        }`;
        const endpoints = async () => expect(await person.get('/v1/push/devices'), 200).items.map((d) => [d.id, d.endpoint]);
        const start = await browser.page(`${ORIGIN}/`);
        await start.run(async (json, id) => {
            await fetch('/v1/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) });
            localStorage.setItem('gonggu.signed-in', '1'); // as the client does at a log-in
            await (await caches.open('gonggu-push')).put('/device', new Response(JSON.stringify({ id, lang: 'en' })));
        }, { login_id: person.loginId, password: person.password }, device);
        await browser.page(`${ORIGIN}/`, undefined, early(first, key, second));
        await until('the market knows the browser', async () => (await endpoints()).length === 1);
        assert.deepEqual(await endpoints(), [[device, first.endpoint]]);
        const old = `BA${'A'.repeat(85)}`;
        await browser.page(`${ORIGIN}/`, undefined, early(first, old, second));
        await until('the market knows the new subscription', async () => (await endpoints())[0][1] === second.endpoint);
        assert.deepEqual(await endpoints(), [[device, second.endpoint]], 'the same device');
    });
});
