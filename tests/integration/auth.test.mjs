// tests/integration/auth.test.mjs: accounts and sessions: codes, log-in without telling who exists, refresh that survives
// lost answers and ends stolen sessions, log-out that reaches everything.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expect, expectProblem, send, told } from '../lib/api.mjs';
import { ChatClient } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { id, number, value } from '../lib/db.mjs';
import { AGENT, freshPhone, proveAPhone, signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const claims = (person) => JSON.parse(Buffer.from(person.token.split('.')[1], 'base64url'));
const generation = (person) => number(`SELECT generation FROM gonggu_auth.sessions WHERE id = ${id(claims(person).sid)}`);
const refresh = (cookie, options = {}) => send('POST', '/v1/auth/refresh', { ...options, headers: { cookie, ...options.headers } });
const cookieOf = (reply) => /^([^;]+);/.exec(reply.headers.get('set-cookie') ?? '')?.[1];
const everywhere = ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
let serial = Math.floor(Math.random() * 1e9);
const newAccount = (proof, changes = {}) => ({
    login_id: `a_${(++serial).toString(36)}`, password: 'long enough, really', nickname: `새이웃_${(++serial).toString(36)}`,
    code_request: proof.request, code: proof.code, ...changes,
});
const signup = (json, base) => send('POST', '/v1/auth/signup', { json, base });

describe('sign-up', () => {
    it('A4 a code is used once, under parallel redemption', async () => {
        const proof = await proveAPhone();
        const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => signup(newAccount(proof), stack.instances.auth[i % 2])));
        assert.equal(replies.filter((r) => r.status === 201).length, 1, replies.map(told).join('\n'));
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.users WHERE phone = '${proof.phone}'`), 1);
        expectProblem(await signup(newAccount(proof)), 422, 'bad_code');
    });

    it('A4 wrong codes use up the tries: then the right one is refused too', async () => {
        const proof = await proveAPhone();
        const wrong = String((Number(proof.code) + 1) % 1e6).padStart(6, '0');
        let tries = 0;
        for (; tries < 10; tries++) expectProblem(await signup(newAccount(proof, { code: wrong })), 422, 'bad_code');
        expectProblem(await signup(newAccount(proof)), 422, 'bad_code');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.users WHERE phone = '${proof.phone}'`), 0);
    });

    it("A4 a code does not fit another's request, and is void after ten minutes at most", async () => {
        const [mine, other] = [await proveAPhone(), await proveAPhone()];
        expectProblem(await signup(newAccount(mine, { code_request: other.request, code: mine.code === other.code ? '000000' : mine.code })), 422, 'bad_code');
        clock.advance(10 * clock.MINUTE + clock.SECOND);
        try {
            expectProblem(await signup(newAccount(mine)), 422, 'bad_code');
        } finally {
            clock.reset();
        }
    });

    it('A4 one number gets few codes an hour', async () => {
        const phone = freshPhone();
        for (let i = 0; i < 5; i++) expect(await send('POST', '/v1/auth/phone-codes', { json: { phone } }), 202);
        expectProblem(await send('POST', '/v1/auth/phone-codes', { json: { phone } }), 429, 'code_budget');
    });

    it('what is taken is said so: id, nickname, number', async () => {
        const person = await signUp();
        const proof = await proveAPhone();
        expectProblem(await signup(newAccount(proof, { login_id: person.loginId })), 409, 'login_id_taken');
        expectProblem(await signup(newAccount(proof, { nickname: person.nickname })), 409, 'nickname_taken');
        const same = await proveAPhone(person.phone);
        expectProblem(await signup(newAccount(same)), 409, 'phone_taken');
        const free = expect(await send('GET', `/v1/auth/availability?login_id=${person.loginId}&nickname=nobody_${serial}`), 200);
        assert.equal(free.login_id_free ?? false, false);
        assert.equal(free.nickname_free, true);
    });

    it('the code and the password stand in no table', async () => {
        const proof = await proveAPhone();
        const account = newAccount(proof);
        expect(await signup(account), 201);
        const stored = await value(`SELECT password FROM gonggu_auth.users WHERE login_id = '${account.login_id}'`);
        assert.match(stored, /^\$argon2id\$/);
        assert.ok(!stored.includes(account.password));
    });
});

