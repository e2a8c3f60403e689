// tests/bench/what/push_encrypt.mjs: one push made ready: words, JSON, acknowledgement, encryption, VAPID header; against the
// OpenSSL calls nobody can do without (a fresh key, ECDH, three HKDFs, AES-GCM), and against npm web-push making the same.
import { browser, ours, webPush } from '../lib/pushes.mjs';

export default {
    title: 'encrypted and signed pushes, per second of one core',
    unit: 'pushes/s',
    sides: { bare: 'fresh key + ECDH + HKDF + AES-GCM by bare OpenSSL', peer: 'npm web-push' },
    goals: { peer: 5 },
    async prepare() {
        const b = browser();
        return { ours: ours('encrypt', b), bare: ours('bare', b), peer: webPush('encrypt', b) };
    },
};
