// The SMS gateway: signatures, the limits of a text, the page.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { call, openSandbox } from './helpers.mjs';

let sandbox;
before(async () => {
    sandbox = await openSandbox();
});
after(() => sandbox.close());

const PATH = '/sms/v2/services/ncp:sms:kr:test/messages';
const text = (content, to = '01012345678') => ({ type: 'SMS', contentType: 'COMM', countryCode: '82', from: '0215880000', content, messages: [{ to }] });

function send(json, { path = PATH, time = Date.now(), access = 'access', secret = 'sms secret', signedPath = path } = {}) {
    const signature = createHmac('sha256', secret).update(`POST ${signedPath}\n${time}\n${access}`).digest('base64');
    return call(`${sandbox.url}${path}`, {
        method: 'POST',
        json,
        headers: { 'x-ncp-apigw-timestamp': String(time), 'x-ncp-iam-access-key': access, 'x-ncp-apigw-signature-v2': signature },
    });
}
const inbox = async (to) => (await call(`${sandbox.url}/sms/messages.json?to=${to}`)).body.items;

test('a signed text arrives, newest first, only at its number', async () => {
    const sent = await send(text('[공구] 인증번호 123456'));
    assert.equal(sent.status, 202);
    assert.equal(sent.body.statusCode, '202');
    assert.equal(sent.body.statusName, 'success');
    await send(text('둘째'));
    await send(text('남의 것', '01099998888'));
    assert.deepEqual((await inbox('01012345678')).map((m) => m.content), ['둘째', '[공구] 인증번호 123456']);
    await sandbox.restart();
    assert.equal((await inbox('01099998888')).length, 1);
    assert.match((await call(`${sandbox.url}/sms?to=01012345678`)).body, /인증번호 123456/);
});

test('nothing unsigned goes out', async () => {
    const to = '01055550000';
    const refusals = [
        { secret: 'another' },
        { access: 'another' },
        { time: Date.now() - 6 * 60 * 1000 },
        { time: Date.now() + 6 * 60 * 1000 },
        { signedPath: '/v2/services/ncp:sms:kr:test/messages' },
    ];
    for (const how of refusals) assert.equal((await send(text('위조', to), how)).status, 401, JSON.stringify(how));
    assert.equal((await call(`${sandbox.url}${PATH}`, { method: 'POST', json: text('위조', to) })).status, 401);
    assert.equal((await send(text('남의 서비스', to), { path: '/sms/v2/services/other/messages' })).status, 404);
    assert.deepEqual(await inbox(to), []);
});

test('a text has 90 bytes of EUC-KR', async () => {
    const to = '01066660000';
    assert.equal((await send(text('가'.repeat(45), to))).status, 202);
    assert.equal((await send(text(`${'가'.repeat(45)}a`, to))).status, 400);
    assert.equal((await send({ ...text(`${'가'.repeat(45)}a`, to), type: 'LMS' })).status, 202);
    assert.equal((await send(text('귤 🍊', to))).status, 400);
    assert.equal((await send(text('', to))).status, 400);
    assert.equal((await send(text('번호', '02-123-4567'))).status, 400);
    assert.equal((await inbox(to)).length, 2);
});
