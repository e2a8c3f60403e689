// tests/lib/it.mjs: the schema that C tests have for themselves.
import { execFileSync } from 'node:child_process';
import { readEnvironment } from './stack.mjs';

/** Empties it. */
export function emptySchema() {
    const sql = 'DROP DATABASE gonggu_it; CREATE DATABASE gonggu_it CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci';
    execFileSync('mariadb', ['--no-defaults', `--socket=${readEnvironment().GONGGU_DB_SOCKET}`, '-e', sql]);
}
