// tests/lib/key-change.mjs: signing keys change while people use all five services and refresh.
import { setTimeout as sleep } from 'node:timers/promises';
import { authCommand } from './admins.mjs';
import { send } from './api.mjs';
import { stack } from './stack.mjs';
import { until } from './wait.mjs';

const ENOUGH = 60; // requests after each change, however slow the machine is
const everywhere = ['/v1/auth/me', '/v1/deal/mine', '/v1/pay/wallet', '/v1/chat/rooms', '/v1/push/inbox'];
export const kids = async (base) => JSON.parse((await send('GET', '/v1/auth/jwks.json', { base })).text).keys.map((k) => k.kid);
export const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

/** Changes the key so many times under load: {asked, wrong: what was not answered with 200, keys: those that signed}. */
export async function changeKeys(people, changes) {
    const keys = [kidOf(people[0].token)], wrong = [];
    let asked = 0, going = true;
    const load = people.map(async (person, i) => {
        for (let round = 0; going; round++) {
            const service = everywhere[(round + i) % everywhere.length];
            const base = stack.instances[service.split('/')[2]][round % 2];
            if (round % 7 === 6) {
                await person.refresh();
                if (!keys.includes(kidOf(person.token))) keys.push(kidOf(person.token));
            }
            const reply = await person.get(service, { base });
            asked++;
            if (reply.status !== 200) wrong.push(`${service} ${reply.status} ${reply.body?.detail} key ${keys.indexOf(kidOf(person.token))}`);
            await sleep(20);
        }
    });
    try {
        for (let change = 1; change <= changes; change++) {
            authCommand('--rotate-key');
            for (const base of stack.instances.auth)
                await until('the new key is published before it signs', async () => (await kids(base)).some((kid) => !keys.includes(kid)) && keys.length === change, { within: 4500, every: 50 });
            await until('the new key signs', () => keys.length === change + 1, { within: 20_000 });
            const enough = asked + ENOUGH;
            await until('both keys are used', () => asked > enough, { within: 120_000 });
        }
    } finally {
        going = false;
        await Promise.all(load);
    }
    return { asked, wrong, keys };
}
