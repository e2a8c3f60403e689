// pwa/src/chat/store.ts: the rooms of this device: their logs, what waits to be sent, who writes, and the live numbers of deals. What was
// written is kept until it is answered, and sent again in order under the same id: it arrives once.
import { defineStore } from 'pinia';
import { reactive, ref, watch } from 'vue';
import { call } from '@/api/client';
import type { ChatEntry, ChatFrameOut, ChatProgress, ChatRoom } from '@/api/gen';
import { queryClient, reread } from '@/api/query';
import { bearer } from '@/api/token';
import { useSession } from '@/auth/session';
import { keep, kept } from '@/lib/kept';
import { online } from '@/lib/online';
import { uuid } from '@/lib/uuid';
import { append, emptyLog, prepend, type Log } from './log';
import { Refused, Socket } from './socket';

export interface Unsent {
    cid: string;
    room: string;
    text?: string;
    images?: string[];
    reply?: number;
    at: string;
    failed?: string; // the market will not take it: why
}

const PAGE = 50;
const KEPT_ENTRIES = 200;
const OUTBOX = 'chat.outbox';
const logName = (room: string) => `chat.log:${room}`;

export const useChat = defineStore('chat', () => {
    const session = useSession();
    const logs = reactive(new Map<string, Log>());
    const outbox = ref<Unsent[]>([]);
    const typing = reactive(new Map<string, { user: string; until: number }>());
    const progress = reactive(new Map<string, ChatProgress>());
    const unreadNotices = ref(0);
    const up = ref(false);
    const watched = new Map<string, number>();
    const loading = new Map<string, Promise<void>>();
    let sending = false;

    const socket = new Socket({
        open: () => new WebSocket(`${location.origin.replace('http', 'ws')}/v1/chat/socket`, 'gonggu.chat.v1'),
        token: bearer,
        positions: () => [...logs].filter(([, log]) => log.seq > 0).map(([room, { seq }]) => ({ room, seq })),
        online: () => online.value,
        state: (now) => (up.value = now),
        ready: () => {
            tellWatched();
            void flush();
            void reread('GET /v1/chat/rooms');
        },
        heard,
    });

    // ---- what comes ----------------------------------------------------------------------------------------------------
    function heard(frame: ChatFrameOut): void {
        if (frame.inbox) {
            unreadNotices.value = frame.inbox.unread;
            void reread('GET /v1/push/inbox');
        }
        if (frame.progress) progress.set(frame.progress.deal, frame.progress);
        if (!frame.room) return;
        if (frame.entry) take(frame.room, frame.entry);
        if (frame.typing && frame.typing !== session.user?.id) typing.set(frame.room, { user: frame.typing, until: Date.now() + 6000 });
        if (frame.mark || frame.left) void reread('GET /v1/chat/rooms');
    }

    function take(room: string, entry: ChatEntry): void {
        const log = logs.get(room);
        if (entry.cid && entry.from?.id === session.user?.id) settle(entry.cid);
        if (entry.from && typing.get(room)?.user === entry.from.id) typing.delete(room);
        if (entry.card || entry.type === 'joined' || entry.type === 'left') dealChanged(room);
        raise(room, entry);
        if (!log) return;
        if (!append(log, entry)) socket.tell({ resume: { room, seq: log.seq } });
        else save(room, log);
    }

    /** A step of the deal: pages of it look again. */
    function dealChanged(deal: string): void {
        void queryClient.invalidateQueries({ predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(deal) });
        void reread('GET /v1/deal/mine', 'GET /v1/pay/wallet');
    }

    /** The list of rooms shows the newest message without asking for the list again. */
    function raise(room: string, entry: ChatEntry): void {
        if (entry.type !== 'message' && entry.type !== 'card') return;
        void reread('GET /v1/chat/rooms');
        queryClient.setQueryData<ChatRoom>(['GET /v1/chat/rooms/{id}', { path: { id: room } }], (old) => old && { ...old, last: entry, last_seq: entry.seq });
    }

    const save = (room: string, log: Log) => void keep(logName(room), { ...log, entries: log.entries.slice(-KEPT_ENTRIES), first: log.entries.length > KEPT_ENTRIES ? log.entries.at(-KEPT_ENTRIES)?.seq : log.first });

    // ---- a room --------------------------------------------------------------------------------------------------------
    /** The room's log: what was kept at once, then what is new. */
    function open(room: string): Promise<void> {
        const under = loading.get(room);
        if (under) return under;
        const work = load(room).finally(() => loading.delete(room));
        loading.set(room, work);
        return work;
    }

    async function load(room: string): Promise<void> {
        if (!logs.has(room)) {
            const old = await kept<Log>(logName(room));
            if (old?.seq) logs.set(room, old);
        }
        const log = logs.get(room) ?? emptyLog();
        if (log.seq === 0) {
            const newest = await call('GET /v1/chat/rooms/{id}/events', { path: { id: room }, query: { before: Number.MAX_SAFE_INTEGER % 1e15, limit: PAGE } });
            prepend(log, newest.items);
            log.seq = Math.max(log.seq, newest.last_seq);
            if (!newest.more) log.first = Math.min(log.first || 1, 1);
            logs.set(room, log);
        }
        // Reactive from here on: what the socket brings is applied to the same object.
        await catchUp(room);
    }

    async function catchUp(room: string): Promise<void> {
        for (;;) {
            const log = logs.get(room);
            if (!log) return;
            const next = await call('GET /v1/chat/rooms/{id}/events', { path: { id: room }, query: { after: log.seq, limit: 100 } });
            for (const entry of next.items) {
                if (entry.cid && entry.from?.id === session.user?.id) settle(entry.cid);
                append(log, entry);
            }
            save(room, log);
            if (!next.more) break;
        }
        const log = logs.get(room);
        if (log) socket.tell({ resume: { room, seq: log.seq } });
    }

    async function older(room: string): Promise<void> {
        const log = logs.get(room);
        if (!log || log.first <= 1) return;
        const page = await call('GET /v1/chat/rooms/{id}/events', { path: { id: room }, query: { before: log.first, limit: PAGE } });
        prepend(log, page.items);
        if (!page.more) log.first = 1;
    }

    function read(room: string): void {
        const seq = logs.get(room)?.seq ?? 0;
        if (seq === 0) return;
        if (socket.up) socket.ask({ read: { room, seq } }).then(() => reread('GET /v1/chat/rooms'), () => undefined);
        else if (online.value) void call('POST /v1/chat/rooms/{id}/read', { path: { id: room }, body: { seq } }).catch(() => undefined);
    }

    // ---- what goes -----------------------------------------------------------------------------------------------------
    const saveOutbox = () => keep(OUTBOX, outbox.value);

    async function say(room: string, message: { text?: string; images?: string[]; reply?: number }): Promise<void> {
        outbox.value.push({ cid: uuid(), room, at: new Date().toISOString(), ...message });
        await saveOutbox();
        void flush();
    }

    function settle(cid: string): void {
        const rest = outbox.value.filter((m) => m.cid !== cid);
        if (rest.length === outbox.value.length) return;
        outbox.value = rest;
        void saveOutbox();
    }

    /** One after the other, so that they stand in the order they were written in. */
    async function flush(): Promise<void> {
        if (sending) return;
        sending = true;
        try {
            for (let next = waiting(); next; next = waiting()) await deliver(next);
        } catch {
            // The line went: what waits is sent when it is back.
        } finally {
            sending = false;
        }
    }
    const waiting = () => (socket.up ? outbox.value.find((m) => !m.failed) : undefined);

    async function deliver({ cid, room, text, images, reply }: Unsent): Promise<void> {
        try {
            await socket.ask({ send: { room, cid, text, images, reply } });
            settle(cid);
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            if (error.code === 'closed') throw error;
            if (error.retryable) return void (await new Promise((resolve) => setTimeout(resolve, 1000)));
            const message = outbox.value.find((m) => m.cid === cid);
            if (message) message.failed = error.code;
            await saveOutbox();
        }
    }

    function retry(cid: string): void {
        const message = outbox.value.find((m) => m.cid === cid);
        if (message) delete message.failed;
        void flush();
    }

    // ---- live numbers of deals -----------------------------------------------------------------------------------------
    const tellWatched = () => socket.tell({ watch: { deals: [...watched.keys()].slice(-20).map((deal) => ({ deal })) } });

    /** While a page shows this deal; call what it returns when it goes. */
    function follow(deal: string): () => void {
        watched.set(deal, (watched.get(deal) ?? 0) + 1);
        tellWatched();
        return () => {
            const left = (watched.get(deal) ?? 1) - 1;
            if (left > 0) watched.set(deal, left);
            else watched.delete(deal);
            tellWatched();
        };
    }

    // ---- its life ------------------------------------------------------------------------------------------------------
    async function begin(): Promise<void> {
        outbox.value = (await kept<Unsent[]>(OUTBOX)) ?? [];
        watch(() => session.signedIn, (now) => (now ? socket.start() : leave()), { immediate: true });
        watch(online, (now) => now && socket.hurry());
        document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && socket.hurry());
    }
    function leave(): void {
        socket.stop();
        logs.clear();
        progress.clear();
        outbox.value = [];
        unreadNotices.value = 0;
    }

    return { logs, outbox, typing, progress, unreadNotices, up, open, older, read, say, settle, retry, follow, begin, act: (room: string, what: object) => socket.ask({ act: { room, cid: uuid(), ...what } }), writing: (room: string) => socket.tell({ typing: { room } }) };
});
