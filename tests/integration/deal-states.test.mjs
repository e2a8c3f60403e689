// tests/integration/deal-states.test.mjs: every act in every state of a deal and of a share: where the table has no such
// step the answer is a conflict that changes nothing (where it has one, the other tests take it). And joins across kills.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, askJoin, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { kill, stack, start, stop, untilReady } from '../lib/stack.mjs';
import { each } from '../lib/wait.mjs';

describe('states of deals', () => {
    let host, guests, receipt;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(20, 100_000, '손님');
        receipt = await uploadPhoto(host);
    });
    const version = async (deal) => expect(await host.get(`/v1/deal/deals/${deal.id}`), 200).version;

    // Acts of the host and of a neighbour who is in (the first guest), and the states in which the tables have the step.
    const HOST = {
        close: { in: ['recruiting'], code: 'wrong_state' },
        cancel: { in: ['recruiting', 'closing', 'confirmed'], code: 'wrong_state' },
        purchase: { in: ['confirmed'], code: 'wrong_state', json: () => ({ total_won: 20_000, receipt }) },
        arrive: { in: ['purchased'], code: 'wrong_state' },
        arrivals: { in: ['purchased'], code: 'wrong_state', json: () => ({}) },
        handovers: { in: ['arrived', 'done'], code: 'wrong_state', json: () => ({ code: '123456' }) },
        'handovers/sync': { in: ['arrived', 'done'], code: 'wrong_state', json: () => ({ items: [{ code: '123456' }] }) },
    };
    const GUEST = {
        shares: { in: ['recruiting'], who: 5, code: 'deal_closed', json: () => ({ quantity: 1 }) },
        waitlist: { in: ['recruiting'], who: 5, code: 'deal_closed', json: () => ({ quantity: 1 }) },
        leave: { in: ['recruiting'], code: ['deal_closed', 'not_joined'] },
        'share/quantity': { in: ['recruiting'], code: ['deal_closed', 'not_joined', 'share_changing'], json: () => ({ quantity: 2 }) },
        'share/accept': { in: ['recruiting', 'closing', 'confirmed', 'purchased', 'arrived', 'done'], code: ['deal_closed', 'not_joined', 'share_changing'], json: () => ({ terms: 1 }) },
        'share/window': { in: ['recruiting', 'confirmed', 'purchased', 'arrived'], code: ['wrong_state', 'not_joined'], json: () => ({ window: 0 }) },
        'share/dispute': { in: ['purchased', 'arrived'], code: ['wrong_state', 'not_joined'], json: () => ({ message: '?' }) },
        'share/dispute/accept': { in: [], code: ['no_dispute', 'not_joined'] },
        'share/dispute/withdraw': { in: [], code: ['no_dispute', 'not_joined'] },
    };

    async function refusals(deal, state) {
        const before = await version(deal);
        for (const [what, rule] of Object.entries({ ...HOST, ...GUEST })) {
            if (rule.in.includes(state)) continue;
            const who = what in HOST ? host : guests[rule.who ?? 0];
            const reply = await act(who, deal, what, rule.json?.());
            assert.ok([409, 404].includes(reply.status) && [rule.code].flat().includes(reply.body.code), `${what} in ${state}: ${told(reply)}`);
        }
        if (state !== 'recruiting') {
            const reply = await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { total_won: 1_000 } });
            assert.ok(reply.status === 409 && reply.body.code === 'terms_fixed', told(reply));
        }
        assert.equal(await version(deal), before, `a refusal in ${state} changed the deal`);
    }

    it('D8 every act in every state of a deal', async () => {
        const deal = await openDeal(host, { total_won: 20_000, min_portions: 2 });
        await join(guests[0], deal, 3);
        await refusals(deal, 'recruiting');
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guests[0], deal, 'captured');
        await refusals(deal, 'confirmed');
        expect(await act(host, deal, 'purchase', { total_won: 20_000, receipt }), 200);
        await refusals(deal, 'purchased');
        expect(await act(host, deal, 'arrive'), 200);
        await refusals(deal, 'arrived');
        const { code } = await shareIn(guests[0], deal, 'captured');
        expect(await act(host, deal, 'handovers', { code }), 200);
        await dealIn(host, deal, 'done');
        await drained();
        await refusals(deal, 'done');

        const cancelled = await openDeal(host);
        await join(guests[0], cancelled, 1);
        expect(await act(host, cancelled, 'cancel'), 200);
        await drained();
        await refusals(cancelled, 'cancelled');

        // closing lasts while a seat waits for pay; then it fails, because nobody had the money.
        const closing = await openDeal(host, { closes_at: clock.fromNow(11 * clock.MINUTE) });
        await stop('pay-1', 'pay-2');
        try {
            clock.advance(10 * clock.MINUTE);
            await Promise.all([host, guests[0], guests[5]].map((p) => p.refresh()));
            expect(await askJoin(guests[0], closing, 1), 202);
            clock.advance(clock.MINUTE + clock.SECOND);
            await dealIn(host, closing, 'closing');
            await refusals(closing, 'closing');
            clock.advance(2 * clock.MINUTE);
            await dealIn(host, closing, 'failed').catch(() => {});
        } finally {
            await start('pay-1', 'pay-2');
            clock.reset();
            await Promise.all([host, guests[0], guests[5]].map((p) => p.refresh()));
        }
        await dealIn(host, closing, 'failed');
        await drained();
        await refusals(closing, 'failed');
        await checkInvariants();
    });

    it('D6 joins while an instance of deal and one of pay are killed: each key has one seat and one hold, or none', async () => {
        const deal = await openDeal(host, { total_won: 200_000, portions: 200, host_portions: 0, min_portions: 1 });
        const keys = guests.map(() => uuid());
        const ask = async (guest, i) => {
            for (let round = 0; round < 40; round++) {
                const reply = await askJoin(guest, deal, 1 + (i % 3), 0, { key: keys[i], base: stack.instances.deal[(i + round) % 2] }).catch(() => null);
                if (reply && reply.status < 500 && reply.body?.code !== 'in_progress') return reply;
                await new Promise((resolve) => setTimeout(resolve, 250));
            }
            throw new Error('no answer');
        };
        const [replies] = await Promise.all([each(guests, 20, ask), kill('deal-1'), kill('pay-1')]);
        assert.ok(replies.every((r) => r.status === 202), replies.map(told).join('; '));
        await untilReady('deal-1', 'pay-1');
        await each(guests, 8, (guest) => shareIn(guest, deal, 'held'));
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${id(deal.id)}`), guests.length);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.hold WHERE deal_id = ${id(deal.id)} AND state = 'pending'`), guests.length);
        expect(await act(host, deal, 'cancel'), 200);
        await checkInvariants();
    });
});
