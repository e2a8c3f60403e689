// tests/journeys/pwa.test.mjs: a group buy from sign-up to the last won, by tapping: host and neighbour in a browser each, on the
// built client behind the gateway; the chat is killed in between, and the code is shown without network.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as clock from '../lib/clock.mjs';
import { freshPhone, smsCode } from '../lib/people.mjs';
import { jpeg } from '../lib/pictures.mjs';
import { Screen } from '../lib/screen.mjs';
import { start, stop } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const MANGWON = { lat: 37.5556, lng: 126.9019 };
const mark = Math.random().toString(36).slice(2, 8);
const TITLE = `제주 감귤 ${mark}`;
const people = { host: `방장${mark}`, neighbour: `이웃${mark}` };

async function signUp(screen, nickname, loginId) {
    await screen.tap('회원가입', { exact: true });
    const phone = freshPhone();
    await screen.fill('휴대폰 번호', phone);
    await screen.tap('인증번호 받기');
    await screen.sees('인증번호');
    await screen.fill('인증번호', await smsCode(phone));
    await screen.tap('다음', { exact: true });
    await screen.fill('아이디', loginId);
    await screen.fill('비밀번호', `귤과-${mark}-오렌지`);
    await screen.tap('다음', { exact: true });
    await screen.fill('닉네임', nickname);
    await screen.tap('이용약관과 개인정보 처리에 동의해요');
    await screen.tap('가입하기');
    await screen.sees('우리 동네를 확인할게요');
}

