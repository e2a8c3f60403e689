// tests/lib/chat.mjs: a chat client as the market's own: connect, send, read, resume.
import { expect, uuid } from './api.mjs';
import { checkServerFrame } from './chat-frames.mjs';
import { stack } from './stack.mjs';
import { until } from './wait.mjs';
import { WebSocket } from './websocket.mjs';

export const PROTOCOL = 'gonggu.chat.v1';

/** What a refused frame was answered. */
export class Refused extends Error {
    constructor(error) {
        super(`${error.code}: ${error.detail ?? ''}`);
        this.code = error.code;
        this.retryable = error.retryable;
    }
}

export class ChatClient {
    frames = []; // everything that came, in order
    closed = undefined; // once it is: {code, reason} or null
    #waiting = new Map();
    #id = 0;

    /** An open socket that has not said who it is. */
    static async open(base = stack.gateway) {
        const client = new ChatClient();
        client.ws = await WebSocket.open(`${base}/v1/chat/socket`, { protocol: PROTOCOL });
        client.ws.on('text', (text) => client.#take(JSON.parse(text)));
        client.ws.on('closed', (how) => client.#end(how));
        return client;
    }

    /** Opens and connects; `positions` is {room: seq}. */
    static async connect(person, positions = {}, base = stack.gateway) {
        const client = await ChatClient.open(base);
        await client.hello(person.token, positions);
        return client;
    }

    async hello(token, positions = {}) {
        const rooms = Object.entries(positions).map(([room, seq]) => ({ room, seq }));
        const ok = await this.ask({ connect: { token, rooms } });
        this.newest = Object.fromEntries((ok.rooms ?? []).map(({ room, seq }) => [room, seq]));
        return ok;
    }

    #take(frame) {
        checkServerFrame(frame);
        this.frames.push({ ...frame, arrived: Date.now() });
        const waiting = this.#waiting.get(frame.id);
        if (!waiting || !(frame.ok || frame.error)) return;
        this.#waiting.delete(frame.id);
        if (frame.ok) waiting.resolve(frame.ok);
        else waiting.reject(new Refused(frame.error));
    }

    #end(how) {
        this.closed = { at: Date.now(), how };
        for (const { reject } of this.#waiting.values()) reject(new Error(`the socket closed: ${JSON.stringify(how)}`));
        this.#waiting.clear();
    }

    /** Sends a frame and resolves with its `ok`, or rejects with Refused. */
    ask(members) {
        const id = ++this.#id;
        const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
        this.ws.send(JSON.stringify({ id, ...members }));
        return answer;
    }

    /** Sends a message; its seq. */
    async say(room, text, cid = uuid()) {
        return (await this.ask({ send: { room, cid, text } })).seq;
    }
    read(room, seq) {
        return this.ask({ read: { room, seq } });
    }

    /** Entries of a room in the order they came. */
    entries(room) {
        return this.frames.filter((f) => f.room === room && f.entry).map((f) => f.entry);
    }
    seqs(room) {
        return this.entries(room).map((e) => e.seq);
    }
    get bye() {
        return this.frames.find((f) => f.bye)?.bye;
    }

    /** Waits for the entry with this seq. */
    untilSeq(room, seq) {
        return until(`entry ${seq} arrives`, () => this.entries(room).find((e) => e.seq === seq));
    }
    untilClosed(within = 10_000) {
        return until('the socket is closed', () => this.closed, { within, every: 5 });
    }

    close() {
        this.ws.close();
    }
    drop() {
        this.ws.drop();
    }
}

/** A room's whole log as this person may see it, over HTTP. */
export async function roomLog(person, room, after = 0) {
    const items = [];
    for (;;) {
        const page = expect(await person.get(`/v1/chat/rooms/${room}/events?after=${after}&limit=100`), 200);
        items.push(...page.items);
        if (!page.more) return items;
        after = page.items.at(-1).seq;
    }
}

/** Waits until chat has let this person into the room. */
export function untilMember(person, room) {
    return until(`${person.nickname} is in the room`, async () => {
        const reply = await person.get(`/v1/chat/rooms/${room}/events?limit=1`);
        return reply.status === 200;
    });
}
