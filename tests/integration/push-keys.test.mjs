// tests/integration/push-keys.test.mjs: the VAPID key changes as docs/push.md says, one instance at a time, while people are told of things: the
// sandbox refuses (403) whatever is not signed with the key its subscription was made with.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect, send } from '../lib/api.mjs';
import { acknowledge, messages, received, subscribe } from '../lib/browsers.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { join, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { pushClient } from '../lib/push-client.mjs';
import { secretsFolder, stack, start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const INSTANCES = ['push-1', 'push-2'];
const FIRST = path(secretsFolder, 'vapid_key.pem'), SECOND = path(stack.data, 'vapid-second.pem');
const file = (instance) => path(stack.data, `env/${instance}.env`);

describe('the VAPID key changes', { timeout: 180_000 }, () => {
    const asItWas = Object.fromEntries(INSTANCES.map((instance) => [instance, readFileSync(file(instance), 'utf8')]));
    const people = new Set();
    const told = []; // what happened so far: {person, deal}
    let host, late, guest, client, oldKey, newKey, firstPayload;

    before(async () => {
        [host, late, guest] = await Promise.all([signUp('방장'), signUp('나중'), signUp('손님', 200_000)]);
        const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
        writeFileSync(SECOND, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
        const { x, y } = publicKey.export({ format: 'jwk' });
        newKey = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
        oldKey = await present();
        client = await pushClient('방장');
    });
    after(async () => {
        // Nobody is left under a key that is unknown from here on.
        for (const person of people)
            for (const device of await list(person)) expect(await person.send('DELETE', `/v1/push/devices/${device.id}`), 204);
        await restart(INSTANCES, null);
    });

    /** Ends these instances and starts them with [present key, other key]; null: as they were. */
    async function restart(instances, keys) {
        await stop(...instances);
        for (const instance of instances)
            writeFileSync(file(instance), asItWas[instance] + (keys ? `GONGGU_VAPID_KEY_FILE=${keys[0]}\nGONGGU_VAPID_OLD_KEY_FILE=${keys[1]}\n` : ''));
        await start(...instances);
    }
    const present = async (base) => expect(await send('GET', '/v1/push/vapid-key', { base }), 200).key;
    const list = async (person) => expect(await person.get('/v1/push/devices'), 200).items;
    async function happening(person) {
        const deal = await openDeal(person);
        await join(guest, deal, 1);
        people.add(person);
        told.push({ person, deal });
        return deal;
    }
    /** Every happening of this person is with these browsers once in all. */
    async function once(person, ...browsers) {
        await drained();
        const deals = told.filter((t) => t.person === person).map((t) => `/deals/${t.deal.id}`).sort();
        const seen = async () => (await Promise.all(browsers.map(messages))).flat().map((m) => JSON.parse(m.text)).filter((m) => m.kind === 'joined').map((m) => m.link).sort();
        await until('everything has arrived', async () => new Set(await seen()).size === deals.length);
        assert.deepEqual(await seen(), deals, 'nothing lost, nothing doubled');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.attempt a JOIN gonggu_push.notice n ON n.id = a.notice_id
            WHERE n.user_id = ${id(person.id)} AND a.status <> 201`), 0, 'no push was refused');
    }

    it('a subscriber under the first key is told', async () => {
        assert.equal(await client.turnOn(host.token, 'ko'), true);
        const deal = await happening(host);
        firstPayload = await received(client.state.made[0], (m) => m.link === `/deals/${deal.id}`);
        assert.deepEqual((await list(host)).map((d) => d.resubscribe ?? false), [false]);
    });

    it('first round: every instance gets to know the new key beside its own; nothing changes for anybody', async () => {
        for (const instance of INSTANCES) {
            await restart([instance], [FIRST, SECOND]);
            await happening(host);
            for (const base of stack.instances.push) assert.equal(await present(base), oldKey);
        }
        await once(host, client.state.made[0]);
    });

    it('second round: who subscribes at a changed instance is reached by the unchanged one too, and the others as before', async () => {
        await restart(['push-1'], [SECOND, FIRST]);
        assert.deepEqual(await Promise.all(stack.instances.push.map(present)), [newKey, oldKey]);
        const made = await send('POST', '/push/subscriptions', { base: stack.sandbox, json: { applicationServerKey: newKey, label: '나중' } });
        const { endpoint, keys } = expect(made, 201);
        const device = crypto.randomUUID();
        expect(await late.send('PUT', `/v1/push/devices/${device}`, { json: { endpoint, keys, key: newKey }, base: stack.instances.push[0] }), 200);
        await stop('push-1'); // only the unchanged one is left
        for (const person of [host, late]) await happening(person);
        await once(late, made.body);
        await once(host, client.state.made[0]);
        await start('push-1');
        for (const person of [host, late]) await happening(person);
        await restart(['push-2'], [SECOND, FIRST]);
        for (const person of [host, late]) await happening(person);
        await once(late, made.body);
        await once(host, client.state.made[0]);
    });

    it('the new key is given out; what was pushed under the old one is still acknowledged', async () => {
        for (const base of stack.instances.push) assert.equal(await present(base), newKey);
        await acknowledge(firstPayload);
        const trace = expect(await host.get(`/v1/push/inbox/${firstPayload.id}/trace`), 200);
        assert.ok(trace.attempts[0].shown_at);
        assert.deepEqual((await list(host)).map((d) => d.resubscribe), [true]);
        const other = await signUp('새 이웃');
        const browser = await subscribe(other);
        assert.deepEqual((await list(other)).map((d) => d.resubscribe ?? false), [false]);
        await happening(other);
        await once(other, browser);
    });

    it('at the next start of the client its device moves to the new key, under the same id', async () => {
        const { id: device } = await client.device();
        assert.equal(await client.resync(host.token, 'ko'), true);
        assert.equal(client.state.made.length, 2);
        assert.deepEqual((await list(host)).map((d) => [d.id, d.endpoint, d.resubscribe ?? false]), [[device, client.state.made[1].endpoint, false]]);
        assert.equal(await client.resync(host.token, 'ko'), true);
        assert.equal(client.state.made.length, 2, 'only once');
        const earlier = await messages(client.state.made[0]); // forgotten with the subscription
        assert.deepEqual(earlier, []);
        told.splice(0);
        await happening(host);
        await once(host, client.state.made[1]);
    });

    it('without the old key those who moved are reached; log-out ends it', async () => {
        await restart(INSTANCES, [SECOND, '']);
        await happening(host);
        await once(host, client.state.made[1]);
        await client.turnOff(host.token);
        assert.deepEqual([await list(host), client.state.subscription, await client.device()], [[], null, null]);
        assert.equal(await client.resync(host.token, 'ko'), false, 'it stays off');
        assert.equal(client.state.made.length, 2);
    });
});
