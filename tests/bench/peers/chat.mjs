// tests/bench/peers/chat.mjs: chat as a competent Node developer would write it: Socket.IO 4 over WebSocket only, the Redis
// adapter between processes, mysql2 with a pool and prepared statements. A message is stored before it is acknowledged
// and emitted to its room; who sends is a member of the room (looked up once per socket); a repeat of a cid is one row.
import cluster from 'node:cluster';
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import mysql from 'mysql2/promise';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const { PEER_PORT, PEER_DB_PORT, PEER_DB_USER, PEER_DB_PASSWORD, PEER_DB_NAME, PEER_PROCESSES, PEER_PUBLIC_KEY, PEER_REDIS } = process.env;
const bin = (uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const text = (bytes) => bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

if (cluster.isPrimary) {
    for (let i = 0; i < Number(PEER_PROCESSES); i++) cluster.fork();
    let up = 0;
    cluster.on('listening', () => ++up === Number(PEER_PROCESSES) && console.log('ready'));
} else {
    const pool = mysql.createPool({ host: '127.0.0.1', port: Number(PEER_DB_PORT), user: PEER_DB_USER, password: PEER_DB_PASSWORD, database: PEER_DB_NAME, connectionLimit: 16, maxPreparedStatements: 100 });
    const key = createPublicKey(PEER_PUBLIC_KEY.replaceAll('\\n', '\n'));
    const publish = createClient({ url: PEER_REDIS });
    const subscribe = publish.duplicate();
    await Promise.all([publish.connect(), subscribe.connect()]);
    const server = createServer();
    const io = new Server(server, { adapter: createAdapter(publish, subscribe), transports: ['websocket'], perMessageDeflate: false });

    io.use((socket, next) => {
        const [head, body, signature] = String(socket.handshake.auth.token).split('.');
        if (!verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature ?? '', 'base64url'))) return next(new Error('unauthenticated'));
        socket.data.user = JSON.parse(Buffer.from(body, 'base64url')).sub;
        next();
    });
    io.on('connection', async (socket) => {
        const user = bin(socket.data.user);
        const [rows] = await pool.execute('SELECT room_id FROM member WHERE user_id = ?', [user]);
        const rooms = new Set(rows.map((r) => text(r.room_id)));
        await socket.join([...rooms]);
        socket.on('send', async ({ room, cid, text: words }, answer) => {
            if (!rooms.has(room) || typeof words !== 'string' || words.length > 2000) return answer({ error: 'not_member' });
            const at = new Date();
            const [stored] = await pool.execute('INSERT INTO message (room_id, sender_id, cid, body, at) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)', [bin(room), user, bin(cid), words, at]);
            answer({ seq: stored.insertId });
            if (stored.affectedRows === 1) io.to(room).emit('entry', { room, entry: { seq: stored.insertId, type: 'message', cid, from: { id: socket.data.user }, text: words, at } });
        });
        socket.emit('welcome', { rooms: [...rooms] });
    });
    server.listen({ port: Number(PEER_PORT), host: '127.0.0.1', backlog: 1024 });
}
