// tests/integration/auth-account.test.mjs: what changes in an account: forgotten ids and passwords, new ones, the profile;
// common passwords; stronger hashes; a flood of log-ins.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { id, number, value } from '../lib/db.mjs';
import { freshPhone, proveAPhone, signUp } from '../lib/people.mjs';
import { jpeg } from '../lib/pictures.mjs';
import { withSetting } from '../lib/settings.mjs';
import { processes, secret, stack } from '../lib/stack.mjs';

const refresh = (cookie) => send('POST', '/v1/auth/refresh', { headers: { cookie } });
const logIn = (person, password = person.password) => send('POST', '/v1/auth/login', { json: { login_id: person.loginId, password } });
const code = async (phone) => {
    const proof = await proveAPhone(phone);
    return { code_request: proof.request, code: proof.code };
};
const fresh = () => `새-비밀번호-${uuid()}`;

describe('passwords', () => {
    it('common ones are refused wherever one is chosen, also in disguise', async () => {
        const proof = await proveAPhone();
        const account = (password) => ({ login_id: `c_${uuid().slice(-12)}`, nickname: `새_${uuid().slice(-12)}`, password, code_request: proof.request, code: proof.code });
        for (const password of ['password123', 'Qwertyuiop', '1234567890', 'aaaaaaaaaaaa', 'dragondragon', 'Password2026!'])
            expectProblem(await send('POST', '/v1/auth/signup', { json: account(password) }), 422, 'invalid', '/password');
        const person = await signUp();
        expectProblem(await person.send('PUT', '/v1/auth/password', { json: { password: `${person.loginId}!!`, again: { password: person.password } } }), 422, 'invalid', '/password');
        expectProblem(await send('POST', '/v1/auth/reset-password', { json: { login_id: person.loginId, password: 'iloveyou1234', ...(await code(person.phone)) } }), 422, 'invalid', '/password');
    });

    it('a change needs the old one, keeps this device and ends the others', async () => {
        const person = await signUp();
        const other = await person.anotherDevice('Mozilla/5.0 (iPhone) Safari/604.1');
        const password = fresh();
        expectProblem(await person.send('PUT', '/v1/auth/password', { json: { password } }), 403, 'again_needed');
        expectProblem(await person.send('PUT', '/v1/auth/password', { json: { password, again: { password: 'wrong one' } } }), 401, 'bad_credentials');
        expect(await person.send('PUT', '/v1/auth/password', { json: { password, again: { password: person.password } } }), 204);
        expectProblem(await refresh(other.cookie), 401, 'no_refresh');
        await person.refresh();
        expectProblem(await logIn(person), 401, 'bad_credentials');
        expect(await logIn(person, password), 200);
    });

    it('A4 a forgotten one is set by phone, once, and every session ends', async () => {
        const person = await signUp();
        const other = await signUp();
        const password = fresh();
        expectProblem(await send('POST', '/v1/auth/reset-password', { json: { login_id: person.loginId, password, ...(await code(other.phone)) } }), 422, 'bad_code');
        const proof = await code(person.phone);
        const replies = await Promise.all(Array.from({ length: 3 }, () => send('POST', '/v1/auth/reset-password', { json: { login_id: person.loginId, password, ...proof } })));
        assert.deepEqual(replies.map((r) => r.status).sort(), [204, 422, 422], replies.map(told).join('\n'));
        expectProblem(await refresh(person.cookie), 401, 'no_refresh');
        expectProblem(await logIn(person), 401, 'bad_credentials');
        expect(await logIn(person, password), 200);
    });

    it('A12 one that was hashed with less work is hashed again at log-in', async () => {
        const person = await signUp();
        const weak = '$argon2id$v=19$m=4096,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$2nClVJZm+U4UKUbEVJwkWb/15LE2oOdUWBkNmqAqCRE';
        const args = ['--no-defaults', '-h', stack.db.host, '-P', stack.db.port, '-u', 'gonggu_auth', 'gonggu_auth', '-e'];
        await promisify(execFile)('mariadb', [...args, `UPDATE users SET password = '${weak}' WHERE id = ${id(person.id)}`], { env: { ...process.env, MYSQL_PWD: secret('db_auth') } });
        expectProblem(await logIn(person, 'not it'), 401, 'bad_credentials');
        assert.equal(await value(`SELECT password FROM gonggu_auth.users WHERE id = ${id(person.id)}`), weak);
        expect(await logIn(person, 'a-weakly-hashed-one'), 200);
        const now = await value(`SELECT password FROM gonggu_auth.users WHERE id = ${id(person.id)}`);
        assert.match(now, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
        expect(await logIn(person, 'a-weakly-hashed-one'), 200);
    });

    // In an hour of its own: what it does to the watch over all log-ins must not keep others out.
    it('A12 a flood of log-ins takes no more memory than its few hashes at a time', async () => {
        const { 'auth-1': { pid } } = await processes();
        const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
        const before = rss();
        let most = before;
        clock.advance(3 * clock.HOUR);
        const watch = setInterval(() => (most = Math.max(most, rss())), 5).unref();
        const flood = Promise.all(Array.from({ length: 64 }, (_, i) =>
            send('POST', '/v1/auth/login', { base: stack.instances.auth[0], within: 180_000, headers: { 'x-real-ip': `198.51.100.${i}` }, json: { login_id: `nobody_${i}_${uuid().slice(-8)}`, password: 'wrong password' } })));
        const replies = await flood.finally(() => (clearInterval(watch), clock.reset()));
        assert.ok(replies.every((r) => [401, 429, 503].includes(r.status)), [...new Set(replies.map(told))].slice(0, 5).join('\n'));
        assert.ok(most - before < 120 * 1024, `${most - before} KiB more for 64 log-ins at once; one hash takes 19 MiB`);
    });

    it('A12 when all who hash are busy and the line is full, the others are put off and told when to come back', async () => {
        const person = await signUp();
        const base = stack.instances.auth[0];
        const wrong = (_, i) => send('POST', '/v1/auth/login', {
            base, within: 180_000, headers: { 'x-real-ip': `198.51.100.${i}` },
            json: { login_id: i % 2 ? `nobody_${i}_${uuid().slice(-8)}` : person.loginId, password: 'wrong password' },
        });
        await withSetting(['auth-1'], 'GONGGU_QUEUE_MAX', 4, async () => {
            clock.advance(6 * clock.HOUR);
            const replies = await Promise.all(Array.from({ length: 100 }, wrong)).finally(() => clock.reset());
            const off = replies.filter((r) => r.status === 503);
            assert.ok(off.length >= 10, `${off.length} of 100 were put off, with a line of 4`);
            for (const reply of off) {
                assert.ok(expectProblem(reply, 503, 'unavailable').retryable);
                assert.ok(Number(reply.headers.get('retry-after')) >= 1);
            }
            assert.ok(replies.every((r) => [401, 429, 503].includes(r.status)), [...new Set(replies.map(told))].slice(0, 5).join('\n'));
            expect(await send('POST', '/v1/auth/login', { base, json: { login_id: person.loginId, password: person.password } }), 200);
        });
    });
});

describe('the phone', () => {
    it('A4 a hundred parallel redemptions of one code: one account', async () => {
        const proof = await proveAPhone();
        const replies = await Promise.all(Array.from({ length: 100 }, (_, i) => send('POST', '/v1/auth/signup', {
            base: stack.instances.auth[i % 2],
            json: { login_id: `p_${i}_${uuid().slice(-10)}`, nickname: `동시_${uuid().slice(-12)}`, password: fresh(), code_request: proof.request, code: proof.code },
        })));
        assert.equal(replies.filter((r) => r.status === 201).length, 1, [...new Set(replies.map((r) => r.status))].join());
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.users WHERE phone = '${proof.phone}'`), 1);
        assert.ok((await number(`SELECT tries FROM gonggu_auth.phone_code WHERE id = ${id(proof.request)}`)) <= 3);
    });

    it('A4 numbers in a row are asked for only so often', async () => {
        const prefix = freshPhone().slice(0, 7);
        const statuses = [];
        for (let i = 0; i < 105; i += 15)
            statuses.push(...(await Promise.all(Array.from({ length: 15 }, (_, k) =>
                send('POST', '/v1/auth/phone-codes', { json: { phone: prefix + String(1000 + i + k) } })))).map((r) => r.status));
        assert.ok(statuses.filter((s) => s === 202).length <= 100);
        assert.ok(statuses.filter((s) => s === 429).length >= 5, statuses.join());
    });

    it('finds a forgotten id, for the owner of the number only', async () => {
        const person = await signUp();
        const found = expect(await send('POST', '/v1/auth/find-id', { json: await code(person.phone) }), 200);
        assert.equal(found.login_id, person.loginId);
        assert.deepEqual(found.services, []);
        expectProblem(await send('POST', '/v1/auth/find-id', { json: await code(freshPhone()) }), 404, 'no_account');
        expectProblem(await send('POST', '/v1/auth/find-id', { json: { code_request: uuid(), code: '123456' } }), 422, 'bad_code');
    });

    it('is changed with a code to the new one and proof of the old; the other devices end', async () => {
        const person = await signUp();
        const other = await person.anotherDevice('Mozilla/5.0 (iPad) Safari/604.1');
        const taken = await signUp();
        const phone = freshPhone();
        const put = async (json) => person.send('PUT', '/v1/auth/phone', { json });
        expectProblem(await put(await code(phone)), 403, 'again_needed');
        const same = await code(phone);
        expectProblem(await put({ ...same, again: same }), 422, 'bad_code');
        expectProblem(await put({ ...(await code(taken.phone)), again: { password: person.password } }), 409, 'phone_taken');
        expect(await put({ ...(await code(phone)), again: { password: person.password } }), 204);
        expectProblem(await refresh(other.cookie), 401, 'no_refresh');
        assert.ok(expect(await person.get('/v1/auth/me'), 200).phone.endsWith(phone.slice(-4)));
        expectProblem(await send('POST', '/v1/auth/find-id', { json: await code(person.phone) }), 404, 'no_account');
    });
});

describe('the profile', () => {
    it('nickname, introduction and picture are what neighbours see', async () => {
        const [person, neighbour] = [await signUp(), await signUp()];
        const nickname = `망원 토마토 ${uuid().slice(-6)}`;
        const me = expect(await person.send('PATCH', '/v1/auth/me', { json: { nickname, introduction: '딸기를\n좋아해요' } }), 200);
        assert.deepEqual([me.nickname, me.introduction], [nickname, '딸기를\n좋아해요']);
        expect(await person.send('PUT', '/v1/auth/me/picture', { raw: jpeg, type: 'image/jpeg' }), 204);
        const seen = expect(await neighbour.get(`/v1/auth/users/${person.id}`), 200);
        assert.deepEqual([seen.nickname, seen.introduction], [nickname, '딸기를\n좋아해요']);
        assert.deepEqual(Object.keys(seen).sort(), ['created_at', 'id', 'introduction', 'nickname', 'picture']);
        const picture = await send('GET', seen.picture);
        assert.equal(picture.status, 200, told(picture));
        assert.equal(picture.headers.get('content-type'), 'image/webp');
        assert.equal(picture.bytes.subarray(8, 12).toString(), 'WEBP');
        const told_of = async () => JSON.parse(await value(`SELECT envelope FROM gonggu_auth.outbox WHERE aggregate = ${id(person.id)} ORDER BY sequence DESC LIMIT 1`)).data;
        assert.equal((await told_of()).picture, seen.picture, 'other services are told of the picture');
        expect(await person.send('DELETE', '/v1/auth/me/picture'), 204);
        assert.equal((await told_of()).picture, undefined);
        expectProblem(await send('GET', seen.picture), 404, 'not_found');
        assert.equal(expect(await person.send('PATCH', '/v1/auth/me', { json: { introduction: '' } }), 200).introduction, undefined);
        expectProblem(await person.send('PUT', '/v1/auth/me/picture', { raw: Buffer.from('not a picture'), type: 'image/jpeg' }), 422, 'not_a_picture');
    });

    it('nicknames are Korean or Latin letters, each of them one person\'s', async () => {
        const [person, other] = [await signUp(), await signUp()];
        const patch = (nickname) => person.send('PATCH', '/v1/auth/me', { json: { nickname } });
        for (const bad of ['ㅋㅋㅋ', '<b>이웃</b>', ' 앞칸', '두  칸', '이웃😀', 'Анна', 'a\u200bb'])
            assert.equal((await patch(bad)).status, 422, bad);
        expectProblem(await patch(other.nickname), 409, 'nickname_taken');
        expectProblem(await patch(other.nickname.toUpperCase()), 409, 'nickname_taken');
        expect(await patch(`Neighbour ${uuid().slice(-8)}`), 200);
        expect(await patch(`합정_${uuid().slice(-8)}`), 200);
    });
});
