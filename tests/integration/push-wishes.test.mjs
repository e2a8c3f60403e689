// tests/integration/push-wishes.test.mjs: what a person wants and allows, and what becomes of a notice then.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, uuid } from '../lib/api.mjs';
import { acknowledge, messages, received, subscribe } from '../lib/browsers.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number } from '../lib/db.mjs';
import { act, join, openDeal } from '../lib/deals.mjs';
import { freshPhone, signUp, smsCode } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const texts = async (phone) => (await (await fetch(`${stack.sandbox}/sms/messages.json?to=${phone}`)).json()).items;
const trace = async (person, notice) => expect(await person.get(`/v1/push/inbox/${notice.id}/trace`), 200);
/** It stands in the trace that it was sent: what follows is counted from then. */
const sent = (person, notice) => until('it is written down that it was sent', async () => (await trace(person, notice)).attempts.some((a) => a.result === 'accepted'));
async function setPreferences(person, json) {
    await drained(); // push answers 503 until it has heard of the person
    return expect(await person.send('PUT', '/v1/push/preferences', { json }), 200);
}

describe('push: wishes', () => {
    let host, guest;
    before(async () => ([host, guest] = await Promise.all([signUp('방장'), signUp('손님', 300_000)])));
    after(() => clock.reset());

    /** Moves the clock; tokens are short-lived. */
    async function later(ms, ...people) {
        clock.advance(ms);
        await Promise.all([host, guest, ...people].map((p) => p.refresh()));
    }
    async function backToNow(...people) {
        clock.reset();
        await Promise.all([host, guest, ...people].map((p) => p.refresh()));
    }
    /** Something `to` is told of: his notice of it. */
    async function happening(to = host, kind = 'joined') {
        const deal = await openDeal(to);
        await join(guest, deal, 1);
        return { deal, notice: await noticeOf(to, (n) => n.deal === deal.id && n.kind === kind) };
    }
    const noticeOf = (person, fits) => until('the notice is there', async () => (await person.inbox()).items.find(fits));

    it('N6 the next device is tried when nobody has seen it on the first; what was shown is shown nowhere else', async () => {
        const first = await subscribe(host), second = await subscribe(host);
        const one = await happening();
        const onSecond = await received(second, (m) => m.id === one.notice.id); // the newest is the most active
        assert.ok(onSecond.title && onSecond.body && onSecond.link, 'never a silent push (N2)');
        await acknowledge(onSecond);
        await acknowledge(onSecond, 'clicked');
        const two = await happening();
        await received(second, (m) => m.id === two.notice.id);
        await sent(host, two.notice);
        await later(6 * clock.MINUTE);
        await received(first, (m) => m.id === two.notice.id);
        assert.equal((await messages(first)).filter((m) => JSON.parse(m.text).id === one.notice.id).length, 0);
        const life = await until('the first one has ended', async () => {
            const t = await trace(host, one.notice);
            return t.end && t;
        });
        assert.equal(life.end, 'shown');
        assert.deepEqual(life.attempts.map((a) => [a.channel, a.result, a.status]), [['web', 'accepted', 201]]);
        assert.ok(life.attempts[0].shown_at && life.attempts[0].clicked_at);
        assert.deepEqual((await trace(host, two.notice)).attempts.map((a) => a.device), [second.device, first.device]);
        expectProblem(await guest.get(`/v1/push/inbox/${one.notice.id}/trace`), 404, 'not_found');
        expectProblem(await host.send('POST', '/v1/push/acks', { json: { token: 'A'.repeat(48), what: 'shown' } }), 404, 'not_found');
        await backToNow();
        for (const b of [first, second]) expect(await host.send('DELETE', `/v1/push/devices/${b.device}`), 204);
    });

    it('a notice is put away, or comes back later, unread', async () => {
        const { notice } = await happening();
        const before = (await host.inbox()).unread;
        expect(await host.send('POST', `/v1/push/inbox/${notice.id}/archive`), 204);
        assert.equal((await host.inbox()).unread, before - 1, 'what is put away counts as read');
        assert.ok(!(await host.inbox()).items.some((n) => n.id === notice.id));
        assert.ok((await host.inbox('&archived=true')).items.some((n) => n.id === notice.id && n.archived));
        expect(await host.send('POST', `/v1/push/inbox/${notice.id}/unarchive`), 204);
        const snooze = (ms) => host.send('POST', `/v1/push/inbox/${notice.id}/snooze`, { json: { until: clock.fromNow(ms) } });
        expectProblem(await snooze(clock.MINUTE), 422, 'invalid', '/until');
        expect(await snooze(5 * clock.MINUTE), 204);
        assert.ok(!(await host.inbox()).items.some((n) => n.id === notice.id));
        await later(6 * clock.MINUTE);
        const back = await noticeOf(host, (n) => n.id === notice.id);
        assert.equal(back.read ?? false, false);
        assert.equal((await host.inbox()).items[0].id, notice.id, 'at the top');
        await backToNow();
    });

    it('N12 a kind that is switched off and a muted deal stay on the list and say why they made no sound', async () => {
        const browser = await subscribe(host);
        const { deal } = await happening();
        await until('it came', async () => (await messages(browser)).length === 1);
        expect(await host.send('PUT', `/v1/push/mutes/${deal.id}`, { json: { until: clock.fromNow(clock.HOUR) } }), 200);
        await act(guest, deal, 'leave');
        const left = await noticeOf(host, (n) => n.deal === deal.id && n.kind === 'left');
        assert.equal((await trace(host, left)).fate, 'muted');
        expect(await host.send('DELETE', `/v1/push/mutes/${deal.id}`), 204);
        await setPreferences(host, { kinds: [{ kind: 'joined', web: 'off' }] });
        const off = await happening();
        assert.equal((await trace(host, off.notice)).fate, 'off');
        assert.equal((await messages(browser)).length, 1);
        const wishes = expect(await host.get('/v1/push/preferences'), 200);
        assert.equal(wishes.kinds.find((k) => k.kind === 'joined').web, 'off');
        assert.equal(wishes.kinds.find((k) => k.kind === 'promotion').class, 'ad');
        const always = { kinds: [{ kind: 'new_device', web: 'off' }] };
        expectProblem(await host.send('PUT', '/v1/push/preferences', { json: always }), 422, 'invalid', '/kinds/0/web');
        expectProblem(await host.send('PUT', '/v1/push/preferences', { json: { tz: 'Mars/Olympus' } }), 422, 'invalid', '/tz');
        await setPreferences(host, {});
        expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });

    it('N8 quiet hours keep a notice until they end', async () => {
        const browser = await subscribe(host);
        const minute = Math.floor((clock.now() + 9 * clock.HOUR) / clock.MINUTE) % 1440;
        await setPreferences(host, { quiet: { from: (minute + 1440 - 5) % 1440, until: (minute + 8) % 1440 } });
        const { notice } = await happening();
        const kept = await until('it waits', async () => {
            const t = await trace(host, notice);
            return t.next_at && Date.parse(t.next_at) - clock.now() > 5 * clock.MINUTE && t;
        });
        assert.ok(Date.parse(kept.next_at) - clock.now() < 9 * clock.MINUTE);
        assert.deepEqual(await messages(browser), []);
        await later(9 * clock.MINUTE);
        await received(browser, (m) => m.id === notice.id);
        await backToNow();
        await setPreferences(host, {});
        expect(await host.send('DELETE', `/v1/push/devices/${browser.device}`), 204);
    });

    it('N9 what waits for a digest comes as one, once', async () => {
        const person = await signUp('방장');
        const browser = await subscribe(person);
        await setPreferences(person, { digest_every: 60, kinds: [{ kind: 'joined', web: 'digest' }, { kind: 'left', web: 'digest' }] });
        const deal = await openDeal(person);
        for (let i = 0; i < 2; i++) {
            await join(guest, deal, 1);
            await act(guest, deal, 'leave');
        }
        await drained();
        assert.deepEqual(await messages(browser), []);
        await later(clock.HOUR + clock.MINUTE, person);
        const digest = await received(browser, (m) => m.kind === 'digest');
        assert.match(digest.title, /4/);
        await later(5 * clock.MINUTE, person);
        await drained();
        assert.equal((await messages(browser)).filter((m) => JSON.parse(m.text).kind === 'digest').length, 1);
        assert.equal((await person.inbox()).items.filter((n) => n.kind === 'digest').length, 1);
        await backToNow(person);
    });

    it('N10 advertising goes to those who agreed to it, with its mark', async () => {
        const admin = await signUpAdmin();
        const yes = await signUp('동의'), no = await signUp('거부');
        const browser = await subscribe(yes);
        assert.equal(expect(await yes.send('PUT', '/v1/push/consents', { json: { ads: true, ads_at_night: true } }), 200).ads, true);
        await noticeOf(yes, (n) => n.kind === 'consent_changed');
        const json = { title: '주말 과일전', body: '복숭아가 나왔어요.' };
        expectProblem(await yes.post('/v1/push/promotions', json), 403, 'forbidden');
        expect(await admin.post('/v1/push/promotions', json), 202);
        const push = await received(browser, (m) => m.kind === 'promotion');
        assert.ok(push.title.startsWith('(광고)'), push.title);
        await noticeOf(yes, (n) => n.kind === 'promotion' && n.title.startsWith('(광고)'));
        await drained();
        assert.ok(!(await no.inbox()).items.some((n) => n.kind === 'promotion'));
        expect(await yes.send('PUT', '/v1/push/consents', { json: { ads: false } }), 200);
        expect(await admin.post('/v1/push/promotions', json), 202);
        await until('it is worked off', async () => (await number('SELECT COUNT(*) FROM gonggu_push.fanout')) === 0);
        assert.equal((await yes.inbox()).items.filter((n) => n.kind === 'promotion').length, 1);
    });

    it('a new deal nearby with a word one waits for is told once, and only nearby', async () => {
        const [near, far] = await Promise.all([signUp('근처'), signUp('멀리')]);
        const wait = (person, word, lat) => person.send('POST', '/v1/push/keywords', { json: { word, lat, lng: 126.91, radius_m: 2000 } });
        expect(await wait(near, '샤인 머스캣', 37.556), 201);
        expect(await wait(near, '머스캣', 37.556), 201);
        expectProblem(await wait(near, '머스 캣', 37.556), 409, 'keyword_taken');
        expect(await wait(far, '머스캣', 37.62), 201);
        const deal = await openDeal(host, { title: '샤인머스캣 4kg' });
        const notice = await noticeOf(near, (n) => n.kind === 'keyword');
        const tagged = await openDeal(host, { title: '포도 한 상자', tags: ['머스캣'] });
        await noticeOf(near, (n) => n.kind === 'keyword' && n.deal === tagged.id);
        assert.equal(notice.deal, deal.id);
        await drained();
        assert.equal((await near.inbox()).items.filter((n) => n.kind === 'keyword' && n.deal === deal.id).length, 1);
        assert.ok(!(await far.inbox()).items.some((n) => n.kind === 'keyword'));
        const { items } = expect(await near.get('/v1/push/keywords'), 200);
        assert.equal(items.length, 2);
        expect(await near.send('DELETE', `/v1/push/keywords/${items[0].id}`), 204);
        expectProblem(await far.send('DELETE', `/v1/push/keywords/${items[1].id}`), 404, 'not_found');
    });

    it('N7 a text message is the last resort: with consent, unacknowledged, once, within the budget', async () => {
        const person = await signUp('문자');
        // A budget is of a day in Seoul: not across midnight.
        if ((clock.now() + 9 * clock.HOUR) % clock.DAY > clock.DAY - 15 * clock.MINUTE) await later(15 * clock.MINUTE, person);
        const phone = freshPhone();
        const browser = await subscribe(person);
        expect(await person.send('POST', '/v1/push/sms/codes', { json: { phone } }), 202);
        const code = await smsCode(phone);
        expectProblem(await person.send('PUT', '/v1/push/sms', { json: { code: code === '000000' ? '111111' : '000000' } }), 422, 'bad_sms_code');
        expect(await person.send('PUT', '/v1/push/sms', { json: { code } }), 204);
        expectProblem(await person.send('PUT', '/v1/push/sms', { json: { code } }), 422, 'bad_sms_code');
        await person.anotherDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1');
        const notice = await noticeOf(person, (n) => n.kind === 'new_device');
        await received(browser, (m) => m.id === notice.id);
        assert.equal((await texts(phone)).length, 1, 'the code only');
        await sent(person, notice);
        await later(3 * clock.MINUTE, person);
        await until('the text message comes', async () => (await texts(phone)).length === 2);
        const life = await until('its way has ended', async () => {
            const t = await trace(person, notice);
            return t.end && t;
        });
        assert.deepEqual(life.attempts.map((a) => [a.channel, a.result]), [['web', 'accepted'], ['sms', 'accepted']]);
        const log = expect(await person.get('/v1/push/sms'), 200);
        assert.ok(log.phone.endsWith(phone.slice(-4)) && !log.phone.includes(phone));
        assert.equal(log.items[0].notice, notice.id);
        assert.deepEqual(log.items.map((m) => [m.type, m.cost_won]), [['lms', 30], ['sms', 9]], 'by bytes: the code is short');
        await until('the gateway says that it was delivered', async () =>
            expect(await person.get('/v1/push/sms'), 200).items.every((m) => m.state === 'delivered'));
        for (let i = 0; i < 3; i++) expect(await person.send('POST', '/v1/push/sms/codes', { json: { phone } }), 202);
        expectProblem(await person.send('POST', '/v1/push/sms/codes', { json: { phone } }), 429, 'sms_budget');
        assert.equal((await texts(phone)).length, 5);
        expect(await person.send('DELETE', '/v1/push/sms'), 204);
        assert.equal(expect(await person.get('/v1/push/sms'), 200).phone, undefined);
        await backToNow(person);
    });

    it('N3 N13 reminders come once when they are due, and not for what is over', async () => {
        const closing = { closes_at: clock.fromNow(2 * clock.HOUR), pickup: { from: clock.fromNow(30 * clock.HOUR), until: clock.fromNow(33 * clock.HOUR) } };
        const [kept, cancelled] = [await openDeal(host, closing), await openDeal(host, closing)];
        await Promise.all([join(guest, kept, 1), join(guest, cancelled, 1)]);
        expect(await act(host, cancelled, 'cancel'), 200);
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_push.reminder WHERE deal_id = ${id(kept.id)}`), 1);
        assert.ok(!(await guest.inbox()).items.some((n) => n.kind === 'closing_hour'), 'none early');
        await later(61 * clock.MINUTE);
        const told = await noticeOf(guest, (n) => n.deal === kept.id && n.kind === 'closing_hour');
        assert.equal(Date.parse(told.until), Date.parse(kept.closes_at));
        await noticeOf(host, (n) => n.deal === kept.id && n.kind === 'closing_hour');
        await until('both are worked off', async () =>
            (await number(`SELECT COUNT(*) FROM gonggu_push.reminder WHERE deal_id IN (${id(kept.id)}, ${id(cancelled.id)})`)) === 0);
        assert.ok(!(await guest.inbox()).items.some((n) => n.deal === cancelled.id && n.kind === 'closing_hour'));
        assert.equal((await guest.inbox()).items.filter((n) => n.kind === 'closing_hour').length, 1);
        await backToNow();
    });

    it('messages of one room are one open notice', async () => {
        const { deal } = await happening();
        const say = (text) => guest.post(`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text });
        for (const text of ['안녕하세요', '언제 만나요?', '저는 일곱 시 좋아요']) expect(await say(text), 201);
        const notice = await until('the newest stands there', async () =>
            (await host.inbox()).items.find((n) => n.kind === 'chat' && n.body.includes('일곱 시')));
        assert.equal((await host.inbox()).items.filter((n) => n.kind === 'chat').length, 1);
        expect(await host.send('POST', `/v1/push/inbox/${notice.id}/read`), 204);
    });

    it('who keeps apart hears nothing of the other', async () => {
        const person = await signUp('방장');
        const { deal } = await happening(person);
        expect(await person.send('PUT', `/v1/auth/blocks/${guest.id}`), 204);
        await drained();
        await act(guest, deal, 'leave');
        await drained();
        assert.ok(!(await person.inbox()).items.some((n) => n.kind === 'left'));
        expect(await person.send('DELETE', `/v1/auth/blocks/${guest.id}`), 204);
    });

    it('everything about oneself is one document', async () => {
        const mine = expect(await host.get('/v1/push/export'), 200);
        assert.ok(mine.notices.length > 5 && mine.preferences.kinds.length > 40);
        assert.deepEqual(Object.keys(mine).sort(), ['consents', 'devices', 'keywords', 'mutes', 'notices', 'preferences', 'sms']);
    });
});
