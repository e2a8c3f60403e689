// pwa/src/sw/push.js: the push part of the service worker: shows what the push service sends, says that it was shown or clicked, and keeps
// the subscription alive when the browser changes it. A plain script, which tests run as it is. The page's half is
// src/push.js; both keep the device in the cache named KEPT.
// @ts-nocheck: a worker's globals, in a file that is not a module
'use strict';

const KEPT = 'gonggu-push';
const ICON = '/icon.svg';
const TRIES = 3;
const GENERIC = {
    ko: { title: '공구', body: '새 소식이 있어요. 눌러서 확인해 주세요.' },
    en: { title: 'Gonggu', body: 'There is news for you. Open it to see.' },
};

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));
self.addEventListener('notificationclick', (event) => event.waitUntil(click(event.notification, event.action)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

// ---- a notice --------------------------------------------------------------------------------------------------------
/** A push that shows nothing costs the subscription in some browsers: whatever came, a notice is seen. */
async function show(data) {
    const payload = parse(data);
    const words = GENERIC[await language(payload.lang)];
    try {
        await self.registration.showNotification(text(payload.title) || words.title, options(payload, words));
    } catch {
        await self.registration.showNotification(words.title, { body: words.body, tag: 'gonggu', data: { link: '/' } });
    }
    await acknowledge(payload.ack, 'shown');
}

function parse(data) {
    try {
        const payload = data.json();
        const whole = payload && text(payload.title) && text(payload.body);
        return whole ? payload : { ack: payload.ack, link: payload.link, lang: payload.lang };
    } catch {
        return {}; // nothing in it, or nothing that can be read
    }
}

const text = (value) => (typeof value === 'string' ? value.trim() : '');

async function language(lang) {
    if (lang in GENERIC) return lang;
    const device = await kept();
    if (device && device.lang in GENERIC) return device.lang;
    return self.navigator.language.startsWith('en') ? 'en' : 'ko';
}

/** A notice is known by its tag: a repeat takes the place of the first, and those that say nothing take each other's. */
function options(payload, words) {
    const given = Array.isArray(payload.actions) ? payload.actions.filter((a) => a && text(a.action) && text(a.title)) : [];
    const links = Object.fromEntries(given.map((a) => [a.action, ours(a.link)]));
    const at = Date.parse(payload.at);
    return {
        body: text(payload.body) || words.body,
        tag: text(payload.tag) || 'gonggu',
        lang: payload.lang in GENERIC ? payload.lang : '',
        icon: ICON,
        badge: ICON,
        actions: given.map(({ action, title }) => ({ action, title })),
        data: { link: ours(payload.link), links, ack: text(payload.ack) },
        ...(Number.isFinite(at) && { timestamp: at }),
    };
}

/** The address of a page of ours; what leads elsewhere leads to the start. */
function ours(link) {
    try {
        const url = new URL(text(link) || '/', self.location.origin);
        return url.origin === self.location.origin ? url.pathname + url.search + url.hash : '/';
    } catch {
        return '/';
    }
}

// ---- a click ---------------------------------------------------------------------------------------------------------
async function click(notification, action) {
    const { link, links = {}, ack } = notification.data ?? {};
    notification.close();
    // Side by side: the browser lets a window be opened only shortly after the click.
    await Promise.all([open(ours(links[action] ?? link)), acknowledge(ack, 'clicked')]);
}

/** The tab that shows it already, or any of ours, or a new one. */
async function open(link) {
    const { origin } = self.location;
    const tabs = (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter((tab) => new URL(tab.url).origin === origin);
    const there = tabs.find((tab) => tab.url === origin + link);
    if (there) return there.focus();
    for (const tab of tabs)
        try {
            await tab.focus();
            return await tab.navigate(origin + link);
        } catch {
            // It was closed meanwhile, or belongs to no worker yet.
        }
    return self.clients.openWindow(origin + link);
}

// ---- what the market is told -----------------------------------------------------------------------------------------
/** The token of the payload permits it: nobody needs to be logged in. Not told, the market tries another way. */
async function acknowledge(token, what) {
    if (text(token)) await ask('POST', '/v1/push/acks', { token, what });
}

/** What the market answers, asked again when it did not or was busy; null when it does not at all. */
async function ask(method, path, json, bearer) {
    const headers = { ...(json && { 'content-type': 'application/json' }), ...(bearer && { authorization: `Bearer ${bearer}` }) };
    for (let i = 1; ; i++) {
        const reply = await fetch(path, { method, headers, body: json && JSON.stringify(json), keepalive: true }).catch(() => null);
        if (i === TRIES || (reply && reply.status < 500 && reply.status !== 429)) return reply;
        await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** i));
    }
}

// ---- the subscription ------------------------------------------------------------------------------------------------
/** This browser as the market knows it, or null when its owner wants no notices here. */
async function kept() {
    const reply = await (await caches.open(KEPT)).match('/device').catch(() => null);
    return reply ? reply.json() : null;
}

/** The browser gave up the subscription: another one, told under the same device. Should it fail, the next start of the
 * client does it. */
async function renew({ newSubscription }) {
    const device = await kept();
    if (!device) return;
    const subscription = newSubscription ?? (await subscribe());
    const session = subscription && (await ask('POST', '/v1/auth/refresh'));
    if (!session?.ok) return;
    const { endpoint, keys } = subscription.toJSON();
    const key = subscription.options?.applicationServerKey;
    const json = { endpoint, keys, lang: device.lang, ...(key && { key: base64url(key) }) };
    await ask('PUT', `/v1/push/devices/${device.id}`, json, (await session.json()).access_token);
}

async function subscribe() {
    const reply = await ask('GET', '/v1/push/vapid-key');
    if (!reply?.ok) return null;
    const { key } = await reply.json();
    return self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => null);
}

const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
