// tests/bench/what/chat_catchup.mjs: a member who has missed ten thousand messages: from `connect` to the last of them.
import { chatPids, clientFile, load, makeRooms } from '../lib/chat.mjs';
import { median } from '../lib/measure.mjs';

const MISSED = 10_000, TALKERS = 100, GOAL_S = 1;
let one;

export default {
    title: `chat: ${MISSED.toLocaleString('en')} missed messages caught up`,
    unit: 'messages/s',
    async prepare() {
        const [room] = makeRooms(1, TALKERS);
        const talkers = clientFile([room]);
        await load('talk', undefined, talkers.file, MISSED, 2);
        talkers.remove();
        one = clientFile([{ ...room, members: room.members.slice(0, 1) }], { position: 0 });
        return { ours: { run: () => load('catchup', undefined, one.file, MISSED), pids: chatPids } };
    },
    end: async () => one?.remove(),
    rows: (what, name, { ours }, { ours: runs }) => {
        const seconds = median(runs.map((r) => r.seconds));
        return [{ name, what: `${what.title} (in ${seconds.toFixed(2)} s)`, unit: what.unit, ours, peer: null, ratio: null, goal: `< ${GOAL_S} s`, met: seconds < GOAL_S }];
    },
};
