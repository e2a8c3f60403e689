// tests/integration/chat-rooms.test.mjs: rooms as neighbours use them: cards with their action, rooms of two, blocks,
// pictures, search, settings, notices, reports, progress, export.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, uuid } from '../lib/api.mjs';
import { ChatClient, Refused, roomLog, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, query, value } from '../lib/db.mjs';
import { act, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const [ONE, TWO] = stack.instances.chat;
const refused = (code) => (e) => e instanceof Refused && e.code === code;

describe('rooms', () => {
    let host, ann, ben, eve, deal, room;
    const open = [];
    const connect = async (...args) => {
        const client = await ChatClient.connect(...args);
        open.push(client);
        return client;
    };
    const say = async (who, text, more = {}, place = room) =>
        expect(await who.post(`/v1/chat/rooms/${place}/messages`, { cid: uuid(), text, ...more }), 201).seq;
    const roomOf = async (who, place = room) => expect(await who.get(`/v1/chat/rooms/${place}`), 200);
    const roomsOf = async (who) => expect(await who.get('/v1/chat/rooms?limit=100'), 200).items;
    const entryAt = async (who, seq, place = room) => (await roomLog(who, place, seq - 1))[0];
    const direct = (who, other, about = deal.id) => who.send('POST', '/v1/chat/direct', { json: { user: other.id, deal: about } });
    const noticed = async (place) =>
        (await query(`SELECT envelope FROM gonggu_chat.outbox WHERE aggregate = ${id(place)} AND type = 'chat.noticed.v1' ORDER BY sequence`)).map(([e]) => JSON.parse(e).data);

    before(async () => {
        [host, ann, ben, eve] = await Promise.all([signUp('방장', 0), ...[1, 2, 3].map(() => signUp('이웃', 50_000))]);
        deal = await openDeal(host);
        room = deal.id;
        for (const guest of [ann, ben]) await join(guest, deal, 2);
        for (const one of [host, ann, ben]) await untilMember(one, room);
    });
    after(() => open.forEach((client) => client.drop()));

    it('members are listed with the host among them; a stranger sees none', async () => {
        const { items } = expect(await ann.get(`/v1/chat/rooms/${room}/members`), 200);
        assert.deepEqual(items.map((m) => m.person.id).sort(), [host, ann, ben].map((p) => p.id).sort());
        assert.deepEqual(items.filter((m) => m.host).map((m) => m.person.id), [host.id]);
        assert.equal((await roomOf(ann)).members, 3);
        expectProblem(await eve.get(`/v1/chat/rooms/${room}/members`), 404, 'not_member');
    });

    it('a member is called by name, a place is on the map, an answer quotes', async () => {
        const asked = await say(ann, '어디서 봬요?');
        const place = { name: '망원역 2번 출구', lat: 37.556123, lng: 126.910456 };
        const seq = await say(host, '여기요', { reply: asked, mentions: [{ user: ann.id }], place });
        const entry = await entryAt(ben, seq);
        assert.deepEqual(entry.place, place);
        assert.deepEqual(entry.mentions, [{ user: ann.id }]);
        assert.deepEqual(entry.reply, { seq: asked, sender: ann.id, text: '어디서 봬요?' });
    });

    it('a picture is cleaned, kept, and shown to members only', async () => {
        const put = (who) => who.send('PUT', `/v1/chat/rooms/${room}/images`, { raw: png([10, 200, 10]), type: 'image/png' });
        const image = expect(await put(ann), 201);
        assert.ok(image.width > 0 && image.height > 0);
        const seq = await say(ann, undefined, { images: [image.name] });
        assert.deepEqual((await entryAt(ben, seq)).images, [image]);
        const path = `/v1/chat/rooms/${room}/images/${image.name}`;
        const seen = await ben.get(path);
        assert.equal(seen.status, 200);
        assert.match(seen.headers.get('content-type'), /^image\//);
        assert.equal((await eve.get(path)).status, 404);
        expectProblem(await put(eve), 404, 'not_member');
        expectProblem(await ben.post(`/v1/chat/rooms/${room}/messages`, { cid: uuid(), images: [image.name] }), 422, 'not_sendable');
        expectProblem(await ann.send('PUT', `/v1/chat/rooms/${room}/images`, { raw: Buffer.from('no picture'), type: 'image/png' }), 422, 'bad_image');
    });

    it('C15 account numbers and ways to other messengers are marked for the reader, also when they come by an edit', async () => {
        const seq = await say(ben, '국민은행 123456-04-123456 으로 입금해 주세요');
        assert.deepEqual((await entryAt(ann, seq)).warning, { account: true });
        const plain = await say(ben, '제 번호는 010-1234-5678 이에요');
        assert.equal((await entryAt(ann, plain)).warning, undefined);
        expect(await ben.send('POST', `/v1/chat/rooms/${room}/acts`, { json: { cid: uuid(), edit: { seq: plain, text: 'open.kakao.com/o/abc 로 오세요' } } }), 200);
        assert.deepEqual((await entryAt(ann, plain)).warning, { messenger: true });
    });

    it('search finds two syllables, newest first, as messages read now, and no deleted ones', async () => {
        const seqs = [];
        for (const text of ['제주 감귤 왔어요', '사과도 있나요', '감귤은 다 나갔어요', '지울 감귤']) seqs.push(await say(host, text));
        const acts = (json) => host.send('POST', `/v1/chat/rooms/${room}/acts`, { json: { cid: uuid(), ...json } });
        expect(await acts({ edit: { seq: seqs[1], text: '감귤 사과' } }), 200);
        expect(await acts({ delete: { seq: seqs[3] } }), 200);
        const search = async (who, q, more = '') => expect(await who.get(`/v1/chat/rooms/${room}/search?q=${encodeURIComponent(q)}${more}`), 200);
        assert.deepEqual((await search(ann, '감귤')).items.map((e) => e.seq), [seqs[2], seqs[1], seqs[0]]);
        const first = await search(ann, '감귤', '&limit=1');
        assert.deepEqual((await search(ann, '감귤', `&limit=5&before=${first.next}`)).items.map((e) => e.seq), [seqs[1], seqs[0]]);
        assert.deepEqual((await search(ann, '100%')).items, []);
        assert.equal((await ann.get(`/v1/chat/rooms/${room}/search?q=${encodeURIComponent('감')}`)).status, 422);
        expectProblem(await eve.get(`/v1/chat/rooms/${room}/search?q=${encodeURIComponent('감귤')}`), 404, 'not_member');
    });

    it('the log is read backwards too', async () => {
        const log = await roomLog(ann, room);
        const page = async (query) => expect(await ann.get(`/v1/chat/rooms/${room}/events?${query}`), 200);
        assert.deepEqual((await page('before=999999&limit=5')).items, log.slice(-5));
        assert.deepEqual((await page(`before=${log.length - 4}&limit=3`)).items, log.slice(-8, -5));
        const start = await page('before=3&limit=5');
        assert.deepEqual([start.items.length, start.more ?? false], [2, false]);
    });

    it('one\'s own settings: pinned rooms stand on top, in the order of pinning; muted for a time', async () => {
        const others = [await openDeal(host), await openDeal(host)];
        for (const d of others) await untilMember(host, d.id);
        await say(host, '맨 위로');
        const set = async (place, json) => expect(await host.send('PUT', `/v1/chat/rooms/${place}/settings`, { json }), 204);
        await set(others[0].id, { pinned: true });
        await set(others[1].id, { pinned: true, muted: true, muted_until: clock.fromNow(clock.HOUR) });
        const order = (await roomsOf(host)).map((r) => r.id);
        assert.deepEqual(order.slice(0, 3), [others[1].id, others[0].id, room]);
        const pages = [];
        for (let cursor = ''; cursor !== undefined; ) {
            const page = expect(await host.get(`/v1/chat/rooms?limit=1${cursor}`), 200);
            pages.push(...page.items.map((r) => r.id));
            cursor = page.next && `&cursor=${encodeURIComponent(page.next)}`;
        }
        assert.deepEqual(pages, order, 'page by page the same');
        const muted = (await roomsOf(host))[0];
        assert.ok(muted.muted && muted.muted_until);
        assert.equal((await roomOf(host)).muted ?? false, false);
        assert.equal((await roomOf(host)).last.text, '맨 위로');
    });

    it('who has not read after a moment is told once of the newest message; readers, muters and the writer are not', async () => {
        const place = await openDeal(host);
        for (const guest of [ann, ben]) await join(guest, place, 1);
        for (const one of [host, ann, ben]) await untilMember(one, place.id);
        const reader = await connect(ben, { [place.id]: 0 }, TWO);
        for (let i = 0; i < 3; i++) await say(host, `소식 ${i}`, {}, place.id);
        const last = await say(host, '앤 님 보세요', { mentions: [{ user: ann.id }] }, place.id);
        await reader.read(place.id, last);
        const events = await until('the notice', async () => { const n = await noticed(place.id); return n.length > 0 && n; });
        assert.equal(events.length, 1);
        const { seq, preview, nickname, title, mention, users, deal: about } = events[0];
        assert.deepEqual({ seq, preview, nickname, title, mention, users, about }, { seq: last, preview: '앤 님 보세요', nickname: host.nickname, title: place.title, mention: true, users: [{ id: ann.id }], about: place.id });
        expect(await ann.send('PUT', `/v1/chat/rooms/${place.id}/settings`, { json: { muted: true } }), 204);
        const again = await say(host, '조용히', {}, place.id);
        await until('ben alone is told', async () => (await noticed(place.id)).some((n) => n.seq === again && n.users.length === 1 && n.users[0].id === ben.id));
    });

    it('two neighbours of a deal have one room, whoever opens it; a guest writes to the host before joining', async () => {
        const { room: two } = expect(await direct(ann, ben), 200);
        assert.equal(expect(await direct(ben, ann), 200).room, two);
        const listening = await connect(ben, {}, TWO);
        const seq = await say(ann, '저희 같이 가요', {}, two);
        await listening.untilSeq(two, seq);
        const seen = await roomOf(ben, two);
        assert.deepEqual([seen.kind, seen.peer.id, seen.unread, seen.title], ['direct', ann.id, 1, undefined]);
        const { room: asking } = expect(await direct(eve, host), 200);
        await say(eve, '아직 자리 있나요?', {}, asking);
        assert.equal((await roomOf(host, asking)).last.text, '아직 자리 있나요?');
        expectProblem(await direct(eve, ann), 403, 'no_common_deal');
        expectProblem(await direct(ann, ann), 403, 'no_common_deal');
    });

    it('a deal that is watched tells how it stands', async () => {
        const place = await openDeal(host);
        await untilMember(host, place.id);
        const watcher = await connect(eve, {}, TWO);
        await watcher.ask({ watch: { deals: [{ deal: place.id }] } });
        const first = await until('the present state', () => watcher.frames.find((f) => f.progress));
        assert.deepEqual(first.progress, { deal: place.id, state: 'recruiting', taken: 0, portions: place.portions });
        await join(ann, place, 2);
        await until('two are taken', () => watcher.frames.some((f) => f.progress?.taken === 2));
        expect(await act(host, place, 'cancel', {}), 200);
        await until('it is cancelled', () => watcher.frames.some((f) => f.progress?.state === 'cancelled'));
        await watcher.ask({ watch: { deals: [] } });
    });

    it('C12 the steps of the deal are cards in the log, once each, with what one can do about them', async () => {
        const place = await openDeal(host, { min_portions: 2 });
        for (const guest of [ann, ben]) await join(guest, place, 1);
        expect(await act(host, place, 'close', {}), 200);
        for (const guest of [ann, ben]) await shareIn(guest, place, 'captured'); // chat may know of the money before deal does
        await until('the money is in', async () => (await roomLog(ann, place.id)).some((e) => e.card === 'paid'));
        expect(await act(host, place, 'purchase', { total_won: 29_000, receipt: await uploadPhoto(host) }), 200);
        await dealIn(host, place, 'purchased');
        expect(await act(host, place, 'arrive', {}), 200);
        await until('the arrival is told', async () => (await roomLog(ann, place.id)).some((e) => e.card === 'arrived'));
        const cards = (await roomLog(ann, place.id)).filter((e) => e.type === 'card');
        assert.deepEqual(cards.map((c) => c.card), ['opened', 'closing', 'confirmed', 'paid', 'purchased', 'refunded', 'arrived']);
        assert.deepEqual([cards[3].done, cards[3].of], [2, 2]);
        assert.deepEqual(cards.slice(4).map((c) => c.action), ['see_receipt', undefined, 'show_code']);
    });

    it('C15 a report keeps the message as it was, with what it read before; its hash can be checked', async () => {
        const acts = (json) => ben.send('POST', `/v1/chat/rooms/${room}/acts`, { json: { cid: uuid(), ...json } });
        const seq = await say(ben, '나쁜 말');
        expect(await acts({ edit: { seq, text: '고운 말' } }), 200);
        expect(await acts({ delete: { seq } }), 200);
        const report = async (who) => who.send('POST', `/v1/chat/rooms/${room}/reports`, { json: { seq, reason: 'abuse', text: '욕을 했어요' } });
        const made = expect(await report(ann), 201);
        assert.deepEqual([made.accused, made.reason, made.snapshot], [ben.id, 'abuse', undefined]);
        assert.equal(expect(await report(ann), 201).id, made.id, 'once is enough');
        const [[snapshot, number]] = await query(`SELECT snapshot, number FROM gonggu_chat.report WHERE id = ${id(made.id)}`);
        const kept = JSON.parse(snapshot);
        assert.deepEqual(kept.wordings.map((w) => w.body), ['나쁜 말', '고운 말']);
        assert.ok(kept.around.length > 5);
        const before = (await value(`SELECT HEX(hash) FROM gonggu_chat.report WHERE number = ${Number(number) - 1}`)) ?? '00'.repeat(32);
        const hash = createHash('sha256').update(Buffer.from(before, 'hex')).update(snapshot).digest('hex');
        assert.equal(made.hash, hash);
        expectProblem(await report(eve), 404, 'not_member');
        assert.equal((await ann.get('/v1/chat/reports')).status, 403, 'for operators');
        expectProblem(await ann.send('POST', `/v1/chat/rooms/${room}/reports`, { json: { seq: 1, reason: 'spam' } }), 404, 'no_message');
    });

    it('whom one blocks one does not read, live or later, and two who are apart do not write to each other', async () => {
        const two = expect(await direct(ann, ben), 200).room;
        const reader = await connect(ann, { [room]: 0 }, ONE);
        const blocking = await ann.send('PUT', `/v1/auth/blocks/${ben.id}`);
        assert.ok([200, 201, 204].includes(blocking.status), JSON.stringify(blocking.body));
        await until('chat knows', async () => (await query(`SELECT 1 FROM gonggu_chat.block WHERE user_id = ${id(ann.id)}`)).length > 0);
        await until('the room of two is shut', async () => (await roomOf(ann, two)).open !== true);
        expectProblem(await ben.post(`/v1/chat/rooms/${two}/messages`, { cid: uuid(), text: '왜요' }), 403, 'blocked');
        const unread = (await roomOf(ann)).unread;
        const seq = await say(ben, '다들 안녕하세요');
        await reader.untilSeq(room, seq);
        const live = reader.entries(room).find((e) => e.seq === seq);
        assert.deepEqual([live.type, live.text, live.from], ['hidden', undefined, undefined]);
        assert.deepEqual(await entryAt(ann, seq), live, 'over HTTP too');
        assert.equal((await entryAt(host, seq)).text, '다들 안녕하세요', 'others read it');
        assert.equal((await roomOf(ann)).unread, unread, 'nor is it counted');
        const ending = await ann.send('DELETE', `/v1/auth/blocks/${ben.id}`);
        assert.ok(ending.status < 300, JSON.stringify(ending.body));
        await until('the room of two is open again', async () => (await roomOf(ann, two)).open === true);
        assert.equal((await entryAt(ann, seq)).text, '다들 안녕하세요');
    });

    it('everything about somebody is one document', async () => {
        const all = expect(await ann.get('/v1/chat/export'), 200);
        assert.equal(all.user, ann.id);
        assert.ok(all.rooms.some((r) => r.room === room));
        assert.ok(all.entries.some((e) => e.entry.text === '어디서 봬요?'));
        assert.ok(all.entries.every((e) => e.entry.from.id === ann.id));
        assert.equal(all.reports.length, 1);
    });

    it('a waiting request is answered when something is said, and with nothing when its time is up', async () => {
        const { last_seq } = await roomOf(ann);
        const started = Date.now();
        const waiting = ann.get(`/v1/chat/rooms/${room}/events?after=${last_seq}&wait=10`);
        setTimeout(() => say(host, '기다렸죠'), 300);
        const { items } = expect(await waiting, 200);
        assert.deepEqual(items.map((e) => e.text), ['기다렸죠']);
        assert.ok(Date.now() - started < 5000);
        const nothing = expect(await ann.get(`/v1/chat/rooms/${room}/events?after=${last_seq + 1}&wait=1`), 200);
        assert.deepEqual([nothing.items, nothing.last_seq], [[], last_seq + 1]);
        expect(await ann.get(`/v1/chat/rooms/${room}/events?after=999999&wait=5`), 200);
    });

    it('the room of a deal that is over is closed after two weeks', async () => {
        const place = await openDeal(host);
        await untilMember(host, place.id);
        expect(await act(host, place, 'cancel', {}), 200);
        await until('the card', async () => (await roomLog(host, place.id)).some((e) => e.card === 'cancelled'));
        await say(host, '아쉽네요', {}, place.id);
        await drained();
        clock.advance(15 * clock.DAY);
        try {
            for (const one of [host]) await one.logIn();
            await until('the room is closed', async () => (await roomOf(host, place.id)).open !== true, { within: 20_000 });
            expectProblem(await host.post(`/v1/chat/rooms/${place.id}/messages`, { cid: uuid(), text: '늦었나' }), 409, 'room_closed');
        } finally {
            clock.reset();
        }
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
});
