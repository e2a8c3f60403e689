// tests/integration/market-series.test.mjs: deals that open again by themselves, with those who want the same every time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expect, expectProblem } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { act, join, openDeal, seeDeal, shareIn } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

describe('series', () => {
    let host, guests;
    before(async () => {
        host = await signUp('반복');
        guests = await signUpMany(3, 200_000, '매번');
    });
    after(() => clock.reset());
    const later = async (ms) => {
        clock.advance(ms);
        for (const person of [host, ...guests]) await person.refresh();
    };

    it('D15 the next deal opens by itself at the same hour, like the first, with standing orders seated once', async () => {
        const deal = await openDeal(host, { title: '매일 우유', min_portions: 1, tags: ['우유'] });
        expectProblem(await guests[0].post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY' }), 403, 'not_host');
        expectProblem(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=HOURLY' }), 422, 'invalid', '/rule');
        expectProblem(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY;COUNT=1' }), 422, 'invalid', '/rule');
        expectProblem(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY', zone: 'Mars/Olympus' }), 422, 'invalid', '/zone');
        const series = expect(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY;COUNT=3' }), 201);
        assert.equal(Date.parse(series.next_at) - Date.parse(deal.created_at), clock.DAY, 'Seoul knows no summer time');
        expectProblem(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY' }), 409, 'series_exists');
        const order = (person, quantity) => person.send('PUT', `/v1/deal/series/${series.id}/order`, { json: { quantity } });
        expectProblem(await order(host, 1), 409, 'own_deal');
        expect(await order(guests[0], 3), 204);
        expect(await order(guests[1], 2), 204);
        expect(await order(guests[1], 4), 204);
        expect(await order(guests[2], 5), 204);
        await join(guests[0], deal, 1);
        expect(await act(host, deal, 'cancel'), 200);

        await later(clock.DAY + clock.MINUTE);
        const show = async () => expect(await host.get(`/v1/deal/series/${series.id}`), 200);
        const made = await until('the second deal is open', async () => {
            const s = await show();
            return s.made === 2 && s;
        });
        const next = await seeDeal(host, { id: made.last });
        assert.deepEqual([next.title, next.state, next.total_won, next.tags], [deal.title, 'recruiting', deal.total_won, ['우유']]);
        for (const field of ['closes_at', 'pickup_from', 'pickup_until']) assert.equal(Date.parse(next[field]) - Date.parse(deal[field]), clock.DAY, field);
        assert.equal((await shareIn(guests[0], next, 'held')).quantity, 3);
        assert.equal((await shareIn(guests[1], next, 'held')).quantity, 4, 'the newest wish counts');
        assert.equal((await guests[2].get(`/v1/deal/deals/${next.id}/share`)).status, 404, 'there was no room for five more');
        assert.equal(next.taken, 7);
        expect(await guests[0].send('DELETE', `/v1/deal/series/${series.id}/order`), 204);
        expect(await act(host, next, 'cancel'), 200);

        await later(clock.DAY);
        const third = await until('the third deal is open', async () => {
            const s = await show();
            return s.made === 3 && s;
        });
        assert.equal(third.next_at, undefined, 'three were asked for');
        assert.equal((await guests[0].get(`/v1/deal/deals/${third.last}/share`)).status, 404);
        assert.equal((await shareIn(guests[1], { id: third.last }, 'held')).quantity, 4);
        assert.deepEqual(expect(await host.get('/v1/deal/series'), 200).items.map((s) => s.id), [series.id]);
        expect(await act(host, { id: third.last }, 'cancel'), 200);
    });

    it('a neighbour has a hundred standing orders at most, also when two come together; one that ended makes room', async () => {
        const MOST = 100, all = [];
        while (all.length < MOST + 2) {
            const deals = await Promise.all(Array.from({ length: 17 }, () => openDeal(host, { title: '매주 달걀' })));
            all.push(...(await Promise.all(deals.map((d) => host.post('/v1/deal/series', { deal: d.id, rule: 'FREQ=WEEKLY' })))).map((r) => expect(r, 201).id));
        }
        const order = (series) => guests[2].send('PUT', `/v1/deal/series/${series}/order`, { json: { quantity: 1 } });
        for (const series of all.slice(0, MOST - 1)) expect(await order(series), 204);
        const last = await Promise.all(all.slice(MOST - 1, MOST + 1).map(order));
        assert.deepEqual(last.map((r) => r.status).sort(), [204, 409]);
        expectProblem(last.find((r) => r.status === 409), 409, 'orders_full');
        expect(await order(all[0]), 204); // one that stands can be changed
        expect(await host.send('DELETE', `/v1/deal/series/${all[0]}`), 204);
        expect(await order(all.at(-1)), 204);
        expectProblem(await order(last[0].status === 409 ? all[MOST - 1] : all[MOST]), 409, 'orders_full');
        for (const series of all.slice(1)) expect(await host.send('DELETE', `/v1/deal/series/${series}`), 204); // they shall not open later
    });

    it('an outage leaves out what is past; an ended series opens nothing', async () => {
        const deal = await openDeal(host, { title: '매일 빵' });
        const series = expect(await host.post('/v1/deal/series', { deal: deal.id, rule: 'FREQ=DAILY' }), 201);
        await later(3 * clock.DAY + clock.MINUTE);
        const seen = await until('the clock has caught up', async () => {
            const s = expect(await host.get(`/v1/deal/series/${series.id}`), 200);
            return Date.parse(s.next_at) > clock.now() && s;
        });
        assert.equal(seen.made, 2, 'one for today, none for the days that are gone');
        expectProblem(await guests[0].send('DELETE', `/v1/deal/series/${series.id}`), 403, 'not_host');
        expect(await host.send('DELETE', `/v1/deal/series/${series.id}`), 204);
        expectProblem(await guests[0].send('PUT', `/v1/deal/series/${series.id}/order`, { json: { quantity: 1 } }), 409, 'deal_closed');
        assert.equal(expect(await host.get(`/v1/deal/series/${series.id}`), 200).next_at, undefined);
    });
});
