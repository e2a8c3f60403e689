// tests/journeys/pwa-acts.test.mjs: what people do with their account and money in the web client, by tapping: a forgotten password,
// money for a neighbour, a bill that is split, somebody kept apart, language and theme, another device.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expect } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { signUp, smsCode } from '../lib/people.mjs';
import { Screen } from '../lib/screen.mjs';
import { until } from '../lib/wait.mjs';

const PIN = '274951';

describe('the web client: account and money by tapping', { timeout: 600_000 }, () => {
    let screen, mina, jun;

    before(async () => {
        clock.reset();
        mina = await signUp('미나', 20_000);
        jun = await signUp('준', 10_000);
        screen = await Screen.open('/welcome');
        await screen.sees('이웃과 나눠 사면');
    });
    after(() => screen?.close());

    it('a forgotten password is changed by a code by SMS, and the new one is good', async () => {
        await screen.tap('아이디·비밀번호를 잊었어요');
        await screen.tap('비밀번호 바꾸기');
        await screen.fill('아이디', mina.loginId);
        mina.password = `새로-${mina.password}`;
        await screen.fill('새 비밀번호', mina.password);
        await screen.fill('휴대폰 번호', mina.phone);
        const before = await smsCode(mina.phone);
        await screen.tap('인증번호 받기');
        await screen.sees('안에 적어 주세요');
        await screen.fill('인증번호', await until('another code', async () => {
            const code = await smsCode(mina.phone);
            return code !== before && code;
        }));
        await screen.tap('비밀번호 바꾸기');
        await screen.sees('비밀번호를 바꿨어요');
        await screen.at('/welcome');
        await screen.logIn(mina);
    });

    it('money goes to a neighbour with a PIN that is set on the way, and the line of the history tells of it', async () => {
        await screen.go('/wallet/send');
        await screen.fill('이웃 닉네임', jun.nickname);
        await screen.tap('다음', { exact: true });
        await screen.sees('20,000원');
        await screen.digits('3000');
        await screen.tap('다음', { exact: true });
        await screen.fill('메모', '감자값');
        await screen.tap('보내기', { exact: true });
        await screen.fill('로그인 비밀번호', mina.password);
        await screen.tap('다음', { exact: true });
        await screen.sees('새 결제 비밀번호 6자리');
        await screen.digits(PIN);
        await screen.sees('한 번 더');
        await screen.digits(PIN);
        await screen.sees('결제 비밀번호를 정했어요');
        await screen.digits(PIN);
        await screen.sees('3,000원을 보냈어요');
        assert.equal((await jun.wallet()).available_won, 13_000);
        await screen.go('/wallet');
        await screen.sees('17,000원');
        await screen.tap(jun.nickname);
        await screen.sees('감자값');
        await screen.sees('거래 후 잔액');
    });

    it('a bill is split and paid; one that was asked for is paid with the PIN', async () => {
        await screen.go('/requests/new');
        await screen.fill('무엇을 나눌까요?', '저녁값');
        await screen.fill('전체 금액', 9000);
        await screen.tap(jun.nickname);
        await screen.sees('4,500원');
        await screen.tap('1명에게 요청하기');
        await screen.sees('9,000원'); // the board, with the whole bill
        const id = (await until('the board is open', async () => /^\/requests\/([0-9a-f-]{36})$/.exec(await screen.path())))[1];
        const proof = await jun.stepUp({ purpose: 'request', payee: id, amount_won: 4500 });
        expect(await jun.post(`/v1/pay/requests/${id}/pay`, { amount_won: 4500 }, { headers: { 'step-up': proof } }), 200);
        await screen.reads('the board shows that it was paid', () => document.querySelector('#page [role=progressbar]')?.ariaValueNow === '4500');

        const round = { total_won: 2000, split: 'equal', people: [{ user: mina.id }] };
        const asked = expect(await jun.post('/v1/pay/requests', { title: '택시비', rounds: [round] }), 201);
        await screen.go(`/requests/${asked.id}`);
        await screen.tap('2,000원 보내기');
        await screen.sees('결제 비밀번호 6자리');
        await screen.digits(PIN);
        await screen.sees('완료');
        assert.equal((await jun.wallet()).available_won, 13_000 - 4500 + 2000);
    });

    it('a neighbour is kept apart, and let near again', async () => {
        await screen.go(`/people/${jun.id}`);
        await screen.sees(jun.nickname);
        await screen.tap('신고하기', { exact: true });
        await screen.tap('차단하기');
        await screen.sees('차단했어요');
        await screen.go('/me/blocks');
        await screen.sees(jun.nickname);
        await screen.tap('차단 풀기');
        await screen.sees('차단한 이웃이 없어요');
    });

    it('another device is logged out from here', async () => {
        const other = await mina.anotherDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1');
        await other.refresh();
        const sessions = async () => expect(await other.get('/v1/auth/sessions'), 200).items;
        const [{ device }] = (await sessions()).filter((s) => s.current);
        await screen.go('/me/devices');
        await screen.sees(device);
        await screen.tap('다른 기기 모두 로그아웃');
        await until('the other device is out', async () => {
            const { status } = await other.send('POST', '/v1/auth/refresh', { headers: { cookie: other.cookie } });
            return status === 401;
        });
        await screen.sees('이 기기');
    });

    it('language and theme are kept', async () => {
        await screen.go('/me/settings');
        await screen.tap('English', { exact: true });
        await screen.tap('Dark', { exact: true });
        await screen.go('/me');
        await screen.sees('Pick-ups');
        const shown = await screen.reads('the page in English', () => document.documentElement.lang === 'en' && document.documentElement.dataset.theme);
        assert.equal(shown, 'dark');
        screen.sound();
    });

    it('a first page that is left while it opens takes nothing from the next one', async () => {
        const hasty = await Screen.open('/welcome');
        try {
            await hasty.go('/sign-up');
            await hasty.sees('휴대폰 번호');
        } finally {
            await hasty.close();
        }
    });
});
