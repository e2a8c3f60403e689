import { describe, expect, it } from 'vitest';
import type { Deal } from '@/api/gen';
import { dayOf, ics, monthAfter, weeks } from './calendar';
import { filtersOn, isIn, missing, mostWon, offered, readFilters, saving, step, writeFilters } from './deal';
import { newDraft, stepDone, toCreate } from './draft';

const deal = (changes: Partial<Deal> = {}): Deal => ({
    id: '0190a1b2-0000-7000-8000-000000000001', version: 1, state: 'recruiting', host: { id: 'h' }, title: '감귤, 10kg; 나눠요', category: 'fruit_vegetable', unit: '1kg', photos: [],
    shape: 'lot', total_won: 30_000, portions: 10, host_portions: 2, min_portions: 4, taken: 3, left: 5, portion_won: 3000, closes_at: '2026-11-22T09:00:00Z', created_at: '2026-11-21T09:00:00Z',
    cell_lat: 37.5, cell_lng: 127, pickup_from: '2026-11-23T09:00:00Z', pickup_until: '2026-11-23T11:00:00Z', ...changes,
});

describe('a deal', () => {
    it('says what is offered, what is missing and what it costs', () => {
        expect([offered(deal()), offered(deal({ max_portions: 6 })), missing(deal()), missing(deal({ taken: 7 }))]).toEqual([8, 6, 1, 0]);
        expect(mostWon(deal(), 2, 3)).toBe(15_000);
        expect(saving(deal())).toEqual({ alone: 30_000, together: 3000, saved: 27_000 });
        expect(saving(deal({ box_won: 9000 })).alone).toBe(9000);
    });
    it('knows its step, and who is in', () => {
        expect((['recruiting', 'closing', 'confirmed', 'purchased', 'arrived', 'done'] as const).map((state) => step(deal({ state })))).toEqual([0, 0, 1, 2, 2, 3]);
        expect(isIn(undefined)).toBe(false);
        expect(isIn({ state: 'held' } as never)).toBe(true);
        expect(isIn({ state: 'released' } as never)).toBe(false);
    });
});

describe('filters in the address', () => {
    it('come back as they went', () => {
        const filters = { radius_m: 5000, sort: 'closing', category: 'grain', most_portion_won: 5000, closes_within_minutes: 1440, least_left: 2, text: '쌀' } as const;
        expect(readFilters(writeFilters(filters))).toEqual(filters);
        expect(filtersOn(filters)).toBe(5);
        expect(writeFilters(readFilters({}))).toEqual({});
    });
    it('take nothing that is not a filter', () => {
        expect(readFilters({ radius: '7', sort: 'x', category: 'drop table', price: '-1', within: '1e9', left: ['2'], q: 5 })).toEqual({ radius_m: 3000, sort: 'near' });
    });
});

describe('a draft', () => {
    const now = Date.parse('2026-11-21T09:00:00Z');
    const draft = { ...newDraft(now, { lat: 37.5, lng: 127 }), photos: [new Blob(['x'])], title: '감귤', description: '달아요', unit: '1kg', total: 30_000, place: '망원역' };
    it('is whole, step by step', () => {
        for (const i of [0, 1, 2, 3, 4]) expect(stepDone(draft, i, now), String(i)).toBe(true);
        expect(stepDone({ ...draft, photos: [] }, 0, now)).toBe(false);
        expect(stepDone({ ...draft, least: 10 }, 2, now)).toBe(false);
        expect(stepDone({ ...draft, from: draft.closes }, 3, now)).toBe(false);
        expect(stepDone(draft, 3, now + 30 * 3_600_000), 'the closing instant has passed').toBe(false);
    });
    it('becomes what the market is asked for, on the clock of Seoul', () => {
        const made = toCreate(draft, ['a.jpg']);
        expect(made.closes_at).toBe('2026-11-22T09:00:00.000Z');
        expect(made.pickup.from).toBe('2026-11-23T09:00:00.000Z');
        expect(made.pickup).not.toHaveProperty('note');
        expect([made.portions, made.host_portions, made.min_portions]).toEqual([10, 1, 5]);
    });
});

describe('the calendar', () => {
    it('lays a month out in weeks from Sunday on', () => {
        const november = weeks('2026-11');
        expect(november[0]?.[0]).toBe('2026-11-01');
        expect(november.flat().filter(Boolean)).toHaveLength(30);
        expect(weeks('2026-02').flat().filter(Boolean)).toHaveLength(28);
        expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
        expect(dayOf(Date.parse('2026-11-21T15:30:00Z'))).toBe('2026-11-22');
    });
    it('writes a file that calendar programs read', () => {
        const file = ics([deal({ pickup: { place: '망원역, 2번 출구', lat: 1, lng: 1, from: '2026-11-23T09:00:00Z', until: '2026-11-23T11:00:00Z' } })], 0, 'https://market.example');
        expect(file).toContain('DTSTART:20261123T090000Z\r\n');
        expect(file).toContain('SUMMARY:감귤\\, 10kg\\; 나눠요');
        expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
        for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    });
});
