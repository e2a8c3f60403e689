// tests/conformance/chat/frames.test.mjs: frames are what the printed AsyncAPI document says. Both clients check each frame
// they hear (transports.mjs); here every kind of them is made to come, and the check itself is proved able to fail.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { faultsOfClientFrame, faultsOfServerFrame } from '../../lib/chat-frames.mjs';
import { SocketClient, until, uuid } from './transports.mjs';

const { instances, leave, room: makeRoom } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');

describe('frames and their document', () => {
    const open = [];
    after(() => open.forEach((client) => client.drop()));
    const connect = async (who, positions, base) => {
        open.push(await SocketClient.connect(who, positions, base));
        return open.at(-1);
    };

    it('C14 every kind of frame and of entry has come, and is in the document', async () => {
        const place = await makeRoom(2);
        const [silent, h, g, tablet] = [
            await new SocketClient(place.host, instances[0]).open(), // never connects: is told bye
            await connect(place.host, { [place.id]: 0 }, instances[0]),
            await connect(place.guests[0], { [place.id]: 0 }, instances[1 % instances.length]),
            await connect(place.host, {}, instances[1 % instances.length]),
        ];
        open.push(silent);
        await h.ask({ watch: { deals: [{ deal: place.id }] } });
        await h.ask({ auth: { token: place.host.token } });
        const first = await h.send(place.id, {
            cid: uuid(), text: `계좌 110-234-567890 으로 보내고 카톡 gonggu123 으로 알려 주세요`,
            place: { name: '망원역 2번 출구', lat: 37.556123, lng: 126.910456 }, mentions: [{ user: place.guests[0].id }],
        });
        const second = await g.say(place.id, '네', { reply: first });
        await g.edit(place.id, second, '네!');
        await h.react(place.id, second, '👍');
        await h.react(place.id, second, '👍', true);
        await h.pin(place.id, first);
        await h.pin(place.id);
        await h.read(place.id, second);
        await h.ask({ resume: { room: place.id, seq: 1 } });
        g.ws.send(JSON.stringify({ id: 999, typing: { room: place.id } }));
        await assert.rejects(g.edit(place.id, first, '남의 말'));
        const last = await g.delete(place.id, second);
        await h.untilSeq(place.id, last);
        await h.untilFrame('typing is told', (f) => f.typing);
        await tablet.untilFrame('the mark is told', (f) => f.mark);
        await leave(place.guests[1], place);
        await leave(place.guests[0], place);
        await g.untilLeft(place.id);
        await silent.untilFrame('bye is said', (f) => f.bye);
        await h.untilFrame('a ping comes', (f) => f.ping);
        const frames = open.flatMap((c) => c.frames);
        const members = new Set(frames.flatMap(Object.keys));
        for (const name of ['id', 'ok', 'error', 'room', 'entry', 'left', 'typing', 'positions', 'ping', 'mark', 'progress', 'inbox', 'bye']) assert.ok(members.has(name), `no frame with ${name}`);
        const entries = frames.flatMap((f) => (f.entry ? [f.entry] : []));
        for (const type of ['message', 'joined', 'left', 'card', 'edit', 'delete', 'reaction', 'pin']) assert.ok(entries.some((e) => e.type === type), `no ${type}`);
        for (const member of ['reply', 'place', 'mentions', 'warning', 'target', 'emoji', 'on', 'revised']) assert.ok(entries.some((e) => e[member] !== undefined), `no entry with ${member}`);
        await until('late comers are told of what is deleted', async () => {
            const late = await connect(place.host, { [place.id]: 0 }, instances[0]);
            await late.untilSeq(place.id, last);
            return late.entries(place.id).some((e) => e.deleted);
        });
    });

    it('the check fails on what is not in the document', () => {
        const room = uuid();
        const fine = { room, entry: { seq: 1, type: 'message', cid: uuid(), from: { id: uuid(), nickname: '이웃' }, text: '안녕', at: '2026-01-02T03:04:05.678Z' } };
        assert.deepEqual(faultsOfServerFrame(fine), []);
        const worse = (change) => { const copy = structuredClone(fine); change(copy); return copy; };
        const wrong = [
            worse((f) => (f.more = 1)), worse((f) => (f.entry.extra = {})), worse((f) => (f.room = 'x')), worse((f) => (f.entry.seq = 0)),
            worse((f) => (f.entry.seq = 1.5)), worse((f) => (f.entry.seq = '1')), worse((f) => (f.entry.type = 'shout')), worse((f) => (f.entry.at = 'now')),
            worse((f) => (f.entry.text = '')), worse((f) => (f.entry.text = 'ㄱ'.repeat(2001))), worse((f) => delete f.entry.at), worse((f) => (f.entry.from = [])),
        ];
        for (const frame of wrong) assert.equal(faultsOfServerFrame(frame).length, 1, JSON.stringify(frame));
        assert.deepEqual(faultsOfClientFrame({ id: 1, read: { room, seq: 0 } }), []);
        assert.equal(faultsOfClientFrame({ read: { room, seq: 0 } }).length, 1);
        assert.equal(faultsOfClientFrame({ id: 1, read: { room } }).length, 1);
    });
});
