// tests/long/pay-crash.test.mjs: every point of every path of money killed and recovered, not only a sample of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canTrace, runTest } from '../lib/it.mjs';

describe('P5 crash points', { skip: !canTrace() && 'no process may look into another here', timeout: 3_600_000 }, () => {
    for (const [program, least] of [['services/pay/test/it_money', 500], ['services/pay/test/it_crash', 900], ['libcommon/test/it_relay', 30]])
        it(`${program}: killed before and after everything it says and hears, then sent again`, async () => {
            const printed = await runTest(program, { GONGGU_LONG: '1' });
            assert.ok(Number(/# (\d+) crash points/.exec(printed)[1]) > least);
        });
});
