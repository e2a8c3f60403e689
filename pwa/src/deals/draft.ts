// pwa/src/deals/draft.ts: a deal that is being written: kept on the device with its pictures until it is open, checked step by step.
import type { Deal, DealCreate } from '@/api/gen';
import { fromLocalInput, toLocalInput } from '@/lib/format';

export interface Draft {
    step: number;
    photos: Blob[];
    title: string;
    description: string;
    category: Deal['category'];
    unit: string;
    total: number;
    portions: number;
    own: number;
    least: number;
    closes: string; // as <input type="datetime-local"> has it
    place: string;
    note: string;
    lat: number;
    lng: number;
    from: string;
    until: string;
}
export const DRAFT = 'draft.deal';
const HOUR = 3_600_000;

export function newDraft(now: number, at: { lat: number; lng: number }): Draft {
    const closes = Math.ceil((now + 24 * HOUR) / HOUR) * HOUR;
    return {
        step: 0, photos: [], title: '', description: '', category: 'fruit_vegetable', unit: '', total: 0, portions: 10, own: 1, least: 5,
        closes: toLocalInput(closes), place: '', note: '', lat: at.lat, lng: at.lng, from: toLocalInput(closes + 24 * HOUR), until: toLocalInput(closes + 27 * HOUR),
    };
}

const enough: ((d: Draft, now: number) => boolean)[] = [
    (d) => d.photos.length > 0,
    (d) => d.title.trim().length >= 2 && d.description.trim().length >= 1 && d.unit.trim().length >= 1,
    (d) => d.total >= 100 && d.portions >= 2 && d.own < d.portions && d.least >= 1 && d.least <= d.portions - d.own,
    (d, now) => d.place.trim().length >= 2 && Date.parse(fromLocalInput(d.closes)) > now + 10 * 60_000 && d.closes < d.from && d.from < d.until,
    () => true,
];
/** Whether this step says all it has to. */
export const stepDone = (draft: Draft, step: number, now: number): boolean => enough[step]?.(draft, now) ?? false;

export function toCreate(d: Draft, photos: string[]): DealCreate {
    return {
        title: d.title.trim(), description: d.description.trim(), category: d.category, unit: d.unit.trim(), photos,
        total_won: d.total, portions: d.portions, host_portions: d.own, min_portions: d.least, closes_at: fromLocalInput(d.closes),
        pickup: { place: d.place.trim(), ...(d.note.trim() && { note: d.note.trim() }), lat: d.lat, lng: d.lng, from: fromLocalInput(d.from), until: fromLocalInput(d.until) },
    };
}
