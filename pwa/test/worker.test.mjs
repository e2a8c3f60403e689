// The service worker's real code with stand-ins for what a browser gives it: every push is seen, a click opens the right
// page, the market hears of both, and a subscription that the browser changes is not lost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const CODE = readFileSync(new URL('../src/sw/push.js', import.meta.url), 'utf8');
const ORIGIN = 'https://market.example';
const NEW_KEY = 'B'.repeat(87);
const PAYLOAD = {
    id: '0190a1b2-0000-7000-8000-000000000001', kind: 'joined', title: '이웃이 참여했어요', body: '두 몫을 가져갔어요.', link: '/deals/1', lang: 'ko',
    tag: '0190a1b2-0000-7000-8000-000000000001', ack: 'a'.repeat(48), at: '2026-11-21T09:00:00Z', actions: [{ action: 'open', title: '열기', link: '/deals/1?from=push' }],
};

/** A worker that runs in a browser of these tabs; `answers` are the market's, by path. */
function worker({ tabs = [], device = null, language = 'ko-KR', answers = {}, refused = () => false } = {}) {
    const seen = { shown: [], asked: [], opened: [], waits: [], subscribed: [] };
    const listeners = {};
    const self = {
        location: new URL(`${ORIGIN}/sw.js`),
        navigator: { language },
        addEventListener: (type, listener) => (listeners[type] = listener),
        skipWaiting: () => {},
        registration: {
            showNotification: async (title, options) => {
                if (refused(title, options)) throw new TypeError('not like this');
                seen.shown.push({ title, ...options });
            },
            pushManager: { subscribe: async (options) => (seen.subscribed.push(options), subscription('made')) },
        },
        clients: {
            claim: async () => {},
            matchAll: async () => tabs,
            openWindow: async (url) => seen.opened.push(url),
        },
    };
    const fetch = async (path, { method, headers, body }) => {
        seen.asked.push({ what: `${method} ${path}`, json: body && JSON.parse(body), bearer: headers.authorization });
        const answer = answers[path] ?? (() => new Response(null, { status: 204 }));
        return answer(seen.asked.length);
    };
    const caches = { open: async () => ({ match: async () => (device ? new Response(JSON.stringify(device)) : undefined) }) };
    const setTimeout = (go, ms) => (seen.waits.push(ms), go());
    runInNewContext(CODE, { self, fetch, caches, setTimeout, URL, btoa, Uint8Array });
    seen.send = async (type, event = {}) => {
        let end;
        listeners[type]({ ...event, waitUntil: (promise) => (end = promise) });
        await end;
        return seen;
    };
    seen.push = (text) => seen.send('push', { data: text === null ? null : { json: () => JSON.parse(text) } });
    return seen;
}
const subscription = (name) => ({ toJSON: () => ({ endpoint: `https://push.example/${name}`, keys: { p256dh: 'p', auth: 'a' } }), options: { applicationServerKey: Buffer.from(NEW_KEY, 'base64url') } });
const plain = (value) => JSON.parse(JSON.stringify(value));
const clicked = (data, action = '') => {
    const notification = { data, closed: 0, close: () => notification.closed++ };
    return { notification, action };
};
const tab = (url, { lost = false } = {}) => {
    const one = { url, did: [], focus: async () => one.did.push('focus'), navigate: async (to) => {
        if (lost) throw new TypeError('not controlled');
        one.did.push(to);
    } };
    return one;
};

test('a push is shown as it says, and acknowledged', async () => {
    const seen = await worker().push(JSON.stringify(PAYLOAD));
    assert.deepEqual(plain(seen.shown), [{
        title: PAYLOAD.title, body: PAYLOAD.body, tag: PAYLOAD.tag, lang: 'ko', icon: '/icon.svg', badge: '/icon.svg', timestamp: Date.parse(PAYLOAD.at),
        actions: [{ action: 'open', title: '열기' }], data: { link: '/deals/1', links: { open: '/deals/1?from=push' }, ack: PAYLOAD.ack },
    }]);
    assert.deepEqual(plain(seen.asked), [{ what: 'POST /v1/push/acks', json: { token: PAYLOAD.ack, what: 'shown' } }]);
});

test('there is no push that shows nothing: broken, empty, of the wrong shape, or not to the browser\'s taste', async () => {
    for (const text of [null, '', '{', 'null', '[]', '"x"', '7', '{}', '{"title":"","body":"b"}', '{"title":7,"body":{}}', '{"title":"only that"}']) {
        const seen = await worker().push(text);
        assert.equal(seen.shown.length, 1, String(text));
        assert.match(seen.shown[0].body, /새 소식/, String(text));
        assert.equal(seen.shown[0].tag, 'gonggu');
        assert.deepEqual(seen.asked, [], 'nothing to acknowledge');
    }
    assert.equal((await worker({ language: 'en-US' }).push('{')).shown[0].title, 'Gonggu');
    assert.equal((await worker({ language: 'en-US', device: { id: 'd', lang: 'ko' } }).push('{')).shown[0].title, '공구', 'the language its owner chose');
    const odd = await worker().push(JSON.stringify({ ...PAYLOAD, tag: 5, at: 'yesterday', actions: [null, { action: 1 }, 'x'], lang: 'xx' }));
    assert.deepEqual(plain(odd.shown[0].actions), []);
    const refused = await worker({ refused: (_, { actions }) => actions?.length > 0 }).push(JSON.stringify(PAYLOAD));
    assert.equal(refused.shown.length, 1, 'what the browser does not take is shown in general words');
    assert.equal(refused.asked.length, 1);
});

