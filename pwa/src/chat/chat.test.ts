import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatEntry, ChatFrameOut } from '@/api/gen';
import { append, emptyLog, prepend } from './log';
import { Refused, Socket, type Surroundings } from './socket';

const entry = (seq: number, more: Partial<ChatEntry> = {}): ChatEntry => ({ seq, type: 'message', text: `m${seq}`, from: { id: 'a' }, at: '2026-11-21T09:00:00Z', ...more });

describe('a log', () => {
    it('takes each entry once and in order, and says when one is missing', () => {
        const log = emptyLog();
        expect([append(log, entry(5)), append(log, entry(6)), append(log, entry(6)), append(log, entry(8))]).toEqual([true, true, true, false]);
        expect([log.entries.map((e) => e.seq), log.seq, log.first]).toEqual([[5, 6], 6, 5]);
    });
    it('edits, deletes, reacts and pins', () => {
        const log = emptyLog();
        for (const e of [entry(1), entry(2, { type: 'edit', target: 1, text: 'new' }), entry(3, { type: 'reaction', target: 1, emoji: '👍', on: true }), entry(4, { type: 'pin', target: 1 })]) append(log, e);
        expect(log.entries).toHaveLength(1);
        expect(log.entries[0]).toMatchObject({ text: 'new', revised: 2, reactions: { '👍': ['a'] } });
        expect(log.notice).toBe(1);
        append(log, entry(5, { type: 'reaction', target: 1, emoji: '👍', on: false }));
        expect(log.entries[0]?.reactions).toEqual({});
        append(log, entry(6, { type: 'delete', target: 1 }));
        expect(log.entries[0]).toMatchObject({ deleted: true });
        expect(log.entries[0]?.text).toBeUndefined();
    });
    it('an edit that a message already stands for changes nothing', () => {
        const log = emptyLog();
        append(log, entry(7, { text: 'newest', revised: 9 }));
        append(log, entry(8, { type: 'edit', target: 7, text: 'older' }));
        expect(log.entries[0]?.text).toBe('newest');
    });
    it('older pages go in front, once', () => {
        const log = emptyLog();
        append(log, entry(5));
        prepend(log, [entry(3), entry(4), entry(5)]);
        expect([log.entries.map((e) => e.seq), log.first, log.seq]).toEqual([[3, 4, 5], 3, 5]);
    });
});

/** A socket that tests hold the other end of. */
class Line {
    sent: { id: number; connect?: object; send?: object }[] = [];
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;
    closed = false;
    send(text: string) {
        this.sent.push(JSON.parse(text));
    }
    close() {
        this.closed = true;
    }
    says(frame: object) {
        this.onmessage?.({ data: JSON.stringify(frame) });
    }
}

describe('the socket', () => {
    let lines: Line[], heard: ChatFrameOut[], states: boolean[], socket: Socket;
    const around = (): Surroundings => ({
        open: () => (lines.push(new Line()), lines.at(-1) as unknown as WebSocket), token: async () => 'T', positions: () => [{ room: 'r', seq: 4 }],
        heard: (frame) => heard.push(frame), ready: () => {}, state: (up) => states.push(up), online: () => true,
    });
    const connect = async () => {
        socket.start();
        await vi.advanceTimersByTimeAsync(0);
        const line = lines.at(-1) as Line;
        line.onopen?.();
        line.says({ id: line.sent[0]?.id, ok: { rooms: [], ping_ms: 1000 } });
        await vi.advanceTimersByTimeAsync(0);
        return line;
    };
    beforeEach(() => {
        vi.useFakeTimers();
        [lines, heard, states] = [[], [], []];
        socket = new Socket(around());
    });
    afterEach(() => {
        socket.stop();
        vi.useRealTimers();
    });

    it('introduces itself with where it stands, and then answers to frames', async () => {
        const line = await connect();
        expect(line.sent[0]?.connect).toEqual({ token: 'T', rooms: [{ room: 'r', seq: 4 }] });
        const said = socket.ask({ send: { room: 'r', cid: 'c', text: 'x' } });
        line.says({ id: line.sent[1]?.id, ok: { seq: 5 } });
        expect(await said).toEqual({ seq: 5 });
        line.says({ room: 'r', entry: entry(5) });
        expect(heard.at(-1)?.entry?.seq).toBe(5);
    });
    it('a refusal carries its code; what was not answered when the line goes is told', async () => {
        const line = await connect();
        const refused = socket.ask({ send: { room: 'r', cid: 'c' } });
        line.says({ id: line.sent[1]?.id, error: { code: 'not_member', retryable: false } });
        await expect(refused).rejects.toMatchObject({ code: 'not_member', retryable: false });
        const lost = socket.ask({ send: { room: 'r', cid: 'd' } });
        line.onclose?.();
        await expect(lost).rejects.toBeInstanceOf(Refused);
        expect(states).toEqual([true, false]);
    });
    it('comes back after a loss, after silence, and when told to; not when told not to', async () => {
        (await connect()).onclose?.();
        await vi.advanceTimersByTimeAsync(1000);
        expect(lines).toHaveLength(2);
        const second = await connect();
        await vi.advanceTimersByTimeAsync(2001); // nothing for twice the promised second
        expect([second.closed, states.at(-1)]).toEqual([true, false]);
        await vi.advanceTimersByTimeAsync(2000);
        const third = await connect();
        third.says({ bye: { code: 4001, reason: 'shutdown', retry: true, after_ms: 300 } });
        await vi.advanceTimersByTimeAsync(299);
        const before = lines.length;
        await vi.advanceTimersByTimeAsync(2);
        expect(lines.length).toBe(before + 1);
        (await connect()).says({ bye: { code: 4501, reason: 'session_ended', retry: false } });
        const ended = lines.length;
        await vi.advanceTimersByTimeAsync(60_000);
        expect(lines.length).toBe(ended);
    });
});
