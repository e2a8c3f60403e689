// deploy/sandbox/sms.mjs: an SMS gateway in the form of Naver Cloud SENS. The texts land on a page instead of a phone.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readJson, Refusal, sendJson, sendPage } from './http.mjs';
import { html, layout, seoulTime } from './page.mjs';
import { openState } from './state.mjs';

const KEPT = 5000;
const CLOCK_MS = 5 * 60 * 1000;
const BYTES_MAX = { SMS: 90, LMS: 2000 };

/** The signature SENS wants: of the path as requested, the time in ms and the access key. */
export function signSms(secret, path, timestamp, accessKey, method = 'POST') {
    return createHmac('sha256', secret).update(`${method} ${path}\n${timestamp}\n${accessKey}`).digest('base64');
}

export function createSms(router, config) {
    const state = openState(`${config.data}/sms.json`, { messages: [] });
    const { data } = state;

    function authorize(req) {
        const timestamp = req.headers['x-ncp-apigw-timestamp'] ?? '';
        const signature = Buffer.from(req.headers['x-ncp-apigw-signature-v2'] ?? '');
        const expected = Buffer.from(signSms(config.smsSecret, req.url, timestamp, config.smsAccessKey, req.method));
        if (req.headers['x-ncp-iam-access-key'] !== config.smsAccessKey) throw unauthorized('unknown access key');
        if (!/^\d{13}$/.test(timestamp) || Math.abs(Date.now() - Number(timestamp)) > CLOCK_MS)
            throw unauthorized('the timestamp is more than 5 minutes off');
        if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw unauthorized('wrong signature');
    }

    async function send(req, res, { serviceId }) {
        authorize(req);
        if (serviceId !== config.smsServiceId) throw new Refusal(404, '404', `no service ${serviceId}`);
        const texts = checkSend(await readJson(req));
        const requestId = randomUUID();
        const requestTime = new Date().toISOString();
        data.messages.push(...texts.map((text) => ({ id: randomUUID(), requestId, at: requestTime, ...text })));
        data.messages.splice(0, data.messages.length - KEPT);
        await state.save();
        sendJson(res, 202, { requestId, requestTime, statusCode: '202', statusName: 'success' });
    }

    /** What became of a request: delivered, unless its number is one of those that never answer (01000000000). */
    function report(req, res, { serviceId }, query) {
        authorize(req);
        if (serviceId !== config.smsServiceId) throw new Refusal(404, '404', `no service ${serviceId}`);
        const found = data.messages.filter((m) => m.requestId === query.get('requestId'));
        if (found.length === 0) throw new Refusal(404, '404', 'no such request');
        const messages = found.map((m) => ({
            messageId: m.id,
            to: m.to,
            status: 'COMPLETED',
            statusCode: m.to === '01000000000' ? '2' : '0',
            statusName: m.to === '01000000000' ? 'fail' : 'success',
        }));
        sendJson(res, 200, { statusCode: '202', statusName: 'success', messages });
    }

    function list(req, res, params, query) {
        const to = query.get('to');
        const items = data.messages.filter((m) => to === null || m.to === to).slice(-200).reverse();
        sendJson(res, 200, { items });
    }

    router.on('POST', '/sms/v2/services/:serviceId/messages', send);
    router.on('GET', '/sms/v2/services/:serviceId/messages', report);
    router.on('GET', '/sms/messages.json', list);
    router.on('GET', '/sms', (req, res, params, query) => sendPage(res, phonePage(data.messages, query.get('to'))));
}

const unauthorized = (why) => new Refusal(401, '401', `Unauthorized: ${why}`);
const invalid = (why) => new Refusal(400, '400', `Bad Request: ${why}`);

function checkSend({ type, contentType = 'COMM', countryCode = '82', from, content, messages }) {
    if (!Object.hasOwn(BYTES_MAX, type)) throw invalid('type is SMS or LMS');
    if (contentType !== 'COMM' && contentType !== 'AD') throw invalid('contentType is COMM or AD');
    if (countryCode !== '82') throw invalid('countryCode is 82 here');
    if (typeof from !== 'string' || !/^\d{8,11}$/.test(from)) throw invalid('from: digits of a registered sender');
    if (!Array.isArray(messages) || messages.length < 1 || messages.length > 100) throw invalid('messages: 1 to 100');
    return messages.map((message) => {
        const text = message?.content ?? content;
        if (typeof message?.to !== 'string' || !/^01\d{8,9}$/.test(message.to)) throw invalid('to: a mobile number, digits only');
        if (typeof text !== 'string' || text === '') throw invalid('content is missing');
        if (eucKrBytes(text) > BYTES_MAX[type]) throw invalid(`content: at most ${BYTES_MAX[type]} bytes of EUC-KR for ${type}`);
        return { type, contentType, from, to: message.to, content: text };
    });
}

let twoByteChars = null;

/** Bytes of the text in EUC-KR as phones use it (with its Microsoft extension); what it cannot write is refused. */
function eucKrBytes(text) {
    twoByteChars ??= allTwoByteChars();
    let bytes = 0;
    for (const char of text) {
        if (char.codePointAt(0) < 0x80) bytes += 1;
        else if (twoByteChars.has(char)) bytes += 2;
        else throw invalid(`content: ${char} does not exist in EUC-KR`);
    }
    return bytes;
}

function allTwoByteChars() {
    const decoder = new TextDecoder('euc-kr');
    const chars = new Set();
    for (let lead = 0x81; lead <= 0xfe; lead++)
        for (let trail = 0x41; trail <= 0xfe; trail++) {
            const char = decoder.decode(Uint8Array.of(lead, trail));
            if ([...char].length === 1 && char !== '\ufffd') chars.add(char);
        }
    return chars;
}

// ---- the page --------------------------------------------------------------------------------------------------------
const shown = (number) => number.replace(/^(\d{3})(\d{3,4})(\d{4})$/, '$1-$2-$3');

function phonePage(messages, to) {
    const newest = messages.filter((m) => to === null || m.to === to).slice(-100).reverse();
    return layout(
        '문자 · Texts',
        html`<h1>문자 <small lang="en">Texts${to !== null && html` · ${shown(to)} · <a href="/sms">all</a>`}</small></h1>
${newest.length === 0 && html`<p class="card">아직 받은 문자가 없습니다. <small lang="en">No texts yet.</small></p>`}
<div class="phone">${newest.map(
    (m) => html`<p><a href="/sms?to=${m.to}">${shown(m.to)}</a> <small>${seoulTime(m.at)} · ${m.from}</small></p><p class="bubble">${m.content}</p>`,
)}</div>`,
        { refresh: 3, current: '/sms' },
    );
}