describe('log-in', () => {
    it('A5 an unknown id and a wrong password are answered alike', async () => {
        const person = await signUp();
        const strip = ({ status, body }) => ({ status, body: { ...body, request_id: 0 } });
        const wrong = await send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password: 'wrong password' } });
        const unknown = await send('POST', '/v1/auth/login', { json: { login_id: `nobody_${serial}`, password: 'wrong password' } });
        expectProblem(wrong, 401, 'bad_credentials');
        assert.deepEqual(strip(unknown), strip(wrong));
        const names = (reply) => [...reply.headers.keys()].filter((name) => name !== 'date').sort();
        assert.deepEqual(names(unknown), names(wrong));
    });

    it('A5 asking for a code tells nothing about the number', async () => {
        const person = await signUp();
        const known = await send('POST', '/v1/auth/phone-codes', { json: { phone: person.phone } });
        const unknown = await send('POST', '/v1/auth/phone-codes', { json: { phone: freshPhone() } });
        assert.deepEqual([known.status, Object.keys(known.body)], [unknown.status, Object.keys(unknown.body)]);
    });

    it('after ten wrong passwords an account is let alone for a while, also with the right one', async () => {
        const person = await signUp();
        for (let i = 0; i < 10; i++)
            expectProblem(await send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password: `wrong ${i}` } }), 401, 'bad_credentials');
        const json = { login_id: person.loginId, password: person.password };
        expectProblem(await send('POST', '/v1/auth/login', { json }), 429, 'throttled');
        clock.advance(16 * clock.MINUTE);
        try {
            expect(await send('POST', '/v1/auth/login', { json }), 200);
        } finally {
            clock.reset();
        }
    });

    it('the refresh token is a cookie no script can read', async () => {
        const person = await signUp();
        const reply = await send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password: person.password } });
        const cookie = reply.headers.get('set-cookie');
        for (const part of [/HttpOnly/i, /SameSite=Lax/i, /Path=\//]) assert.match(cookie, part);
        assert.ok(!reply.text.includes(cookieOf(reply).split('=')[1]), 'the refresh token stands in the body');
    });
});

