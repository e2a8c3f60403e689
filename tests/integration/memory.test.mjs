// tests/integration/memory.test.mjs: one idle instance of each service takes less than 40 MB, also after it has worked. Counted
// is its proportional set size: the pages of libraries, which all instances share, count for each its part.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, it } from 'node:test';
import { join, openDeal } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { servicePids } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const residentMB = (pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;
const pids = await servicePids();

before(async () => {
    const deal = await openDeal(await signUp('방장'));
    for (const guest of await signUpMany(4, 10_000)) await join(guest, deal, 1);
});

for (const [name, pid] of Object.entries(pids))
    it(`${name} idles under 40 MB`, async (t) => {
        await until(`${name} is below 40 MB`, () => residentMB(pid) < 40, { within: 20_000, every: 200 });
        t.diagnostic(`${residentMB(pid).toFixed(1)} MB`);
        assert.ok(residentMB(pid) > 1, 'something was measured');
    });
