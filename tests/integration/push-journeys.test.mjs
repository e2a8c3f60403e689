// tests/integration/push-journeys.test.mjs: notices from what really happens in the market to a browser that shows them: money
// of a delivery that came short, disputes, terms, an account on its way out; and the worker's part, by the message it gets.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expect } from '../lib/api.mjs';
import { acknowledge, messages, received, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained } from '../lib/db.mjs';
import { act, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

describe('push: from the act to the browser', () => {
    let host, ann, ben;
    const browsers = new Map();
    before(async () => {
        [host, ann, ben] = await Promise.all([signUp('방장'), signUp('안나', 100_000), signUp('벤', 100_000)]);
        for (const one of [host, ann, ben]) browsers.set(one, await subscribe(one));
    });
    after(() => clock.reset());

    const list = async (person, lang) => expect(await person.get(`/v1/push/inbox?limit=100&lang=${lang}`), 200).items;

    /** One row in both languages with these words, one message of the same words, and its trace when it was shown. */
    async function told(person, kind, link, words) {
        const payload = await received(browsers.get(person), (m) => m.kind === kind && m.link === link);
        const [ko, ...more] = (await list(person, 'ko')).filter((n) => n.kind === kind && n.link === link);
        assert.equal(more.length, 0, `${kind}: one row`);
        const en = (await list(person, 'en')).find((n) => n.id === ko.id);
        assert.deepEqual([payload.title, payload.body, payload.link], [ko.title, ko.body, ko.link], 'the browser says what the list says');
        for (const n of [ko, en]) {
            assert.ok(`${n.title} ${n.body}`.includes(words), `${kind}: ${JSON.stringify(n)}`);
            assert.ok(!/\{\w+\}/.test(`${n.title} ${n.body} ${n.link}`), `${kind}: every placeholder is filled`);
        }
        assert.match(ko.body, /[가-힣]/);
        assert.notEqual(ko.body, en.body);
        await acknowledge(payload);
        await acknowledge(payload, 'clicked');
        const trace = expect(await person.get(`/v1/push/inbox/${ko.id}/trace`), 200);
        assert.equal(trace.fate, 'sent');
        assert.ok(trace.attempts.some((a) => a.shown_at && a.clicked_at), `${kind}: ${JSON.stringify(trace)}`);
        assert.equal((await messages(browsers.get(person))).filter((m) => JSON.parse(m.text).kind === kind && JSON.parse(m.text).link === link).length, 1, `${kind}: once`);
        return ko;
    }
    const kindsOf = async (person, deal) => (await list(person, 'ko')).filter((n) => n.deal === deal.id).map((n) => n.kind);

    async function bought(quantities) {
        const deal = await openDeal(host, { total_won: 10_000, portions: 10, host_portions: 0, min_portions: 1, shortage_rule: 'first_come' });
        for (const [guest, n] of quantities) assert.equal((await join(guest, deal, n)).state, 'held');
        expect(await act(host, deal, 'close'), 200);
        for (const [guest] of quantities) await shareIn(guest, deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 10_000, receipt: await uploadPhoto(host) }), 200);
        return deal;
    }

    it('a delivery that came short: who gets money back hears how much', async () => {
        const deal = await bought([[ann, 6], [ben, 4]]);
        expect(await act(host, deal, 'arrivals', { portions: 9 }), 200);
        await told(ben, 'adjusted', `/deals/${deal.id}`, '1,000');
        await drained();
        assert.ok(!(await kindsOf(ann, deal)).includes('adjusted'), 'who got everything hears nothing');
        for (const guest of [ann, ben]) expect(await act(host, deal, 'handovers', { code: (await shareIn(guest, deal, 'captured')).code }), 200);
        await told(ann, 'handed_over', `/deals/${deal.id}`, '6,000');
    });

    it('a dispute: the host is asked, the neighbour is answered, and hears of the end who did not make it', async () => {
        const deal = await bought([[ann, 10]]);
        expect(await act(host, deal, 'arrive'), 200);
        const { id: share } = await shareIn(ann, deal, 'captured');
        expect(await act(ann, deal, 'share/dispute', { message: '상했어요', refund_won: 2_000 }), 201);
        await told(host, 'dispute_opened', `/deals/${deal.id}`, '2,000');
        expect(await act(host, deal, `shares/${share}/dispute/answer`, { message: '반만요', refund_won: 1_000 }), 200);
        await told(ann, 'dispute_answered', `/deals/${deal.id}`, '1,000');
        expect(await act(ann, deal, 'share/dispute/accept'), 200);
        await told(host, 'dispute_resolved', `/deals/${deal.id}`, '1,000');
        await drained();
        assert.ok(!(await kindsOf(ann, deal)).some((k) => ['dispute_opened', 'dispute_resolved'].includes(k)), 'nobody is told of his own act');
        assert.ok(!(await kindsOf(host, deal)).includes('dispute_answered'));
    });

    it('other terms, and a seat that is given up', async () => {
        const deal = await openDeal(host, { closes_at: clock.fromNow(3 * clock.DAY), pickup: { from: clock.fromNow(4 * clock.DAY), until: clock.fromNow(5 * clock.DAY) }, min_portions: 1 });
        for (const guest of [ann, ben]) assert.equal((await join(guest, deal, 1)).state, 'held');
        expect(await host.send('PATCH', `/v1/deal/deals/${deal.id}`, { json: { total_won: 25_000 } }), 200);
        await told(ann, 'terms', `/deals/${deal.id}`, deal.title);
        await told(ben, 'terms', `/deals/${deal.id}`, deal.title);
        expect(await act(ann, deal, 'share/accept', { terms: 2 }), 200);
        await drained();
        clock.advance(25 * clock.HOUR);
        await Promise.all([host, ann, ben].map((p) => p.logIn()));
        // Push services live in real time and take no token that is a day ahead: the list it is.
        await until('the seat is given up', async () => (await kindsOf(ben, deal)).includes('released'));
        clock.reset();
        await Promise.all([host, ann, ben].map((p) => p.logIn()));
        assert.ok(!(await kindsOf(ann, deal)).includes('released'));
        expect(await act(host, deal, 'cancel'), 200);
        await told(ann, 'cancelled', `/deals/${deal.id}`, deal.title);
    });

    it('an account on its way out: its owner is told on his other devices', async () => {
        const [carol, deal] = [await signUp('캐럴', 10_000), await openDeal(host, { min_portions: 1 })];
        browsers.set(carol, await subscribe(carol));
        await join(carol, deal, 1);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(carol, deal, 'captured'); // this has to be settled first: the account stays for now
        await drained();
        expect(await carol.send('POST', '/v1/auth/closing', { json: { again: { password: carol.password } } }), 202);
        await told(carol, 'closing_account', '/me', '');
        await drained();
        expect(await act(host, deal, 'cancel'), 200);
        assert.equal((await list(carol, 'ko')).filter((n) => n.kind === 'closing_account').length, 1);
    });
});
