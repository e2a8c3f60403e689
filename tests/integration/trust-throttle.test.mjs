// tests/integration/trust-throttle.test.mjs: guessing passwords, one account at a time, many accounts from everywhere, and
// the owner who still gets in.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { AGENT, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { stuff, throughWindows } from '../lib/stuffing.mjs';
import { each } from '../lib/wait.mjs';

const instance = (i) => stack.instances.auth[i % stack.instances.auth.length];
let serial = 0;
const address = () => `198.51.${100 + (serial >> 8)}.${serial++ & 255}`;
const deviceCookie = (reply) => reply.headers.getSetCookie().map((c) => c.split(';')[0]).find((c) => /gonggu_device=/.test(c));
const logIn = (person, { password = person.password, cookie, from = address() } = {}) =>
    send('POST', '/v1/auth/login', {
        base: instance(serial),
        json: { login_id: person.loginId, password },
        headers: { 'user-agent': AGENT, 'x-real-ip': from, ...(cookie && { cookie }) },
    });

afterEach(() => clock.reset());

describe('one account', () => {
    it('A6 ten wrong passwords from anywhere lock strangers out, but not the owner on a known device', async () => {
        const person = await signUp();
        const cookie = deviceCookie(expectStatus(await logIn(person), 200));
        assert.ok(cookie, 'a log-in leaves a device cookie');
        // A hundred at once are a hundred: each is counted before its password is looked at.
        const replies = await Promise.all(Array.from({ length: 40 }, () => logIn(person, { password: 'a wrong guess' })));
        const looked = replies.filter((r) => r.status === 401).length;
        assert.ok(looked > 0 && looked <= 10, `${looked} guesses were looked at`);
        assert.equal(replies.filter((r) => r.status === 429).length, 40 - looked);
        expectProblem(await logIn(person), 429, 'throttled');
        expectStatus(await logIn(person, { cookie }), 200);
        clock.advance(15 * clock.MINUTE);
        expectStatus(await logIn(person), 200);
    });

    it('a device cookie serves for its account only, and not for guessing', async () => {
        const [owner, other] = [await signUp(), await signUp()];
        const cookie = deviceCookie(expectStatus(await logIn(owner), 200));
        for (let i = 0; i < 10; i++) expectProblem(await logIn(other, { cookie, password: 'a wrong guess' }), 401, 'bad_credentials');
        expectProblem(await logIn(other, { cookie }), 429, 'throttled');
        // Guessing from the known device: ten, then it is a stranger among strangers.
        for (let i = 0; i < 20; i++) expectProblem(await logIn(owner, { cookie, password: 'a wrong guess' }), 401, 'bad_credentials');
        expectProblem(await logIn(owner, { cookie }), 429, 'throttled');
    });

    it('a right password gives the try back', async () => {
        const person = await signUp();
        for (let i = 0; i < 12; i++) expectStatus(await logIn(person), 200);
    });

    it('an id nobody has is throttled as one that somebody has', async () => {
        const nobody = { loginId: `nobody_${Math.floor(Math.random() * 1e9)}`, password: 'x' };
        for (let i = 0; i < 10; i++) expectProblem(await logIn(nobody), 401, 'bad_credentials');
        expectProblem(await logIn(nobody), 429, 'throttled');
    });
});

describe('one address', () => {
    it('A6 a hundred wrong passwords from one address, whatever the accounts', async () => {
        const from = `203.0.${Math.floor(Math.random() * 250)}.9`;
        throughWindows(clock.HOUR);
        const tries = Array.from({ length: 110 }, (_, i) => ({ loginId: `spray_${i}_${Date.now() % 1e6}`, password: 'a wrong guess' }));
        const replies = await each(tries, 16, (person) => logIn(person, { from }));
        const looked = replies.filter((r) => r.status === 401).length;
        assert.ok(looked > 80 && looked <= 100, `${looked} guesses were looked at`);
        assert.equal(replies.filter((r) => r.status === 429).length, 110 - looked);
    });
});

describe('many accounts from everywhere', () => {
    it('A6 stuffing, one try each from changing addresses, is let through a narrow gate; owners on known devices pass', async () => {
        const owners = await Promise.all([signUp(), signUp(), signUp()]);
        const cookies = [];
        for (const owner of owners) cookies.push(deviceCookie(expectStatus(await logIn(owner), 200)));
        const stranger = await signUp();
        throughWindows(3 * clock.HOUR);
        const began = Date.now();
        const seen = await stuff({ tries: 380, width: 16, base: instance });
        const minutes = Math.floor((Date.now() - began) / 60_000) + 2; // windows of the gate it may have seen
        assert.ok(seen.looked >= 300 && seen.looked <= 300 + 16 + 30 * minutes, `${seen.looked} passwords in ${minutes} minutes`);
        assert.equal(seen.looked + seen.refused, 380);
        for (let i = 0; i < owners.length; i++) expectStatus(await logIn(owners[i], { cookie: cookies[i] }), 200);
        if (Date.now() - began < 50_000) expectProblem(await logIn(stranger), 429, 'throttled');
        // A minute later the gate lets a few more through; when the storm is over everybody is welcome.
        clock.advance(clock.MINUTE);
        const again = Date.now();
        const later = await stuff({ tries: 45, width: 16, base: instance });
        assert.ok(later.looked <= 30 * (Math.floor((Date.now() - again) / 60_000) + 2), `${later.looked} in the next minute`);
        clock.advance(11 * clock.MINUTE);
        expectStatus(await logIn(stranger), 200);
    });
});

function expectStatus(reply, status) {
    expect(reply, status);
    return reply;
}
