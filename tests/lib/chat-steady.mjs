// tests/lib/chat-steady.mjs: clients that do not give up: they come back to any instance, go on where they stood, and
// send again what was not acknowledged. And the judge of what they have seen.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuid } from './api.mjs';
import { PROTOCOL, roomLog } from './chat.mjs';
import { WebSocket } from './websocket.mjs';

export class SteadyClient {
    seen = []; // entries of the room in the order they came
    acknowledged = new Map(); // cid -> seq
    faults = []; // entries that did not follow the one before
    connects = 0;
    #unsent = new Map(); // cid -> text
    #socket; // once it may be written to
    #open; // whatever its state
    #stopped = false;
    #asked = new Map(); // frame id -> cid
    #id = 0;

    /** Stands at `position` of one room; `instance` gives an address for every attempt. */
    constructor(person, room, position, instance) {
        Object.assign(this, { person, room, position, instance });
        this.running = this.#run();
    }

    async #run() {
        while (!this.#stopped) {
            const closed = await this.#session().catch(() => ({}));
            if (this.#stopped) return;
            await sleep(Math.min(closed?.after_ms ?? 300, 1000) * Math.random() + 20);
        }
    }

    async #session() {
        const ws = await WebSocket.open(`${this.instance()}/v1/chat/socket`, { protocol: PROTOCOL });
        let bye, ready = false;
        const over = new Promise((resolve) => ws.on('closed', () => resolve(bye))).finally(() => (this.#socket = undefined));
        this.#open = ws;
        this.#asked.clear();
        ws.on('text', (text) => {
            const frame = JSON.parse(text);
            if (frame.bye) bye = frame.bye;
            if (frame.entry && frame.room === this.room) this.#take(frame.entry);
            if (frame.id === 1 && frame.ok) {
                ready = true;
                this.#socket = ws;
                this.connects++;
                for (const [cid, words] of this.#unsent) this.#send(cid, words);
            } else if (frame.id && this.#asked.has(frame.id)) this.#answered(frame);
            const here = frame.positions?.find((p) => p.room === this.room);
            if (here && here.seq > this.position + 500) ws.drop(); // noticed silent loss: come again
        });
        this.#id = 1;
        ws.send(JSON.stringify({ id: 1, connect: { token: this.person.token, rooms: [{ room: this.room, seq: this.position }] } }));
        setTimeout(() => ready || ws.drop(), 5000).unref();
        return over;
    }

    #take(entry) {
        if (entry.seq !== this.position + 1) this.faults.push(`after ${this.position} came ${entry.seq}`);
        this.position = entry.seq;
        this.seen.push(entry);
    }
    #send(cid, text) {
        const id = ++this.#id;
        this.#asked.set(id, cid);
        this.#socket.send(JSON.stringify({ id, send: { room: this.room, cid, text } }));
    }
    #answered(frame) {
        const cid = this.#asked.get(frame.id);
        this.#asked.delete(frame.id);
        if (frame.ok) {
            const before = this.acknowledged.get(cid);
            if (before !== undefined && before !== frame.ok.seq) this.faults.push(`${cid} was ${before} and is ${frame.ok.seq}`);
            this.acknowledged.set(cid, frame.ok.seq);
            this.#unsent.delete(cid);
        } else if (frame.error.retryable) {
            setTimeout(() => this.#unsent.has(cid) && this.#send(cid, this.#unsent.get(cid)), 200);
        } else {
            this.faults.push(`${cid} was refused: ${frame.error.code}`);
            this.#unsent.delete(cid);
        }
    }

    say(text) {
        const cid = uuid();
        this.#unsent.set(cid, text);
        if (this.#socket) this.#send(cid, text);
    }
    get waiting() {
        return this.#unsent.size;
    }
    drop() {
        this.#open?.drop();
    }
    stop() {
        this.#stopped = true;
        this.#open?.drop();
    }
}

/** Asserts that every client has seen what the log says, and that what was acknowledged stands in it once. */
export async function judge(clients, room, reader, from) {
    const log = await roomLog(reader, room, from);
    log.forEach((entry, i) => assert.equal(entry.seq, from + 1 + i, 'the log has no gap'));
    const bySeq = new Map(log.map((e) => [e.seq, e]));
    const cids = new Map();
    for (const e of log.filter((e) => e.type === 'message')) cids.set(`${e.from.id} ${e.cid}`, (cids.get(`${e.from.id} ${e.cid}`) ?? 0) + 1);
    assert.ok([...cids.values()].every((n) => n === 1), 'no message stands twice');
    let acknowledged = 0;
    for (const client of clients) {
        assert.deepEqual(client.faults, []);
        assert.deepEqual(client.seen, log.filter((e) => e.seq > from), `${client.seen.length} seen of ${log.length}`);
        for (const [cid, seq] of client.acknowledged) {
            assert.equal(bySeq.get(seq)?.cid, cid, 'what was acknowledged stands where it was said to stand');
            acknowledged++;
        }
        assert.equal(client.waiting, 0);
    }
    return { entries: log.length, acknowledged };
}
