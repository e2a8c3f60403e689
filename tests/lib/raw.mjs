// tests/lib/raw.mjs: HTTP as bytes on a socket, for what no client library would send.
import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from './wait.mjs';

/** Cuts one reply off the front of `bytes`: [reply, rest], or null while it is not complete. */
function cut(bytes, head = false) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const [line, ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(fields.map((f) => [f.slice(0, f.indexOf(':')).toLowerCase(), f.slice(f.indexOf(':') + 1).trim()]));
    const status = Number(line.split(' ')[1]);
    const none = head || status === 204 || status === 304;
    let from = end + 4;
    let body;
    if (!none && /chunked/.test(headers['transfer-encoding'] ?? '')) {
        const chunks = [];
        for (;;) {
            const eol = bytes.indexOf('\r\n', from);
            if (eol < 0) return null;
            const size = parseInt(bytes.subarray(from, eol).toString('latin1'), 16);
            if (bytes.length < eol + 2 + size + 2) return null;
            chunks.push(bytes.subarray(eol + 2, eol + 2 + size));
            from = eol + 2 + size + 2;
            if (size === 0) break;
        }
        body = Buffer.concat(chunks);
    } else {
        const length = none ? 0 : Number(headers['content-length'] ?? 0);
        if (bytes.length < from + length) return null;
        body = bytes.subarray(from, from + length);
        from += length;
    }
    const text = body.toString('utf8');
    const json = /json/.test(headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined;
    return [{ status, headers, text, body: json }, bytes.subarray(from)];
}

/** A connection to an http address. */
export class Wire {
    #bytes = Buffer.alloc(0);
    ended = false;

    static async open(address) {
        const url = new URL(address);
        const wire = new Wire();
        wire.host = url.host;
        wire.socket = connect({ host: url.hostname, port: url.port, noDelay: true, allowHalfOpen: true });
        wire.socket.on('data', (bytes) => (wire.#bytes = Buffer.concat([wire.#bytes, bytes])));
        wire.socket.on('error', () => (wire.ended = true)); // a reset is an end too
        wire.socket.on('end', () => (wire.ended = true));
        wire.socket.on('close', () => (wire.ended = true));
        await once(wire.socket, 'connect');
        return wire;
    }

    write(text) {
        if (this.socket.writable) this.socket.write(Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'));
    }

    /** The next reply. */
    reply({ head = false, within = 20_000 } = {}) {
        return until('a reply', () => {
            const found = cut(this.#bytes, head);
            if (!found) {
                if (this.ended) throw new Error(`the connection ended after ${JSON.stringify(this.#bytes.toString())}`);
                return null;
            }
            this.#bytes = found[1];
            return found[0];
        }, { within, every: 2 });
    }

    untilEnded(within = 20_000) {
        return until('the server ends the connection', () => this.ended, { within, every: 5 });
    }
    get leftover() {
        return this.#bytes.toString('latin1');
    }
    close() {
        this.socket.destroy();
    }
}

/** One request on a connection of its own. */
export async function exchange(address, text, options) {
    const wire = await Wire.open(address);
    wire.write(text);
    try {
        return await wire.reply(options);
    } finally {
        wire.close();
    }
}
