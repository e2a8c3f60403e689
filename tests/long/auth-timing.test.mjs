// tests/long/auth-timing.test.mjs: A5 in full: how long an answer takes does not tell whether an account exists. Requests of
// both kinds are mixed at random; what an attacker who sees one answer could win by its time is the area under the ROC
// curve (Mann-Whitney): 0.5 is a guess. GONGGU_TIMING samples of each kind (2000).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { send, told } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const SAMPLES = Number(process.env.GONGGU_TIMING ?? 2000);
const TRIES = 8; // of one id: fewer than what closes an account for a while
const WINDOW = 200; // requests of a quarter of an hour: fewer than what closes the gate to unknown devices
const [base] = stack.instances.auth;
let serial = Math.floor(Math.random() * 1e9);
const nobody = () => `nobody_${(++serial).toString(36)}`;
const address = () => `203.0.113.${1 + (++serial % 250)}`;

/** The chance that a value of `a` is above one of `b`, ties counted half. */
function area(a, b) {
    const all = [...a.map((v) => [v, 0]), ...b.map((v) => [v, 1])].sort((x, y) => x[0] - y[0]);
    let below = 0, sum = 0;
    for (const [, kind] of all) {
        if (kind === 1) below++;
        else sum += below;
    }
    return sum / (a.length * b.length);
}

/** Milliseconds of each kind of request, mixed at random; all must be answered with `status`. */
async function times(known, unknown, request, status) {
    const took = { known: [], unknown: [] };
    const order = Array.from({ length: SAMPLES * 2 }, (_, i) => (i % 2 ? 'known' : 'unknown')).map((kind) => [Math.random(), kind]).sort((x, y) => x[0] - y[0]);
    for (const [i, [, kind]] of order.entries()) {
        const n = took[kind].length;
        if (i % WINDOW === 0) clock.advance(16 * clock.MINUTE);
        const json = request(kind === 'known' ? known[n % known.length] : unknown[n % unknown.length]);
        const began = process.hrtime.bigint();
        const reply = await send('POST', json.path, { base, json: json.body, headers: { 'x-real-ip': address() } });
        took[kind].push(Number(process.hrtime.bigint() - began) / 1e6);
        assert.equal(reply.status, status, told(reply));
    }
    return took;
}

describe('A5 times tell nothing', () => {
    let people;
    before(async () => (people = await signUpMany(Math.ceil(SAMPLES / TRIES)))); // the SMS gateway takes nothing from another time
    after(() => clock.reset());
    // Three standard deviations of the estimate, and a hundredth.
    const most = 0.01 + 3 * Math.sqrt((2 * SAMPLES + 1) / (12 * SAMPLES * SAMPLES));
    const CASES = [
        ['a log-in with a wrong password', 401, (login_id) => ({ path: '/v1/auth/login', body: { login_id, password: 'a wrong guess' } })],
        ['a new password with a wrong code', 422, (login_id) => ({ path: '/v1/auth/reset-password', body: { code_request: crypto.randomUUID(), code: '000000', login_id, password: 'a new long one' } })],
        ['a sign-up with a wrong code', 422, (login_id) => ({ path: '/v1/auth/signup', body: { code_request: crypto.randomUUID(), code: '000000', login_id, password: 'a new long one', nickname: `n${(++serial).toString(36)}` } })],
    ];
    for (const [says, status, request] of CASES)
        it(`${says}: known or not, an attacker guesses`, async (t) => {
            const took = await times(people.map((p) => p.loginId), people.map(nobody), request, status);
            const seen = area(took.known, took.unknown);
            t.diagnostic(`area under the curve ${seen.toFixed(4)} (0.5 ± ${most.toFixed(4)}), ${SAMPLES} samples each`);
            assert.ok(Math.abs(seen - 0.5) <= most, `the time of one answer is right in ${(100 * Math.max(seen, 1 - seen)).toFixed(1)} % of the cases`);
        });
});
