// tests/lib/db.mjs: looks into the five schemas as the auditor, with the `mariadb` command. It can read and nothing else.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { secret, stack } from './stack.mjs';
import { until } from './wait.mjs';

const run = promisify(execFile);

/** Runs one or more SELECTs; every row is a list of texts. */
export async function query(sql) {
    const { host, port, user } = stack.db;
    const args = ['--no-defaults', '-h', host, '-P', port, '-u', user, '--batch', '--skip-column-names', '-e', sql];
    const env = { ...process.env, MYSQL_PWD: secret('db_reader') };
    const { stdout } = await run('mariadb', args, { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout.split('\n').slice(0, -1).map((line) => line.split('\t'));
}

/** The single value of a single row. */
export const value = async (sql) => (await query(sql))[0]?.[0];

/** The single value as a number. */
export const number = async (sql) => Number(await value(sql));

/** An id as SQL. */
export const id = (uuid) => `0x${uuid.replaceAll('-', '')}`;

const TABLES = `SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
    WHERE table_schema IN ('gonggu_auth','gonggu_deal','gonggu_pay','gonggu_chat','gonggu_push')
    AND table_name NOT IN ('consumed', 'outbox_partition', 'budget', 'schema_migrations', 'migration', 'inbox_aggregate', 'audit_mark')`;

/** Rows in every table that holds what people did: {table: n}. To prove that something wrote nothing. */
export async function rowCounts() {
    const tables = (await query(TABLES)).map(([name]) => name);
    const rows = await query(tables.map((t) => `SELECT '${t}', COUNT(*) FROM ${t}`).join(' UNION ALL '));
    return Object.fromEntries(rows.map(([table, n]) => [table, Number(n)]));
}

/** Who reads what: [consumer, owner of the topic]. */
const FLOWS = [
    ['deal', 'auth'], ['deal', 'pay'], ['pay', 'auth'], ['pay', 'deal'], ['chat', 'auth'], ['chat', 'deal'],
    ['chat', 'push'], ['chat', 'pay'], ['push', 'auth'], ['push', 'deal'], ['push', 'pay'], ['push', 'chat'], ['auth', 'deal'],
    ['auth', 'pay'], ['auth', 'chat'], ['auth', 'push'],
];

/** Aggregates whose newest event is not published, or not applied everywhere: all read at one instant. Read one after the
 * other, an event of pay that answers one of deal could pass between the looks at the two. */
const UNDER_WAY = [
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    'START TRANSACTION WITH CONSISTENT SNAPSHOT',
    ...['auth', 'deal', 'pay', 'chat', 'push'].map(
        (s) => `SELECT '${s}: not published', HEX(aggregate), sequence FROM gonggu_${s}.outbox WHERE published_at IS NULL`,
    ),
    ...FLOWS.map(
        ([consumer, owner]) => `SELECT '${owner} -> ${consumer}', HEX(o.aggregate), MAX(o.sequence)
            FROM gonggu_${owner}.outbox o LEFT JOIN gonggu_${consumer}.inbox_aggregate i
            ON i.topic = 'gonggu.${owner}' AND i.aggregate = o.aggregate
            GROUP BY o.aggregate, i.applied HAVING MAX(o.sequence) > COALESCE(i.applied, 0)`,
    ),
].join('; ');

/** Waits until every event is published and has been applied by everybody who reads its topic. */
export async function drained({ within = 60_000 } = {}) {
    await until('every event is applied everywhere', async () => {
        const rows = await query(UNDER_WAY);
        if (rows.length > 0) throw new Error(`${rows.length} under way: ${rows.slice(0, 5).map((r) => r.join(' ')).join('; ')}`);
        return true;
    }, { within, every: 150 });
}
