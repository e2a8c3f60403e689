// tests/integration/doors.test.mjs: who gets in where. Every route of every service that names a thing, or an office, is
// tried by each kind of person with a request that its owner could make; whoever is let in stands in a list here.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { signUpAdmin } from '../lib/admins.mjs';
import { expect, told, uuid } from '../lib/api.mjs';
import { subscribe } from '../lib/browsers.mjs';
import { untilMember } from '../lib/chat.mjs';
import { DAY, fromNow } from '../lib/clock.mjs';
import { act, join, openDeal, shareIn, uploadPhoto } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { at, printed } from '../lib/schema.mjs';
import { SERVICES } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';
import { bankAccount } from '../lib/wallet.mjs';

const documents = Object.fromEntries(SERVICES.map((service) => [service, printed(`${service}.openapi`)]));
const routes = SERVICES.flatMap((service) =>
    Object.entries(documents[service].paths).flatMap(([path, item]) =>
        Object.entries(item)
            .filter(([, operation]) => operation.security.length > 0)
            .map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation, service })),
    ),
);

/** The smallest value that a schema allows. */
function sample(document, schema) {
    if (schema.$ref) return sample(document, at(document, schema.$ref));
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => sample(document, one)));
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum[0];
    if (schema.type === 'object') return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(document, schema.properties[name])]));
    if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => sample(document, schema.items));
    if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1));
    if (schema.type === 'boolean') return true;
    if (schema.format === 'uuid') return uuid();
    if (schema.format === 'date-time') return new Date(Date.now() + 3_600_000).toISOString();
    return '가'.repeat(Math.max(1, schema.minLength ?? 1));
}

/** A request to the route about `things`, named by the service and the part of the path before the parameter. */
function request(route, things, given) {
    let path = route.path;
    for (const [, collection, parameter] of route.path.matchAll(/([^/]+)\/\{(\w+)\}/g)) {
        const thing = things[`${route.service}.${collection}`];
        assert.ok(thing, `nobody made a thing for ${route.name}`);
        path = path.replace(`{${parameter}}`, thing);
    }
    const body = route.operation.requestBody?.content?.['application/json']?.schema;
    return [route.method, path + (given[route.name]?.query ?? ''), { key: uuid(), ...(body && { json: sample(documents[route.service], body) }), ...given[route.name]?.body }];
}

const inside = (reply) => reply.status >= 200 && reply.status < 300;
const refusal = (reply) => [401, 403, 404].includes(reply.status);

const OPEN_TO_ALL = [
    'GET /v1/auth/users/{id}',
    'GET /v1/deal/deals/{id}',
    'GET /v1/deal/deals/{id}/terms',
    'GET /v1/deal/deals/{id}/comments',
    'GET /v1/deal/people/{id}/level',
    'GET /v1/deal/wishes/{id}',
    'GET /v1/deal/series/{id}',
    'GET /v1/pay/statements/{month}',
    'POST /v1/deal/deals/{id}/views',
    'POST /v1/deal/deals/{id}/comments',
    'POST /v1/deal/comments/{id}/report',
    'PUT /v1/deal/deals/{id}/bookmark',
    'DELETE /v1/deal/deals/{id}/bookmark',
    'PUT /v1/deal/wishes/{id}/vote',
    'DELETE /v1/deal/wishes/{id}/vote',
    'PUT /v1/deal/series/{id}/order',
    'DELETE /v1/deal/series/{id}/order',
    'PUT /v1/push/mutes/{deal}',
    'DELETE /v1/push/mutes/{deal}',
];
const STRANGER = [...OPEN_TO_ALL, 'POST /v1/deal/deals/{id}/shares', 'PUT /v1/auth/blocks/{id}', 'DELETE /v1/auth/blocks/{id}'];
const MEMBER = [
    ...OPEN_TO_ALL,
    'GET /v1/deal/deals/{id}/shares',
    'GET /v1/deal/deals/{id}/share',
    'POST /v1/deal/deals/{id}/share/quantity',
    'POST /v1/deal/deals/{id}/share/accept',
    'POST /v1/deal/deals/{id}/share/window',
    'GET /v1/chat/rooms/{id}',
    'GET /v1/chat/rooms/{id}/members',
    'GET /v1/chat/rooms/{id}/events',
    'GET /v1/chat/rooms/{id}/search',
    'POST /v1/chat/rooms/{id}/messages',
    'POST /v1/chat/rooms/{id}/read',
    'PUT /v1/chat/rooms/{id}/settings',
    'PUT /v1/chat/rooms/{id}/images',
    'GET /v1/pay/requests/{id}',
    'POST /v1/pay/requests/{id}/decline',
    'POST /v1/deal/deals/{id}/leave',
    'PUT /v1/auth/blocks/{id}',
    'DELETE /v1/auth/blocks/{id}',
];

