// tests/integration/chat-cards.test.mjs: every kind of card, from what happens to a deal and its money to the room it is
// told in, with what the reader can do about it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect } from '../lib/api.mjs';
import { ChatClient, roomLog, untilMember } from '../lib/chat.mjs';
import { CARDS, checkEntry } from '../lib/chat-frames.mjs';
import * as clock from '../lib/clock.mjs';
import { drained } from '../lib/db.mjs';
import { act, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { payRequest } from '../lib/wallet.mjs';

const told = new Set();

/** The cards of a room as who sees them, once the last of them is `card`: what a client would show. */
async function cardsUntil(who, room, card) {
    const list = await until(`${card} is told`, async () => {
        const seen = (await roomLog(who, room)).filter((e) => e.type === 'card');
        return seen.at(-1)?.card === card && seen;
    });
    return list.map((entry) => {
        checkEntry(entry);
        assert.equal(entry.from, undefined, 'a card is from nobody');
        told.add(entry.card);
        const { seq, type, at, ...shown } = entry;
        return shown;
    });
}

describe('C12 cards', () => {
    let host, ann, ben;
    before(async () => {
        [host, ann, ben] = await Promise.all([signUp('방장'), signUp('이웃', 100_000), signUp('이웃', 100_000)]);
    });
    after(() => clock.reset());

    it('from the opening to the end, with a delivery that comes short: live and in the log, in this order', async () => {
        const deal = await openDeal(host, { total_won: 10_000, portions: 10, host_portions: 0, min_portions: 1, shortage_rule: 'first_come' });
        for (const [guest, n] of [[ann, 6], [ben, 4]]) assert.equal((await join(guest, deal, n)).state, 'held');
        for (const one of [host, ann, ben]) await untilMember(one, deal.id);
        const live = await ChatClient.connect(ann, { [deal.id]: 0 }, stack.instances.chat[1]);
        expect(await act(host, deal, 'close'), 200);
        for (const guest of [ann, ben]) await shareIn(guest, deal, 'captured');
        await until('all is paid', async () => (await roomLog(ann, deal.id)).some((e) => e.card === 'paid'));
        expect(await act(host, deal, 'purchase', { total_won: 9_000, receipt: await uploadPhoto(host) }), 200);
        await dealIn(host, deal, 'purchased');
        expect(await act(host, deal, 'arrivals', { portions: 9 }), 200);
        await until('the one who came last gets less', async () => (await shareIn(ben, deal, 'captured')).received === 3);
        await drained();
        for (const guest of [ann, ben]) expect(await act(host, deal, 'handovers', { code: (await shareIn(guest, deal, 'captured')).code }), 200);
        await dealIn(host, deal, 'done');
        const cards = await cardsUntil(ann, deal.id, 'done');
        assert.deepEqual(cards, [
            { card: 'opened' },
            { card: 'closing' },
            { card: 'confirmed', amount_won: 10_000 },
            { card: 'paid', done: 2, of: 2 },
            { card: 'purchased', action: 'see_receipt', amount_won: 9_000 },
            { card: 'refunded', amount_won: 1_000, of: 2 },
            { card: 'refunded', amount_won: 900 },
            { card: 'arrived', action: 'show_code' },
            { card: 'handed_over' },
            { card: 'handed_over' },
            { card: 'done' },
        ]);
        await until('the socket has told them too', () => live.entries(deal.id).some((e) => e.card === 'done'));
        assert.deepEqual(live.entries(deal.id), await roomLog(ann, deal.id));
        live.drop();
    });

    it('other terms, and a deal that is called off', async () => {
        const deal = await openDeal(host);
        assert.equal((await join(ann, deal, 1)).state, 'held');
        await untilMember(ann, deal.id);
        expect(await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { total_won: 25_000 } }), 200);
        await until('the terms are told', async () => (await roomLog(ann, deal.id)).some((e) => e.card === 'terms'));
        expect(await act(ann, deal, 'share/accept', { terms: 2 }), 200);
        expect(await act(host, deal, 'cancel', {}), 200);
        assert.deepEqual(await cardsUntil(host, deal.id, 'cancelled'), [{ card: 'opened' }, { card: 'terms', action: 'accept_terms' }, { card: 'cancelled' }]);
    });

    it('a deal that missed its minimum; two weeks later its room is shut', async () => {
        const deal = await openDeal(host, { min_portions: 8 });
        assert.equal((await join(ann, deal, 1)).state, 'held');
        await untilMember(ann, deal.id);
        await drained();
        clock.advance(clock.HOUR + clock.SECOND);
        await Promise.all([host, ann, ben].map((p) => p.logIn()));
        await dealIn(host, deal, 'failed');
        assert.deepEqual(await cardsUntil(host, deal.id, 'failed'), [{ card: 'opened' }, { card: 'closing' }, { card: 'failed' }]);
        await drained();
        clock.advance(14 * clock.DAY + clock.MINUTE);
        await host.logIn();
        assert.deepEqual((await cardsUntil(host, deal.id, 'closed')).at(-1), { card: 'closed' });
        clock.reset();
        await Promise.all([host, ann, ben].map((p) => p.logIn()));
    });

    it('a 1/N request: asked, paid in full; another one taken back', async () => {
        const deal = await openDeal(host);
        for (const guest of [ann, ben]) await join(guest, deal, 1);
        for (const one of [host, ann, ben]) await untilMember(one, deal.id);
        const ask = async () => expect(await ann.post('/v1/pay/requests', { title: '배송비', deal: deal.id, rounds: [{ total_won: 3_000, split: 'custom', people: [{ user: ben.id, amount_won: 2_000 }, { user: host.id, amount_won: 1_000 }] }] }), 201);
        const request = await ask();
        expect(await payRequest(ben, request, 2_000), 200);
        expect(await host.post(`/v1/pay/requests/${request.id}/decline`, { reason: '빼 주세요' }), 200);
        assert.deepEqual((await cardsUntil(ben, deal.id, 'request_done')).slice(1), [{ card: 'request', action: 'pay', about: request.id, amount_won: 3_000, of: 2 }, { card: 'request_done', about: request.id }]);
        const again = await ask();
        const cancelled = await ann.post(`/v1/pay/requests/${again.id}/cancel`, {});
        assert.ok(cancelled.status < 300, cancelled.text);
        assert.deepEqual((await cardsUntil(ben, deal.id, 'request_cancelled')).slice(-2), [{ card: 'request', action: 'pay', about: again.id, amount_won: 3_000, of: 2 }, { card: 'request_cancelled', about: again.id }]);
        expect(await act(host, deal, 'cancel', {}), 200);
    });

    it('a dispute, in the room of the two', async () => {
        const deal = await openDeal(host, { total_won: 10_000, portions: 10, host_portions: 0, min_portions: 1 });
        assert.equal((await join(ann, deal, 10)).state, 'held');
        expect(await act(host, deal, 'close'), 200);
        await shareIn(ann, deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(host) }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        const { id: share } = await shareIn(ann, deal, 'captured');
        expect(await act(ann, deal, 'share/dispute', { message: '상했어요', refund_won: 2_000 }), 201);
        expect(await act(host, deal, `shares/${share}/dispute/answer`, { message: '반만요', refund_won: 1_000 }), 200);
        expect(await act(ann, deal, 'share/dispute/accept'), 200);
        await shareIn(ann, deal, 'settled');
        const { room } = expect(await ann.send('POST', '/v1/chat/direct', { json: { user: host.id, deal: deal.id } }), 200);
        const about = { action: 'see_dispute', about: deal.id };
        assert.deepEqual(await cardsUntil(host, room, 'dispute_resolved'), [{ card: 'dispute', amount_won: 2_000, ...about }, { card: 'dispute_answered', amount_won: 1_000, ...about }, { card: 'dispute_resolved', amount_won: 1_000, ...about }]);
        const { room: other } = expect(await ben.send('POST', '/v1/chat/direct', { json: { user: host.id, deal: deal.id } }), 200);
        assert.deepEqual((await roomLog(ben, other)).filter((e) => e.type === 'card'), [], 'nobody else hears of it');
    });

    it('there is no other kind of card', async () => {
        assert.deepEqual([...told].sort(), [...CARDS].sort());
        await checkInvariants();
    });
});
