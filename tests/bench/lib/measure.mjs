// tests/bench/lib/measure.mjs: what a run costs: CPU seconds and memory of processes, percentiles, medians.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100; // of /proc, per second

/** CPU seconds that these processes and their children have used so far. */
export function cpuSeconds(pids) {
    let ticks = 0;
    for (const pid of family(pids)) {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
            const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
            ticks += Number(fields[11]) + Number(fields[12]);
        } catch {
            // it has ended; what it used is lost to us and small
        }
    }
    return ticks / TICKS;
}

/** Resident memory of these processes and their children, in bytes. */
export function memoryBytes(pids) {
    let bytes = 0;
    for (const pid of family(pids)) {
        try {
            const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
            bytes += Number(line?.[1] ?? 0) * 1024;
        } catch {
            // it has ended
        }
    }
    return bytes;
}

/** These pids and every process below them. */
function family(pids) {
    const children = new Map();
    for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        try {
            const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
            const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
            children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
        } catch {
            // it has ended
        }
    }
    const found = new Set();
    const add = (pid) => {
        if (found.has(pid)) return;
        found.add(pid);
        (children.get(pid) ?? []).forEach(add);
    };
    pids.forEach(add);
    return found;
}

export const median = (values) => quantile([...values].sort((a, b) => a - b), 0.5);

/** The q-quantile of sorted values. */
export function quantile(sorted, q) {
    if (sorted.length === 0) return NaN;
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
