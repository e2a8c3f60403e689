// tests/integration/pay-proof.test.mjs: what of money shows only when something is in its way: refusals that stay refused,
// one frozen share beside paid ones, fees, wallets that are stopped, accounts that are being closed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, told, uuid } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { payCommand, tamper } from '../lib/pay_db.mjs';
import { approve, signUp, signUpMany } from '../lib/people.mjs';
import { stack, start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { bankAccount, payRequest, remit, withdraw, withdrawalIs } from '../lib/wallet.mjs';
import { withSetting } from '../lib/settings.mjs';

const posted = async (person) => (await person.wallet()).posted_won;
const postedOf = (account) => number(`SELECT COALESCE(SUM(posted), 0) FROM gonggu_pay.account WHERE id = ${id(account)}`);
const stoppedFor = async (account) => (await query(`SELECT COALESCE(stopped_for, '') FROM gonggu_pay.account WHERE id = ${id(account)}`))[0][0];
const escrow = async (deal) => (await query(`SELECT LOWER(HEX(share_id)), captured, refunded, paid_out FROM gonggu_pay.escrow_share WHERE deal_id = ${id(deal.id)}`)).map(([s, ...n]) => [s, ...n.map(Number)]);
const ask = (from, to, won) => from.post('/v1/pay/requests', { title: '밥값', rounds: [{ total_won: won, split: 'equal', people: [{ user: to.id }] }] });

/** A deal that has arrived, each of the guests with one captured portion of 3,000 won. */
async function arrived(host, guests) {
    const deal = await openDeal(host, { min_portions: 1 });
    for (const guest of guests) await join(guest, deal, 1);
    expect(await act(host, deal, 'close'), 200);
    for (const guest of guests) await shareIn(guest, deal, 'captured');
    expect(await act(host, deal, 'purchase', { total_won: 30_000, receipt: await uploadPhoto(host) }), 200);
    expect(await act(host, deal, 'arrive'), 200);
    return deal;
}
async function handOver(host, deal, guest) {
    const { code } = await shareIn(guest, deal, 'captured');
    expect(await act(host, deal, 'handovers', { code }), 200);
}

describe('P4 the outcome of a key never changes', () => {
    let friend;
    before(async () => (friend = await signUp('친구')));

    it('P4 a refused remittance stays refused when there is money; a new key goes through', async () => {
        const poor = await signUp('빈지갑', 1_000);
        const key = uuid();
        const json = { to_user: friend.id, amount_won: 5_000 };
        const first = expectProblem(await remit(poor, json, friend.id, { key }), 422, 'insufficient_funds');
        assert.deepEqual([first.available, first.held], [1_000, 0]);
        await poor.charge(10_000);
        const again = await remit(poor, json, friend.id, { key });
        assert.equal(expectProblem(again, 422, 'insufficient_funds').available, 1_000, 'the first answer, to the letter');
        assert.equal(again.headers.get('idempotency-replayed'), 'true');
        assert.equal(await posted(poor), 11_000);
        expect(await remit(poor, json, friend.id), 201);
        assert.equal(await posted(poor), 6_000);
    });

    it('P4 a refused withdrawal stays refused; another body is 422; a new key goes through', async () => {
        const poor = await signUp('출금', 1_000);
        const account = await bankAccount(poor);
        const key = uuid();
        expectProblem(await withdraw(poor, account, 5_000, { key }), 422, 'insufficient_funds');
        await poor.charge(10_000);
        expectProblem(await withdraw(poor, account, 5_000, { key }), 422, 'insufficient_funds');
        expectProblem(await withdraw(poor, account, 6_000, { key }), 422, 'idempotency_key_reused');
        await withdrawalIs(poor, expect(await withdraw(poor, account, 5_000), 202), 'posted');
    });

    it('P4 twenty at once with one key on two instances: one effect, one answer; others wait or replay', async () => {
        const person = await signUp('스물', 50_000);
        const account = await bankAccount(person);
        const request = expect(await ask(friend, person, 9_000), 201);
        for (const [what, status, ask_] of [
            ['charge', 201, (o) => person.post('/v1/pay/charges', { amount_won: 7_000 }, o)],
            ['remittance', 201, (o) => remit(person, { to_user: friend.id, amount_won: 1_000 }, friend.id, o)],
            ['withdrawal', 202, (o) => withdraw(person, account, 5_000, o)],
            ['request', 201, (o) => person.post('/v1/pay/requests', { title: '커피', rounds: [{ total_won: 900, split: 'equal', people: [{ user: friend.id }] }] }, o)],
            ['part of a request', 200, (o) => payRequest(person, request, 4_000, o)],
        ]) {
            const key = uuid();
            const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => ask_({ key, base: stack.instances.pay[i % 2] })));
            for (const reply of replies) if (reply.status !== status) expectProblem(reply, 409, 'in_progress');
            const answers = new Set(replies.filter((r) => r.status === status).map((r) => r.text));
            assert.equal(answers.size, 1, `${what}: ${replies.map(told).join('\n')}`);
        }
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.charge WHERE user_id = ${id(person.id)} AND amount = 7000`), 1);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.remittance WHERE sender_id = ${id(person.id)}`), 2);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.withdrawal WHERE user_id = ${id(person.id)}`), 1);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.money_request WHERE creator_id = ${id(person.id)}`), 1);
    });
});

