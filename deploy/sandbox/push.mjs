// deploy/sandbox/push.mjs: a push service (RFC 8030) and the browser behind it: it takes encrypted messages like the real
// ones, checks the sender (RFC 8292), decrypts (RFC 8291) and shows what a person would have seen.
import { createECDH, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import ece from 'http_ece';
import { readBody, readJson, Refusal, sendJson, sendPage } from './http.mjs';
import { html, layout, seoulTime } from './page.mjs';
import { keepNewest, openState } from './state.mjs';

const PAYLOAD_MAX = 4096;
const TTL_MAX_S = 28 * 24 * 3600;
const TOKEN_LIFE_MAX_S = 24 * 3600;
const CLOCK_SKEW_S = 60;
const URGENCIES = ['very-low', 'low', 'normal', 'high'];
const SUBSCRIPTIONS_KEPT = 5000;
const MESSAGES_KEPT = 500;

export function createPush(router, config) {
    const endpoints = config.pushUrl || config.publicUrl;
    const connections = new Map(); // HTTP/2 sessions: which they are, and how many streams are open
    const state = openState(`${config.data}/push.json`, { subscriptions: {} });
    const { subscriptions } = state.data;

    function find(id) {
        const subscription = Object.hasOwn(subscriptions, id) && subscriptions[id];
        if (!subscription) throw new Refusal(404, 'NOT_FOUND', 'no such subscription');
        return subscription;
    }

    /** What pushManager.subscribe() does in a browser. */
    async function subscribe(req, res) {
        const { applicationServerKey = null, label = '' } = await readJson(req);
        if (applicationServerKey !== null && decodePoint(applicationServerKey) === null)
            throw new Refusal(400, 'INVALID_REQUEST', 'applicationServerKey: an uncompressed P-256 point, base64url');
        const pair = createECDH('prime256v1');
        pair.generateKeys();
        const id = randomUUID();
        const subscription = {
            id,
            token: randomBytes(24).toString('base64url'),
            label: String(label).slice(0, 60),
            applicationServerKey,
            privateKey: pair.getPrivateKey('base64url'),
            p256dh: pair.getPublicKey('base64url'),
            auth: randomBytes(16).toString('base64url'),
            createdAt: new Date().toISOString(),
            gone: false,
            fault: null,
            messages: [],
        };
        subscriptions[id] = subscription;
        keepNewest(subscriptions, SUBSCRIPTIONS_KEPT);
        await state.save();
        const { p256dh, auth } = subscription;
        sendJson(res, 201, { id, endpoint: `${endpoints}/push/e/${subscription.token}`, keys: { p256dh, auth } });
    }

    async function unsubscribe(req, res, { id }) {
        Object.assign(find(id), { gone: true, messages: [] });
        await state.save();
        res.writeHead(204).end();
    }

    /** For tests: the endpoint refuses with this status, or answers only after a while, until the status is set to null; or it
     * takes so many messages and breaks the connection, with whatever else is on it, instead of answering. */
    async function setFault(req, res, { id }) {
        const subscription = find(id);
        const { status = null, retryAfter, answerAfterMs = 0, breaks = 0 } = await readJson(req);
        if (!(Number.isInteger(answerAfterMs) && answerAfterMs >= 0 && answerAfterMs <= 60_000))
            throw new Refusal(400, 'INVALID_REQUEST', 'answerAfterMs: 0 to 60000');
        if (!(Number.isInteger(breaks) && breaks >= 0 && breaks <= 100)) throw new Refusal(400, 'INVALID_REQUEST', 'breaks: 0 to 100');
        if (status !== null && !(Number.isInteger(status) && status >= 400 && status <= 599))
            throw new Refusal(400, 'INVALID_REQUEST', 'status: 400 to 599, or null');
        subscription.fault = status === null ? null : { status, ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }) };
        Object.assign(subscription, { answerAfterMs, breaks });
        await state.save();
        sendJson(res, 200, { fault: subscription.fault });
    }

    /** Over which connection a request came, and with how many others beside it at that moment. */
    function connectionOf(req) {
        const session = req.stream?.session;
        if (!session) return { http: req.httpVersion };
        if (!connections.has(session)) {
            connections.set(session, { connection: randomUUID(), streams: 0 });
            session.once('close', () => connections.delete(session));
        }
        const known = connections.get(session);
        known.streams++;
        req.stream.once('close', () => known.streams--);
        return { http: '2', connection: known.connection, streams: known.streams };
    }

    /** The endpoint an application server POSTs to. */
    async function deliver(req, res, { token }) {
        const connection = connectionOf(req);
        const subscription = Object.values(subscriptions).find((s) => s.token === token);
        const body = await readBody(req, PAYLOAD_MAX);
        if (!subscription) throw new Refusal(404, 'NOT_FOUND', 'no such endpoint');
        if (subscription.gone) throw new Refusal(410, 'GONE', 'the subscription is over');
        if (subscription.fault) {
            const { status, retryAfter } = subscription.fault;
            throw new Refusal(status, 'FAULT', 'fault set on purpose', retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
        }
        checkVapid(req.headers.authorization, new URL(endpoints).origin, subscription.applicationServerKey);
        const message = {
            id: randomUUID(),
            ...readHeaders(req.headers),
            ...connection,
            text: decrypt(subscription, req.headers['content-encoding'], body),
            at: new Date().toISOString(),
            delivered: false,
            replaced: 0,
        };
        store(subscription, message);
        await state.save();
        if (subscription.answerAfterMs) await setTimeout(subscription.answerAfterMs);
        if (subscription.breaks > 0) {
            subscription.breaks--;
            (req.stream?.session ?? req.socket).destroy();
            return;
        }
        const ttl = String(Math.min(message.ttl, TTL_MAX_S));
        res.writeHead(201, { location: `${endpoints}/push/m/${message.id}`, ttl }).end();
    }

    // A message waits until the "browser" fetches it; meanwhile one of the same topic takes its place.
    function store(subscription, message) {
        const { messages } = subscription;
        const i = message.topic === null ? -1 : messages.findIndex((m) => m.topic === message.topic && !m.delivered);
        if (i >= 0) {
            message.replaced = messages[i].replaced + 1;
            messages.splice(i, 1);
        }
        messages.push(message);
        messages.splice(0, messages.length - MESSAGES_KEPT);
    }

    /** The browser comes online and gets what waited; what was fetched before is listed too, oldest first. */
    async function fetchMessages(req, res, { id }) {
        const subscription = find(id);
        for (const message of subscription.messages) message.delivered = true;
        await state.save();
        sendJson(res, 200, { items: subscription.messages.map(({ delivered, ...shown }) => shown) });
    }

    router.on('POST', '/push/subscriptions', subscribe);
    router.on('DELETE', '/push/subscriptions/:id', unsubscribe);
    router.on('GET', '/push/subscriptions/:id/messages.json', fetchMessages);
    router.on('POST', '/push/subscriptions/:id/_fault', setFault);
    router.on('POST', '/push/e/:token', deliver);
    router.on('GET', '/push', (req, res) => sendPage(res, overviewPage(Object.values(subscriptions))));
}

