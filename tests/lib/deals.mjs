// tests/lib/deals.mjs: what hosts and neighbours do with a deal, and how its amounts must come out.
import { expect } from './api.mjs';
import { fromNow, HOUR } from './clock.mjs';
import { png } from './pictures.mjs';
import { until } from './wait.mjs';

/** Uploads a picture; its name. */
export async function uploadPhoto(person, bytes = png([200, 120, 40]), type = 'image/png') {
    return expect(await person.send('PUT', '/v1/deal/photos', { raw: bytes, type }), 201).name;
}

/** Body of a deal: ten portions of a box, in Mangwon, closing in an hour. */
export function dealBody(photo, changes = {}) {
    return {
        title: '감자 10kg 나눠요',
        description: '강원도 햇감자 한 상자를 나눕니다.\n상태 좋아요.',
        category: 'fruit_vegetable',
        unit: '1kg',
        photos: [photo],
        total_won: 30_000,
        portions: 10,
        host_portions: 2,
        min_portions: 4,
        closes_at: fromNow(HOUR),
        ...changes,
        pickup: {
            place: '망원역 2번 출구 앞',
            note: '파란 대문',
            lat: 37.556123,
            lng: 126.910456,
            from: fromNow(3 * HOUR),
            until: fromNow(5 * HOUR),
            ...changes.pickup,
        },
    };
}

export async function openDeal(host, changes = {}) {
    return expect(await host.post('/v1/deal/deals', dealBody(await uploadPhoto(host), changes)), 201);
}

export const seeDeal = async (person, deal) => expect(await person.get(`/v1/deal/deals/${deal.id}`), 200);
export const askJoin = (person, deal, quantity = 1, tolerance = 0, options = {}) =>
    person.post(`/v1/deal/deals/${deal.id}/shares`, { quantity, tolerance }, options);
export const askShare = (person, deal) => person.get(`/v1/deal/deals/${deal.id}/share`);
export const act = (person, deal, what, json) => person.post(`/v1/deal/deals/${deal.id}/${what}`, json);

/** One's own share, once it is in one of these states. */
export function shareIn(person, deal, ...states) {
    return until(`the share of ${person.nickname} is ${states.join(' or ')}`, async () => {
        const share = expect(await askShare(person, deal), 200);
        if (!states.includes(share.state)) throw new Error(`it is ${share.state}`);
        return share;
    });
}

/** Joins and waits for pay's answer; the share, held or rejected. */
export async function join(person, deal, quantity = 1, tolerance = 0) {
    expect(await askJoin(person, deal, quantity, tolerance), 202);
    return shareIn(person, deal, 'held', 'rejected');
}

/** The deal as this person sees it, once it is in this state. */
export function dealIn(person, deal, state) {
    return until(`the deal is ${state}`, async () => {
        const seen = await seeDeal(person, deal);
        if (seen.state !== state) throw new Error(`it is ${seen.state}`);
        return seen;
    });
}

/** Deals near a point, all pages. */
export async function nearby(person, lat, lng, query = '') {
    const items = [];
    for (let cursor = ''; ; ) {
        const page = expect(await person.get(`/v1/deal/deals?lat=${lat}&lng=${lng}&limit=50${query}${cursor}`), 200);
        items.push(...page.items);
        if (!page.next) return items;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
}

// ---- the arithmetic, written a second time ---------------------------------------------------------------------------

/** Extras from tolerances fill what is left, one unit at a time, fewest extras first, earliest joined first. */
export function allot(shares, capacity) {
    const allotted = shares.map((s) => s.quantity);
    let left = capacity - allotted.reduce((a, b) => a + b, 0);
    while (left > 0) {
        const open = shares
            .map((s, i) => ({ i, extras: allotted[i] - s.quantity, room: s.tolerance - (allotted[i] - s.quantity) }))
            .filter((s) => s.room > 0)
            .sort((a, b) => a.extras - b.extras || a.i - b.i);
        if (open.length === 0) break;
        allotted[open[0].i] += 1;
        left -= 1;
    }
    return allotted;
}

/** `total` over the weights by largest remainder; ties go to the earlier one. */
export function split(total, weights) {
    const sum = weights.reduce((a, b) => a + b, 0);
    const parts = weights.map((w, i) => ({ i, won: Math.floor((total * w) / sum), rest: (total * w) % sum }));
    let left = total - parts.reduce((a, p) => a + p.won, 0);
    for (const part of [...parts].sort((a, b) => b.rest - a.rest || a.i - b.i)) {
        if (left-- <= 0) break;
        part.won += 1;
    }
    return parts.map((p) => p.won);
}
