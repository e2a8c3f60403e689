// tests/bench/what/push_send.mjs: pushes sent to one local endpoint that takes them all (TLS; ours by HTTP/2 on few
// connections, npm web-push by its kept-alive HTTPS connections): per second of the sender's processor.
import { stack } from '../../lib/stack.mjs';
import { browser, ours, sink, webPush } from '../lib/pushes.mjs';

let endpoint;
export default {
    title: 'pushes sent to a local endpoint, per second of one core of the sender',
    unit: 'pushes/s',
    sides: { peer: 'npm web-push' },
    goals: { peer: 5 },
    async prepare() {
        const b = browser();
        endpoint = await sink(Number(new URL(stack.gateway).port) + 90);
        return { ours: ours('send', b, endpoint.endpoint), peer: webPush('send', b, endpoint.endpoint) };
    },
    end: async () => endpoint.stop(),
};
