// tests/integration/pay.test.mjs: money comes in once, is held within what is there, and leaves no won behind: with a
// payment provider that times out, repeats itself and is imitated by strangers.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, askJoin, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { noticed } from '../lib/money.mjs';
import { approve, signUp, signUpMany } from '../lib/people.mjs';
import { secret, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const faults = async (set) => {
    const reply = await fetch(`${stack.sandbox}/pay/_faults`, { method: 'POST', body: JSON.stringify(set) });
    assert.equal(reply.status, 200, await reply.text());
};
const begin = async (person, won) => expect(await person.post('/v1/pay/charges', { amount_won: won }), 201);
const confirm = (person, charge, key, won = charge.amount_won, options = {}) =>
    person.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: key, amount_won: won }, options);
const seen = async (person, charge) => expect(await person.get(`/v1/pay/charges/${charge.id}`), 200);
const paymentKey = (charge) => new URL(charge.checkout_url).pathname.split('/').pop();
const posted = async (person) => (await person.wallet()).posted_won;

describe('charging a wallet', () => {
    let person;
    before(async () => (person = await signUp('지갑')));
    after(() => faults({ confirm: null, webhook: null }));

    it('create, agree on the page, confirm: the money is there, once', async () => {
        const charge = await begin(person, 12_345);
        assert.equal(charge.state, 'created');
        assert.ok(charge.checkout_url.startsWith(stack.sandbox));
        expectProblem(await confirm(person, charge, paymentKey(charge)), 409, 'charge_not_approved');
        assert.equal(await posted(person), 0);
        const back = await approve(charge.checkout_url);
        assert.equal(back.get('charge'), charge.id, 'the page leads back to the charge');
        assert.equal((await confirm(person, charge, back.get('paymentKey'))).body.state, 'done');
        for (let i = 0; i < 5; i++) expect(await confirm(person, charge, back.get('paymentKey')), 200);
        assert.deepEqual(await person.wallet(), { posted_won: 12_345, held_won: 0, available_won: 12_345, version: 1 });
        await noticed(person, null, 'charged');
    });

    it('many confirmations and the webhook at the same time: the money is there once', async () => {
        const before = await posted(person);
        await faults({ webhook: 'twice' });
        const charge = await begin(person, 5_000);
        const back = await approve(charge.checkout_url);
        const replies = await Promise.all(Array.from({ length: 12 }, (_, i) =>
            confirm(person, charge, back.get('paymentKey'), 5_000, { base: stack.instances.pay[i % 2] })));
        assert.ok(replies.some((r) => r.status === 200), replies.map(told).join('\n'));
        await faults({ webhook: null });
        await until('the charge is done', async () => (await seen(person, charge)).state === 'done');
        await drained();
        assert.equal(await posted(person), before + 5_000);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.transfer WHERE kind = 'charge' AND credit_account = ${id(person.id)} AND amount = 5000`), 1);
    });

    it('amounts and payments that are not those of the charge: nothing moves', async () => {
        const before = await posted(person);
        const charge = await begin(person, 7_000);
        const other = await begin(person, 8_000);
        const back = await approve(charge.checkout_url);
        await approve(other.checkout_url);
        expectProblem(await confirm(person, charge, back.get('paymentKey'), 700_000), 422, 'amount_mismatch');
        expectProblem(await confirm(person, charge, back.get('paymentKey'), 1), 422, 'amount_mismatch');
        expectProblem(await confirm(person, charge, paymentKey(other)), 422, 'invalid', '/payment_key');
        assert.equal((await seen(person, charge)).state, 'created');
        assert.equal(await posted(person), before);
    });

    it('a declined card and a customer who gives up: the charge fails, nothing moves', async () => {
        const before = await posted(person);
        const declined = await begin(person, 3_000);
        await approve(declined.checkout_url, 'card=declined');
        const reply = await confirm(person, declined, paymentKey(declined));
        assert.equal(reply.status, 409, told(reply));
        const given = await begin(person, 3_000);
        const left = await fetch(`${given.checkout_url}/fail`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' });
        assert.equal(new URL(left.headers.get('location')).searchParams.get('charge'), given.id);
        for (const charge of [declined, given]) await until('the webhook has told of it', async () => (await seen(person, charge)).state === 'failed');
        expectProblem(await confirm(person, given, paymentKey(given)), 409, 'charge_closed');
        assert.equal(await posted(person), before);
    });

    it('the provider takes the money and does not answer: 503, then it heals', async () => {
        const before = await posted(person);
        const charge = await begin(person, 9_000);
        const back = await approve(charge.checkout_url);
        await faults({ confirm: '500' });
        const key = uuid();
        expectProblem(await confirm(person, charge, back.get('paymentKey'), 9_000, { key }), 503, 'provider_down');
        assert.equal(await posted(person), before);
        await faults({ confirm: null });
        assert.equal(expect(await confirm(person, charge, back.get('paymentKey'), 9_000, { key }), 200).state, 'done', 'a 5xx burns no key');
        assert.equal(await posted(person), before + 9_000);

        const lost = await begin(person, 4_000);
        const returned = await approve(lost.checkout_url);
        await faults({ confirm: 'timeout' });
        const reply = await confirm(person, lost, returned.get('paymentKey'));
        await faults({ confirm: null });
        assert.ok([200, 503].includes(reply.status), told(reply)); // 200: asked again, it said that it was done
        await until('the webhook has brought the money', async () => (await seen(person, lost)).state === 'done');
        assert.equal(expect(await confirm(person, lost, returned.get('paymentKey')), 200).state, 'done');
        assert.equal(await posted(person), before + 13_000);
    });

    it('the webhook alone is enough', async () => {
        const before = await posted(person);
        const charge = await begin(person, 6_000);
        await approve(charge.checkout_url);
        const { paymentKey: key } = { paymentKey: paymentKey(charge) };
        const authorization = `Basic ${Buffer.from(`${secret('provider')}:`).toString('base64')}`;
        const body = JSON.stringify({ paymentKey: key, orderId: charge.id, amount: 6_000 });
        const done = await fetch(`${stack.sandbox}/pay/v1/payments/confirm`, { method: 'POST', headers: { authorization }, body });
        assert.equal(done.status, 200, await done.text());
        await until('the charge is done', async () => (await seen(person, charge)).state === 'done');
        assert.equal(await posted(person), before + 6_000);
    });

    it('webhooks that are forged, cut or from before change nothing', async () => {
        const charge = await begin(person, 20_000);
        const before = await posted(person);
        const body = JSON.stringify({ eventType: 'PAYMENT_STATUS_CHANGED', createdAt: new Date().toISOString(), data: { paymentKey: paymentKey(charge), orderId: charge.id, status: 'DONE', totalAmount: 20_000 } });
        const time = new Date().toISOString();
        const signed = (text, at, key) => `v1:${createHmac('sha256', key).update(`${text}:${at}`).digest('base64')}`;
        const deliver = (raw, signature, at = time) => send('POST', '/v1/pay/webhooks/provider', {
            raw, type: 'application/json',
            headers: { ...(signature && { 'tosspayments-webhook-signature': signature }), 'tosspayments-webhook-transmission-time': at, 'tosspayments-webhook-transmission-id': uuid() },
        });
        const good = signed(body, time, secret('webhook'));
        expectProblem(await deliver(body), 401, 'bad_signature');
        expectProblem(await deliver(body, signed(body, time, 'wrong')), 401, 'bad_signature');
        expectProblem(await deliver(body.replace('20000', '90000'), good), 401, 'bad_signature');
        expectProblem(await deliver(body, good, new Date(Date.now() + 1).toISOString()), 401, 'bad_signature');
        expectProblem(await deliver(body, good.slice(0, -4)), 401, 'bad_signature');
        expectProblem(await deliver(body, 'v1:'), 401, 'bad_signature');
        // Signed as it should be, but the provider itself knows of no payment: its word counts, not the webhook's.
        assert.equal((await deliver(body, good)).status, 204);
        assert.equal((await deliver(body, good)).status, 204);
        assert.equal((await seen(person, charge)).state, 'created');
        const unknown = body.replace(charge.id, uuid());
        assert.equal((await deliver(unknown, signed(unknown, time, secret('webhook')))).status, 204);
        const nonsense = '{"eventType":"SOMETHING_NEW","data":{}}';
        assert.equal((await deliver(nonsense, signed(nonsense, time, secret('webhook')))).status, 204);
        assert.equal(await posted(person), before);
    });

    it('a wallet does not grow above its limit', async () => {
        const rich = await signUp('부자');
        for (let i = 0; i < 5; i++) await rich.charge(2_000_000);
        const problem = expectProblem(await rich.post('/v1/pay/charges', { amount_won: 1000 }), 422, 'limit_exceeded');
        assert.equal(problem.limit, 10_000_000);
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});

describe('holds and the ledger', () => {
    let host, poor, photo;
    before(async () => {
        host = await signUp('방장');
        poor = await signUp('손님', 10_000);
        photo = await uploadPhoto(host);
    });

    it('P2 holds never exceed what is there: one wallet, six deals at once', async () => {
        const deals = await Promise.all(Array.from({ length: 6 }, () => openDeal(host, { total_won: 30_000, portions: 10 }))); // 3,000 each
        const replies = await Promise.all(deals.map((deal, i) => askJoin(poor, deal, 1, 0, { base: stack.instances.deal[i % 2] })));
        for (const reply of replies) expect(reply, 202);
        const shares = await Promise.all(deals.map((deal) => shareIn(poor, deal, 'held', 'rejected')));
        assert.equal(shares.filter((s) => s.state === 'held').length, 3);
        assert.ok(shares.filter((s) => s.state === 'rejected').every((s) => s.reason === 'no_money'));
        const wallet = await poor.wallet();
        assert.deepEqual([wallet.posted_won, wallet.held_won, wallet.available_won], [10_000, 9_000, 1_000]);
        const holds = expect(await poor.get('/v1/pay/holds?limit=100'), 200).items;
        assert.equal(holds.filter((h) => h.state === 'pending').length, 3);
        for (const deal of deals) expect(await act(host, deal, 'cancel'), 200);
        await until('everything is free again', async () => (await poor.wallet()).available_won === 10_000);
    });

    it('P8 a share never gets back more than was taken from it, and a cancelled capture comes back whole', async () => {
        const deal = await openDeal(host, { total_won: 30_000, portions: 10, min_portions: 1 });
        await join(poor, deal, 3);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(poor, deal, 'captured');
        assert.equal(await posted(poor), 1_000);
        expect(await act(host, deal, 'cancel'), 200);
        await shareIn(poor, deal, 'refunded', 'released');
        await until('the money is back', async () => (await posted(poor)) === 10_000);
        await drained();
        const [[captured, refunded, paid]] = await query(`SELECT captured, refunded, paid_out FROM gonggu_pay.escrow_share WHERE deal_id = ${id(deal.id)}`);
        assert.deepEqual([captured, refunded, paid], ['9000', '9000', '0']);
        const { items } = expect(await poor.get(`/v1/pay/entries?deal=${deal.id}`), 200);
        assert.deepEqual(items.map((e) => [e.kind, e.amount_won]), [['refund', 9000], ['capture', -9000]]);
    });

    it('P7 a receipt of next to nothing refunds nearly all, and pays out the rest', async () => {
        const deal = await openDeal(host, { total_won: 30_000, portions: 10, min_portions: 1 });
        await join(poor, deal, 1);
        const before = await posted(host);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(poor, deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 19, receipt: photo }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        const { code } = await shareIn(poor, deal, 'captured');
        expect(await act(host, deal, 'handovers', { code }), 200);
        await shareIn(poor, deal, 'settled');
        const cost = 10_000 - (await posted(poor));
        assert.ok(cost === 1 || cost === 2, `the part of 19 won is ${cost}`);
        assert.equal(await posted(host), before + cost);
    });

    it('P10 the chain of every account can be recomputed from its rows, and any change of a row would show', async () => {
        const columns = 'HEX(account_id), version, HEX(transfer_id), kind, amount, balance, COALESCE(HEX(deal_id), REPEAT(\'0\', 32)), COALESCE(HEX(share_id), REPEAT(\'0\', 32)), ROUND(UNIX_TIMESTAMP(made_at) * 1000), HEX(previous_hash), HEX(hash)';
        const rows = await query(`SELECT ${columns} FROM gonggu_pay.entry ORDER BY account_id, version`);
        assert.ok(rows.length > 20);
        const kinds = ['charge', 'capture', 'refund', 'payout', 'remit', 'withdraw', 'reversal', 'correction', 'fee'];
        const int64 = (text) => {
            const bytes = Buffer.alloc(8);
            bytes.writeBigInt64BE(BigInt(text));
            return bytes;
        };
        const hash = ([account, version, transfer, kind, amount, balance, deal, share, at, previous]) =>
            createHash('sha256').update(Buffer.concat([
                Buffer.from(previous, 'hex'), Buffer.from(account, 'hex'), int64(version), Buffer.from(transfer, 'hex'), Buffer.from([kinds.indexOf(kind)]),
                int64(amount), int64(balance), Buffer.from(deal, 'hex'), Buffer.from(share, 'hex'), int64(at),
            ])).digest('hex').toUpperCase();
        let last = {};
        for (const row of rows) {
            const [account, version, , , amount, balance, , , , previous, stored] = row;
            if (account !== last.account) last = { account, version: 0, balance: 0n, hash: '0'.repeat(64) };
            assert.equal(Number(version), last.version + 1);
            assert.equal(previous, last.hash);
            assert.equal(BigInt(balance), last.balance + BigInt(amount));
            assert.equal(hash(row), stored, `the hash of ${account} ${version}`);
            last = { account, version: Number(version), balance: BigInt(balance), hash: stored };
        }
        const forged = [...rows[3]];
        forged[4] = String(BigInt(forged[4]) + 1n);
        assert.notEqual(hash(forged), forged[10]);
    });

    it('the history of a wallet pages without holes and explains itself', async () => {
        const entries = [];
        for (let cursor = ''; ; ) {
            const page = expect(await poor.get(`/v1/pay/entries?limit=2${cursor}`), 200);
            entries.push(...page.items);
            if (!page.next) break;
            cursor = `&cursor=${encodeURIComponent(page.next)}`;
        }
        assert.deepEqual(entries.map((e) => e.version), entries.map((_, i) => entries.length - i));
        let balance = 0;
        for (const entry of entries.reverse()) {
            balance += entry.amount_won;
            assert.equal(entry.balance_won, balance);
            if (entry.kind !== 'charge') assert.ok(entry.deal && entry.share);
        }
        assert.equal(balance, await posted(poor));
    });

    it('many wallets and one escrow at the same time', async () => {
        const crowd = await signUpMany(6, 5_000, '무리');
        const deal = await openDeal(host, { total_won: 30_000, portions: 10, host_portions: 0, min_portions: 6 });
        await Promise.all(crowd.map((one) => join(one, deal, 1)));
        expect(await act(host, deal, 'close'), 200);
        await Promise.all(crowd.map((one) => shareIn(one, deal, 'captured')));
        for (const one of crowd) assert.equal(await posted(one), 2_000);
        assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${id(deal.id)}`), 18_000);
        // Never bought: three days after the window everybody is whole again by itself.
        clock.advance(10 * clock.DAY);
        try {
            await Promise.all(crowd.map((one) => one.refresh()));
            for (const one of crowd) await until('the money is back', async () => (await posted(one)) === 5_000);
            assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${id(deal.id)}`), 0);
            await drained();
        } finally {
            clock.reset();
        }
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
