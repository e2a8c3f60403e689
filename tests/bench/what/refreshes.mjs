// tests/bench/what/refreshes.mjs: refreshes through the gateway: every session moves on by one token, durable before the answer.
// The sessions are laid into the table, and their tokens made with the bench stack's own secret, as auth makes them.
import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { processes, secret, stack } from '../../lib/stack.mjs';
import { databasePid, sql } from '../lib/peer.mjs';
import { load } from '../lib/wrk.mjs';

const SESSIONS = 5000, CONNECTIONS = 64;
const key = secret('refresh');
const hex = (uuid) => uuid.replaceAll('-', '');
let generation = 0;

const sessions = Array.from({ length: SESSIONS }, (_, i) => ({ id: hex(randomUUID()), user: hex(randomUUID()), salt: randomBytes(16), i }));

/** The token of a session's newest generation: id, generation, MAC over both and the salt. */
function cookie({ id, salt }) {
    const head = Buffer.alloc(24);
    Buffer.from(id, 'hex').copy(head);
    head.writeBigUInt64BE(BigInt(generation), 16);
    const mac = createHmac('sha256', key).update(Buffer.concat([head, salt])).digest();
    return `gonggu_refresh=${Buffer.concat([head, mac]).toString('base64url')}`;
}

export default {
    title: `refreshes, ${CONNECTIONS} connections, the new generation durable before the answer`,
    unit: 'refreshes/s',
    async prepare() {
        for (let from = 0; from < SESSIONS; from += 200) {
            const part = sessions.slice(from, from + 200);
            sql(`INSERT INTO users (id, version, login_id, nickname, phone, password, created_at) VALUES
                ${part.map((s) => `(0x${s.user}, 1, 'bench_${s.i}', 'bench ${s.i}', '019${String(s.i).padStart(8, '0')}', '-', UTC_TIMESTAMP(3))`).join(',')};
                INSERT INTO sessions (id, user_id, salt, generation, rotated_at, device, address, opened_at) VALUES
                ${part.map((s) => `(0x${s.id}, 0x${s.user}, 0x${s.salt.toString('hex')}, 1, UTC_TIMESTAMP(3), 'bench', '', UTC_TIMESTAMP(3))`).join(',')}`, 'gonggu_auth');
        }
        let list;
        return {
            ours: {
                async before() {
                    generation++;
                    // the load ends with a few of the last unsent: they catch up, so that every token is the newest
                    sql(`UPDATE sessions SET generation = ${generation} WHERE device = 'bench'`, 'gonggu_auth');
                    list = sessions.map((s) => ({ method: 'POST', path: '/v1/auth/refresh', cookie: cookie(s) }));
                },
                async run() {
                    const result = await load(stack.gateway, list, { connections: CONNECTIONS });
                    assert.deepEqual(Object.keys(result.statuses), ['200'], JSON.stringify(result.statuses));
                    return { operations: SESSIONS, seconds: result.seconds, p50: result.p50, p99: result.p99 };
                },
                pids: async () => Object.entries(await processes()).filter(([n]) => /^(auth-|nginx)/.test(n)).map(([, p]) => p.pid).concat(databasePid()),
            },
        };
    },
    /** The sessions took one step, and none took two: a token sent twice gives the same successor. */
    async check() {
        const at = (which) => Number(sql(`SELECT COUNT(*) FROM sessions WHERE device = 'bench' AND ${which}`, 'gonggu_auth'));
        assert.ok(at(`generation = ${generation + 1}`) >= SESSIONS - CONNECTIONS);
        assert.equal(at(`generation > ${generation + 1} OR (device = 'bench' AND ended_at IS NOT NULL)`), 0);
    },
    async end() {
        sql("DELETE FROM sessions WHERE device = 'bench'; DELETE FROM users WHERE login_id LIKE 'bench%' AND password = '-'", 'gonggu_auth');
    },
};
