// tests/integration/push-kinds.test.mjs: every kind of notice from its event to its row: who gets it, once, in which words,
// where it leads; and who does not: whose act it was, and who keeps apart from him.
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { expect, uuid } from '../lib/api.mjs';
import { messages, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained } from '../lib/db.mjs';
import { act, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { event, publish } from '../lib/events.mjs';
import { signUp } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

const inbox = async (person, lang) => expect(await person.get(`/v1/push/inbox?limit=100&lang=${lang}`), 200).items;

describe('push: kinds', () => {
    let host, guest, apart, classes;
    before(async () => {
        [host, guest, apart] = await Promise.all([signUp('방장'), signUp('손님', 100_000), signUp('따로')]);
        expect(await apart.send('PUT', `/v1/auth/blocks/${host.id}`), 204);
        await drained();
        classes = Object.fromEntries(expect(await host.get('/v1/push/preferences'), 200).kinds.map((k) => [k.kind, k.class]));
    });
    afterEach(() => clock.reset());

    /** [kind, owner, type, data, who is told, link, what both languages say, class]; `apart` keeps apart from the host. */
    function table() {
        const deal = uuid(), request = uuid(), room = uuid(), title = '무농약 귤';
        const dispute = { deal, share: uuid(), dispute: uuid(), user: guest.id, host: host.id, title, refund_won: 3_000 };
        const asked = { request, creator: host.id, creator_nickname: '방장', title: '저녁', people: [guest, host, apart].map((p) => ({ user: p.id, amount_won: 12_345 })) };
        const answer = { request, creator: guest.id, creator_nickname: '손님', title: '저녁', user: host.id, nickname: '방장' };
        const comment = { deal, host: guest.id, comment: uuid(), author: host.id, title, nickname: '방장', preview: '아직 자리 있나요?' };
        const said = { room, sender: host.id, deal, seq: 7, title, nickname: '방장', preview: '일곱 시에 봐요', users: [guest, host, apart].map((p) => ({ id: p.id })) };
        const share = { deal, share: uuid(), user: guest.id, host: host.id, title, quantity: 1, amount_won: 3_000 };
        const wait = { deal, wait: uuid(), user: guest.id, title, offered: 2, offered_until: clock.fromNow(clock.HOUR) };
        const money = { transfer: uuid(), kind: 'remit', from: host.id, from_nickname: '방장', to: guest.id, amount_won: 7_000, memo: '고마워요' };
        return [
            ['wait_offered', 'deal', 'deal.wait.offered.v1', wait, `/deals/${deal}`, '2', 'transactional'],
            ['wait_lapsed', 'deal', 'deal.wait.lapsed.v1', wait, `/deals/${deal}`, title, 'service'],
            ['dispute_answered', 'deal', 'deal.dispute.answered.v1', { ...dispute, actor: host.id, state: 'answered' }, `/deals/${deal}`, '3,000', 'transactional'],
            ['no_show', 'deal', 'deal.share.no_show.v1', share, `/deals/${deal}`, title, 'transactional'],
            ['comment', 'deal', 'deal.comment.added.v1', comment, `/deals/${deal}`, '아직 자리 있나요?', 'service'],
            ['reply', 'deal', 'deal.comment.added.v1', { ...comment, comment: uuid(), host: apart.id, reply_to: guest.id }, `/deals/${deal}`, title, 'service'],
            ['review', 'deal', 'deal.review.asked.v1', { deal, host: host.id, share: uuid(), user: guest.id, title }, `/deals/${deal}`, title, 'service'],
            ['charged', 'pay', 'pay.charge.done.v1', { charge: uuid(), user: guest.id, amount_won: 5_000 }, '/wallet', '5,000', 'transactional'],
            ['money', 'pay', 'pay.money.moved.v1', money, '/wallet', '7,000', 'transactional'],
            ['withdrawal_failed', 'pay', 'pay.withdrawal.failed.v1', { withdrawal: uuid(), user: guest.id, amount_won: 9_000 }, '/wallet', '9,000', 'transactional'],
            ['request', 'pay', 'pay.request.opened.v1', asked, `/requests/${request}`, '12,345', 'service'],
            ['request_again', 'pay', 'pay.request.reminded.v1', asked, `/requests/${request}`, '12,345', 'service'],
            ['request_paid', 'pay', 'pay.request.paid.v1', { ...answer, amount_won: 4_000 }, `/requests/${request}`, '4,000', 'service'],
            ['request_declined', 'pay', 'pay.request.declined.v1', { ...answer, reason: '나는 안 갔어요' }, `/requests/${request}`, '나는 안 갔어요', 'service'],
            ['chat', 'chat', 'chat.noticed.v1', said, `/chat/${room}`, '일곱 시에 봐요', 'service'],
            ['mention', 'chat', 'chat.noticed.v1', { ...said, mention: true, seq: 8 }, `/chat/${room}`, '일곱 시에 봐요', 'service'],
            ['suspended', 'auth', 'auth.user.suspended.v1', { user: guest.id, reason: '도배' }, '/me', '도배', 'transactional'],
            ['unsuspended', 'auth', 'auth.user.unsuspended.v1', { user: guest.id }, '/me', '', 'transactional'],
        ];
    }

    it('each event makes one row, in both languages, with its link; twice delivered is once told', async () => {
        const rows = table();
        for (const owner of ['deal', 'pay', 'chat', 'auth']) {
            const events = rows.filter((r) => r[1] === owner).map(([, , type, data]) => event(owner, type, data));
            await publish(owner, ...events, ...events);
        }
        await until('everything is told', async () => {
            const kinds = new Set((await inbox(guest, 'ko')).map((n) => n.kind));
            const missing = rows.map((r) => r[0]).filter((kind) => !kinds.has(kind));
            if (missing.length > 0) throw new Error(`not told: ${missing}`);
            return true;
        });
        const [ko, en] = [await inbox(guest, 'ko'), await inbox(guest, 'en')];
        for (const [kind, , , , link, words, cls] of rows) {
            const [one, ...more] = ko.filter((n) => n.kind === kind && n.link === link && `${n.title} ${n.body}`.includes(words));
            const other = en.find((n) => n.id === one?.id);
            assert.ok(one && other && more.length === 0, `${kind}: one row, not ${more.length + 1}: ${JSON.stringify(one)}`);
            assert.ok(`${one.title} ${one.body}`.includes(words) && `${other.title} ${other.body}`.includes(words), `${kind}: ${JSON.stringify([one, other])}`);
            if (kind !== 'chat') assert.notDeepEqual([one.title, one.body], [other.title, other.body], `${kind}: two languages`); // a message is what was written
            assert.ok(!/\{\w+\}/.test(JSON.stringify([one, other])), `${kind}: every placeholder is filled`);
            assert.equal(classes[kind], cls, kind);
        }
        const his = (await inbox(host, 'ko')).map((n) => n.kind);
        assert.deepEqual(his.filter((k) => k !== 'review'), [], 'nobody is told of his own act');
        assert.equal(his.filter((k) => k === 'review').length, 1, 'the host is asked for his side');
        assert.deepEqual((await inbox(apart, 'ko')).map((n) => n.kind), [], 'who keeps apart from him hears nothing of him');
    });

    it('how full a deal is: the host hears that it is nearly full, everybody else in it that it is full, once', async () => {
        const [third, deal] = [await signUp('셋째', 50_000), await openDeal(host)];
        const about = async (person) => (await inbox(person, 'ko')).filter((n) => n.deal === deal.id).map((n) => n.kind);
        await join(guest, deal, 7); // of eight: two of the ten are the host's
        await until('nearly full', async () => (await about(host)).includes('nearly_full'));
        await join(third, deal, 1);
        await until('full', async () => (await about(host)).includes('full') && (await about(guest)).includes('full'));
        assert.ok(!(await about(third)).includes('full'), 'who took the last portions knows');
        await act(third, deal, 'leave');
        await join(third, deal, 1);
        await drained();
        for (const person of [host, guest]) assert.equal((await about(person)).filter((k) => k === 'full').length, 1, 'once');
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('N3 N13 what the calendar says: a day before closing, the morning of the pick-up, half an hour before, at its beginning', async () => {
        const day = Math.ceil((clock.now() + 3 * clock.DAY + 9 * clock.HOUR) / clock.DAY) * clock.DAY - 9 * clock.HOUR; // a midnight of Seoul
        const from = day + 15 * clock.HOUR, closes = clock.now() + 25 * clock.HOUR;
        const at = (ms) => new Date(ms).toISOString();
        const deal = await openDeal(host, { closes_at: at(closes), min_portions: 1, pickup: { from: at(from), until: at(from + 2 * clock.HOUR) } });
        await join(guest, deal, 1);
        const told = async (kind, person = guest) => {
            const n = await until(kind, async () => (await inbox(person, 'ko')).find((x) => x.deal === deal.id && x.kind === kind));
            return n;
        };
        const go = async (to) => {
            clock.advance(to - clock.now());
            await Promise.all([host.refresh(), guest.refresh()]);
        };
        await drained();
        await go(closes - clock.DAY + clock.MINUTE);
        await told('closing_day');
        await told('closing_day', host);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guest, deal, 'captured');
        expect(await act(host, deal, 'purchase', { total_won: 30_000, receipt: await uploadPhoto(host) }), 200);
        expect(await act(host, deal, 'arrive'), 200);
        await told('arrived');
        await drained();
        for (const [time, kind] of [[day + 8 * clock.HOUR, 'pickup_today'], [from - 30 * clock.MINUTE, 'pickup_soon'], [from, 'code']]) {
            assert.ok(!(await inbox(guest, 'ko')).some((n) => n.deal === deal.id && n.kind === kind), `${kind} not early`);
            await go(time + clock.MINUTE);
            await told(kind);
        }
        const about = (await inbox(guest, 'ko')).filter((n) => n.deal === deal.id).map((n) => n.kind).sort();
        assert.equal(new Set(about).size, about.length, `each once: ${about}`);
        assert.ok(!(await inbox(host, 'ko')).some((n) => n.deal === deal.id && ['pickup_today', 'pickup_soon', 'code'].includes(n.kind)), 'the host picks nothing up');
        clock.reset();
        await Promise.all([host.refresh(), guest.refresh()]);
    });

    it('pushes go over HTTP/2, many at once on one connection', async () => {
        const neighbours = await Promise.all(['하나', '두리', '세찬', '네오', '다섯', '여섯'].map((name) => signUp(name, 10_000)));
        const deal = await openDeal(host, { host_portions: 1 });
        const browsers = await Promise.all(neighbours.map((n) => subscribe(n)));
        await Promise.all(neighbours.map((n) => join(n, deal, 1)));
        await drained();
        expect(await act(host, deal, 'cancel'), 200); // one event for all of them: one round
        const sent = await Promise.all(browsers.map((b) =>
            until('it comes', async () => (await messages(b)).find((m) => JSON.parse(m.text).kind === 'cancelled'))));
        assert.deepEqual([...new Set(sent.map((m) => m.http))], ['2']);
        assert.equal(new Set(sent.map((m) => m.connection)).size, 1, 'one connection');
        assert.ok(Math.max(...sent.map((m) => m.streams)) > 1, 'side by side');
    });
});