describe('P6 one dispute beside paid shares', () => {
    it('P6 the others are paid, the frozen one waits; resolved in part it adds up', async () => {
        const host = await signUp('방장');
        const guests = await signUpMany(4, 10_000, '이웃');
        const deal = await arrived(host, guests);
        const [one, ...others] = guests;
        const mine = await shareIn(one, deal, 'captured');
        const hex = mine.id.replaceAll('-', '');
        expect(await act(one, deal, 'share/dispute', { message: '상했어요', refund_won: 900 }), 201);
        await drained();
        for (const other of others) await handOver(host, deal, other);
        for (const other of others) await shareIn(other, deal, 'settled');
        await drained();
        for (const [share, captured, refunded, paid] of await escrow(deal))
            if (share === hex) assert.deepEqual([refunded, paid], [0, 0], 'frozen');
            else assert.deepEqual([captured, paid], [3_000, 3_000], 'paid');
        assert.equal(await posted(host), 9_000);
        assert.equal(await postedOf(deal.id), 3_000, 'escrow holds the frozen share and nothing else');
        assert.deepEqual(await query(`SELECT reason FROM gonggu_pay.held_won WHERE account_id = ${id(deal.id)}`).then((rows) => rows.length), 1);
        expect(await act(host, deal, `shares/${mine.id}/dispute/answer`, { message: '반만요', refund_won: 400 }), 200);
        expect(await act(one, deal, 'share/dispute/accept'), 200);
        await until('the frozen share is settled', async () => (await postedOf(deal.id)) === 0);
        await drained();
        assert.deepEqual((await escrow(deal)).find(([s]) => s === hex), [hex, 3_000, 400, 2_600]);
        assert.deepEqual([await posted(host), await posted(one)], [11_600, 7_400]);
        await checkInvariants();
    });
});

describe('P7 sixty days', () => {
    after(() => clock.reset());

    it('P7 a pending hold, a captured share and one in dispute: after sixty days escrow is empty and nothing is an orphan', async () => {
        const host = await signUp('방장');
        const [disputing, silent, waiting] = await signUpMany(3, 10_000, '예순날');
        const deal = await arrived(host, [disputing, silent]);
        expect(await act(disputing, deal, 'share/dispute', { message: '상했어요', refund_won: 900 }), 201);
        await join(waiting, await openDeal(host, { min_portions: 5 }), 1);
        await drained();
        const orphans = () => query('SELECT * FROM gonggu_pay.orphan_won');
        assert.deepEqual(await orphans(), []);
        // Day by day as it would be: what deal decides in its own time comes before pay's last resort.
        for (let day = 0; day < 60; day += 6) {
            clock.advance(6 * clock.DAY);
            await until('deal has done what fell due', async () => (await number(`SELECT COUNT(*) FROM gonggu_deal.due WHERE due_at <= FROM_UNIXTIME(${clock.now() / 1000})`)) === 0, { within: 60_000, every: 100 });
            await drained();
            assert.deepEqual(await orphans(), []);
        }
        await until('escrow is empty', async () => (await number("SELECT COALESCE(SUM(posted), 0) FROM gonggu_pay.account WHERE kind = 'escrow'")) === 0, { within: 60_000, every: 200 });
        await until('no hold is pending', async () => (await number("SELECT COUNT(*) FROM gonggu_pay.hold WHERE state = 'pending'")) === 0, { within: 60_000, every: 200 });
        await drained();
        assert.deepEqual(await orphans(), []);
        const won = await number(`SELECT SUM(posted) FROM gonggu_pay.account WHERE id IN (${[host, disputing, silent, waiting].map((p) => id(p.id)).join()})`);
        assert.equal(won, 30_000, 'every won is somebody\'s');
        clock.reset();
        await checkInvariants();
    });
});

