// tests/lib/wallet.mjs: a neighbour moves money.
import { uuid } from './api.mjs';

/** POST /v1/pay/remittances. */
export function remit(person, json, payee, { key = uuid(), ...options } = {}) {
    return person.send('POST', '/v1/pay/remittances', { json, key, ...options });
}