// ---- what comes in ---------------------------------------------------------------------------------------------------
function readHeaders(headers) {
    const { ttl, urgency = 'normal', topic = null } = headers;
    if (!/^\d{1,10}$/.test(ttl ?? '')) throw new Refusal(400, 'INVALID_TTL', 'TTL: seconds, required');
    if (!URGENCIES.includes(urgency)) throw new Refusal(400, 'INVALID_URGENCY', `Urgency: one of ${URGENCIES.join(', ')}`);
    if (topic !== null && !/^[A-Za-z0-9_-]{1,32}$/.test(topic))
        throw new Refusal(400, 'INVALID_TOPIC', 'Topic: at most 32 characters of base64url');
    return { ttl: Number(ttl), urgency, topic };
}

function decrypt(subscription, encoding, body) {
    if (body.length === 0) return '';
    if (encoding !== 'aes128gcm') throw new Refusal(400, 'INVALID_ENCODING', 'Content-Encoding: aes128gcm');
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(subscription.privateKey, 'base64url');
    try {
        return ece.decrypt(body, { version: 'aes128gcm', privateKey: pair, authSecret: subscription.auth }).toString('utf8');
    } catch (error) {
        throw new Refusal(400, 'DECRYPTION_FAILED', `the browser could not decrypt this: ${error.message}`);
    }
}

