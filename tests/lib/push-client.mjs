// tests/lib/push-client.mjs: the client's own push code (pwa/src/push.js), unchanged, in a browser of stand-ins: its push service is the
// sandbox's, the market behind it is the stack's.
import { expect, send } from './api.mjs';
import { stack } from './stack.mjs';

/** Makes this process such a browser, and gives the client's functions with what the browser has. */
export async function pushClient(label) {
    const state = { permission: 'default', subscription: null, made: [], notices: [] };
    const files = new Map();
    const point = (key) => Uint8Array.from(Buffer.from(key, 'base64url')).buffer;
    const pushManager = {
        getSubscription: async () => state.subscription,
        subscribe: async ({ applicationServerKey }) => {
            if (state.subscription) throw new DOMException('there is one already', 'InvalidStateError');
            const made = expect(await send('POST', '/push/subscriptions', { base: stack.sandbox, json: { applicationServerKey, label } }), 201);
            state.made.push(made);
            return (state.subscription = {
                options: { applicationServerKey: point(applicationServerKey) },
                toJSON: () => ({ endpoint: made.endpoint, keys: made.keys }),
                unsubscribe: async () => {
                    expect(await send('DELETE', `/push/subscriptions/${made.id}`, { base: stack.sandbox }), 204);
                    state.subscription = null;
                    return true;
                },
            });
        },
    };
    const registration = { pushManager, getNotifications: async () => state.notices };
    const serviceWorker = { register: async () => registration, getRegistration: async () => registration, ready: Promise.resolve(registration) };
    const cache = { match: async (path) => files.get(path)?.clone(), put: async (path, reply) => files.set(path, reply) };
    const plain = globalThis.fetch;
    const globals = {
        navigator: { serviceWorker },
        PushManager: class {},
        Notification: { get permission() { return state.permission; }, requestPermission: async () => (state.permission = 'granted') },
        caches: { open: async () => cache, delete: async () => files.clear() },
        fetch: (address, ...rest) => plain(String(address).startsWith('/') ? stack.gateway + address : address, ...rest),
    };
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    return { ...(await import('../../pwa/src/push.js')), state, device: async () => (files.has('/device') ? files.get('/device').clone().json() : null) };
}
