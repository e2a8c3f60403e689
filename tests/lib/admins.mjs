// tests/lib/admins.mjs: the first admin comes from the command line, as an operator makes him; and what the admins' log
// must look like.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { query } from './db.mjs';
import { signUp } from './people.mjs';
import { root, stack } from './stack.mjs';

/** Runs gonggu-auth with a command of its own; gives what it prints. */
export function authCommand(...args) {
    const run = [join(stack.data, 'env/auth-1.env'), join(root, 'build/bin/gonggu-auth'), ...args];
    return execFileSync(join(root, 'deploy/local/exec-env'), run, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Somebody who has the role, and a token that says so. */
export async function signUpAdmin() {
    const person = await signUp('관리자');
    authCommand('--make-admin', person.loginId);
    return person.refresh();
}

/** What breaks the chain of hashes of the admin log; nothing may. */
export async function brokenAdminLog() {
    const rows = await query(`SELECT number, DATE_FORMAT(at, '%Y-%m-%dT%H:%i:%s.%f'), HEX(admin_id), action, HEX(user_id),
        HEX(report_id), DATE_FORMAT(until, '%Y-%m-%dT%H:%i:%s.%f'), HEX(CONVERT(reason USING utf8mb4)), HEX(hash)
        FROM gonggu_auth.admin_log ORDER BY number`);
    const actions = ['role_given', 'role_taken', 'suspended', 'unsuspended', 'report_dismissed', 'report_upheld', 'sessions_ended'];
    const uuid = (hex) => (hex === 'NULL' ? '' : hex.toLowerCase().replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'));
    const time = (text) => (text === 'NULL' ? '' : `${text.slice(0, 23)}Z`);
    const broken = [];
    let last = '0'.repeat(64);
    rows.forEach(([number, at, admin, action, user, report, until, reason, hash], i) => {
        const words = Buffer.from(reason, 'hex').toString('utf8');
        const text = [last, number, time(at), uuid(admin), actions[action], uuid(user), uuid(report), time(until), words].join('|');
        const expected = createHash('sha256').update(text).digest('hex');
        if (expected !== hash.toLowerCase() || Number(number) !== i + 1) broken.push(`entry ${number}`);
        last = hash.toLowerCase();
    });
    return broken;
}
