// deploy/sandbox/shop.mjs: a few pages of shops, good and bad ones, for links that neighbours paste.
import { redirect } from './http.mjs';

// 8x8 pixels of one colour.
const PICTURE = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4UaGBFTEMLQkAUtVaAV8W4QQAAAAASUVORK5CYII=',
    'base64',
);
const head = (rest) => `<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>상점</title>${rest}</head><body></body></html>`;
const PAGES = {
    potato: head(`<meta property="og:title" content="강원도 햇감자 10kg &amp; 특가 &#39;한 상자&#39;">
<meta content="산지에서 바로" property='og:description'><meta property="og:site_name" content="감자네">
<meta property="og:image" content="/shop/picture.png"><meta property="product:price:amount" content="29,900">`),
    structured: head('<meta name=price content=""><script type="application/ld+json">{"@type":"Product","offers":{"price": "12900","priceCurrency":"KRW"}}</script>'),
    'inner-picture': head('<meta property="og:title" content="그림은 안에서"><meta property="og:image" content="http://169.254.169.254/latest/meta-data">'),
};

export function createShop(router) {
    router.on('GET', '/shop/picture.png', (req, res) => {
        res.writeHead(200, { 'content-type': 'image/png' });
        res.end(PICTURE);
    });
    router.on('GET', '/shop/moved', (req, res) => redirect(res, '/shop/potato'));
    router.on('GET', '/shop/circle', (req, res) => redirect(res, '/shop/circle'));
    router.on('GET', '/shop/inwards', (req, res) => redirect(res, 'http://127.0.0.1:1/secret'));
    router.on('GET', '/shop/file', (req, res) => redirect(res, 'file:///etc/passwd'));
    router.on('GET', '/shop/huge', (req, res) => {
        res.writeHead(200, { 'content-type': 'text/html' });
        res.end(Buffer.alloc(4 * 1024 * 1024, 'a'));
    });
    router.on('GET', '/shop/silent', (req, res) => {
        const timer = setTimeout(() => res.destroy(), 20_000);
        res.on('close', () => clearTimeout(timer));
    });
    router.on('GET', '/shop/:page', (req, res, { page }) => {
        res.writeHead(PAGES[page] ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
        res.end(PAGES[page] ?? 'nothing');
    });
}
