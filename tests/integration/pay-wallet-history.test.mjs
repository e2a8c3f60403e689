// tests/integration/pay-wallet-history.test.mjs: P11: every move explains itself, pages never skip or repeat, and any past
// instant can be asked for.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expect, expectProblem } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained } from '../lib/db.mjs';
import { act, join, openDeal, shareIn } from '../lib/deals.mjs';
import { signUpMany } from '../lib/people.mjs';
import { bankAccount, remit, withdraw, withdrawalIs } from '../lib/wallet.mjs';

const page = async (who, query = '') => expect(await who.get(`/v1/pay/history?limit=100${query}`), 200).items;
const signed = (items) => items.map((l) => `${l.kind} ${l.amount_won}`);
const month = (ms) => new Date(ms + 9 * clock.HOUR).toISOString().slice(0, 7);

describe('P11 history', () => {
    let host, a, b, deal;
    before(async () => {
        [host, a, b] = await signUpMany(3, 100_000, '내역');
        deal = await openDeal(host, { total_won: 30_000, portions: 3, host_portions: 1, min_portions: 2 });
        await join(a, deal, 1);
        await join(b, deal, 1);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(a, deal, 'captured');
        await drained();
        expect(await remit(a, { to_user: b.id, amount_won: 3_000, memo: '커피', deal: deal.id }, b.id), 201);
        expect(await remit(b, { to_nickname: a.nickname, amount_won: 1_000 }, a.id), 201);
        const account = await bankAccount(a);
        await withdrawalIs(a, expect(await withdraw(a, account, 5_000), 202), 'posted');
        await drained();
    });
    after(() => clock.reset());

    it('each line has kind, counterpart, deal, memo and the balance after it', async () => {
        const items = await page(a);
        const [out, got, sent] = items;
        assert.equal(out.kind, 'withdraw');
        assert.match(out.number, /^\*+\d{4}$/);
        assert.equal(got.counterpart_nickname, b.nickname);
        assert.equal(got.amount_won, 1_000);
        assert.equal(sent.memo, '커피');
        assert.equal(sent.counterpart, b.id);
        assert.equal(sent.deal_title, deal.title);
        assert.equal(sent.deal_path, `/v1/deal/deals/${deal.id}`);
        let balance = 0;
        for (const line of [...items].reverse()) {
            balance += line.amount_won;
            assert.equal(line.balance_won, balance);
        }
        assert.equal(balance, (await a.wallet()).posted_won);
        assert.deepEqual(items.map((l) => l.version), items.map((_, i) => items.length - i));
    });

    it('a payment for a deal names the host, the deal and the terms that were accepted', async () => {
        const [line] = await page(a, '&kind=capture');
        assert.equal(line.counterpart, host.id);
        assert.equal(line.counterpart_nickname, host.nickname);
        assert.equal(line.deal_title, deal.title);
        assert.equal(line.amount_won, -10_000);
        assert.ok(line.share && (line.terms === undefined || line.terms >= 1), JSON.stringify(line));
    });

    it('filters by kind, deal and period, alone and together', async () => {
        const items = await page(a);
        assert.deepEqual(signed(await page(a, '&kind=remit')), ['remit 1000', 'remit -3000']);
        assert.deepEqual(signed(await page(a, `&deal=${deal.id}&kind=remit`)), ['remit -3000']);
        assert.ok((await page(a, `&deal=${deal.id}`)).every((l) => l.deal === deal.id));
        const middle = items[1].at;
        const parts = [...(await page(a, `&from=${middle}`)), ...(await page(a, `&until=${middle}`))];
        assert.deepEqual(parts.map((l) => l.version), items.map((l) => l.version));
        assert.deepEqual(await page(a, `&from=${clock.fromNow(clock.DAY)}`), []);
        expectProblem(await a.get('/v1/pay/history?kind=theft'), 422, 'invalid', '?kind');
        expectProblem(await a.get('/v1/pay/history?from=yesterday'), 422, 'invalid', '?from');
        expectProblem(await a.get('/v1/pay/history?cursor=xyz'), 422, 'invalid', '?cursor');
    });

    it('pages neither skip nor repeat while money keeps moving', async () => {
        const seen = [];
        let cursor = '';
        do {
            const reply = expect(await a.get(`/v1/pay/history?limit=2${cursor}`), 200);
            seen.push(...reply.items.map((l) => l.version));
            cursor = reply.next ? `&cursor=${encodeURIComponent(reply.next)}` : null;
            expect(await remit(b, { to_user: a.id, amount_won: 1 }, a.id), 201);
        } while (cursor);
        assert.deepEqual(seen, seen.map((_, i) => seen[0] - i));
        assert.equal(seen.at(-1), 1);
    });

    it('the balance at any instant is what the line up to it left', async () => {
        const items = await page(a);
        for (const line of items.slice(0, 4)) {
            const at = expect(await a.get(`/v1/pay/balance?at=${line.at}`), 200);
            assert.equal(at.posted_won, items.find((l) => l.at === line.at).balance_won);
        }
        assert.deepEqual(expect(await a.get('/v1/pay/balance?at=2020-01-01T00:00:00Z'), 200), { at: '2020-01-01T00:00:00.000Z', posted_won: 0, version: 0 });
    });

    it('a month as CSV and as PDF', async () => {
        const now = month(clock.now());
        const csv = await a.get(`/v1/pay/statements/${now}`);
        assert.equal(csv.status, 200);
        assert.match(csv.headers.get('content-type'), /^text\/csv/);
        assert.match(csv.headers.get('content-disposition'), new RegExp(`gonggu-${now}.csv`));
        const lines = csv.bytes.toString('utf8').split('\r\n');
        assert.equal(lines.length, (await page(a)).length + 4); // heading, opening, sum, the end
        assert.ok(lines.some((l) => l.includes('보낸 송금') && l.includes('커피')));
        const pdf = await a.get(`/v1/pay/statements/${now}?format=pdf`);
        assert.equal(pdf.status, 200);
        assert.equal(pdf.headers.get('content-type'), 'application/pdf');
        assert.equal(pdf.bytes.subarray(0, 7).toString(), '%PDF-1.');
        for (const bad of ['2026-13', '2026', 'now']) assert.equal((await a.get(`/v1/pay/statements/${bad}`)).status, 404);
        expectProblem(await a.get(`/v1/pay/statements/${now}?format=xls`), 422, 'invalid', '?format');
    });
});
