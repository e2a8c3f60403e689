// tests/integration/memory.test.mjs: one idle instance of each service takes less than 40 MB. Instances are started anew,
// so that what is measured is idling and not what the tests before have left.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { SERVICES, servicePids, start, stop } from '../lib/stack.mjs';

const residentMB = (pid) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

for (const service of SERVICES)
    it(`an idle instance of ${service} takes less than 40 MB`, async (t) => {
        await stop(`${service}-2`);
        await start(`${service}-2`);
        const used = residentMB((await servicePids())[`${service}-2`]);
        t.diagnostic(`${used.toFixed(1)} MB`);
        assert.ok(used < 40, `${used.toFixed(1)} MB`);
    });
