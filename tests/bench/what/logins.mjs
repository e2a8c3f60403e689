// tests/bench/what/logins.mjs: log-ins through the gateway, from devices not seen before, with everything they write, against
// what the machine can do when it hashes and does nothing else. The other services rest: they would be on other machines.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { processes, stack, start, stop } from '../../lib/stack.mjs';
import { signUp } from '../../lib/people.mjs';
import { each } from '../../lib/wait.mjs';
import { limit } from '../lib/limits.mjs';
import { databasePid } from '../lib/peer.mjs';
import { load } from '../lib/wrk.mjs';

const PEOPLE = 64, CONNECTIONS = 16, SECONDS = 8;
const resting = ['deal', 'pay', 'chat', 'push'].flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));

export default {
    title: `log-ins, ${CONNECTIONS} connections, the session durable before the answer`,
    unit: 'log-ins/s',
    sides: { argon2: 'bare argon2id of the same parameters on every core' },
    goal: 0.9,
    async prepare() {
        const people = await each(Array.from({ length: PEOPLE }), 4, () => signUp());
        const list = people.map((p) => ({ method: 'POST', path: '/v1/auth/login', json: { login_id: p.loginId, password: p.password } }));
        await stop(...resting);
        return {
            ours: {
                async run() {
                    const result = await load(stack.gateway, list, { connections: CONNECTIONS, seconds: SECONDS, once: false });
                    assert.deepEqual(Object.keys(result.statuses), ['200'], JSON.stringify(result.statuses));
                    return { operations: result.requests, seconds: result.seconds, p50: result.p50, p99: result.p99 };
                },
                pids: async () => Object.entries(await processes()).filter(([n]) => /^(auth-|nginx)/.test(n)).map(([, p]) => p.pid).concat(databasePid()),
            },
            argon2: limit('argon2', cpus().length, SECONDS),
        };
    },
    end: () => start(...resting),
};
