// tests/integration/deal-cache.test.mjs: pages and lists from what an instance keeps: loaded once however many ask, told
// of every change, also by the other instance, and never what somebody joins by.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import { id, query } from '../lib/db.mjs';
import { act, askJoin, join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const [ONE, TWO] = stack.instances.deal;
const LAT = (33 + randomInt(2000) / 1000).toFixed(3), LNG = (127 + randomInt(4000) / 1000).toFixed(3);
const page = (deal, base = ONE, headers = {}) => send('GET', `/v1/deal/deals/${deal.id}`, { base, headers });
const list = (base = ONE, more = {}) => send('GET', `/v1/deal/deals?${new URLSearchParams({ lat: LAT, lng: LNG, radius_m: 1000, ...more })}`, { base });

/** How often an instance loaded, gave away and let wait: {load, hit, wait}. */
async function asked(of, base = ONE) {
    const { text } = await send('GET', '/metrics', { base });
    return Object.fromEntries(['load', 'hit', 'wait'].map((how) => [how, Number(new RegExp(`gonggu_cache_asked_total{of="${of}",how="${how}"} (\\d+)`).exec(text)?.[1] ?? 0)]));
}
const since = (now, then) => Object.fromEntries(Object.keys(now).map((k) => [k, now[k] - then[k]]));

describe('what is kept of deals', () => {
    let host, guest, deal;
    const open = (changes = {}) => openDeal(host, { ...changes, pickup: { lat: Number(LAT), lng: Number(LNG), ...changes.pickup } });
    before(async () => {
        host = await signUp('주인');
        guest = await signUp('손님', 500_000);
        deal = await open();
    });

    it('single flight: hundreds who ask for one page at once make the database read it once', async () => {
        for (let round = 0; round < 2; round++) {
            const fresh = await open({ title: `한꺼번에 ${round}` });
            const then = await asked('deal_page');
            const replies = await Promise.all(Array.from({ length: 200 }, () => page(fresh)));
            assert.ok(replies.every((r) => r.status === 200 && r.text === replies[0].text));
            const { load, hit, wait } = since(await asked('deal_page'), then);
            assert.equal(load + hit + wait, 200);
            // A busy machine may take so long that what was kept grows old meanwhile; then it is read once again.
            assert.ok(load <= 3, `${load} loads`);
        }
        const then = await asked('deal_list');
        const replies = await Promise.all(Array.from({ length: 200 }, () => list()));
        assert.ok(replies.every((r) => r.status === 200));
        const { load } = since(await asked('deal_list'), then);
        assert.ok(load >= 1 && load <= 6, `${load} loads`);
    });

    it('ETag and 304: what has not changed is not sent again', async () => {
        const first = await page(deal), etag = first.headers.get('etag');
        assert.match(etag, /^"[0-9a-f]{16}"$/);
        assert.equal(first.headers.get('cache-control'), 'no-cache');
        assert.equal(first.headers.get('vary'), 'Authorization');
        const again = await page(deal, TWO, { 'if-none-match': etag });
        assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
        await join(guest, deal, 1);
        const changed = await page(deal, ONE, { 'if-none-match': etag });
        assert.equal(expect(changed, 200).taken, 1);
        const lists = await list();
        assert.equal((await send('GET', `/v1/deal/deals?lat=${LAT}&lng=${LNG}&radius_m=1000`, { base: ONE, headers: { 'if-none-match': lists.headers.get('etag') } })).status, 304);
    });

    it('a change drops what every instance keeps, before it has grown old', async () => {
        const dropped = async () => Number(/gonggu_cache_dropped_total{of="deal_page"} (\d+)/.exec((await send('GET', '/metrics', { base: TWO })).text)?.[1] ?? 0);
        const then = await dropped();
        for (let i = 0; i < 5; i++) {
            for (const base of [ONE, TWO]) await Promise.all([page(deal, base), list(base)]);
            const title = `새 이름 ${i}`;
            expect(await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { base: ONE, json: { title } }), 200);
            assert.equal(expect(await page(deal, ONE), 200).title, title, 'here at once');
            assert.ok(expect(await list(ONE), 200).items.some((d) => d.title === title), 'in lists too');
            await until('the other instance has heard of it', async () => {
                const [seen, found] = [expect(await page(deal, TWO), 200), expect(await list(TWO), 200)];
                return seen.title === title && found.items.some((d) => d.title === title);
            });
        }
        assert.ok((await dropped()) > then, 'all five had grown old before the other instance heard of the change');
    });

    it('the share page is printed once for all, and anew after every change', async () => {
        const fresh = await open({ title: '나눠 보는 공구' });
        const share = (base = ONE, headers = {}) => send('GET', `/v1/deal/deals/${fresh.id}/share-page`, { base, headers });
        const then = await asked('deal_share_page');
        const replies = await Promise.all(Array.from({ length: 200 }, () => share()));
        assert.ok(replies.every((r) => r.status === 200 && r.text === replies[0].text));
        const { load, hit, wait } = since(await asked('deal_share_page'), then);
        assert.equal(load + hit + wait, 200);
        assert.ok(load <= 3, `${load} loads`);
        const etag = replies[0].headers.get('etag');
        assert.equal((await share(TWO, { 'if-none-match': etag })).status, 304);
        await join(guest, fresh, 1);
        await until('the seat is gone from it', async () => (await share(ONE, { 'if-none-match': etag })).text.includes('7몫 남았어요'));
        expect(await host.send('PATCH', `/v1/deal/deals/${fresh.id}`, { base: TWO, json: { title: '이름을 바꿨어요' } }), 200);
        assert.match((await share(TWO)).text, /og:title" content="이름을 바꿨어요"/);
        await until('the other instance has heard of it', async () => (await share(ONE)).text.includes('이름을 바꿨어요'));
    });

    it('a map is counted once for all who see the same cells, and anew when a deal enters, leaves or moves', async () => {
        const plus = (degrees, more) => Number((Number(degrees) + more).toFixed(6));
        const at = { lat: plus(LAT, 1.5), lng: plus(LNG, 1.5) }, r = 0.02;
        const box = (shift = 0) => new URLSearchParams({ south: (at.lat - r + shift).toFixed(6), north: (at.lat + r + shift).toFixed(6), west: (at.lng - r).toFixed(6), east: (at.lng + r).toFixed(6) });
        const map = (base = ONE, shift = 0) => send('GET', `/v1/deal/map?${box(shift)}`, { base });
        const count = async (base, shift) => expect(await map(base, shift), 200).items.reduce((sum, c) => sum + c.deals, 0);
        const then = await asked('deal_map');
        const replies = await Promise.all(Array.from({ length: 200 }, () => map()));
        assert.ok(replies.every((r) => r.status === 200 && r.text === replies[0].text));
        const { load, hit, wait } = since(await asked('deal_map'), then);
        assert.equal(load + hit + wait, 200);
        assert.ok(load <= 6, `${load} loads`);
        const before = await count(ONE);
        await count(TWO);
        const there = await openDeal(host, { title: '지도에', pickup: at });
        await until('it has entered everywhere', async () => (await count(ONE)) === before + 1 && (await count(TWO)) === before + 1);
        const shift = 0.2, away = await count(ONE, shift);
        expect(await host.send('PATCH', `/v1/deal/deals/${there.id}`, { base: ONE, json: { pickup: { ...there.pickup, lat: plus(at.lat, shift) } } }), 200);
        assert.deepEqual([await count(ONE), await count(ONE, shift)], [before, away + 1], 'it has moved');
        expect(await act(host, there, 'cancel'), 200);
        await until('gone everywhere', async () => (await count(ONE, shift)) === away && (await count(TWO, shift)) === away);
    });

    it('nobody joins by old terms: the signed-in read the deal itself, and a join names what it saw', async () => {
        const dear = await open({ title: '값이 바뀌는 공구' });
        for (const base of [ONE, TWO]) await page(dear, base);
        const seen = expect(await page(dear, TWO), 200);
        expect(await host.send('PATCH', `/v1/deal/deals/${dear.id}`, { base: ONE, json: { total_won: 60_000 } }), 200);
        const own = expect(await guest.send('GET', `/v1/deal/deals/${dear.id}`, { base: TWO }), 200);
        assert.deepEqual([own.total_won, own.terms], [60_000, seen.terms + 1]);
        const refused = await guest.post(`/v1/deal/deals/${dear.id}/shares`, { quantity: 1, terms: seen.terms });
        expectProblem(refused, 409, 'terms_changed');
        assert.equal(refused.body.total_won, 60_000);
        expect(await askJoin(guest, dear, 1), 202);
    });

    it('joins that are decided together keep each its own trace', async () => {
        const hot = await open({ title: '함께 결정' });
        const traces = await Promise.all([host, guest].map(async (person, i) => {
            const traceparent = `00-${String(i + 1).repeat(32)}-${'a'.repeat(16)}-01`;
            await person.post(`/v1/deal/deals/${hot.id}/shares`, { quantity: 1 }, { base: ONE, headers: { traceparent } });
            return traceparent;
        }));
        const kept = await query(`SELECT traceparent FROM gonggu_deal.outbox WHERE aggregate = ${id(hot.id)} AND type = 'deal.share.reserved.v1'`);
        assert.deepEqual(kept, [[traces[1]]], 'the host cannot join; the guest keeps his');
    });

    it('lists of neighbours are their own: saved, mine, and without whom they keep apart from', async () => {
        const other = await open({ title: '저장할 공구' });
        expect(await guest.send('PUT', `/v1/deal/deals/${other.id}/bookmark`), 204);
        await list(ONE);
        const of = async (person) => expect(await person.send('GET', `/v1/deal/deals?lat=${LAT}&lng=${LNG}&radius_m=1000`, { base: ONE }), 200).items.find((d) => d.id === other.id);
        const [mine, theirs] = [await of(host), await of(guest)];
        assert.deepEqual([mine.mine, mine.market.saved ?? false, mine.pickup?.place], [true, false, '망원역 2번 출구 앞']);
        assert.deepEqual([theirs.mine ?? false, theirs.market.saved, theirs.pickup], [false, true, undefined]);
        const nobody = expect(await list(ONE), 200).items.find((d) => d.id === other.id);
        assert.deepEqual([nobody.mine ?? false, nobody.market.saved ?? false, nobody.pickup], [false, false, undefined]);
        assert.equal(nobody.market.saves, 1);
    });

    it('deals past recruiting are found by the same filters, orders and cursors', async () => {
        const ended = [];
        for (let i = 0; i < 7; i++) {
            const d = await open({ title: `지나간 사과 ${i}`, tags: i % 2 ? ['홀수'] : ['짝수'], total_won: 10_000 * (i + 1), unit: '1kg', category: i < 5 ? 'fruit_vegetable' : 'other' });
            expect(await act(host, d, 'cancel'), 200);
            ended.push(d);
        }
        const find = async (more) => expect(await list(ONE, { state: 'cancelled', limit: 100, ...more }), 200).items.map((d) => Number(d.title.split(' ').at(-1)));
        assert.deepEqual((await find({})).length, 7);
        assert.deepEqual(await find({ sort: 'new' }), [6, 5, 4, 3, 2, 1, 0]);
        assert.deepEqual(await find({ sort: 'price', measure: 'g' }), [0, 1, 2, 3, 4, 5, 6]);
        assert.deepEqual(await find({ sort: 'new', tag: '홀수' }), [5, 3, 1]);
        assert.deepEqual(await find({ sort: 'new', text: '사과' , category: 'other' }), [6, 5]);
        assert.deepEqual(await find({ sort: 'new', measure: 'g', most_unit_won: 300 }), [2, 1, 0]);
        for (const sort of ['new', 'near', 'closing', 'left', 'saved', 'price']) {
            const seen = [];
            for (let cursor; ; ) {
                const got = expect(await list(ONE, { state: 'cancelled', sort, limit: 2, ...(sort === 'price' && { measure: 'g' }), ...(cursor && { cursor }) }), 200);
                seen.push(...got.items.map((d) => d.id));
                if (!(cursor = got.next)) break;
            }
            assert.deepEqual([...seen].sort(), ended.map((d) => d.id).sort(), sort);
        }
        assert.ok(!expect(await list(ONE, { limit: 100 }), 200).items.some((d) => d.title.startsWith('지나간')));
    });
});
