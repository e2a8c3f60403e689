import { describe, expect, it, vi } from 'vitest';
import { address, ApiError } from '@/api/client';
import { lifetime } from '@/api/token';
import { isPicture, SHELL_NOT } from '@/sw/routes';
import { byMonth } from '@/wallet/spending';
import { ago, distance, fromLocalInput, timeLeft, toLocalInput, won, wonSigned } from './format';
import { fitted } from './image';
import { useIntention } from './intention';
import { problemText } from './problem';
import { uuid } from './uuid';

const NOW = Date.parse('2026-11-21T09:00:00Z');

describe('words for numbers', () => {
    it('won, distances and times are said as people say them', () => {
        expect([won(12_300), wonSigned(5), wonSigned(-1200)]).toEqual(['12,300원', '+5원', '−1,200원']);
        expect([distance(20), distance(949), distance(1240), distance(12_400)]).toEqual(['100m', '900m', '1.2km', '12km']);
        expect([timeLeft('2026-11-23T12:30:00Z', NOW), timeLeft('2026-11-21T10:05:00Z', NOW), timeLeft('2026-11-21T09:00:30Z', NOW), timeLeft('2026-11-21T08:00:00Z', NOW)]).toEqual(['2일 3시간', '1시간 5분', '1분 미만', '']);
        expect([ago(NOW - 5000, NOW), ago(NOW - 7_200_000, NOW), ago(NOW - 3 * 86_400_000, NOW)]).toEqual(['방금', '2시간 전', '3일 전']);
    });
    it('a local input is on the clock of Seoul, wherever the device is', () => {
        expect([toLocalInput(NOW), fromLocalInput('2026-11-21T18:00'), fromLocalInput('')]).toEqual(['2026-11-21T18:00', '2026-11-21T09:00:00.000Z', '']);
    });
});

describe('requests', () => {
    it('fill in their path and leave out what is not asked', () => {
        expect(address('GET /v1/deal/deals/{id}/shares', { id: 'a/b' }, { limit: 5, cursor: undefined })).toBe('/v1/deal/deals/a%2Fb/shares?limit=5');
        expect(address('GET /v1/pay/wallet')).toBe('/v1/pay/wallet');
    });
    it('a token lives as long as its claims say, whatever the clock of the device', () => {
        const token = (claims: object) => `x.${btoa(JSON.stringify(claims))}.y`;
        expect([lifetime(token({ exp: 1300, iat: 1000 })), lifetime(token({ exp: 1300, nbf: 1100 })), lifetime('rubbish')]).toEqual([300_000, 200_000, 60_000]);
    });
    it('ids are of version 7, in the order of time', () => {
        const [a, b] = [uuid(NOW), uuid(NOW + 1)];
        expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(a < b).toBe(true);
    });
});

describe('an intention', () => {
    const problem = (code: string, status: number, retryable: boolean) => new ApiError({ code, status, retryable, title: code });
    it('has one key until the market has decided', async () => {
        vi.useFakeTimers();
        const { run, checking } = useIntention({ quiet: true });
        const keys: string[] = [];
        const outcomes = [problem('network', 0, true), problem('unavailable', 503, true), 'done'];
        const result = run(async (key) => {
            keys.push(key);
            const next = outcomes.shift();
            if (next instanceof Error) throw next;
            return next;
        });
        await vi.advanceTimersByTimeAsync(100);
        expect(checking.value).toBe(true);
        await vi.advanceTimersByTimeAsync(5000);
        expect(await result).toBe('done');
        expect(new Set(keys).size).toBe(1);
        await run(async (key) => keys.push(key));
        expect(new Set(keys).size).toBe(2);
        vi.useRealTimers();
    });
    it('a tap while it is asked does nothing; after a refusal the next tap is another one', async () => {
        const { run, busy, problem: why } = useIntention({ quiet: true });
        const keys: string[] = [];
        const first = run(async (key) => {
            keys.push(key);
            throw problem('deal_full', 409, false);
        });
        expect(busy.value).toBe(true);
        expect(await run(async (key) => keys.push(key))).toBeUndefined();
        expect(await first).toBeUndefined();
        expect(why.value?.code).toBe('deal_full');
        await run(async (key) => keys.push(key));
        expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
    });
    it('refusals are said in our own words, else in those of the market', () => {
        expect(problemText(problem('network', 0, true))).toContain('연결하지 못했어요');
        expect(problemText(new ApiError({ code: 'deal_full', status: 409, retryable: false, title: 'Full.', title_ko: '남은 몫이 모자라요.' }))).toBe('남은 몫이 모자라요.');
        expect(problemText(new TypeError('x'))).toContain('문제가 생겼어요');
    });
});

describe('the worker', () => {
    it('answers pages itself and nothing of the API but pictures of deals', () => {
        const shell = (path: string) => !SHELL_NOT.some((no) => no.test(path));
        expect(['/', '/deals/1', '/wallet', '/chat/x'].map(shell)).toEqual([true, true, true, true]);
        expect(['/v1/pay/wallet', '/s/1', '/sw.js', '/.well-known/jwks.json'].map(shell)).toEqual([false, false, false, false]);
        expect([isPicture('/v1/deal/photos/a.jpg'), isPicture('/v1/chat/rooms/1/images/a.jpg'), isPicture('/v1/auth/users/1/picture/h'), isPicture('/v1/pay/wallet')]).toEqual([true, false, false, false]);
    });
});

describe('small sums', () => {
    it('a picture fits into 1600 pixels and is never made larger', () => {
        expect([fitted(4000, 3000), fitted(800, 600), fitted(1, 9000)]).toEqual([[1600, 1200], [800, 600], [1, 1600]]);
    });
    it('months of spending are those of Seoul, refunds taken off', () => {
        const months = byMonth([{ at: '2026-11-01T00:00:00Z', amount_won: -5000 }, { at: '2026-10-31T15:30:00Z', amount_won: 1000 }, { at: '2026-10-31T14:00:00Z', amount_won: -700 }], NOW);
        expect(months.map((m) => m.month)).toEqual(['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11']);
        expect(months.slice(-2).map((m) => m.won)).toEqual([700, 4000]);
    });
});
