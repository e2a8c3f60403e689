// tests/journeys/first-light.test.mjs: the main job of the market from one end to the other, as five neighbours live it:
// one group buy that goes well, one that misses its minimum, one that its host calls off.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { ChatClient, Refused, roomLog, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained } from '../lib/db.mjs';
import { act, allot, askJoin, dealIn, join, nearby, openDeal, seeDeal, shareIn, split, uploadPhoto } from '../lib/deals.mjs';
import { noticed, wallets } from '../lib/money.mjs';
import { signUp } from '../lib/people.mjs';
import { jpeg } from '../lib/pictures.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const TOTAL = 29_987; // ten portions: the won do not divide
const RECEIPT = 27_773;
const ASKED = [{ quantity: 2, tolerance: 2 }, { quantity: 1, tolerance: 0 }, { quantity: 2, tolerance: 0 }];

// A place of this run, so that the list of deals nearby holds only its own.
const home = { lat: 35 + randomInt(1e6) / 1e6, lng: 127 + randomInt(1e6) / 1e6 };
const at = (kilometres) => ({ pickup: { lat: +(home.lat + kilometres / 111.2).toFixed(6), lng: +home.lng.toFixed(6) } });
const cell = (degrees) => Math.round((Math.floor(degrees / 0.005) * 0.005 + 0.0025) * 1e6) / 1e6;
const haversine = (a, b) => {
    const rad = Math.PI / 180;
    const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2
        + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
    return 2 * 6_371_000 * Math.asin(Math.sqrt(h));
};