/** `Authorization: vapid t=<jwt>, k=<key>`; throws 401, or 403 when the key is not the one subscribed with. */
function checkVapid(authorization = '', audience, subscribedKey) {
    const refuse = (why) => new Refusal(401, 'UNAUTHORIZED', `VAPID: ${why}`, { 'www-authenticate': 'vapid' });
    const [, list] = /^vapid\s+(.+)$/i.exec(authorization) ?? [];
    if (!list) throw refuse('the Authorization header is missing');
    const fields = Object.fromEntries(list.split(',').map((part) => part.trim().split(/=(.*)/s).slice(0, 2)));
    const point = decodePoint(fields.k);
    if (!point) throw refuse('k is no P-256 point');
    const claims = verifyToken(fields.t ?? '', point);
    if (!claims) throw refuse('t is no ES256 token signed with k');
    const now = Date.now() / 1000;
    if (claims.aud !== audience) throw refuse(`aud must be ${audience}`);
    if (!Number.isFinite(claims.exp) || claims.exp < now - CLOCK_SKEW_S) throw refuse('exp has passed');
    if (claims.exp > now + TOKEN_LIFE_MAX_S + CLOCK_SKEW_S) throw refuse('exp is more than 24 hours away');
    if (!/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/.test(claims.sub ?? '') || /localhost/.test(claims.sub))
        throw refuse('sub must be a mailto: or https: address that can be reached');
    if (subscribedKey !== null && subscribedKey !== fields.k)
        throw new Refusal(403, 'WRONG_KEY', 'VAPID: the subscription belongs to another key');
}

function decodePoint(text) {
    if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{87}=?$/.test(text)) return null;
    const point = Buffer.from(text, 'base64url');
    return point.length === 65 && point[0] === 4 ? point : null;
}

function verifyToken(token, point) {
    const [header, payload, signature] = token.split('.');
    try {
        const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
        if (json(header).alg !== 'ES256') return null;
        const x = point.subarray(1, 33).toString('base64url');
        const y = point.subarray(33).toString('base64url');
        const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
        const signed = Buffer.from(`${header}.${payload}`);
        const ok = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
        return ok ? json(payload) : null;
    } catch {
        return null; // whatever cannot be read is not signed either
    }
}

// ---- the page --------------------------------------------------------------------------------------------------------
function overviewPage(subscriptions) {
    const newest = subscriptions.slice(-30).reverse();
    return layout(
        '푸시 · Push',
        html`<h1>푸시 알림 <small lang="en">Push messages</small></h1>
${newest.length === 0 && html`<p class="card">아직 구독이 없습니다. <small lang="en">No subscriptions yet.</small></p>`}
${newest.map(
    (s) => html`<section class="card"><p><b>${s.label || '브라우저'}</b> <small>${seoulTime(s.createdAt)} · <code>${s.id}</code>${s.gone && ' · 해지됨 (gone)'}${s.fault && ` · fault ${s.fault.status}`}</small></p>
${s.messages.length === 0 && html`<p><small>받은 알림 없음 (nothing received)</small></p>`}
${s.messages
    .slice(-20)
    .reverse()
    .map((m) => html`<p><small>${seoulTime(m.at)} · TTL ${m.ttl} · ${m.urgency}</small></p><p class="bubble">${m.text}</p>`)}</section>`,
)}`,
        { refresh: 5, current: '/push' },
    );
}