describe('refresh', () => {
    it('A1 fifty parallel refreshes with one token: one successor, nobody is logged out', async () => {
        const person = await signUp();
        const before = await generation(person);
        const replies = await Promise.all(Array.from({ length: 50 }, (_, i) => refresh(person.cookie, { base: stack.instances.auth[i % 2] })));
        for (const reply of replies) expect(reply, 200);
        assert.equal(new Set(replies.map(cookieOf)).size, 1, 'one successor');
        assert.equal(await generation(person), before + 1, 'one step');
        const next = await refresh(cookieOf(replies[0]));
        expect(next, 200);
        expect(await send('GET', '/v1/auth/me', { token: next.body.access_token }), 200);
    });

    it('A1 a client that lost the answer gets the same successor again; long after, the old token ends the session', async () => {
        const person = await signUp();
        const first = await refresh(person.cookie);
        const again = await refresh(person.cookie, { base: stack.instances.auth[1] });
        expect(again, 200);
        assert.equal(cookieOf(again), cookieOf(first));
        clock.advance(clock.DAY);
        try {
            expectProblem(await refresh(person.cookie), 401, 'refresh_reused');
            expectProblem(await refresh(cookieOf(first)), 401, 'no_refresh');
        } finally {
            clock.reset();
        }
    });

    it('A2 a token two generations old ends the session, for the thief and for the owner', async () => {
        const person = await signUp();
        const other = await person.anotherDevice('Mozilla/5.0 (iPhone) Safari/604.1');
        const second = await refresh(person.cookie);
        const third = await refresh(cookieOf(second));
        expect(third, 200);
        const stolen = await refresh(person.cookie);
        expectProblem(stolen, 401, 'refresh_reused');
        expectProblem(await refresh(cookieOf(third)), 401, 'no_refresh');
        for (const path of everywhere)
            await until(`${path} knows`, async () => (await send('GET', path, { token: third.body.access_token })).status === 401);
        const reason = await number(`SELECT end_reason FROM gonggu_auth.sessions WHERE id = ${id(claims(person).sid)}`);
        assert.equal(reason, 1, 'reuse');
        await until('the owner is told', async () => (await other.inbox()).items.some((n) => n.kind === 'token_reused'));
    });

    it('made-up, cut and foreign tokens: 401, and no session ends', async () => {
        const person = await signUp();
        const [name, token] = person.cookie.split('=');
        const flipped = (token[60] === 'A' ? 'B' : 'A');
        for (const bad of ['', 'x', token.slice(0, -1), `${token}A`, token.slice(0, 60) + flipped + token.slice(61), 'A'.repeat(token.length)])
            expectProblem(await refresh(`${name}=${bad}`), 401, 'no_refresh');
        expectProblem(await send('POST', '/v1/auth/refresh'), 401, 'no_refresh');
        expect(await refresh(person.cookie), 200);
    });

    it('another site cannot refresh: 403', async () => {
        const person = await signUp();
        expectProblem(await refresh(person.cookie, { headers: { origin: 'https://evil.example' } }), 403, 'bad_origin');
        expect(await refresh(person.cookie, { headers: { origin: stack.gateway } }), 200);
    });
});

