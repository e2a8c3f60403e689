// tests/bench/lib/chat.mjs: rooms for the chat measurements, and the C program that talks in them (c/chat_load.c).
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processes, root, stack, start, stop } from '../../lib/stack.mjs';
import { databasePid, sql, startPeer } from './peer.mjs';
import { neighbours } from './tokens.mjs';

const program = join(root, 'build/bench/chat_load');
const hex = (uuid) => uuid.replaceAll('-', '');
const ports = (addresses) => addresses.map((a) => new URL(a).port).join(',');
const TITLE = '벤치';

/** `n` rooms of `members` neighbours, in the chat schema. */
export function makeRooms(n, members) {
    const rooms = Array.from({ length: n }, () => ({ id: randomUUID(), members: neighbours(members) }));
    const rows = rooms.map((r) => `(0x${hex(r.id)}, 0x${hex(r.members[0].id)}, '${TITLE}', NOW(3), NOW(3), ${members})`);
    sql(`INSERT INTO room (id, host_id, title, changed_at, shown_at, members) VALUES ${rows.join(', ')};
         INSERT INTO member (room_id, user_id, joined_seq, read_seq, changed_at) VALUES ${pairs(rooms).map(([r, m]) => `(0x${hex(r)}, 0x${hex(m.id)}, 0, 0, NOW(3))`).join(', ')}`, 'gonggu_chat');
    return rooms;
}
const pairs = (rooms) => rooms.flatMap((r) => r.members.map((m) => [r.id, m]));

/** Push rests while the ways of messages are measured: the peer has none, and it would share their cores. */
const push = stack.instances.push.map((_, i) => `push-${i + 1}`);
export const restPush = () => stop(...push);
export const wakePush = () => start(...push);

/** Messages stored in these rooms. */
export const storedIn = (rooms) => Number(sql(`SELECT COUNT(*) FROM entry WHERE type = 0 AND room_id IN (${rooms.map((r) => `0x${hex(r.id)}`).join(', ')})`, 'gonggu_chat'));

/** The peer with the same rooms; as many processes as ours has instances. */
export async function startChatPeer(rooms, port) {
    const password = readFileSync(process.env.GONGGU_REDIS_PASSWORD_FILE, 'utf8').trim();
    const peer = await startPeer('chat', port, { processes: stack.instances.chat.length, env: { PEER_REDIS: `redis://:${password}@${process.env.GONGGU_REDIS}` } });
    peer.sql(`INSERT INTO member VALUES ${pairs(rooms).map(([r, m]) => `(0x${hex(r)}, 0x${hex(m.id)})`).join(', ')}`);
    return peer;
}

/** The file of clients; every `socketsEach` of a member is one line. `position` is where they stand. */
export function clientFile(rooms, { socketsEach = 1, position = '' } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'gonggu-chat-bench-'));
    const file = join(folder, 'clients');
    writeFileSync(file, pairs(rooms).flatMap(([room, m]) => Array(socketsEach).fill(`${room} ${m.token} ${position}\n`)).join(''));
    return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs the program on one side ('ours' or the peer) and reads what it prints. */
export async function load(what, peer, file, ...args) {
    const to = peer ? ['socketio', new URL(peer.base).port] : ['ours', ports(stack.instances.chat)];
    const { stdout } = await promisify(execFile)(program, [what, ...to, file, ...args.map(String)]);
    return JSON.parse(stdout);
}

/** Sockets that are open and silent until `close`. */
export async function idleSockets(file) {
    const child = spawn(program, ['idle', 'ours', ports(stack.instances.chat.slice(0, 1)), file], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => {
        child.stdout.once('data', resolve);
        child.once('exit', () => reject(new Error('not all sockets could be opened')));
    });
    return { close: () => new Promise((resolve) => child.removeAllListeners('exit').once('exit', resolve) && child.stdin.end()) };
}

export const chatPids = async () => [...Object.entries(await processes()).filter(([n]) => n.startsWith('chat-')).map(([, p]) => p.pid), databasePid()];
export const peerPids = (peer) => [...peer.pids, databasePid()];
