// tests/conformance/chat/rfc6455.test.mjs: framing. Each case sends bytes and says how the server must take them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROTOCOL, until, uuid } from './transports.mjs';

const { frame, instances, WebSocket } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');
const CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
const bytes = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)));
const closeWith = (code, reason = '') => {
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    return frame(CLOSE, payload);
};

/** An open socket; `messages` and `closed` tell what came. */
async function open() {
    const ws = await WebSocket.open(`${instances[0]}/v1/chat/socket`, { protocol: PROTOCOL });
    const seen = { ws, messages: [], closed: undefined };
    ws.on('text', (text) => seen.messages.push(JSON.parse(text)));
    ws.on('closed', (how) => (seen.closed = how ?? { code: 1006 }));
    return seen;
}

/** The server takes these bytes as one frame of the protocol and answers it. */
async function answers(chunks, id) {
    const seen = await open();
    for (const chunk of chunks) {
        seen.ws.write(chunk);
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const answer = await until('the frame is answered', () => seen.messages.find((m) => m.id === id), 5000);
    assert.equal(seen.closed, undefined);
    seen.ws.drop();
    return answer;
}

/** The server closes, with one of these codes. */
async function closes(chunks, ...codes) {
    const seen = await open();
    for (const chunk of [chunks].flat()) seen.ws.write(chunk);
    const how = await until('the socket is closed', () => seen.closed, 8000);
    assert.ok(codes.includes(how.code), `closed with ${JSON.stringify(how)}, not ${codes}`);
}

const ask = (id) => Buffer.from(JSON.stringify({ id, read: { room: uuid(), seq: 1 } }));

describe('RFC 6455', () => {
    // 5.4 fragmentation
    it('a message in two, three, and very many fragments is one message', async () => {
        for (const [id, size] of [[1, 40], [2, 20], [3, 1]]) {
            const text = ask(id);
            const parts = [];
            for (let i = 0; i < text.length; i += size)
                parts.push(frame(i === 0 ? TEXT : CONTINUATION, text.subarray(i, i + size), { fin: i + size >= text.length }));
            await answers(parts, id);
        }
    });
    it('empty fragments count for nothing', () =>
        answers([frame(TEXT, Buffer.alloc(0), { fin: false }), frame(CONTINUATION, ask(4), { fin: false }), frame(CONTINUATION, Buffer.alloc(0))], 4));
    it('control frames may stand between fragments', () => {
        const text = ask(5);
        return answers([frame(TEXT, text.subarray(0, 9), { fin: false }), frame(PING, bytes('a')), frame(PONG, bytes('b')), frame(CONTINUATION, text.subarray(9))], 5);
    });
    it('frames cut anywhere between packets are put together', async () => {
        const whole = frame(TEXT, ask(6));
        await answers([...whole].map((byte) => Buffer.from([byte])), 6);
    });
    it('two frames in one packet are two messages', async () => {
        const seen = await open();
        seen.ws.write(bytes(frame(TEXT, ask(7)), frame(TEXT, ask(8))));
        await until('both are answered', () => [7, 8].every((id) => seen.messages.some((m) => m.id === id)));
        seen.ws.drop();
    });
    it('a continuation of nothing, and a new message inside another, end the socket with 1002', async () => {
        await closes(frame(CONTINUATION, bytes('x')), 1002);
        await closes([frame(TEXT, bytes('{'), { fin: false }), frame(TEXT, bytes('}'))], 1002);
    });
    // 5.3 masking, 5.2 reserved bits and opcodes
    it('an unmasked frame ends the socket with 1002', () => closes(frame(TEXT, ask(1), { masked: false }), 1002));
    it('reserved bits and opcodes end the socket with 1002', async () => {
        for (const reserved of [1, 2, 4]) await closes(frame(TEXT, ask(1), { reserved }), 1002);
        for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) await closes(frame(opcode, bytes('x')), 1002);
    });
    // 5.5 control frames
    it('a ping is answered with a pong of the same bytes, up to 125 of them', async () => {
        for (const size of [0, 1, 125]) {
            const seen = await open();
            let pong;
            seen.ws.on('pong', (payload) => (pong = payload));
            seen.ws.write(frame(PING, Buffer.alloc(size, 0x70)));
            await until('a pong comes', () => pong, 5000);
            assert.equal(pong.length, size);
            seen.ws.drop();
        }
    });
    it('a pong nobody asked for is no news', async () => {
        const seen = await open();
        seen.ws.write(bytes(frame(PONG, bytes('hello')), frame(TEXT, ask(9))));
        await until('the next frame is answered', () => seen.messages.some((m) => m.id === 9));
        seen.ws.drop();
    });
    it('control frames that are long or in pieces end the socket, with 1002 or without a code', async () => {
        for (const opcode of [CLOSE, PING, PONG]) {
            await closes(frame(opcode, Buffer.alloc(126)), 1002, 1005);
            await closes(frame(opcode, bytes('x'), { fin: false }), 1002, 1005);
        }
    });
    // 5.5.1, 7.4 closing
    it('a close is answered with the same code', async () => {
        for (const code of [1000, 1001, 1003, 1007, 1011, 3000, 4999]) await closes(closeWith(code, 'bye'), code);
        await closes(frame(CLOSE, Buffer.alloc(0)), 1000, 1005);
    });
    it('codes that must not be sent, half a code, and a reason that is no text end the socket with 1002 or 1007', async () => {
        for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]) await closes(closeWith(code), 1002);
        await closes(frame(CLOSE, Buffer.from([3])), 1002, 1005);
        await closes(frame(CLOSE, Buffer.from([3, 0xe8, 0xff, 0xfe])), 1007, 1002);
    });
    it('nothing that comes after a close is looked at', async () => {
        const seen = await open();
        seen.ws.write(bytes(closeWith(1000), frame(TEXT, ask(10))));
        await until('the socket is closed', () => seen.closed);
        assert.ok(!seen.messages.some((m) => m.id === 10));
    });
    // 8.1 UTF-8
    it('a character cut in two between fragments is whole again', async () => {
        const text = Buffer.from(JSON.stringify({ id: 11, send: { room: uuid(), cid: uuid(), text: '감귤 🍊 넷' } }));
        for (const cut of [text.indexOf('감') + 1, text.indexOf('🍊') + 1, text.indexOf('🍊') + 3])
            await answers([frame(TEXT, text.subarray(0, cut), { fin: false }), frame(CONTINUATION, text.subarray(cut))], 11);
    });
    it('bytes that are no UTF-8 end the socket with 1007: alone, at the end, over fragments, surrogates, too long, too large', async () => {
        for (const bad of [[0xff], [0xc3], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0x80]])
            await closes(frame(TEXT, Buffer.from([0x7b, ...bad])), 1007);
        await closes([frame(TEXT, Buffer.from([0x7b, 0xce]), { fin: false }), frame(CONTINUATION, Buffer.from([0x20]))], 1007);
    });
    // sizes
    it('a message of 64 KB is read; one byte more, in one frame or in pieces, ends the socket with 1009', async () => {
        const text = Buffer.alloc(65_536, 0x20);
        ask(12).copy(text);
        await answers([frame(TEXT, text)], 12);
        await closes(frame(TEXT, Buffer.alloc(65_537, 0x20)), 1009);
        await closes([frame(TEXT, Buffer.alloc(40_000, 0x20), { fin: false }), frame(CONTINUATION, Buffer.alloc(40_000, 0x20))], 1009);
        await closes(frame(TEXT, Buffer.alloc(10), { length: 2 ** 40 }), 1009, 1002);
    });
    it('binary messages end the socket with 1003', () => closes(frame(BINARY, ask(1)), 1003));
    // 4 handshake
    it('a handshake that is none is refused with a status', async () => {
        const status = (options) => WebSocket.open(`${instances[0]}/v1/chat/socket`, options).then((ws) => (ws.drop(), 101), (e) => e.status);
        assert.equal(await status({ protocol: PROTOCOL }), 101);
        assert.ok((await status({ protocol: 'other.v9' })) >= 400);
        assert.ok((await status({})) >= 400, 'no subprotocol');
        assert.equal(await status({ protocol: PROTOCOL, headers: { Origin: 'https://evil.example' } }), 403);
    });
});
