// tests/journeys/kill.test.mjs: the group buy again, while one instance of each service in turn is killed with -9 at
// every step. Clients do what clients do: they send the same request again. The outcome is the same to the won.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, send, told, uuid } from '../lib/api.mjs';
import { ChatClient, roomLog, untilMember } from '../lib/chat.mjs';
import { askShare, dealBody, split, uploadPhoto } from '../lib/deals.mjs';
import { noticed, wallets } from '../lib/money.mjs';
import { signUp } from '../lib/people.mjs';
import { instanceNames, kill, stack, untilReady } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const TOTAL = 20_003;
const RECEIPT = 19_001;

/** As a client does it: the same request with the same key until there is an answer that is no "try again". */
async function insist(person, path, json) {
    const key = uuid();
    return until(`POST ${path} is answered`, async () => {
        const reply = await person.post(path, json, { key });
        if (reply.status >= 500 || (reply.status === 409 && reply.body.retryable)) throw new Error(told(reply));
        return reply;
    }, { within: 60_000, every: 200 });
}

const look = (person, path) =>
    until(`GET ${path} is answered`, async () => expect(await person.get(path), 200), { within: 60_000, every: 100 });

const shareBecomes = (person, deal, state) =>
    until(`the share of ${person.nickname} is ${state}`, async () => {
        const share = expect(await askShare(person, deal), 200);
        if (share.state !== state) throw new Error(`it is ${share.state}`);
        return share;
    }, { within: 60_000, every: 100 });

describe('kill -9 of any one instance in the middle changes nothing of the outcome', () => {
    let host, neighbours, poor, deal, receipt;
    const deaths = [];

    before(async () => {
        host = await signUp('방장');
        neighbours = [await signUp('가', 20_000), await signUp('나', 20_000)];
        poor = await signUp('다', 1_000);
        receipt = await uploadPhoto(host);
    });
    after(() => untilReady(...instanceNames()));

    /** Kills this instance of each service, one after the other, while `work` goes on; waits until all are back. */
    async function amid(number, work) {
        const names = Object.keys(stack.instances).map((service) => `${service}-${number}`);
        const back = [];
        const killing = (async () => {
            for (const name of names) {
                back.push(kill(name));
                deaths.push(name);
                await sleep(300); // so that each dies at another point of the work
            }
        })();
        const result = await work();
        await killing;
        await Promise.all(back);
        await untilReady(...names);
        return result;
    }

    it('while the deal is opened and joined', async () => {
        const body = dealBody(receipt, { total_won: TOTAL, portions: 4, host_portions: 1, min_portions: 2 });
        await amid(1, async () => {
            const opened = await insist(host, '/v1/deal/deals', body);
            deal = expect(opened, 201);
            for (const [i, person] of neighbours.entries())
                expect(await insist(person, `/v1/deal/deals/${deal.id}/shares`, { quantity: 2 - i }), 202);
        });
        for (const person of neighbours) await shareBecomes(person, deal, 'held');
    });

    it('while one is refused for lack of money, and the others talk', async () => {
        const said = [];
        const seat = await insist(neighbours[1], `/v1/deal/deals/${deal.id}/leave`);
        expect(seat, 200);
        await amid(2, async () => {
            expect(await insist(poor, `/v1/deal/deals/${deal.id}/shares`, { quantity: 1 }), 202);
            for (const person of [host, neighbours[0]]) await untilMember(person, deal.id);
            for (let i = 0; i < 12; i++) {
                const reply = await insist([host, neighbours[0]][i % 2], `/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: `말 ${i}` });
                said.push(expect(reply, 201).seq);
            }
        });
        assert.equal((await shareBecomes(poor, deal, 'rejected')).reason, 'no_money');
        expect(await insist(neighbours[1], `/v1/deal/deals/${deal.id}/shares`, { quantity: 1 }), 202);
        await shareBecomes(neighbours[1], deal, 'held');
        await untilMember(neighbours[1], deal.id);
        const log = await roomLog(host, deal.id);
        assert.deepEqual(log.map((e) => e.seq), log.map((_, i) => i + 1));
        assert.deepEqual(log.filter((e) => e.type === 'message').map((e) => [e.seq, e.text]), said.map((seq, i) => [seq, `말 ${i}`]));
    });

    it('while it is closed, captured and bought', async () => {
        await amid(1, async () => {
            expect(await insist(host, `/v1/deal/deals/${deal.id}/close`), 200);
            for (const person of neighbours) await shareBecomes(person, deal, 'captured');
            expect(await insist(host, `/v1/deal/deals/${deal.id}/purchase`, { total_won: RECEIPT, receipt }), 200);
        });
        const amounts = split(RECEIPT, [2, 1, 1]);
        await wallets([[neighbours[0], 20_000 - amounts[0]], [neighbours[1], 20_000 - amounts[1]]], 60_000);
    });

    it('while it arrives and is handed over', async () => {
        await amid(2, async () => {
            expect(await insist(host, `/v1/deal/deals/${deal.id}/arrive`), 200);
            for (const person of neighbours) {
                const { code } = await look(person, `/v1/deal/deals/${deal.id}/share`);
                expect(await insist(host, `/v1/deal/deals/${deal.id}/handovers`, { code }), 200);
            }
        });
        for (const person of neighbours) await shareBecomes(person, deal, 'settled');
    });

    it('the outcome is that of a quiet day', async () => {
        assert.equal(new Set(deaths).size, instanceNames().length, 'every instance was killed');
        await until('the deal is done', async () => (await look(host, `/v1/deal/deals/${deal.id}`)).state === 'done');
        const amounts = split(RECEIPT, [2, 1, 1]);
        const [first, second] = neighbours;
        await wallets([[first, 20_000 - amounts[0]], [second, 20_000 - amounts[1]], [host, amounts[0] + amounts[1]], [poor, 1_000]], 60_000);
        await noticed(host, deal, 'joined', 'joined', 'joined', 'left', 'paid_out', 'paid_out');
        for (const person of neighbours) await noticed(person, deal, 'confirmed', 'purchased', 'arrived', 'handed_over');
        await noticed(poor, deal, 'refused');
        const socket = await ChatClient.connect(first, { [deal.id]: 0 });
        const log = await roomLog(first, deal.id);
        await socket.untilSeq(deal.id, log.at(-1).seq);
        assert.deepEqual(socket.entries(deal.id), log);
        socket.close();
        assert.equal((await send('GET', `/v1/deal/deals/${deal.id}`)).status, 200);
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
