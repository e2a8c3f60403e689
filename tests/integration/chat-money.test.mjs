// tests/integration/chat-money.test.mjs: what money tells the rooms, what becomes of pictures and words that are taken back,
// and how news that got lost are found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkInvariants } from '../invariants/check.mjs';
import { expect, send, uuid } from '../lib/api.mjs';
import { ChatClient, roomLog, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query } from '../lib/db.mjs';
import { act, dealIn, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const [ONE, TWO] = stack.instances.chat;
const cards = async (who, room) => (await roomLog(who, room)).filter((e) => e.type === 'card');
const shown = ({ card, action, about, amount_won, done, of }) => ({ card, action, about, amount_won, done, of });
const direct = async (who, other, deal) => expect(await who.send('POST', '/v1/chat/direct', { json: { user: other.id, deal: deal.id } }), 200).room;

function redis(...words) {
    const { GONGGU_REDIS: address, GONGGU_REDIS_PASSWORD_FILE: file } = Object.fromEntries(
        [...execFileSync(path(import.meta.dirname, '../../deploy/local/stack'), ['env'], { encoding: 'utf8', env: { ...process.env, GONGGU_STACK: 'test' } }).matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, k, v]) => [k, v]),
    );
    const [host, port] = address.split(':');
    const password = execFileSync('cat', [file], { encoding: 'utf8' }).trim();
    return execFileSync('redis-cli', ['-h', host, '-p', port, ...words], { encoding: 'utf8', env: { ...process.env, REDISCLI_AUTH: password } }).trim();
}

