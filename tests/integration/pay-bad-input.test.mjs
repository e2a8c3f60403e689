// tests/integration/pay-bad-input.test.mjs: every route that moves money or promises to, with what it must not take: each has
// its own code, and afterwards no row and no won is where it was not before.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, send, told, uuid } from '../lib/api.mjs';
import { drained, id, number, query, rowCounts, value } from '../lib/db.mjs';
import { approve, signUp, signUpMany } from '../lib/people.mjs';
import { prove } from '../lib/step-up.mjs';
import { secret, stack } from '../lib/stack.mjs';
import { bankAccount, payRequest, remit, withdraw } from '../lib/wallet.mjs';

const TOO_LARGE = [9_007_199_254_740_992, 1e18];
/** What is no amount of won, on any route: [what, JSON text of it]. */
const NO_AMOUNTS = [
    ['zero', '0'], ['negative', '-1'], ['very negative', '-9007199254740991'], ['a fraction', '1000.5'], ['a small fraction', '1e-1'],
    ['text', '"1000"'], ['nothing', 'null'], ['a list', '[1000]'], ['an object', '{"won":1000}'], ['yes', 'true'],
    ['2^53', String(TOO_LARGE[0])], ['10^18', '1000000000000000000'], ['beyond 64 bits', '99999999999999999999999999'], ['an exponent', '1e400'],
];
const paymentKey = (charge) => new URL(charge.checkout_url).pathname.split('/').pop();
const MONEY = `SELECT kind, HEX(id), posted, pending_debits, version FROM gonggu_pay.account ORDER BY id`;
/** Tables that note that somebody asked, whatever the answer was. */
const NOTES = ['gonggu_pay.idempotency', 'gonggu_pay.seen_webhook', 'gonggu_pay.seal', 'gonggu_pay.seal_account', 'gonggu_auth.security_log'];

