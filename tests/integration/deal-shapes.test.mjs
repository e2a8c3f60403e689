// tests/integration/deal-shapes.test.mjs: opening a deal in all its shapes; drafts, copies, edits; boxes; delivery.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { act, askJoin, dealBody, dealIn, join, openDeal, seeDeal, shareIn, split, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';

const boxes = (changes) => ({ shape: 'boxes', total_won: 10_000, portions: 5, boxes_max: 4, host_portions: 0, min_portions: 1, ...changes });

describe('shapes of deals', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(4, 200_000, '손님');
    });
    const change = (deal, json, headers) => host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json, headers });
    const each = (deal, asked) => asked.reduce((done, [quantity, tolerance], i) => done.then(() => join(guests[i], deal, quantity, tolerance)), Promise.resolve());

    it('a deal says all of what was planned', async () => {
        const deal = await openDeal(host, {
            unit: '한 봉지', unit_amount: 500, measure: 'g', ceiling_won: 33_000, max_portions: 7, each_max: 3, delivery_won: 3_000,
            delivery_rule: 'equal', shortage_rule: 'pro_rata',
            windows: [{ from: clock.fromNow(3 * clock.HOUR + 60_000), until: clock.fromNow(4 * clock.HOUR) }, { from: clock.fromNow(4 * clock.HOUR + 60_000), until: clock.fromNow(5 * clock.HOUR - 1000) }],
        });
        assert.equal(deal.shape, 'lot');
        assert.deepEqual([deal.unit_amount, deal.measure, deal.unit_won], [500, 'g', 600]);
        assert.deepEqual([deal.ceiling_won, deal.max_portions, deal.each_max, deal.left], [33_000, 7, 3, 7]);
        assert.deepEqual([deal.delivery_won, deal.delivery_rule, deal.shortage_rule, deal.terms], [3_000, 'equal', 'pro_rata', 1]);
        assert.equal(deal.windows.length, 2);
        // Two neighbours at least (4 portions, 3 each), and the host: each of three has a third of the delivery.
        assert.equal(deal.portion_won, 3_300 + 1_000);
        assert.equal(expectProblem(await askJoin(guests[0], deal, 2, 2), 422, 'quantity_over_limit').limit, 3);
        const bad = async (changes, pointer) => expectProblem(await host.post('/v1/deal/deals', dealBody(await uploadPhoto(host), changes)), 422, 'invalid', pointer);
        await bad({ shape: 'boxes' }, '/boxes_max');
        await bad({ ceiling_won: 29_000 }, '/ceiling_won');
        await bad({ max_portions: 9 }, '/max_portions');
        await bad({ measure: 'g' }, '/unit_amount');
        await bad({ windows: [{ from: clock.fromNow(clock.HOUR), until: clock.fromNow(4 * clock.HOUR) }] }, '/windows');
    });

    it('drafts are kept, shown to nobody else, and go when the deal is opened; a deal can be copied into one', async () => {
        const draft = expect(await host.post('/v1/deal/drafts', { title: '언젠가 열 공구' }), 201);
        assert.equal(draft.deal.title, '언젠가 열 공구');
        const saved = expect(await host.send('PUT', `/v1/deal/drafts/${draft.id}`, { json: { title: '곧 열 공구', total_won: 5_000 } }), 200);
        assert.deepEqual([saved.deal.title, saved.deal.total_won, saved.id], ['곧 열 공구', 5_000, draft.id]);
        expectProblem(await guests[0].get(`/v1/deal/drafts/${draft.id}`), 404, 'not_found');
        expectProblem(await guests[0].send('PUT', `/v1/deal/drafts/${draft.id}`, { json: {} }), 404, 'not_found');
        const deal = await openDeal(host, { draft: draft.id, tags: ['감자', '강원도'] });
        expectProblem(await host.get(`/v1/deal/drafts/${draft.id}`), 404, 'not_found');
        const copy = expect(await host.post(`/v1/deal/deals/${deal.id}/copy`), 201);
        assert.deepEqual([copy.deal.title, copy.deal.tags, copy.deal.total_won, copy.deal.photos, copy.deal.closes_at], [deal.title, ['감자', '강원도'], 30_000, deal.photos.map((p) => p.split('/').at(-1)), undefined]);
        const list = expect(await host.get('/v1/deal/drafts'), 200);
        assert.deepEqual(list.items.map((d) => d.id), [copy.id]);
        expect(await host.send('DELETE', `/v1/deal/drafts/${copy.id}`), 204);
        assert.deepEqual(expect(await host.get('/v1/deal/drafts'), 200).items, []);
        expectProblem(await guests[0].post(`/v1/deal/deals/${deal.id}/copy`), 403, 'not_host');
    });

    it('words can be edited at any time, by the host, from what he saw', async () => {
        const deal = await openDeal(host);
        const etag = `"${deal.version}"`;
        const edited = expect(await change(deal, { description: '새 설명' }, { 'if-match': etag }), 200);
        assert.deepEqual([edited.description, edited.terms, edited.title], ['새 설명', 1, deal.title]);
        expectProblem(await change(deal, { description: '또' }, { 'if-match': etag }), 412, 'stale');
        expectProblem(await guests[0].send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { description: '남의' } }), 403, 'not_host');
        expectProblem(await change(deal, { photos: ['0123.png'] }), 422, 'unknown_photo');
        expect(await act(host, deal, 'cancel'), 200);
        expect(await change(deal, { description: '끝난 뒤' }), 200);
        expectProblem(await change(deal, { total_won: 1_000 }), 409, 'terms_fixed');
    });

    it('D3 boxes: only whole ones are bought; who came last goes without, tolerance completes a box and never makes one', async () => {
        const deal = await openDeal(host, boxes());
        assert.deepEqual([deal.portions, deal.total_won, deal.box_won, deal.box_portions, deal.boxes_full], [20, 40_000, 10_000, 5, 0]);
        await each(deal, [[3, 0], [3, 1], [2, 0]]);
        const seen = await seeDeal(host, deal);
        assert.deepEqual([seen.boxes_full, seen.box_missing, seen.taken], [1, 1, 8]);
        expect(await act(host, deal, 'close'), 200);
        // Eight firm and one more: one box of five; the second stays one short.
        const shares = [await shareIn(guests[0], deal, 'captured'), await shareIn(guests[1], deal, 'captured'), await shareIn(guests[2], deal, 'released')];
        assert.deepEqual(shares.slice(0, 2).map((s) => [s.allotted, s.amount_won]), [[3, 6_000], [2, 4_000]]);
        assert.equal(shares[2].reason, 'no_box');
        assert.match(shares[1].because, /3개 중 2개/);
        assert.match(shares[2].because, /자리가 없어/);
        assert.equal((await guests[2].wallet()).held_won, 0);
        expect(await act(host, deal, 'cancel'), 200);

        const second = await openDeal(host, boxes());
        await each(second, [[3, 0], [3, 2], [2, 0]]);
        assert.deepEqual((({ boxes_full, box_missing }) => [boxes_full, box_missing])(await seeDeal(host, second)), [2, 0]);
        expect(await act(host, second, 'close'), 200);
        const full = await Promise.all([0, 1, 2].map((i) => shareIn(guests[i], second, 'captured')));
        assert.deepEqual(full.map((s) => [s.allotted, s.amount_won]), [[3, 6_000], [5, 10_000], [2, 4_000]]);
        expectProblem(await act(host, second, 'purchase', { total_won: 20_001, receipt: await uploadPhoto(host) }), 422, 'receipt_too_high');
        expect(await act(host, second, 'purchase', { total_won: 19_000, receipt: await uploadPhoto(host) }), 200);
        assert.deepEqual(await Promise.all([0, 1, 2].map(async (i) => (await shareIn(guests[i], second, 'captured')).amount_won)), [5_700, 9_500, 3_800]);
        await checkInvariants();
    });

    it('near closing only what does not break a box', async () => {
        const deal = await openDeal(host, boxes({ fill_minutes: 60 * 24 }));
        assert.equal((await join(guests[0], deal, 5)).state, 'held', 'a whole box at once');
        expectProblem(await askJoin(guests[1], deal, 2), 409, 'box_fill');
        assert.equal((await join(guests[1], deal, 5)).state, 'held');
        expectProblem(await act(guests[1], deal, 'leave'), 409, 'box_fill');
        expectProblem(await act(guests[1], deal, 'share/quantity', { quantity: 4 }), 409, 'box_fill');
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('delivery is shared equally or by quantity, and everything adds up', async () => {
        for (const [rule, weights] of [['equal', null], ['by_quantity', [1, 2, 3, 4]]]) {
            const deal = await openDeal(host, { total_won: 30_000, delivery_won: 1_000, delivery_rule: rule, host_portions: 4, min_portions: 6 });
            await each(deal, [[1, 0], [2, 0], [3, 0]]);
            expect(await act(host, deal, 'close'), 200);
            const paid = await Promise.all([0, 1, 2].map(async (i) => (await shareIn(guests[i], deal, 'captured')).amount_won));
            const exact = weights ? split(31_000, weights) : [3_250, 6_250, 9_250, 12_250];
            for (const [i, won] of paid.entries()) assert.ok(Math.abs(won - exact[i]) <= 1, `${rule}: ${paid} is not ${exact}`);
            expect(await act(host, deal, 'purchase', { total_won: 30_000, delivery_won: 0, receipt: await uploadPhoto(host) }), 200);
            const back = await Promise.all([0, 1, 2].map(async (i) => (await shareIn(guests[i], deal, 'captured')).amount_won));
            for (const [i, won] of back.entries()) assert.ok(Math.abs(won - [3_000, 6_000, 9_000][i]) <= 1 && won <= paid[i]);
            expectProblem(await act(host, deal, 'arrivals', { portions: -1 }), 422, 'invalid', '/portions');
        }
        await checkInvariants();
    });

    it('D9 the price may rise to what was accepted, never above; what was held for it comes back', async () => {
        const deal = await openDeal(host, { total_won: 10_000, ceiling_won: 12_000, portions: 4, host_portions: 0, min_portions: 4 });
        await each(deal, [[3, 0], [1, 0]]);
        expect(await act(host, deal, 'close'), 200);
        assert.deepEqual(await Promise.all([0, 1].map(async (i) => (await shareIn(guests[i], deal, 'captured')).amount_won)), [9_000, 3_000]);
        assert.equal(expectProblem(await act(host, deal, 'purchase', { total_won: 12_001, receipt: await uploadPhoto(host) }), 422, 'receipt_too_high').accepted_won, 12_000);
        expect(await act(host, deal, 'purchase', { total_won: 11_000, receipt: await uploadPhoto(host) }), 200);
        assert.deepEqual(await Promise.all([0, 1].map(async (i) => (await shareIn(guests[i], deal, 'captured')).amount_won)), [8_250, 2_750]);
        const seen = await seeDeal(guests[0], deal);
        assert.match(seen.receipt, /^\/v1\/deal\/photos\//);
        assert.equal((await seeDeal(guests[3], deal)).receipt, undefined);
        await checkInvariants();
    });

    it('D2 odd won rotate: over twelve deals of three nobody pays a won more than another', async () => {
        const trio = await signUpMany(3, 10_000, '셋');
        const paid = [0, 0, 0];
        for (let round = 0; round < 12; round++) {
            const deal = await openDeal(host, { total_won: 100, portions: 3, host_portions: 0, min_portions: 3 });
            await Promise.all(trio.map((p) => join(p, deal, 1)));
            expect(await act(host, deal, 'close'), 200);
            const amounts = await Promise.all(trio.map(async (p) => (await shareIn(p, deal, 'captured')).amount_won));
            assert.equal(amounts.reduce((a, b) => a + b), 100);
            amounts.forEach((won, i) => (paid[i] += won));
            assert.ok(Math.max(...paid) - Math.min(...paid) <= 1, `${paid} after ${round + 1} deals`);
        }
        await dealIn(host, await openDeal(host), 'recruiting');
        await checkInvariants();
    });

    it('the public sees a deal without places, codes or receipts', async () => {
        const deal = await openDeal(host, { windows: [] });
        const reply = await send('GET', `/v1/deal/deals/${deal.id}`);
        const body = expect(reply, 200);
        assert.ok(!/망원역|37\.556|126\.910/.test(reply.text), reply.text);
        assert.equal(body.windows.length, 1);
        const terms = await send('GET', `/v1/deal/deals/${deal.id}/terms`);
        expect(terms, 200);
        assert.ok(!/망원역|37\.556|126\.910/.test(terms.text), terms.text);
    });
});