describe('first light: a group buy from sign-up to the last won', () => {
    let host, bora, chun, eun, dahye, stranger;
    let deal, secondDeal, thirdDeal, browser;
    const sockets = {};
    const MONEY = { host: 10_000, bora: 50_000, chun: 20_000, eun: 30_000, dahye: 3_000 };

    before(() => clock.reset());
    after(() => {
        for (const socket of Object.values(sockets)) socket.drop();
        clock.reset();
    });

    it('five neighbours sign up, log in and charge their wallets at the payment provider', async () => {
        [host, bora, chun, eun, dahye, stranger] = await Promise.all(
            ['방장', '보라', '춘식', '은하', '다혜', '남'].map((name) => signUp(name)),
        );
        for (const person of [host, bora, chun, eun, dahye]) await person.logIn();
        await Promise.all(Object.entries({ host, bora, chun, eun, dahye }).map(([name, p]) => p.charge(MONEY[name])));
        await wallets([[host, 10_000], [bora, 50_000], [chun, 20_000], [eun, 30_000], [dahye, 3_000]]);
    });

    it("Bora's browser subscribes to push messages", async () => {
        const { key } = expect(await send('GET', '/v1/push/vapid-key'), 200);
        const body = JSON.stringify({ applicationServerKey: key, label: bora.nickname });
        browser = await (await fetch(`${stack.sandbox}/push/subscriptions`, { method: 'POST', body })).json();
        const json = { endpoint: browser.endpoint, keys: browser.keys, lang: 'ko' };
        expect(await bora.send('PUT', `/v1/push/devices/${uuid()}`, { json }), 200);
    });

    it('one opens a deal with a photo; the others find it by distance', async () => {
        const changes = { total_won: TOTAL, portions: 10, host_portions: 2, min_portions: 4 };
        // Further ones first: the order of the list is not that of opening.
        thirdDeal = await openDeal(chun, at(2.4));
        secondDeal = await openDeal(chun, { ...at(1.2), closes_at: clock.fromNow(11 * clock.MINUTE) });
        deal = await openDeal(host, { ...changes, ...at(0) });
        assert.equal(deal.state, 'recruiting');
        assert.equal(deal.mine, true);
        assert.equal(deal.portion_won, Math.ceil(TOTAL / 10));
        assert.equal(deal.pickup.place, '망원역 2번 출구 앞');

        const found = await nearby(bora, home.lat, home.lng, '&radius_m=3000');
        assert.deepEqual(found.map((d) => d.id), [deal.id, secondDeal.id, thirdDeal.id]);
        for (const one of found) {
            // Lists look from the thousandth of a degree.
            const from = { lat: Math.round(home.lat * 1000) / 1000, lng: Math.round(home.lng * 1000) / 1000 };
            const distance = haversine(from, { lat: one.cell_lat, lng: one.cell_lng });
            assert.ok(Math.abs(one.distance_m - distance) < 5 + distance / 100, `${one.distance_m} m is not ${distance} m`);
        }
        const close = await nearby(bora, home.lat, home.lng, '&radius_m=800');
        assert.deepEqual(close.map((d) => d.id), [deal.id], 'only what is within the radius');
        const photo = await send('GET', deal.photos[0]);
        assert.equal(photo.status, 200);
        assert.equal(photo.headers.get('content-type'), 'image/png');
    });

    it('D11 who is not in sees a cell of the grid, never the exact point', async () => {
        const exact = at(0).pickup;
        for (const reply of [await bora.get(`/v1/deal/deals/${deal.id}`), await send('GET', `/v1/deal/deals/${deal.id}`)]) {
            const seen = expect(reply, 200);
            assert.equal(seen.pickup, undefined);
            assert.equal(seen.cell_lat, cell(exact.lat));
            assert.equal(seen.cell_lng, cell(exact.lng));
            assert.ok(!reply.text.includes(String(exact.lat)), 'the exact latitude stands in the reply');
            assert.ok(!reply.text.includes('망원역'), 'the place stands in the reply');
        }
    });

    it('each join becomes a hold of the most it can cost', async () => {
        for (const [i, person] of [bora, chun, eun].entries()) {
            const { quantity, tolerance } = ASKED[i];
            const share = await join(person, deal, quantity, tolerance);
            assert.equal(share.state, 'held');
            assert.equal(share.max_won, Math.ceil((TOTAL * (quantity + tolerance)) / 10));
            const wallet = await person.wallet();
            assert.equal(wallet.held_won, share.max_won);
            assert.equal(wallet.available_won, wallet.posted_won - share.max_won);
        }
        const seen = await seeDeal(bora, deal);
        assert.equal(seen.taken, 5, 'a tolerance takes no seat');
        assert.equal(seen.left, 3);
        assert.deepEqual(seen.pickup.lat, at(0).pickup.lat, 'who is in knows where to go');
    });

    it('the fourth neighbour lacks the money: refused, with the seat given back', async () => {
        const share = await join(dahye, deal, 3);
        assert.equal(share.state, 'rejected');
        assert.equal(share.reason, 'no_money');
        const seen = await seeDeal(dahye, deal);
        assert.equal(seen.taken, 5);
        assert.equal(seen.pickup, undefined);
        assert.equal((await dahye.wallet()).held_won, 0);
    });

    it("the deal's chat room has let in exactly the right people", async () => {
        const members = { host, bora, chun, eun };
        for (const person of Object.values(members)) await untilMember(person, deal.id);
        await drained();
        for (const [name, person] of Object.entries(members)) sockets[name] = await ChatClient.connect(person, { [deal.id]: 0 });
        const joined = (await roomLog(host, deal.id)).filter((e) => e.type === 'joined').map((e) => e.from.id);
        assert.deepEqual(joined.sort(), Object.values(members).map((p) => p.id).sort());
        for (const outsider of [dahye, stranger]) {
            expectProblem(await outsider.get(`/v1/chat/rooms/${deal.id}/events`), 404, 'not_member');
            const refusal = await outsider.post(`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: '저도요' });
            expectProblem(refusal, 404, 'not_member');
            assert.ok(!expect(await outsider.get('/v1/chat/rooms'), 200).items.some((r) => r.id === deal.id));
        }
        sockets.dahye = await ChatClient.connect(dahye, { [deal.id]: 0 });
        sockets.stranger = await ChatClient.connect(stranger, { [deal.id]: 0 });
        await assert.rejects(sockets.stranger.say(deal.id, '들리나요?'), (e) => e instanceof Refused && e.code === 'not_member');
    });

    it('they talk; one loses the connection, comes back and misses nothing', async () => {
        await sockets.host.say(deal.id, '토요일에 사러 갈게요');
        const last = await sockets.bora.say(deal.id, '네! 감사합니다 🥔');
        for (const name of ['host', 'bora', 'chun', 'eun']) await sockets[name].untilSeq(deal.id, last);
        const before = sockets.chun.seqs(deal.id);
        sockets.chun.drop();
        await sockets.chun.untilClosed();
        for (let i = 1; i <= 4; i++) await sockets[i % 2 ? 'eun' : 'host'].say(deal.id, `춘식이가 없는 사이 ${i}`);
        sockets.chun = await ChatClient.connect(chun, { [deal.id]: before.at(-1) });
        await sockets.chun.untilSeq(deal.id, last + 4);
        assert.deepEqual([...before, ...sockets.chun.seqs(deal.id)], Array.from({ length: last + 4 }, (_, i) => i + 1));
    });

    it('the host closes: confirmed, with amounts exact to the won', async () => {
        expect(await act(host, deal, 'close'), 200);
        await dealIn(host, deal, 'confirmed');
        const allotted = allot(ASKED, 8);
        assert.deepEqual(allotted, [4, 1, 2]);
        const amounts = split(TOTAL, [...allotted, 3]);
        assert.deepEqual(amounts, [11_995, 2_999, 5_997, 8_996]);
        for (const [i, person] of [bora, chun, eun].entries()) {
            const share = await shareIn(person, deal, 'captured');
            assert.equal(share.allotted, allotted[i]);
            assert.equal(share.amount_won, amounts[i]);
            assert.equal(share.code, undefined, 'no code before the goods are here');
        }
        await wallets([[bora, 50_000 - 11_995], [chun, 20_000 - 2_999], [eun, 30_000 - 5_997], [host, 10_000], [dahye, 3_000]]);
        expectProblem(await askJoin(stranger, deal), 409, 'deal_closed');
        expectProblem(await act(bora, deal, 'leave'), 409, 'deal_closed');
    });

    it('the receipt is cheaper: everybody gets exactly his part back', async () => {
        const receipt = await uploadPhoto(host, jpeg, 'image/jpeg');
        expectProblem(await act(host, deal, 'purchase', { total_won: TOTAL + 1, receipt }), 422, 'receipt_too_high');
        const bought = expect(await act(host, deal, 'purchase', { total_won: RECEIPT, receipt }), 200);
        assert.equal(bought.state, 'purchased');
        const amounts = split(RECEIPT, [4, 1, 2, 3]);
        assert.deepEqual(amounts, [11_109, 2_777, 5_555, 8_332]);
        await wallets([[bora, 50_000 - 11_109], [chun, 20_000 - 2_777], [eun, 30_000 - 5_555], [host, 10_000]]);
        for (const [i, person] of [bora, chun, eun].entries()) {
            const share = await until('the share shows the refund', async () => {
                const seen = await shareIn(person, deal, 'captured');
                return seen.refunded_won > 0 && seen;
            });
            assert.equal(share.amount_won, amounts[i]);
            assert.equal(share.refunded_won, split(TOTAL, [4, 1, 2, 3])[i] - amounts[i]);
        }
    });

    it('the goods arrive, and are handed over by code', async () => {
        assert.equal(expect(await act(host, deal, 'arrive'), 200).state, 'arrived');
        const listed = expect(await host.get(`/v1/deal/deals/${deal.id}/shares`), 200).items;
        assert.ok(listed.every((s) => s.code === undefined), 'the host does not see codes');
        for (const person of [bora, chun, eun]) {
            const { code } = await shareIn(person, deal, 'captured');
            assert.match(code, /^\d{6}$/);
            expectProblem(await act(chun, deal, 'handovers', { code }), 403, 'not_host');
            const share = expect(await act(host, deal, 'handovers', { code }), 200);
            assert.equal(share.user.id, person.id);
            await shareIn(person, deal, 'settled');
            assert.equal(expect(await act(host, deal, 'handovers', { code }), 200).state, 'settled', 'scanning again changes nothing');
        }
    });

    it('the host is paid, and all balances add up to the won', async () => {
        await dealIn(host, deal, 'done');
        const paid = 11_109 + 2_777 + 5_555;
        const expected = [[host, 10_000 + paid], [bora, 50_000 - 11_109], [chun, 20_000 - 2_777], [eun, 30_000 - 5_555], [dahye, 3_000]];
        await wallets(expected);
        assert.equal(expected.reduce((sum, [, won]) => sum + won, 0), 113_000, 'what was brought in is all there');
        const entries = expect(await bora.get(`/v1/pay/entries?deal=${deal.id}`), 200).items;
        assert.deepEqual(entries.map((e) => [e.kind, e.amount_won]), [['refund', 886], ['capture', -11_995]]);
    });

    it('C1 every socket has seen the whole log once and in order, and outsiders nothing', async () => {
        await drained();
        const log = await roomLog(host, deal.id);
        assert.deepEqual(log.map((e) => e.seq), log.map((_, i) => i + 1));
        const cards = log.filter((e) => e.type === 'card').map((e) => e.card);
        const steps = ['opened', 'closing', 'confirmed', 'paid', 'purchased', 'arrived', 'handed_over', 'handed_over', 'handed_over', 'done'];
        // Pay tells of the refunds on a topic of its own: once, after the purchase.
        assert.deepEqual(cards.filter((c) => c !== 'refunded'), steps);
        assert.deepEqual([cards.filter((c) => c === 'refunded').length, cards.indexOf('refunded') > cards.indexOf('purchased')], [1, true]);
        for (const name of ['host', 'bora', 'eun']) {
            await sockets[name].untilSeq(deal.id, log.length);
            assert.deepEqual(sockets[name].entries(deal.id), log, `what ${name} saw on the socket`);
        }
        assert.deepEqual([sockets.dahye.entries(deal.id), sockets.stranger.entries(deal.id)], [[], []]);
    });

    it('N1 every step that concerns someone stands once in that inbox', async () => {
        await noticed(host, deal, 'joined', 'joined', 'joined', 'paid_out', 'paid_out', 'paid_out');
        for (const person of [bora, chun, eun]) await noticed(person, deal, 'confirmed', 'purchased', 'arrived', 'handed_over');
        await noticed(dahye, deal, 'refused');
        await noticed(stranger, deal);
        // Their second log-in brought no cookie of a device.
        for (const person of [host, bora, chun, eun, dahye]) await noticed(person, null, 'charged', 'new_device');
    });

    it('a second deal misses its minimum at closing: everybody is whole again', async () => {
        assert.equal((await join(bora, secondDeal, 1)).state, 'held');
        assert.equal((await join(eun, secondDeal, 2)).state, 'held');
        expectProblem(await act(chun, secondDeal, 'close'), 409, 'minimum_not_met');
        clock.advance(12 * clock.MINUTE);
        await Promise.all([host, bora, chun, eun, dahye, stranger].map((p) => p.refresh()));
        const failed = await dealIn(chun, secondDeal, 'failed');
        assert.equal(failed.reason, 'minimum');
        assert.equal(failed.taken, 0);
        for (const person of [bora, eun]) assert.equal((await shareIn(person, secondDeal, 'released')).reason, 'minimum');
        await wallets([[bora, 50_000 - 11_109], [eun, 30_000 - 5_555]]);
        await noticed(bora, secondDeal, 'failed');
        await noticed(chun, secondDeal, 'failed', 'joined', 'joined');
    });

    it('a third is called off by its host: everybody is whole again', async () => {
        assert.equal((await join(bora, thirdDeal, 3)).state, 'held');
        assert.equal((await join(eun, thirdDeal, 1)).state, 'held');
        expectProblem(await act(bora, thirdDeal, 'cancel'), 403, 'not_host');
        assert.equal(expect(await act(chun, thirdDeal, 'cancel'), 200).state, 'cancelled');
        for (const person of [bora, eun]) assert.equal((await shareIn(person, thirdDeal, 'released')).reason, 'host');
        await wallets([[bora, 50_000 - 11_109], [eun, 30_000 - 5_555]]);
        await noticed(bora, thirdDeal, 'cancelled');
        await noticed(eun, thirdDeal, 'cancelled');
        await noticed(chun, thirdDeal, 'joined', 'joined');
    });

    it("N5 Bora's browser has decrypted the same messages as stand in her inbox", async () => {
        const inbox = (await bora.inbox('&lang=ko')).items.filter((n) => n.deal);
        assert.ok(inbox.length >= 6, `${inbox.length} notices`);
        const seen = await until('every notice has been delivered', async () => {
            const { items } = await (await fetch(`${stack.sandbox}/push/subscriptions/${browser.id}/messages.json`)).json();
            const messages = items.map((m) => JSON.parse(m.text));
            return inbox.every((n) => messages.some((m) => m.id === n.id)) && messages;
        });
        const shown = ({ id, kind, title, body, link }) => ({ id, kind, title, body, link });
        assert.deepEqual(inbox.map((n) => shown(seen.findLast((m) => m.id === n.id))), inbox.map(shown));
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
