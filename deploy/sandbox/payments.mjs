// deploy/sandbox/payments.mjs: a payment provider in the form of Toss Payments: payments, a hosted page, confirmation,
// cancellation. What was paid here is a number in a file.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { readForm, readJson, redirect, Refusal, sendJson, sendPage } from './http.mjs';
import { html, layout, seoulTime, won } from './page.mjs';
import { keepNewest, openState } from './state.mjs';
import { createWebhooks } from './webhooks.mjs';

const KEPT = 20_000;
const HANG_MS = 60_000;
const PAGE = 200;
const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' });

export function createPayments(router, config) {
    const state = openState(`${config.data}/payments.json`, { payments: {}, orders: {}, replies: {}, webhooks: [], faults: {} });
    const { data } = state;
    const webhooks = createWebhooks(state, config);
    const underWay = new Map();
    const expected = digest(`Basic ${Buffer.from(`${config.providerSecret}:`).toString('base64')}`);

    function authorize(req) {
        if (!timingSafeEqual(digest(req.headers.authorization ?? ''), expected))
            throw new Refusal(401, 'UNAUTHORIZED_KEY', '인증되지 않은 시크릿 키입니다. (unknown secret key)');
    }

    function find(paymentKey) {
        const payment = Object.hasOwn(data.payments, paymentKey) && data.payments[paymentKey];
        if (!payment) throw new Refusal(404, 'NOT_FOUND_PAYMENT', '존재하지 않는 결제입니다. (no such payment)');
        return payment;
    }

    async function change(payment, status, more = {}) {
        Object.assign(payment, more, { status });
        webhooks.enqueue(payment);
        await state.save();
        webhooks.wake();
    }

    // A repeated Idempotency-Key gets the reply of the first request; only what was decided is kept.
    async function once(req, path, body, act) {
        const key = req.headers['idempotency-key'];
        if (!key) return act();
        if (key.length > 300) throw new Refusal(400, 'INVALID_IDEMPOTENCY_KEY', 'at most 300 characters');
        const name = `${path} ${key}`;
        const hash = digest(JSON.stringify(body)).toString('hex');
        const known = underWay.get(name) ?? (Object.hasOwn(data.replies, name) && data.replies[name]);
        if (known) {
            if (known.hash !== hash) throw new Refusal(400, 'INVALID_IDEMPOTENCY_KEY', 'the key was used for another request');
            return known.reply;
        }
        const reply = act();
        underWay.set(name, { hash, reply });
        try {
            data.replies[name] = { hash, reply: await reply };
            keepNewest(data.replies, KEPT);
            await state.save();
        } finally {
            underWay.delete(name);
        }
        return reply;
    }

    async function create(req, res) {
        authorize(req);
        const order = checkOrder(await readJson(req));
        const known = Object.hasOwn(data.orders, order.orderId) && data.payments[data.orders[order.orderId]];
        if (known) {
            if (!sameOrder(known, order))
                throw new Refusal(400, 'ALREADY_EXISTS', '이미 다른 내용으로 만들어진 주문입니다. (the order exists with other content)');
            return sendJson(res, 200, view(known));
        }
        const paymentKey = `sandbox_${randomUUID().replaceAll('-', '')}`;
        const payment = { paymentKey, ...order, status: 'READY', balanceAmount: order.amount, requestedAt: now(), cancels: [] };
        data.payments[paymentKey] = payment;
        data.orders[order.orderId] = paymentKey;
        keepNewest(data.payments, KEPT);
        keepNewest(data.orders, KEPT);
        await state.save();
        return sendJson(res, 200, view(payment));
    }

    // ---- the hosted page -----------------------------------------------------------------------------------------
    function checkout(req, res, { paymentKey }) {
        sendPage(res, checkoutPage(find(paymentKey)));
    }

    async function approve(req, res, { paymentKey }) {
        const payment = find(paymentKey);
        const form = await readForm(req);
        if (payment.status === 'READY')
            await change(payment, 'IN_PROGRESS', { approvable: form.get('card') !== 'declined' });
        if (payment.status !== 'IN_PROGRESS' && payment.status !== 'DONE') return sendPage(res, checkoutPage(payment), 409);
        return redirect(res, withQuery(payment.successUrl, { paymentKey, orderId: payment.orderId, amount: payment.amount }));
    }

    async function refuse(req, res, { paymentKey }) {
        const payment = find(paymentKey);
        await readForm(req);
        if (payment.status === 'READY') await change(payment, 'ABORTED');
        if (payment.status !== 'ABORTED') return sendPage(res, checkoutPage(payment), 409);
        const message = '사용자가 결제를 취소하였습니다.';
        return redirect(res, withQuery(payment.failUrl, { code: 'PAY_PROCESS_CANCELED', message, orderId: payment.orderId }));
    }

    // ---- the shop's requests -------------------------------------------------------------------------------------
    async function confirm(req, res) {
        authorize(req);
        const body = await readJson(req);
        if (data.faults.confirm === '500')
            throw new Refusal(500, 'FAILED_INTERNAL_SYSTEM_PROCESSING', '내부 시스템 처리 작업이 실패했습니다. (fault set on purpose)');
        const reply = await once(req, 'confirm', body, () => confirmOnce(body));
        // The nastiest time-out: the work is done, the answer never comes.
        if (data.faults.confirm === 'timeout') return void setTimeout(() => res.destroy(), HANG_MS).unref();
        return sendJson(res, 200, reply);
    }

    async function confirmOnce({ paymentKey, orderId, amount }) {
        const payment = find(String(paymentKey));
        if (payment.orderId !== orderId)
            throw new Refusal(404, 'NOT_FOUND_PAYMENT', '주문번호가 결제와 다릅니다. (the payment is of another order)');
        if (payment.amount !== amount) throw new Refusal(400, 'INVALID_AMOUNT', '결제 금액이 다릅니다. (not the amount of the payment)');
        if (payment.status === 'READY')
            throw new Refusal(404, 'NOT_FOUND_PAYMENT_SESSION', '아직 승인되지 않은 결제입니다. (the customer has not agreed yet)');
        if (payment.status === 'ABORTED')
            throw new Refusal(403, 'REJECT_CARD_PAYMENT', '거절되거나 취소된 결제입니다. (declined or given up)');
        if (payment.status !== 'IN_PROGRESS')
            throw new Refusal(400, 'ALREADY_PROCESSED_PAYMENT', '이미 처리된 결제입니다. (confirmed before)');
        if (!payment.approvable) {
            await change(payment, 'ABORTED');
            throw new Refusal(403, 'REJECT_CARD_PAYMENT', '한도초과 혹은 잔액부족으로 결제에 실패했습니다. (declined)');
        }
        await change(payment, 'DONE', { approvedAt: now(), method: '카드' });
        return view(payment);
    }

    async function cancel(req, res, { paymentKey }) {
        authorize(req);
        const body = await readJson(req);
        sendJson(res, 200, await once(req, `cancel ${paymentKey}`, body, () => cancelOnce(find(paymentKey), body)));
    }

    async function cancelOnce(payment, { cancelReason, cancelAmount = payment.balanceAmount }) {
        if (typeof cancelReason !== 'string' || cancelReason.length < 1 || cancelReason.length > 200)
            throw invalid('cancelReason', '1 to 200 characters');
        if (payment.status === 'CANCELED') throw new Refusal(400, 'ALREADY_CANCELED_PAYMENT', '이미 취소된 결제입니다.');
        if (payment.status !== 'DONE' && payment.status !== 'PARTIAL_CANCELED')
            throw new Refusal(403, 'NOT_CANCELABLE_PAYMENT', '취소할 수 없는 결제입니다. (not confirmed)');
        if (!Number.isSafeInteger(cancelAmount) || cancelAmount < 1 || cancelAmount > payment.balanceAmount)
            throw new Refusal(400, 'NOT_CANCELABLE_AMOUNT', '취소할 수 없는 금액입니다. (more than what is left)');
        payment.cancels.push({ cancelAmount, cancelReason, canceledAt: now(), transactionKey: randomUUID() });
        payment.balanceAmount -= cancelAmount;
        await change(payment, payment.balanceAmount === 0 ? 'CANCELED' : 'PARTIAL_CANCELED');
        return view(payment);
    }

    function show(req, res, { paymentKey }) {
        authorize(req);
        sendJson(res, 200, view(find(paymentKey)));
    }

    function showOrder(req, res, { orderId }) {
        authorize(req);
        sendJson(res, 200, view(find(Object.hasOwn(data.orders, orderId) ? data.orders[orderId] : '')));
    }

    /** Payments that were paid, or taken back, on a day in Seoul; a fault makes the list lie. */
    function transactions(req, res, _, query) {
        authorize(req);
        const date = query.get('date') ?? '';
        if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw invalid('date', 'YYYY-MM-DD');
        const on = (at) => at && DAY.format(new Date(at)) === date;
        let list = Object.values(data.payments).filter((p) => on(p.approvedAt) || p.cancels.some((c) => on(c.canceledAt))).map(view);
        const fault = data.faults.transactions;
        if (fault === 'less') list = list.slice(0, -1);
        if (fault === 'amount' && list.length > 0) list = [...list.slice(0, -1), { ...list.at(-1), totalAmount: list.at(-1).totalAmount + 9 }];
        if (fault === 'more') list.push({ ...list.at(-1), paymentKey: 'extra', orderId: 'ffffffff-ffff-8fff-bfff-fffffffffff1', totalAmount: 7777, balanceAmount: 7777, status: 'DONE', approvedAt: now() });
        const from = Number(query.get('after') ?? 0);
        sendJson(res, 200, { date, payments: list.slice(from, from + PAGE), ...(from + PAGE < list.length && { next: from + PAGE }) });
    }

    /** For tests: what goes wrong from now on, until set to null. */
    async function faults(req, res) {
        const wanted = await readJson(req);
        const known = { confirm: ['timeout', '500', null], webhook: ['twice', 'none', null], payment: ['amount', 'currency', null], transactions: ['less', 'more', 'amount', null] };
        for (const [name, value] of Object.entries(wanted)) {
            if (!known[name]?.includes(value)) throw invalid(name, `one of ${JSON.stringify(known[name] ?? [])}`);
            data.faults[name] = value;
        }
        await state.save();
        sendJson(res, 200, data.faults);
    }

    function view(payment) {
        const { paymentKey, orderId, orderName, status, amount, balanceAmount, requestedAt, approvedAt, method, cancels } = payment;
        return {
            paymentKey,
            orderId,
            orderName,
            status,
            totalAmount: data.faults.payment === 'amount' ? amount + 1 : amount,
            balanceAmount,
            currency: data.faults.payment === 'currency' ? 'USD' : 'KRW',
            requestedAt,
            ...(approvedAt && { approvedAt, method }),
            ...(cancels.length > 0 && { cancels }),
            checkout: { url: `${config.publicUrl}/pay/checkout/${paymentKey}` },
        };
    }

    router.on('POST', '/pay/v1/payments', create);
    router.on('POST', '/pay/v1/payments/confirm', confirm);
    router.on('GET', '/pay/v1/transactions', transactions);
    router.on('GET', '/pay/v1/payments/:paymentKey', show);
    router.on('GET', '/pay/v1/payments/orders/:orderId', showOrder);
    router.on('POST', '/pay/v1/payments/:paymentKey/cancel', cancel);
    router.on('GET', '/pay/checkout/:paymentKey', checkout);
    router.on('POST', '/pay/checkout/:paymentKey/approve', approve);
    router.on('POST', '/pay/checkout/:paymentKey/fail', refuse);
    router.on('POST', '/pay/_faults', faults);
    router.on('GET', '/pay', (req, res) => sendPage(res, overviewPage(data)));
    webhooks.wake();
    return { stop: webhooks.stop };
}

