// tests/bench/peers/join.mjs: joining a deal as a competent Node developer would write it: Fastify, mysql2 with a pool and
// prepared statements, one transaction per request that locks the deal's row, checks, inserts the share, its outbox row
// and the stored reply of the Idempotency-Key; tokens are verified with the same key. A cluster of as many processes as ours;
// the one above them publishes the outbox with kafkajs, as our relay does.
import cluster from 'node:cluster';
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import Fastify from 'fastify';
import { Kafka, logLevel } from 'kafkajs';
import mysql from 'mysql2/promise';

const { PEER_PORT, PEER_DB_PORT, PEER_DB_USER, PEER_DB_PASSWORD, PEER_DB_NAME, PEER_PROCESSES, PEER_PUBLIC_KEY, PEER_KAFKA, PEER_TOPIC } = process.env;
const bin = (uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** Publishes what stands in the outbox, in its order, and takes it out once the broker has it. */
async function relay() {
    const kafka = new Kafka({ brokers: [PEER_KAFKA], logLevel: logLevel.ERROR }), admin = kafka.admin(), producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: PEER_TOPIC, numPartitions: 1 }] });
    await admin.disconnect();
    await producer.connect();
    const connection = await mysql.createConnection({ host: '127.0.0.1', port: Number(PEER_DB_PORT), user: PEER_DB_USER, password: PEER_DB_PASSWORD, database: PEER_DB_NAME });
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    for (;;) {
        const [rows] = await connection.execute('SELECT position, aggregate, envelope FROM outbox ORDER BY position LIMIT 500');
        if (rows.length === 0) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            continue;
        }
        await producer.send({ topic: PEER_TOPIC, acks: -1, messages: rows.map((r) => ({ key: r.aggregate.toString('hex'), value: r.envelope })) });
        await connection.query('DELETE FROM outbox WHERE position IN (?)', [rows.map((r) => r.position)]);
    }
}

if (cluster.isPrimary) {
    relay();
    for (let i = 0; i < Number(PEER_PROCESSES); i++) cluster.fork();
    let up = 0;
    cluster.on('listening', () => ++up === Number(PEER_PROCESSES) && console.log('ready'));
} else {
    const pool = mysql.createPool({ host: '127.0.0.1', port: Number(PEER_DB_PORT), user: PEER_DB_USER, password: PEER_DB_PASSWORD, database: PEER_DB_NAME, connectionLimit: 16, maxPreparedStatements: 100 });
    // Two requests for one row must not fail each other: the lock is waited for, and what it guards is read then.
    pool.pool.on('connection', (c) => c.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));
    const key = createPublicKey(PEER_PUBLIC_KEY.replaceAll('\\n', '\n'));
    const seen = new Map(); // verified tokens, as ours keeps them
    const app = Fastify({ logger: false });

    function user(request) {
        const token = request.headers.authorization?.slice(7);
        if (!token) return null;
        if (seen.has(token)) return seen.get(token);
        const [head, body, signature] = token.split('.');
        if (!verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) return null;
        const claims = JSON.parse(Buffer.from(body, 'base64url'));
        if (claims.exp * 1000 < Date.now()) return null;
        if (seen.size > 20000) seen.clear();
        seen.set(token, claims.sub);
        return claims.sub;
    }

    app.post('/deals/:id/shares', {
        schema: { body: { type: 'object', required: ['quantity'], properties: { quantity: { type: 'integer', minimum: 1, maximum: 999 } } } },
    }, async (request, reply) => {
        const who = user(request);
        if (!who) return reply.code(401).send({ code: 'unauthenticated' });
        const deal = bin(request.params.id);
        const keyId = bin(request.headers['idempotency-key']);
        const connection = await pool.getConnection();
        try {
            await connection.beginTransaction();
            const [stored] = await connection.execute('SELECT status, reply FROM idempotency WHERE user_id = ? AND idempotency_key = ?', [bin(who), keyId]);
            if (stored.length) {
                await connection.commit();
                return reply.code(stored[0].status).header('idempotency-replayed', 'true').send(JSON.parse(stored[0].reply));
            }
            const [[row]] = await connection.execute('SELECT taken, portions, closes_at, version FROM deal WHERE id = ? FOR UPDATE', [deal]);
            let status = 202;
            let body;
            if (!row || row.closes_at < new Date()) [status, body] = [409, { code: 'deal_closed' }];
            else if (row.taken + request.body.quantity > row.portions) [status, body] = [409, { code: 'deal_full' }];
            else {
                const share = randomUUID();
                await connection.execute('INSERT INTO share (id, deal_id, user_id, quantity, state, created_at) VALUES (?, ?, ?, ?, 0, ?)', [bin(share), deal, bin(who), request.body.quantity, new Date()]);
                await connection.execute('UPDATE deal SET taken = taken + ?, version = version + 1 WHERE id = ?', [request.body.quantity, deal]);
                await connection.execute('INSERT INTO outbox (id, aggregate, sequence, envelope, created_at) VALUES (?, ?, ?, ?, ?)', [bin(randomUUID()), deal, row.version + 1, JSON.stringify({ share, user: who, quantity: request.body.quantity }), new Date()]);
                body = { id: share, state: 'reserved', quantity: request.body.quantity };
            }
            await connection.execute('INSERT INTO idempotency (user_id, idempotency_key, status, reply) VALUES (?, ?, ?, ?)', [bin(who), keyId, status, JSON.stringify(body)]);
            await connection.commit();
            return reply.code(status).send(body);
        } catch (error) {
            await connection.rollback();
            // Somebody has sent this key, or joined, at the same moment.
            if (error.code === 'ER_DUP_ENTRY') return reply.code(409).send({ code: 'request_in_progress' });
            throw error;
        } finally {
            connection.release();
        }
    });
    await app.listen({ port: Number(PEER_PORT), host: '127.0.0.1', backlog: 1024 });
}
