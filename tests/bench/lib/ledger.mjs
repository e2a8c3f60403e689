// tests/bench/lib/ledger.mjs: pay's ledger in a schema of its own, and the C program that moves money in it.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, stack } from '../../lib/stack.mjs';
import { databasePid, sql } from './peer.mjs';

export const ledgerProgram = (name) => join(root, 'build/bench', name);
const program = ledgerProgram('pay_transfers');
const options = { cwd: root, env: { ...process.env, GONGGU_BENCH_DB_PORT: String(stack.db.port) } };

/** The programs work as user `bench`. */
export const letBenchInto = (schema) => sql(`CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench'; GRANT ALL ON ${schema}.* TO 'bench'@'%'`);

/** A fresh ledger with wallets that are rich. */
export function freshLedger() {
    sql('DROP DATABASE IF EXISTS bench_pay; CREATE DATABASE bench_pay CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    letBenchInto('bench_pay');
    execFileSync(program, ['setup'], { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A side: `who` (ours, raw) doing `what` (spread, hot, phases, offered). */
export const ledgerSide = (who, what, width, seconds, combine = 1) => ({
    run: async () => JSON.parse((await promisify(execFile)(program, [who, what, width, seconds, combine].map(String), options)).stdout),
    pids: async () => [databasePid()],
});

/** Money is neither made nor lost, by raw statements neither. */
export const ledgerSum = () => sql('SELECT SUM(posted) FROM account', 'bench_pay');
export const dropLedger = () => sql('DROP DATABASE IF EXISTS bench_pay');

/** The measurement of one kind of transfer: ours and the same statements raw on 8 connections, and ours combined. */
export function ledgerBench(what, title, seconds = 5) {
    return {
        title: `${title}, 8 connections`,
        unit: 'transfers/s',
        sides: { ours: 'ours', raw: 'the same prepared statements without rules and chain', combined: 'ours, 64 in each transaction' },
        pairs: [['ours', 'raw', 0.8], ['combined', 'raw', 1]],
        async prepare() {
            freshLedger();
            return { ours: ledgerSide('ours', what, 8, seconds), raw: ledgerSide('raw', what, 8, seconds), combined: ledgerSide('ours', what, 2, seconds, 64) };
        },
        check: async () => assert.equal(ledgerSum(), '0'),
        end: async () => dropLedger(),
    };
}
