// tests/integration/outage.test.mjs: what the services stand on goes away and comes back: the database, Redis, the broker,
// each other; and an event that cannot be handled.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join as path } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import { ChatClient, roomLog, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query, value } from '../lib/db.mjs';
import { act, askJoin, askShare, dealIn, join, openDeal, seeDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { noticed } from '../lib/money.mjs';
import { signUp } from '../lib/people.mjs';
import { root, SERVICES, servicePids, stack, start, stop, untilReady, watchLog } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const run = promisify(execFile);
const instances = (...services) => services.flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));

describe('outages', () => {
    let host, guests;
    before(async () => ([host, ...guests] = await Promise.all([signUp('방장'), ...[1, 2, 3].map(() => signUp('손님', 60_000))])));
    after(() => untilReady(...instances(...SERVICES)));

    it('the database is down: 503 with Retry-After, said in the log; back: everything goes on by itself, the same processes', async () => {
        const deal = await openDeal(host);
        const pids = await servicePids();
        const logs = Object.fromEntries(SERVICES.map((s) => [s, watchLog(`${s}-1`)]));
        const key = uuid();
        await stop('mariadb');
        try {
            for (const where of ['/v1/auth/me', '/v1/deal/deals', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox']) {
                const base = stack.instances[where.split('/')[2]][0];
                const reply = await host.get(where, { base });
                expectProblem(reply, 503, 'unavailable');
                assert.equal(reply.body.retryable, true);
            }
            expectProblem(await askJoin(guests[0], deal, 1, 0, { key, base: stack.instances.deal[0] }), 503, 'unavailable');
            for (const s of SERVICES) {
                await until(`${s} is not ready`, async () => (await send('GET', '/readyz', { base: stack.instances[s][0] })).status === 503);
                assert.equal((await send('GET', '/healthz', { base: stack.instances[s][0] })).status, 200, 'but alive');
                await until(`${s} says that the database is down`, () => logs[s]().some((line) => line.event === 'db_down'));
            }
        } finally {
            await start('mariadb');
        }
        await untilReady(...instances(...SERVICES));
        assert.deepEqual(await servicePids(), pids);
        for (const s of SERVICES) await until(`${s} says that it is back`, () => logs[s]().some((line) => line.event === 'db_back'));
        // A request that met the outage burnt nothing: the same one succeeds now.
        expect(await askJoin(guests[0], deal, 1, 0, { key }), 202);
        await shareIn(guests[0], deal, 'held');
        assert.ok(logs.deal().filter((line) => line.event === 'db_down').length < 10, 'said, not repeated for ever');
    });

    it('Redis is down: people log in, join, talk and are told as ever', async () => {
        const log = watchLog('chat-1');
        await stop('redis');
        try {
            const newcomer = await signUp('새이웃', 10_000);
            const deal = await openDeal(host);
            assert.equal((await join(newcomer, deal, 1)).state, 'held');
            await untilMember(newcomer, deal.id);
            const sockets = [await ChatClient.connect(host, { [deal.id]: 0 }, stack.instances.chat[0]), await ChatClient.connect(newcomer, { [deal.id]: 0 }, stack.instances.chat[1])];
            const seq = await sockets[0].say(deal.id, '레디스 없이도');
            await sockets[1].untilSeq(deal.id, seq);
            await noticed(host, deal, 'joined');
            sockets.forEach((s) => s.close());
            // Revoked sessions are read from the table instead of being announced.
            expect(await newcomer.send('POST', '/v1/auth/logout'), 204);
            for (const service of SERVICES) for (const base of stack.instances[service])
                await until(`${base} knows of the log-out`, async () => (await send('GET', { auth: '/v1/auth/me', deal: '/v1/deal/mine', pay: '/v1/pay/wallet', chat: '/v1/chat/rooms', push: '/v1/push/inbox' }[service], { token: newcomer.token, base })).status === 401);
            await until('the log says so', () => log().some((line) => line.event === 'redis_down'));
        } finally {
            await start('redis');
        }
        // A service notices when it has something to do there again.
        const deal = await openDeal(host);
        await untilMember(host, deal.id);
        await until('the log says that it is back', async () => {
            expect(await host.post(`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: '다시' }, { base: stack.instances.chat[0] }), 201);
            return log().some((line) => line.event === 'redis_back');
        }, { every: 250 });
    });

    it('the broker is down: joins wait and do not lapse before their time is known; back: everything is applied', async () => {
        const deal = await openDeal(host);
        const other = await openDeal(host);
        await drained();
        await stop('kafka');
        try {
            for (const guest of guests) expect(await askJoin(guest, deal, 1), 202);
            expect(await act(host, other, 'cancel'), 200);
            await sleep(1500);
            for (const guest of guests) assert.equal(expect(await askShare(guest, deal), 200).state, 'reserved');
            assert.equal((await seeDeal(host, deal)).taken, 3, 'the seats are kept');
            // Two minutes later no answer has come: but none could have come.
            clock.advance(3 * clock.MINUTE);
            await sleep(1500);
            for (const guest of guests) assert.equal(expect(await askShare(guest, deal), 200).state, 'reserved', 'an outage falsifies nothing');
            clock.reset();
        } finally {
            clock.reset();
            await start('kafka');
        }
        for (const guest of guests) await shareIn(guest, deal, 'held');
        await drained();
        assert.equal((await seeDeal(host, deal)).taken, 3);
        await noticed(host, deal, 'joined', 'joined', 'joined');
    });

    it('A3 the broker is down: a log-out holds at once at auth, everywhere within the life of a token; back: it was told', async () => {
        const [person, stays] = [await signUp(), await signUp()];
        const elsewhere = ['/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
        const answers = async (who) => Promise.all(elsewhere.map(async (path) => (await send('GET', path, { token: who.token })).status));
        await stop('kafka');
        try {
            expect(await person.send('POST', '/v1/auth/logout'), 204);
            await until('both instances of auth know', async () => {
                const seen = await Promise.all([1, 2, 3, 4].map(() => send('GET', '/v1/auth/me', { token: person.token })));
                return seen.every((reply) => reply.status === 401 && reply.body.code === 'session_ended');
            }, { within: 5_000 });
            expectProblem(await send('POST', '/v1/auth/refresh', { headers: { cookie: person.cookie } }), 401, 'no_refresh');
            clock.advance(5 * clock.MINUTE + 31 * clock.SECOND); // the token's life and what clocks may differ
            assert.deepEqual(await answers(person), [401, 401, 401, 401]);
            await stays.refresh();
            assert.deepEqual(await answers(stays), [200, 200, 200, 200], 'who is logged in goes on');
        } finally {
            clock.reset();
            await start('kafka');
        }
        await drained();
        for (const s of ['deal', 'pay', 'chat', 'push'])
            assert.equal(await number(`SELECT COUNT(*) FROM gonggu_${s}.ended_session WHERE user_id = ${id(person.id)}`), 1, `${s} was told`);
    });

    it('push and chat are down: buying goes on; back: everybody was told, every room is complete', async () => {
        await stop(...instances('push', 'chat'));
        let deal;
        try {
            deal = await openDeal(host, { min_portions: 2 });
            for (const guest of guests.slice(0, 2)) assert.equal((await join(guest, deal, 1)).state, 'held');
            expect(await act(host, deal, 'close'), 200);
            for (const guest of guests.slice(0, 2)) await shareIn(guest, deal, 'captured');
            expect(await act(host, deal, 'purchase', { total_won: 29_000, receipt: await uploadPhoto(host) }), 200);
            expectProblem(await host.get('/v1/push/inbox'), 503, 'unavailable');
        } finally {
            await start(...instances('push', 'chat'));
        }
        await drained();
        await noticed(host, deal, 'joined', 'joined');
        for (const guest of guests.slice(0, 2)) await noticed(guest, deal, 'confirmed', 'purchased');
        const log = await roomLog(guests[0], deal.id);
        const steps = log.map((e) => e.card ?? e.type);
        assert.deepEqual(steps.filter((s) => s !== 'paid' && s !== 'refunded'), ['opened', 'joined', 'joined', 'joined', 'closing', 'confirmed', 'purchased']);
        // Pay's topic may be ahead of deal's or behind it: told once, not before the deal was confirmed.
        for (const card of ['paid', 'refunded'])
            assert.deepEqual([steps.filter((s) => s === card).length, steps.indexOf(card) > steps.indexOf('confirmed')], [1, true], card);
        expect(await act(host, deal, 'arrive'), 200);
    });

    it('auth is down: who is logged in goes on, also at instances that start meanwhile', async () => {
        await stop(...instances('auth'));
        try {
            const deal = await openDeal(host);
            await stop('deal-2');
            await start('deal-2');
            assert.equal((await join(guests[2], deal, 1)).state, 'held');
            expect(await guests[2].get(`/v1/deal/deals/${deal.id}`, { base: stack.instances.deal[1] }), 200);
            expect(await guests[2].get('/v1/deal/mine', { base: stack.instances.deal[1] }), 200);
            expectProblem(await send('POST', '/v1/auth/login', { json: { login_id: 'x_user', password: 'x' } }), 503, 'unavailable');
            expect(await act(host, deal, 'cancel'), 200);
            await dealIn(host, deal, 'cancelled');
        } finally {
            await start(...instances('auth'));
        }
        await host.refresh();
    });

    // ---- events that cannot be handled -----------------------------------------------------------------------------------
    async function publish(topic, subject, events) {
        const child = spawn('kcat', ['-b', stack.kafka, '-P', '-t', topic, '-k', subject, '-H', 'content-type=application/cloudevents+json'], { stdio: ['pipe', 'ignore', 'inherit'] });
        child.stdin.end(events.map((e) => JSON.stringify(e)).join('\n') + '\n');
        const [code] = await once(child, 'exit');
        assert.equal(code, 0, 'kcat');
    }
    const event = (subject, sequence, type, data) => ({
        specversion: '1.0', id: uuid(), source: 'gonggu/deal', type, subject, time: clock.fromNow(0), sequence, datacontenttype: 'application/json', data,
    });
    const deadLetters = (service, ...args) =>
        run(path(root, 'deploy/local/exec-env'), [path(stack.data, `env/${service}-1.env`), path(process.env.GONGGU_BIN ?? path(root, 'build/bin'), `gonggu-${service}`), '--dead-letters', ...args])
            .then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout }) => ({ code, stdout }));

    it('a poison event stops its own aggregate only; others flow; the tool lists it and, mended, brings it back', async () => {
        // Somebody is let into a room that does not exist: the chat service cannot apply that, however often it tries.
        const [subject, room, opener] = [uuid(), uuid(), uuid()];
        const share = { deal: room, share: uuid(), user: guests[0].id, host: host.id, title: '독사과', quantity: 1, tolerance: 0, amount_won: 1000, taken: 1, portions: 10 };
        const poison = event(subject, 1, 'deal.share.held.v1', share);
        const behind = event(subject, 2, 'deal.share.released.v1', { ...share, reason: 'left', taken: 0 });
        const log = [watchLog('chat-1'), watchLog('chat-2')];
        await publish('gonggu.deal', subject, [poison, behind]);
        await until('the aggregate is stopped', async () => (await value(`SELECT poisoned FROM gonggu_chat.inbox_aggregate WHERE aggregate = ${id(subject)}`)) === '1', { within: 60_000 });
        const waiting = await until('both wait', async () => {
            const rows = await query(`SELECT sequence FROM gonggu_chat.inbox_parked WHERE aggregate = ${id(subject)} ORDER BY sequence`);
            return rows.length === 2 && rows.flat();
        });
        assert.deepEqual(waiting, ['1', '2']);
        await until('the log says so', () => log.some((read) => read().some((line) => line.event === 'dead_letter' && line.message.includes(poison.type))));

        // Others flow, on every partition.
        for (let i = 0; i < 4; i++) await untilMember(host, (await openDeal(host)).id);

        const listed = await deadLetters('chat', 'list');
        assert.ok(listed.stdout.includes(poison.id) && listed.stdout.includes(subject), listed.stdout);
        assert.notEqual((await deadLetters('chat', 'replay', poison.id)).code, 0, 'it is still poison');
        assert.notEqual((await deadLetters('chat', 'replay', uuid())).code, 0);
        const { stdout } = await run('kcat', ['-b', stack.kafka, '-C', '-t', 'gonggu.deal.gonggu.chat.dlq', '-o', 'beginning', '-e', '-q']);
        assert.ok(stdout.includes(poison.id), 'a copy lies in the dead letter topic');

        // What was missing comes: the room. Then the event can be applied, and what waited behind it.
        const opened = { deal: room, host: host.id, title: '독사과', total_won: 30_000, portions: 10, min_portions: 4, closes_at: clock.fromNow(clock.HOUR), cell_lat: 37.5025, cell_lng: 127.0025 };
        await publish('gonggu.deal', opener, [event(opener, 1, 'deal.opened.v1', opened)]);
        await untilMember(host, room);
        const replayed = await deadLetters('chat', 'replay', poison.id);
        assert.equal(replayed.code, 0, replayed.stdout);
        await until('nothing waits', async () => (await query(`SELECT sequence FROM gonggu_chat.inbox_parked WHERE aggregate = ${id(subject)}`)).length === 0);
        const entries = await roomLog(host, room);
        assert.deepEqual(entries.map((e) => e.card ?? e.type), ['opened', 'joined', 'joined', 'left']);
        assert.match((await deadLetters('chat', 'list')).stdout, /^0 events wait$/m);
    });

    it('bytes that are no event, and events that are too old or come twice, change nothing', async () => {
        const deal = await openDeal(host);
        assert.equal((await join(guests[1], deal, 1)).state, 'held');
        await untilMember(guests[1], deal.id);
        await drained();
        const before = (await roomLog(host, deal.id)).length;
        const pids = await servicePids();
        const rows = await query(`SELECT envelope FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} ORDER BY sequence`);
        await publish('gonggu.deal', deal.id, rows.map(([text]) => JSON.parse(text.replaceAll('\\\\', '\\'))));
        const child = spawn('kcat', ['-b', stack.kafka, '-P', '-t', 'gonggu.deal', '-k', deal.id], { stdio: ['pipe', 'ignore', 'inherit'] });
        child.stdin.end('nonsense\n{"a":1}\n[]\n\xff\xfe\n');
        await once(child, 'exit');
        assert.equal((await join(guests[2], deal, 1)).state, 'held', 'what comes behind them is applied');
        await untilMember(guests[2], deal.id);
        assert.equal((await roomLog(host, deal.id)).length, before + 1);
        assert.deepEqual(await servicePids(), pids);
        await noticed(host, deal, 'joined', 'joined');
    });

    it('the gateway answers for a service whose instances are all down', async () => {
        await stop(...instances('pay'));
        try {
            const reply = await host.get('/v1/pay/wallet');
            expectProblem(reply, 503, 'unavailable');
            assert.equal((await host.get('/v1/deal/mine')).status, 200, told(reply));
        } finally {
            await start(...instances('pay'));
        }
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
