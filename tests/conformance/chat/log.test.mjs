// tests/conformance/chat/log.test.mjs: what the protocol promises about a room's log, over both transports.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PollClient, Refused, shown, SocketClient, until, uuid } from './transports.mjs';

const { emptyRoom, instances, leave, person, room: makeRoom } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);
const at = (i) => instances[i % instances.length];
const refused = (code) => (e) => e instanceof Refused && e.code === code;

/** Numbers that look random and are the same for the same seed. */
function dice(seed) {
    let x = seed >>> 0 || 1;
    return (n) => {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        return (x >>> 0) % n;
    };
}

for (const Transport of [SocketClient, PollClient])
    describe(`the log over ${Transport.transport}`, () => {
        let place, room, host, guests;
        const open = [];
        const connect = async (who, positions, base) => {
            const client = await Transport.connect(who, positions, base);
            open.push(client);
            return client;
        };
        const newest = async () => (await open[0].room(room)).last_seq;

        before(async () => {
            place = await makeRoom(2);
            ({ id: room, host, guests } = place);
            await connect(host, { [room]: 0 }, at(0));
        });
        after(() => open.forEach((client) => client.drop()));

        it('C3 seqs are given once, without a gap, the same for every reader on every instance', async () => {
            const from = await newest();
            const readers = await Promise.all(upTo(4).map((i) => connect([host, ...guests][i % 3], { [room]: 0 }, at(i))));
            const writers = await Promise.all(upTo(6).map((i) => connect([host, ...guests][i % 3], {}, at(i))));
            const seqs = await Promise.all(writers.flatMap((w, i) => upTo(5).map((n) => w.say(room, `${i}-${n}`))));
            assert.deepEqual(seqs.sort((a, b) => a - b), upTo(30).map((n) => from + n));
            for (const reader of readers) {
                await reader.untilSeq(room, from + 30);
                assert.deepEqual(reader.seqs(room), upTo(from + 30));
                assert.deepEqual(reader.entries(room), readers[0].entries(room));
            }
        });

        it('what one client sends one after the other stands in that order', async () => {
            const client = await connect(guests[0], {}, at(1));
            const seqs = [];
            for (let i = 0; i < 10; i++) seqs.push(await client.say(room, `차례 ${i}`));
            assert.deepEqual(seqs, [...seqs].sort((a, b) => a - b));
        });

        it('C1 resumes from any seq, on any instance, and again', async () => {
            const end = await newest();
            for (const [i, position] of [0, 1, end >> 1, end - 1, end].entries()) {
                const client = await connect(guests[0], { [room]: position }, at(i));
                const seq = await client.say(room, `다시 ${position}`);
                await client.untilSeq(room, seq);
                assert.deepEqual(client.seqs(room), upTo(seq).slice(position));
                client.drop();
            }
        });

        it('C7 works from the first second: a room in which nothing was said', async () => {
            const empty = await emptyRoom(host);
            const start = (await (await connect(host)).room(empty.id)).last_seq;
            for (const i of [0, 1]) {
                const client = await connect(host, { [empty.id]: start + i }, at(i));
                const seq = await client.say(empty.id, '첫 말');
                assert.equal(seq, start + i + 1);
                await client.untilSeq(empty.id, seq);
                assert.deepEqual(client.seqs(empty.id), [seq]);
                client.drop();
            }
        });

        it('C2 the same cid is one message, however often and wherever it is sent; another person\'s is another', async () => {
            const cid = uuid();
            const clients = await Promise.all(upTo(3).map((i) => connect(host, {}, at(i))));
            const other = [SocketClient, PollClient].find((T) => T !== Transport);
            const across = await other.connect(host, {}, at(1));
            const answers = await Promise.all([...clients, ...clients, across].map((c) => c.send(room, { cid, text: '한 번' })));
            across.drop();
            assert.equal(new Set(answers).size, 1, `${answers}`);
            assert.equal(await clients[0].send(room, { cid, text: '다른 말' }), answers[0], 'the first one stands');
            const mine = await connect(guests[1], {}, at(0));
            assert.notEqual(await mine.send(room, { cid, text: '나도' }), answers[0]);
            await open[0].untilSeq(room, answers[0]);
            assert.equal(open[0].entries(room).filter((e) => e.cid === cid && e.from.id === host.id).length, 1);
        });

        it('C5 edits, deletes, reactions and notices are entries: who comes late shows the same as who was there', async () => {
            const start = await newest();
            const [live, h, g] = [await connect(guests[1], { [room]: start }, at(1)), await connect(host, {}, at(0)), await connect(guests[0], {}, at(1))];
            const a = await h.say(room, '처음 말');
            const b = await g.say(room, '둘째 말', { reply: a });
            const c = await g.say(room, '지울 말');
            assert.ok((await h.edit(room, a, '고친 말')) > c);
            await h.edit(room, a, '또 고친 말');
            await g.edit(room, c, '고치고 지울 말');
            await g.react(room, a, '👍');
            await h.react(room, a, '🍊');
            await g.react(room, a, '👍', true);
            await h.pin(room, b);
            await g.delete(room, c);
            const last = await h.pin(room, a);
            await live.untilSeq(room, last);
            assert.deepEqual(live.seqs(room), upTo(last).slice(start));
            const late = await connect(guests[1], { [room]: start }, at(0));
            await late.untilSeq(room, last);
            const seen = shown(live.entries(room));
            assert.deepEqual(shown(late.entries(room)), seen);
            assert.equal(seen.notice, a);
            assert.deepEqual(seen.messages.map((m) => m.text), ['또 고친 말', '둘째 말', undefined]);
            assert.deepEqual(seen.messages[0].reactions, [`${host.id} 🍊`]);
            assert.equal(live.entries(room).find((e) => e.seq === b).reply.seq, a);
            assert.ok(!JSON.stringify(late.entries(room)).includes('지울 말'), 'deleted words do not come again');
            assert.equal((await h.room(room)).notice_seq, a);
        });

        it('C5 an act with the same cid is done once, and what changes nothing is no entry', async () => {
            const h = await connect(host, {}, at(0));
            const seq = await h.say(room, '반응해 주세요');
            const cid = uuid();
            const first = await h.react(room, seq, '🥔', false, cid);
            assert.equal(await h.react(room, seq, '🥔', false, cid), first);
            assert.equal(await h.react(room, seq, '🥔'), undefined);
            assert.equal(await h.edit(room, seq, '반응해 주세요'), undefined);
            assert.equal(await newest(), first);
        });

        it('what may not be done is refused, and leaves no entry', async () => {
            const [h, g] = [await connect(host, {}, at(0)), await connect(guests[0], {}, at(1))];
            const [mine, theirs] = [await g.say(room, '제 말'), await h.say(room, '방장 말')];
            const start = await newest();
            await assert.rejects(g.say(room, ''), refused('invalid'));
            await assert.rejects(g.say(room, 'ㄱ'.repeat(2001)), refused('invalid'));
            await assert.rejects(g.send(room, { cid: uuid() }), refused('not_sendable'));
            await assert.rejects(g.say(room, '누구?', { mentions: [{ user: uuid() }] }), refused('not_sendable'));
            await assert.rejects(g.say(room, '사진', { images: ['0'.repeat(40) + '.jpg'] }), refused('not_sendable'));
            await assert.rejects(g.say(room, '뭐에?', { reply: 999_999 }), refused('no_message'));
            await assert.rejects(g.say(uuid(), '어디?'), refused('not_member'));
            await assert.rejects(g.edit(room, theirs, '남의 말'), refused('not_yours'));
            await assert.rejects(g.delete(room, theirs), refused('not_yours'));
            await assert.rejects(g.pin(room, mine), refused('not_yours'));
            await assert.rejects(g.react(room, 999_999, '👍'), refused('no_message'));
            await assert.rejects(g.react(room, mine, 'abc'), refused('not_sendable'));
            await assert.rejects(g.act(room, { cid: uuid() }), refused('not_sendable'));
            await assert.rejects(g.act(room, { cid: uuid(), delete: { seq: mine }, pin: {} }), refused('not_sendable'));
            await assert.rejects(g.edit(room, 1, '카드'), refused('no_message'));
            assert.equal(await newest(), start);
            await g.delete(room, mine);
            await assert.rejects(g.edit(room, mine, '돌아와'), refused('no_message'));
            await assert.rejects(h.say(room, '답', { reply: mine }), refused('no_message'));
        });

        it('C4 unread is what an oracle says, after any interleaving of sending, reading and devices', async (t) => {
            const seed = Number(process.env.SEED ?? Date.now() % 1e9);
            t.diagnostic(`SEED=${seed}`);
            const roll = dice(seed);
            const people = [host, ...guests];
            const devices = await Promise.all(people.flatMap((p) => [connect(p, {}, at(0)), connect(p, {}, at(1))]));
            const who = (device) => people.findIndex((p) => p.id === device.person.id);
            const marks = await Promise.all(people.map(async (p, i) => (await devices[2 * i].room(room)).read_seq));
            const start = await newest();
            for (const d of devices.filter((_, i) => i % 2 === 0)) await d.read(room, start);
            marks.fill(start);
            const messages = [];
            for (let i = 0; i < 60; i++) {
                const device = devices[roll(devices.length)];
                const me = who(device);
                const dieRoll = roll(10);
                if (dieRoll < 5) {
                    const seq = await device.say(room, `말 ${i}`);
                    messages.push(seq);
                    marks[me] = Math.max(marks[me], seq);
                } else if (dieRoll < 8) {
                    const seq = start + roll(messages.length + 3);
                    await device.read(room, seq);
                    const end = await newest();
                    marks[me] = Math.max(marks[me], Math.min(seq, end));
                } else if (dieRoll === 8 && messages.length > 0) {
                    await device.react(room, messages[roll(messages.length)], '👀').catch(() => {});
                }
                for (const d of devices.filter((d) => who(d) === me || roll(4) === 0)) {
                    const expected = messages.filter((seq) => seq > marks[who(d)]).length;
                    assert.equal((await d.room(room)).unread, expected, `step ${i}, SEED=${seed}`);
                }
            }
        });

        it('C8 who leaves at N has everything up to N and nothing after it', async () => {
            const place = await makeRoom(1);
            const [h, gone] = [await connect(place.host, {}, at(0)), await connect(place.guests[0], { [place.id]: 0 }, at(1))];
            let talking = true;
            const talk = (async () => {
                while (talking) await h.say(place.id, '아직 있나요?');
            })();
            await gone.untilSeq(place.id, 6);
            await leave(place.guests[0], place);
            const started = Date.now();
            await gone.untilLeft(place.id);
            const took = Date.now() - started;
            await h.say(place.id, '이제 없네요');
            talking = false;
            await talk;
            const after = await h.say(place.id, '끝');
            const all = await connect(place.host, { [place.id]: 0 }, at(0));
            await all.untilSeq(place.id, after);
            const n = all.entries(place.id).findLast((e) => e.type === 'left').seq;
            assert.ok(after > n);
            assert.deepEqual(gone.seqs(place.id), upTo(n), 'live');
            const again = await Transport.connect(place.guests[0], { [place.id]: 0 }, at(1));
            open.push(again);
            await again.untilSeq(place.id, n);
            await until('the end is told', () => again.left.has(place.id));
            assert.deepEqual(again.seqs(place.id), upTo(n), 'and later');
            await assert.rejects(gone.say(place.id, '저 아직'), refused('not_member'));
            await assert.rejects(gone.react(place.id, 4, '👍'), refused('not_member'));
            assert.ok(took < 3000, `${took} ms`);
        });

        it('a stranger sees nothing', async () => {
            const stranger = await Transport.connect(await person(), {}, at(0));
            open.push(stranger);
            await assert.rejects(stranger.say(room, '저기요'), refused('not_member'));
            await assert.rejects(stranger.read(room, 1), refused('not_member'));
            await assert.rejects(stranger.pin(room, 1), refused('not_member'));
            await assert.rejects(stranger.room(room), refused('not_member'));
        });
    });

describe('both transports', () => {
    it('C13 give the same log, entry by entry', async () => {
        const place = await makeRoom(1);
        const socket = await SocketClient.connect(place.host, { [place.id]: 0 }, at(0));
        const poll = await PollClient.connect(place.guests[0], { [place.id]: 0 }, at(1));
        for (let i = 0; i < 10; i++) await (i % 2 ? socket : poll).say(place.id, `번갈아 ${i}`);
        const seq = await socket.say(place.id, '끝');
        await socket.untilSeq(place.id, seq);
        await poll.untilSeq(place.id, seq);
        assert.deepEqual(poll.entries(place.id), socket.entries(place.id));
        socket.drop();
        poll.drop();
    });
});
