// tests/lib/pay_db.mjs: writes into pay's schema behind its back, as a thief or a broken disk would: to prove that the
// auditor sees it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stack } from './stack.mjs';

const settings = () =>
    Object.fromEntries([...readFileSync(join(stack.data, 'env/pay-1.env'), 'utf8').matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, k, v]) => [k, v]));

/** Runs statements as the account of pay. */
export function tamper(sql) {
    const env = settings();
    const password = readFileSync(env.GONGGU_DB_PASSWORD_FILE, 'utf8').trim();
    return execFileSync('mariadb', ['--no-defaults', '-h', env.GONGGU_DB_HOST, '-P', env.GONGGU_DB_PORT, '-u', env.GONGGU_DB_USER, env.GONGGU_DB_NAME, '--batch', '--skip-column-names', '-e', sql], {
        env: { ...process.env, MYSQL_PWD: password }, encoding: 'utf8',
    });
}

/** Runs gonggu-pay with a command of its own; gives what it prints. */
export function payCommand(...args) {
    const run = [join(stack.data, 'env/pay-1.env'), join(root, 'build/bin/gonggu-pay'), ...args];
    return execFileSync(join(root, 'deploy/local/exec-env'), run, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
