// tests/bench/what/logins.mjs: log-ins through the gateway, with everything they write, from devices used before and from strange
// ones, against what the machine can do when it hashes and does nothing else, in as many threads. Short rounds in turn, each
// compared with the one beside it: the machine's speed changes. The other services rest: they would be on other machines.
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { expect, send } from '../../lib/api.mjs';
import { processes, stack, start, stop } from '../../lib/stack.mjs';
import { signUp } from '../../lib/people.mjs';
import { each } from '../../lib/wait.mjs';
import { limit } from '../lib/limits.mjs';
import { databasePid } from '../lib/peer.mjs';
import { load } from '../lib/wrk.mjs';

const PEOPLE = 64, TIMES = 3, CONNECTIONS = 16, SECONDS = 4;
const resting = ['deal', 'pay', 'chat', 'push'].flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));

/** Somebody's log-in; with the cookie of a device he has logged in from, or from one that has none. */
async function someone() {
    const { loginId, password } = await signUp();
    const strange = { method: 'POST', path: '/v1/auth/login', json: { login_id: loginId, password } };
    const reply = await send('POST', strange.path, { json: strange.json });
    expect(reply, 200);
    const cookie = reply.headers.getSetCookie().map((c) => c.split(';')[0]).find((c) => /gonggu_device=/.test(c));
    return { strange, known: { ...strange, cookie } };
}

/** A list that is done with its last answer, so that no hash of this round is left over for the next. */
const side = (people) => ({
    async run() {
        const list = Array.from({ length: TIMES }, () => people).flat();
        const result = await load(stack.gateway, list, { connections: CONNECTIONS });
        assert.deepEqual(result.statuses, { 200: list.length }, JSON.stringify(result.statuses));
        return { operations: list.length, seconds: result.seconds, p50: result.p50, p99: result.p99 };
    },
    pids: async () => Object.entries(await processes()).filter(([n]) => /^(auth-|nginx)/.test(n)).map(([, p]) => p.pid).concat(databasePid()),
});

export default {
    title: `log-ins, ${CONNECTIONS} connections, the session durable before the answer`,
    unit: 'log-ins/s',
    sides: { ours: 'from devices used before', argon2: 'bare argon2id of the same parameters on every core', strange: 'from strange devices, whose owners are told' },
    pairs: [['ours', 'argon2', 0.9], ['strange', 'argon2', 0.9]],
    paired: true,
    rounds: 11,
    async prepare() {
        const people = await each(Array.from({ length: PEOPLE }), 4, someone);
        await stop(...resting);
        return { ours: side(people.map((p) => p.known)), argon2: limit('argon2', cpus().length, SECONDS), strange: side(people.map((p) => p.strange)) };
    },
    end: () => start(...resting),
};
