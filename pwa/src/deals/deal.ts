// pwa/src/deals/deal.ts: what pages need to know about a deal, computed once and tested.
import type { Deal, DealShare } from '@/api/gen';
import { won } from '@/lib/format';
import { t } from '@/lib/i18n';

export const CATEGORIES = ['fruit_vegetable', 'grain', 'meat_fish', 'dairy_egg', 'snack', 'drink', 'kitchen', 'household', 'baby', 'pet', 'beauty', 'clothing', 'other'] as const;
export const SORTS = ['near', 'new', 'closing', 'left', 'saved', 'price'] as const;

export const picture = (path: string | undefined, size: 'small' | 'medium' | 'large'): string | undefined => path && `${path}?size=${size}`;

/** Portions that neighbours can have. */
export const offered = (deal: Deal): number => deal.max_portions ?? deal.portions - deal.host_portions;
/** How many more it takes to go ahead. */
export const missing = (deal: Deal): number => Math.max(0, deal.min_portions - deal.taken);

/** The most that a share can cost: what the pay button says. */
export function mostWon(deal: Deal, quantity: number, tolerance: number): number {
    return deal.portion_won * (quantity + tolerance);
}

/** What one would pay alone, against one portion. */
export function saving(deal: Deal): { alone: number; together: number; saved: number } {
    const alone = deal.box_won ?? deal.total_won;
    return { alone, together: deal.portion_won, saved: alone - deal.portion_won };
}

export function unitPrice(deal: Deal): string {
    return deal.unit_won && deal.measure ? t('deal.unit_price', { measure: t(`deal.measure_${deal.measure}`), won: won(deal.unit_won) }) : '';
}

const LIVE: DealShare['state'][] = ['reserved', 'held', 'captured', 'handed_over', 'settled', 'disputed', 'refunded'];
export const isIn = (share: DealShare | undefined): boolean => !!share && LIVE.includes(share.state);

/** Which of the three steps a deal is at: recruiting, buying, picking up; 3 is past all. */
export function step(deal: Deal): number {
    if (deal.state === 'recruiting' || deal.state === 'closing') return 0;
    if (deal.state === 'confirmed') return 1;
    return deal.state === 'done' ? 3 : 2;
}

/** The filters of the list as they stand in the address, and as the market is asked. */
export interface Filters {
    radius_m: number;
    sort: (typeof SORTS)[number];
    category?: Deal['category'];
    most_portion_won?: number;
    closes_within_minutes?: number;
    least_left?: number;
    text?: string;
}
export const RADII = [1000, 2000, 3000, 5000, 10_000, 20_000];

type Query = Record<string, unknown>;
const whole = (value: unknown): number | undefined => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined);

export function readFilters(query: Query): Filters {
    const category = CATEGORIES.find((c) => c === query.category);
    const text = typeof query.q === 'string' ? query.q.slice(0, 60) : undefined;
    return {
        radius_m: RADII.find((r) => r === whole(query.radius)) ?? 3000,
        sort: SORTS.find((s) => s === query.sort) ?? 'near',
        ...(category && { category }),
        ...(whole(query.price) && { most_portion_won: whole(query.price) }),
        ...(whole(query.within) && { closes_within_minutes: whole(query.within) }),
        ...(whole(query.left) && { least_left: whole(query.left) }),
        ...(text && { text }),
    };
}

/** Only what differs from the start: a short address. */
export function writeFilters(f: Filters): Record<string, string> {
    return {
        ...(f.text && { q: f.text }),
        ...(f.radius_m !== 3000 && { radius: String(f.radius_m) }),
        ...(f.sort !== 'near' && { sort: f.sort }),
        ...(f.category && { category: f.category }),
        ...(f.most_portion_won && { price: String(f.most_portion_won) }),
        ...(f.closes_within_minutes && { within: String(f.closes_within_minutes) }),
        ...(f.least_left && { left: String(f.least_left) }),
    };
}
export const filtersOn = (f: Filters): number => Object.keys(writeFilters({ ...f, sort: 'near', text: undefined })).length;