const now = () => new Date().toISOString();
const digest = (text) => createHash('sha256').update(text).digest();
const invalid = (field, rule) => new Refusal(400, 'INVALID_REQUEST', `${field}: ${rule}`);

function checkOrder({ orderId, amount, orderName, successUrl, failUrl }) {
    if (typeof orderId !== 'string' || !/^[A-Za-z0-9_=-]{6,64}$/.test(orderId)) throw invalid('orderId', '6 to 64 of A-Z a-z 0-9 - _ =');
    if (!Number.isSafeInteger(amount) || amount < 100) throw invalid('amount', 'whole won, 100 or more');
    if (typeof orderName !== 'string' || orderName.length < 1 || orderName.length > 100) throw invalid('orderName', '1 to 100 characters');
    for (const [name, url] of Object.entries({ successUrl, failUrl }))
        if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/.test(url)) throw invalid(name, 'an http address');
    return { orderId, amount, orderName, successUrl, failUrl };
}

const sameOrder = (payment, order) => Object.entries(order).every(([name, value]) => payment[name] === value);

function withQuery(address, values) {
    const url = new URL(address);
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
    return url.href;
}

// ---- pages ---------------------------------------------------------------------------------------------------------
const STATUS_KO = { READY: '결제 전', IN_PROGRESS: '인증됨', DONE: '완료', ABORTED: '중단', CANCELED: '취소', PARTIAL_CANCELED: '부분 취소' };

