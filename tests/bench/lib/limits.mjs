// tests/bench/lib/limits.mjs: what the machine itself can do, by tests/bench/c/auth_limits.c.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../lib/stack.mjs';

/** A side that runs `auth_limits ARGS`. */
export const limit = (...args) => ({
    run: async () => JSON.parse((await promisify(execFile)(join(root, 'build/bench/auth_limits'), args.map(String))).stdout),
    pids: async () => [],
});
