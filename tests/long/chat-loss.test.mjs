// tests/long/chat-loss.test.mjs: two hundred clients on three instances, instances and Redis killed at random for
// minutes (CHAT_SECONDS, CHAT_CLIENTS, SEED), and a rolling restart under sockets.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { storm } from '../lib/chat-storm.mjs';
import { root, stack } from '../lib/stack.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1e9);
const clients = Number(process.env.CHAT_CLIENTS ?? 200);
const seconds = Number(process.env.CHAT_SECONDS ?? 120);
const command = (...args) =>
    execFileSync(join(root, 'deploy/local/stack'), args, { env: { ...process.env, GONGGU_STACK: 'test' }, encoding: 'utf8', stdio: 'pipe' });

describe('chat in a storm', () => {
    const before_ = stack.instances.chat.length;
    let addresses;
    before(() => {
        command('scale', 'chat=3');
        addresses = /GONGGU_CHAT_INSTANCES="?([^"\n]*)"?/.exec(command('env'))[1].split(' ');
        assert.equal(addresses.length, 3);
    });
    after(() => command('scale', `chat=${before_}`));

    it('C1 C2 C3 no acknowledged message is lost, doubled or out of order', async (t) => {
        t.diagnostic(`SEED=${seed}`);
        const victims = ['chat-1', 'chat-2', 'chat-3', 'redis'];
        const counted = await storm({ clients, people: 20, rooms: 4, seconds, every: 4, victims, addresses, seed, perSecond: 150 });
        t.diagnostic(JSON.stringify(counted));
        assert.equal(counted.acknowledged, counted.said);
    });
});