/** Who was there keeps what was said to him, and his own share. */
const GONE = [...STRANGER, 'GET /v1/deal/deals/{id}/share', 'GET /v1/chat/rooms/{id}/events', 'GET /v1/chat/rooms/{id}/search'];
/** Refused for another reason than who asks. */
const REFUSED_OTHERWISE = {
    'POST /v1/deal/deals/{id}/waitlist': ['seats_free', 'already_joined'],
    'POST /v1/deal/deals/{id}/share/dispute': 'wrong_state',
    'POST /v1/deal/deals/{id}/shares': 'already_joined',
    'PUT /v1/deal/deals/{id}/reviews/{user}': 'not_reviewable',
    'POST /v1/deal/wishes/{id}/deal': 'invalid',
};

const OFFICES = [
    'GET /v1/chat/reports',
    'GET /v1/deal/disputes',
    'GET /v1/deal/reported-comments',
    'GET /v1/pay/orphan-won',
    'POST /v1/push/promotions',
];

describe('who gets in where', () => {
    const named = routes.filter((r) => r.path.includes('{') && !r.path.includes('/admin/') && !r.path.includes('/oauth/') && !r.path.includes('/social/'));
    const offices = routes.filter((r) => r.path.includes('/admin/') || OFFICES.includes(r.name));
    let host, guest, gone, stranger, suspended, admin, things, given;

    before(async () => {
        [host, guest, gone, stranger, suspended] = await Promise.all([signUp('방장', 50_000), signUp('이웃', 50_000), signUp('떠난이', 50_000), signUp('남'), signUp('멈춘이', 50_000)]);
        admin = await signUpAdmin();
        const deal = await openDeal(host);
        for (const one of [guest, gone, suspended]) await join(one, deal, 1);
        for (const one of [host, guest, gone]) await untilMember(one, deal.id);
        expect(await act(gone, deal, 'leave'), 200);
        await until('who left is out of the room', async () => (await gone.get(`/v1/chat/rooms/${deal.id}`)).status !== 200);
        const browser = await subscribe(host);
        const { id: account } = await bankAccount(host);
        const notice = await until('the host was told something', async () => (await host.inbox()).items[0]);
        const made = async (path, json) => expect(await host.post(path, json), 201).id;
        const [mine] = expect(await host.get('/v1/auth/sessions'), 200).items;
        const [entry] = expect(await host.get('/v1/pay/entries'), 200).items;
        const keyword = expect(await host.send('POST', '/v1/push/keywords', { json: { word: '감자', lat: 37.55, lng: 126.91, radius_m: 2000 } }), 201);
        things = {
            'deal.deals': deal.id,
            'deal.shares': (await shareIn(guest, deal, 'held')).id,
            'deal.reviews': host.id,
            'deal.comments': await made(`/v1/deal/deals/${deal.id}/comments`, { text: '몇 시에 오세요?' }),
            'deal.drafts': await made('/v1/deal/drafts', { title: '언젠가' }),
            'deal.series': await made('/v1/deal/series', { deal: deal.id, rule: 'FREQ=WEEKLY' }),
            'deal.wishes': await made('/v1/deal/wishes', { title: '사료 나눠요', text: '같이 사요', category: 'pet', lat: 37.556, lng: 126.91 }),
            'deal.people': host.id,
            'deal.appeals': uuid(),
            'deal.disputes': uuid(),
            'chat.rooms': deal.id,
            'chat.reports': uuid(),
            'chat.images': `${'0'.repeat(64)}.webp`,
            'pay.charges': await made('/v1/pay/charges', { amount_won: 1_000 }),
            'pay.requests': await made('/v1/pay/requests', { title: '배송비', rounds: [{ total_won: 1_000, split: 'custom', people: [{ user: guest.id, amount_won: 1_000 }] }] }),
            'pay.bank-accounts': account,
            'pay.withdrawals': uuid(),
            'pay.entries': entry.id,
            'pay.statements': new Date().toISOString().slice(0, 7),
            'push.inbox': notice.id,
            'push.devices': browser.device,
            'push.keywords': keyword.id,
            'push.mutes': deal.id,
            'auth.users': host.id,
            'auth.sessions': mine.id,
            'auth.blocks': host.id,
            'auth.passkeys': uuid(),
            'auth.reports': uuid(),
            'pay.corrections': uuid(),
            'pay.reviews': uuid(),
            'auth.neighbourhoods': '1144012400',
        };
        given = {
            'POST /v1/deal/deals/{id}/purchase': { body: { json: { total_won: 30_000, receipt: await uploadPhoto(host) } } },
            'POST /v1/deal/deals/{id}/share/window': { body: { json: { window: 0 } } },
            'POST /v1/chat/rooms/{id}/messages': { body: { json: { cid: uuid(), text: '안녕하세요' } } },
            'POST /v1/chat/rooms/{id}/acts': { body: { json: { cid: uuid(), edit: { seq: 1, text: '남의 말' } } } },
            'POST /v1/deal/wishes/{id}/deal': { body: { json: { deal: deal.id } } },
            'GET /v1/chat/rooms/{id}/search': { query: `?q=${encodeURIComponent('감자')}` },
            'PUT /v1/chat/rooms/{id}/images': { body: { raw: png([1, 2, 3]), type: 'image/png' } },
            'PUT /v1/push/devices/{id}': { body: { json: { endpoint: browser.endpoint, keys: browser.keys, lang: 'ko' } } },
        };
    });

    /** What is wrong with the reply: it let in who has no business there, kept out who has, or is not in the document. */
    function fault(route, reply, open) {
        const { status, body } = reply;
        if (open ? !inside(reply) : !refusal(reply) && ![REFUSED_OTHERWISE[route.name]].flat().includes(body?.code ?? null)) return `${route.name}: ${status} ${body?.code ?? ''}`;
        const codes = route.operation.responses[status]?.['x-codes'];
        return body?.code && !codes?.includes(body.code) ? `${route.name}: ${status} ${body.code} is not documented` : undefined;
    }

    /** Tries all that is not open to `who`, then what is; a way in changes what comes after it, so those come last. */
    async function tryAll(who, list, open) {
        const faults = [];
        const closed = list.filter((r) => !open.includes(r.name)), ways = open.map((name) => list.find((r) => r.name === name) ?? assert.fail(`there is no ${name}`));
        for (const route of [...closed, ...ways]) {
            const asked = request(route, things, given);
            const reply = await who.send(...asked).catch((error) => assert.fail(`${route.name}: ${error}`));
            faults.push(fault(route, reply, open.includes(route.name)));
        }
        assert.deepEqual(faults.filter(Boolean), []);
    }

    it('a stranger sees what is public and may come in, no more', () => tryAll(stranger, named, STRANGER));
    it('who left is a stranger again, but for his share and what was said while he was there', () => tryAll(gone, named, GONE));
    it('a member does what is his, and nothing of the host', () => tryAll(guest, named, MEMBER));
    it('a member holds no office', () => tryAll(host, offices, []));

    it('A3 who is suspended gets in nowhere, with the token of before', async () => {
        const json = { reason: '사기 신고', until: fromNow(DAY) };
        expect(await admin.send('PUT', `/v1/auth/admin/users/${suspended.id}/suspension`, { json }), 200);
        for (const service of SERVICES) await until(`${service} knows`, async () => (await suspended.get(`/v1/${service}/export`)).status === 401);
        for (const route of [...named, ...offices]) {
            const reply = await suspended.send(...request(route, things, given));
            assert.equal(reply.status, 401, told(reply));
        }
    });
});
