// tests/long/auth-breaker.test.mjs: A4, the breaker of codes: somebody lets hundreds be sent and redeems none; then few are
// sent, until they come back again. In the hour it runs it uses up codes that other tests need: so it is long.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { freshPhone, smsCode } from '../lib/people.mjs';
import { each } from '../lib/wait.mjs';

let serial = 0;
const ask = async (phone = freshPhone()) => {
    const headers = { 'x-real-ip': `198.18.${++serial & 255}.${(serial >> 8) & 255}` };
    return { phone, reply: await send('POST', '/v1/auth/phone-codes', { json: { phone }, headers }) };
};

after(() => clock.reset());

it('A4 the breaker: when few codes come back, few are sent, until they come back again', async () => {
    const sent = await each(Array.from({ length: 320 }), 16, () => ask());
    for (const { reply } of sent) expect(reply, 202); // nothing is known of them yet
    clock.advance(3 * clock.MINUTE); // less than the SMS gateway minds, and the codes still hold
    const later = await each(Array.from({ length: 70 }), 16, () => ask());
    const through = later.filter(({ reply }) => reply.status === 202);
    assert.ok(through.length >= 50 && through.length <= 60, `${through.length} were sent`);
    for (const { reply } of later) if (reply.status !== 202) expectProblem(reply, 429, 'code_budget');
    // The owners of the numbers turn up after all.
    await each(sent.slice(0, 300), 8, async ({ phone, reply }) => {
        const json = { code_request: reply.body.request, code: await smsCode(phone) };
        expectProblem(await send('POST', '/v1/auth/find-id', { json }), 404, 'no_account');
    });
    expect((await ask()).reply, 202);
});
