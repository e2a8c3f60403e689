// tests/integration/pay-ledger.test.mjs: the ledger cannot lie: whoever changes a row is seen and stopped, every entry can
// be proved without us, and no won is left behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, join as joinDeal, openDeal, shareIn } from '../lib/deals.mjs';
import { payCommand, tamper } from '../lib/pay_db.mjs';
import { signUp } from '../lib/people.mjs';
import { root, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { remit } from '../lib/wallet.mjs';

const gauge = async (name) => {
    const seen = await Promise.all(stack.instances.pay.map(async (base) => (await fetch(`${base}/metrics`)).text()));
    return Math.max(...seen.map((text) => Number(new RegExp(`^gonggu_${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0)));
};
const stoppedFor = async (person) => (await query(`SELECT COALESCE(stopped_for, '') FROM gonggu_pay.account WHERE id = ${id(person.id)}`))[0][0];
const releaseAll = async () => {
    const stopped = await query("SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) FROM gonggu_pay.account WHERE stopped_for IS NOT NULL");
    for (const [account] of stopped) payCommand('--release-account', account);
};
const lastEntry = async (person) => expect(await person.get('/v1/pay/entries?limit=1'), 200).items[0];

describe('the auditor', () => {
    let person;
    before(async () => (person = await signUp('장부', 30_000)));

    // What is wrong, how it is done behind the auditor's back, and how it is mended.
    const entry = (set) => `UPDATE entry SET ${set} WHERE account_id = ${id(person.id)} AND version = 1`;
    const account = (set) => `UPDATE account SET ${set} WHERE id = ${id(person.id)}`;
    for (const [what, wrong, right, reason] of [
        ['more money in a wallet', () => account('posted = posted + 1'), () => account('posted = posted - 1'), /posted/],
        ['a hold that nobody placed', () => account('pending_debits = pending_debits + 5'), () => account('pending_debits = pending_debits - 5'), /pending/],
        ['another amount in an old entry', () => entry('amount = amount + 1'), () => entry('amount = amount - 1'), /chain/],
        ['another time of an old entry', () => entry('made_at = DATE_ADD(made_at, INTERVAL 1 SECOND)'), () => entry('made_at = DATE_SUB(made_at, INTERVAL 1 SECOND)'), /chain/],
        ['another amount of the transfer', () => `UPDATE transfer SET amount = amount + 1 WHERE credit_account = ${id(person.id)}`, () => `UPDATE transfer SET amount = amount - 1 WHERE credit_account = ${id(person.id)}`, /sides/],
    ])
        it(`P1 P10 ${what}: an alarm, a reason, and the account is stopped`, async () => {
            tamper(wrong());
            await until('the account is stopped', async () => reason.test(await stoppedFor(person)), { within: 40_000, every: 100 });
            await until('the alarm is on', async () => (await gauge('audit_violations')) > 0, { within: 10_000 });
            const other = await signUp('친구');
            expectProblem(await remit(person, { to_user: other.id, amount_won: 1000 }, other.id), 409, 'account_stopped');
            tamper(right());
            // The other side of a transfer may have been stopped with it.
            await until('the alarm is off', async () => {
                await releaseAll();
                return (await gauge('audit_violations')) === 0;
            }, { within: 40_000, every: 500 });
            assert.equal(await stoppedFor(person), '');
        });

    it('what must hold across the five schemas holds', () => checkInvariants());
});

describe('proofs', () => {
    let person, proof;
    const verify = (text, ...more) => spawnSync(join(root, 'build/bin/gonggu-verify'), ['-', ...more], { input: typeof text === 'string' ? text : JSON.stringify(text), encoding: 'utf8' });
    before(async () => {
        person = await signUp('증명', 5_000);
        for (const won of [1_000, 2_000, 3_000]) await person.charge(won);
    });
    after(() => clock.reset());

    it('P10 an entry of today is not sealed yet; tomorrow it is, and gonggu-verify agrees without us', async () => {
        const { items } = expect(await person.get('/v1/pay/entries'), 200);
        assert.equal(items.length, 4);
        expectProblem(await person.get(`/v1/pay/entries/${items[1].id}/proof`), 409, 'not_sealed');
        const sealed = await number('SELECT COALESCE(MAX(number), 0) FROM gonggu_pay.seal');
        // Other tests may have been in later days already: the day after the last sealed one.
        const day = 1 + Math.max(Math.floor((clock.now() + 9 * clock.HOUR) / clock.DAY), await number('SELECT COALESCE(MAX(day), 0) FROM gonggu_pay.seal'));
        clock.advance(day * clock.DAY - 9 * clock.HOUR - clock.now() + clock.MINUTE);
        await until('the next seal', async () => (await number('SELECT COALESCE(MAX(number), 0) FROM gonggu_pay.seal')) > sealed, { within: 20_000 });
        await person.logIn();
        for (const item of items) {
            proof = expect(await person.get(`/v1/pay/entries/${item.id}/proof`), 200);
            const done = verify(proof);
            assert.equal(done.status, 0, done.stdout + done.stderr);
        }
        const seals = expect(await send('GET', '/v1/pay/seals'), 200).items;
        const seal = seals.find((s) => s.number === proof.seal);
        assert.equal(seal.root, proof.root);
        assert.equal(verify(proof, seal.root).status, 0);
        assert.equal(verify(proof, 'f'.repeat(64)).status, 1, 'another root is not the trusted one');
    });

    it('P10 a proof that was changed anywhere is refused', () => {
        const flip = (hex) => (hex[0] === '0' ? '1' : '0') + hex.slice(1);
        for (const [name, value] of Object.entries(proof)) {
            if (['seal'].includes(name)) continue; // a label; the root counts
            const changed = structuredClone(proof);
            if (Array.isArray(value)) {
                if (value.length === 0) continue;
                changed[name][value.length - 1] = flip(value.at(-1));
            } else if (typeof value === 'number') changed[name] = value + 1;
            else if (name === 'kind') changed[name] = 'refund';
            else if (name === 'at') changed[name] = new Date(Date.parse(value) + 1).toISOString();
            else changed[name] = flip(value);
            assert.equal(verify(changed).status, 1, `${name} was changed and nobody saw it`);
        }
        assert.equal(verify('{}').status, 1);
        assert.equal(verify('nonsense').status, 1);
    });

    it("P10 somebody else's entry is not proved to me", async () => {
        clock.reset();
        const stranger = await signUp('남', 1_000);
        const theirs = await lastEntry(stranger);
        await person.logIn();
        expectProblem(await person.get(`/v1/pay/entries/${theirs.id}/proof`), 404, 'not_found');
    });
});

describe('no orphan won', () => {
    after(() => clock.reset());

    it('P7 nobody says anything for 60 days: escrow is empty, everything is back', async () => {
        const host = await signUp('잠수방장');
        const person = await signUp('기다림', 10_000);
        const deal = await openDeal(host, { total_won: 30_000, portions: 10, min_portions: 1 });
        await joinDeal(person, deal, 2);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(person, deal, 'captured');
        assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${id(deal.id)}`), 6_000);
        assert.deepEqual(await query('SELECT * FROM gonggu_pay.orphan_won'), []);
        const held = await query(`SELECT owner_id IS NOT NULL, reason, deadline IS NOT NULL, exit_at IS NOT NULL FROM gonggu_pay.held_won WHERE account_id = ${id(deal.id)}`);
        assert.deepEqual(held, [['1', 'a deal that takes place', '1', '1']]);
        clock.advance(60 * clock.DAY);
        await until('escrow is empty', async () => (await number("SELECT COALESCE(SUM(posted), 0) FROM gonggu_pay.account WHERE kind = 'escrow'")) === 0, { within: 60_000, every: 200 });
        // Deal's own clock calls it off too; whoever is first, the share ends as given back.
        await until('the deal knows', async () => (await number(`SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${id(deal.id)} AND live_user IS NOT NULL`)) === 0, { within: 60_000, every: 200 });
        await drained();
        assert.deepEqual(await query("SELECT HEX(id), posted FROM gonggu_pay.account WHERE kind = 'escrow' AND posted <> 0"), []);
        assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${id(person.id)}`), 10_000);
        assert.deepEqual(await query('SELECT * FROM gonggu_pay.orphan_won'), []);
    });

    it('P7 an admin can ask, and the answer is: none', async () => {
        clock.reset();
        const admin = await signUpAdmin();
        assert.deepEqual(expect(await admin.get('/v1/pay/orphan-won'), 200).items, []);
        const person = await signUp('보통');
        assert.equal((await person.get('/v1/pay/orphan-won')).status, 403);
    });
});
