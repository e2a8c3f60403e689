// tests/conformance/chat/transports.mjs: the same client twice: over the socket, and over HTTP with `wait=`. What they
// have in common is what a user sees: entries in order, from where he stood.
import { randomBytes } from 'node:crypto';
import { checkClientFrame, checkEntry, checkServerFrame } from '../../lib/chat-frames.mjs';

const { instances, WebSocket } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');
export const PROTOCOL = 'gonggu.chat.v1';

/** A UUIDv7. */
export function uuid() {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Date.now(), 0, 6);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** Waits until `look` gives something true. */
export async function until(what, look, within = 15_000) {
    const end = Date.now() + within;
    for (;;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited ${within} ms in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** The server said no. */
export class Refused extends Error {
    constructor({ code, detail, retryable }) {
        super(`${code}: ${detail ?? ''}`);
        Object.assign(this, { code, retryable });
    }
}

async function http(person, base, method, path, json, key) {
    const reply = await fetch(base + path, {
        method,
        signal: AbortSignal.timeout(40_000),
        body: json && JSON.stringify(json),
        headers: {
            authorization: `Bearer ${person.token}`,
            ...(json && { 'content-type': 'application/json' }),
            ...(key && { 'idempotency-key': key }),
        },
    });
    const text = await reply.text();
    const body = text ? JSON.parse(text) : undefined;
    if (!reply.ok) throw new Refused(body);
    return body;
}

/** What both clients do alike: keep the entries of each room. */
class Client {
    log = new Map(); // room -> entries as they came
    left = new Set(); // rooms one was told to have left

    constructor(person, base) {
        Object.assign(this, { person, base });
    }
    take(room, entry) {
        if (!this.log.has(room)) this.log.set(room, []);
        this.log.get(room).push(entry);
    }
    entries(room) {
        return this.log.get(room) ?? [];
    }
    seqs(room) {
        return this.entries(room).map((e) => e.seq);
    }
    untilSeq(room, seq) {
        return until(`entry ${seq} comes`, () => this.entries(room).some((e) => e.seq >= seq));
    }
    untilLeft(room) {
        return until('one is told that one has left', () => this.left.has(room));
    }
    say(room, text, more = {}) {
        return this.send(room, { cid: uuid(), text, ...more });
    }
    edit(room, seq, text, cid = uuid()) {
        return this.act(room, { cid, edit: { seq, text } });
    }
    delete(room, seq, cid = uuid()) {
        return this.act(room, { cid, delete: { seq } });
    }
    react(room, seq, emoji, off = false, cid = uuid()) {
        return this.act(room, { cid, react: { seq, emoji, ...(off && { off }) } });
    }
    pin(room, seq, cid = uuid()) {
        return this.act(room, { cid, pin: seq === undefined ? {} : { seq } });
    }
    /** The room as the list of rooms shows it. */
    room(room) {
        return http(this.person, this.base, 'GET', `/v1/chat/rooms/${room}`);
    }
}

export class SocketClient extends Client {
    static transport = 'socket';
    frames = [];
    closed = undefined;
    #waiting = new Map();
    #id = 0;

    /** Opens and connects; `positions` is {room: seq}. */
    static async connect(person, positions = {}, base = instances[0]) {
        const client = new SocketClient(person, base);
        await client.open();
        client.welcome = await client.hello(positions);
        return client;
    }
    async open() {
        this.ws = await WebSocket.open(`${this.base}/v1/chat/socket`, { protocol: PROTOCOL });
        this.ws.on('text', (text) => this.#hear(JSON.parse(text)));
        this.ws.on('closed', (how) => {
            this.closed = how ?? { code: 1006 };
            for (const { reject } of this.#waiting.values()) reject(new Error(`the socket closed: ${JSON.stringify(how)}`));
            this.#waiting.clear();
        });
        return this;
    }
    hello(positions = {}) {
        const rooms = Object.entries(positions).map(([room, seq]) => ({ room, seq }));
        return this.ask({ connect: { token: this.person.token, rooms } });
    }
    #hear(frame) {
        checkServerFrame(frame);
        this.frames.push(frame);
        if (frame.entry) this.take(frame.room, frame.entry);
        if (frame.left) this.left.add(frame.room);
        const waiting = this.#waiting.get(frame.id);
        if (!waiting || !(frame.ok || frame.error)) return;
        this.#waiting.delete(frame.id);
        if (frame.ok) checkClientFrame(waiting.asked);
        if (frame.ok) waiting.resolve(frame.ok);
        else waiting.reject(new Refused(frame.error));
    }
    ask(members) {
        const id = ++this.#id;
        const asked = { id, ...members };
        const answer = new Promise((resolve, reject) => this.#waiting.set(id, { asked, resolve, reject }));
        this.ws.send(JSON.stringify(asked));
        return answer;
    }
    async send(room, message) {
        return (await this.ask({ send: { room, ...message } })).seq;
    }
    async act(room, act) {
        return (await this.ask({ act: { room, ...act } })).seq;
    }
    read(room, seq) {
        return this.ask({ read: { room, seq } });
    }
    untilFrame(what, test) {
        return until(what, () => this.frames.find(test));
    }
    drop() {
        this.ws.drop();
    }
}

export class PollClient extends Client {
    static transport = 'http';
    #stopped = false;
    #abort = new AbortController();

    static async connect(person, positions = {}, base = instances[0]) {
        const client = new PollClient(person, base);
        const { items } = await http(person, base, 'GET', '/v1/chat/rooms?limit=100');
        const start = { ...Object.fromEntries(items.map((r) => [r.id, r.last_seq])), ...positions };
        client.loops = Object.entries(start).map(([room, seq]) => client.#poll(room, seq));
        return client;
    }
    async #poll(room, after) {
        while (!this.#stopped) {
            let page;
            try {
                const path = `/v1/chat/rooms/${room}/events?after=${after}&limit=100&wait=20`;
                const reply = await fetch(this.base + path, {
                    headers: { authorization: `Bearer ${this.person.token}` },
                    signal: this.#abort.signal,
                });
                if (!reply.ok) throw new Error(`${reply.status}`);
                page = await reply.json();
            } catch {
                await new Promise((resolve) => setTimeout(resolve, 200));
                continue;
            }
            page.items.forEach(checkEntry);
            for (const entry of page.items) this.take(room, entry);
            after = page.items.at(-1)?.seq ?? after;
            if (page.left && !page.more) {
                this.left.add(room);
                return;
            }
        }
    }
    async send(room, message) {
        return (await http(this.person, this.base, 'POST', `/v1/chat/rooms/${room}/messages`, message, uuid())).seq;
    }
    async act(room, act) {
        return (await http(this.person, this.base, 'POST', `/v1/chat/rooms/${room}/acts`, act)).seq;
    }
    read(room, seq) {
        return http(this.person, this.base, 'POST', `/v1/chat/rooms/${room}/read`, { seq });
    }
    drop() {
        this.#stopped = true;
        this.#abort.abort();
    }
}

/** What a client shows: messages with what became of them. The rule of docs/chat-protocol.md, written a second time. */
export function shown(entries) {
    const messages = new Map();
    let notice;
    for (const e of entries) {
        const target = messages.get(e.target);
        if (e.type === 'message') {
            const { seq, text, from, revised = 0, deleted = false } = e;
            messages.set(seq, { seq, text, from: from?.id, revised, deleted, reactions: new Set() });
        } else if (e.type === 'edit' && target && e.seq > target.revised && !target.deleted && !e.deleted) {
            Object.assign(target, { text: e.text, revised: e.seq });
        } else if (e.type === 'delete' && target) {
            Object.assign(target, { text: undefined, deleted: true, revised: Math.max(e.seq, target.revised) });
            if (notice === e.target) notice = undefined;
        } else if (e.type === 'reaction' && target) {
            if (e.on) target.reactions.add(`${e.from.id} ${e.emoji}`);
            else target.reactions.delete(`${e.from.id} ${e.emoji}`);
        } else if (e.type === 'pin') {
            notice = e.target;
        }
    }
    return { notice, messages: [...messages.values()].map((m) => ({ ...m, reactions: [...m.reactions].sort() })) };
}
