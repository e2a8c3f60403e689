// tests/long/deal-crash.test.mjs: every point of every step of a deal killed and done again, not only a sample of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canTrace, runTest } from '../lib/it.mjs';

describe('D6 crash points', { skip: !canTrace() && 'no process may look into another here', timeout: 3_600_000 }, () => {
    it('killed before and after everything it says and hears, then done again', async () => {
        const printed = await runTest('services/deal/test/it_crash', { GONGGU_LONG: '1' });
        assert.ok(Number(/# (\d+) crash points/.exec(printed)[1]) > 300);
    });
});
