// tests/long/pay-deal.test.mjs: the largest deal there is, from the holds to the last pay-out: 999 neighbours with a share each.
// PAY_SHARES (999).
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect } from '../lib/api.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, askJoin, askShare, openDeal, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { each, until } from '../lib/wait.mjs';

const PRICE = 3_000;
const HELD = 1, CAPTURED = 2; // as deal writes them

it('P6 999 shares: held, captured, given back what was too much, paid out; escrow is empty and every won is accounted for', { timeout: 3_600_000 }, async () => {
    const n = Number(process.env.PAY_SHARES ?? 999);
    const host = await signUp('방장');
    const guests = await signUpMany(n, 10_000, '이웃');
    const deal = await openDeal(host, { total_won: n * PRICE, portions: n, host_portions: 0, min_portions: 1 });
    const one = id(deal.id);
    const took = async (what, work) => {
        await each([host, ...guests], 16, (person) => person.refresh()); // what came before may have taken longer than a token lives
        const start = performance.now();
        await work();
        console.log(`${n} shares ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    };
    const reached = (what, sql) => until(what, async () => (await number(sql)) === n, { within: 600_000, every: 100 });
    const instances = stack.instances.deal;

    await took('joined and held', async () => {
        await each(guests, 16, async (guest, i) => expect(await askJoin(guest, deal, 1, 0, { base: instances[i % instances.length] }), 202));
        await reached('every share is held', `SELECT COUNT(*) FROM gonggu_pay.hold WHERE deal_id = ${one} AND state = 'pending'`);
        await reached('deal knows', `SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${one} AND state = ${HELD}`);
    });
    await took('captured, from the closing on', async () => {
        expect(await act(host, deal, 'close'), 200);
        await reached('every share is captured', `SELECT COUNT(*) FROM gonggu_pay.escrow_share WHERE deal_id = ${one}`);
        await reached('deal knows', `SELECT COUNT(*) FROM gonggu_deal.share WHERE deal_id = ${one} AND state = ${CAPTURED}`);
    });
    assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${one}`), n * PRICE);
    // Bought for less: an amount that does not divide by the shares.
    const cost = n * PRICE - n * 100 - Math.min(7, n - 1);
    await took('given back what was too much, from the receipt on', async () => {
        expect(await act(host, deal, 'purchase', { total_won: cost, receipt: await uploadPhoto(host) }), 200);
        await reached('everybody has the rest back', `SELECT COUNT(*) FROM gonggu_pay.escrow_share WHERE deal_id = ${one} AND refunded >= 100`);
    });
    assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${one}`), cost);
    expect(await act(host, deal, 'arrive'), 200);
    await took('handed over and paid out', async () => {
        await each(guests, 8, async (guest) => {
            const { code } = expect(await askShare(guest, deal), 200);
            expect(await act(host, deal, 'handovers', { code }), 200);
        });
        await reached('every share is paid out', `SELECT COUNT(*) FROM gonggu_pay.escrow_share WHERE deal_id = ${one} AND closed_at IS NOT NULL`);
    });
    await drained({ within: 600_000 });
    assert.equal(await number(`SELECT posted FROM gonggu_pay.account WHERE id = ${one}`), 0);
    assert.equal((await host.wallet()).posted_won, cost);
    const [[captured, refunded, paid, least, most]] = await query(`SELECT SUM(captured), SUM(refunded), SUM(paid_out), MIN(paid_out), MAX(paid_out) FROM gonggu_pay.escrow_share WHERE deal_id = ${one}`);
    assert.deepEqual([Number(captured), Number(refunded), Number(paid)], [n * PRICE, n * PRICE - cost, cost]);
    assert.ok(Number(most) - Number(least) <= 1, `parts of ${least} and ${most}`);
    await checkInvariants();
});
