// tests/integration/market-find.test.mjs: finding deals: around a point, by words, filters, orders, on the map.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import { fromNow, HOUR, MINUTE } from '../lib/clock.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { each } from '../lib/wait.mjs';

// Somewhere nobody else opens deals, another place in every run.
const LAT = 33 + randomInt(2000) / 1000, LNG = 127 + randomInt(4000) / 1000;
const CELL = 0.005;
const spot = (rows, columns) => ({ lat: Number((LAT + rows * CELL).toFixed(6)), lng: Number((LNG + columns * CELL).toFixed(6)) });

async function find(query, { all = true, person } = {}) {
    const items = [];
    for (let cursor = ''; ; ) {
        const path = `/v1/deal/deals?${new URLSearchParams(query)}${cursor}`;
        const page = expect(await (person ? person.get(path) : send('GET', path)), 200);
        items.push(...page.items);
        if (!page.next || !all) return items;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
}
const here = (radius_m = 3000) => ({ lat: LAT.toFixed(6), lng: LNG.toFixed(6), radius_m });
const titles = (items) => items.map((d) => d.title).sort();

describe('finding', () => {
    let host, guest;
    const opened = {};
    const open = async (name, changes) => {
        opened[name] = await openDeal(host, { ...changes, pickup: { ...spot(0, 0), ...changes.pickup } });
        return opened[name];
    };
    before(async () => {
        host = await signUp('찾기');
        guest = await signUp('손님', 100_000);
        await open('potato', { title: '강원도햇감자 10kg', tags: ['제철', '산지직송'], unit: '1kg', total_won: 30_000 });
        await open('sweet', { title: '해남 꿀고구마', tags: ['제철'], unit: '500g', total_won: 20_000, closes_at: fromNow(30 * MINUTE), pickup: spot(1, 0) });
        await open('oil', { title: 'Kirkland Olive Oil', category: 'kitchen', unit: '1L', total_won: 50_000, pickup: spot(0, 2) });
        await open('paper', { title: '롤 화장지 30롤', category: 'household', unit: '3롤', total_won: 9_000, pickup: spot(8, 0) });
    });

    it('near me: within the radius and no further, nearest first, with the distance to the cell', async () => {
        const near = await find(here(1500));
        assert.deepEqual(near.map((d) => d.title), ['강원도햇감자 10kg', '해남 꿀고구마', 'Kirkland Olive Oil']);
        assert.ok(near.every((d, i) => i === 0 || d.distance_m >= near[i - 1].distance_m));
        assert.deepEqual(titles(await find(here(10_000))), titles(Object.values(opened)));
        expectProblem(await send('GET', '/v1/deal/deals?lat=33'), 422, 'invalid', '?lng');
        expectProblem(await send('GET', '/v1/deal/deals?sort=near'), 422, 'invalid', '?lat');
        expectProblem(await send('GET', '/v1/deal/deals?sort=price'), 422, 'invalid', '?measure');
    });

    it('Korean by any two syllables, English by beginnings, tags as a whole, everything together', async () => {
        const by = async (query) => titles(await find({ ...here(10_000), ...query }));
        assert.deepEqual(await by({ text: '감자' }), ['강원도햇감자 10kg']);
        assert.deepEqual(await by({ text: '원도 kg' }), ['강원도햇감자 10kg']);
        assert.deepEqual(await by({ text: '고구' }), ['해남 꿀고구마']);
        assert.deepEqual(await by({ text: 'oli KIRK' }), ['Kirkland Olive Oil']);
        assert.deepEqual(await by({ text: 'live' }), []);
        assert.deepEqual(await by({ text: '직송' }), ['강원도햇감자 10kg'], 'the words of a tag');
        assert.deepEqual(await by({ tag: '제철' }), ['강원도햇감자 10kg', '해남 꿀고구마']);
        assert.deepEqual(await by({ tag: '제' }), []);
        assert.deepEqual(await by({ tag: '제철', text: '해남' }), ['해남 꿀고구마']);
        assert.deepEqual(await by({ category: 'household' }), ['롤 화장지 30롤']);
        assert.deepEqual(await by({ measure: 'g', most_unit_won: 350 }), ['강원도햇감자 10kg']);
        assert.deepEqual(await by({ most_portion_won: 1000 }), ['롤 화장지 30롤']);
        assert.deepEqual(await by({ closes_within_minutes: 40 }), ['해남 꿀고구마']);
        assert.deepEqual(await by({ category: 'household', tag: '제철' }), []);
        const everywhere = await find({ text: '해남 꿀고구마', sort: 'new', limit: 5 }, { all: false });
        assert.ok(everywhere.some((d) => d.id === opened.sweet.id), 'without a place too');
        assert.deepEqual(opened.potato.tags, ['제철', '산지직송']);
    });

    it('orders: closing soon, fewest left, newest, most saved, cheapest', async () => {
        const order = async (sort, query = {}) => (await find({ ...here(10_000), sort, ...query })).map((d) => d.title);
        assert.equal((await order('closing'))[0], '해남 꿀고구마');
        assert.deepEqual(await order('new'), ['롤 화장지 30롤', 'Kirkland Olive Oil', '해남 꿀고구마', '강원도햇감자 10kg']);
        assert.deepEqual(await order('price', { measure: 'g' }), ['강원도햇감자 10kg', '해남 꿀고구마']);
        await join(guest, opened.oil, 3);
        assert.equal((await order('left'))[0], 'Kirkland Olive Oil', 'the listing follows the joins');
        expect(await guest.send('PUT', `/v1/deal/deals/${opened.paper.id}/bookmark`), 204);
        assert.equal((await order('saved'))[0], '롤 화장지 30롤');
    });

    it('D12 cursors neither skip nor repeat while others open deals', async () => {
        const spots = Array.from({ length: 40 }, () => spot(randomInt(7) - 3, randomInt(7) - 3));
        const photo = opened.potato.photos[0].split('/').pop();
        const open = (i) => openDeal(host, { title: `페이지 ${i}`, photos: [photo], pickup: spots[i % 40] });
        const before = await each(Array.from({ length: 40 }, (_, i) => i), 4, open);
        for (const query of [{ ...here(2500), limit: 3 }, { ...here(2500), sort: 'new', limit: 4 }, { ...here(2500), sort: 'closing', limit: 7 }, { ...here(2500), text: '페이', limit: 5 }, { ...here(2500), sort: 'price', measure: 'g', limit: 6 }]) {
            const seen = [];
            let opening = 100;
            for (let cursor = ''; ; ) {
                const page = expect(await send('GET', `/v1/deal/deals?${new URLSearchParams(query)}${cursor}`), 200);
                seen.push(...page.items.map((d) => d.id));
                assert.ok(page.items.length <= query.limit);
                if (!page.next) break;
                cursor = `&cursor=${encodeURIComponent(page.next)}`;
                if (opening < 104) await open(opening++);
            }
            assert.equal(new Set(seen).size, seen.length, `${JSON.stringify(query)}: a deal came twice`);
            const within = new Set((await find({ ...query, limit: 100 })).map((d) => d.id));
            const missed = before.filter((d) => within.has(d.id) && !seen.includes(d.id));
            assert.deepEqual(missed, [], `${JSON.stringify(query)}: deals were skipped`);
        }
    });

    it('the map counts the deals of each patch; what stops recruiting leaves it', async () => {
        const box = (r) => ({ south: (LAT - r).toFixed(6), north: (LAT + r).toFixed(6), west: (LNG - r).toFixed(6), east: (LNG + r).toFixed(6) });
        const map = async (r) => expect(await send('GET', `/v1/deal/map?${new URLSearchParams(box(r))}`), 200);
        const count = (m) => m.items.reduce((sum, c) => sum + c.deals, 0);
        const fine = await map(0.06), coarse = await map(0.9);
        assert.equal(fine.step, 0.005);
        assert.ok(coarse.step > 0.005 && count(coarse) >= count(fine));
        assert.equal(count(fine), (await find({ ...here(15_000), limit: 100 })).filter((d) => Math.abs(d.cell_lat - LAT) < 0.06 && Math.abs(d.cell_lng - LNG) < 0.06).length);
        expect(await act(host, opened.paper, 'cancel'), 200);
        assert.equal(count(await map(0.06)), count(fine) - 1);
        assert.ok(!(await find(here(10_000))).some((d) => d.id === opened.paper.id));
        assert.ok((await find({ ...here(10_000), state: 'cancelled' })).some((d) => d.id === opened.paper.id));
        expectProblem(await send('GET', '/v1/deal/map?south=1&north=9&west=1&east=2'), 422, 'invalid', '?north');
        expectProblem(await send('GET', '/v1/deal/map?south=1&north=2&west=2&east=2'), 422, 'invalid', '?east');
    });

    it('D11 the exact place is not found out by asking: answers depend on the cell alone', async () => {
        const a = await openDeal(host, { title: '비밀장소 하나', pickup: { lat: 37.001, lng: 127.501 } });
        const b = await openDeal(host, { title: '비밀장소 둘째', pickup: { lat: 37.0041, lng: 127.5042 } });
        for (let i = 0; i < 1000; i += 25) {
            const answers = await each(Array.from({ length: 25 }), 5, async () => {
                const query = { lat: (37 + (Math.random() - 0.5) * 0.05).toFixed(6), lng: (127.5 + (Math.random() - 0.5) * 0.05).toFixed(6), radius_m: 100 + randomInt(3000), text: '비밀장소' };
                const seen = await find(query);
                return [seen.find((d) => d.id === a.id)?.distance_m, seen.find((d) => d.id === b.id)?.distance_m];
            });
            for (const [x, y] of answers) assert.equal(x, y, 'two places in one cell are told apart');
        }
        for (const deal of [a, b]) expect(await act(host, deal, 'cancel'), 200);
    });
});
