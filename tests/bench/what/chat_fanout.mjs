// tests/bench/what/chat_fanout.mjs: one message to a room of a thousand connected members: when each of them has it.
import { chatPids, clientFile, load, makeRooms, restPush, wakePush } from '../lib/chat.mjs';

const MEMBERS = 1000, MESSAGES = 50, GOAL_MS = 50;
let clients;

export default {
    title: `chat: one message to ${MEMBERS} members, until each has it`,
    unit: 'messages/s (10 are offered)',
    async prepare() {
        await restPush();
        clients = clientFile(makeRooms(1, MEMBERS));
        return { ours: { run: () => load('fan', undefined, clients.file, MESSAGES), pids: chatPids } };
    },
    async end() {
        clients?.remove();
        await wakePush();
    },
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