describe('log-out', () => {
    it('A3 reaches all five services and the open socket within a second; the other device stays', async () => {
        const person = await signUp();
        const other = await person.anotherDevice('Mozilla/5.0 (iPhone) Safari/604.1');
        const socket = await ChatClient.connect(person);
        const stays = await ChatClient.connect(other);
        for (const path of everywhere) expect(await person.get(path), 200);
        const began = Date.now();
        expect(await person.send('POST', '/v1/auth/logout'), 204);
        const reached = {};
        await Promise.all([
            socket.untilClosed().then(() => (reached.socket = socket.closed.at - began)),
            ...everywhere.flatMap((path) => stack.instances[path.split('/')[2]].map((base) =>
                until(`${base}${path} knows`, async () => {
                    const reply = await send('GET', path, { token: person.token, base });
                    return reply.status === 401 && reply.body.code === 'session_ended';
                }, { within: 5000, every: 10 }).then(() => (reached[base + path] = Date.now() - began)))),
        ]);
        const late = Object.entries(reached).filter(([, ms]) => ms > 1000);
        assert.deepEqual(late, [], 'within a second');
        assert.equal(socket.bye?.retry ?? false, false, 'and is told not to come back');
        for (const path of everywhere) expect(await other.get(path), 200);
        assert.equal(stays.closed, undefined);
        stays.close();
        expectProblem(await refresh(person.cookie), 401, 'no_refresh');
    });

    it('devices are listed, ended one by one, or all but this one', async () => {
        const person = await signUp();
        const phone = await person.anotherDevice('Mozilla/5.0 (iPhone) Safari/604.1');
        const tablet = await person.anotherDevice('Mozilla/5.0 (iPad) Safari/604.1');
        const list = expect(await person.get('/v1/auth/sessions'), 200).items;
        assert.equal(list.length, 3);
        assert.deepEqual(list.filter((s) => s.current).map((s) => s.id), [claims(person).sid]);
        assert.ok(list.some((s) => /iPhone/.test(s.device)));
        expect(await person.send('DELETE', `/v1/auth/sessions/${claims(phone).sid}`), 204);
        expectProblem(await refresh(phone.cookie), 401, 'no_refresh');
        expect(await refresh(tablet.cookie), 200);
        expect(await person.send('POST', '/v1/auth/logout-others'), 204);
        expectProblem(await refresh(tablet.cookie), 401, 'no_refresh');
        assert.equal(expect(await person.get('/v1/auth/sessions'), 200).items.length, 1);
    });

    it('A13 a log-in from a browser not used before is told to the owner, whatever it calls itself; from one he used, nobody', async () => {
        const [person, stranger] = [await signUp(), await signUp()];
        const logIn = async ({ loginId, password }, headers) => {
            const reply = await send('POST', '/v1/auth/login', { json: { login_id: loginId, password }, headers: { 'user-agent': AGENT, ...headers } });
            expect(reply, 200);
            return reply.headers.getSetCookie().map((c) => c.split(';')[0]).find((c) => /gonggu_device=/.test(c));
        };
        const notices = async () => (await person.inbox()).items.filter((n) => n.kind === 'new_device').length;
        const events = () => number(`SELECT COUNT(*) FROM gonggu_auth.outbox WHERE aggregate = ${id(person.id)}`);
        const before = await events();
        const cookie = await logIn(person); // a thief's browser has the same name
        await until('the owner is told', async () => (await notices()) === 1);
        assert.equal(await events(), before + 1);
        await logIn(person, { cookie });
        assert.equal(await events(), before + 1, 'nothing is published that nobody has to know');
        await logIn(person, { cookie: await logIn(stranger) });
        await until('the owner is told again', async () => (await notices()) === 2);
        const kinds = expect(await person.get('/v1/auth/security-log'), 200).items.map((e) => e.kind);
        assert.deepEqual(kinds.slice(0, 3), ['new_device', 'login', 'new_device']);
    });

    it('sessions of others are not there', async () => {
        const [one, two] = [await signUp(), await signUp()];
        expectProblem(await one.send('DELETE', `/v1/auth/sessions/${claims(two).sid}`), 404, 'not_found');
        expect(await refresh(two.cookie), 200);
    });

    it('a session that is refreshed lives on, until thirty days after the last time', async () => {
        const person = await signUp();
        const sid = id(claims(person).sid);
        const due = () => value(`SELECT due_at FROM gonggu_auth.due WHERE kind = 'auth.session_idle' AND subject = ${sid}`);
        const ended = () => value(`SELECT ended_at IS NOT NULL FROM gonggu_auth.sessions WHERE id = ${sid}`);
        try {
            const first = await due();
            clock.advance(20 * clock.DAY);
            const cookie = cookieOf(await refresh(person.cookie));
            clock.advance(10 * clock.DAY + clock.MINUTE); // thirty days after the log-in
            await until('its end has been put off', async () => (await due()) !== first);
            assert.equal(await ended(), '0');
            clock.advance(20 * clock.DAY);
            await until('the session has ended', async () => (await ended()) === '1');
            expectProblem(await refresh(cookie), 401, 'no_refresh');
        } finally {
            clock.reset();
        }
    });

    it('a session ends by itself after thirty idle days', async () => {
        const person = await signUp();
        clock.advance(30 * clock.DAY + clock.MINUTE);
        try {
            await until('the session has ended', async () =>
                (await value(`SELECT ended_at IS NOT NULL FROM gonggu_auth.sessions WHERE id = ${id(claims(person).sid)}`)) === '1');
            expectProblem(await refresh(person.cookie), 401, 'no_refresh');
        } finally {
            clock.reset();
        }
    });
});

describe('one account', () => {
    it('me shows the own account, the number masked', async () => {
        const person = await signUp();
        const me = expect(await person.get('/v1/auth/me'), 200);
        assert.equal(me.id, person.id);
        assert.equal(me.login_id, person.loginId);
        assert.ok(!JSON.stringify(me).includes(person.phone), 'the whole number stands in the reply');
        assert.ok(me.phone.endsWith(person.phone.slice(-4)));
    });
});