test('what is broken but says who it is, is acknowledged and leads there', async () => {
    const seen = await worker().push(JSON.stringify({ ack: PAYLOAD.ack, link: '/deals/9', lang: 'en' }));
    assert.deepEqual([seen.shown[0].title, seen.shown[0].data.link], ['Gonggu', '/deals/9']);
    assert.equal(seen.asked[0].json.token, PAYLOAD.ack);
});

test('an acknowledgement is told again while the market does not answer, and not for ever', async () => {
    const flaky = (n) => (n < 3 ? (n === 1 ? Promise.reject(new TypeError('no network')) : new Response(null, { status: 503 })) : new Response(null, { status: 204 }));
    const seen = await worker({ answers: { '/v1/push/acks': flaky } }).push(JSON.stringify(PAYLOAD));
    assert.deepEqual([seen.asked.length, seen.waits], [3, [2000, 4000]]);
    const dead = await worker({ answers: { '/v1/push/acks': () => Promise.reject(new TypeError('no network')) } }).push(JSON.stringify(PAYLOAD));
    assert.deepEqual([dead.asked.length, dead.shown.length], [3, 1]);
    const no = await worker({ answers: { '/v1/push/acks': () => new Response(null, { status: 422 }) } }).push(JSON.stringify(PAYLOAD));
    assert.equal(no.asked.length, 1, 'a refusal is final');
});

test('a click closes it, is acknowledged, and opens its page, or that of the button', async () => {
    const data = { link: '/deals/1', links: { open: '/me' }, ack: PAYLOAD.ack };
    for (const [action, page] of [['', '/deals/1'], ['open', '/me'], ['unknown', '/deals/1']]) {
        const event = clicked(data, action);
        const seen = await worker().send('notificationclick', event);
        assert.equal(event.notification.closed, 1);
        assert.deepEqual(seen.opened, [ORIGIN + page]);
        assert.deepEqual(plain(seen.asked), [{ what: 'POST /v1/push/acks', json: { token: PAYLOAD.ack, what: 'clicked' } }]);
    }
});

test('an open tab is used rather than another one opened', async () => {
    const [other, home, there] = [tab('https://elsewhere.example/deals/1'), tab(`${ORIGIN}/`), tab(`${ORIGIN}/deals/1`)];
    const data = { link: '/deals/1', links: {} };
    const seen = await worker({ tabs: [other, home, there] }).send('notificationclick', clicked(data));
    assert.deepEqual([other.did, home.did, there.did, seen.opened], [[], [], ['focus'], []], 'the one that shows it');
    await worker({ tabs: [other, home] }).send('notificationclick', clicked(data));
    assert.deepEqual([other.did, home.did], [[], ['focus', `${ORIGIN}/deals/1`]], 'any of ours');
    const lost = await worker({ tabs: [tab(`${ORIGIN}/`, { lost: true })] }).send('notificationclick', clicked(data));
    assert.deepEqual(lost.opened, [`${ORIGIN}/deals/1`], 'one that cannot be led is left');
});

test('no link leads to another site, whoever wrote it', async () => {
    for (const link of ['https://evil.example/x', '//evil.example/x', 'javascript:alert(1)', 'data:text/html,x', 'http://[', '\\\\evil.example', 7, undefined]) {
        const seen = worker();
        await seen.push(JSON.stringify({ ...PAYLOAD, link, actions: [{ action: 'open', title: 'x', link }] }));
        for (const path of [seen.shown[0].data.link, seen.shown[0].data.links.open]) assert.equal(path, '/', String(link));
        await seen.send('notificationclick', clicked({ link, links: {} }));
        assert.deepEqual(seen.opened, [`${ORIGIN}/`], String(link));
    }
});

test('a subscription that the browser changes is told under the same device; what the browser made is taken', async () => {
    const answers = {
        '/v1/push/vapid-key': () => Response.json({ key: NEW_KEY }),
        '/v1/auth/refresh': () => Response.json({ access_token: 'T' }),
        '/v1/push/devices/d1': () => Response.json({}),
    };
    const device = { id: 'd1', lang: 'en' };
    const put = (name) => ({ what: 'PUT /v1/push/devices/d1', bearer: 'Bearer T', json: { endpoint: `https://push.example/${name}`, keys: { p256dh: 'p', auth: 'a' }, lang: 'en', key: Buffer.from(NEW_KEY, 'base64url').toString('base64url') } });
    const made = await worker({ device, answers }).send('pushsubscriptionchange', { newSubscription: null });
    assert.deepEqual(plain(made.subscribed), [{ userVisibleOnly: true, applicationServerKey: NEW_KEY }]);
    assert.deepEqual(plain(made.asked).at(-1), put('made'));
    const given = await worker({ device, answers }).send('pushsubscriptionchange', { newSubscription: subscription('given') });
    assert.deepEqual([given.subscribed.length, plain(given.asked).at(-1)], [0, put('given')]);
    const off = await worker({ answers }).send('pushsubscriptionchange', { newSubscription: null });
    assert.deepEqual([off.asked, off.subscribed], [[], []], 'where notices are off, nothing is made');
    const out = await worker({ device, answers: { ...answers, '/v1/auth/refresh': () => new Response(null, { status: 401 }) } }).send('pushsubscriptionchange', {});
    assert.ok(!out.asked.some((a) => a.what.startsWith('PUT')), 'nobody is logged in');
});
