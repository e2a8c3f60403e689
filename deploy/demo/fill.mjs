// deploy/demo/fill.mjs: a neighbourhood to look at, made through the public API like everybody's: people sign up with the
// code of a text message, charge their wallets on the payment page, open the deals of goods.json and join each other's.
//
//   node fill.mjs [GATEWAY] [SANDBOX]     (or GONGGU_GATEWAY and GONGGU_SANDBOX_URL)
//
// What is there already is left alone; a deal that has ended is opened again. Progress goes to stderr, the log-in to stdout.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const GATEWAY = process.argv[2] ?? process.env.GONGGU_GATEWAY ?? 'http://127.0.0.1:8080';
const SANDBOX = process.argv[3] ?? process.env.GONGGU_SANDBOX_URL ?? 'http://127.0.0.1:8090';
const MIDDLE = { lat: 37.5556, lng: 126.9019, radius_m: 20_000 };
const CHARGE_WON = 200_000;
const TRIES = 8;
const WAIT_MS = 120_000;
const HOUR = 3_600_000;
const SEOUL = 9 * HOUR;

const here = (name) => new URL(name, import.meta.url);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text) => process.stderr.write(`  ${text}\n`);

class Refused extends Error {
    constructor(what, status, problem) {
        super(`${what}: ${status} ${problem.code ?? ''} ${problem.detail ?? problem.title ?? ''} ${JSON.stringify(problem.errors ?? [])}`);
        this.status = status;
    }
}

// ---- requests ----------------------------------------------------------------------------------------------------------
/** One request, sent again (with the same key) while the market says that this may help. */
async function request(method, path, { token, json, bytes, type, key } = {}) {
    const headers = {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(key && { 'idempotency-key': key }),
        ...(json && { 'content-type': 'application/json' }),
        ...(bytes && { 'content-type': type }),
    };
    for (let tries = 1; ; tries++) {
        const reply = await fetch(GATEWAY + path, { method, headers, body: bytes ?? (json && JSON.stringify(json)) }).catch((error) => error);
        const body = reply instanceof Error ? { title: reply.cause?.message ?? reply.message } : await reply.json().catch(() => ({}));
        if (reply.ok) return body;
        const hopeful = reply instanceof Error || body.retryable || reply.status === 429 || reply.status >= 502;
        if (!hopeful || tries === TRIES) throw new Refused(`${method} ${path}`, reply.status ?? 0, body);
        await sleep(Math.max(Number(reply.headers?.get('retry-after') ?? 0) * 1000, Math.min(200 * 2 ** tries, 5000)));
    }
}

const get = (path, token) => request('GET', path, { token });
const act = (path, token, json) => request('POST', path, { token, json, key: randomUUID() });

async function until(what, test) {
    const end = Date.now() + WAIT_MS;
    for (let pause = 30; Date.now() < end; pause = Math.min(pause * 2, 1000)) {
        const value = await test();
        if (value) return value;
        await sleep(pause);
    }
    throw new Error(`${what}: nothing within ${WAIT_MS / 1000} s`);
}

// ---- people ------------------------------------------------------------------------------------------------------------
async function logIn({ login_id }, password) {
    try {
        return (await request('POST', '/v1/auth/login', { json: { login_id, password } })).access_token;
    } catch (error) {
        if (error.status === 401) return null;
        throw error;
    }
}

/** The six digits of the newest text to this number that came after `since`. */
async function readCode(phone, since) {
    const reply = await fetch(`${SANDBOX}/sms/messages.json?to=${phone}`);
    const { items } = await reply.json();
    const text = items.find((message) => Date.parse(message.at) >= since);
    return text && /(?<!\d)\d{6}(?!\d)/.exec(text.content)?.[0];
}

async function signUp({ login_id, nickname, phone }, password) {
    const since = Date.now() - 1000;
    const { request: codeRequest } = await request('POST', '/v1/auth/phone-codes', { json: { phone } });
    const code = await until(`a text to ${phone}`, () => readCode(phone, since));
    const json = { login_id, password, nickname, code_request: codeRequest, code };
    return (await request('POST', '/v1/auth/signup', { json })).access_token;
}

/** Pays on the provider's page as a person does, then tells the market what came back. */
async function charge(token, amount) {
    const { id, checkout_url } = await act('/v1/pay/charges', token, { amount_won: amount });
    const page = new URL(checkout_url).pathname;
    const paid = await fetch(`${SANDBOX}${page}/approve`, { method: 'POST', body: new URLSearchParams(), redirect: 'manual' });
    const back = new URL(paid.headers.get('location') ?? '', GATEWAY).searchParams;
    const json = { payment_key: back.get('paymentKey'), amount_won: Number(back.get('amount')) };
    const done = await act(`/v1/pay/charges/${id}/confirm`, token, json);
    if (done.state !== 'done') throw new Error(`the charge of ${amount} won is ${done.state}`);
}

