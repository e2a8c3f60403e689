// deploy/sandbox/sandbox.mjs: the parts under one roof.
import { createBank } from './bank.mjs';
import { createRouter, sendPage, serve, serveHttp2 } from './http.mjs';
import { createOidc } from './oidc.mjs';
import { html, layout, STYLE } from './page.mjs';
import { createPayments } from './payments.mjs';
import { createPush } from './push.mjs';
import { createShop } from './shop.mjs';
import { createSms } from './sms.mjs';
import { createStorage } from './storage.mjs';

/** Starts everything; `stop()` ends it once requests under way are answered. */
export async function startSandbox(config) {
    const router = createRouter();
    const payments = createPayments(router, config);
    createBank(router, config);
    createSms(router, config);
    createPush(router, config);
    createStorage(router, config);
    createShop(router);
    const oidc = createOidc(router, config);
    router.on('GET', '/', (req, res) => sendPage(res, startPage(config)));
    router.on('GET', '/style.css', (req, res) => {
        res.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' });
        res.end(STYLE);
    });

    const server = await serve((req, res) => oidc.handle(req, res) || router.handle(req, res), config.port, config.host);

    const push = config.pushTls && (await serveHttp2(router.handle, config.pushPort, config.host, config.pushTls));
    const pushSessions = new Set();
    if (push) push.on('session', (s) => pushSessions.add(s).size && s.once('close', () => pushSessions.delete(s)));

    async function stop() {
        payments.stop();
        if (push) {
            push.close();
            for (const session of pushSessions) session.destroy();
        }
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 3000).unref();
        await closed;
    }
    return { port: server.address().port, stop };
}

const CARDS = [
    ['/pay', '결제', 'Payments', '결제창, 승인, 취소, 서명된 웹훅', 'a payment provider in the form of Toss Payments'],
    ['/bank', '은행', 'Bank', '계좌, 예금주 조회, 이체, 거래 내역 파일', 'a bank: accounts, names, transfers, statements'],
    ['/sms', '문자', 'Text messages', '휴대폰 대신 여기로 오는 문자', 'an SMS gateway in the form of Naver SENS'],
    ['/push', '푸시 알림', 'Web push', '구독한 브라우저가 해독한 알림', 'a push service that decrypts'],
    ['/people', '로그인', 'Log-in elsewhere', '카카오 · 네이버 · Google 대신', 'an OpenID provider'],
];

function startPage(config) {
    return layout(
        '공구 바깥세상',
        html`<h1>공구의 바깥세상 <small lang="en">the world around Gonggu, imitated</small></h1>
<p>공구가 이야기하는 바깥 서비스를 이 컴퓨터에서 흉내 냅니다. 실제 돈도 문자도 나가지 않습니다.</p>
<p lang="en"><small>The outside services the market talks to, on this computer. No money moves, no text is sent.</small></p>
<div class="grid">${CARDS.map(
    ([href, ko, en, koText, enText]) =>
        html`<a class="card" href="${href}"><p><b>${ko}</b> <small lang="en">${en}</small></p><p>${koText}</p><p lang="en"><small>${enText}</small></p></a>`,
)}<a class="card" href="${config.clientUrl}"><p><b>공구로 가기</b> <small lang="en">to the market</small></p><p><small>${config.clientUrl}</small></p></a></div>`,
    );
}