describe('P13 a receipt', () => {
    it('P13 the photo of the bill is on the board of a 1/N request, and everybody who is asked can see it', async () => {
        const [host, friend] = await signUpMany(2, 0, '정산');
        await drained();
        const receipt = await uploadPhoto(host);
        const made = expect(await host.post('/v1/pay/requests', { title: '고기', rounds: [{ total_won: 9_000, split: 'equal', receipt, people: [{ user: friend.id }] }] }), 201);
        assert.equal(expect(await friend.get(`/v1/pay/requests/${made.id}`), 200).rounds[0].receipt, receipt);
        assert.equal((await friend.get(`/v1/deal/photos/${receipt}`)).status, 200);
    });
});

describe('a fee', () => {
    it('P1 is taken out of the pay-out, is a line of its own, and stands in the fees account', async () => {
        const fees = () => number("SELECT COALESCE(SUM(posted), 0) FROM gonggu_pay.account WHERE kind = 'fees'");
        const host = await signUp('방장');
        const [a, b] = await signUpMany(2, 10_000, '이웃');
        const before = await fees();
        const deal = await withSetting(['pay-1', 'pay-2'], 'GONGGU_FEE_RATE', '333', async () => {
            const with_ = await arrived(host, [a, b]);
            await handOver(host, with_, a);
            await shareIn(a, with_, 'settled');
            await drained();
            return with_;
        });
        assert.equal(await posted(host), 3_000 - 99); // 3.33 % of 3,000, rounded down
        assert.equal(await fees(), before + 99);
        const { items } = expect(await host.get(`/v1/pay/history?deal=${deal.id}`), 200);
        assert.deepEqual(items.map((l) => [l.kind, l.amount_won]), [['fee', -99], ['payout', 3_000]]);
        const [[envelope]] = await query(`SELECT envelope FROM gonggu_pay.outbox WHERE type = 'pay.share.paid_out.v1' AND INSTR(envelope, '${deal.id}') > 0`);
        assert.deepEqual([JSON.parse(envelope).data.amount_won, JSON.parse(envelope).data.fee_won], [3_000, 99]);
        await handOver(host, deal, b); // and none when none is set
        await shareIn(b, deal, 'settled');
        await drained();
        assert.equal(await posted(host), 6_000 - 99);
        assert.equal(await fees(), before + 99);
        assert.equal(await postedOf(deal.id), 0);
        await checkInvariants();
    });
});

describe('history', () => {
    it('P11 each line of a deal names the deal, its terms, its receipt and its hand-over', async () => {
        const host = await signUp('방장');
        const [guest] = await signUpMany(1, 10_000, '이웃');
        const deal = await arrived(host, [guest]);
        await handOver(host, deal, guest);
        const share = await shareIn(guest, deal, 'settled');
        await drained();
        const { items } = expect(await guest.get(`/v1/pay/history?deal=${deal.id}`), 200);
        assert.deepEqual(items.map((l) => [l.kind, l.amount_won]), [['capture', -3_000]]);
        const [line] = items;
        assert.deepEqual([line.deal, line.share, line.deal_title, line.terms, line.receipt_won], [deal.id, share.id, deal.title, 1, 30_000]);
        assert.ok(Date.parse(line.handed_over_at) > 0);
        assert.equal(line.counterpart, host.id);
        for (const path of [line.deal_path, line.receipt_path]) assert.equal(expect(await guest.get(path), 200).id, deal.id);
    });
});

