// tests/lib/websocket.mjs: a WebSocket client (RFC 6455) that does as it is told, also what no good client would do.
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { connect } from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

/** The bytes of one frame. `length` lies about the payload's size when it is given. */
export function frame(opcode, payload, { fin = true, masked = true, reserved = 0, length } = {}) {
    const size = length ?? payload.length;
    const head = Buffer.alloc(2 + (size > 65535 ? 8 : size > 125 ? 2 : 0));
    head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
    head[1] = masked ? 0x80 : 0;
    if (size > 65535) {
        head[1] |= 127;
        head.writeBigUInt64BE(BigInt(size), 2);
    } else if (size > 125) {
        head[1] |= 126;
        head.writeUInt16BE(size, 2);
    } else {
        head[1] |= size;
    }
    if (!masked) return Buffer.concat([head, payload]);
    const key = randomBytes(4);
    return Buffer.concat([head, key, payload.map((byte, i) => byte ^ key[i % 4])]);
}

/** Events: "text" (a whole message), "pong" (its payload), "closed" ({code, reason}, or null when the connection just ended). */
export class WebSocket extends EventEmitter {
    #socket;
    #buffer = Buffer.alloc(0);
    #parts = [];
    #closing = null;

    /** Opens a socket at an http address. Rejects with `error.status` when the server answers something else than 101. */
    static open(address, { protocol, headers = {} } = {}) {
        const url = new URL(address);
        const socket = connect({ host: url.hostname, port: url.port, noDelay: true });
        const key = randomBytes(16).toString('base64');
        const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`, 'Upgrade: websocket', 'Connection: Upgrade'];
        lines.push(`Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13');
        if (protocol) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
        for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
        socket.write(`${lines.join('\r\n')}\r\n\r\n`);
        return new Promise((resolve, reject) => {
            let text = Buffer.alloc(0);
            const fail = (why, status) => {
                socket.destroy();
                reject(Object.assign(new Error(why), { status }));
            };
            socket.once('error', (error) => fail(error.message));
            socket.once('close', () => fail(`closed during the handshake: ${text}`));
            socket.on('data', function read(bytes) {
                text = Buffer.concat([text, bytes]);
                const end = text.indexOf('\r\n\r\n');
                if (end < 0) return;
                const head = text.subarray(0, end).toString('latin1');
                const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
                const accept = createHash('sha1').update(key + GUID).digest('base64');
                if (status !== 101) return void fail(`the handshake was answered ${text}`, status);
                if (!head.toLowerCase().includes(`sec-websocket-accept: ${accept.toLowerCase()}`))
                    return void fail(`wrong Sec-WebSocket-Accept: ${head}`);
                socket.removeAllListeners();
                const ws = new WebSocket();
                ws.protocol = /^sec-websocket-protocol: *(.*)$/im.exec(head)?.[1];
                ws.#take(socket, text.subarray(end + 4));
                resolve(ws);
            });
        });
    }

    #take(socket, rest) {
        this.#socket = socket;
        socket.on('data', (bytes) => this.#read(bytes));
        socket.on('error', () => {});
        socket.on('close', () => this.emit('closed', this.#closing));
        setImmediate(() => this.#read(rest)); // whoever opened it listens by then
    }

    #read(bytes) {
        this.#buffer = Buffer.concat([this.#buffer, bytes]);
        for (;;) {
            const buffer = this.#buffer;
            if (buffer.length < 2) return;
            let size = buffer[1] & 0x7f;
            let head = 2;
            if (size === 126) {
                if (buffer.length < 4) return;
                size = buffer.readUInt16BE(2);
                head = 4;
            } else if (size === 127) {
                if (buffer.length < 10) return;
                size = Number(buffer.readBigUInt64BE(2));
                head = 10;
            }
            if (buffer.length < head + size) return;
            const payload = buffer.subarray(head, head + size);
            this.#buffer = buffer.subarray(head + size);
            this.#frame(buffer[0] & 0x0f, (buffer[0] & 0x80) !== 0, Buffer.from(payload));
        }
    }

    #frame(opcode, fin, payload) {
        if (opcode === PING) this.write(frame(PONG, payload));
        else if (opcode === PONG) this.emit('pong', payload);
        else if (opcode === CLOSE) {
            this.#closing = { code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString() };
            this.write(frame(CLOSE, payload.subarray(0, 2)));
            this.#socket.end();
        } else if (opcode === 0 || opcode === TEXT) {
            this.#parts.push(payload);
            if (!fin) return;
            const text = Buffer.concat(this.#parts).toString('utf8');
            this.#parts = [];
            this.emit('text', text);
        }
    }

    /** Raw bytes. */
    write(bytes) {
        if (this.#socket.writable) this.#socket.write(bytes);
    }
    send(text) {
        this.write(frame(TEXT, Buffer.from(text)));
    }
    /** Says goodbye properly. */
    close() {
        const code = Buffer.alloc(2);
        code.writeUInt16BE(1000);
        this.write(frame(CLOSE, code));
        this.#socket.end();
    }
    /** Stops reading, and reads again. */
    pause() {
        this.#socket.pause();
    }
    resume() {
        this.#socket.resume();
    }
    /** Is gone without a word, as when a phone enters a tunnel. */
    drop() {
        this.#socket.resetAndDestroy();
    }
}
