// tests/integration/deal.test.mjs: the rules of a deal where they are hardest to keep: many at once, too late, not yours.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send, told } from '../lib/api.mjs';
import { untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, allot, askJoin, dealIn, join, openDeal, seeDeal, shareIn, split, uploadPhoto } from '../lib/deals.mjs';
import { noticed } from '../lib/money.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { jpegWithPlace, png } from '../lib/pictures.mjs';
import { kill, stack, start, stop, untilReady } from '../lib/stack.mjs';
import { each, until } from '../lib/wait.mjs';

describe('deals', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(20, 100_000, '손님');
    });

    it('D1 never over capacity: twenty join, leave and join again on two instances', async () => {
        const deal = await openDeal(host, { portions: 12, host_portions: 2, min_portions: 1, total_won: 60_000 });
        const codes = new Set();
        let highest = 0;
        const watch = setInterval(async () => {
            const seen = await number(`SELECT taken FROM gonggu_deal.deal WHERE id = ${id(deal.id)}`);
            highest = Math.max(highest, seen);
        }, 100);
        await each(guests, guests.length, async (guest, i) => {
            for (let round = 0; round < 3; round++) {
                const base = stack.instances.deal[(i + round) % 2];
                const reply = await askJoin(guest, deal, 1 + (i % 3), i % 2, { base });
                codes.add(reply.status === 202 ? 'joined' : reply.body.code);
                assert.ok(reply.status === 202 || reply.body.code === 'deal_full', told(reply));
                if (reply.status === 202 && round < 2) expect(await guest.post(`/v1/deal/deals/${deal.id}/leave`, undefined, { base }), 200);
            }
        });
        clearInterval(watch);
        assert.ok(codes.has('joined') && codes.has('deal_full'), `the test has met both outcomes: ${[...codes]}`);
        assert.ok(highest <= 10, `${highest} of 10 were taken at some time`);
        await drained();
        const [[live, taken]] = await query(`SELECT SUM(s.quantity), d.taken FROM gonggu_deal.share s JOIN gonggu_deal.deal d ON d.id = s.deal_id
            WHERE d.id = ${id(deal.id)} AND s.state IN (0, 1) GROUP BY d.taken`);
        assert.equal(live, taken);
        assert.ok(Number(taken) > 0 && Number(taken) <= 10);
    });

    it('D2 D3 tolerances fill the box fairly, and amounts add up to the won', async () => {
        for (const [total, portions, own, asked] of [
            [10_000, 7, 1, [[1, 5], [1, 5], [1, 0]]],
            [99_999, 13, 0, [[3, 2], [1, 9], [2, 2], [1, 1]]],
            [100, 3, 0, [[1, 0], [1, 0], [1, 0]]],
        ]) {
            const deal = await openDeal(host, { total_won: total, portions, host_portions: own, min_portions: 1 });
            for (const [i, [quantity, tolerance]] of asked.entries()) assert.equal((await join(guests[i], deal, quantity, tolerance)).state, 'held');
            expect(await act(host, deal, 'close'), 200);
            const allotted = allot(asked.map(([quantity, tolerance]) => ({ quantity, tolerance })), portions - own);
            const rest = portions - allotted.reduce((a, b) => a + b, 0);
            const amounts = split(total, [...allotted, rest]);
            const shares = await Promise.all(asked.map((_, i) => shareIn(guests[i], deal, 'captured')));
            assert.deepEqual(shares.map((s) => [s.allotted, s.amount_won]), allotted.map((n, i) => [n, amounts[i]]));
            assert.ok(shares.every((s) => s.amount_won <= s.max_won));
            expect(await act(host, deal, 'cancel'), 200);
            for (let i = 0; i < asked.length; i++) assert.equal((await shareIn(guests[i], deal, 'refunded', 'released')).reason, 'host');
        }
    });

    it('one share for each neighbour; the host keeps portions in another way', async () => {
        const deal = await openDeal(host);
        expectProblem(await askJoin(host, deal), 409, 'own_deal');
        assert.equal((await join(guests[0], deal)).state, 'held');
        expectProblem(await askJoin(guests[0], deal), 409, 'already_joined');
        expectProblem(await askJoin(guests[1], deal, 6, 3), 422, 'quantity_over_limit');
        expectProblem(await askJoin(guests[1], deal, 8), 409, 'deal_full');
        const replies = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => askJoin(guests[2], deal, 1, 0, { base: stack.instances.deal[i % 2] })));
        assert.deepEqual(replies.map((r) => r.status).sort(), [202, 409, 409, 409, 409, 409]);
        assert.equal((await seeDeal(host, deal)).taken, 2);
    });

    it('who leaves gets his money free again, the seat is given back, and the room is closed to him', async () => {
        const deal = await openDeal(host);
        const [guest] = guests;
        const before = (await guest.wallet()).held_won;
        const share = await join(guest, deal, 3);
        await untilMember(guest, deal.id);
        assert.equal((await guest.wallet()).held_won, before + share.max_won);
        expect(await act(guest, deal, 'leave'), 200);
        await until('the hold is void', async () => (await guest.wallet()).held_won === before);
        assert.equal((await seeDeal(host, deal)).taken, 0);
        assert.equal((await seeDeal(guest, deal)).pickup, undefined, 'the place is hidden again');
        await until('he is out of the room', async () => (await guest.post(`/v1/chat/rooms/${deal.id}/messages`, { cid: deal.id, text: 'x' })).status === 404);
        expectProblem(await act(guest, deal, 'leave'), 404, 'not_joined');
        await noticed(host, deal, 'joined', 'left');
        assert.equal((await join(guest, deal, 1)).state, 'held', 'he may come again');
    });

    it('closing early needs the minimum; only the host may', async () => {
        const deal = await openDeal(host, { min_portions: 3 });
        await join(guests[0], deal, 2);
        const problem = expectProblem(await act(host, deal, 'close'), 409, 'minimum_not_met');
        assert.equal(problem.missing, 1);
        await join(guests[1], deal, 1);
        expectProblem(await act(guests[0], deal, 'close'), 403, 'not_host');
        expect(await act(host, deal, 'close'), 200);
        await dealIn(host, deal, 'confirmed');
        expectProblem(await act(host, deal, 'close'), 409, 'wrong_state');
        for (const step of ['arrive']) expectProblem(await act(host, deal, step), 409, 'wrong_state');
        for (const guest of guests.slice(0, 2)) await shareIn(guest, deal, 'captured');
        const receipt = await uploadPhoto(host);
        expectProblem(await act(host, deal, 'purchase', { total_won: 30_001, receipt }), 422, 'receipt_too_high');
        const foreign = await uploadPhoto(guests[0], png([1, 99, 200]));
        expectProblem(await act(host, deal, 'purchase', { total_won: 30_000, receipt: foreign }), 422, 'unknown_photo');
        expect(await act(host, deal, 'purchase', { total_won: 30_000, receipt }), 200);
        expectProblem(await act(host, deal, 'cancel'), 409, 'wrong_state');
        expectProblem(await act(host, deal, 'handovers', { code: '000000' }), 409, 'wrong_state');
    });

    it('hand-over codes cannot be guessed: wrong ones are counted', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guests[3], deal, 1);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guests[3], deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 30_000, receipt: await uploadPhoto(host) }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        const { code } = await shareIn(guests[3], deal, 'captured');
        const wrong = (i) => String((Number(code) + 1 + i) % 1e6).padStart(6, '0');
        let refused = 0;
        for (; refused < 50; refused++) {
            const reply = await act(host, deal, 'handovers', { code: wrong(refused) });
            if (reply.status === 429) break;
            expectProblem(reply, 422, 'bad_handover_code');
        }
        assert.ok(refused > 0 && refused < 50, `${refused} guesses were allowed`);
        expectProblem(await act(host, deal, 'handovers', { code }), 429, 'handover_tries');
        clock.advance(11 * clock.MINUTE);
        try {
            await host.refresh();
            expect(await act(host, deal, 'handovers', { code }), 200);
            await dealIn(host, deal, 'done');
        } finally {
            clock.reset();
            await host.refresh();
        }
    });

    it('D4 the write path keeps the deadline itself; the outcome comes once though the service was down across it', async () => {
        const deal = await openDeal(host, { closes_at: clock.fromNow(11 * clock.MINUTE), min_portions: 2 });
        assert.equal((await join(guests[0], deal, 2)).state, 'held');
        await stop('deal-1', 'deal-2');
        clock.advance(3 * clock.HOUR);
        try {
            await start('deal-1', 'deal-2');
            await Promise.all([host, ...guests.slice(0, 2)].map((p) => p.refresh()));
            const late = await askJoin(guests[1], deal);
            expectProblem(late, 409, 'deal_closed');
            await dealIn(host, deal, 'confirmed');
            await shareIn(guests[0], deal, 'captured');
            await drained();
            assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type IN ('deal.confirmed.v1', 'deal.failed.v1')`), 1);
        } finally {
            clock.reset();
            await Promise.all([host, ...guests].map((p) => p.refresh()));
        }
    });

    it('D6 a reservation without an answer lapses: the seat returns; the late hold is voided', async () => {
        const deal = await openDeal(host);
        const [guest] = guests;
        const before = (await guest.wallet()).held_won;
        await stop('pay-1', 'pay-2');
        try {
            expect(await askJoin(guest, deal, 4), 202);
            assert.equal((await seeDeal(host, deal)).taken, 4, 'the seat is kept meanwhile');
            clock.advance(3 * clock.MINUTE);
            const share = await shareIn(guest, deal, 'rejected');
            assert.equal(share.reason, 'no_answer');
            assert.equal((await seeDeal(host, deal)).taken, 0);
        } finally {
            await start('pay-1', 'pay-2');
            clock.reset();
        }
        await drained();
        assert.equal((await guest.wallet()).held_won, before);
        const [[state]] = await query(`SELECT h.state FROM gonggu_pay.hold h WHERE h.deal_id = ${id(deal.id)}`);
        assert.equal(state, 'voided');
        await noticed(guest, deal, 'refused');
        assert.equal((await join(guest, deal, 4)).state, 'held', 'he may try again');
    });

    it('three days after the window money finds its way by itself', async () => {
        const deal = await openDeal(host, { min_portions: 1, closes_at: clock.fromNow(11 * clock.MINUTE), pickup: { from: clock.fromNow(clock.HOUR), until: clock.fromNow(2 * clock.HOUR) } });
        await join(guests[4], deal, 2);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guests[4], deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 29_000, receipt: await uploadPhoto(host) }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        const before = (await host.wallet()).posted_won;
        clock.advance(2 * clock.HOUR + 3 * clock.DAY + clock.MINUTE);
        try {
            await Promise.all([host, guests[4]].map((p) => p.refresh()));
            await dealIn(host, deal, 'done');
            assert.equal((await host.wallet()).posted_won, before + split(29_000, [2, 8])[0]);
            await drained();
        } finally {
            clock.reset();
            await Promise.all([host, ...guests].map((p) => p.refresh()));
        }
    });

    it('lists: by distance and by age, pages without holes, filters', async () => {
        const lat = 33 + Math.random() / 2, lng = 126 + Math.random() / 2;
        const made = [];
        for (let i = 0; i < 5; i++)
            made.push(await openDeal(host, { title: i % 2 ? `귤 ${i}상자` : `쌀 ${i}포대`, category: i % 2 ? 'fruit_vegetable' : 'grain', pickup: { lat: +(lat + i * 0.006).toFixed(6), lng: +lng.toFixed(6) } }));
        const near = `lat=${lat.toFixed(6)}&lng=${lng.toFixed(6)}&radius_m=8000`;
        const seen = [];
        for (let cursor = ''; ; ) {
            const page = expect(await send('GET', `/v1/deal/deals?${near}&limit=2${cursor}`), 200);
            assert.ok(page.items.length <= 2);
            seen.push(...page.items);
            if (!page.next) break;
            cursor = `&cursor=${encodeURIComponent(page.next)}`;
        }
        assert.deepEqual(seen.map((d) => d.id), made.map((d) => d.id));
        const found = async (more) => expect(await send('GET', `/v1/deal/deals?${near}${more}`), 200).items.map((d) => d.id);
        assert.deepEqual(await found('&category=grain'), [0, 2, 4].map((i) => made[i].id));
        assert.deepEqual(await found(`&text=${encodeURIComponent('귤')}`), [1, 3].map((i) => made[i].id));
        assert.deepEqual(await found(`&text=${encodeURIComponent('%')}`), [], 'a % is a % ');
        assert.deepEqual(await found('&state=done'), []);
        const mine = expect(await host.get('/v1/deal/mine?limit=5'), 200);
        assert.deepEqual(mine.items.map((d) => d.id), made.map((d) => d.id).reverse());
        const newest = expect(await send('GET', '/v1/deal/deals?limit=5'), 200);
        assert.deepEqual(newest.items.map((d) => d.id), made.map((d) => d.id).reverse());
    });

    it('D11 a thousand questions do not find the place better than its cell', async () => {
        const exact = { lat: 34.123456, lng: 127.654321 };
        const deal = await openDeal(host, { pickup: exact });
        const answers = new Map();
        await each(Array.from({ length: 1000 }), 8, async (_, i) => {
            const guest = guests[i % guests.length];
            const lat = exact.lat + (Math.random() - 0.5) / 50, lng = exact.lng + (Math.random() - 0.5) / 50;
            const reply = await guest.get(`/v1/deal/deals?lat=${lat.toFixed(6)}&lng=${lng.toFixed(6)}&radius_m=${300 + Math.floor(Math.random() * 3000)}&limit=100`);
            const mine = expect(reply, 200).items.find((d) => d.id === deal.id);
            if (!mine) return;
            assert.ok(!/34\.12345|127\.65432/.test(reply.text), reply.text);
            answers.set(`${mine.cell_lat} ${mine.cell_lng}`, mine);
            // The distance is that from the point, to the thousandth of a degree, to the cell: circles around it meet at the cell and
            // not at the door.
            const rad = Math.PI / 180, [fromLat, fromLng] = [lat.toFixed(6), lng.toFixed(6)].map((v) => Math.round(Number(v) * 1000) / 1000);
            const flat = Math.hypot((mine.cell_lat - fromLat) * 111_195, (mine.cell_lng - fromLng) * 111_195 * Math.cos(lat * rad));
            assert.ok(Math.abs(flat - mine.distance_m) < 10, `${mine.distance_m} is not ${flat}`);
        });
        assert.equal(answers.size, 1, 'always the same cell');
        const [cell] = answers.values();
        assert.ok(Math.abs(cell.cell_lat - exact.lat) <= 0.0025 && Math.abs(cell.cell_lng - exact.lng) <= 0.0025);
    });

    it('photos: what they are counts, not what they say; where they were taken is cut out; they are kept by browsers', async () => {
        const picture = jpegWithPlace('37.556123 126.910456');
        assert.ok(picture.includes('37.556123'));
        const named = expect(await host.send('PUT', '/v1/deal/photos', { raw: picture, type: 'image/png' }), 201);
        const served = await send('GET', named.url);
        assert.equal(served.status, 200);
        assert.equal(served.headers.get('content-type'), 'image/jpeg');
        assert.match(served.headers.get('cache-control'), /immutable/);
        assert.equal(served.headers.get('x-content-type-options'), 'nosniff');
        assert.ok(!served.bytes.includes('37.556123') && !served.bytes.includes('Exif'), 'the place is still in the picture');
        const noted = expect(await host.send('PUT', '/v1/deal/photos', { raw: png([5, 6, 7], ['GPS\0secret place']), type: 'image/png' }), 201);
        assert.ok(!(await send('GET', noted.url)).bytes.includes('secret place'));
        for (const base of stack.instances.deal) assert.equal((await send('GET', named.url, { base })).status, 200, 'every instance has it');
    });

    it('who takes part sees who else does, never their codes', async () => {
        const deal = await openDeal(host);
        await join(guests[0], deal, 1);
        await join(guests[1], deal, 2, 1);
        for (const person of [host, guests[0]]) {
            const { items } = expect(await person.get(`/v1/deal/deals/${deal.id}/shares`), 200);
            assert.deepEqual(items.map((s) => [s.user.nickname, s.quantity]), [[guests[0].nickname, 1], [guests[1].nickname, 2]]);
            assert.ok(items.every((s) => !('code' in s)));
        }
        expectProblem(await guests[2].get(`/v1/deal/deals/${deal.id}/shares`), 403, 'forbidden');
    });

    it('a deal that is cancelled while its instance dies is cancelled once', async () => {
        const deal = await openDeal(host);
        await join(guests[5], deal, 1);
        const [reply] = await Promise.all([act(host, deal, 'cancel'), kill('deal-1')]);
        assert.ok(reply.status === 200 || reply.status >= 500, told(reply));
        if (reply.status !== 200) {
            const again = await act(host, deal, 'cancel');
            assert.ok([200, 409].includes(again.status), told(again));
        }
        await dealIn(host, deal, 'cancelled');
        await untilReady('deal-1');
        assert.equal((await shareIn(guests[5], deal, 'released')).reason, 'host');
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
