// pwa/src/api/token.ts: the access token: in memory only, renewed by the cookie, once for all tabs. Tabs tell each other.
import type { AuthToken } from './gen';

interface Held {
    token: string;
    until: number; // by this device's clock
}

type Said = { what: 'in'; reply: AuthToken; until: number } | { what: 'out' };

const FLAG = 'gonggu.signed-in'; // that there is a cookie worth asking with; the cookie itself is HttpOnly
const EARLY_MS = 20_000;
const LOCK = 'gonggu-refresh';

let held: Held | null = null;
let pending: Promise<string | null> | null = null;
const listeners = new Set<(reply: AuthToken | null) => void>();
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('gonggu-session') : null;

/** How long a token is good, by its own claims: clocks of devices are wrong. */
export function lifetime(token: string): number {
    try {
        const claims = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as { exp: number; iat?: number; nbf?: number };
        return (claims.exp - (claims.iat ?? claims.nbf ?? claims.exp - 300)) * 1000;
    } catch {
        return 60_000;
    }
}

/** Told of each log-in (the reply) and log-out (null), of this tab and of the others. */
export function onSession(listener: (reply: AuthToken | null) => void): void {
    listeners.add(listener);
}

function hear(said: Said): void {
    held = said.what === 'in' ? { token: said.reply.access_token, until: said.until } : null;
    for (const listener of listeners) listener(said.what === 'in' ? said.reply : null);
}
channel?.addEventListener('message', ({ data }: MessageEvent<Said>) => hear(data));

function tell(said: Said): void {
    hear(said);
    channel?.postMessage(said);
}

/** After sign-up, log-in or refresh. */
export function take(reply: AuthToken): void {
    localStorage.setItem(FLAG, '1');
    tell({ what: 'in', reply, until: Date.now() + lifetime(reply.access_token) });
}

/** The session is over, here and in the other tabs. */
export function drop(): void {
    localStorage.removeItem(FLAG);
    tell({ what: 'out' });
}

export const mayBeSignedIn = () => localStorage.getItem(FLAG) === '1';
const fresh = () => (held && held.until - EARLY_MS > Date.now() ? held.token : null);

async function exchange(): Promise<string | null> {
    const before = fresh();
    if (before) return before; // another tab was quicker
    let reply: Response;
    try {
        reply = await fetch('/v1/auth/refresh', { method: 'POST', signal: AbortSignal.timeout(15_000) });
    } catch {
        return null; // no network: still signed in, without a token
    }
    if (reply.ok) {
        take((await reply.json()) as AuthToken);
        return held?.token ?? null;
    }
    if (reply.status === 401 || reply.status === 403) drop();
    return null;
}

function refresh(): Promise<string | null> {
    const locked = () => ('locks' in navigator ? navigator.locks.request(LOCK, exchange) : exchange());
    pending ??= Promise.resolve(locked()).finally(() => (pending = null));
    return pending;
}

/** A token to ask with; null when nobody is signed in, or the market cannot be reached. */
export async function bearer(): Promise<string | null> {
    return fresh() ?? (mayBeSignedIn() ? refresh() : null);
}

/** Another token than this one, which was refused. */
export function renewed(refused: string): Promise<string | null> {
    if (held?.token === refused) held = null;
    return bearer();
}
