// tests/integration/deal-ends.test.mjs: ends of a deal nobody meant: holds that run out, seats without money at an
// early closing; and what neighbours learn of each other.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, askJoin, dealBody, dealIn, join, openDeal, seeDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { jpegWithPlace } from '../lib/pictures.mjs';
import { start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

describe('ends of deals', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(3, 100_000, '손님');
    });

    it('the host closes early on money that is held, tolerances counted; never on a seat that may still be refused', async () => {
        const deal = await openDeal(host, { min_portions: 4 });
        await join(guests[0], deal, 2);
        await stop('pay-1', 'pay-2');
        try {
            expect(await askJoin(guests[1], deal, 2), 202);
            assert.equal((await seeDeal(host, deal)).taken, 4);
            assert.equal(expectProblem(await act(host, deal, 'close'), 409, 'minimum_not_met').missing, 2);
        } finally {
            await start('pay-1', 'pay-2');
        }
        await shareIn(guests[1], deal, 'held');
        expect(await act(host, deal, 'close'), 200);
        await dealIn(host, deal, 'confirmed');
        const second = await openDeal(host, { min_portions: 4 });
        await join(guests[0], second, 2, 2);
        expect(await act(host, second, 'close'), 200);
        assert.equal((await shareIn(guests[0], second, 'captured')).allotted, 4);
        for (const d of [deal, second]) expect(await act(host, d, 'cancel'), 200);
        await drained();
    });

    it('a deal that stood still past the deadline of its holds ends without money, whichever comes first', async () => {
        const deal = await openDeal(host, { closes_at: clock.fromNow(11 * clock.MINUTE), min_portions: 2 });
        const before = (await guests[0].wallet()).held_won;
        const { max_won } = await join(guests[0], deal, 2);
        assert.equal((await guests[0].wallet()).held_won, before + max_won);
        await stop('deal-1', 'deal-2');
        clock.advance(25 * clock.HOUR);
        try {
            await guests[0].refresh();
            await until('the hold has run out', async () => (await guests[0].wallet()).held_won === before);
            await start('deal-1', 'deal-2');
            await host.refresh();
            await until('the deal has ended', async () => ['failed', 'cancelled'].includes((await seeDeal(host, deal)).state));
            const share = await shareIn(guests[0], deal, 'rejected');
            assert.equal(share.reason, 'no_money');
            const seen = await seeDeal(host, deal);
            assert.deepEqual([seen.reason, seen.taken], ['minimum', 0]);
            assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.due WHERE subject = ${id(deal.id)}`), 0);
            await drained();
        } finally {
            clock.reset();
            await Promise.all([host, ...guests].map((p) => p.refresh()));
        }
    });

    it('who stays sees who is in; why somebody went is told to nobody else', async () => {
        const deal = await openDeal(host, { total_won: 1_000_000 });
        await join(guests[0], deal, 1); // 100,000 won, all he has
        assert.equal((await join(guests[1], deal, 3)).reason, 'no_money');
        const list = async (person) => expect(await person.get(`/v1/deal/deals/${deal.id}/shares`), 200).items;
        assert.deepEqual((await list(guests[0])).map((s) => s.user.nickname), [guests[0].nickname]);
        const all = await list(host);
        assert.deepEqual(all.map((s) => s.state), ['held', 'rejected']);
        assert.ok(all.every((s) => !('reason' in s)));
        const mine = expect(await guests[1].get('/v1/deal/mine?limit=1'), 200).items;
        assert.deepEqual(mine.map((d) => d.id), [deal.id]);
        expect(await act(host, deal, 'cancel'), 200);
        await drained();
    });

    it('what stands behind the end of a picture is cut off, films with their places among it', async () => {
        const film = Buffer.concat([jpegWithPlace('37.556123'), Buffer.from('....ftypmp42....\u00a9xyz+37.556123+126.910456/')]);
        const name = await uploadPhoto(host, film, 'image/jpeg');
        const { bytes, status } = await send('GET', `/v1/deal/photos/${name}`);
        assert.equal(status, 200);
        assert.ok(!bytes.includes('37.556123') && !bytes.includes('ftyp'));
        assert.equal(bytes.subarray(-2).toString('hex'), 'ffd9');
        expectProblem(await host.post('/v1/deal/deals', dealBody('없는 사진.png')), 422, 'unknown_photo');
    });
});
