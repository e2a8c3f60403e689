// pwa/src/api.ts: the part of the market's API this page reads, and how its refusals are told.

export type DealState =
    | 'recruiting' | 'closing' | 'confirmed' | 'purchased' | 'arrived' | 'done' | 'failed' | 'cancelled';

export interface Deal {
    id: string;
    version: number;
    state: DealState;
    host: { id: string; nickname?: string };
    title: string;
    description?: string;
    category: string;
    unit: string;
    photos: string[];
    total_won: number;
    portions: number;
    host_portions: number;
    min_portions: number;
    taken: number;
    left: number;
    portion_won: number;
    closes_at: string;
    created_at: string;
    cell_lat: number;
    cell_lng: number;
    distance_m?: number;
    pickup_from: string;
    pickup_until: string;
}

export interface DealPage {
    items: Deal[];
    next?: string;
}

/** RFC 9457, as every service of the market answers. */
export interface Problem {
    title: string;
    title_ko?: string;
    status: number;
    code: string;
    retryable: boolean;
    request_id?: string;
}

export class ApiError extends Error {
    constructor(readonly problem: Problem) {
        super(problem.title);
    }
}

const NETWORK: Problem = {
    title: 'The market cannot be reached. Is the network on?',
    title_ko: '연결할 수 없어요. 네트워크를 확인해 주세요.',
    status: 0,
    code: 'network',
    retryable: true,
};
const UNREADABLE: Problem = {
    title: 'The market gave an answer this page does not understand.',
    title_ko: '응답을 읽을 수 없어요. 잠시 후 다시 시도해 주세요.',
    status: 0,
    code: 'unreadable',
    retryable: true,
};
const TIMEOUT_MS = 10_000;

async function get<T>(path: string): Promise<T> {
    let reply: Response;
    try {
        reply = await fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch {
        throw new ApiError(NETWORK);
    }
    const body: unknown = await reply.json().catch(() => null);
    if (typeof body !== 'object' || body === null) throw new ApiError({ ...UNREADABLE, status: reply.status });
    if (!reply.ok) throw new ApiError({ ...UNREADABLE, ...(body as Partial<Problem>), status: reply.status });
    return body as T;
}

export interface Nearby {
    lat: number;
    lng: number;
    radius_m: number;
    cursor?: string;
}

export function listDeals({ lat, lng, radius_m, cursor }: Nearby): Promise<DealPage> {
    const query = new URLSearchParams({ lat: String(lat), lng: String(lng), radius_m: String(radius_m), limit: '20' });
    if (cursor) query.set('cursor', cursor);
    return get(`/v1/deal/deals?${query}`);
}

export function getDeal(id: string): Promise<Deal> {
    return get(`/v1/deal/deals/${encodeURIComponent(id)}`);
}
