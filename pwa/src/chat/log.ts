// pwa/src/chat/log.ts: a room's log as a page shows it: entries applied in the order of seq, from wherever one begins.
import type { ChatEntry } from '@/api/gen';

export interface Shown extends ChatEntry {
    reactions?: Record<string, string[]>; // emoji -> who
}

export interface Log {
    entries: Shown[]; // ascending seq: what has a place on the page
    /** Everything up to here has been applied. */
    seq: number;
    /** The oldest entry that was loaded; 1 means that there is nothing before it. */
    first: number;
    notice?: number;
}

export const emptyLog = (): Log => ({ entries: [], seq: 0, first: 0 });
const VISIBLE = new Set<ChatEntry['type']>(['message', 'joined', 'left', 'card', 'hidden']);

function amend(entries: Shown[], entry: ChatEntry): void {
    const target = entries.find((e) => e.seq === entry.target);
    if (!target) return;
    if (entry.type === 'edit' && entry.seq > (target.revised ?? 0) && !target.deleted) Object.assign(target, { text: entry.text, revised: entry.seq });
    if (entry.type === 'delete') {
        target.deleted = true;
        target.revised = entry.seq;
        delete target.text;
        delete target.images;
    }
    if (entry.type === 'reaction' && entry.emoji && entry.from) {
        const all = (target.reactions ??= {});
        const others = (all[entry.emoji] ?? []).filter((id) => id !== entry.from?.id);
        const now = entry.on ? [...others, entry.from.id] : others;
        if (now.length > 0) all[entry.emoji] = now;
        else delete all[entry.emoji];
    }
}

function place(log: Log, entry: ChatEntry): void {
    if (VISIBLE.has(entry.type)) log.entries.push({ ...entry });
    else if (entry.type === 'pin') log.notice = entry.target;
    else amend(log.entries, entry);
}

/** What comes next. False: it is not the next one, so something between is missing. */
export function append(log: Log, entry: ChatEntry): boolean {
    if (entry.seq <= log.seq) return true; // had it
    if (log.seq > 0 && entry.seq !== log.seq + 1) return false;
    place(log, entry);
    log.seq = entry.seq;
    if (log.first === 0) log.first = entry.seq;
    return true;
}

/** An older page, in front. */
export function prepend(log: Log, older: ChatEntry[]): void {
    if (older.length === 0) return;
    const front: Log = { entries: [], seq: 0, first: 0 };
    for (const entry of older.filter((e) => log.first === 0 || e.seq < log.first)) place(front, entry);
    // What changes an older message may lie in what was loaded before; messages carry their newest words, reactions do not.
    log.entries = [...front.entries, ...log.entries];
    log.first = Math.min(...older.map((e) => e.seq), log.first || Infinity);
    log.seq = Math.max(log.seq, older.at(-1)?.seq ?? 0);
}
