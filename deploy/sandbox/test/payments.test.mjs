// The payment provider: what a shop relies on, and what it must be refused.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { call, openSandbox, openShop, until } from './helpers.mjs';

let sandbox;
let shop;
let busy = 0; // the shop is down for this many webhooks

before(async () => {
    shop = await openShop(() => (busy-- > 0 ? 503 : 204));
    sandbox = await openSandbox({ webhookUrl: shop.url });
});
after(async () => {
    await sandbox.close();
    await shop.close();
});

const secret = { authorization: `Basic ${Buffer.from('test_sk:').toString('base64')}` };
const post = (path, json, headers = {}) => call(`${sandbox.url}/pay${path}`, { method: 'POST', json, headers: { ...secret, ...headers } });
const get = (path) => call(`${sandbox.url}/pay${path}`, { headers: secret });
const form = (path, body = '') =>
    call(`${sandbox.url}/pay${path}`, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const webhooksOf = (orderId) => shop.received.filter((r) => r.json.data.orderId === orderId);

const newOrder = (more = {}) => ({
    orderId: randomUUID(),
    amount: 50_000,
    orderName: '지갑 충전',
    successUrl: 'http://shop.example/wallet/charged?charge=1',
    failUrl: 'http://shop.example/wallet/failed?charge=1',
    ...more,
});
async function approved(more) {
    const order = newOrder(more);
    const { body } = await post('/v1/payments', order);
    await form(`/checkout/${body.paymentKey}/approve`);
    return { ...order, paymentKey: body.paymentKey };
}

test('a payment from order to money, with the customer sent back', async () => {
    const order = newOrder();
    const made = await post('/v1/payments', order);
    assert.equal(made.status, 200);
    assert.equal(made.body.status, 'READY');
    assert.equal(made.body.totalAmount, 50_000);
    const { paymentKey } = made.body;

    const page = await call(made.body.checkout.url);
    assert.equal(page.status, 200);
    assert.match(page.body, /지갑 충전/);
    assert.match(page.body, /50,000원/);

    const back = await form(`/checkout/${paymentKey}/approve`);
    assert.equal(back.status, 303);
    const target = new URL(back.headers.get('location'));
    assert.equal(target.pathname, '/wallet/charged');
    assert.deepEqual(Object.fromEntries(target.searchParams), { charge: '1', paymentKey, orderId: order.orderId, amount: '50000' });

    const done = await post('/v1/payments/confirm', { paymentKey, orderId: order.orderId, amount: 50_000 });
    assert.equal(done.status, 200);
    assert.equal(done.body.status, 'DONE');
    assert.equal(done.body.method, '카드');
    assert.ok(Date.parse(done.body.approvedAt));
    assert.equal((await get(`/v1/payments/orders/${order.orderId}`)).body.status, 'DONE');
    assert.equal((await get(`/v1/payments/${paymentKey}`)).body.status, 'DONE');
});

test('the secret key is asked for', async () => {
    for (const authorization of ['', 'Basic bm90Og==', `Bearer test_sk`]) {
        const { status, body } = await call(`${sandbox.url}/pay/v1/payments`, { method: 'POST', json: newOrder(), headers: { authorization } });
        assert.equal(status, 401);
        assert.equal(body.code, 'UNAUTHORIZED_KEY');
    }
});

test('an order is one payment', async () => {
    const order = newOrder();
    const first = await post('/v1/payments', order);
    const again = await post('/v1/payments', order);
    assert.equal(again.body.paymentKey, first.body.paymentKey);
    const other = await post('/v1/payments', { ...order, amount: 50_001 });
    assert.equal(other.status, 400);
    assert.equal(other.body.code, 'ALREADY_EXISTS');
});

test('bad orders are refused by field', async () => {
    for (const [more, field] of [
        [{ amount: -1 }, 'amount'],
        [{ amount: 1000.5 }, 'amount'],
        [{ orderId: 'a/b' }, 'orderId'],
        [{ orderName: '' }, 'orderName'],
        [{ successUrl: 'javascript:alert(1)' }, 'successUrl'],
    ]) {
        const { status, body } = await post('/v1/payments', newOrder(more));
        assert.equal(status, 400);
        assert.ok(body.message.startsWith(field), body.message);
    }
    assert.equal((await post('/v1/payments', undefined)).status, 400);
});

test('what cannot be confirmed', async () => {
    const refusal = async (json) => {
        const { status, body } = await post('/v1/payments/confirm', json);
        return `${status} ${body.code}`;
    };
    const order = newOrder();
    const { paymentKey } = (await post('/v1/payments', order)).body;
    const right = { paymentKey, orderId: order.orderId, amount: order.amount };
    assert.equal(await refusal({ ...right, paymentKey: 'nobody' }), '404 NOT_FOUND_PAYMENT');
    assert.equal(await refusal(right), '404 NOT_FOUND_PAYMENT_SESSION');
    await form(`/checkout/${paymentKey}/approve`);
    assert.equal(await refusal({ ...right, amount: 49_999 }), '400 INVALID_AMOUNT');
    assert.equal(await refusal({ ...right, orderId: 'another-order' }), '404 NOT_FOUND_PAYMENT');
    assert.equal((await get(`/v1/payments/${paymentKey}`)).body.status, 'IN_PROGRESS');
    assert.equal((await post('/v1/payments/confirm', right)).status, 200);
    assert.equal(await refusal(right), '400 ALREADY_PROCESSED_PAYMENT');
});

test('a customer who gives up, and a card that is declined', async () => {
    const order = newOrder();
    const { paymentKey } = (await post('/v1/payments', order)).body;
    const back = new URL((await form(`/checkout/${paymentKey}/fail`)).headers.get('location'));
    assert.equal(back.pathname, '/wallet/failed');
    assert.equal(back.searchParams.get('code'), 'PAY_PROCESS_CANCELED');
    assert.equal((await form(`/checkout/${paymentKey}/approve`)).status, 409);

    const second = newOrder();
    const key = (await post('/v1/payments', second)).body.paymentKey;
    await form(`/checkout/${key}/approve`, 'card=declined');
    const refused = await post('/v1/payments/confirm', { paymentKey: key, orderId: second.orderId, amount: second.amount });
    assert.equal(refused.status, 403);
    assert.equal(refused.body.code, 'REJECT_CARD_PAYMENT');
    assert.equal((await get(`/v1/payments/${key}`)).body.status, 'ABORTED');
});

test('an idempotency key gives the first reply again, also at the same moment', async () => {
    const { paymentKey, orderId, amount } = await approved();
    const key = { 'idempotency-key': randomUUID() };
    const replies = await Promise.all([1, 2, 3].map(() => post('/v1/payments/confirm', { paymentKey, orderId, amount }, key)));
    assert.deepEqual(replies.map((r) => r.status), [200, 200, 200]);
    const later = await post('/v1/payments/confirm', { paymentKey, orderId, amount }, key);
    assert.deepEqual(later.body, replies[0].body);
    const other = await post('/v1/payments/confirm', { paymentKey, orderId, amount: 1 }, key);
    assert.equal(other.body.code, 'INVALID_IDEMPOTENCY_KEY');
});

test('money goes back in parts, never more than there is', async () => {
    const { paymentKey, orderId, amount } = await approved();
    const cancel = (json) => post(`/v1/payments/${paymentKey}/cancel`, json);
    assert.equal((await cancel({ cancelReason: '일찍' })).body.code, 'NOT_CANCELABLE_PAYMENT');
    await post('/v1/payments/confirm', { paymentKey, orderId, amount });
    const part = await cancel({ cancelReason: '변심', cancelAmount: 20_000 });
    assert.equal(part.body.status, 'PARTIAL_CANCELED');
    assert.equal(part.body.balanceAmount, 30_000);
    assert.equal((await cancel({ cancelReason: '변심', cancelAmount: 30_001 })).body.code, 'NOT_CANCELABLE_AMOUNT');
    assert.equal((await cancel({ cancelReason: '변심' })).body.status, 'CANCELED');
    assert.equal((await cancel({ cancelReason: '변심' })).body.code, 'ALREADY_CANCELED_PAYMENT');
});

test('every change is told, signed over body and time', async () => {
    const { paymentKey, orderId, amount } = await approved();
    await post('/v1/payments/confirm', { paymentKey, orderId, amount });
    await until(() => webhooksOf(orderId).length === 2, 'two webhooks');
    const told = webhooksOf(orderId);
    assert.deepEqual(told.map((r) => r.json.data.status).sort(), ['DONE', 'IN_PROGRESS']);
    for (const { headers, body, json } of told) {
        assert.equal(json.eventType, 'PAYMENT_STATUS_CHANGED');
        assert.deepEqual(json.data, { paymentKey, orderId, status: json.data.status, totalAmount: amount });
        const time = headers['tosspayments-webhook-transmission-time'];
        const expected = createHmac('sha256', 'webhook secret').update(`${body}:${time}`).digest('base64');
        assert.equal(headers['tosspayments-webhook-signature'], `v1:${expected}`);
        assert.match(headers['tosspayments-webhook-transmission-id'], /^[0-9a-f-]{36}$/);
    }
});

test('a shop that is down is told again, also by a sandbox that was restarted', async () => {
    busy = 1;
    const { orderId } = await approved();
    await until(() => webhooksOf(orderId).length === 1, 'the refused webhook');
    await sandbox.restart();
    await until(() => webhooksOf(orderId).length === 2, 'the second try');
    const [first, second] = webhooksOf(orderId);
    const id = 'tosspayments-webhook-transmission-id';
    assert.equal(second.headers[id], first.headers[id]);
    assert.equal(second.body, first.body);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(webhooksOf(orderId).length, 2);
});

test('faults on purpose: told twice, failing, and silent after the work', async () => {
    const fault = (json) => call(`${sandbox.url}/pay/_faults`, { method: 'POST', json });
    assert.equal((await fault({ confirm: 'maybe' })).status, 400);

    await fault({ webhook: 'twice' });
    const twice = await approved();
    await until(() => webhooksOf(twice.orderId).length === 2, 'the same webhook twice');
    await fault({ webhook: null, confirm: '500' });
    const { paymentKey, orderId, amount } = twice;
    const confirm = { paymentKey, orderId, amount };
    assert.equal((await post('/v1/payments/confirm', confirm)).status, 500);
    assert.equal((await get(`/v1/payments/${paymentKey}`)).body.status, 'IN_PROGRESS');

    await fault({ confirm: 'timeout' });
    const signal = AbortSignal.timeout(500);
    await assert.rejects(
        call(`${sandbox.url}/pay/v1/payments/confirm`, { method: 'POST', json: confirm, headers: secret, signal }),
        { name: 'TimeoutError' },
    );
    await fault({ confirm: null });
    assert.equal((await get(`/v1/payments/${paymentKey}`)).body.status, 'DONE');
});

test('bodies are bounded, pages escape what they show', async () => {
    const large = await post('/v1/payments', newOrder({ orderName: 'x'.repeat(70_000) }));
    assert.equal(large.status, 413);
    await post('/v1/payments', newOrder({ orderName: '<script>alert(1)</script>' }));
    const page = await call(`${sandbox.url}/pay`);
    assert.match(page.body, /&lt;script&gt;/);
    assert.doesNotMatch(page.body, /<script/);
});
