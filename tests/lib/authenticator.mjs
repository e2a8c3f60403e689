// tests/lib/authenticator.mjs: a passkey authenticator in software: makes ES256 credentials and signs assertions, and can be told
// to do each thing wrong.
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest();
const b64 = (data) => Buffer.from(data).toString('base64url');

// The little CBOR an attestation object takes.
const head = (major, n) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
const int = (n) => (n >= 0 ? head(0, n) : head(1, -1 - n));
const bytes = (data) => Buffer.concat([head(2, data.length), data]);
const text = (s) => Buffer.concat([head(3, Buffer.byteLength(s)), Buffer.from(s)]);
const map = (...pairs) => Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

export class Authenticator {
    constructor(origin) {
        this.origin = origin;
        this.id = randomBytes(32);
        this.counter = 0;
        Object.assign(this, generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    }
    #client(type, challenge, { origin = this.origin, cross = false } = {}) {
        return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: cross }));
    }
    #data(rpId, flags, more = Buffer.alloc(0)) {
        const counter = Buffer.alloc(4);
        counter.writeUInt32BE(this.counter);
        return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, more]);
    }
    /** What navigator.credentials.create gives for these options. */
    make(options, { flags = 0x45, rpId = options.rp_id, alg = -7, type = 'webauthn.create', ...client } = {}) {
        const jwk = this.publicKey.export({ format: 'jwk' });
        const [x, y] = [Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')];
        const key = map([int(1), int(2)], [int(3), int(alg)], [int(-1), int(1)], [int(-2), bytes(x)], [int(-3), bytes(y)]);
        const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key]);
        const data = this.#data(rpId, flags, attested);
        return {
            challenge_id: options.challenge_id,
            client_data: b64(this.#client(type, options.challenge, client)),
            attestation: b64(map([text('fmt'), text('none')], [text('attStmt'), map()], [text('authData'), bytes(data)])),
        };
    }
    /** What navigator.credentials.get gives for these options. */
    sign(options, { flags = 0x05, rpId = options.rp_id, count = true, type = 'webauthn.get', ...client } = {}) {
        if (count) this.counter++;
        const [data, clientData] = [this.#data(rpId, flags), this.#client(type, options.challenge, client)];
        const signature = createSign('sha256').update(Buffer.concat([data, sha256(clientData)])).sign(this.privateKey);
        return { challenge_id: options.challenge_id, credential: b64(this.id), client_data: b64(clientData), authenticator_data: b64(data), signature: b64(signature) };
    }
}
