// tests/integration/market-trust.test.mjs: what neighbours say and do about each other, and what everybody owns of it.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, expectProblem, send, uuid } from '../lib/api.mjs';
import { fromNow, HOUR } from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp, signUpMany } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

const LAT = 34 + randomInt(1000) / 1000, LNG = 125 + randomInt(900) / 1000;

/** A deal from opening to done: who joined takes it. */
async function wholeDeal(host, guests) {
    const deal = await openDeal(host, { min_portions: 1 });
    for (const guest of guests) assert.equal((await join(guest, deal, 1)).state, 'held');
    expect(await act(host, deal, 'close'), 200);
    for (const guest of guests) await shareIn(guest, deal, 'captured');
    expect(await act(host, deal, 'purchase', { total_won: 30_000, receipt: await uploadPhoto(host) }), 200);
    expect(await act(host, deal, 'arrive'), 200);
    for (const guest of guests) expect(await act(host, deal, 'handovers', { code: (await shareIn(guest, deal, 'captured')).code }), 200);
    return dealIn(host, deal, 'done');
}

describe('trust', () => {
    let host, guests, outsider;
    before(async () => {
        [host, outsider] = await signUpMany(2, 0, '믿음');
        guests = await signUpMany(4, 100_000, '손님');
    });
    const comment = (person, deal, text, reply_to) => person.post(`/v1/deal/deals/${deal.id}/comments`, { text, ...(reply_to && { reply_to }) });
    const comments = async (person, deal) => expect(await (person ? person.get(`/v1/deal/deals/${deal.id}/comments`) : send('GET', `/v1/deal/deals/${deal.id}/comments`)), 200).items;

    it('comments: written, answered by the host, counted, hidden, reported by three, removed', async () => {
        const deal = await openDeal(host);
        const asked = expect(await comment(outsider, deal, '유통기한이 언제인가요?'), 201);
        const answer = expect(await comment(host, deal, '내년 5월이에요', asked.id), 201);
        assert.equal(answer.by_host, true);
        assert.equal(answer.reply_to, asked.id);
        const deeper = expect(await comment(outsider, deal, '고마워요', answer.id), 201);
        assert.equal(deeper.reply_to, asked.id, 'answers to answers hang on the same');
        expectProblem(await comment(outsider, deal, 'x', uuid()), 422, 'invalid', '/reply_to');
        expectProblem(await comment(outsider, { id: uuid() }, 'x'), 404, 'not_found');
        assert.deepEqual((await comments(null, deal)).map((c) => c.text), ['유통기한이 언제인가요?', '내년 5월이에요', '고마워요']);
        assert.equal(expect(await outsider.get(`/v1/deal/deals/${deal.id}`), 200).market.comments, 3);

        const rude = expect(await comment(outsider, deal, '나쁜 말'), 201);
        expectProblem(await guests[0].post(`/v1/deal/comments/${rude.id}/hide`), 403, 'not_host');
        expect(await host.post(`/v1/deal/comments/${rude.id}/hide`), 204);
        const seen = (await comments(guests[0], deal)).find((c) => c.id === rude.id);
        assert.deepEqual([seen.state, seen.text], ['hidden', undefined]);
        assert.equal((await comments(outsider, deal)).find((c) => c.id === rude.id).text, '나쁜 말', 'its author still reads it');

        for (const [i, guest] of guests.slice(0, 3).entries()) {
            expect(await guest.post(`/v1/deal/comments/${asked.id}/report`, { reason: '광고' }), 204);
            expect(await guest.post(`/v1/deal/comments/${asked.id}/report`, { reason: '광고' }), 204);
            assert.equal((await comments(null, deal)).find((c) => c.id === asked.id).state, i < 2 ? 'shown' : 'reported');
        }
        expect(await host.post(`/v1/deal/comments/${asked.id}/hide`), 204);
        expectProblem(await host.post(`/v1/deal/comments/${asked.id}/show`), 403, 'forbidden'); // hiding it first is no way round
        expectProblem(await guests[0].get('/v1/deal/reported-comments'), 403, 'forbidden');
        expectProblem(await guests[0].send('DELETE', `/v1/deal/comments/${deeper.id}`), 403, 'forbidden');
        expect(await outsider.send('DELETE', `/v1/deal/comments/${deeper.id}`), 204);
        assert.ok(!(await comments(null, deal)).some((c) => c.id === deeper.id));
        expectProblem(await outsider.send('DELETE', `/v1/deal/comments/${deeper.id}`), 404, 'not_found');
        assert.equal(expect(await outsider.get(`/v1/deal/deals/${deal.id}`), 200).market.comments, 1, 'what is shown counts');
        await drained();
        const told = await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type = 'deal.comment.added.v1'`);
        assert.equal(told, 4);
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('who keeps apart neither finds, nor writes to, nor reads the other', async () => {
        const deal = await openDeal(host, { pickup: { lat: LAT, lng: LNG } });
        const found = async (person) => expect(await person.get(`/v1/deal/deals?lat=${LAT}&lng=${LNG}&radius_m=500`), 200).items.some((d) => d.id === deal.id);
        expect(await comment(guests[3], deal, '안녕하세요'), 201);
        expect(await guests[3].send('PUT', `/v1/auth/blocks/${host.id}`), 204);
        await until('it is out of sight', async () => !(await found(guests[3])));
        assert.ok(await found(guests[2]));
        expectProblem(await comment(guests[3], deal, 'x'), 403, 'blocked');
        assert.deepEqual(await comments(host, deal), [], 'the host does not read who blocked him');
        assert.equal((await comments(guests[2], deal)).length, 1);
        expect(await guests[3].send('DELETE', `/v1/auth/blocks/${host.id}`), 204);
        await until('they see each other again', () => found(guests[3]));
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('D14 levels follow from facts, by a formula that is served; reviews once, after the deal; an appeal can be made', async () => {
        const level = async (person) => expect(await send('GET', `/v1/deal/people/${person.id}/level`), 200);
        const formula = expect(await send('GET', '/v1/deal/level-formula'), 200);
        const before = await level(host);
        assert.equal((await level(guests[0])).points, 0);
        const deal = await wholeDeal(host, guests.slice(0, 2));
        const after = async (person, expected) => {
            const l = await level(person);
            const sum = l.lines.reduce((s, line) => s + line.count * line.points, 0);
            assert.equal(l.points, sum, 'the lines add up');
            assert.deepEqual(l.lines.map((line) => [line.fact, line.points]), formula.lines.map((line) => [line.fact, line.points]), 'by the served formula');
            const reached = formula.steps.filter((s) => s.points <= l.points).map((s) => s.level);
            assert.equal(l.level, Math.max(0, ...reached));
            for (const [fact, n] of Object.entries(expected)) assert.equal(l.lines.find((line) => line.fact === fact).count, n, fact);
        };
        await after(guests[0], { paid: 1, picked_up: 1, left_late: 0 });
        await after(host, { hosted: before.lines.find((l) => l.fact === 'hosted').count + 1 });

        const yes = { on_time: true, friendly: true, again: true, as_described: true };
        const review = (from, about, body = yes, on = deal) => from.send('PUT', `/v1/deal/deals/${on.id}/reviews/${about.id}`, { json: body });
        const due = async (person) => expect(await person.get('/v1/deal/reviews'), 200).items.filter((r) => r.deal === deal.id);
        assert.equal((await due(host)).length, 2);
        assert.deepEqual((await due(guests[0])).map((r) => [r.about.id, r.about_host]), [[host.id, true]]);
        expect(await review(guests[0], host, { ...yes, as_described: false }), 204);
        expectProblem(await review(guests[0], host), 409, 'already_reviewed');
        expect(await review(host, guests[0]), 204);
        expectProblem(await review(guests[2], host), 409, 'not_reviewable');
        expectProblem(await review(guests[0], guests[1]), 409, 'not_reviewable');
        expectProblem(await review(guests[0], host, { on_time: true }), 422, 'invalid', '/again');
        assert.equal((await due(guests[0])).length, 0);
        await after(host, { host_yes: 3, host_no: 1 });
        await until('both sides were asked', async () => (await number(`SELECT COUNT(*) FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type = 'deal.review.asked.v1'`)) === 2);

        const late = await openDeal(host, { closes_at: fromNow(2 * HOUR) });
        await join(guests[3], late, 1);
        expect(await act(guests[3], late, 'leave'), 200);
        await after(guests[3], { left_late: 1 });
        const facts = expect(await guests[3].get('/v1/deal/facts'), 200).items;
        assert.deepEqual(facts.map((f) => [f.kind, f.deal]), [['left_late', late.id]]);
        const appeal = expect(await guests[3].post('/v1/deal/appeals', { deal: late.id, kind: 'left_late', text: '방장과 이야기하고 나갔어요' }), 201);
        assert.equal(appeal.state, 'open');
        expectProblem(await guests[3].post('/v1/deal/appeals', { deal: late.id, kind: 'left_late', text: '다시 한번 말해요' }), 409, 'already_appealed');
        expectProblem(await guests[3].post('/v1/deal/appeals', { deal: late.id, kind: 'no_show', text: '그런 적이 없어요' }), 404, 'not_found');
        expectProblem(await guests[3].post(`/v1/deal/appeals/${appeal.id}/decision`, { uphold: true, answer: '네' }), 403, 'forbidden');
        assert.deepEqual(expect(await guests[3].get('/v1/deal/appeals'), 200).items.map((a) => a.id), [appeal.id]);
        const admin = await signUpAdmin();
        assert.ok(expect(await admin.get('/v1/deal/appeals?limit=100'), 200).items.some((a) => a.id === appeal.id));
        const decided = expect(await admin.post(`/v1/deal/appeals/${appeal.id}/decision`, { uphold: true, answer: '방장이 확인했어요' }), 200);
        assert.deepEqual([decided.state, decided.answer], ['upheld', '방장이 확인했어요']);
        expectProblem(await admin.post(`/v1/deal/appeals/${appeal.id}/decision`, { uphold: false, answer: '아니요' }), 409, 'wrong_state');
        await after(guests[3], { left_late: 0 });
        expect(await act(host, late, 'cancel'), 200);
    });

    it('the request board: asked, voted for once, sorted, answered with a deal', async () => {
        const here = `lat=${LAT}&lng=${LNG}&radius_m=2000`;
        const wish = (title) => outsider.post('/v1/deal/wishes', { title, text: '같이 사요', category: 'pet', lat: LAT, lng: LNG });
        const first = expect(await wish('강아지 배변패드'), 201), second = expect(await wish('고양이 모래 20kg'), 201);
        assert.deepEqual([first.votes, first.voted, first.mine], [1, true, true]);
        assert.ok(Math.abs(first.cell_lat - LAT) <= 0.0026, 'a cell, not the place');
        for (const guest of guests) for (let twice = 0; twice < 2; twice++) expect(await guest.send('PUT', `/v1/deal/wishes/${second.id}/vote`), 204);
        expect(await guests[0].send('DELETE', `/v1/deal/wishes/${second.id}/vote`), 204);
        const list = async (more) => expect(await guests[1].get(`/v1/deal/wishes?${here}${more}`), 200);
        assert.deepEqual((await list('')).items.map((w) => [w.id, w.votes, w.voted ?? false]), [[second.id, 4, true], [first.id, 1, false]]);
        const page = await list('&limit=1');
        assert.deepEqual((await list(`&limit=1&cursor=${encodeURIComponent(page.next)}`)).items.map((w) => w.id), [first.id]);
        const deal = await openDeal(host);
        expectProblem(await guests[0].post(`/v1/deal/wishes/${second.id}/deal`, { deal: deal.id }), 422, 'invalid', '/deal');
        assert.equal(expect(await host.post(`/v1/deal/wishes/${second.id}/deal`, { deal: deal.id }), 200).deal, deal.id);
        expectProblem(await guests[0].send('DELETE', `/v1/deal/wishes/${first.id}`), 403, 'forbidden');
        expect(await outsider.send('DELETE', `/v1/deal/wishes/${first.id}`), 204);
        assert.equal((await list('&sort=new')).items.length, 1);
        for (let i = 0; i < 9; i++) expect(await wish(`또 하나 ${i}`), 201);
        expect(await wish('열 번째'), 201);
        expectProblem(await wish('너무 많아요'), 409, 'wishes_full');
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('views ignore reloads; bookmarks are a list; the share page speaks Open Graph and nothing of the host\'s text gets out of its quotes', async () => {
        const deal = await openDeal(host, { title: '<b>"감자" & \'무\'' });
        const looked = (person) => (person ? person.post(`/v1/deal/deals/${deal.id}/views`) : send('POST', `/v1/deal/deals/${deal.id}/views`));
        for (const person of [guests[0], guests[0], guests[1], null, null]) expect(await looked(person), 204);
        assert.equal(expect(await guests[0].get(`/v1/deal/deals/${deal.id}`), 200).market.views, 3);
        const mark = (method) => guests[0].send(method, `/v1/deal/deals/${deal.id}/bookmark`);
        expect(await mark('PUT'), 204);
        expect(await mark('PUT'), 204);
        const [saved] = expect(await guests[0].get('/v1/deal/bookmarks'), 200).items;
        assert.deepEqual([saved.id, saved.market.saved, saved.market.saves], [deal.id, true, 1]);
        expect(await mark('DELETE'), 204);
        expect(await mark('DELETE'), 204);
        assert.equal(expect(await guests[0].get('/v1/deal/bookmarks'), 200).items.length, 0);
        const page = await send('GET', `/s/${deal.id}`);
        assert.equal(page.status, 200);
        assert.match(page.headers.get('content-type'), /^text\/html/);
        assert.match(page.text, /<meta property="og:title" content="&lt;b&gt;&quot;감자&quot; &amp; '무'">/);
        assert.match(page.text, /og:image" content="http[^"]+\/v1\/deal\/photos\/[0-9a-f]{40}\.png\?size=medium"/);
        assert.ok(!page.text.includes('<b>'));
        assert.ok(!page.text.includes('망원역') && !page.text.includes('37.556'), 'the place stays with those who take part');
        expectProblem(await send('GET', `/s/${uuid()}`), 404, 'not_found');
        expect(await act(host, deal, 'cancel'), 200);
    });

    it('the calendar feed: secret, of one\'s own pick-ups; a new address ends the old one', async () => {
        const deal = await openDeal(host, { title: '달력; 쉼표, 역사선\\ 감자와 아주 긴 이름을 가진 무엇인가를 함께 나누어요', min_portions: 1 });
        await join(guests[2], deal, 1);
        expect(await act(host, deal, 'close'), 200);
        await shareIn(guests[2], deal, 'captured');
        const open = async (person) => expect(await person.post('/v1/deal/calendar'), 201).url;
        const read = (url) => send('GET', new URL(url).pathname);
        const url = await open(guests[2]);
        const feed = await read(url);
        assert.equal(feed.status, 200);
        assert.match(feed.headers.get('content-type'), /^text\/calendar/);
        assert.ok(feed.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
        const unfolded = feed.text.replaceAll('\r\n ', '');
        assert.ok(unfolded.includes(`UID:${deal.id}@gonggu`) && unfolded.includes('STATUS:CONFIRMED'));
        assert.ok(unfolded.includes('SUMMARY:달력\\; 쉼표\\, 역사선\\\\ 감자'));
        assert.ok(unfolded.includes('LOCATION:망원역 2번 출구 앞'));
        assert.ok(unfolded.includes(`DTSTART:${deal.pickup_from.replace(/[-:]|\.\d+/g, '')}`));
        expect(await act(host, deal, 'cancel'), 200);
        await until('it is called off there', async () => (await read(url)).text.includes('STATUS:CANCELLED'));
        assert.ok(!(await read(url)).text.includes('망원역'));
        const other = await open(guests[2]);
        expectProblem(await read(url), 404, 'not_found');
        assert.equal((await read(other)).status, 200);
        expect(await guests[2].send('DELETE', '/v1/deal/calendar'), 204);
        expectProblem(await read(other), 404, 'not_found');
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_deal.calendar WHERE user_id = ${id(guests[2].id)}`), 0);
    });

    it('one\'s own data: everything, of nobody else', async () => {
        const all = expect(await guests[0].get('/v1/deal/export'), 200);
        assert.equal(all.context, 'deal');
        assert.equal(all.profile[0].nickname, guests[0].nickname);
        assert.ok(all.shares.length >= 1 && all.facts.length >= 2 && all.reviews_written.length === 1 && all.comment_reports.length === 1);
        assert.equal(all.deals.length, 0);
        assert.ok(!JSON.stringify(all).includes(guests[1].nickname));
        const hosts = expect(await host.get('/v1/deal/export'), 200);
        assert.ok(hosts.deals.length >= 5 && hosts.photos.length >= 1 && hosts.reviews_received.length === 1);
        const [[tables]] = await query(`SELECT COUNT(DISTINCT table_name) FROM information_schema.columns WHERE table_schema = 'gonggu_deal'
            AND column_name IN ('user_id', 'owner_id', 'host_id', 'author_id', 'from_id', 'about_id')`);
        assert.ok(Number(tables) >= 12);
        assert.equal((await send('GET', '/v1/deal/export')).status, 401);
    });
});
