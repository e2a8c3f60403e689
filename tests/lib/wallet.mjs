// tests/lib/wallet.mjs: a neighbour moves money.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { expect, uuid } from './api.mjs';
import { prove } from './step-up.mjs';
import { stack } from './stack.mjs';
import { until } from './wait.mjs';

/** The header with a proof of exactly this act; none (proof: false) or another one (proof: {...}) where a test wants that. */
async function proven(person, act, proof, headers = {}) {
    return proof === false ? headers : { ...headers, 'step-up': await prove(person, { ...act, ...proof }) };
}

/** POST /v1/pay/remittances. */
export async function remit(person, json, payee, { key = uuid(), proof, headers, ...options } = {}) {
    headers = await proven(person, { purpose: 'remit', payee, amount_won: json.amount_won }, proof, headers);
    return person.send('POST', '/v1/pay/remittances', { json, key, headers, ...options });
}

const bank = async (path, json) => {
    const reply = await fetch(`${stack.sandbox}/bank${path}`, { method: 'POST', body: JSON.stringify(json) });
    assert.ok(reply.ok, `${path}: ${await reply.clone().text()}`);
    return reply.json();
};

/** What goes wrong at the bank from now on, until set to null. */
export const bankFaults = (set) => bank('/_faults', set);
/** The bank closes the account; a transfer that was done comes back. */
export const closeAtBank = (account) => bank('/_close', account);
export const returnAtBank = (reference) => bank('/_return', { reference });

/** Opens an account at the (imitated) bank and registers it: {id, bank, number, holder}. */
export async function bankAccount(person, holder = '김이웃') {
    const account = { bank: '088', number: `110${String(randomInt(1e9)).padStart(9, '0')}`, holder };
    await bank('/_accounts', account);
    const added = expect(await person.post('/v1/pay/bank-accounts', account), 201);
    return { ...account, id: added.id };
}

/** What the bank has in this account. */
export async function atBank({ bank: code, number }) {
    return (await (await fetch(`${stack.sandbox}/bank/_accounts/${code}/${number}`)).json()).balance;
}

/** POST /v1/pay/withdrawals. */
export async function withdraw(person, account, won, { key = uuid(), json = {}, proof, headers, ...options } = {}) {
    headers = await proven(person, { purpose: 'withdraw', payee: account.id, amount_won: won }, proof, headers);
    return person.send('POST', '/v1/pay/withdrawals', { json: { bank_account: account.id, amount_won: won, ...json }, key, headers, ...options });
}

/** Waits until the withdrawal is in this state. */
export const withdrawalIs = (person, { id }, state, within = 20_000) =>
    until(`the withdrawal is ${state}`, async () => {
        const seen = expect(await person.get(`/v1/pay/withdrawals/${id}`), 200);
        return seen.state === state && seen;
    }, { within, every: 100 });

/** POST /v1/pay/requests/:id/pay. */
export async function payRequest(person, { id }, won, { key = uuid(), proof, headers, ...options } = {}) {
    headers = await proven(person, { purpose: 'request', payee: id, amount_won: won }, proof, headers);
    return person.send('POST', `/v1/pay/requests/${id}/pay`, { json: { amount_won: won }, key, headers, ...options });
}