describe('money, pictures and lost news', () => {
    let host, ann, ben, eve;
    before(async () => {
        [host, ann, ben, eve] = await Promise.all([signUp('방장', 0), ...[1, 2, 3].map(() => signUp('이웃', 50_000))]);
    });

    it('C12 what goes back after the receipt, and a dispute, are cards; the dispute in the room of the two', async () => {
        const deal = await openDeal(host, { min_portions: 2 });
        for (const guest of [ann, ben]) await join(guest, deal, 1);
        expect(await act(host, deal, 'close', {}), 200);
        for (const guest of [ann, ben]) await shareIn(guest, deal, 'captured'); // a host buys when deal knows of all the money
        expect(await act(host, deal, 'purchase', { total_won: 20_000, receipt: await uploadPhoto(host) }), 200);
        await dealIn(host, deal, 'purchased');
        const seen = await until('the refund is told', async () => { const list = await cards(ann, deal.id); return list.some((c) => c.card === 'refunded') && list; });
        const refund = seen.find((c) => c.card === 'refunded');
        const back = await number(`SELECT COALESCE(SUM(refund_won), 0) FROM (SELECT 1) x, JSON_TABLE((SELECT JSON_EXTRACT(envelope, '$.data.shares') FROM gonggu_deal.outbox WHERE aggregate = ${id(deal.id)} AND type = 'deal.purchased.v1'), '$[*]' COLUMNS (refund_won BIGINT PATH '$.refund_won')) s`);
        assert.deepEqual([refund.amount_won, refund.of], [back, 2]);
        expect(await act(host, deal, 'arrive', {}), 200);
        await dealIn(host, deal, 'arrived');
        const { id: mine } = await shareIn(ann, deal, 'captured');
        expect(await act(ann, deal, 'share/dispute', { message: '상했어요', refund_won: 1_000 }), 201);
        expect(await act(host, deal, `shares/${mine}/dispute/answer`, { message: '조금만요', refund_won: 500 }), 200);
        expect(await act(ann, deal, 'share/dispute/accept'), 200);
        await shareIn(ann, deal, 'settled');
        await drained();
        const two = await direct(ann, host, deal);
        const told = (await cards(host, two)).map(shown);
        const about = { action: 'see_dispute', about: deal.id, done: undefined, of: undefined };
        assert.deepEqual(told, [{ card: 'dispute', amount_won: 1_000, ...about }, { card: 'dispute_answered', amount_won: 500, ...about }, { card: 'dispute_resolved', amount_won: 500, ...about }]);
        assert.ok(!(await cards(ben, deal.id)).some((c) => c.card.startsWith('dispute')), 'nobody else hears of it');
        expect(await act(ben, deal, 'share/dispute', { message: '착각했어요', refund_won: 1 }), 201);
        const { id: other } = await shareIn(ben, deal, 'disputed');
        expect(await act(host, deal, `shares/${other}/dispute/answer`, { message: '네', refund_won: 1 }), 200);
        await dealIn(host, deal, 'done');
    });

    it('C12 a 1/N request of a member is a card with its button; a stranger\'s is none', async () => {
        const deal = await openDeal(host);
        for (const guest of [ann, ben]) await join(guest, deal, 1);
        for (const one of [host, ann, ben]) await untilMember(one, deal.id);
        const request = (who) => who.post('/v1/pay/requests', { title: '배송비', room: deal.id, rounds: [{ total_won: 3_000, split: 'custom', people: [{ user: ben.id, amount_won: 3_000 }] }] });
        const made = expect(await request(ann), 201);
        expect(await request(eve), 201);
        const cancelled = await ann.post(`/v1/pay/requests/${made.id}/cancel`, {});
        assert.ok(cancelled.status < 300, cancelled.text);
        await drained();
        const told = (await until('the end is told', async () => { const list = await cards(ben, deal.id); return list.some((c) => c.card === 'request_cancelled') && list; })).slice(1).map(shown);
        assert.deepEqual(told, [
            { card: 'request', action: 'pay', about: made.id, amount_won: 3_000, done: undefined, of: 1 },
            { card: 'request_cancelled', action: undefined, about: made.id, amount_won: undefined, done: undefined, of: undefined },
        ]);
        expect(await act(host, deal, 'cancel', {}), 200);
    });

    it('C6 news that are lost without a sound are found within ten seconds', async () => {
        const deal = await openDeal(host);
        await untilMember(host, deal.id);
        const listener = await ChatClient.connect(host, {}, TWO);
        redis('ACL', 'SETUSER', 'default', '-publish');
        try {
            const started = Date.now();
            const seq = expect(await host.send('POST', `/v1/chat/rooms/${deal.id}/messages`, { json: { cid: uuid(), text: '들리나요' }, base: ONE, key: uuid() }), 201).seq;
            await until('it is found', () => listener.entries(deal.id).some((e) => e.seq === seq), { within: 10_000 });
            assert.ok(Date.now() - started < 10_000);
        } finally {
            redis('ACL', 'SETUSER', 'default', '+publish');
            listener.drop();
        }
        expect(await act(host, deal, 'cancel', {}), 200);
    });

    it('a link is text: nobody fetches it, and nothing stands beside it', async () => {
        const deal = await openDeal(host);
        await untilMember(host, deal.id);
        const seq = expect(await host.post(`/v1/chat/rooms/${deal.id}/messages`, { cid: uuid(), text: 'https://shop.example/감귤 보세요' }), 201).seq;
        const [entry] = await roomLog(host, deal.id, seq - 1);
        assert.deepEqual(Object.keys(entry).sort(), ['at', 'cid', 'from', 'seq', 'text', 'type']);
        expect(await act(host, deal, 'cancel', {}), 200);
    });

    it('A13 a deleted message\'s picture is seen no more, and removed after 30 days, as is all that one wrote who has left', async () => {
        const leaver = await signUp('떠나는이');
        const deal = await openDeal(host);
        await join(ann, deal, 1);
        for (const one of [host, ann]) await untilMember(one, deal.id);
        const two = await direct(leaver, host, deal);
        const picture = async (who, room, colour) => {
            const { name } = expect(await who.send('PUT', `/v1/chat/rooms/${room}/images`, { raw: png(colour), type: 'image/png' }), 201);
            return { name, seq: expect(await who.post(`/v1/chat/rooms/${room}/messages`, { cid: uuid(), images: [name] }), 201).seq };
        };
        const acts = async (who, room, json) => expect(await who.send('POST', `/v1/chat/rooms/${room}/acts`, { json: { cid: uuid(), ...json } }), 200);
        const files = () => readdirSync(path(stack.data, 'chat-photos'), { recursive: true }).map((f) => f.split('/').at(-1));
        const kept = await picture(ann, deal.id, [1, 2, 3]);
        const gone = await picture(ann, deal.id, [4, 5, 6]);
        const theirs = await picture(leaver, two, [7, 8, 9]);
        const words = expect(await leaver.post(`/v1/chat/rooms/${two}/messages`, { cid: uuid(), text: '비밀 이야기' }), 201).seq;
        await acts(leaver, two, { react: { seq: words, emoji: '👍' } });
        await acts(ann, deal.id, { delete: { seq: gone.seq } });
        assert.equal((await host.get(`/v1/chat/rooms/${deal.id}/images/${gone.name}`)).status, 404);
        assert.equal((await host.get(`/v1/chat/rooms/${deal.id}/images/${kept.name}`)).status, 200);
        assert.ok([kept, gone, theirs].every(({ name }) => files().includes(name)), 'a report could still see it');
        expect(await act(host, deal, 'cancel', {}), 200);
        await drained();
        const asked = expect(await leaver.send('POST', '/v1/auth/closing', { json: { again: { password: leaver.password } } }), 202);
        await until('the account is closed', async () => expect(await send('GET', `/v1/auth/closings/${asked.id}`), 200).state === 'closed');
        clock.advance(31 * clock.DAY);
        try {
            await until('the deleted picture is gone', () => !files().includes(gone.name), { within: 30_000 });
            await until('chat has told what it forgot', async () => (await query(`SELECT 1 FROM gonggu_chat.outbox WHERE aggregate = ${id(leaver.id)} AND type = 'chat.user.purged.v1'`)).length > 0, { within: 30_000 });
            await until('the picture of who left is gone', () => !files().includes(theirs.name), { within: 30_000 });
            await until('nor is it listed', async () => (await number(`SELECT COUNT(*) FROM gonggu_chat.image WHERE owner_id = ${id(leaver.id)}`)) === 0, { within: 30_000 });
        } finally {
            clock.reset();
        }
        assert.ok(files().includes(kept.name), 'other pictures stay');
        const of = async (what) => number(`SELECT COUNT(*) FROM gonggu_chat.${what}`);
        assert.equal(await of(`person WHERE user_id = ${id(leaver.id)}`), 0);
        assert.equal(await of(`reaction WHERE user_id = ${id(leaver.id)}`), 0);
        assert.equal(await of(`entry WHERE sender_id = ${id(leaver.id)} AND (body IS NOT NULL OR extra IS NOT NULL)`), 0);
        assert.equal(await of(`entry WHERE room_id = ${id(two)} AND seq = ${words} AND deleted = TRUE`), 1, 'its place in the log stays');
    });

    it('what must hold across the five schemas holds', () => checkInvariants());
    after(() => clock.reset());
});
