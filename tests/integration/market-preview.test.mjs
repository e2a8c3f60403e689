// tests/integration/market-preview.test.mjs: a pasted link proposes a deal; what it points at is nobody's way in.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import { dealBody } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { stack } from '../lib/stack.mjs';

describe('link previews', () => {
    let host;
    before(async () => {
        host = await signUp('링크');
    });
    const ask = (url) => host.post('/v1/deal/link-previews', { url });
    const page = (name) => `${stack.sandbox}/shop/${name}`;

    it('D13 title, picture and price are proposed from the page, also behind a redirect; a deal can be opened with them', async () => {
        for (const name of ['potato', 'moved']) {
            const seen = expect(await ask(page(name)), 200);
            assert.equal(seen.title, "강원도 햇감자 10kg & 특가 '한 상자'");
            assert.deepEqual([seen.description, seen.site, seen.price_won], ['산지에서 바로', '감자네', 29_900]);
            assert.equal((await send('GET', seen.photo_url)).headers.get('content-type'), 'image/png');
            const deal = expect(await host.post('/v1/deal/deals', dealBody(seen.photo, { title: seen.title, total_won: seen.price_won, shop_url: seen.url })), 201);
            assert.equal(deal.shop_url, page(name));
            expect(await host.post(`/v1/deal/deals/${deal.id}/cancel`), 200);
        }
        const plain = expect(await ask(page('structured')), 200);
        assert.deepEqual([plain.title, plain.price_won, plain.photo], ['상점', 12_900, undefined]);
    });

    it('private addresses, endless circles, huge and silent pages are refused; so are pictures from inside', async () => {
        const { port } = new URL(stack.instances.pay[0]);
        for (const url of [page('inwards'), page('file'), page('circle'), page('huge'), page('nothing'), `http://127.0.0.1:${port}/metrics`, `http://localhost:${port}/metrics`, 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://10.0.0.1/', 'http://0.0.0.0/', 'http://2130706433/'])
            expectProblem(await ask(url), 422, 'link_unreadable');
        for (const url of ['file:///etc/passwd', 'ftp://example.com', 'javascript:alert(1)', 'http://user@example.com/', 'http://', 'https:///x', 'gopher://x/'])
            expectProblem(await ask(url), 422, 'invalid', '/url');
        const inner = expect(await ask(page('inner-picture')), 200);
        assert.deepEqual([inner.title, inner.photo], ['그림은 안에서', undefined]);
        const started = Date.now();
        expectProblem(await ask(page('silent')), 422, 'link_unreadable');
        assert.ok(Date.now() - started < 8000);
        expectProblem(await host.post('/v1/deal/deals', dealBody('x'.repeat(8), { shop_url: 'javascript:alert(1)' })), 422, 'invalid', '/shop_url');
    });
});
