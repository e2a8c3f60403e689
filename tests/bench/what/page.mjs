// tests/bench/what/page.mjs: the page of a deal as strangers see it, from what the service keeps, beside nginx that serves the
// same bytes as a file. Both log every request; what is compared is requests per second of processor time.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send, expect } from '../../lib/api.mjs';
import { drained } from '../../lib/db.mjs';
import { dealBody } from '../../lib/deals.mjs';
import { png } from '../../lib/pictures.mjs';
import { processes, stack } from '../../lib/stack.mjs';
import { until } from '../../lib/wait.mjs';
import { cpuSeconds } from '../lib/measure.mjs';
import { neighbour } from '../lib/tokens.mjs';
import { load } from '../lib/wrk.mjs';

const PORT = 28191, SECONDS = Number(process.env.GONGGU_BENCH_SECONDS ?? 5);
let folder, nginx, bytes;

const CONF = (pid) => `daemon off; worker_processes 1; pid ${pid}; error_log stderr crit;
events { worker_connections 1024; }
http {
    access_log ${folder}/access.log; default_type application/json; keepalive_requests 1000000; sendfile on; tcp_nopush on;
    open_file_cache max=100; client_body_temp_path ${folder}/t; proxy_temp_path ${folder}/t; fastcgi_temp_path ${folder}/t; uwsgi_temp_path ${folder}/t; scgi_temp_path ${folder}/t;
    server { listen 127.0.0.1:${PORT} backlog=1024; root ${folder}/files; }
}`;

/** One side: requests per second that its processes were at work. */
const side = (base, path, pids) => ({
    warm: () => load(base, [{ path }], { connections: 32, once: false, seconds: 1 }),
    async run() {
        const before = cpuSeconds(await pids());
        const result = await load(base, [{ path }], { connections: 32, once: false, seconds: SECONDS });
        assert.deepEqual(Object.keys(result.statuses), ['200']);
        return { operations: result.requests, seconds: cpuSeconds(await pids()) - before, p50: result.p50, p99: result.p99 };
    },
    pids,
});

export default {
    title: 'the page of a deal from the cache, per second of processor time',
    unit: 'pages/s of a core',
    sides: { nginx: 'nginx, the same bytes as a file' },
    goal: 0.5,
    async prepare() {
        await drained({ within: 600_000 }); // what another measurement left
        const host = neighbour();
        const photo = expect(await send('PUT', '/v1/deal/photos', { token: host.token, raw: png([9, 9, 99]), type: 'image/png' }), 201).name;
        const deal = expect(await send('POST', '/v1/deal/deals', { token: host.token, json: dealBody(photo), key: randomUUID() }), 201);
        const path = `/v1/deal/deals/${deal.id}`;
        ({ bytes } = await send('GET', path, { base: stack.instances.deal[0] }));
        folder = mkdtempSync(join(tmpdir(), 'gonggu-nginx-'));
        mkdirSync(join(folder, 'files'));
        writeFileSync(join(folder, 'files/page'), bytes);
        writeFileSync(join(folder, 'nginx.conf'), CONF(join(folder, 'pid')));
        execFileSync('chmod', ['-R', 'a+rX', folder]);
        nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
        const base = `http://127.0.0.1:${PORT}`;
        await until('nginx serves', async () => (await send('GET', '/page', { base })).bytes.equals(bytes));
        return {
            ours: side(stack.instances.deal[0], path, async () => [(await processes())['deal-1'].pid]),
            nginx: side(base, '/page', async () => [nginx.pid]),
        };
    },
    async end() {
        nginx?.kill('SIGTERM');
        rmSync(folder, { recursive: true, force: true });
    },
};
