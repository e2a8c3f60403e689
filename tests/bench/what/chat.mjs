// tests/bench/what/chat.mjs: a thousand neighbours in rooms of four talk: messages that are stored, acknowledged, and delivered
// to everybody in the room, per second. The same program in C speaks to both sides: what drives must not be what is measured.
import assert from 'node:assert/strict';
import { chatPids, clientFile, load, makeRooms, peerPids, restPush, startChatPeer, storedIn, wakePush } from '../lib/chat.mjs';

const ROOMS = 250, MEMBERS = 4, MESSAGES = 12_000, IN_FLIGHT = 2, PORT = 28191;
let peer, rooms, clients, said = 0, heard = 0;

const side = (of, pids) => ({
    run: async () => {
        const result = await load('talk', of(), clients.file, MESSAGES, IN_FLIGHT);
        assert.equal(result.delivered, MESSAGES * MEMBERS);
        if (of()) heard += MESSAGES;
        else said += MESSAGES;
        return { ...result, p50: result.ack_p50, p99: result.ack_p99 };
    },
    pids,
});

export default {
    title: `chat: ${ROOMS * MEMBERS} sockets in rooms of ${MEMBERS}, stored before acknowledged, delivered to all`,
    unit: 'messages/s',
    sides: { peer: 'Socket.IO 4 + Redis adapter + mysql2' },
    goal: 5,
    async prepare() {
        rooms = makeRooms(ROOMS, MEMBERS);
        clients = clientFile(rooms);
        await restPush();
        peer = await startChatPeer(rooms, PORT);
        return { ours: side(() => undefined, chatPids), peer: side(() => peer, () => peerPids(peer)) };
    },
    /** Both stored what they acknowledged, once. */
    async check() {
        assert.equal(storedIn(rooms), said);
        assert.equal(Number(peer.sql('SELECT COUNT(*) FROM message')), heard);
    },
    async end() {
        peer?.stop();
        clients?.remove();
        await wakePush();
    },
};