describe('a wallet the auditor stopped', () => {
    let person, friend, other, admins;
    const halt = (who) => tamper(`UPDATE account SET stopped_for = 'a test' WHERE id = ${id(who.id)}`);
    before(async () => {
        [person, friend, other] = await signUpMany(3, 20_000, '멈춤');
        admins = [await signUpAdmin(), await signUpAdmin()];
        await drained();
    });

    it('P1 neither gives nor takes: every act says account_stopped, and nothing moves', async () => {
        const account = await bankAccount(person);
        const request = expect(await ask(friend, person, 3_000), 201);
        const charge = expect(await person.post('/v1/pay/charges', { amount_won: 5_000 }), 201);
        const back = await approve(charge.checkout_url);
        const correct = async (from, to) => {
            const made = expect(await admins[0].post('/v1/pay/admin/corrections', { from_user: from.id, to_user: to.id, amount_won: 100, reason: '시험으로 바로잡습니다' }), 201);
            return () => admins[1].post(`/v1/pay/admin/corrections/${made.id}/approve`);
        };
        const [outOf, into] = [await correct(person, friend), await correct(friend, person)];
        const confirm = () => person.post(`/v1/pay/charges/${charge.id}/confirm`, { payment_key: back.get('paymentKey'), amount_won: 5_000 });
        halt(person);
        try {
            for (const [what, act_] of Object.entries({
                remit: () => remit(person, { to_user: friend.id, amount_won: 1_000 }, friend.id),
                'remit to it': () => remit(friend, { to_user: person.id, amount_won: 1_000 }, person.id),
                withdraw: () => withdraw(person, account, 5_000),
                'pay a request': () => payRequest(person, request, 1_000),
                charge: () => person.post('/v1/pay/charges', { amount_won: 5_000 }),
                confirm,
                'correct out of it': outOf,
                'correct into it': into,
            })) {
                const reply = await act_();
                assert.equal(reply.body?.code, 'account_stopped', `${what}: ${told(reply)}`);
                assert.equal(reply.status, 409, what);
            }
            const deal = await openDeal(friend, { total_won: 20_000 });
            const [theirs, ours] = await Promise.all([join(other, deal, 1), join(person, deal, 1)]);
            assert.deepEqual([theirs.state, ours.state, ours.reason], ['held', 'rejected', 'wallet_stopped'], 'a hold is refused, and the deal goes on');
            assert.deepEqual([await posted(person), await posted(friend)], [20_000, 20_000]);
            assert.equal((await person.wallet()).held_won, 0);
        } finally {
            payCommand('--release-account', person.id);
        }
        expect(await confirm(), 200);
        assert.equal(expect(await outOf(), 200).state, 'applied', 'the proposal waits, and goes through once the wallet is released');
    });

    it('P1 an altered row of escrow is found, its deal stopped; mended and released, the deal goes on', async () => {
        const host = await signUp('방장');
        const guest = await signUp('이웃', 10_000);
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guest, deal, 1);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guest, deal, 'captured');
        await drained();
        const change = (by) => tamper(`UPDATE escrow_share SET captured = captured ${by} WHERE deal_id = ${id(deal.id)}`);
        change('+ 1');
        try {
            await until('the escrow is stopped', async () => /share/.test(await stoppedFor(deal.id)), { within: 40_000, every: 100 });
        } finally {
            change('- 1');
            payCommand('--release-account', deal.id);
        }
        expect(await act(host, deal, 'cancel'), 200);
        await until('the money is back', async () => (await posted(guest)) === 10_000);
        assert.equal(await stoppedFor(deal.id), '');
    });
});