function checkoutPage(payment) {
    const action = `/pay/checkout/${payment.paymentKey}`;
    const open = payment.status === 'READY' || payment.status === 'IN_PROGRESS';
    return layout(
        '결제',
        html`<p><small>연습 결제 · <span lang="en">pretend payment, no money moves</span></small></p>
<div class="card"><p>${payment.orderName}</p><p class="amount">${won(payment.amount)}</p>
${open
    ? html`<form method="post" action="${action}/approve"><button class="button main">결제하기 <span lang="en">Pay</span></button>
<button class="button plain" name="card" value="declined">한도 초과 카드로 결제 <small lang="en">with a card that will be declined</small></button></form>
<form method="post" action="${action}/fail"><button class="button plain">취소 <small lang="en">Cancel</small></button></form>`
    : html`<p>이 결제는 더 진행할 수 없습니다: <b>${STATUS_KO[payment.status]}</b></p><p lang="en"><small>This payment is over: ${payment.status}</small></p>`}
</div>`,
        { bare: true },
    );
}

function overviewPage({ payments, webhooks, faults }) {
    const newest = Object.values(payments).slice(-100).reverse();
    const deliveries = webhooks.slice(-100).reverse();
    const set = Object.entries(faults).filter(([, value]) => value !== null);
    return layout(
        '결제 · Payments',
        html`<h1>결제 <small lang="en">Payments</small></h1>
${set.length > 0 && html`<p class="bad">일부러 낸 고장 (faults): ${set.map(([name, value]) => `${name}=${value}`).join(', ')}</p>`}
${newest.length === 0 && html`<p class="card">아직 결제가 없습니다. <small lang="en">No payments yet.</small></p>`}
<div class="scroll"><table><tr><th>시각</th><th>주문</th><th>금액</th><th>상태</th></tr>
${newest.map(
    (p) => html`<tr><td>${seoulTime(p.requestedAt)}</td><td>${p.orderName}<br><small>${p.orderId}</small></td><td class="number">${won(p.amount)}</td>
<td>${p.status === 'READY' ? html`<a href="/pay/checkout/${p.paymentKey}">${STATUS_KO[p.status]}</a>` : STATUS_KO[p.status]}</td></tr>`,
)}</table></div>
<h2>웹훅 <small lang="en">Webhooks</small></h2>
<div class="scroll"><table><tr><th>시각</th><th>내용</th><th>시도</th><th>결과</th></tr>
${deliveries.map(
    (d) => html`<tr><td>${seoulTime(d.createdAt)}</td><td>${d.label}</td><td class="number">${d.attempts}</td>
<td class="${d.state === 'delivered' ? 'good' : d.state === 'given_up' ? 'bad' : ''}">${d.state} <small>${d.last}</small></td></tr>`,
)}</table></div>`,
        { refresh: 5, current: '/pay' },
    );
}