describe('the web client: a group buy by tapping', { timeout: 900_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'gonggu-pwa-'));
    const photo = join(folder, 'photo.jpg');
    let host, neighbour, deal, broken;
    /** A step of the story: after one that failed, the rest says nothing. */
    const step = (name, act) => it(name, async () => {
        assert.ok(!broken, `the story ended with "${broken}"`);
        broken = name;
        await act();
        broken = undefined;
    });

    before(async () => {
        clock.reset();
        writeFileSync(photo, jpeg);
        [host, neighbour] = await Promise.all([Screen.open('/welcome', { at: MANGWON }), Screen.open('/welcome', { at: MANGWON })]);
    });
    after(async () => {
        await start('chat-1', 'chat-2').catch(() => undefined);
        await Promise.all([host?.close(), neighbour?.close()]);
        rmSync(folder, { recursive: true, force: true });
    });

    step('both sign up with a code by SMS; the host proves the neighbourhood', async () => {
        await signUp(host, people.host, `h_${mark}`);
        await host.tap('현재 위치로 확인하기');
        await host.at('/');
        await host.sees('망원동');
        await signUp(neighbour, people.neighbour, `n_${mark}`);
        await neighbour.tap('나중에 할게요');
        await neighbour.at('/');
    });

    step('the host opens a deal with a photo; what is written survives a reload', async () => {
        await host.tap('공구 열기');
        await host.attach(photo);
        await host.tap('다음', { exact: true });
        await host.fill('제목', TITLE);
        await host.fill('한 몫은', '1kg');
        await host.fill('설명', '새콤달콤한 노지 감귤이에요.');
        await until('the draft is kept', () => host.page.run((title) => new Promise((resolve) => {
            const open = indexedDB.open('gonggu', 1);
            open.onsuccess = () => {
                const get = open.result.transaction('kept').objectStore('kept').get('draft.deal');
                get.onsuccess = () => resolve(get.result?.title === title && get.result.description.length > 5 && get.result.photos.length === 1);
            };
        }), TITLE));
        await host.go('/open');
        await host.sees('쓰던 글을 불러왔어요');
        await host.tap('다음', { exact: true });
        await host.fill('전체 가격', 30_000);
        await host.tap('최소 이만큼 모이면 진행 줄이기', { times: 3 });
        await host.tap('다음', { exact: true });
        await host.fill('만나는 곳', '망원역 2번 출구 앞');
        await host.tap('다음', { exact: true });
        await host.sees('이대로 열까요?');
        await host.tap('공구 열기', { exact: true });
        await host.sees('모집 중');
        deal = (await host.path()).split('/').pop();
    });

    step('the neighbour finds it, charges on the way and joins; the deal page is live', async () => {
        await neighbour.tap('공구 찾기');
        await neighbour.fill('공구 찾기', TITLE);
        await neighbour.tap(TITLE);
        await neighbour.at(`/deals/${deal}`);
        await neighbour.sees('정확한 곳은 참여하면 보여요');
        await neighbour.tap('참여하기');
        await neighbour.tap('1kg 늘리기');
        await neighbour.tap('충전하고 참여하기');
        await neighbour.tap('+10,000원');
        await neighbour.tap('16,000원 충전하기');
        await neighbour.approvePayment();
        // Charged: back to the very tap that was left. Funded, it is three: join, one more, pay.
        await neighbour.at(`/deals/${deal}`);
        await neighbour.tap('1kg 늘리기');
        await neighbour.tap('6,000원 결제하고 참여하기');
        await neighbour.sees('참여했어요');
        await host.sees('7몫 남음');
        await host.tap('방장 책상');
        await host.sees(people.neighbour);
    });

    step('they talk; the chat is killed in between, and what was written arrives once and in order', async () => {
        await neighbour.tap('채팅방 가기');
        await host.go(`/chat/${deal}`);
        await neighbour.fill('메시지 보내기', '안녕하세요!');
        await neighbour.press('Enter');
        await host.sees('안녕하세요!');
        await stop('chat-1', 'chat-2');
        await neighbour.sees('다시 연결하고 있어요');
        for (const words of ['첫째', '둘째', '셋째']) {
            await neighbour.fill('메시지 보내기', words);
            await neighbour.tap('보내기', { exact: true });
        }
        await neighbour.sees('연결되면 보내요');
        await start('chat-1', 'chat-2');
        const said = () => [...document.querySelectorAll('[data-message] button')].map((e) => e.innerText.trim());
        for (const screen of [host, neighbour])
            await until('all of it has arrived, in order', async () => {
                const lines = (await screen.page.run(said)).filter((line) => ['첫째', '둘째', '셋째'].includes(line));
                if (lines.join() !== '첫째,둘째,셋째') throw new Error(lines.join());
                return (await screen.page.run(() => document.querySelectorAll('[data-unsent]').length)) === 0;
            }, { within: 90_000 });
    });

    step('the host closes, buys cheaper than planned, and tells that it is here', async () => {
        await host.go(`/deals/${deal}/desk`);
        await host.tap('지금 마감하기');
        await host.tap('구매 완료 알리기');
        await host.fill('실제 구매 금액', 27_000);
        await host.attach(photo);
        await host.sees('photo.jpg');
        await host.tap('구매 완료 알리기');
        await host.tap('도착 알리기');
        await host.sees('나눠 주기');
    });

    step('the neighbour shows the code, also without network; the host takes it, and the money is where it belongs', async () => {
        await neighbour.go(`/deals/${deal}/code`);
        const read = () => document.querySelector('[data-code]')?.innerText.trim();
        const code = await neighbour.reads('a code', read);
        assert.match(code, /^\d{6}$/);
        await neighbour.reads('the worker serves this page', () => navigator.serviceWorker.controller !== null);
        await neighbour.offline(true);
        await neighbour.go(`/deals/${deal}/code`);
        assert.equal(await neighbour.reads('the code without network', read), code);
        await neighbour.sees('오프라인');
        await neighbour.offline(false);

        await host.fill('코드 6자리', code);
        await host.tap('나눠 주기', { exact: true });
        await host.sees(`${people.neighbour}님에게 전달했어요`);
        await host.sees('모두 나눴어요');
        await neighbour.sees('수령했어요');
        await host.go('/wallet');
        await host.sees('5,400원');
        await neighbour.go('/wallet');
        await neighbour.sees('10,600원');
    });

    step('the neighbour hears of each step in the inbox, reviews, and leaves nothing behind at log-out', async () => {
        await neighbour.go('/inbox');
        await neighbour.reads('the steps in the inbox', () => ['handed_over', 'arrived', 'purchased', 'confirmed', 'charged'].every((kind) => document.querySelector(`[data-kind="${kind}"]`)));
        await neighbour.go('/me/reviews');
        await neighbour.tap('후기 보내기');
        await neighbour.sees('후기를 보냈어요');
        await neighbour.go('/me/settings');
        await neighbour.tap('로그아웃', { exact: true });
        await neighbour.sees('로그아웃했어요');
        const left = await neighbour.page.run(async () => {
            const kept = await new Promise((resolve) => {
                const open = indexedDB.open('gonggu', 1);
                open.onsuccess = () => (open.result.transaction('kept').objectStore('kept').getAllKeys().onsuccess = (event) => resolve(event.target.result));
            });
            return { kept: kept.filter((name) => !name.includes('"GET /v1/deal/deals"')), caches: (await caches.keys()).filter((name) => name.startsWith('gonggu-push')), in: localStorage.getItem('gonggu.signed-in') };
        });
        assert.deepEqual(left, { kept: [], caches: [], in: null });
        await neighbour.go('/wallet');
        await neighbour.at('/welcome');
        for (const screen of [host, neighbour]) screen.sound();
    });
});
