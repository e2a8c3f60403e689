// tests/integration/chat-loss.test.mjs: no acknowledged message is lost, doubled or out of order, whatever dies. The
// short form; tests/long/chat-loss.test.mjs is the long one.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { storm } from '../lib/chat-storm.mjs';
import { stack } from '../lib/stack.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1e9);

it('C1 C2 C3 sixty clients talk while instances and Redis are killed: every log equals the log', async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const victims = ['chat-1', 'chat-2', 'redis'];
    const counted = await storm({ clients: 60, people: 12, rooms: 3, seconds: 15, every: 3, victims, addresses: stack.instances.chat, seed, perSecond: 60 });
    t.diagnostic(JSON.stringify(counted));
    assert.ok(counted.acknowledged === counted.said && counted.connects > counted.clients, JSON.stringify(counted));
});
