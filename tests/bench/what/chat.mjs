// tests/bench/what/chat.mjs: a thousand neighbours in rooms of four talk: messages that are stored, acknowledged, and delivered
// to everybody in the room, per second. The same bare WebSocket client speaks to both sides, and counts deliveries
// without parsing them: the one process that drives must not be what is measured.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { processes, stack } from '../../lib/stack.mjs';
import { WebSocket } from '../../lib/websocket.mjs';
import { databasePid, sql, startPeer } from '../lib/peer.mjs';
import { neighbours } from '../lib/tokens.mjs';

const ROOMS = 250, MEMBERS = 4, MESSAGES = 12_000, IN_FLIGHT = 2, PORT = 28191;
const hex = (uuid) => uuid.replaceAll('-', '');
const TEXT = '내일 세 시에 망원역 2번 출구에서 만나요';
let peer, rooms;

/** How each side is spoken to. */
const OURS = {
    open: (i) => WebSocket.open(`${stack.instances.chat[i % stack.instances.chat.length]}/v1/chat/socket`, { protocol: 'gonggu.chat.v1' }),
    hello: (member) => JSON.stringify({ id: 1, connect: { token: member.token, rooms: [] } }),
    welcomed: (text) => text.startsWith('{"id":1,"ok"'),
    send: (id, room) => JSON.stringify({ id, send: { room, cid: randomUUID(), text: TEXT } }),
    answer: (text) => (text.startsWith('{"id":') && text.includes('"ok"') ? Number(/^\{"id":(\d+)/.exec(text)[1]) : 0),
    delivered: (text) => text.includes('"entry":{'),
    control: () => undefined,
};
const PEER = {
    open: () => WebSocket.open(`${peer.base}/socket.io/?EIO=4&transport=websocket`),
    hello: (member) => `40${JSON.stringify({ token: member.token })}`,
    welcomed: (text) => text.startsWith('42["welcome"'),
    send: (id, room) => `42${id}${JSON.stringify(['send', { room, cid: randomUUID(), text: TEXT }])}`,
    answer: (text) => (text.startsWith('43') ? Number(/^43(\d+)/.exec(text)[1]) : 0),
    delivered: (text) => text.startsWith('42["entry"'),
    control: (text) => (text === '2' ? '3' : undefined),
};

/** Connects every member of every room. */
async function connectAll(side) {
    const clients = [];
    const members = rooms.flatMap((room) => room.members.map((member) => ({ room: room.id, member })));
    for (let i = 0; i < members.length; i += 50)
        clients.push(...(await Promise.all(members.slice(i, i + 50).map(async ({ room, member }, k) => {
            const client = { room, ws: await side.open(i + k), waiting: new Map() };
            await new Promise((resolve, reject) => {
                setTimeout(() => reject(new Error('not welcomed')), 20_000).unref();
                client.ws.on('text', (text) => {
                    const reply = side.control(text);
                    if (reply) client.ws.send(reply);
                    else if (side.welcomed(text)) resolve();
                    else client.heard?.(text);
                });
                setImmediate(() => client.ws.send(side.hello(member)));
            });
            return client;
        }))));
    return clients;
}

/** Everybody talks until MESSAGES are acknowledged and delivered to every member. */
async function talk(side, clients) {
    let next = 0, answered = 0, delivered = 0, id = 1;
    const times = [];
    const started = performance.now();
    await new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${answered} answered, ${delivered} delivered`)), 120_000).unref();
        const speak = (client) => {
            if (next >= MESSAGES) return;
            next++;
            client.waiting.set(++id, performance.now());
            client.ws.send(side.send(id, client.room));
        };
        for (const client of clients)
            client.heard = (text) => {
                if (side.delivered(text)) delivered++;
                else {
                    const of = side.answer(text);
                    if (!of || !client.waiting.has(of)) return;
                    times.push(performance.now() - client.waiting.get(of));
                    client.waiting.delete(of);
                    answered++;
                    speak(client);
                }
                if (answered === MESSAGES && delivered === MESSAGES * MEMBERS) resolve();
            };
        for (let k = 0; k < IN_FLIGHT; k++) clients.forEach(speak);
    });
    times.sort((a, b) => a - b);
    return {
        operations: MESSAGES,
        seconds: (performance.now() - started) / 1000,
        p50: times[times.length >> 1],
        p99: times[Math.floor(times.length * 0.99)],
    };
}

function side(which, pids) {
    let clients;
    return {
        before: async () => (clients ??= await connectAll(which)),
        run: () => talk(which, clients),
        pids,
    };
}

export default {
    title: `chat: ${ROOMS * MEMBERS} sockets in rooms of ${MEMBERS}, stored before acknowledged, delivered to all`,
    unit: 'messages/s',
    sides: { peer: 'Socket.IO 4 + Redis adapter + mysql2' },
    goal: 5,
    async prepare() {
        rooms = Array.from({ length: ROOMS }, () => ({ id: randomUUID(), members: neighbours(MEMBERS) }));
        const password = readFileSync(process.env.GONGGU_REDIS_PASSWORD_FILE, 'utf8').trim();
        peer = await startPeer('chat', PORT, { processes: stack.instances.chat.length, env: { PEER_REDIS: `redis://:${password}@${process.env.GONGGU_REDIS}` } });
        const values = (list) => list.join(', ');
        const members = rooms.flatMap((r) => r.members.map((m) => ({ room: hex(r.id), user: hex(m.id) })));
        sql(`INSERT INTO room (id, host_id, title, changed_at, shown_at, members) VALUES ${values(rooms.map((r) => `(0x${hex(r.id)}, 0x${hex(r.members[0].id)}, '벤치', NOW(3), NOW(3), ${MEMBERS})`))};
             INSERT INTO member (room_id, user_id, joined_seq, read_seq, changed_at) VALUES ${values(members.map((m) => `(0x${m.room}, 0x${m.user}, 0, 0, NOW(3))`))}`, 'gonggu_chat');
        peer.sql(`INSERT INTO member VALUES ${values(members.map((m) => `(0x${m.room}, 0x${m.user})`))}`);
        return {
            ours: side(OURS, async () => [...Object.entries(await processes()).filter(([n]) => n.startsWith('chat-')).map(([, p]) => p.pid), databasePid()]),
            peer: side(PEER, () => [...peer.pids, databasePid()]),
        };
    },
    /** Both stored what they acknowledged, once. */
    async check() {
        const ours = Number(sql(`SELECT COUNT(*) FROM entry e JOIN room r ON r.id = e.room_id WHERE r.title = '벤치'`, 'gonggu_chat'));
        const theirs = Number(peer.sql('SELECT COUNT(*) FROM message'));
        assert.equal(ours % MESSAGES, 0);
        assert.equal(theirs % MESSAGES, 0);
    },
    async end() {
        peer?.stop();
    },
};
