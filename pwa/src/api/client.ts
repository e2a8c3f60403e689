// pwa/src/api/client.ts: one request to the market, typed by its route ("POST /v1/deal/deals/{id}/shares"), and what a refusal is.
import type { Problem, Routes } from './gen';
import { bearer, renewed } from './token';

export type Route = keyof Routes;
export type GetRoute = Extract<Route, `GET ${string}`>;
export type Reply<R extends Route> = Routes[R]['reply'];
export type Body<R extends Route> = Routes[R]['body'];

export interface Ask<R extends Route> {
    path?: Record<string, string>;
    query?: Routes[R]['query'];
    body?: Routes[R]['body'];
    /** Bytes instead of JSON. */
    raw?: Blob;
    /** Idempotency-Key: one for each intention, whatever happens on the way. */
    key?: string;
    /** Proof that the owner agrees to exactly this move of money. */
    stepUp?: string;
    signal?: AbortSignal;
}

/** RFC 9457 as the services answer it; code `network` when nothing came back. */
export class ApiError extends Error {
    constructor(readonly problem: Pick<Problem, 'code' | 'status' | 'title' | 'title_ko' | 'retryable' | 'request_id' | 'errors'> & Record<string, unknown>) {
        super(problem.title);
    }
    get code() {
        return this.problem.code;
    }
    get retryable() {
        return this.problem.retryable;
    }
}

const TIMEOUT_MS = 15_000;

export function address(route: Route, path: Record<string, string> = {}, query: object = {}): string {
    const filled = route.slice(route.indexOf(' ') + 1).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value));
    return search.size > 0 ? `${filled}?${search}` : filled;
}

async function send<R extends Route>(route: R, ask: Ask<R>, token: string | null): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    if (ask.body !== undefined) headers['content-type'] = 'application/json';
    if (ask.raw) headers['content-type'] = ask.raw.type;
    if (ask.key) headers['idempotency-key'] = ask.key;
    if (ask.stepUp) headers['step-up'] = ask.stepUp;
    const limit = AbortSignal.timeout(ask.raw ? 4 * TIMEOUT_MS : TIMEOUT_MS);
    const signal = ask.signal ? AbortSignal.any([ask.signal, limit]) : limit;
    const method = route.slice(0, route.indexOf(' '));
    try {
        return await fetch(address(route, ask.path, ask.query ?? {}), { method, headers, signal, body: ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)) });
    } catch (error) {
        if (ask.signal?.aborted) throw error;
        throw new ApiError({ code: 'network', status: 0, title: 'network', retryable: true });
    }
}

async function answer(reply: Response): Promise<Response> {
    if (reply.ok) return reply;
    const body: unknown = await reply.json().catch(() => null);
    const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
    throw new ApiError({ code: 'unreadable', title: 'unreadable', retryable: reply.status >= 500, ...problem, status: reply.status });
}

/** The reply itself, for what is not JSON. A token that has run out on the way is renewed once. */
export async function fetchRoute<R extends Route>(route: R, ask: Ask<R> = {}): Promise<Response> {
    const token = await bearer();
    const reply = await send(route, ask, token);
    if (reply.status !== 401 || !token) return answer(reply);
    const next = await renewed(token);
    return answer(next ? await send(route, ask, next) : reply);
}

/** Asks the market; what it answers, or an ApiError. */
export async function call<R extends Route>(route: R, ask: Ask<R> = {}): Promise<Reply<R>> {
    const reply = await fetchRoute(route, ask);
    if (reply.status === 204 || !(reply.headers.get('content-type') ?? '').includes('json')) return undefined as Reply<R>;
    return (await reply.json()) as Reply<R>;
}
