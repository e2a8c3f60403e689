// tests/bench/what/chat_latency.mjs: from sending a message to its arrival at every member, at half the rate of chat.mjs's
// peak as this run finds it; messages are sent when they are due, whether or not earlier ones have arrived.
import { median } from '../lib/measure.mjs';
import { chatPids, clientFile, load, makeRooms, restPush, wakePush } from '../lib/chat.mjs';

const ROOMS = 250, MEMBERS = 4, GOAL_MS = 30, SECONDS = 6;
let clients, rate;

export default {
    title: `chat: send to deliver at half the peak, ${ROOMS * MEMBERS} sockets in rooms of ${MEMBERS}`,
    unit: 'messages/s',
    async prepare() {
        await restPush();
        clients = clientFile(makeRooms(ROOMS, MEMBERS));
        return {
            ours: {
                async warm() {
                    const peaks = [];
                    for (let i = 0; i < 3; i++) peaks.push(await load('talk', undefined, clients.file, 12_000, 2).then((r) => r.operations / r.seconds));
                    rate = Math.round(median(peaks) / 2);
                },
                run: () => load('offered', undefined, clients.file, rate, SECONDS),
                pids: chatPids,
            },
        };
    },
    async end() {
        clients?.remove();
        await wakePush();
    },
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
