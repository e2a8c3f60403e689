// tests/bench/lib/peer.mjs: a peer: a schema of its own on the same database server, and its Node processes.
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, secret, stack } from '../../lib/stack.mjs';

/** Runs SQL as the owner of the stack's database server. */
export function sql(text, schema = '') {
    return execFileSync('mariadb', ['--no-defaults', `--socket=${process.env.GONGGU_DB_SOCKET}`, '--batch', '--skip-column-names', ...(schema ? [schema] : [])], { input: text, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
}

/** Starts peers/NAME.mjs on `port`, with the schema of NAME.sql if there is one. {base, pids, sql, stop}. */
export async function startPeer(name, port, { processes = stack.instances.deal.length, env = {} } = {}) {
    const folder = join(root, 'tests/bench/peers');
    const schema = `bench_${name}`;
    sql(`DROP DATABASE IF EXISTS ${schema}; CREATE DATABASE ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
         CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench'; GRANT ALL ON ${schema}.* TO 'bench'@'%'`);
    try {
        sql(readFileSync(join(folder, `${name}.sql`), 'utf8'), schema);
    } catch (error) {
        if (error.code !== 'ENOENT') throw error;
    }
    const child = spawn(process.execPath, [join(folder, `${name}.mjs`)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
            ...process.env, NODE_ENV: 'production', PEER_PORT: port, PEER_PROCESSES: processes, PEER_DB_PORT: stack.db.port, PEER_DB_USER: 'bench',
            PEER_DB_PASSWORD: 'bench', PEER_DB_NAME: schema, ...env,
            PEER_PUBLIC_KEY: createPublicKey(createPrivateKey(secret('signing_key.pem'))).export({ type: 'spki', format: 'pem' }),
        },
    });
    await new Promise((resolve, reject) => {
        child.stdout.on('data', (text) => String(text).includes('ready') && resolve());
        child.on('exit', (code) => reject(new Error(`the peer ${name} ended with ${code}`)));
    });
    return { base: `http://127.0.0.1:${port}`, pids: [child.pid], sql: (text) => sql(text, schema), stop: () => child.kill('SIGKILL') };
}

/** The pid of the database server: both sides' work ends there. */
export const databasePid = () => Number(readFileSync(join(stack.data, 'pid/mariadb'), 'utf8'));
