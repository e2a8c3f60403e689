// tests/integration/deal-terms.test.mjs: terms by version, changing one's share, the waiting list, blocks.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, told } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, askJoin, dealIn, join, openDeal, seeDeal, shareIn } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { stack, start, stop } from '../lib/stack.mjs';
import { each, until } from '../lib/wait.mjs';

describe('terms, changes and waiting', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(8, 100_000, '손님');
    });
    const change = (deal, json) => host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json });
    const resize = (person, deal, quantity, tolerance = 0, more = {}) => act(person, deal, 'share/quantity', { quantity, tolerance, ...more });
    const refreshed = (...people) => Promise.all(people.map((p) => p.refresh()));

    it('D5 new terms are a new version; a neighbour accepts it, leaves, or is released in time; who has not seen it cannot join', async () => {
        const deal = await openDeal(host, { closes_at: clock.fromNow(3 * clock.DAY), pickup: { from: clock.fromNow(4 * clock.DAY), until: clock.fromNow(5 * clock.DAY) }, min_portions: 1 });
        for (const guest of guests.slice(0, 3)) assert.equal((await join(guest, deal, 2)).terms, 1);
        const edited = expect(await change(deal, { total_won: 25_000, pickup: { place: '합정역 8번 출구', lat: 37.55, lng: 126.914, from: deal.pickup_from, until: deal.pickup_until } }), 200);
        assert.deepEqual([edited.terms, edited.total_won, edited.pickup.place], [2, 25_000, '합정역 8번 출구']);
        const asked = await shareIn(guests[0], deal, 'held');
        assert.equal(asked.terms, 1);
        assert.ok(Date.parse(asked.accept_by) <= clock.now() + clock.DAY);
        const late = expectProblem(await act(guests[3], deal, 'shares', { quantity: 1, terms: 1 }), 409, 'terms_changed');
        assert.deepEqual([late.terms, late.total_won, late.was_total_won], [2, 25_000, 30_000]);
        assert.match(late.detail, /total_won/);
        assert.match(late.detail, /pickup/);
        expectProblem(await resize(guests[0], deal, 1), 409, 'terms_changed');
        expectProblem(await act(guests[0], deal, 'share/accept', { terms: 1 }), 409, 'terms_changed');
        const accepted = expect(await act(guests[0], deal, 'share/accept', { terms: 2 }), 200);
        assert.deepEqual([accepted.terms, accepted.max_won, accepted.accept_by], [2, 5_000, undefined]);
        expect(await act(guests[0], deal, 'share/accept', { terms: 2 }), 200);
        expect(await act(guests[1], deal, 'leave'), 200);
        const versions = expect(await guests[0].get(`/v1/deal/deals/${deal.id}/terms`), 200).items;
        assert.deepEqual(versions.map((t) => [t.version, t.deal.total_won]), [[2, 25_000], [1, 30_000]]);
        clock.advance(25 * clock.HOUR);
        try {
            await refreshed(host, ...guests);
            const released = await shareIn(guests[2], deal, 'released');
            assert.equal(released.reason, 'terms');
            assert.equal((await shareIn(guests[0], deal, 'held')).terms, 2);
        } finally {
            clock.reset();
            await refreshed(host, ...guests);
        }
        await drained();
        assert.equal((await guests[2].wallet()).held_won, 0);
        await until('the hold is the lower price', async () => (await guests[0].wallet()).held_won === 5_000);
        expect(await act(host, deal, 'close'), 200);
        assert.equal((await shareIn(guests[0], deal, 'captured')).amount_won, 5_000);
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('D5 closing releases who has not accepted, and counts only the others', async () => {
        const deal = await openDeal(host, { min_portions: 4 });
        await join(guests[0], deal, 3);
        await join(guests[1], deal, 3);
        expect(await change(deal, { title: '감자 12kg 나눠요' }), 200);
        expect(await act(guests[0], deal, 'share/accept', { terms: 2 }), 200);
        assert.equal(expectProblem(await act(host, deal, 'close'), 409, 'minimum_not_met').missing, 1);
        expect(await resize(guests[0], deal, 4), 202);
        await until('the share has grown', async () => (await shareIn(guests[0], deal, 'held')).quantity === 4);
        expect(await act(host, deal, 'close'), 200);
        assert.equal((await shareIn(guests[0], deal, 'captured')).allotted, 4);
        assert.equal((await shareIn(guests[1], deal, 'released')).reason, 'terms');
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('a higher price takes the money first; what is not there is not accepted', async () => {
        const deal = await openDeal(host, { total_won: 100_000, portions: 4, host_portions: 0, min_portions: 1 });
        const [rich, poor] = await Promise.all([signUp('부자', 60_000), signUp('빠듯', 25_000)]);
        await join(rich, deal, 1);
        await join(poor, deal, 1);
        expect(await change(deal, { total_won: 120_000 }), 200);
        expect(await act(rich, deal, 'share/accept', { terms: 2 }), 202);
        expect(await act(poor, deal, 'share/accept', { terms: 2 }), 202);
        await until('the one has accepted', async () => (await shareIn(rich, deal, 'held')).terms === 2);
        await until('the other could not', async () => (await shareIn(poor, deal, 'held')).want_quantity === undefined);
        assert.equal((await shareIn(poor, deal, 'held')).terms, 1);
        assert.deepEqual([(await rich.wallet()).held_won, (await poor.wallet()).held_won], [30_000, 25_000]);
        expect(await act(host, deal, 'close'), 200);
        assert.equal((await shareIn(rich, deal, 'captured')).amount_won, 30_000);
        assert.equal((await shareIn(poor, deal, 'released')).reason, 'terms');
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('a share shrinks at once and grows with its money; never above what is left', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guests[0], deal, 2, 1);
        await join(guests[1], deal, 4);
        expectProblem(await resize(guests[0], deal, 5), 409, 'deal_full');
        expect(await resize(guests[0], deal, 4), 202);
        assert.equal((await seeDeal(host, deal)).taken, 8, 'the seats are kept while pay is asked');
        const busy = await resize(guests[0], deal, 3);
        assert.ok(busy.status === 200 || busy.body.code === 'share_changing', told(busy));
        const grown = await until('it has grown', async () => {
            const share = await shareIn(guests[0], deal, 'held');
            return share.want_quantity === undefined && share;
        });
        if (busy.status !== 200) assert.deepEqual([grown.quantity, grown.max_won], [4, 12_000]);
        assert.equal(expect(await resize(guests[0], deal, 1), 200).max_won, 3_000);
        assert.equal((await seeDeal(host, deal)).left, 3);
        await until('the rest is free', async () => (await guests[0].wallet()).held_won === 3_000);
        const poor = await signUp('빠듯', 3_000);
        await join(poor, deal, 1);
        expect(await resize(poor, deal, 3), 202);
        const kept = await until('it stays as it was', async () => {
            const share = await shareIn(poor, deal, 'held');
            return share.want_quantity === undefined && share;
        });
        assert.deepEqual([kept.quantity, (await seeDeal(host, deal)).taken], [1, 6]);
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('a change without an answer is given up, and what pay does too late is undone', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guests[0], deal, 1);
        await stop('pay-1', 'pay-2');
        try {
            expect(await resize(guests[0], deal, 3), 202);
            clock.advance(3 * clock.MINUTE);
            await until('it was given up', async () => (await shareIn(guests[0], deal, 'held')).want_quantity === undefined);
            assert.equal((await seeDeal(host, deal)).taken, 1);
        } finally {
            await start('pay-1', 'pay-2');
            clock.reset();
        }
        await drained();
        await until('the hold is the old one', async () => (await guests[0].wallet()).held_won === 3_000);
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('D7 the waiting list is first come, first offered; an offer lapses to the next; nobody is promoted twice', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guests[0], deal, 4);
        expectProblem(await act(guests[5], deal, 'waitlist', { quantity: 4 }), 409, 'seats_free');
        await join(guests[1], deal, 4);
        const wait = (i, quantity) => act(guests[i], deal, 'waitlist', { quantity });
        assert.deepEqual((({ state, ahead }) => [state, ahead])(expect(await wait(2, 3), 201)), ['waiting', 0]);
        assert.equal(expect(await wait(3, 2), 201).ahead, 1);
        assert.equal(expect(await wait(4, 1), 201).ahead, 2);
        expectProblem(await wait(3, 1), 409, 'already_waiting');
        expectProblem(await wait(0, 1), 409, 'already_joined');
        expect(await resize(guests[0], deal, 2), 200); // two are free: the first in line, who wants three, is offered two
        const first = (await seeDeal(guests[2], deal)).wait;
        assert.deepEqual([first.state, first.offered], ['offered', 2]);
        assert.equal((await seeDeal(guests[3], deal)).wait.ahead, 0);
        for (const stranger of [guests[5], guests[3]]) expectProblem(await askJoin(stranger, deal, 1), 409, 'deal_full');
        clock.advance(16 * clock.MINUTE);
        try {
            await refreshed(host, ...guests);
            await until('the next is offered', async () => (await seeDeal(guests[3], deal)).wait.state === 'offered');
            assert.equal((await seeDeal(guests[2], deal)).wait, undefined);
            expectProblem(await askJoin(guests[2], deal, 1), 409, 'deal_full');
            const replies = await Promise.all([0, 1, 0, 1].map((i) => askJoin(guests[3], deal, 1, 0, { base: stack.instances.deal[i] })));
            assert.deepEqual(replies.map((r) => r.status).sort(), [202, 409, 409, 409]);
            await shareIn(guests[3], deal, 'held');
            const last = (await seeDeal(guests[4], deal)).wait;
            assert.deepEqual([last.state, last.offered], ['offered', 1], 'what was not taken goes on');
            expect(await act(guests[4], deal, 'waitlist/leave'), 200);
            assert.equal((await seeDeal(guests[5], deal)).left, 1);
            expectProblem(await act(guests[4], deal, 'waitlist/leave'), 404, 'not_waiting');
        } finally {
            clock.reset();
            await refreshed(host, ...guests);
        }
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('D7 forty changes at once on two instances: the line is kept, nothing is offered twice', async () => {
        const deal = await openDeal(host, { portions: 6, host_portions: 2, min_portions: 1 });
        await each(guests, 8, async (guest, i) => {
            for (let round = 0; round < 5; round++) {
                const base = stack.instances.deal[(i + round) % 2];
                let reply = await askJoin(guest, deal, 1 + (i % 2), 0, { base });
                if (reply.body.code === 'deal_full') reply = await guest.post(`/v1/deal/deals/${deal.id}/waitlist`, { quantity: 1 + (i % 2) }, { base });
                assert.ok([201, 202].includes(reply.status) || ['already_waiting', 'already_joined', 'seats_free', 'deal_full'].includes(reply.body.code), told(reply));
                if (round % 2) await guest.post(`/v1/deal/deals/${deal.id}/leave`, undefined, { base });
            }
        });
        await drained();
        const [[kept, most]] = await query(`SELECT taken + offered, portions - host_portions FROM gonggu_deal.deal WHERE id = ${id(deal.id)}`);
        assert.ok(Number(kept) <= Number(most));
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.wait a JOIN gonggu_deal.wait b ON b.deal_id = a.deal_id AND b.position < a.position
            AND b.state = 0 AND a.state = 1 WHERE a.deal_id = ${id(deal.id)}`), 0, 'nobody is offered before an earlier one');
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });

    it('who is blocked cannot join', async () => {
        const deal = await openDeal(host);
        expect(await guests[7].send('PUT', `/v1/auth/blocks/${host.id}`), 204);
        await drained();
        expectProblem(await askJoin(guests[7], deal, 1), 403, 'blocked');
        expect(await guests[7].send('DELETE', `/v1/auth/blocks/${host.id}`), 204);
        await drained();
        expect(await askJoin(guests[7], deal, 1), 202);
        await dealIn(host, deal, 'recruiting');
    });
});
