// tests/integration/deal-disputes.test.mjs: disputes that somebody else decides, that nobody decides, and that begin before
// the goods are there; and what is bought, brought and taken in other numbers than planned.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, askShare, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

describe('disputes', () => {
    let host, guests, admin;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(3, 150_000, '손님');
        admin = await signUpAdmin();
    });
    const refreshed = () => Promise.all([host, admin, ...guests].map((p) => p.refresh()));
    after(async () => {
        clock.reset();
        await refreshed();
    });
    /** Does `work` with a clock that is so much ahead. */
    async function later(ms, work) {
        clock.advance(ms);
        try {
            await refreshed();
            return await work();
        } finally {
            clock.reset();
            await refreshed();
        }
    }

    /** Ten portions at 1,000 won, bought; neighbours joined with these [quantity, tolerance]. */
    async function bought(asked, changes = {}) {
        const deal = await openDeal(host, { total_won: 10_000, portions: 10, host_portions: 0, min_portions: 1, ...changes });
        for (const [i, [quantity, tolerance]] of asked.entries()) assert.equal((await join(guests[i], deal, quantity, tolerance)).state, 'held');
        expect(await act(host, deal, 'close'), 200);
        for (const i of asked.keys()) await shareIn(guests[i], deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(host) }), 200);
        return deal;
    }
    const dispute = async (i, deal, more = {}) => expect(await act(guests[i], deal, 'share/dispute', { message: '상했어요', ...more }), 201);
    const answer = async (deal, open, refund_won) =>
        expect(await act(host, deal, `shares/${open.share}/dispute/answer`, { message: '하나만요', refund_won }), 200);
    const seen = async (i, deal) => expect(await guests[i].get(`/v1/deal/deals/${deal.id}/share/dispute`), 200);
    const balance = async (person) => (await person.wallet()).posted_won;
    const comesTo = (person, won) => until(`${person.nickname} has ${won}`, async () => (await balance(person)) === won);

    it('an admin sees the open ones and decides: some goes back, the rest to the host, once', async () => {
        const deal = await bought([[5, 0], [5, 0]]);
        expect(await act(host, deal, 'arrive'), 200);
        const open = await dispute(0, deal, { refund_won: 4_000, photos: [await uploadPhoto(guests[0])] });
        await answer(deal, open, 500);
        const listed = [];
        for (let cursor = ''; ; ) {
            const page = expect(await admin.get(`/v1/deal/disputes?limit=2${cursor}`), 200);
            listed.push(...page.items);
            if (!page.next) break;
            cursor = `&cursor=${encodeURIComponent(page.next)}`;
        }
        const mine = listed.find((d) => d.id === open.id);
        assert.deepEqual([mine.state, mine.asked_won, mine.offered_won, mine.message, mine.answer, mine.photos.length],
            ['answered', 4_000, 500, '상했어요', '하나만요', 1]);
        const before = [await balance(guests[0]), await balance(host)];
        const decide = (person, refund_won) => person.post(`/v1/deal/disputes/${open.id}/decide`, { message: '사진을 보니 세 개예요', refund_won });
        expectProblem(await decide(guests[0], 5_000), 403, 'forbidden');
        expectProblem(await decide(admin, 5_001), 422, 'invalid', '/refund_won');
        const decided = expect(await decide(admin, 3_000), 200);
        assert.deepEqual([decided.state, decided.refund_won, decided.decision], ['decided', 3_000, '사진을 보니 세 개예요']);
        expectProblem(await decide(admin, 3_000), 404, 'no_dispute');
        await shareIn(guests[0], deal, 'settled');
        await comesTo(guests[0], before[0] + 3_000);
        await comesTo(host, before[1] + 2_000);
        assert.equal((await seen(0, deal)).decision, '사진을 보니 세 개예요');
        for (const person of [guests[0], host])
            await until('both are told', async () => (await person.inbox()).items.some((n) => n.kind === 'dispute_resolved' && n.deal === deal.id));
        expectProblem(await act(guests[0], deal, 'share/dispute', { message: '다시' }), 409, 'wrong_state');
        expect(await act(host, deal, 'handovers', { code: (await shareIn(guests[1], deal, 'captured')).code }), 200);
        await dealIn(host, deal, 'done');
    });

    it('an admin decides neither his own dispute nor that of his own deal', async () => {
        const both = await signUpAdmin();
        const deal = await openDeal(both, { total_won: 10_000, host_portions: 0, min_portions: 1 });
        await join(guests[0], deal, 10);
        expect(await act(both, deal, 'close'), 200);
        await shareIn(guests[0], deal, 'captured');
        expect(await act(both, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(both) }), 200);
        expect(await act(both, deal, 'arrive'), 200);
        const open = await dispute(0, deal);
        expectProblem(await both.post(`/v1/deal/disputes/${open.id}/decide`, { message: '내 것', refund_won: 0 }), 403, 'forbidden');
        expect(await admin.post(`/v1/deal/disputes/${open.id}/decide`, { message: '돌려주세요', refund_won: 10_000 }), 200);
        await shareIn(guests[0], deal, 'refunded');
        await dealIn(both, deal, 'done');
    });

    it('what the host offered stands when nobody takes it up for fourteen days, and not a day before', async () => {
        const deal = await bought([[5, 0], [5, 0]]);
        expect(await act(host, deal, 'arrive'), 200);
        for (const i of [0, 1]) await answer(deal, await dispute(i, deal, { refund_won: 5_000 }), 1_500);
        const before = await balance(guests[0]);
        await later(13 * clock.DAY, async () => {
            assert.equal((await seen(0, deal)).state, 'answered');
            // The other one takes it back: he is paid for at once.
            expect(await act(guests[1], deal, 'share/dispute/withdraw'), 200);
            await shareIn(guests[1], deal, 'settled');
            clock.advance(clock.DAY + clock.MINUTE);
            await refreshed();
            await shareIn(guests[0], deal, 'settled');
            const ended = await seen(0, deal);
            assert.deepEqual([ended.state, ended.refund_won, ended.due_at], ['lapsed', 1_500, undefined]);
            await dealIn(host, deal, 'done');
        });
        await comesTo(guests[0], before + 1_500);
    });

    it('settled before the goods are there: the money waits for them as that of the others', async () => {
        const deal = await bought([[5, 0], [5, 0]]);
        const hosts = await balance(host);
        await answer(deal, await dispute(0, deal, { refund_won: 2_000 }), 1_000);
        expect(await act(guests[0], deal, 'share/dispute/accept'), 200);
        await dispute(1, deal);
        expect(await act(guests[1], deal, 'share/dispute/withdraw'), 200);
        assert.deepEqual([(await shareIn(guests[0], deal, 'captured')).amount_won, (await shareIn(guests[1], deal, 'captured')).amount_won], [4_000, 5_000]);
        await drained();
        assert.equal(await balance(host), hosts, 'nothing is paid for goods nobody has seen');
        expect(await act(host, deal, 'arrivals', { portions: 8 }), 200); // three of five for the second
        for (const i of [0, 1]) {
            const { code } = await shareIn(guests[i], deal, 'captured');
            expect(await act(host, deal, 'handovers', { code }), 200);
        }
        await dealIn(host, deal, 'done');
        await comesTo(host, hosts + 4_000 + 3_000);
    });

    it('goods that never come are paid back to everybody, disputes or not', async () => {
        const deal = await bought([[4, 0], [3, 0], [3, 0]]);
        await dispute(0, deal, { refund_won: 1_000 });
        await dispute(1, deal);
        expect(await act(guests[1], deal, 'share/dispute/withdraw'), 200);
        const before = await Promise.all(guests.map(balance));
        await later(5 * clock.HOUR + 2.9 * clock.DAY, async () => {
            await until('the deal is called off', async () => {
                clock.advance(clock.HOUR);
                await refreshed();
                return (await askShare(guests[2], deal)).body.state === 'refunded';
            });
            for (const guest of guests) await shareIn(guest, deal, 'refunded');
            await drained();
        });
        // The first had a refund of 1,000 by then, as the host did not answer for three days; all in all everything came back.
        for (const [i, won] of [4_000, 3_000, 3_000].entries()) await comesTo(guests[i], before[i] + won);
    });

    it('what did not come is given back first; a dispute about everything then has less to give', async () => {
        const deal = await bought([[5, 0], [5, 0]], { shortage_rule: 'pro_rata' });
        const open = await dispute(0, deal); // all 5,000
        const before = [await balance(guests[0]), await balance(host)];
        expect(await act(host, deal, 'arrivals', { portions: 4 }), 200); // two each
        assert.equal(expect(await askShare(guests[0], deal), 200).amount_won, 2_000);
        expectProblem(await act(host, deal, `shares/${open.share}/dispute/answer`, { message: '네', refund_won: 2_001 }), 422, 'invalid', '/refund_won');
        await later(3 * clock.DAY + 2 * clock.HOUR, async () => {
            await shareIn(guests[0], deal, 'refunded');
            assert.equal((await seen(0, deal)).refund_won, 2_000);
            await drained();
            await later(3 * clock.DAY, () => dealIn(host, deal, 'done'));
        });
        await comesTo(guests[0], before[0] + 5_000);
        await comesTo(host, before[1] + 2_000);
    });

    it('D10 more came than was bought: it costs nobody anything, whoever takes how much of it, or does not come', async () => {
        const deal = await bought([[4, 2], [6, 2]]);
        const before = await balance(host);
        expect(await act(host, deal, 'arrivals', { portions: 12 }), 200);
        const share = await shareIn(guests[0], deal, 'captured');
        assert.deepEqual([share.allotted, share.received, share.amount_won], [4, 5, 4_000]);
        expect(await act(host, deal, 'handovers', { code: share.code, quantity: 4 }), 200); // he does not want the fifth
        await shareIn(guests[0], deal, 'settled');
        await comesTo(host, before + 4_000);
        await later(5 * clock.HOUR + 3 * clock.DAY + clock.MINUTE, () => dealIn(host, deal, 'done'));
        await comesTo(host, before + 10_000);
    });

    it('D14 who did not come has a no-show and no pick-up in his level; an appeal strikes it', async () => {
        const line = async (person, fact) => expect(await send('GET', `/v1/deal/people/${person.id}/level`), 200).lines.find((l) => l.fact === fact).count;
        const facts = () => Promise.all(['no_show', 'picked_up', 'paid'].map((fact) => line(guests[2], fact)));
        const before = await facts();
        const deal = await openDeal(host, { total_won: 10_000, host_portions: 0, min_portions: 1 });
        await join(guests[2], deal, 10);
        expect(await act(host, deal, 'close'), 200);
        const { id: mine } = await shareIn(guests[2], deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(host) }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        expectProblem(await act(host, deal, `shares/${mine}/no-show`), 409, 'wrong_state');
        await later(5 * clock.HOUR + clock.MINUTE, async () => {
            expectProblem(await act(guests[0], deal, `shares/${mine}/no-show`), 403, 'not_host');
            expect(await act(host, deal, `shares/${mine}/no-show`), 200);
            expect(await act(host, deal, `shares/${mine}/no-show`), 200);
            await until('he is told', async () => (await guests[2].inbox()).items.some((n) => n.kind === 'no_show' && n.deal === deal.id));
            await later(3 * clock.DAY, () => dealIn(host, deal, 'done'));
        });
        assert.deepEqual(await facts(), [before[0] + 1, before[1], before[2] + 1]);
        const { id: appeal } = expect(await guests[2].post('/v1/deal/appeals', { deal: deal.id, kind: 'no_show', text: '제시간에 갔어요' }), 201);
        expect(await admin.post(`/v1/deal/appeals/${appeal}/decision`, { uphold: true, answer: '사진이 있네요' }), 200);
        assert.deepEqual(await facts(), [before[0], before[1], before[2] + 1]);
    });

    it('D14 who leaves on the last day because the terms are new has not left late', async () => {
        const deal = await openDeal(host);
        for (const guest of guests.slice(0, 2)) await join(guest, deal, 1);
        expect(await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { total_won: 29_000 } }), 200);
        expect(await act(guests[0], deal, 'leave'), 200);
        expect(await act(guests[1], deal, 'share/accept', { terms: 2 }), 200);
        expect(await act(guests[1], deal, 'leave'), 200);
        const late = (person) => number(`SELECT COUNT(*) FROM gonggu_deal.fact WHERE user_id = ${id(person.id)} AND deal_id = ${id(deal.id)} AND kind = 2`);
        assert.deepEqual([await late(guests[0]), await late(guests[1])], [0, 1]);
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
