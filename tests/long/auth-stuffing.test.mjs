// tests/long/auth-stuffing.test.mjs: A6 in full: ten thousand accounts, one try each, every try from another address, among
// them accounts whose password the list knows; while their owners keep coming in from the devices they use.
// GONGGU_STUFFING tries (10000).
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { expect, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { AGENT, signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { stuff, throughWindows } from '../lib/stuffing.mjs';

const TRIES = Number(process.env.GONGGU_STUFFING ?? 10_000);
const VICTIMS = 50;
const base = (i) => stack.instances.auth[i % stack.instances.auth.length];

after(() => clock.reset());

it('A6 ten thousand accounts, one try each, changing addresses: slowed to the gate, and every owner gets in', async () => {
    const victims = await signUpMany(VICTIMS);
    const cookies = new Map();
    const logIn = async (person, i) => {
        const headers = { 'user-agent': AGENT, 'x-real-ip': `192.0.2.${1 + (i % 250)}`, ...(cookies.has(person) && { cookie: cookies.get(person) }) };
        const json = { login_id: person.loginId, password: person.password };
        const reply = await send('POST', '/v1/auth/login', { base: base(i), json, headers });
        expect(reply, 200);
        cookies.set(person, reply.headers.getSetCookie().map((c) => c.split(';')[0]).find((c) => /gonggu_device=/.test(c)));
    };
    for (const [i, person] of victims.entries()) await logIn(person, i);
    throughWindows(2 * clock.HOUR);

    // The list knows the password of every two hundredth account it tries.
    const began = Date.now();
    const owners = (async () => {
        let n = 0;
        for (let round = 0; round < 4; round++) for (const [i, person] of victims.entries()) await logIn(person, i).then(() => n++);
        return n;
    })();
    const seen = await stuff({ tries: TRIES, width: 16, base, hit: (i) => (i % 200 === 199 ? victims[(i / 200) | 0] : undefined) });
    const minutes = Math.ceil((Date.now() - began) / 60_000) + 1;
    const log = `${TRIES} tries in ${minutes - 1} min: ${seen.looked} passwords looked at, ${seen.inside} found, ${seen.refused} refused`;
    console.log(log);
    assert.ok(seen.looked <= 300 + 32 + 30 * minutes, log);
    assert.equal(await owners, 4 * VICTIMS, 'every log-in of an owner went through');
});
