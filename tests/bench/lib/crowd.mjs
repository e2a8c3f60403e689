// tests/bench/lib/crowd.mjs: many people whom push knows and nobody else: their rows, made and removed again.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from './peer.mjs';

const SCHEMA = 'gonggu_push';
export const range = (n) => Array.from({ length: n }, (_, i) => i);
export const time = (ms) => `'${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;

export class Crowd {
    constructor(people) {
        this.people = people;
        this.mark = randomBytes(4).toString('hex'); // every made-up id begins with it
        this.fill('INSERT INTO person (user_id, nickname) VALUES', range(people).map((i) => `(${this.id('user', i)}, 'n${i}')`));
    }
    id(what, i) {
        return `0x${this.mark}${createHash('sha256').update(`${what} ${i}`).digest('hex').slice(0, 24)}`;
    }
    ours(column) {
        return `${column} BETWEEN 0x${this.mark}${'0'.repeat(24)} AND 0x${this.mark}${'f'.repeat(24)}`;
    }
    fill(head, rows) {
        const parts = [];
        for (let i = 0; i < rows.length; i += 1000) parts.push(`${head} ${rows.slice(i, i + 1000).join(',')};`);
        sql(`SET foreign_key_checks = 0; BEGIN; ${parts.join('\n')} COMMIT;`, SCHEMA);
    }
    run(text) {
        return sql(text, SCHEMA);
    }
    /** Notices of a kind so far. */
    told(kind) {
        return Number(this.run(`SELECT COUNT(*) FROM notice WHERE kind = ${kind} AND ${this.ours('user_id')}`));
    }
    /** Whether everybody of the fan-out that is at work has his row; asked cheaply. */
    fannedOut(kind, n) {
        const [telling, all] = this.run('SELECT COALESCE(SUM(announcing = 0), 0), COUNT(*) FROM fanout').split('\t').map(Number);
        return all > 0 ? telling === 0 : this.told(kind) >= n;
    }
    /** Reminders that are not worked off. */
    waiting() {
        return this.run(`SELECT EXISTS (SELECT 1 FROM reminder WHERE ${this.ours('deal_id')})`) === '1';
    }
    remove() {
        for (const [table, column] of [['notice', 'user_id'], ['inbox', 'user_id'], ['keyword', 'user_id'], ['person', 'user_id'], ['share', 'user_id'], ['deal', 'deal_id'], ['reminder', 'deal_id'], ['outbox', 'aggregate']])
            this.run(`DELETE FROM ${table} WHERE ${this.ours(column)}`);
    }
}
