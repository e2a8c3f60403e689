// tests/integration/chat.test.mjs: the room log over two instances: nothing lost, nothing twice, nothing out of order, and
// nothing for those who have left; and the socket under clients that misbehave.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, uuid } from '../lib/api.mjs';
import { ChatClient, PROTOCOL, Refused, roomLog, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { kill, servicePids, stack, start, stop, untilReady } from '../lib/stack.mjs';
import { each, until } from '../lib/wait.mjs';
import { BINARY, frame, TEXT, WebSocket } from '../lib/websocket.mjs';

const [ONE, TWO] = stack.instances.chat;
const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

describe('chat', () => {
    let host, guests, deal, room;
    const open = [];
    const connect = async (...args) => {
        const client = await ChatClient.connect(...args);
        open.push(client);
        return client;
    };

    before(async () => {
        [host, ...guests] = await Promise.all([signUp('방장'), ...[1, 2, 3].map(() => signUp('손님', 30_000))]);
        deal = await openDeal(host);
        room = deal.id;
        for (const guest of guests.slice(0, 2)) await join(guest, deal, 1);
        for (const person of [host, ...guests.slice(0, 2)]) await untilMember(person, room);
    });
    after(() => open.forEach((client) => client.drop()));

    it('C3 ten senders at once on two instances: seqs are given once, without a gap, the same for everybody', async () => {
        const from = (await roomLog(host, room)).length;
        const readers = [await connect(host, { [room]: 0 }, ONE), await connect(guests[0], { [room]: 0 }, TWO)];
        const senders = await Promise.all(upTo(10).map((i) => connect([host, guests[0], guests[1]][i % 3], {}, [ONE, TWO][i % 2])));
        const seqs = (await Promise.all(senders.map((s, i) => each(upTo(8), 2, (n) => s.say(room, `${i}-${n}`))))).flat();
        assert.deepEqual(seqs.sort((a, b) => a - b), upTo(80).map((n) => from + n));
        for (const reader of readers) {
            await reader.untilSeq(room, from + 80);
            assert.deepEqual(reader.seqs(room), upTo(from + 80));
        }
        assert.deepEqual(readers[0].entries(room), readers[1].entries(room));
        assert.deepEqual(readers[0].entries(room), await roomLog(guests[1], room), 'the log over HTTP is the same');
        senders.forEach((s) => s.close());
    });

    it('C1 resumes from any seq, on any instance, also twice', async () => {
        const log = await roomLog(host, room);
        for (const [i, position] of [0, 1, 7, log.length - 1, log.length].entries()) {
            const client = await connect(guests[0], { [room]: position }, [ONE, TWO][i % 2]);
            assert.equal(client.newest[room], log.length);
            if (position < log.length) await client.untilSeq(room, log.length);
            const next = await client.say(room, `다시 ${position}`);
            await client.untilSeq(room, next);
            assert.deepEqual(client.entries(room).slice(0, log.length - position), log.slice(position));
            client.drop();
            log.push(client.entries(room).at(-1));
        }
        const fresh = await connect(guests[0], {}, TWO);
        const seq = await fresh.say(room, '여기부터');
        await fresh.untilSeq(room, seq);
        assert.deepEqual(fresh.seqs(room), [seq], 'who says nothing starts at the newest');
    });

    it('C7 resumes in a room before its first message', async () => {
        const empty = await openDeal(host);
        await untilMember(host, empty.id);
        const client = await connect(host, { [empty.id]: 0 }, TWO);
        await client.untilSeq(empty.id, 2);
        client.drop();
        const again = await connect(host, { [empty.id]: 2 }, ONE);
        assert.equal(await again.say(empty.id, '첫 말'), 3);
        await again.untilSeq(empty.id, 3);
        assert.deepEqual(again.seqs(empty.id), [3]);
    });

    it('C2 a retry with the same cid gets the same seq: other socket, other instance, over HTTP', async () => {
        const cid = uuid();
        const [a, b] = [await connect(host, { [room]: 0 }, ONE), await connect(host, {}, TWO)];
        const seq = await a.say(room, '한 번', cid);
        const answers = await Promise.all([...upTo(5).map(() => a.say(room, '한 번', cid)), ...upTo(5).map(() => b.say(room, '한 번', cid))]);
        assert.deepEqual(new Set(answers), new Set([seq]));
        const over = await host.post(`/v1/chat/rooms/${room}/messages`, { cid, text: '한 번' });
        assert.equal(expect(over, 201).seq, seq);
        assert.equal((await roomLog(host, room)).filter((e) => e.cid === cid).length, 1);
        // The same cid of another person is another message.
        assert.notEqual(await (await connect(guests[0], {}, ONE)).say(room, '나도', cid), seq);
    });

    it('C8 who leaves at N gets nothing after N, on open sockets and new ones, and may read up to N', async () => {
        expect(await (async () => { await join(guests[2], deal, 1); return guests[2].get('/v1/chat/rooms'); })(), 200);
        await untilMember(guests[2], room);
        const sockets = [await connect(guests[2], { [room]: 0 }, ONE), await connect(guests[2], { [room]: 0 }, TWO)];
        const writer = await connect(host, {}, TWO);
        const last = await writer.say(room, '가지 마세요');
        for (const s of sockets) await s.untilSeq(room, last);
        let stop = false;
        const talking = (async () => {
            while (!stop) await writer.say(room, '아직 있나요?');
        })();
        expect(await act(guests[2], deal, 'leave'), 200);
        for (const s of sockets) await until('the socket is told that he left', () => s.frames.find((f) => f.room === room && f.left));
        await writer.say(room, '이제 없네요');
        stop = true;
        await talking;
        const log = await roomLog(host, room);
        const left = log.findLast((e) => e.type === 'left' && e.from.id === guests[2].id).seq;
        assert.ok(log.length > left);
        const late = await connect(guests[2], { [room]: 0 }, ONE);
        await late.untilSeq(room, left);
        for (const s of [...sockets, late]) assert.ok(s.seqs(room).every((seq) => seq <= left), `${s.seqs(room).at(-1)} is after ${left}`);
        await assert.rejects(sockets[0].say(room, '저 아직'), (e) => e instanceof Refused && e.code === 'not_member');
        const reply = await guests[2].get(`/v1/chat/rooms/${room}/events?limit=300`);
        if (reply.status === 200) assert.ok(reply.body.items.every((e) => e.seq <= left));
        else expectProblem(reply, 404, 'not_member');
    });

    it('C4 unread counts messages of others above the mark, and none of the cards', async () => {
        const place = await openDeal(host);
        await join(guests[0], place, 1);
        await untilMember(guests[0], place.id);
        const [h, g] = [await connect(host, {}, ONE), await connect(guests[0], { [place.id]: 0 }, TWO)];
        const mine = async () => expect(await guests[0].get('/v1/chat/rooms?limit=100'), 200).items.find((r) => r.id === place.id);
        const seqs = [];
        for (let i = 0; i < 3; i++) seqs.push(await h.say(place.id, `소식 ${i}`));
        assert.equal((await mine()).unread, 3);
        assert.equal((await mine()).title, place.title);
        await g.read(place.id, seqs[1]);
        assert.equal((await mine()).unread, 1);
        await g.read(place.id, seqs[0]);
        assert.equal((await mine()).unread, 1, 'the mark does not go back');
        expect(await guests[0].send('POST', `/v1/chat/rooms/${place.id}/read`, { json: { seq: seqs[2] } }), 204);
        assert.equal((await mine()).unread, 0);
        expect(await guests[0].send('POST', `/v1/chat/rooms/${place.id}/read`, { json: { seq: 999_999 } }), 204);
        await h.say(place.id, '하나 더');
        assert.equal((await mine()).unread, 1, 'a mark beyond the end hides nothing');
        await g.say(place.id, '네');
        assert.equal((await mine()).unread, 0, 'who writes has read');
    });

    it('the socket brings the number of unread notices', async () => {
        const h = await connect(host, {}, ONE);
        const place = await openDeal(host);
        await join(guests[1], place, 1);
        const told = await until('the count arrives', () => h.frames.find((f) => f.inbox));
        assert.ok(told.inbox.unread >= 1);
        assert.equal((await host.inbox()).unread >= told.inbox.unread, true);
    });

    it('frames before connect, with a bad token, twice, or with nonsense in them are refused; the socket lives', async () => {
        const pids = await servicePids();
        const client = await ChatClient.open(ONE);
        open.push(client);
        const refusedWith = (code) => (e) => e instanceof Refused && e.code === code;
        await assert.rejects(client.say(room, '안녕'), refusedWith('not_connected'));
        await assert.rejects(client.hello('nonsense'), refusedWith('unauthenticated'));
        const answers = (n) => until('the answers', () => client.frames.filter((f) => f.error).length >= n);
        const odd = ['', '{', '[]', '1', '{}', '{"id":0,"read":{"room":"x","seq":-1}}', '{"id":"a"}', '{"id":7}', '{"id":8,"send":{},"read":{}}', `{"id":9,"connect":${'['.repeat(50)}`];
        const before = client.frames.filter((f) => f.error).length;
        for (const text of odd) client.ws.send(text);
        await answers(before + odd.length);
        await client.hello(guests[0].token, { [room]: 0 });
        await assert.rejects(client.hello(guests[0].token), refusedWith('already_connected'));
        await assert.rejects(client.ask({ auth: { token: host.token } }), refusedWith('forbidden'));
        await assert.rejects(client.say(room, ''), refusedWith('invalid'));
        await assert.rejects(client.say(room, 'ㄱ'.repeat(2001)), refusedWith('invalid'));
        await assert.rejects(client.say(uuid(), '어디?'), refusedWith('not_member'));
        await client.say(room, 'ㄱ'.repeat(2000));
        assert.deepEqual(await servicePids(), pids);
    });

    it('hostile frames end their own socket and nothing else', async () => {
        const pids = await servicePids();
        const hostile = {
            'a message over the limit': frame(TEXT, Buffer.alloc(70_000, 0x20)),
            'a frame that claims to be huge': frame(TEXT, Buffer.alloc(10), { length: 2 ** 40 }),
            'no mask': frame(TEXT, Buffer.from('{"id":1}'), { masked: false }),
            'reserved bits': frame(TEXT, Buffer.from('{"id":1}'), { reserved: 4 }),
            'an unknown opcode': frame(3, Buffer.from('x')),
            'a long control frame': frame(9, Buffer.alloc(126)),
            'a control frame in pieces': frame(9, Buffer.from('x'), { fin: false }),
            'a continuation of nothing': frame(0, Buffer.from('x')),
            'text that is no UTF-8': frame(TEXT, Buffer.from([0xff, 0xfe, 0xfd])),
            'an endless message in pieces': Buffer.concat([frame(TEXT, Buffer.alloc(1000, 0x20), { fin: false }), ...Array(100).fill(frame(0, Buffer.alloc(1000, 0x20), { fin: false }))]),
        };
        for (const [name, bytes] of Object.entries(hostile)) {
            const ws = await WebSocket.open(`${ONE}/v1/chat/socket`, { protocol: PROTOCOL });
            let closed = false;
            ws.on('closed', () => (closed = true));
            ws.write(bytes);
            await until(`the socket is closed after ${name}`, () => closed, { within: 10_000 });
        }
        const binary = await WebSocket.open(`${ONE}/v1/chat/socket`, { protocol: PROTOCOL });
        binary.write(frame(BINARY, Buffer.from('{"id":1}')));
        binary.drop();
        assert.deepEqual(await servicePids(), pids);
        const fine = await connect(host, { [room]: 0 }, ONE);
        await fine.say(room, '괜찮아요');
    });

    it('a handshake that is none: refused with a status', async () => {
        const refusal = async (options) => (await WebSocket.open(`${ONE}/v1/chat/socket`, options).then((ws) => (ws.drop(), null), (e) => e))?.status;
        assert.ok((await refusal({ protocol: 'other.v9' })) >= 400, 'another subprotocol');
        const reply = await host.get('/v1/chat/socket', { base: ONE });
        assert.ok(reply.status >= 400 && reply.status < 500, `a plain GET: ${reply.status}`);
    });

    it('a message in pieces, with a ping between them, is one message', async () => {
        const client = await connect(host, { [room]: 0 }, TWO);
        const text = Buffer.from(JSON.stringify({ id: 77, send: { room, cid: uuid(), text: '조각조각 🧩' } }));
        client.ws.write(frame(TEXT, text.subarray(0, 30), { fin: false }));
        client.ws.write(frame(9, Buffer.from('still there?')));
        client.ws.write(frame(0, text.subarray(30, 60), { fin: false }));
        client.ws.write(frame(0, text.subarray(60)));
        const answer = await until('the answer', () => client.frames.find((f) => f.id === 77));
        assert.ok(answer.ok?.seq > 0, JSON.stringify(answer));
    });

    it('a socket whose token has run out is told to come again; a fresh token in time keeps it', async () => {
        const [ends, stays] = [await connect(host, {}, ONE), await connect(guests[0], { [room]: 0 }, TWO)];
        clock.advance(4 * clock.MINUTE);
        try {
            await guests[0].refresh();
            await stays.ask({ auth: { token: guests[0].token } });
            clock.advance(2 * clock.MINUTE);
            await ends.untilClosed();
            assert.equal(ends.bye.retry, true);
            assert.equal(stays.closed, undefined);
            const seq = await stays.say(room, '저는 남아요');
            await stays.untilSeq(room, seq);
        } finally {
            clock.reset();
            for (const person of [host, ...guests]) await person.refresh();
        }
    });

    it('Redis is restarted and instances die in the middle of a talk: nothing is lost', async () => {
        const readers = [await connect(host, { [room]: 0 }, ONE), await connect(guests[0], { [room]: 0 }, TWO)];
        const said = [];
        const talk = async (n) => {
            for (let i = 0; i < n; i++) {
                const reply = await guests[1].post(`/v1/chat/rooms/${room}/messages`, { cid: uuid(), text: `뜻밖의 일 ${said.length}` });
                said.push(expect(reply, 201).seq);
            }
        };
        await talk(3);
        await stop('redis');
        await talk(5);
        await start('redis');
        await talk(3);
        for (const reader of readers) await reader.untilSeq(room, said.at(-1));
        await kill('chat-2');
        await readers[1].untilClosed();
        await untilReady('chat-2');
        const back = await connect(guests[0], { [room]: readers[1].seqs(room).at(-1) }, TWO);
        await talk(3);
        await back.untilSeq(room, said.at(-1));
        await readers[0].untilSeq(room, said.at(-1));
        assert.deepEqual(readers[0].seqs(room), upTo(said.at(-1)));
        assert.deepEqual([...readers[1].seqs(room), ...back.seqs(room)], upTo(said.at(-1)));
    });

    it('an instance that is stopped says goodbye, and its clients go on at the other', async () => {
        const client = await connect(host, { [room]: 0 }, ONE);
        await stop('chat-1');
        try {
            await client.untilClosed();
            assert.equal(client.bye?.retry, true);
            assert.ok(client.bye.code >= 4000 && client.bye.code < 4500);
            const next = await connect(host, { [room]: client.seqs(room).at(-1) ?? 0 });
            const seq = await next.say(room, '계속');
            await next.untilSeq(room, seq);
        } finally {
            await start('chat-1');
        }
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
