// tests/lib/it.mjs: C tests that need the servers, at length.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { readEnvironment, root } from './stack.mjs';

const ANEW = 'DROP DATABASE gonggu_it; CREATE DATABASE gonggu_it CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci';

/** Runs one (its path below build/test) on an empty schema of its own, with this environment; gives what it prints. */
export function runTest(program, env) {
    const stack = readEnvironment();
    execFileSync('mariadb', ['--no-defaults', `--socket=${stack.GONGGU_DB_SOCKET}`, '-e', ANEW]);
    return new Promise((resolve, reject) => {
        const child = spawn(join(root, 'build/test', program), { cwd: root, env: { ...process.env, ...stack, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
        let text = '';
        child.stdout.on('data', (bytes) => {
            text += bytes;
            process.stdout.write(bytes);
        });
        let said = '';
        child.stderr.on('data', (bytes) => (said = (said + bytes).slice(-4_000)));
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}:\n${text}\n${said}`))));
    });
}

/** Whether a process may look into another here: without it nothing can be killed at a point. */
export function canTrace() {
    try {
        execFileSync('strace', ['-qq', '-o', '/dev/null', 'true']);
        return true;
    } catch {
        return false;
    }
}
