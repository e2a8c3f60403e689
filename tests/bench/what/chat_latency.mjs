// tests/bench/what/chat_latency.mjs: from sending a message to its arrival at every member, at half the peak of the same
// traffic (all clients take turns: one message after the other goes to another room), which this run finds with a
// thousand messages under way. Then messages are sent when they are due, whether or not earlier ones have arrived. Both last
// long enough for those who have not read to be told. What the load itself takes of the cores is printed.
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
                    for (let i = 0; i < 3; i++) peaks.push(await load('peak', undefined, clients.file, 40_000, 1000).then((r) => r.operations / r.seconds));
                    rate = Math.round(median(peaks) / 2);
                    console.log(`   peak ${Math.round(2 * rate)} messages/s`);
                },
                async run() {
                    const result = await load('offered', undefined, clients.file, rate, SECONDS);
                    console.log(`   the load took ${(result.load_cpu / result.seconds).toFixed(2)} of a core; p50 ${result.p50}, p99 ${result.p99} ms`);
                    return result;
                },
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
