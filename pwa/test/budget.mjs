// pwa/test/budget.mjs: the end of every build: what it weighs, gzipped, against what it may. Over it, the build fails.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const chunks = Object.values(manifest);
const entry = chunks.find((c) => c.isEntry);

/** A chunk with all that it imports at once. */
function withImports(chunk, seen = new Set()) {
    if (seen.has(chunk)) return seen;
    seen.add(chunk);
    for (const name of chunk.imports ?? []) withImports(manifest[name], seen);
    return seen;
}
const files = (set) => [...new Set([...set].flatMap((c) => [c.file, ...(c.css ?? [])]))];
const sum = (names) => names.reduce((bytes, name) => bytes + weigh(name), 0);

const first = files(withImports(entry));
const routes = chunks.filter((c) => c.isDynamicEntry).map((c) => [c.file, sum(files(withImports(c)).filter((f) => !first.includes(f)))]);
const [heaviest, weight] = routes.reduce((a, b) => (b[1] > a[1] ? b : a));
const scripts = readdirSync(join(dist, 'assets')).filter((f) => f.endsWith('.js') && !f.startsWith('jsQR')).map((f) => `assets/${f}`);
const precached = readFileSync(join(dist, 'sw.js'), 'utf8').match(/url:"[^"]+"|"url":"[^"]+"/g) ?? [];
const raw = precached.map((m) => m.replace(/.*?"?url"?:"|"$/g, '')).reduce((bytes, f) => bytes + statSync(join(dist, f)).size, 0);

const rows = [
    ['first page, JavaScript', sum(first.filter((f) => f.endsWith('.js'))), 100_000],
    ['first page, CSS', sum(first.filter((f) => f.endsWith('.css'))), 12_000],
    [`heaviest page (${heaviest})`, weight, 55_000],
    ['all JavaScript but the reader of QR codes', sum(scripts), 320_000],
    ['service worker', weigh('sw.js'), 15_000],
    ['kept for offline, raw', raw, 1_000_000],
];
for (const [what, bytes, most] of rows) console.log(`${bytes > most ? 'OVER ' : '     '}${what}: ${(bytes / 1000).toFixed(1)} of ${most / 1000} kB`);
if (rows.some(([, bytes, most]) => bytes > most)) process.exitCode = 1;