async function welcome(neighbour, password) {
    const known = await logIn(neighbour, password);
    const token = known ?? (await signUp(neighbour, password));
    return { ...neighbour, token, isNew: !known };
}

async function fillWallet({ token }, needed) {
    const wallet = await until('a wallet', () => get('/v1/pay/wallet', token).catch((error) => error.status !== 404 && Promise.reject(error)));
    const missing = needed - wallet.available_won;
    if (missing > 0) await charge(token, Math.ceil(missing / CHARGE_WON) * CHARGE_WON);
}

// ---- deals -------------------------------------------------------------------------------------------------------------
/** Titles of the deals that recruit around here now. */
async function openTitles() {
    const titles = new Set();
    let cursor = '';
    do {
        const query = new URLSearchParams({ ...MIDDLE, limit: '100', ...(cursor && { cursor }) });
        const page = await get(`/v1/deal/deals?${query}`);
        for (const deal of page.items) titles.add(deal.title);
        cursor = page.next;
    } while (cursor);
    return titles;
}

/** The evening (18 to 21 o'clock in Seoul) after the closing that leaves time to buy. */
function pickUpTimes(closesAt) {
    const day = Math.floor((closesAt + SEOUL) / (24 * HOUR)) + 2;
    const evening = day * 24 * HOUR + 18 * HOUR - SEOUL;
    return { from: new Date(evening).toISOString(), until: new Date(evening + 3 * HOUR).toISOString() };
}

async function openDeal(goods, host) {
    const { photo, closes_in_hours, pickup, host: _, joins, ...terms } = goods;
    const bytes = await readFile(here(`photos/${photo}.webp`));
    const picture = await request('PUT', '/v1/deal/photos', { token: host.token, bytes, type: 'image/webp' });
    const closesAt = Date.now() + closes_in_hours * HOUR;
    return act('/v1/deal/deals', host.token, {
        ...terms,
        photos: [picture.name],
        closes_at: new Date(closesAt).toISOString(),
        pickup: { ...pickup, ...pickUpTimes(closesAt) },
    });
}

async function join(deal, { token }, quantity) {
    await act(`/v1/deal/deals/${deal.id}/shares`, token, { quantity, tolerance: 0 });
    return until(`a seat in ${deal.title}`, async () => {
        const { state } = await get(`/v1/deal/deals/${deal.id}/share`, token);
        return state !== 'reserved' && state;
    });
}

const cost = ({ total_won, portions }, quantity) => Math.ceil((total_won * quantity) / portions);

async function fill({ neighbours, goods, password }) {
    const open = await openTitles();
    const missing = goods.filter(({ title }) => !open.has(title));
    if (missing.length === 0 && (await logIn(neighbours[0], password))) return say('the neighbourhood is there already');

    const welcomed = await Promise.all(neighbours.map((neighbour) => welcome(neighbour, password)));
    const people = Object.fromEntries(welcomed.map((person) => [person.name, person]));
    say(`${welcomed.length} neighbours, ${welcomed.filter((person) => person.isNew).length} of them new`);

    const needed = Object.fromEntries(neighbours.map(({ name }) => [name, 50_000])); // some is left to play with
    for (const one of missing) for (const { neighbour, quantity } of one.joins) needed[neighbour] += cost(one, quantity);
    await Promise.all(Object.entries(needed).map(([name, amount]) => fillWallet(people[name], amount)));
    say('wallets charged');

    const deals = [];
    for (const one of missing) deals.push({ ...(await openDeal(one, people[one.host])), joins: one.joins });
    say(`${deals.length} deals opened`);

    const seats = deals.flatMap((deal) => deal.joins.map(({ neighbour, quantity }) => join(deal, people[neighbour], quantity)));
    const states = await Promise.all(seats);
    const held = states.filter((state) => state === 'held').length;
    say(`${held} of ${states.length} seats held`); // the market is worth a look with fewer, too
}

const demo = JSON.parse(await readFile(here('goods.json'), 'utf8'));
try {
    await fill(demo);
    console.log(`demo log-in       ${demo.neighbours[0].login_id} / ${demo.password}   (also ${demo.neighbours.slice(1).map((n) => n.login_id).join(', ')})`);
} catch (error) {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
}
