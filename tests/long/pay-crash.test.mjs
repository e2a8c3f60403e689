// tests/long/pay-crash.test.mjs: every point of every path of money killed and recovered, not only a sample of them.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { emptySchema } from '../lib/it.mjs';
import { root } from '../lib/stack.mjs';

/** Runs a C test that needs the servers, in its long form and on an empty schema; what it prints. */
function run(program) {
    emptySchema();
    return new Promise((resolve, reject) => {
        const child = spawn(join(root, 'build/test/services/pay/test', program), { env: { ...process.env, GONGGU_LONG: '1' }, stdio: ['ignore', 'pipe', 'ignore'] });
        let text = '';
        child.stdout.on('data', (bytes) => (text += bytes));
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}:\n${text}`))));
    });
}

const canTrace = () => {
    try {
        return execFileSync('strace', ['-qq', '-o', '/dev/null', 'true']) && true;
    } catch {
        return false;
    }
};

describe('P5 crash points', { skip: !canTrace() && 'no process may look into another here', timeout: 3_600_000 }, () => {
    for (const program of ['it_money', 'it_crash'])
        it(`${program}: killed before and after everything it says and hears, then sent again`, async () => {
            const points = Number(/# (\d+) crash points/.exec(await run(program))[1]);
            console.log(`${program}: ${points} crash points`);
            assert.ok(points > 500);
        });
});
