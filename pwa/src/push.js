// pwa/src/push.js: the page's half of push: registers the service worker (public/sw.js), subscribes, tells the market at
// each start, and unsubscribes at log-out. Plain JavaScript with types in comments: tests run it as it is.

const KEPT = 'gonggu-push'; // shared with the worker, which has no localStorage
const TIMEOUT_MS = 10_000;

/** @typedef {{ id: string, lang: 'ko' | 'en', key?: string }} Device This browser as the market knows it, and the key it subscribed with. */

/** @param {string} path @param {{ method?: string, json?: unknown, token?: string }} [how] */
async function ask(path, { method = 'GET', json, token } = {}) {
    return fetch(path, {
        method,
        headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
    });
}

/** @param {string} path @param {{ method?: string, json?: unknown, token?: string }} [how] */
async function answer(path, how) {
    const reply = await ask(path, how);
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
    return reply.json();
}

/** @returns {Promise<Device | null>} */
async function kept() {
    const reply = await (await caches.open(KEPT)).match('/device');
    return reply ? reply.json() : null;
}
/** @param {Device} device */
const keep = async (device) => (await caches.open(KEPT)).put('/device', new Response(JSON.stringify(device)));

/** Whether this browser can show notices at all. */
export const possible = () => 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;

/** Registers the worker; null where there are none. Harmless at each start. */
export async function registerWorker() {
    if (!('serviceWorker' in navigator)) return null;
    return navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' });
}

/** @param {ArrayBuffer} buffer */
const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * A subscription made with the market's present key. One of another key is given up first: a browser has only one.
 * @param {Device} device
 */
async function subscribe(device) {
    const { pushManager } = await navigator.serviceWorker.ready;
    const { key } = await answer('/v1/push/vapid-key');
    const present = await pushManager.getSubscription();
    const made = present?.options?.applicationServerKey;
    if (present && (made ? base64url(made) : device.key) === key) return { subscription: present, key };
    await present?.unsubscribe();
    return { subscription: await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }), key };
}

/**
 * @param {string} token @param {Device} device
 * @returns {Promise<boolean>} false: the market knows this device as somebody else's
 */
async function tell(token, device) {
    const { subscription, key } = await subscribe(device);
    const { endpoint, keys } = subscription.toJSON();
    const json = { endpoint, keys, lang: device.lang, key };
    const reply = await ask(`/v1/push/devices/${device.id}`, { method: 'PUT', json, token });
    if (reply.status === 404) return false;
    if (!reply.ok) throw new Error(`the device was refused: ${reply.status}`);
    await keep({ ...device, key });
    return true;
}

/**
 * Asks for the permission and subscribes. To be called by a click of somebody who is logged in.
 * @param {string} token @param {'ko' | 'en'} lang
 * @returns {Promise<boolean>} whether notices will come
 */
export async function turnOn(token, lang) {
    if (!possible() || (await Notification.requestPermission()) !== 'granted') return false;
    await registerWorker();
    const before = await kept();
    if (before && (await tell(token, { ...before, lang }))) return true;
    return tell(token, { id: crypto.randomUUID(), lang });
}

/**
 * At each start: the market hears the subscription as it is now. A permission that was taken away ends it, and so does
 * somebody else's log-in: who was here before is not shown to him.
 * @param {string} token @param {'ko' | 'en'} lang
 * @returns {Promise<boolean>} whether notices will come
 */
export async function resync(token, lang) {
    const device = possible() ? await kept() : null;
    if (!device) return false;
    if (Notification.permission === 'granted' && (await tell(token, { ...device, lang }))) return true;
    await turnOff(token);
    return false;
}

/**
 * Before log-out, while the token is still good: nobody after him on this browser sees his notices.
 * @param {string} token
 */
export async function turnOff(token) {
    const device = await kept();
    if (!device) return;
    const worker = await navigator.serviceWorker.getRegistration('/');
    await (await worker?.pushManager.getSubscription())?.unsubscribe();
    for (const notice of (await worker?.getNotifications()) ?? []) notice.close();
    await caches.delete(KEPT);
    // Should it not arrive: the endpoint is over, and the first push to it ends the device.
    await ask(`/v1/push/devices/${device.id}`, { method: 'DELETE', token }).catch(() => undefined);
}

/** Whether notices were turned on in this browser. */
export const isOn = async () => possible() && Notification.permission === 'granted' && (await kept()) !== null;
