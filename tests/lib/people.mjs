// tests/lib/people.mjs: neighbours: they sign up with the code of a real (imitated) SMS, log in, and charge their wallet
// on the payment provider's page.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { expect, send, told, uuid } from './api.mjs';
import { stack } from './stack.mjs';
import { each, until } from './wait.mjs';

export const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36';
const letters = (n) => Array.from({ length: n }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('');

/** A mobile number nobody else has (in this run, very likely). */
export const freshPhone = () => `010${String(randomInt(1e8)).padStart(8, '0')}`;

/** The newest code that was sent to this number. */
export async function smsCode(phone) {
    return until(`an SMS for ${phone}`, async () => {
        const { items } = await (await fetch(`${stack.sandbox}/sms/messages.json?to=${phone}`)).json();
        return items.length > 0 && /\b(\d{6})\b/.exec(items[0].content)[1];
    });
}

/** Asks for a code by SMS: {phone, request, code}. */
export async function proveAPhone(phone = freshPhone()) {
    const sent = expect(await send('POST', '/v1/auth/phone-codes', { json: { phone } }), 202);
    return { phone, request: sent.request, code: await smsCode(phone) };
}

const cookieOf = (reply) => /^([^;]+);/.exec(reply.headers.get('set-cookie') ?? '')?.[1];

/** Someone with an account and an open session. */
export class Person {
    constructor({ loginId, password, nickname, phone }) {
        Object.assign(this, { loginId, password, nickname, phone });
    }

    /** Takes the access token and the cookie of a sign-up, log-in or refresh. */
    take(reply) {
        this.token = reply.body.access_token;
        this.id = reply.body.user.id;
        this.cookie = cookieOf(reply) ?? this.cookie;
        return this;
    }

    async logIn({ agent = AGENT, base } = {}) {
        const json = { login_id: this.loginId, password: this.password };
        const reply = await send('POST', '/v1/auth/login', { base, json, headers: { 'user-agent': agent } });
        expect(reply, 200);
        return this.take(reply);
    }

    /** A second device of the same person: its own session. */
    async anotherDevice(agent) {
        return new Person(this).logIn({ agent });
    }

    async refresh() {
        const reply = await send('POST', '/v1/auth/refresh', { headers: { cookie: this.cookie } });
        expect(reply, 200);
        return this.take(reply);
    }

    send(method, path, options = {}) {
        return send(method, path, { token: this.token, ...options });
    }
    get(path, options) {
        return this.send('GET', path, options);
    }
    /** A POST with an Idempotency-Key of its own. */
    post(path, json, options = {}) {
        return this.send('POST', path, { json, key: uuid(), ...options });
    }

    /** Sets the first payment PIN. */
    async setPin(pin) {
        this.pin = pin;
        expect(await this.send('PUT', '/v1/auth/pin', { json: { pin, again: { password: this.password } } }), 204);
    }
    /** A proof for one act, for the header `Step-Up`; sets a PIN when there is none. */
    async stepUp(act) {
        if (!this.pin) await this.setPin('274951');
        return expect(await this.send('POST', '/v1/auth/step-up', { json: { act, pin: this.pin } }), 200).proof;
    }

    async wallet() {
        return expect(await this.get('/v1/pay/wallet'), 200);
    }
    async inbox(query = '') {
        return expect(await this.get(`/v1/push/inbox?limit=100${query}`), 200);
    }

    /** Brings money into the wallet through the provider's page; returns the charge. */
    async charge(won) {
        const charge = expect(await this.post('/v1/pay/charges', { amount_won: won }), 201);
        const back = await approve(charge.checkout_url);
        const json = { payment_key: back.get('paymentKey'), amount_won: Number(back.get('amount')) };
        return expect(await this.post(`/v1/pay/charges/${charge.id}/confirm`, json), 200);
    }
}

/** Presses "pay" on the provider's page; gives the query of the address the browser is sent back to. */
export async function approve(checkoutUrl, form = '') {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await fetch(`${checkoutUrl}/approve`, { method: 'POST', redirect: 'manual', headers, body: form });
    await reply.arrayBuffer();
    assert.equal(reply.status, 303, `the provider's page answered ${reply.status}`);
    return new URL(reply.headers.get('location')).searchParams;
}

/** Signs somebody new up; `won` is brought into the wallet. */
export async function signUp(nickname = '이웃', won = 0) {
    const proof = await proveAPhone();
    const person = new Person({
        phone: proof.phone,
        loginId: `t_${letters(12)}`,
        password: `비밀-${letters(14)}`,
        nickname: `${nickname}_${letters(8)}`,
    });
    const json = {
        login_id: person.loginId,
        password: person.password,
        nickname: person.nickname,
        code_request: proof.request,
        code: proof.code,
    };
    const reply = await send('POST', '/v1/auth/signup', { json, headers: { 'user-agent': AGENT } });
    assert.equal(reply.status, 201, told(reply));
    person.take(reply);
    if (won > 0) await person.charge(won);
    return person;
}

/** Several at once, each with the same money. */
export const signUpMany = (n, won = 0, nickname = '이웃') => each(Array.from({ length: n }), 4, () => signUp(nickname, won));
