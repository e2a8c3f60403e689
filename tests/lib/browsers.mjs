// tests/lib/browsers.mjs: browsers of the sandbox: subscribed, told to the market, and acknowledging like our worker.
import assert from 'node:assert/strict';
import { expect, send, uuid } from './api.mjs';
import { stack } from './stack.mjs';
import { until } from './wait.mjs';

/** A browser of the sandbox, subscribed and told to the market. */
export async function subscribe(person, { lang = 'ko', device = uuid() } = {}) {
    const { key } = expect(await send('GET', '/v1/push/vapid-key'), 200);
    const body = JSON.stringify({ applicationServerKey: key, label: person.nickname });
    const browser = await (await fetch(`${stack.sandbox}/push/subscriptions`, { method: 'POST', body })).json();
    const json = { endpoint: browser.endpoint, keys: browser.keys, lang, key };
    expect(await person.send('PUT', `/v1/push/devices/${device}`, { json }), 200);
    return { ...browser, device };
}

/** What a browser received, oldest first, with its headers. */
export const messages = async (browser) =>
    (await (await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}/messages.json`)).json()).items;

/** The payload of the first message that fits. */
export const received = (browser, fits) =>
    until('a push arrives', async () => (await messages(browser)).map((m) => JSON.parse(m.text)).find(fits));

/** Lets its endpoint answer with this status (null: no more). */
export async function fault(browser, status, retryAfter) {
    const body = JSON.stringify({ status, ...(retryAfter !== undefined && { retryAfter }) });
    assert.equal((await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}/_fault`, { method: 'POST', body })).status, 200);
}

/** Lets its endpoint take messages at once and answer only so many ms later; 0: as usual. */
export async function slow(browser, answerAfterMs) {
    const body = JSON.stringify({ answerAfterMs });
    assert.equal((await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}/_fault`, { method: 'POST', body })).status, 200);
}

/** Lets its endpoint take the next so many messages and break the connection instead of answering. */
export async function breaking(browser, breaks) {
    const body = JSON.stringify({ breaks });
    assert.equal((await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}/_fault`, { method: 'POST', body })).status, 200);
}

/** What our service worker does once it has shown a notice, or it was clicked. */
export const acknowledge = async (payload, what = 'shown') =>
    expect(await send('POST', '/v1/push/acks', { json: { token: payload.ack, what } }), 204);
