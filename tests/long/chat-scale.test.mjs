// tests/long/chat-scale.test.mjs: many sockets: what an idle one costs, how fast one message reaches a thousand, how fast
// ten thousand missed entries are caught up, and a rolling restart under all of them. CHAT_SOCKETS sets how many.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ChatClient, roomLog, untilMember } from '../lib/chat.mjs';
import { judge, SteadyClient } from '../lib/chat-steady.mjs';
import { join, openDeal } from '../lib/deals.mjs';
import { signUpMany } from '../lib/people.mjs';
import { kill, root, servicePids, stack, untilReady } from '../lib/stack.mjs';
import { each, until } from '../lib/wait.mjs';

const sockets = Number(process.env.CHAT_SOCKETS ?? 10_000);
const missed = Number(process.env.CHAT_MISSED ?? 10_000);
const residentKB = (pid) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const p99 = (list) => list.sort((a, b) => a - b)[Math.floor(list.length * 0.99)];

describe('many sockets', () => {
    let people, room, host;
    before(async () => {
        people = await signUpMany(10, 20_000);
        host = people[0];
        const deal = await openDeal(host, { portions: 40, host_portions: 2, min_portions: 2, total_won: 40_000 });
        for (const guest of people.slice(1)) await join(guest, deal, 1);
        for (const one of people) await untilMember(one, deal.id);
        room = deal.id;
    });

    it('an idle socket takes less than 12 KB', async (t) => {
        await kill('chat-1'); // what others before it have used would hide what these use
        await untilReady('chat-1');
        const pid = (await servicePids())['chat-1'];
        const open = async (n) => {
            const list = [];
            await each(Array.from({ length: n }), 50, async (_, i) => list.push(await ChatClient.connect(people[i % people.length], {}, stack.instances.chat[0])));
            return list;
        };
        const warm = await open(200); // pools and arenas have grown once
        const before = residentKB(pid);
        const list = await open(sockets);
        await sleep(1000);
        const each_ = (residentKB(pid) - before) / sockets;
        t.diagnostic(`${each_.toFixed(1)} KB each, ${sockets} of them`);
        [...warm, ...list].forEach((c) => c.drop());
        assert.ok(each_ < 12, `${each_} KB`);
    });

    it('one message reaches a thousand members\' sockets', async (t) => {
        const n = Math.min(sockets, 1000);
        const arrivals = [];
        const list = [];
        await each(Array.from({ length: n }), 50, async (_, i) => {
            const client = await ChatClient.open(stack.instances.chat[i % 2]);
            await client.hello(people[i % people.length].token);
            list.push(client);
        });
        const writer = await ChatClient.connect(host, {}, stack.instances.chat[0]);
        const times = [];
        for (let k = 0; k < 10; k++) {
            for (const c of list) c.frames.length = 0;
            const from = performance.now();
            const seq = await writer.say(room, `모두에게 ${k}`);
            await until('all have it', () => list.every((c) => c.frames.some((f) => f.entry?.seq === seq)), { every: 2 });
            times.push(performance.now() - from);
            arrivals.push(seq);
        }
        t.diagnostic(`last of ${n} after ${times.map((x) => x.toFixed(0)).join(' ')} ms (this process reads all of them)`);
        [...list, writer].forEach((c) => c.drop());
        assert.equal(new Set(arrivals).size, 10);
    });

    it('missed entries are caught up', async (t) => {
        const from = (await roomLog(host, room)).length;
        const writers = await Promise.all(people.map((p) => ChatClient.connect(p, {}, stack.instances.chat[0])));
        let stored = 0;
        const text = '놓친 말 '.repeat(6);
        await Promise.all(writers.map(async (w) => {
            while (stored < missed) {
                const answers = await Promise.allSettled(Array.from({ length: 20 }, () => w.say(room, text)));
                stored += answers.filter((a) => a.status === 'fulfilled').length;
                if (answers.some((a) => a.status === 'rejected')) await sleep(500);
            }
        }));
        const last = (await roomLog(host, room, from)).at(-1).seq;
        const started = performance.now();
        const client = await ChatClient.connect(host, { [room]: from }, stack.instances.chat[1]);
        await until('all of it came', () => client.entries(room).at(-1)?.seq === last, { every: 5 });
        const took = performance.now() - started;
        assert.deepEqual(client.seqs(room), Array.from({ length: last - from }, (_, i) => from + 1 + i));
        t.diagnostic(`${last - from} entries in ${took.toFixed(0)} ms`);
        [client, ...writers].forEach((c) => c.drop());
    });

    /** Rooms of ten neighbours each: [{room, host, people, from}]; people of one room hear nothing of the others. */
    async function places(n) {
        const neighbours = await signUpMany(10 * n, 20_000);
        return each(Array.from({ length: n }, (_, i) => neighbours.slice(10 * i, 10 * i + 10)), 5, async (list) => {
            const deal = await openDeal(list[0], { portions: 40, host_portions: 2, min_portions: 2, total_won: 40_000 });
            for (const guest of list.slice(1)) await join(guest, deal, 1);
            for (const one of list) await untilMember(one, deal.id);
            return { room: deal.id, host: list[0], people: list, from: (await roomLog(list[0], deal.id)).at(-1).seq, clients: [] };
        });
    }

    it('C9 a rolling restart: everybody is back within 30 s and has missed nothing', async (t) => {
        const rooms = await places(10);
        const list = [];
        try {
            for (let i = 0; i < sockets; i++) {
                const place = rooms[i % rooms.length];
                const person = place.people[Math.floor(i / rooms.length) % place.people.length];
                list.push(new SteadyClient(person, place.room, place.from, () => stack.instances.chat[Math.floor(Math.random() * 2)]));
                place.clients.push(list.at(-1));
                // They come as people do, and not as a flood that drops what it did not get in five seconds.
                if (i % 200 === 199) await until('these are connected', () => list.every((c) => c.connects > 0), { within: 120_000 });
            }
            await until('everybody is connected', () => list.every((c) => c.connects > 0), { within: 120_000 });
            let talking = true, said = 0;
            const talk = (async () => {
                while (talking) {
                    list[said % list.length].say(`구르는 중 ${said++}`);
                    await sleep(Math.max(20, sockets / 100)); // a thousand hear it: ten thousand deliveries a second are enough for one reader
                }
            })();
            await sleep(1000);
            const connects = () => list.reduce((sum, c) => sum + c.connects, 0);
            const before = connects();
            await promisify(execFile)(path(root, 'deploy/local/stack'), ['roll', 'chat'], { env: { ...process.env, GONGGU_STACK: 'test' } });
            const ended = Date.now();
            await sleep(1000);
            talking = false;
            await talk;
            await until('everything is acknowledged', () => list.every((c) => c.waiting === 0), { within: 60_000 });
            for (const place of rooms) {
                const last = Math.max(...place.clients.flatMap((c) => [...c.acknowledged.values()]), place.from);
                await until('everybody is there again', () => place.clients.every((c) => c.position >= last), { within: 60_000 });
            }
            const took = Date.now() - ended;
            t.diagnostic(`${sockets} sockets, ${connects() - before} came again, all back ${took} ms after the last restart; ${said} messages`);
            let acknowledged = 0;
            for (const place of rooms) acknowledged += (await judge(place.clients, place.room, place.host, place.from)).acknowledged;
            assert.equal(acknowledged, said);
            assert.ok(connects() - before >= sockets, 'every socket was cut');
            assert.ok(took < 30_000, `${took} ms`);
        } finally {
            list.forEach((c) => c.stop());
        }
    });
});
