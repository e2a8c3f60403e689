// tests/integration/idempotency.test.mjs: one Idempotency-Key, one effect: however often, from wherever, across restarts.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import { untilMember } from '../lib/chat.mjs';
import { id, number } from '../lib/db.mjs';
import { askJoin, dealBody, join, openDeal, seeDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { kill, stack, untilReady } from '../lib/stack.mjs';

const replayed = (reply) => reply.headers.get('idempotency-replayed') === 'true';

describe('idempotency', () => {
    let host, guests, deal, photo;
    before(async () => {
        [host, ...guests] = await Promise.all([signUp('방장'), ...[1, 2, 3, 4].map(() => signUp('손님', 50_000))]);
        photo = await uploadPhoto(host);
        deal = await openDeal(host, { portions: 10, host_portions: 0 });
    });

    it('P4 every POST that moves money, takes a seat or sends needs a key', async () => {
        const [guest] = guests;
        for (const [path, json] of [
            ['/v1/deal/deals', dealBody(photo)], [`/v1/deal/deals/${deal.id}/shares`, { quantity: 1 }],
            ...['leave', 'close', 'cancel', 'arrive'].map((step) => [`/v1/deal/deals/${deal.id}/${step}`, undefined]),
            [`/v1/deal/deals/${deal.id}/purchase`, { total_won: 1000, receipt: photo }], [`/v1/deal/deals/${deal.id}/handovers`, { code: '123456' }],
            ['/v1/pay/charges', { amount_won: 5000 }], [`/v1/pay/charges/${uuid()}/confirm`, { payment_key: 'k', amount_won: 5000 }],
            [`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: 'x' }],
        ]) {
            expectProblem(await guest.send('POST', path, { json }), 400, 'idempotency_key_missing');
            const bad = await guest.send('POST', path, { json, key: 'not-a-uuid' });
            assert.equal(bad.status, 400, told(bad));
        }
    });

    it('P4 the same request again gets the same reply, and says so', async () => {
        const key = uuid();
        const first = await askJoin(guests[0], deal, 2, 0, { key });
        const share = expect(first, 202);
        assert.ok(!replayed(first));
        for (const base of stack.instances.deal) {
            const again = await askJoin(guests[0], deal, 2, 0, { key, base });
            assert.deepEqual(expect(again, 202), share);
            assert.ok(replayed(again), 'Idempotency-Replayed is missing');
        }
        // The same content in another order and with other spaces is the same body.
        const raw = `{ "tolerance" : 0,\n "quantity":2 }`;
        const spelled = await guests[0].send('POST', `/v1/deal/deals/${deal.id}/shares`, { raw, type: 'application/json', key });
        assert.deepEqual(expect(spelled, 202), share);
        await shareIn(guests[0], deal, 'held');
        assert.equal((await seeDeal(host, deal)).taken, 2);
    });

    it('P4 the key with another body: 422', async () => {
        const key = uuid();
        expect(await askJoin(guests[1], deal, 1, 0, { key }), 202);
        expectProblem(await askJoin(guests[1], deal, 2, 0, { key }), 422, 'idempotency_key_reused');
        await shareIn(guests[1], deal, 'held');
    });

    it("a key belongs to one person and one address: others' same keys are others", async () => {
        const key = uuid();
        const charge = expect(await guests[0].post('/v1/pay/charges', { amount_won: 1000 }, { key }), 201);
        const other = expect(await guests[1].post('/v1/pay/charges', { amount_won: 1000 }, { key }), 201);
        assert.notEqual(charge.id, other.id);
        expectProblem(await guests[0].post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: 'k', amount_won: 2 }, { key }), 422, 'amount_mismatch');
    });

    it('P4 twenty at once on two instances have one effect', async () => {
        const key = uuid();
        const replies = await Promise.all(Array.from({ length: 20 }, (_, i) =>
            askJoin(guests[2], deal, 1, 1, { key, base: stack.instances.deal[i % 2] })));
        for (const reply of replies)
            if (reply.status !== 202) {
                expectProblem(reply, 409, 'in_progress');
                assert.equal(reply.body.retryable, true);
            }
        const ids = new Set(replies.filter((r) => r.status === 202).map((r) => r.body.id));
        assert.equal(ids.size, 1, 'one share');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${id(deal.id)} AND user_id = ${id(guests[2].id)}`), 1);
        await shareIn(guests[2], deal, 'held');
    });

    it('twenty charges and messages at once have one effect each', async () => {
        const key = uuid();
        const charges = await Promise.all(Array.from({ length: 20 }, (_, i) =>
            guests[3].post('/v1/pay/charges', { amount_won: 7000 }, { key, base: stack.instances.pay[i % 2] })));
        assert.equal(new Set(charges.filter((r) => r.status === 201).map((r) => r.body.id)).size, 1);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.charge WHERE user_id = ${id(guests[3].id)} AND amount = 7000`), 1);

        await untilMember(guests[0], deal.id);
        const cid = uuid();
        const before = await number(`SELECT messages FROM gonggu_chat.room WHERE id = ${id(deal.id)}`);
        const sent = await Promise.all(Array.from({ length: 20 }, (_, i) =>
            guests[0].post(`/v1/chat/rooms/${deal.id}/messages`, { cid, text: '한 번만' }, { key, base: stack.instances.chat[i % 2] })));
        assert.equal(new Set(sent.filter((r) => r.status === 201).map((r) => r.body.seq)).size, 1);
        assert.equal(await number(`SELECT messages FROM gonggu_chat.room WHERE id = ${id(deal.id)}`), before + 1);
    });

    it('P4 a refusal is remembered too: the key cannot succeed later by surprise', async () => {
        const full = await openDeal(host, { portions: 3, host_portions: 0, min_portions: 1 });
        assert.equal((await join(guests[0], full, 3)).state, 'held');
        const key = uuid();
        expectProblem(await askJoin(guests[1], full, 1, 0, { key }), 409, 'deal_full');
        expect(await guests[0].post(`/v1/deal/deals/${full.id}/leave`), 200);
        const again = await askJoin(guests[1], full, 1, 0, { key });
        expectProblem(again, 409, 'deal_full');
        assert.ok(replayed(again));
        assert.equal((await join(guests[1], full, 1)).state, 'held', 'a new key succeeds');
    });

    it('P4 the reply survives the end of the instance that gave it', async () => {
        const key = uuid();
        const [base] = stack.instances.pay;
        const charge = expect(await guests[3].post('/v1/pay/charges', { amount_won: 9000 }, { key, base }), 201);
        await kill('pay-1');
        await untilReady('pay-1');
        for (const at of stack.instances.pay) {
            const again = await guests[3].post('/v1/pay/charges', { amount_won: 9000 }, { key, base: at });
            assert.deepEqual(expect(again, 201), charge);
            assert.ok(replayed(again));
        }
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
