// deploy/sandbox/webhooks.mjs: tells the shop of every change of a payment, signed, again and again until it listens.
import { createHmac, randomUUID } from 'node:crypto';

const TRIES = 7;
const FIRST_DELAY_MS = 1000; // then four times as long each time
const REPLY_MS = 10_000;
const AT_ONCE = 8;
const KEPT = 500;

/** `<base64 HMAC-SHA256(secret, body + ":" + time)>` of the header tosspayments-webhook-signature, with its "v1:". */
export function signWebhook(secret, body, time) {
    return `v1:${createHmac('sha256', secret).update(`${body}:${time}`).digest('base64')}`;
}

/** The queue lives in `state.data.webhooks`, so it survives restarts. */
export function createWebhooks(state, config) {
    const { data } = state;
    const running = new Set();
    let timer = null;
    let stopped = false;

    function enqueue({ paymentKey, orderId, status, amount }) {
        const createdAt = new Date().toISOString();
        const body = JSON.stringify({
            eventType: 'PAYMENT_STATUS_CHANGED',
            createdAt,
            data: { paymentKey, orderId, status, totalAmount: amount },
        });
        const copies = { twice: 2, none: 0 }[data.faults.webhook] ?? 1;
        for (let i = 0; i < copies; i++)
            data.webhooks.push({ id: randomUUID(), createdAt, label: `${status} ${orderId}`, body, attempts: 0, due: Date.now(), state: 'waiting', last: '' });
        // The oldest that are over go first; those that wait are never dropped.
        for (let i = 0; data.webhooks.length > KEPT && i < data.webhooks.length; )
            if (data.webhooks[i].state === 'waiting') i++;
            else data.webhooks.splice(i, 1);
    }

    async function send(delivery) {
        const time = new Date().toISOString();
        delivery.attempts += 1;
        try {
            const reply = await fetch(config.webhookUrl, {
                method: 'POST',
                body: delivery.body,
                redirect: 'manual',
                signal: AbortSignal.timeout(REPLY_MS),
                headers: {
                    'content-type': 'application/json',
                    'tosspayments-webhook-transmission-time': time,
                    'tosspayments-webhook-transmission-id': delivery.id,
                    'tosspayments-webhook-transmission-retried-count': String(delivery.attempts - 1),
                    'tosspayments-webhook-signature': signWebhook(config.webhookSecret, delivery.body, time),
                },
            });
            await reply.body?.cancel();
            delivery.last = String(reply.status);
            if (reply.ok) delivery.state = 'delivered';
        } catch (error) {
            delivery.last = error.cause?.code ?? error.name;
        }
        if (delivery.state === 'delivered') return;
        if (delivery.attempts >= TRIES) delivery.state = 'given_up';
        else delivery.due = Date.now() + FIRST_DELAY_MS * 4 ** (delivery.attempts - 1);
    }

    function wake() {
        if (stopped || !config.webhookUrl) return;
        clearTimeout(timer);
        const waiting = data.webhooks.filter((d) => d.state === 'waiting' && !running.has(d)).sort((a, b) => a.due - b.due);
        for (const delivery of waiting) {
            if (delivery.due > Date.now()) {
                timer = setTimeout(wake, delivery.due - Date.now());
                return;
            }
            if (running.size >= AT_ONCE) return; // whoever ends wakes again
            running.add(delivery);
            send(delivery)
                .then(state.save)
                .catch((error) => console.error('webhook:', error))
                .finally(() => {
                    running.delete(delivery);
                    wake();
                });
        }
    }

    function stop() {
        stopped = true;
        clearTimeout(timer);
    }
    return { enqueue, wake, stop };
}
