// tests/conformance/chat/fuzz.test.mjs: frames torn and twisted, over real sockets: every socket is answered or closed, and
// one that behaves is served all the while. Deterministic; FUZZ_ROUNDS makes it long, SEED makes it another.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL, until, uuid } from './transports.mjs';

const { frame, instances, WebSocket } = await import(process.env.CHAT_FIXTURE ?? './fixture.mjs');
const rounds = Number(process.env.FUZZ_ROUNDS ?? 400);
const seed = Number(process.env.SEED ?? 6455);
let state = BigInt(seed) || 1n;
const roll = (n) => {
    state ^= (state << 13n) & 0xffffffffffffffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffffffffffffffffn;
    return Number(state % BigInt(n));
};
const pick = (list) => list[roll(list.length)];

const texts = ['{"id":1,"read":{"room":"0192f0c1-7b1e-7000-8000-000000000001","seq":1}}', '{"id":2,"connect":{"token":"eyJ","rooms":[]}}',
    '{"id":3,"send":{"room":"0192f0c1-7b1e-7000-8000-000000000001","cid":"0192f0c1-7b1e-7000-8000-000000000002","text":"감귤 🍊"}}', '[]', '', '\u0000',
    `{"id":4,"auth":{"token":"${'a'.repeat(3000)}"}}`, `{"id":5,"x":${'['.repeat(40)}${']'.repeat(40)}}`];
const whole = () => {
    const text = Buffer.from(pick(texts));
    const cut = roll(text.length + 1);
    return pick([
        () => frame(1, text),
        () => Buffer.concat([frame(1, text.subarray(0, cut), { fin: false }), frame(9, Buffer.from('hm')), frame(0, text.subarray(cut))]),
        () => frame(9, Buffer.alloc(roll(130))),
        () => frame(10, Buffer.alloc(roll(100))),
        () => frame(8, Buffer.from([roll(256), roll(256), 98, 121, 101].slice(0, roll(6)))),
        () => frame(roll(16), text, { reserved: roll(8), fin: roll(2) === 0, masked: roll(4) > 0 }),
        () => frame(1, text, { length: pick([0, 1, 125, 126, 65_535, 65_536, 2 ** 31, 2 ** 40]) }),
        () => frame(1, Buffer.alloc(pick([125, 126, 65_535, 65_536, 65_537]), 32)),
    ])();
};
function mutate(bytes) {
    const b = Buffer.from(bytes);
    for (let times = roll(4); times > 0 && b.length > 2; times--) b[roll(Math.min(b.length, 300))] = roll(256);
    return roll(4) === 0 ? b.subarray(0, roll(b.length + 1)) : b;
}

async function attack() {
    const ws = await WebSocket.open(`${pick(instances)}/v1/chat/socket`, { protocol: PROTOCOL });
    let heard = 0, closed = false;
    ws.on('text', () => heard++);
    ws.on('closed', () => (closed = true));
    const stream = Buffer.concat(Array.from({ length: 1 + roll(4) }, () => (roll(3) === 0 ? whole() : mutate(whole()))));
    for (let at = 0; at < stream.length && !closed; ) {
        const n = 1 + roll(pick([3, 20, 100_000]));
        ws.write(stream.subarray(at, at + n));
        at += n;
        if (roll(8) === 0) await sleep(1);
    }
    await sleep(20);
    const outcome = closed ? 'closed' : heard > 0 ? 'answered' : 'waiting';
    ws.drop();
    return outcome;
}

it(`C14 ${rounds} torn streams of frames end their own sockets and nothing else`, async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const good = await Promise.all(instances.map((i) => WebSocket.open(`${i}/v1/chat/socket`, { protocol: PROTOCOL })));
    const alive = async () => {
        for (const base of instances) {
            const ws = await WebSocket.open(`${base}/v1/chat/socket`, { protocol: PROTOCOL });
            let answer;
            ws.on('text', (text) => (answer = JSON.parse(text)));
            ws.send(JSON.stringify({ id: 7, read: { room: uuid(), seq: 1 } }));
            await until('a good frame is answered', () => answer, 5000);
            assert.equal(answer.error.code, 'not_connected');
            ws.drop();
        }
    };
    const count = { closed: 0, answered: 0, waiting: 0 };
    for (let done = 0; done < rounds; done += 20) {
        (await Promise.all(Array.from({ length: Math.min(20, rounds - done) }, attack))).forEach((o) => count[o]++);
        if (done % 100 === 0) await alive();
    }
    await alive();
    t.diagnostic(JSON.stringify(count));
    assert.ok(count.closed > 0 && count.answered > 0, 'both kinds were met');
    good.forEach((ws) => ws.drop());
});
