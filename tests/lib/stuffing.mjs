// tests/lib/stuffing.mjs: credential stuffing as it is done: a list of accounts, one try each, every try from another
// address. The services of a test stack take the address from X-Real-IP, as they do behind the gateway.
import assert from 'node:assert/strict';
import { send, told } from './api.mjs';
import * as clock from './clock.mjs';
import { each } from './wait.mjs';

/** Moves the clock to a future that no other test lives in, to the begin of a window of fifteen minutes. */
export function throughWindows(ms) {
    const quarter = 15 * clock.MINUTE;
    const target = Math.ceil((clock.now() + ms + Math.floor(Math.random() * 200) * quarter) / quarter) * quarter;
    clock.advance(target - clock.now() + clock.SECOND);
}

let serial = Math.floor(Math.random() * 1e6);
const address = () => {
    const n = ++serial * 2654435761;
    return `${11 + (n % 80)}.${(n >>> 8) & 255}.${(n >>> 16) & 255}.${1 + ((n >>> 3) % 250)}`;
};

/** {looked: passwords that were compared, refused: 429}. `hit(i)` may give an account whose password the list knows. */
export async function stuff({ tries, width, base, hit = () => undefined }) {
    const seen = { looked: 0, refused: 0, inside: 0 };
    await each(Array.from({ length: tries }), width, async (_, i) => {
        const known = hit(i);
        const json = known ? { login_id: known.loginId, password: known.password } : { login_id: `stuff_${(serial++).toString(36)}`, password: 'leaked elsewhere' };
        const reply = await send('POST', '/v1/auth/login', { base: base(i), json, headers: { 'x-real-ip': address() } });
        assert.ok([200, 401, 429].includes(reply.status), told(reply));
        if (reply.status === 429) seen.refused++;
        else seen.looked++;
        if (reply.status === 200) seen.inside++;
    });
    return seen;
}
