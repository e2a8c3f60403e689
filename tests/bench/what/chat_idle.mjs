// tests/bench/what/chat_idle.mjs: what an open and silent socket costs one instance: resident memory of the process, and
// memory of the kernel (slabs and socket buffers; both ends are on this machine, so half of it).
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes } from '../../lib/stack.mjs';
import { clientFile, idleSockets, makeRooms } from '../lib/chat.mjs';
import { median, memoryBytes } from '../lib/measure.mjs';

const MEMBERS = 4, GOAL_KB = 12, SPARE = 500;
const limit = (pid) => Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))[1]);
let pid, files, most;

/** KB that the kernel holds for sockets and files. */
function kernelKB() {
    const slab = Number(/^Slab:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1]);
    const pages = Number(/^TCP:.* mem (\d+)$/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1] ?? 0);
    return slab + pages * 4;
}

export default {
    title: 'chat: an idle socket, process and kernel',
    unit: 'KB each',
    rounds: 1,
    async prepare() {
        pid = (await processes())['chat-1'].pid;
        most = Math.min(Number(process.env.GONGGU_BENCH_SOCKETS ?? 20_000), limit(pid) - SPARE, limit('self') - SPARE);
        // Every member of a room once; the first hundred rooms have already grown what grows once.
        files = [clientFile(makeRooms(100, MEMBERS)), clientFile(makeRooms(Math.floor((most - 400) / MEMBERS), MEMBERS))];
        return {
            ours: {
                async run() {
                    const warm = await idleSockets(files[0].file);
                    await sleep(1000);
                    const before = { rss: memoryBytes([pid]) / 1024, kernel: kernelKB() };
                    const started = performance.now();
                    const sockets = await idleSockets(files[1].file);
                    const seconds = (performance.now() - started) / 1000;
                    await sleep(12_000); // each has been pinged once
                    const n = most - 400;
                    const process_ = (memoryBytes([pid]) / 1024 - before.rss) / n;
                    const kernel = (kernelKB() - before.kernel) / n / 2;
                    await sockets.close();
                    await warm.close();
                    return { operations: n, seconds, process_, kernel };
                },
                pids: () => [pid],
            },
        };
    },
    end: async () => files?.forEach((f) => f.remove()),
    rows: (what, name, { ours }, { ours: runs }) => {
        const [process_, kernel] = ['process_', 'kernel'].map((of) => median(runs.map((r) => r[of])));
        const title = `${what.title} (${process_.toFixed(1)} + ${kernel.toFixed(1)} KB, ${runs[0].operations + 400} sockets)`;
        return [{ name, what: title, unit: what.unit, ours: { ...ours, rate: Number((process_ + kernel).toFixed(2)) }, peer: null, ratio: null, goal: `< ${GOAL_KB}`, met: process_ + kernel < GOAL_KB }];
    },
};
