// tests/long/auth-sessions.test.mjs: A1 and A11 in full: races for the next refresh token, one after the other in many sessions
// at once, and one change of the signing key after the other under load. GONGGU_RACES of fifty refreshes each (40),
// GONGGU_KEY_CHANGES (5).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expect, send } from '../lib/api.mjs';
import { id, number } from '../lib/db.mjs';
import { changeKeys } from '../lib/key-change.mjs';
import { signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

const RACES = Number(process.env.GONGGU_RACES ?? 40), CHANGES = Number(process.env.GONGGU_KEY_CHANGES ?? 5);
const PEOPLE = 4, TABS = 50;
const cookieOf = (reply) => /^([^;]+);/.exec(reply.headers.get('set-cookie') ?? '')?.[1];
const session = (person) => JSON.parse(Buffer.from(person.token.split('.')[1], 'base64url')).sid;

describe('sessions at length', () => {
    it('A1 race after race for the next token: one successor each time, and nobody is logged out', async (t) => {
        const people = await signUpMany(PEOPLE);
        await Promise.all(people.map(async (person) => {
            for (let race = 0; race < RACES / PEOPLE; race++) {
                const replies = await Promise.all(Array.from({ length: TABS }, (_, i) =>
                    send('POST', '/v1/auth/refresh', { base: stack.instances.auth[i % 2], within: 120_000, headers: { cookie: person.cookie } })));
                for (const reply of replies) expect(reply, 200);
                assert.equal(new Set(replies.map(cookieOf)).size, 1, `race ${race}: one successor`);
                person.take(replies[race % TABS]);
            }
            assert.equal(await number(`SELECT generation FROM gonggu_auth.sessions WHERE id = ${id(session(person))}`), RACES / PEOPLE + 1, 'one step for each race');
            expect(await person.get('/v1/auth/me'), 200);
        }));
        t.diagnostic(`${RACES} races of ${TABS}`);
    });

    it('A11 key after key under load: not one spurious 401', async (t) => {
        const { asked, wrong, keys } = await changeKeys(await signUpMany(PEOPLE), CHANGES);
        t.diagnostic(`${asked} requests with ${keys.length} keys`);
        assert.deepEqual(wrong, []);
    });
});