describe('an account that is being closed', () => {
    after(() => clock.reset());

    it('neither sends nor asks nor charges, and nobody sends to it; what it has it can withdraw', async () => {
        const [leaver, friend] = await signUpMany(2, 20_000, '탈퇴');
        await drained();
        const account = await bankAccount(leaver);
        const request = expect(await ask(friend, leaver, 3_000), 201);
        const started = expect(await leaver.post('/v1/pay/charges', { amount_won: 5_000 }), 201);
        const back = await approve(started.checkout_url);
        await stop('deal-1', 'deal-2'); // as long as one service has not answered, it is being closed
        try {
            expect(await leaver.send('POST', '/v1/auth/closing', { json: { again: { password: leaver.password } } }), 202);
            await until('pay knows', async () => (await number(`SELECT COUNT(*) FROM gonggu_pay.person WHERE user_id = ${id(leaver.id)} AND closing_at IS NOT NULL`)) === 1);
            expectProblem(await remit(leaver, { to_user: friend.id, amount_won: 1_000 }, friend.id), 409, 'wallet_closing');
            expectProblem(await payRequest(leaver, request, 1_000), 409, 'wallet_closing');
            expectProblem(await ask(leaver, friend, 1_000), 409, 'wallet_closing');
            expectProblem(await leaver.post('/v1/pay/charges', { amount_won: 5_000 }), 409, 'wallet_closing');
            expectProblem(await remit(friend, { to_user: leaver.id, amount_won: 1_000 }, leaver.id), 422, 'recipient_closed');
            expectProblem(await remit(friend, { to_nickname: leaver.nickname, amount_won: 1_000 }, leaver.id), 422, 'recipient_closed');
            expectProblem(await ask(friend, leaver, 1_000), 422, 'recipient_closed');
            expectProblem(await friend.get(`/v1/pay/recipients?nickname=${encodeURIComponent(leaver.nickname)}`), 422, 'recipient_unknown');
            // What was under way before comes in, and everything can be taken along.
            expect(await leaver.post(`/v1/pay/charges/${started.id}/confirm`, { payment_key: back.get('paymentKey'), amount_won: 5_000 }), 200);
            await withdrawalIs(leaver, expect(await withdraw(leaver, account, 25_000), 202), 'posted');
        } finally {
            await start('deal-1', 'deal-2');
        }
        assert.deepEqual([await posted(leaver), await posted(friend)], [0, 20_000]);
        await drained();
        await checkInvariants();
    });

    it('erased: names and bank accounts go, with a receipt; the ledger stays and adds up', async () => {
        const [leaver, friend] = await signUpMany(2, 10_000, '삭제');
        await drained();
        const account = await bankAccount(leaver, '김삭제');
        expect(await remit(leaver, { to_user: friend.id, amount_won: 4_000, memo: '잘 있어요' }, friend.id), 201);
        await withdrawalIs(leaver, expect(await withdraw(leaver, account, 6_000), 202), 'posted');
        await drained();
        const entries = await number(`SELECT COUNT(*) FROM gonggu_pay.entry WHERE account_id = ${id(leaver.id)}`);
        expect(await leaver.send('POST', '/v1/auth/closing', { json: { again: { password: leaver.password } } }), 202);
        await until('it is closed', async () => (await leaver.get('/v1/pay/wallet')).status === 401);
        await until('nobody sends to it', async () => (await remit(friend, { to_user: leaver.id, amount_won: 1_000 }, leaver.id)).body.code === 'recipient_closed');
        clock.advance(31 * clock.DAY);
        await until('pay has purged', async () => (await number(`SELECT COUNT(*) FROM gonggu_pay.outbox WHERE aggregate = ${id(leaver.id)} AND type = 'pay.user.purged.v1'`)) === 1);
        const [[envelope]] = await query(`SELECT envelope FROM gonggu_pay.outbox WHERE aggregate = ${id(leaver.id)} AND type = 'pay.user.purged.v1'`);
        assert.ok(JSON.parse(envelope).data.rows >= 2, envelope);
        assert.deepEqual(await query(`SELECT nickname FROM gonggu_pay.person WHERE user_id = ${id(leaver.id)}`), [['NULL']]);
        const kept = await query(`SELECT number, holder FROM gonggu_pay.bank_account WHERE user_id = ${id(leaver.id)}`);
        assert.ok(!JSON.stringify(kept).includes(account.number) && !JSON.stringify(kept).includes('김삭제'), JSON.stringify(kept));
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_pay.entry WHERE account_id = ${id(leaver.id)}`), entries);
        await friend.logIn();
        const line = expect(await friend.get('/v1/pay/history?kind=remit'), 200).items[0];
        assert.deepEqual([line.amount_won, line.counterpart_nickname ?? null], [4_000, null]);
        clock.reset();
        await drained();
        await checkInvariants();
    });
});
