// tests/integration/deal-own.test.mjs: what one keeps and owns here: room for pictures, a place in a line, the calendar,
// one's data, and their end.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, dealBody, dealIn, join, openDeal, seeDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { png, pngChunk } from '../lib/pictures.mjs';
import { until } from '../lib/wait.mjs';

const stamp = (time) => time.replace(/[-:]|\.\d+/g, '');

describe('one\'s own', () => {
    let host, guests;
    before(async () => {
        host = await signUp('방장');
        guests = await signUpMany(5, 100_000, '손님');
    });
    const refreshed = () => Promise.all([host, ...guests].map((p) => p.refresh()));
    after(async () => {
        clock.reset();
    });
    const told = (person, deal, kind) => until(`${kind} is told`, async () => (await person.inbox()).items.find((n) => n.kind === kind && n.deal === deal.id));

    // Noise, of about four megabytes: nothing makes it smaller.
    const noise = () => {
        const row = 1200 * 3, raw = randomBytes((row + 1) * 1150);
        for (let y = 0; y < 1150; y++) raw[y * (row + 1)] = 0;
        const whole = png([0, 0, 0], [], 8);
        return Buffer.concat([whole.subarray(0, 8), pngChunk('IHDR', Buffer.from([0, 0, 1200 >> 8, 1200 & 255, 0, 0, 1150 >> 8, 1150 & 255, 8, 2, 0, 0, 0])),
            pngChunk('IDAT', deflateSync(raw, { level: 0 })), whole.subarray(-12)]);
    };

    it('pictures have room up to a limit; what is refused takes none, and a picture twice takes no more', async () => {
        const hoarder = await signUp('사진가');
        const put = (bytes) => hoarder.send('PUT', '/v1/deal/photos', { raw: bytes, type: 'image/png' });
        let last, refused;
        for (let i = 0; i < 6 && !refused; i++) {
            const bytes = noise(), reply = await put(bytes);
            if (reply.status === 201) last = bytes;
            else refused = reply;
        }
        const problem = expectProblem(refused, 409, 'photo_storage_full');
        assert.equal(problem.most_bytes, 20 * 1024 * 1024);
        const used = () => number(`SELECT SUM(bytes) FROM gonggu_deal.photo WHERE owner_id = ${id(hoarder.id)}`);
        assert.equal(problem.used_bytes, await used());
        assert.ok(problem.used_bytes > 15 * 1024 * 1024 && problem.used_bytes <= problem.most_bytes);
        expect(await put(last), 201);
        assert.equal(await used(), problem.used_bytes);
        await uploadPhoto(hoarder); // a small one still fits
    });

    it('D7 who waits is told when the deal closes or is called off; who was offered and did not take it, too', async () => {
        const deal = await openDeal(host, { min_portions: 1 });
        await join(guests[0], deal, 8);
        for (const i of [1, 2, 3]) expect(await act(guests[i], deal, 'waitlist', { quantity: 2 }), 201);
        expect(await act(guests[0], deal, 'share/quantity', { quantity: 6 }), 200); // two are offered to the first in line
        assert.equal((await seeDeal(guests[1], deal)).wait.state, 'offered');
        expect(await act(guests[3], deal, 'waitlist/leave'), 200);
        expect(await act(host, deal, 'close'), 200);
        for (const i of [1, 2]) {
            const notice = await told(guests[i], deal, 'wait_ended');
            assert.ok(notice.body.includes(deal.title) && notice.link === `/deals/${deal.id}`, JSON.stringify(notice));
            assert.equal((await seeDeal(guests[i], deal)).wait, undefined);
        }
        await drained();
        for (const person of [guests[0], guests[3], host])
            assert.ok(!(await person.inbox()).items.some((n) => n.kind === 'wait_ended' && n.deal === deal.id), 'nobody else is');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.due d JOIN gonggu_deal.wait w ON w.id = d.subject WHERE w.deal_id = ${id(deal.id)}`), 0);
        await dealIn(host, deal, 'confirmed');
        expect(await act(host, deal, 'cancel'), 200);

        const second = await openDeal(host, { min_portions: 1 });
        await join(guests[0], second, 8);
        expect(await act(guests[4], second, 'waitlist', { quantity: 1 }), 201);
        await guests[4].send('PUT', '/v1/push/preferences', { json: { lang: 'en' } });
        expect(await act(host, second, 'cancel'), 200);
        await told(guests[4], second, 'wait_ended');
        await drained();
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate IN (${id(deal.id)}, ${id(second.id)}) AND type = 'deal.wait.ended.v1'`), 2);
        await checkInvariants();
    });

    it('the calendar shows the window one has chosen, the host all of them', async () => {
        const windows = [1, 2].map((h) => ({ from: clock.fromNow((2 + h) * clock.HOUR + 60_000), until: clock.fromNow((3 + h) * clock.HOUR) }));
        const deal = await openDeal(host, { min_portions: 1, windows });
        for (const i of [0, 1]) await join(guests[i], deal, 1);
        expect(await act(host, deal, 'close'), 200);
        for (const i of [0, 1]) await shareIn(guests[i], deal, 'captured');
        expect(await act(guests[1], deal, 'share/window', { window: 1 }), 200);
        expectProblem(await act(guests[1], deal, 'share/window', { window: 2 }), 422, 'invalid', '/window');
        const feed = async (person) => (await send('GET', new URL(expect(await person.post('/v1/deal/calendar'), 201).url).pathname)).text;
        const entry = (text) => text.split('BEGIN:VEVENT').find((e) => e.includes(`UID:${deal.id}@`));
        const times = (text) => [...entry(text).matchAll(/DT(?:START|END):(\w+)/g)].map((m) => m[1]);
        const whole = [deal.pickup_from, deal.pickup_until].map(stamp);
        assert.deepEqual(times(await feed(guests[0])), whole, 'who has not chosen may come at any time');
        assert.deepEqual(times(await feed(guests[1])), [windows[1].from, windows[1].until].map(stamp));
        assert.deepEqual(times(await feed(host)), whole);
        expect(await act(host, deal, 'cancel'), 200);
        assert.ok(entry(await feed(guests[1])).includes('STATUS:CANCELLED'));
    });

    it('D1 a leaver\'s data: exported whole, then erased with a receipt; his place in line goes to the next', async () => {
        const leaver = await signUp('떠나는');
        // A deal of his own that came to its end, and traces of all kinds.
        const own = await openDeal(leaver, { title: '떠나는 이의 감자', description: '지울 말', min_portions: 1 });
        expect(await leaver.send('PATCH', `/v1/deal/deals/${own.id}`, { json: { pickup: { ...dealBody('').pickup, place: '지울 장소' } } }), 200);
        expect(await act(leaver, own, 'cancel'), 200);
        expect(await leaver.post('/v1/deal/drafts', { title: '지울 초안' }), 201);
        expect(await leaver.post(`/v1/deal/deals/${own.id}/comments`, { text: '지울 댓글' }), 201);
        expect(await leaver.send('PUT', `/v1/auth/blocks/${guests[4].id}`), 204);
        const dates = (day) => ({ closes_at: clock.fromNow(day * clock.DAY), pickup: { ...dealBody('').pickup, from: clock.fromNow((day + 1) * clock.DAY), until: clock.fromNow((day + 2) * clock.DAY) } });
        const line = await openDeal(host, { min_portions: 1, ...dates(29) });
        await join(guests[0], line, 8);
        expect(await act(leaver, line, 'waitlist', { quantity: 1 }), 201);
        expect(await act(guests[1], line, 'waitlist', { quantity: 1 }), 201);
        await drained();
        const all = expect(await leaver.get('/v1/deal/export'), 200);
        assert.deepEqual(['deals', 'drafts', 'comments', 'waiting', 'blocked'].map((part) => all[part].length), [1, 1, 1, 1, 1]);
        assert.equal(all.deals[0].place, '지울 장소');
        assert.equal(all.blocked[0].user, guests[4].id);

        const closing = expect(await leaver.send('POST', '/v1/auth/closing', { json: { again: { password: leaver.password } } }), 202).id;
        const state = async (wanted) => until(`the closing is ${wanted}`, async () => {
            const body = expect(await send('GET', `/v1/auth/closings/${closing}`), 200);
            return body.state === wanted && body;
        });
        await state('closed');
        // A deal may be put off, so that it outlives an account on its waiting list.
        clock.advance(15 * clock.DAY);
        await refreshed();
        expect(await host.send('PATCH', `/v1/deal/deals/${line.id}`, { json: dates(29) }), 200);
        expect(await act(guests[0], line, 'share/accept', { terms: 2 }), 200);
        assert.equal((await seeDeal(guests[1], line)).wait.ahead, 1);
        clock.advance(16 * clock.DAY);
        const erased = await state('erased');
        assert.ok(erased.receipts.find((r) => r.service === 'deal').rows >= 6, JSON.stringify(erased.receipts));
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(leaver.id)} AND type = 'deal.user.purged.v1'`), 1);
        // Nothing personal is left in any table but the outbox, which forgets after seven days.
        const columns = await query(`SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'gonggu_deal'
            AND data_type IN ('varchar', 'text', 'mediumtext', 'longtext', 'json') AND table_name NOT IN ('outbox', 'inbox_parked', 'idempotency')`);
        for (const [table, column] of columns)
            assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.${table} WHERE CAST(${column} AS CHAR) LIKE '%지울 %'`), 0, `${table}.${column}`);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.deal WHERE id = ${id(own.id)} AND lat = cell_lat AND lng = cell_lng`), 1);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.wait WHERE user_id = ${id(leaver.id)}`), 0);
        await refreshed();
        assert.equal((await seeDeal(guests[1], line)).wait.ahead, 0, 'nobody is kept waiting by a place without an owner');
        expect(await act(host, line, 'cancel'), 200);
        await drained();
    });

    it('pictures that come together do not share the last room; the file of what was refused is deleted later', async () => {
        await refreshed();
        const hoarder = guests[3];
        const replies = await Promise.all(Array.from({ length: 8 }, () => hoarder.send('PUT', '/v1/deal/photos', { raw: noise(), type: 'image/png' })));
        assert.deepEqual(replies.map((r) => r.status).sort(), [201, 201, 201, 201, 201, 409, 409, 409]);
        for (const refused of replies.filter((r) => r.status === 409)) expectProblem(refused, 409, 'photo_storage_full');
        assert.ok(await number(`SELECT SUM(bytes) FROM gonggu_deal.photo WHERE owner_id = ${id(hoarder.id)}`) <= 20 * 1024 * 1024);
        const strays = (await query('SELECT name FROM gonggu_deal.stray_picture')).map(([name]) => name);
        const there = async (name) => (await send('GET', `/v1/deal/photos/${name}`)).status === 200;
        for (const name of strays) assert.ok(await there(name), 'stored before it was refused');
        clock.advance(clock.HOUR + clock.MINUTE);
        await until('no stray is left', async () => (await number('SELECT COUNT(*) FROM gonggu_deal.stray_picture')) === 0);
        for (const name of strays) assert.ok(!(await there(name)), 'its file is gone');
        for (const kept of replies.filter((r) => r.status === 201)) assert.ok(await there(kept.body.name));
        await refreshed();
    });
});
