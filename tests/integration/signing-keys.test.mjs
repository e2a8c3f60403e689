// tests/integration/signing-keys.test.mjs: signing keys change under load and nobody notices.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { authCommand } from '../lib/admins.mjs';
import { send } from '../lib/api.mjs';
import { value } from '../lib/db.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const everywhere = ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
const kids = async (base) => JSON.parse((await send('GET', '/v1/auth/jwks.json', { base })).text).keys.map((k) => k.kid);
const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

describe('signing keys', () => {
    it('A11 a change under load: tokens of both keys are good everywhere, not one spurious 401', async () => {
        const people = [await signUp(), await signUp()];
        const first = kidOf(people[0].token);
        const wrong = [];
        let asked = 0, going = true, newest = first;
        const load = people.map(async (person, i) => {
            for (let round = 0; going; round++) {
                const service = everywhere[(round + i) % everywhere.length];
                const base = stack.instances[service.split('/')[2]][round % 2];
                if (round % 7 === 6) {
                    await person.refresh();
                    newest = kidOf(person.token);
                }
                const reply = await person.get(service, { base });
                asked++;
                if (reply.status !== 200) wrong.push(`${service} ${reply.status} ${reply.body?.detail} ${kidOf(person.token) === first ? 'old' : 'new'} key`);
                await sleep(20);
            }
        });
        try {
            authCommand('--rotate-key');
            for (const base of stack.instances.auth)
                await until('the new key is published before it signs', async () => (await kids(base)).some((kid) => kid !== first) && newest === first, { within: 4500, every: 50 });
            await until('the new key signs', () => newest !== first, { within: 20_000 });
            await sleep(2000);
        } finally {
            going = false;
            await Promise.all(load);
        }
        assert.deepEqual(wrong, []);
        assert.ok(asked > 100, `${asked} requests`);
        assert.ok((await kids()).includes(first), 'the old key stays until its tokens are out');
        assert.equal(await value(`SELECT COUNT(*) FROM gonggu_auth.signing_key WHERE sealed LIKE '%PRIVATE KEY%'`), '0');
    });
});
