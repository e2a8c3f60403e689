// tests/bench/run.mjs: `make bench`. Runs each measurement of what/: ours and the peer alternately, at least five times;
// prints the table, and after a whole run writes docs/performance.json and the table of docs/performance.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/stack.mjs';
import { cpuSeconds, median, memoryBytes } from './lib/measure.mjs';

const ROUNDS = 5;
const here = join(root, 'tests/bench/what');
const wanted = process.argv[2] ?? '';
const names = readdirSync(here).filter((f) => f.endsWith('.mjs')).map((f) => f.slice(0, -4)).filter((n) => !wanted || n === wanted).sort();
if (names.length === 0) {
    console.error(`there is no measurement "${wanted}"; there are: ${readdirSync(here).map((f) => f.slice(0, -4)).join(', ')}`);
    process.exit(2);
}

/** One run of one side, with what it cost. */
async function once(side) {
    await side.before?.();
    const pids = await side.pids();
    const cpu = cpuSeconds(pids);
    const self = process.cpuUsage();
    let peak = memoryBytes(pids);
    const timer = setInterval(() => (peak = Math.max(peak, memoryBytes(pids))), 250);
    const result = await side.run();
    clearInterval(timer);
    const own = process.cpuUsage(self);
    return {
        ...result,
        rate: result.operations / result.seconds,
        cpu: ((cpuSeconds(pids) - cpu) / result.operations) * 1000,
        peak,
        loadCpu: (own.user + own.system) / 1e6 / result.seconds,
    };
}

const round = (value, digits = 3) => (value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(digits)));

/** The medians of a side's runs. */
function summary(runs) {
    const of = (name) => (runs.every((r) => r[name] !== undefined) ? round(median(runs.map((r) => r[name]))) : null);
    return { rate: of('rate'), p50_ms: of('p50'), p99_ms: of('p99'), cpu_s_per_1000: of('cpu'), peak_mib: round(median(runs.map((r) => r.peak)) / 2 ** 20) };
}

async function measure(name) {
    const { default: what } = await import(join(here, `${name}.mjs`));
    console.log(`\n== ${name}: ${what.title}`);
    const sides = await what.prepare();
    const runs = Object.fromEntries(Object.keys(sides).map((s) => [s, []]));
    try {
        for (const side of Object.values(sides)) await side.warm?.();
        for (let i = 0; i < Number(process.env.GONGGU_BENCH_ROUNDS ?? what.rounds ?? ROUNDS); i++)
            for (const [s, side] of Object.entries(sides)) {
                runs[s].push(await once(side));
                const last = runs[s].at(-1);
                console.log(`   ${s} ${i + 1}: ${Math.round(last.rate)} ${what.unit}${last.p99 === undefined ? '' : `, p99 ${last.p99.toFixed(1)} ms`}`);
            }
        await what.check?.();
    } finally {
        await what.end?.();
    }
    return (what.rows ?? defaultRows)(what, name, Object.fromEntries(Object.entries(runs).map(([s, r]) => [s, summary(r)])), runs);
}

/** Ours against each other side, by rate. */
function defaultRows(what, name, sides, runs) {
    const { ours, ...others } = sides;
    const ratio = what.paired
        ? (a, b) => median(runs[a].map((r, i) => r.rate / runs[b][i].rate))
        : (a, b) => sides[a].rate / sides[b].rate;
    const pairs = what.pairs?.map(([side, against, goal]) =>
        row(name, `${what.title}; ${what.sides?.[side] ?? side} against ${what.sides?.[against] ?? against}`, what.unit, sides[side], sides[against], round(ratio(side, against)), goal));
    if (pairs) return pairs;
    const better = what.lessIsBetter ? (a, b) => ratio(b, a) : ratio;
    const list = Object.entries(others);
    if (list.length === 0) return [row(name, what.title, what.unit, ours, null, null, what.goal)];
    return list.map(([other, side]) => row(name, `${what.title}; against ${what.sides?.[other] ?? other}`, what.unit, ours, side, round(better('ours', other)), what.goals?.[other] ?? what.goal));
}
const row = (name, what, unit, ours, peer, ratio, goal) => ({ name, what, unit, ours, peer, ratio, goal: goal ?? null, met: ratio === null || goal === undefined ? null : ratio >= goal });

const rows = [];
let failed = 0;
for (const name of names) {
    try {
        rows.push(...(await measure(name)));
    } catch (error) {
        failed++;
        console.error(`   ${name} failed: ${error.stack}`);
    }
}

const cell = (value) => (value === null || value === undefined ? '' : String(value));
const side = (s) => (s ? `${cell(s.rate)} (${cell(s.p50_ms)}/${cell(s.p99_ms)} ms, ${cell(s.cpu_s_per_1000)} s, ${cell(s.peak_mib)} MiB)` : '');
const table = [
    '| what | unit | ours (p50/p99, CPU s per 1,000, peak) | peer (the same) | ratio | goal | met |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((r) => `| ${r.what} | ${r.unit} | ${side(r.ours)} | ${side(r.peer)} | ${cell(r.ratio)} | ${r.goal === null ? '' : r.goal} | ${r.met === null ? '' : r.met ? 'yes' : 'no'} |`),
].join('\n');
console.log(`\n${table}`);

/** A whole run is written down; a single measurement replaces its own rows. */
function remember() {
    const file = join(root, 'docs/performance.json');
    let kept = [];
    try {
        kept = JSON.parse(readFileSync(file, 'utf8')).rows.filter((r) => !names.includes(r.name));
    } catch {
        // the first run
    }
    const all = [...kept, ...rows].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const machine = `${cpus().length} × ${cpus()[0].model.trim()}`;
    writeFileSync(file, `${JSON.stringify({ machine, rows: all }, null, 2)}\n`);
}
if (rows.length > 0 && !process.env.GONGGU_BENCH_DRY) remember();
process.exit(failed ? 1 : 0);