describe('bad input to every route of money', () => {
    let a, b, blocked, admins, account, foreign, request, ended, charge, other, routes;
    const state = async () => {
        const rows = await rowCounts();
        for (const table of NOTES) delete rows[table];
        return { money: await query(MONEY), rows };
    };
    /** Runs the cases; each [what, how, status, code]; then nothing has moved. */
    async function table(cases) {
        await drained();
        const was = await state();
        const wrong = [];
        for (const [what, how, status, code] of cases) {
            const reply = await how();
            if (reply.status !== status || (code && reply.body?.code !== code)) wrong.push(`${what}: ${told(reply)} instead of ${status} ${code}`);
            if (status >= 400 && !/^application\/problem\+json/.test(reply.headers.get('content-type'))) wrong.push(`${what}: no problem document`);
        }
        assert.deepEqual(wrong, []);
        const is = await state();
        assert.deepEqual(is.money, was.money, 'no won has moved');
        assert.deepEqual(is.rows, was.rows, 'no row was written');
    }

    const tells = ({ id: order, checkout_url, amount_won }) =>
        JSON.stringify({ eventType: 'PAYMENT_STATUS_CHANGED', data: { paymentKey: paymentKey({ checkout_url }), orderId: order, status: 'DONE', totalAmount: amount_won } });
    const sign = (text, at, key = secret('webhook')) => `v1:${createHmac('sha256', key).update(`${text}:${at}`).digest('base64')}`;
    const deliver = (raw, signature, at) => send('POST', '/v1/pay/webhooks/provider', {
        raw, type: 'application/json',
        headers: { ...(signature && { 'tosspayments-webhook-signature': signature }), ...(at && { 'tosspayments-webhook-transmission-time': at }) } });
    before(async () => {
        [a, b, blocked] = await signUpMany(3, 100_000, '나쁜입력');
        admins = [await signUpAdmin(), await signUpAdmin()];
        await drained();
        account = await bankAccount(a);
        foreign = await bankAccount(b);
        const ask = async (won) => expect(await b.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: won, split: 'equal', people: [{ user: a.id }] }] }), 201);
        request = await ask(5_000);
        ended = await ask(4_000);
        expect(await b.post(`/v1/pay/requests/${ended.id}/cancel`), 200);
        charge = expect(await a.post('/v1/pay/charges', { amount_won: 7_000 }), 201);
        other = expect(await a.post('/v1/pay/charges', { amount_won: 8_000 }), 201);
        await approve(charge.checkout_url);
        expect(await a.send('PUT', `/v1/auth/blocks/${blocked.id}`), 204);
        await drained();
        // A proof of the act as it is asked for, so that it is not the proof that refuses it.
        const proven = async (act) => ({ 'step-up': await prove(a, act) });
        const post = (path, raw, headers = {}) => a.send('POST', path, { raw, type: 'application/json', key: uuid(), headers });
        routes = [
            ['charge', (won) => post('/v1/pay/charges', `{"amount_won":${won}}`)],
            ['confirm', (won) => post(`/v1/pay/charges/${charge.id}/confirm`, `{"payment_key":"${paymentKey(charge)}","amount_won":${won}}`)],
            ['remit', async (won) => post('/v1/pay/remittances', `{"to_user":"${b.id}","amount_won":${won}}`, await proven({ purpose: 'remit', payee: b.id, amount_won: Number(won) }))],
            ['withdraw', async (won) => post('/v1/pay/withdrawals', `{"bank_account":"${account.id}","amount_won":${won}}`, await proven({ purpose: 'withdraw', payee: account.id, amount_won: Number(won) }))],
            ['request', (won) => post('/v1/pay/requests', `{"title":"밥값","rounds":[{"total_won":${won},"split":"equal","people":[{"user":"${b.id}"}]}]}`)],
            ['custom request', (won) => post('/v1/pay/requests', `{"title":"밥값","rounds":[{"total_won":1000,"split":"custom","people":[{"user":"${b.id}","amount_won":${won}}]}]}`)],
            ['round', (won) => b.send('POST', `/v1/pay/requests/${request.id}/rounds`, { raw: `{"total_won":${won},"split":"equal","people":[{"user":"${a.id}"}]}`, type: 'application/json', key: uuid() })],
            ['pay a request', async (won) => post(`/v1/pay/requests/${request.id}/pay`, `{"amount_won":${won}}`, await proven({ purpose: 'request', payee: request.id, amount_won: Number(won) }))],
            ['correct', (won) => admins[0].send('POST', '/v1/pay/admin/corrections', { raw: `{"from_user":"${a.id}","to_house":"suspense","reason":"시험으로 바로잡습니다","amount_won":${won}}`, type: 'application/json', key: uuid() })],
        ];
    });

    it('amounts that are none: zero, negative, fractions, above 2^53-1, other types', async () => {
        const cases = [];
        for (const [route, how] of routes)
            for (const [what, won] of NO_AMOUNTS) {
                // JSON has no numbers beyond its doubles: what cannot even be read is malformed.
                cases.push([`${route} of ${what}`, async () => {
                    const reply = await how(won);
                    return reply.status === 400 && reply.body?.code === 'malformed' && what === 'an exponent' ? { ...reply, status: 422, body: { code: 'invalid' } } : reply;
                }, 422, 'invalid']);
            }
        await table(cases);
    });

    it('other currencies, and nothing at all', async () => {
        const json = { to_user: b.id, amount_won: 1_000 };
        await table([
            ...['USD', 'JPY', 'krw', '', 'KRW '].flatMap((currency) => [
                [`remit in ${currency}`, () => remit(a, { ...json, currency }, b.id), 422, 'invalid'],
                [`withdraw in ${currency}`, () => withdraw(a, account, 2_000, { json: { currency } }), 422, 'invalid'],
                [`pay in ${currency}`, () => a.post(`/v1/pay/requests/${request.id}/pay`, { amount_won: 1_000, currency }), 422, 'invalid'],
                [`charge in ${currency}`, () => a.post('/v1/pay/charges', { amount_won: 5_000, currency }), 422, 'invalid'],
            ]),
            ...['USD', ''].flatMap((currency) => [
                [`confirm in ${currency}`, () => a.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: paymentKey(charge), amount_won: 7_000, currency }), 422, 'invalid'],
                [`ask in ${currency}`, () => a.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 1_000, currency, split: 'equal', people: [{ user: b.id }] }] }), 422, 'invalid'],
                [`correct in ${currency}`, () => admins[0].post('/v1/pay/admin/corrections', { from_user: a.id, to_house: 'suspense', amount_won: 100, currency, reason: '시험으로 바로잡습니다' }), 422, 'invalid'],
            ]),
            ...routes.map(([route]) => [route, () => (route === 'correct' ? admins[0] : route === 'round' ? b : a).post({
                charge: '/v1/pay/charges', confirm: `/v1/pay/charges/${charge.id}/confirm`, remit: '/v1/pay/remittances', withdraw: '/v1/pay/withdrawals',
                request: '/v1/pay/requests', 'custom request': '/v1/pay/requests', round: `/v1/pay/requests/${request.id}/rounds`,
                'pay a request': `/v1/pay/requests/${request.id}/pay`, correct: '/v1/pay/admin/corrections' }[route], {}), 422, 'invalid']),
        ]);
    });

    it('counterparts that are oneself, nobody, blocked, or two at once', async () => {
        const to = (json, payee) => remit(a, { amount_won: 1_000, ...json }, payee);
        const ask = (person) => a.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 1_000, split: 'equal', people: [person] }] });
        const correct = (json) => admins[0].post('/v1/pay/admin/corrections', { amount_won: 100, reason: '시험으로 바로잡습니다', ...json });
        const nobody = uuid();
        const provider = (await value("SELECT LOWER(HEX(id)) FROM gonggu_pay.account WHERE kind = 'provider'")).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
        await table([
            ['remit to oneself', () => to({ to_user: a.id }, a.id), 422, 'self_transfer'],
            ['remit to oneself by name', () => to({ to_nickname: a.nickname }, a.id), 422, 'self_transfer'],
            ['remit to nobody', () => to({ to_user: nobody }, nobody), 422, 'recipient_unknown'],
            ['remit to no name', () => to({ to_nickname: '없는 사람' }, nobody), 422, 'recipient_unknown'],
            ['remit to a name and an id', () => to({ to_user: b.id, to_nickname: b.nickname }, b.id), 422, 'invalid'],
            ['remit to neither', () => to({}, b.id), 422, 'invalid'],
            ['remit to the provider', () => to({ to_user: provider }, provider), 422, 'recipient_unknown'],
            ['remit to one who is blocked', () => to({ to_user: blocked.id }, blocked.id), 403, 'counterpart_blocked'],
            ['remit by one who is blocked', () => remit(blocked, { to_user: a.id, amount_won: 1_000 }, a.id), 403, 'counterpart_blocked'],
            ['ask oneself', () => ask({ user: a.id }), 422, 'self_transfer'],
            ['ask nobody', () => ask({ user: nobody }), 422, 'recipient_unknown'],
            ['ask one who is blocked', () => ask({ user: blocked.id }), 403, 'counterpart_blocked'],
            ["withdraw to somebody else's account", () => withdraw(a, foreign, 2_000), 422, 'invalid'],
            ['withdraw to no account', () => withdraw(a, { id: nobody }, 2_000), 422, 'invalid'],
            ['correct one account into itself', () => correct({ from_user: a.id, to_user: a.id }), 422, 'self_transfer'],
            ['correct a wallet nobody has', () => correct({ from_user: nobody, to_house: 'suspense' }), 422, 'invalid'],
            ['correct as a neighbour', () => a.post('/v1/pay/admin/corrections', { from_user: b.id, to_user: a.id, amount_won: 100, reason: '내 돈이에요' }), 403, 'forbidden'],
            ['pay a request one is not in', () => blocked.post(`/v1/pay/requests/${request.id}/pay`, { amount_won: 1_000 }), 404, 'not_found'],
            ['pay a request that was called off', () => payRequest(a, ended, 1_000), 409, 'request_ended'],
            ['pay more than is owed', () => payRequest(a, request, 5_001), 422, 'request_overpaid'],
        ]);
    });

    it('more than there is, or than may be', async () => {
        await table([
            ['remit more than there is', () => remit(a, { to_user: b.id, amount_won: 100_001 }, b.id), 422, 'insufficient_funds'],
            ['withdraw more than there is', () => withdraw(a, account, 100_001), 422, 'insufficient_funds'],
            ['remit above the limit', () => remit(a, { to_user: b.id, amount_won: 2_000_001 }, b.id), 422, 'limit_exceeded'],
            ['remit the largest amount there is', () => remit(a, { to_user: b.id, amount_won: 999_999_999_999_999 }, b.id), 422, 'limit_exceeded'],
            ['remit 2^53-1', () => remit(a, { to_user: b.id, amount_won: 9_007_199_254_740_991 }, b.id), 422, 'invalid'],
            ['withdraw above the limit', () => withdraw(a, account, 2_000_001), 422, 'limit_exceeded'],
            ['withdraw below the least', () => withdraw(a, account, 999), 422, 'limit_exceeded'],
            ['charge below the least', () => a.post('/v1/pay/charges', { amount_won: 999 }), 422, 'invalid'],
            ['charge above the most', () => a.post('/v1/pay/charges', { amount_won: 2_000_001 }), 422, 'invalid'],
        ]);
        const reply = await remit(a, { to_user: b.id, amount_won: 100_001 }, b.id);
        assert.deepEqual([reply.body.available, reply.body.held], [100_000, 0], 'the refusal says what there is');
    });

    it("amounts and payments that are not the provider's; webhooks that are forged, cut or sent again", async () => {
        const confirm = (json) => a.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: paymentKey(charge), amount_won: 7_000, ...json });
        const body = tells(other), time = new Date().toISOString();
        const hook = (raw, signature, at = time) => () => deliver(raw, signature, at);
        const more = body.replace('8000', '80000'), stranger = body.replace(other.id, uuid());
        await table([
            ['one won more', () => confirm({ amount_won: 7_001 }), 422, 'amount_mismatch'],
            ['one won less', () => confirm({ amount_won: 6_999 }), 422, 'amount_mismatch'],
            ["another charge's payment", () => confirm({ payment_key: paymentKey(other) }), 422, 'invalid'],
            ['a payment that does not exist', () => confirm({ payment_key: 'sandbox_0' }), 422, 'invalid'],
            ["somebody else's charge", () => b.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: paymentKey(charge), amount_won: 7_000 }), 404, 'not_found'],
            ['one that is not approved', () => a.post(`/v1/pay/charges/${other.id}/confirm`, { payment_key: paymentKey(other), amount_won: 8_000 }), 409, 'charge_not_approved'],
            ['no signature', hook(body), 401, 'bad_signature'],
            ['no time', hook(body, sign(body, time), null), 401, 'bad_signature'],
            ['an empty signature', hook(body, 'v1:'), 401, 'bad_signature'],
            ['another key', hook(body, sign(body, time, 'another')), 401, 'bad_signature'],
            ['another amount under the same signature', hook(more, sign(body, time)), 401, 'bad_signature'],
            ['another time', hook(body, sign(body, time), new Date(Date.now() + 1).toISOString()), 401, 'bad_signature'],
            ['cut', hook(body.slice(0, -1), sign(body, time)), 401, 'bad_signature'],
            // Signed well, and still only a hint: the provider itself is asked, and says no.
            ['signed, but not paid', hook(body, sign(body, time)), 204],
            ['the same again', hook(body, sign(body, time)), 204],
            ['signed with another amount', hook(more, sign(more, time)), 204],
            ['signed about a stranger', hook(stranger, sign(stranger, time)), 204],
            ['signed nonsense', hook('{}', sign('{}', time)), 204],
            ['signed, no JSON', hook('<', sign('<', time)), 204],
        ]);
        assert.equal(expect(await a.get(`/v1/pay/charges/${other.id}`), 200).state, 'created');
    });

    it('a payment that the provider has with another amount or in another currency does not come in', async () => {
        const faults = async (set) => assert.equal((await fetch(`${stack.sandbox}/pay/_faults`, { method: 'POST', body: JSON.stringify(set) })).status, 200);
        for (const payment of ['amount', 'currency']) {
            const one = expect(await a.post('/v1/pay/charges', { amount_won: 6_000 }), 201);
            await approve(one.checkout_url);
            const confirm = () => a.post(`/v1/pay/charges/${one.id}/confirm`, { payment_key: paymentKey(one), amount_won: 6_000 });
            await faults({ payment, webhook: 'none' });
            try {
                await table([[`another ${payment}`, confirm, 409, 'charge_not_approved'], [`another ${payment}, again`, confirm, 409, 'charge_not_approved']]);
            } finally {
                await faults({ payment: null, webhook: null });
            }
            const at = new Date().toISOString(); // asked again, the provider tells of what was asked for
            assert.equal((await deliver(tells(one), sign(tells(one), at), at)).status, 204);
            assert.equal(expect(await a.get(`/v1/pay/charges/${one.id}`), 200).state, 'done');
        }
    });

    it('keys that are missing, no key, or used for something else; proofs that are another act', async () => {
        const key = uuid();
        const done = expect(await remit(a, { to_user: b.id, amount_won: 1_000 }, b.id, { key }), 201);
        const bare = (path, json, headers = {}) => a.send('POST', path, { json, headers });
        await table([
            ...[['/v1/pay/charges', { amount_won: 5_000 }], ['/v1/pay/remittances', { to_user: b.id, amount_won: 1_000 }],
                ['/v1/pay/withdrawals', { bank_account: account.id, amount_won: 2_000 }], [`/v1/pay/requests/${request.id}/pay`, { amount_won: 1_000 }],
                ['/v1/pay/requests', { title: '밥값', rounds: [{ total_won: 1_000, split: 'equal', people: [{ user: b.id }] }] }],
            ].flatMap(([path, json]) => [
                [`${path} without a key`, () => bare(path, json), 400, undefined],
                [`${path} with a key that is none`, () => bare(path, json, { 'idempotency-key': 'no uuid' }), 400, undefined],
            ]),
            ['the same key and another amount', () => remit(a, { to_user: b.id, amount_won: 1_001 }, b.id, { key }), 422, 'idempotency_key_reused'],
            ['the same key and another person', () => remit(a, { to_user: blocked.id, amount_won: 1_000 }, blocked.id, { key }), 422, 'idempotency_key_reused'],
            ['the same key and another memo', () => remit(a, { to_user: b.id, amount_won: 1_000, memo: '다시' }, b.id, { key }), 422, 'idempotency_key_reused'],
            ['the same again', () => remit(a, { to_user: b.id, amount_won: 1_000 }, b.id, { key }), 201, undefined],
            ['without a proof', () => remit(a, { to_user: b.id, amount_won: 1_000 }, b.id, { proof: false }), 403, 'step_up_required'],
            ['a proof of less', () => remit(a, { to_user: b.id, amount_won: 1_000 }, b.id, { proof: { amount_won: 999 } }), 403, 'step_up_required'],
            ['a proof of another payee', () => withdraw(a, account, 2_000, { proof: { payee: foreign.id } }), 403, 'step_up_required'],
            ['a proof of another purpose', () => payRequest(a, request, 1_000, { proof: { purpose: 'remit' } }), 403, 'step_up_required'],
        ]);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.remittance WHERE id = ${id(done.id)}`), 1);
    });

    it('the books are whole', async () => {
        const outsider = await signUp('남');
        assert.equal((await outsider.wallet()).posted_won, 0);
        await drained();
        await checkInvariants();
    });
});
