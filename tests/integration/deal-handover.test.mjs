// tests/integration/deal-handover.test.mjs: what comes after the purchase: arrival, windows, hand-over, disputes; and
// accounts that leave.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, askJoin, dealIn, join, openDeal, seeDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

describe('hand-over', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(4, 150_000, '손님');
    });
    const refreshed = () => Promise.all([host, ...guests].map((p) => p.refresh()));

    /** A deal of 10 portions at 1,000 won that is bought: neighbours joined with these [quantity, tolerance]. */
    async function bought(asked, changes = {}) {
        const deal = await openDeal(host, { total_won: 10_000, portions: 10, host_portions: 0, min_portions: 1, ...changes });
        for (const [i, [quantity, tolerance]] of asked.entries()) assert.equal((await join(guests[i], deal, quantity, tolerance)).state, 'held');
        expect(await act(host, deal, 'close'), 200);
        for (const i of asked.keys()) await shareIn(guests[i], deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(host) }), 200);
        return deal;
    }
    const arrived = async (...args) => {
        const deal = await bought(...args);
        expect(await act(host, deal, 'arrive'), 200);
        return deal;
    };
    const share = async (i, deal) => expect(await guests[i].get(`/v1/deal/deals/${deal.id}/share`), 200);
    const paid = (before, won) => until(`the host has ${before + won}`, async () => (await host.wallet()).posted_won === before + won);

    it('neighbours choose their window; the host sees how many come when', async () => {
        const windows = [1, 2].map((h) => ({ from: clock.fromNow((2 + h) * clock.HOUR + 60_000), until: clock.fromNow((3 + h) * clock.HOUR) }));
        const deal = await bought([[3, 0], [3, 0]], { windows });
        assert.equal(expect(await act(guests[0], deal, 'share/window', { window: 1 }), 200).window, 1);
        expect(await act(guests[1], deal, 'share/window', { window: 1 }), 200);
        expectProblem(await act(guests[1], deal, 'share/window', { window: 2 }), 422, 'invalid', '/window');
        assert.deepEqual((await seeDeal(host, deal)).windows.map((w) => w.chosen), [0, 2]);
        assert.ok((await seeDeal(guests[0], deal)).windows.every((w) => !('chosen' in w)));
        expect(await act(host, deal, 'arrive'), 200);
    });

    it('D10 fewer goods came: first come, or pro rata, explained to each, the money back', async () => {
        for (const [rule, came, got, why] of [['first_come', 7, [4, 3, 0], /먼저 참여한 순서/], ['pro_rata', 5, [2, 2, 1], /비례/]]) {
            const wallets = await Promise.all([0, 1, 2].map(async (i) => (await guests[i].wallet()).posted_won));
            const deal = await bought([[4, 0], [4, 0], [2, 0]], { shortage_rule: rule });
            expect(await act(host, deal, 'arrivals', { portions: came }), 200);
            for (const [i, n] of got.entries()) {
                const mine = await share(i, deal);
                assert.deepEqual([mine.received, mine.amount_won], [n, n * 1_000], `${rule}, neighbour ${i}`);
                assert.match(mine.because, why);
                assert.equal(mine.state, n > 0 ? 'captured' : 'refunded');
            }
            await until('the money is back', async () => {
                const now = await Promise.all([0, 1, 2].map(async (i) => (await guests[i].wallet()).posted_won));
                return now.every((won, i) => won === wallets[i] - got[i] * 1_000);
            });
            const before = (await host.wallet()).posted_won;
            for (const [i, n] of got.entries()) if (n > 0) expect(await act(host, deal, 'handovers', { code: (await share(i, deal)).code }), 200);
            await dealIn(host, deal, 'done');
            await paid(before, came * 1_000);
        }
        await checkInvariants();
    });

    it('D10 more goods came: those who would take more get them, at no cost', async () => {
        const deal = await bought([[5, 2], [5, 0]]);
        expect(await act(host, deal, 'arrivals', { portions: 12 }), 200);
        const lucky = await share(0, deal);
        assert.deepEqual([lucky.received, lucky.amount_won], [7, 5_000]);
        assert.match(lucky.because, /2개를 값 없이/);
        assert.equal((await share(1, deal)).because, undefined);
    });

    it('a picture hands over like a code; nobody can make one; repeating it is harmless', async () => {
        const deal = await arrived([[6, 0], [4, 0]]);
        const { qr, code } = await share(0, deal);
        assert.match(qr, /^GG1\./);
        const forged = qr.slice(0, -2) + (qr.endsWith('AA') ? 'BB' : 'AA');
        expectProblem(await act(host, deal, 'handovers', { qr: forged }), 422, 'bad_handover_code');
        expectProblem(await act(host, deal, 'handovers', { qr: qr.replace(code, '000000') }), 422, 'bad_handover_code');
        expectProblem(await act(host, deal, 'handovers', {}), 422, 'invalid', '/code');
        expectProblem(await act(guests[1], deal, 'handovers', { qr }), 403, 'not_host');
        for (const round of [1, 2, 3]) assert.ok(['handed_over', 'settled'].includes(expect(await act(host, deal, 'handovers', { qr }), 200).state), `round ${round}`);
        assert.equal((await share(0, deal)).qr, undefined);
        const other = await openDeal(host);
        expectProblem(await act(host, other, 'handovers', { qr }), 409, 'wrong_state');
        expect(await act(host, deal, 'handovers', { code: (await share(1, deal)).code }), 200);
        await dealIn(host, deal, 'done');
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type = 'deal.share.handed_over.v1'`), 2);
    });

    it('an offline phone syncs later: each for itself, once, at the time it was scanned', async () => {
        const deal = await arrived([[2, 0], [3, 0], [5, 0]]);
        const codes = await Promise.all([0, 1, 2].map(async (i) => (await share(i, deal)).code));
        const scanned_at = clock.fromNow(-clock.MINUTE);
        const wrong = ['111111', '222222', '333333', '444444'].find((c) => !codes.includes(c));
        const items = [{ code: codes[0], scanned_at }, { code: wrong, scanned_at }, { code: codes[1], quantity: 2, scanned_at }, { code: codes[0], scanned_at }];
        const results = expect(await act(host, deal, 'handovers/sync', { items }), 200).items;
        assert.deepEqual(results.map((r) => r.code), [undefined, 'bad_handover_code', undefined, undefined]);
        assert.equal(results[0].share, results[3].share);
        expect(await act(host, deal, 'handovers/sync', { items }), 200);
        const partial = await shareIn(guests[1], deal, 'settled');
        assert.deepEqual([partial.received, partial.amount_won], [2, 2_000]);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${id(deal.id)} AND handed_at IS NOT NULL`), 2);
        expect(await act(host, deal, 'handovers', { code: codes[2] }), 200);
        await dealIn(host, deal, 'done');
        expect(await act(host, deal, 'handovers/sync', { items: items.slice(0, 1) }), 200);
        await checkInvariants();
    });

    it('who did not come is noted, and pays for what was bought for him', async () => {
        const deal = await arrived([[10, 0]]);
        const { id: mine } = await share(0, deal);
        expectProblem(await act(host, deal, `shares/${mine}/no-show`), 409, 'wrong_state');
        clock.advance(6 * clock.HOUR);
        try {
            await refreshed();
            expect(await act(host, deal, `shares/${mine}/no-show`), 200);
            expect(await act(host, deal, `shares/${mine}/no-show`), 200);
            assert.equal((await share(0, deal)).no_show, true);
            clock.advance(3 * clock.DAY);
            await refreshed();
            await dealIn(host, deal, 'done');
        } finally {
            clock.reset();
            await refreshed();
        }
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type = 'deal.share.no_show.v1'`), 1);
    });

    it('a dispute stops the money of one share; agreed, the rest is paid', async () => {
        const deal = await arrived([[5, 0], [5, 0]]);
        const { id: mine, code } = await share(0, deal);
        expectProblem(await act(guests[0], deal, 'share/dispute', { message: '두 개가 상했어요', refund_won: 5_001 }), 422, 'invalid', '/refund_won');
        const open = expect(await act(guests[0], deal, 'share/dispute', { message: '두 개가 상했어요', photos: [await uploadPhoto(guests[0])], refund_won: 2_000 }), 201);
        assert.deepEqual([open.state, open.amount_won, open.asked_won, open.photos.length], ['open', 5_000, 2_000, 1]);
        expectProblem(await act(guests[0], deal, 'share/dispute', { message: '또' }), 409, 'dispute_open');
        expectProblem(await act(host, deal, 'handovers', { code }), 409, 'dispute_open');
        expectProblem(await act(guests[1], deal, `shares/${mine}/dispute/answer`, { message: '아니요', refund_won: 0 }), 403, 'not_host');
        expectProblem(await act(guests[0], deal, 'share/dispute/accept'), 409, 'wrong_state');
        const answered = expect(await act(host, deal, `shares/${mine}/dispute/answer`, { message: '하나만요', refund_won: 1_000 }), 200);
        assert.deepEqual([answered.state, answered.offered_won], ['answered', 1_000]);
        const before = [(await host.wallet()).posted_won, (await guests[0].wallet()).posted_won];
        const agreed = expect(await act(guests[0], deal, 'share/dispute/accept'), 200);
        assert.deepEqual([agreed.state, agreed.refund_won], ['agreed', 1_000]);
        await shareIn(guests[0], deal, 'settled');
        await paid(before[0], 4_000);
        assert.equal((await guests[0].wallet()).posted_won, before[1] + 1_000);
        expect(await act(host, deal, 'handovers', { code: (await share(1, deal)).code }), 200);
        await dealIn(host, deal, 'done');
        await checkInvariants();
    });

    it('a host who does not answer gives back what was asked for; a dispute can be taken back; neighbours cannot decide', async () => {
        const deal = await arrived([[5, 0], [5, 0]]);
        const open = expect(await act(guests[0], deal, 'share/dispute', { message: '받지 못했어요' }), 201);
        expect(await act(guests[1], deal, 'share/dispute', { message: '착각했어요' }), 201);
        assert.equal(expect(await act(guests[1], deal, 'share/dispute/withdraw'), 200).refund_won, 0);
        await shareIn(guests[1], deal, 'settled');
        expectProblem(await guests[0].post(`/v1/deal/disputes/${open.id}/decide`, { message: '내 것', refund_won: 5_000 }), 403, 'forbidden');
        expectProblem(await host.get('/v1/deal/disputes'), 403, 'forbidden');
        clock.advance(3 * clock.DAY + clock.HOUR);
        try {
            await refreshed();
            assert.equal((await shareIn(guests[0], deal, 'refunded')).reason, 'dispute');
            await dealIn(host, deal, 'done');
        } finally {
            clock.reset();
            await refreshed();
        }
        await checkInvariants();
    });

    it('who wants to leave hears what is in flight', async () => {
        const leaver = await signUp('떠나는', 20_000);
        const deal = await openDeal(host);
        assert.equal((await join(leaver, deal, 1)).state, 'held');
        const mine = await openDeal(leaver);
        await drained();
        const before = await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE type = 'deal.closing.answered.v1'`);
        expect(await leaver.post('/v1/auth/closing', { again: { password: leaver.password } }), 202);
        await until('deal has answered', async () => (await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE type = 'deal.closing.answered.v1'`)) > before);
        assert.equal(await number(`SELECT JSON_LENGTH(JSON_EXTRACT(envelope, '$.data.items')) FROM gonggu_deal.outbox WHERE aggregate = ${id(leaver.id)}`), 2);
        await dealIn(host, deal, 'recruiting');
        // Because something is in flight, auth calls the closing off, and life goes on.
        await drained();
        expect(await askJoin(leaver, await openDeal(host), 1), 202);
        expect(await act(host, deal, 'cancel'), 200);
        expect(await act(leaver, mine, 'cancel'), 200);
    });
});
