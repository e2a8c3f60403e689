// tests/integration/push-client.test.mjs: the client's push code with the market behind it: on, off, and a browser that changes hands.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { expect } from '../lib/api.mjs';
import { messages } from '../lib/browsers.mjs';
import { join, openDeal } from '../lib/deals.mjs';
import { noticed } from '../lib/money.mjs';
import { signUp } from '../lib/people.mjs';
import { pushClient } from '../lib/push-client.mjs';
import { until } from '../lib/wait.mjs';

const list = async (person) => expect(await person.get('/v1/push/devices'), 200).items;
const endpoints = async (person) => (await list(person)).map((d) => d.endpoint);

describe('the client and push', () => {
    let client, owner, next, guest;
    before(async () => (guest = await signUp('손님', 50_000)));
    beforeEach(async () => {
        [client, owner, next] = await Promise.all([pushClient('브라우저'), signUp('주인'), signUp('다음 사람')]);
    });
    const made = (i) => client.state.made[i]?.endpoint;

    it('on, told at each start without another subscription, and off at log-out', async () => {
        assert.equal(await client.resync(owner.token, 'ko'), false, 'nobody has turned it on');
        assert.deepEqual(client.state.made, []);
        assert.equal(await client.turnOn(owner.token, 'ko'), true);
        for (let i = 0; i < 2; i++) assert.equal(await client.resync(owner.token, 'en'), true);
        assert.equal(client.state.made.length, 1);
        assert.deepEqual(await endpoints(owner), [made(0)]);
        assert.equal((await client.device()).lang, 'en');
        let closed = 0;
        client.state.notices.push({ close: () => closed++ });
        await client.turnOff(owner.token);
        assert.deepEqual([await list(owner), client.state.subscription, await client.device(), closed], [[], null, null, 1]);
        await client.turnOff(owner.token); // and once more: nothing to do
    });

    it('a permission that is refused turns nothing on; one that is taken away ends it', async () => {
        const { Notification } = globalThis;
        globalThis.Notification = { permission: 'denied', requestPermission: async () => 'denied' };
        assert.equal(await client.turnOn(owner.token, 'ko'), false);
        assert.deepEqual([client.state.made, await client.device()], [[], null]);
        globalThis.Notification = Notification;
        assert.equal(await client.turnOn(owner.token, 'ko'), true);
        client.state.permission = 'denied';
        assert.equal(await client.resync(owner.token, 'ko'), false);
        assert.deepEqual([await list(owner), client.state.subscription, await client.device()], [[], null, null]);
    });

    it('who logs in after somebody who did not log out is not told the other\'s, nor is his browser kept for the other', async () => {
        assert.equal(await client.turnOn(owner.token, 'ko'), true);
        const before = client.state.made[0];
        assert.equal(await client.resync(next.token, 'ko'), false);
        assert.deepEqual([await list(next), client.state.subscription, await client.device()], [[], null, null]);
        const deal = await openDeal(owner);
        await join(guest, deal, 1);
        await noticed(owner, deal, 'joined');
        await until('the market forgets the browser', async () => (await list(owner)).length === 0);
        assert.deepEqual(await messages(before), []);
    });

    it('who turns it on there himself gets a device of his own', async () => {
        assert.equal(await client.turnOn(owner.token, 'ko'), true);
        const { id } = await client.device();
        assert.equal(await client.turnOn(next.token, 'ko'), true);
        const [mine, ...others] = await list(next);
        assert.equal(others.length, 0);
        assert.notEqual(mine.id, id);
        assert.deepEqual([mine.id, mine.endpoint], [(await client.device()).id, made(0)]);
        assert.deepEqual(await list(owner), [], 'an endpoint has one owner');
    });
});
