// tests/bench/lib/wrk.mjs: the load: wrk sends each request of a list once, over many connections, and tells what came back.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Each thread takes every n-th request of the list, so none is sent twice; when the list was answered it ends (`once`, one
// thread) or begins again. Statuses are counted; latencies are wrk's own.
const SCRIPT = `
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int signal); struct moment { long s, us; }; int gettimeofday(struct moment *, void *);")
local moment = ffi.new("struct moment")
local function now()
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.s) * 1000000 + tonumber(moment.us)
end
local threads = {}
function setup(thread) thread:set("number", #threads); table.insert(threads, thread) end
function init(args)
    requests, at, statuses = {}, 0, {}
    local total = tonumber(args[2])
    local i = 0
    for line in io.lines(args[1]) do
        if i % total == number then
            local method, path, token, key, cookie, body = line:match("([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t([^\\t]*)\\t(.*)")
            local headers = {}
            if token ~= "" then headers["Authorization"] = "Bearer " .. token end
            if key ~= "" then headers["Idempotency-Key"] = key end
            if cookie ~= "" then headers["Cookie"] = cookie end
            if body ~= "" then headers["Content-Type"] = "application/json" end
            table.insert(requests, wrk.format(method, path, headers, body ~= "" and body or nil))
        end
        i = i + 1
    end
    once = args[3] == "once"
    pause = tonumber(args[4])
    left, promised, began, ended = #requests, 0, 0, 0
end
-- Each pause is followed by one request of its connection. When the list is given away, idle connections rest: what they
-- would repeat is answered one by one and would be measured too.
function delay()
    promised = promised + 1
    if once and promised > #requests then return 3600000 end
    return pause > 0 and math.random(0, 2 * pause) or 0 -- not all at the same time, over and over
end
-- wrk asks the first thread once only to look at the request: that one is not sent.
function request()
    if number == 0 and not looked_at then
        looked_at = true
        return requests[1]
    end
    at = at + 1
    if began == 0 then began = now() end
    if at > #requests then
        if once then at = #requests else at = 1 end
    end
    return requests[at]
end
function response(status)
    statuses[status] = (statuses[status] or 0) + 1
    left = left - 1
    if once and left == 0 then
        ended = now()
        ffi.C.kill(ffi.C.getpid(), 2) -- wrk would sleep until its time is over
    end
end
function done(summary, latency, all)
    local counts = {}
    for _, thread in ipairs(threads) do
        for status, n in pairs(thread:get("statuses")) do counts[status] = (counts[status] or 0) + n end
    end
    local us, first = summary.duration, threads[1]
    -- wrk looks only ten times a second whether it shall end: a list ends with its last answer.
    if first:get("ended") > 0 then us = first:get("ended") - first:get("began") end
    local parts = {}
    for status, n in pairs(counts) do table.insert(parts, string.format('"%d":%d', status, n)) end
    print(string.format('RESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d,"statuses":{%s}}',
        summary.requests, us, latency:percentile(50), latency:percentile(99), latency.max,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        table.concat(parts, ",")))
end
`;

/**
 * Sends `list` ({method, path, token, key, cookie, json}) to `base`. With `once` every request is sent once and the run ends
 * with the list; else for `seconds`.
 * `pauseMs` between two requests of a connection makes a steady load below the peak.
 */
export async function load(base, list, { connections = 64, threads = 1, seconds = 60, once = true, pauseMs = 0 } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'gonggu-bench-'));
    try {
        const line = (r) => [r.method ?? 'GET', r.path, r.token ?? '', r.key ?? '', r.cookie ?? '', r.json ? JSON.stringify(r.json) : ''].join('\t');
        writeFileSync(join(folder, 'list'), list.map(line).join('\n') + '\n');
        writeFileSync(join(folder, 'script.lua'), SCRIPT);
        if (once && threads !== 1) throw new Error('a list that is sent once has one thread');
        const began = process.hrtime.bigint();
        const { stdout } = await run(
            'wrk',
            ['-t', threads, '-c', connections, '-d', `${seconds}s`, '--timeout', '30s', '-s', join(folder, 'script.lua'), base, '--',
                join(folder, 'list'), threads, once ? 'once' : 'again', pauseMs].map(String),
            { maxBuffer: 1 << 24 },
        );
        const took = Number(process.hrtime.bigint() - began) / 1e9;
        const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)[1]);
        return { ...result, seconds: result.us / 1e6, took, p50: result.p50 / 1000, p99: result.p99 / 1000, max: result.max / 1000 };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
