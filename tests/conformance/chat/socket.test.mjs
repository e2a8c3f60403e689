// tests/conformance/chat/socket.test.mjs: what only the socket has.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Refused, SocketClient, until, uuid } from './transports.mjs';

const { instances, room: makeRoom } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);
const at = (i) => instances[i % instances.length];
const refused = (code) => (e) => e instanceof Refused && e.code === code;

describe('the socket', () => {
    let place, room, host, guests;
    const open = [];
    const connect = async (who, positions, base) => {
        const client = await SocketClient.connect(who, positions, base);
        open.push(client);
        return client;
    };
    before(async () => {
        place = await makeRoom(2);
        ({ id: room, host, guests } = place);
    });
    after(() => open.forEach((client) => client.drop()));

    it('welcomes with the newest seq of every room, the number of notices, and how often it pings', async () => {
        const client = await connect(host, {}, at(0));
        const seq = await client.say(room, '하나');
        const again = await connect(host, {}, at(1));
        assert.equal(again.welcome.rooms.find((r) => r.room === room).seq, seq);
        assert.ok(again.welcome.ping_ms <= 10_000);
        const first = again.frames.find((f) => f.ok);
        assert.equal(typeof first.inbox.unread, 'number');
    });

    it('C6 pings within ten seconds with the newest seq of each room; resume brings again what is asked for', async () => {
        const client = await connect(host, { [room]: 0 }, at(0));
        const seq = await client.say(room, '둘');
        await client.untilSeq(room, seq);
        const seen = client.frames.length;
        const ping = await until('a ping comes', () => client.frames.slice(seen).find((f) => f.ping), 12_000);
        assert.equal(ping.positions.find((p) => p.room === room).seq, seq);
        client.log.set(room, []); // what came was lost on the way to the screen
        await client.ask({ resume: { room, seq: 1 } });
        await client.untilSeq(room, seq);
        assert.deepEqual(client.seqs(room), upTo(seq).slice(1));
        await assert.rejects(client.ask({ resume: { room: uuid(), seq: 0 } }), refused('not_member'));
    });

    it('who is typing is told to the others in the room, on every instance, and not too often', async () => {
        const [h, g, mine] = [await connect(host, {}, at(0)), await connect(guests[0], {}, at(1)), await connect(host, {}, at(1))];
        for (let i = 0; i < 5; i++) h.ws.send(JSON.stringify({ id: 900 + i, typing: { room } }));
        const told = await g.untilFrame('typing is told', (f) => f.typing);
        assert.deepEqual([told.room, told.typing], [room, host.id]);
        await h.say(room, '다 썼다');
        await g.untilSeq(room, (await h.room(room)).last_seq);
        assert.equal(g.frames.filter((f) => f.typing).length, 1);
        assert.equal(mine.frames.filter((f) => f.typing).length, 0, 'not to oneself');
        await assert.rejects(h.ask({ typing: { room: uuid() } }), refused('not_member'));
    });

    it('C4 a mark moved on one device is told to the others of the same person', async () => {
        const [phone, tablet, h] = [await connect(guests[0], {}, at(0)), await connect(guests[0], {}, at(1)), await connect(host, {}, at(0))];
        const seqs = [await h.say(room, '읽어요'), await h.say(room, '이것도')];
        await phone.read(room, seqs[0]);
        const told = await tablet.untilFrame('the mark is told', (f) => f.mark?.seq === seqs[0]);
        assert.deepEqual([told.room, told.mark.unread], [room, 1]);
        assert.equal(h.frames.filter((f) => f.mark?.seq === seqs[0]).length, 0, 'and to nobody else');
    });

    it('a fresh token keeps the socket; another person\'s does not fit', async () => {
        const client = await connect(host, {}, at(0));
        assert.deepEqual(await client.ask({ auth: { token: host.token } }), {});
        await assert.rejects(client.ask({ auth: { token: guests[0].token } }), refused('forbidden'));
        await assert.rejects(client.ask({ auth: { token: 'x' } }), refused('unauthenticated'));
        assert.ok((await client.say(room, '아직')) > 0);
    });

    it('20 messages a second with a burst: who sends more is told so, retryable, and loses nothing that was acknowledged', async () => {
        const client = await connect(guests[1], { [room]: 0 }, at(0));
        const answers = await Promise.allSettled(upTo(60).flatMap((i) => upTo(5).map((n) => client.say(room, `빨리 ${i} ${n}`))));
        const seqs = answers.filter((a) => a.status === 'fulfilled').map((a) => a.value);
        const refusals = answers.filter((a) => a.status === 'rejected').map((a) => a.reason);
        // 200 at once, less what the tests before have used; of one socket 64 wait for a server that is slow to answer.
        assert.ok(seqs.length >= 50 && refusals.length > 20, `${seqs.length} stored, ${refusals.length} refused`);
        for (const reason of refusals) assert.ok(reason instanceof Refused && reason.retryable, String(reason));
        await client.untilSeq(room, Math.max(...seqs));
        const stored = new Set(client.entries(room).map((e) => e.seq));
        assert.ok(seqs.every((seq) => stored.has(seq)));
        assert.deepEqual(client.seqs(room), upTo(client.seqs(room).length));
    });

    it('C10 a slow reader is told to come again and resumes; the others do not wait for it', async () => {
        const [slow, quick, h] = [await connect(guests[0], { [room]: 0 }, at(0)), await connect(host, { [room]: 0 }, at(0)), await connect(host, {}, at(1))];
        await quick.untilSeq(room, (await h.room(room)).last_seq);
        const had = slow.seqs(room).length;
        slow.ws.pause();
        const text = '느리다'.repeat(600);
        let last;
        for (let i = 0; i < 150; i++) {
            const from = Date.now();
            last = await h.say(room, `${i} ${text}`).catch((e) => (e.code === 'rate_limited' || e.retryable ? undefined : Promise.reject(e)));
            if (last === undefined) await new Promise((resolve) => setTimeout(resolve, 300));
            assert.ok(Date.now() - from < 5000);
        }
        await quick.untilSeq(room, (await h.room(room)).last_seq);
        assert.deepEqual(quick.seqs(room), upTo(quick.seqs(room).length));
        slow.ws.resume();
        await slow.untilSeq(room, had + 10);
        const back = slow.closed ? await connect(guests[0], { [room]: slow.seqs(room).at(-1) }, at(0)) : slow;
        await back.untilSeq(room, (await h.room(room)).last_seq);
        const all = back === slow ? slow.seqs(room) : [...slow.seqs(room), ...back.seqs(room)];
        assert.deepEqual(all, upTo(all.length));
    });
});
