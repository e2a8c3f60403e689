// deploy/demo/draw.mjs: draws the pictures of goods.json, as SVG. The WebP files in photos/ are these, made small:
//
//   node draw.mjs > /tmp/draw.html && chromium --headless --dump-dom --virtual-time-budget=20000 /tmp/draw.html | node draw.mjs --store

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const W = 640;
const H = 480;
const FLOOR = 392;

const times = (n, draw) => Array.from({ length: n }, (_, i) => draw(i)).join('');
const circle = (x, y, r, fill) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const oval = (x, y, rx, ry, fill, turn = 0) => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" transform="rotate(${turn} ${x} ${y})"/>`;
const rect = (x, y, w, h, r, fill) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const path = (d, fill) => `<path d="${d}" fill="${fill}"/>`;
const line = (d, color, width) => `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round"/>`;
const label = (x, y, size, fill, text) => `<text x="${x}" y="${y}" font-size="${size}" font-weight="800" font-family="Noto Sans CJK KR, sans-serif" text-anchor="middle" fill="${fill}">${text}</text>`;
const shadow = (x, w) => oval(x, FLOOR + 6, w / 2, 14, 'rgb(60 30 0 / 14%)');
const leaf = (x, y, turn) => oval(x, y, 17, 8, '#4c8c3b', turn);

// ---- things ----------------------------------------------------------------------------------------------------------
function crate(goods) {
    const front = `${path('M150 262h340l-22 130H172z', '#c98f52')}${path('M150 262h340l-6 34H156z', '#b57c41')}${rect(282, 326, 76, 22, 11, '#9a6530')}`;
    return `${shadow(320, 380)}${path('M168 214h304l18 48H150z', '#a66e36')}${goods}${front}`;
}
const heap = (draw) =>
    [[200, 252], [264, 254], [328, 252], [392, 254], [446, 252], [232, 216], [296, 212], [360, 214], [418, 218], [264, 178], [326, 172], [386, 180]].map(([x, y], i) => draw(x, y, i)).join('');
const tangerine = (x, y, i) => `${circle(x, y, 36, i % 2 ? '#ff922b' : '#fd8312')}${circle(x - 11, y - 12, 8, '#ffc078')}${circle(x, y - 30, 4, '#4c8c3b')}${i % 3 === 0 ? leaf(x + 12, y - 32, -20) : ''}`;
const potato = (x, y, i) => `${oval(x, y, 48, 27, i % 2 ? '#9c3f5b' : '#8a3350', i * 47)}${oval(x - 8, y - 7, 15, 5, '#b96a82', i * 47)}`;
const onion = (x, y, i) => `${path(`M${x} ${y - 46}q8 14 24 22q20 22 6 44q-14 18-30 18t-30-18q-14-22 6-44q16-8 24-22z`, i % 2 ? '#d9903d' : '#c97f2c')}${line(`M${x} ${y - 26}q-20 26 0 60M${x} ${y - 26}q20 26 0 60`, '#b06a1c', 2)}`;

function sack(body, band, text, emblem = '') {
    return `${shadow(320, 260)}${path('M214 132q106 22 212 0q24 130 8 252q-114 20-228 0q-16-122 8-252z', body)}${path('M214 132q106 22 212 0l-16-26q-90 16-180 0z', band)}
${line('M212 150q108 20 216 0', 'rgb(0 0 0 / 12%)', 5)}${emblem || `${circle(320, 262, 72, band)}${label(320, 280, 52, '#fff', text)}`}`;
}
const paw = circle(320, 280, 36, '#fff') + circle(268, 240, 18, '#fff') + circle(302, 216, 18, '#fff') + circle(340, 216, 18, '#fff') + circle(374, 240, 18, '#fff');
const cat = path('M262 236l-2-52 38 28h44l38-28-2 52q12 62-58 66-70-4-58-66z', '#fff') + circle(298, 250, 7, '#40617a') + circle(342, 250, 7, '#40617a') + line('M310 270q10 8 20 0', '#40617a', 4);

const bottle = (x, glass, cap, band) =>
    `${shadow(x, 92)}${rect(x - 14, 112, 28, 26, 5, cap)}${path(`M${x - 16} 140h32q4 22 22 36v200q0 16-16 16h-44q-16 0-16-16V176q18-14 22-36z`, glass)}${rect(x - 38, 236, 76, 66, 0, band)}${line(`M${x - 24} 190v30`, 'rgb(255 255 255 / 75%)', 7)}`;
const bottles = (n, glass, cap, band) => times(n, (i) => bottle(320 + (i - (n - 1) / 2) * 92, glass, cap, band));

const roll = (x, y) => `${rect(x - 46, y - 40, 92, 80, 12, '#fff')}${oval(x, y - 40, 46, 17, '#f1f3f5')}${oval(x, y - 40, 16, 6, '#a98467')}${line(`M${x - 30} ${y}h60M${x - 30} ${y + 18}h60`, '#e4e7eb', 3)}`;
const rolls = shadow(320, 420) + times(4, (i) => roll(176 + i * 96, 352)) + times(3, (i) => roll(224 + i * 96, 272)) + times(2, (i) => roll(272 + i * 96, 192));
const towel = (x) => `${shadow(x, 110)}${rect(x - 52, 136, 104, 256, 14, '#fff')}${oval(x, 136, 52, 18, '#f1f3f5')}${oval(x, 136, 18, 7, '#a98467')}${times(5, (i) => line(`M${x - 34} ${184 + i * 42}q17-14 34 0t34 0`, '#9cc9b3', 4))}`;

const jug = (x, body, cap) => `${shadow(x, 150)}${rect(x - 30, 108, 48, 40, 8, cap)}${path(`M${x - 36} 150h60q48 20 48 80v146q0 16-16 16h-112q-16 0-16-16V216q0-52 36-66z`, body)}${path(`M${x + 22} 186q28 16 26 66h-26z`, 'rgb(255 255 255 / 40%)')}${rect(x - 50, 262, 100, 84, 14, '#fff')}${circle(x - 16, 304, 15, cap)}${circle(x + 14, 312, 10, cap)}${circle(x + 8, 288, 7, cap)}`;

const egg = (x, y) => `${oval(x, y, 33, 41, '#e8b98a')}${oval(x - 10, y - 14, 8, 11, '#f5d6b5')}`;
const eggs = shadow(320, 460) + times(5, (i) => egg(160 + i * 80, 232)) + path('M112 252h416l-12 50H124z', '#9a8f86') + times(5, (i) => egg(160 + i * 80, 302)) + path('M100 324h440l-22 68H122z', '#b3a79d') + times(4, (i) => path(`M${166 + i * 80} 324h68l-34 34z`, '#9a8f86'));

const steak = shadow(320, 440) + path('M104 250h432l-26 142H130z', '#2f3437') + path('M104 250h432l-8 30H112z', '#454c50') + times(4, (i) => `<g transform="rotate(-6 ${190 + i * 88} 230)">${rect(146 + i * 88, 168, 92, 112, 22, '#e8707b')}${rect(152 + i * 88, 190, 80, 14, 7, '#fff0ee')}${rect(152 + i * 88, 218, 80, 18, 9, '#ffdcd7')}${rect(152 + i * 88, 250, 80, 10, 5, '#fff0ee')}</g>`);
const salmon = shadow(320, 460) + rect(92, 300, 456, 92, 26, '#c98f52') + rect(92, 300, 456, 20, 10, '#b57c41') + path('M130 306q-10-92 96-116q130-30 238 18q54 24 46 98z', '#ff8a5c') + times(6, (i) => line(`M${186 + i * 54} ${206 - (i % 5) * 4}q26 40 0 92`, '#ffc3a3', 7)) + leaf(470, 214, -30) + circle(168, 286, 20, '#ffe066') + circle(168, 286, 13, '#fff3bf');

const carton = (x, color) => `${shadow(x, 110)}${path(`M${x - 50} 176l22-46h56l22 46z`, '#e9f1fb')}${rect(x - 28, 112, 56, 22, 3, '#d3e2f4')}${rect(x - 50, 176, 100, 216, 4, '#fff')}${rect(x - 50, 250, 100, 142, 4, color)}${label(x, 226, 30, color, '우유')}${circle(x, 318, 28, '#fff')}`;

const muffin = (x, y, top, dots) => `${path(`M${x - 50} ${y}h100l-16 74h-68z`, '#f2d3a7')}${times(4, (i) => line(`M${x - 28 + i * 19} ${y + 6}l${6 - i * 4} 62`, '#ddb680', 4))}${path(`M${x - 60} ${y + 8}q-14-76 60-78q74 2 60 78q-60 18-120 0z`, top)}${[[-26, -22], [4, -42], [28, -16], [-2, -10]].map(([a, b]) => circle(x + a, y + b, 8, dots)).join('')}`;
const muffins = shadow(320, 460) + times(3, (i) => muffin(190 + i * 130, 200, ['#8a5a35', '#d49a55', '#8a5a35'][i], ['#4a2c17', '#3f5fa8', '#4a2c17'][i])) + times(3, (i) => muffin(190 + i * 130, 318, ['#d49a55', '#8a5a35', '#d49a55'][i], ['#3f5fa8', '#4a2c17', '#3f5fa8'][i]));
const bun = (x, y) => `${path(`M${x - 56} ${y + 34}q-8-76 56-78q64 2 56 78q-56 12-112 0z`, '#d8913f')}${path(`M${x - 38} ${y - 6}q10-28 42-28`, '#efbd78')}`;
const buns = shadow(320, 480) + times(4, (i) => bun(164 + i * 104, 356)) + times(3, (i) => bun(216 + i * 104, 282)) + times(2, (i) => bun(268 + i * 104, 208));

const jar = (x, fill, lid, bits) => `${shadow(x, 180)}${rect(x - 66, 118, 132, 42, 10, lid)}${rect(x - 80, 156, 160, 236, 28, '#e7eef2')}${rect(x - 70, 190, 140, 194, 20, fill)}${times(20, (i) => oval(x - 50 + (i % 5) * 25, 212 + Math.floor(i / 5) * 47, 13, 9, bits[i % bits.length], i * 53))}`;
const pouch = (x, color, light, emblem) => `${shadow(x, 190)}${path(`M${x - 78} 128h156l12 250q-90 28-180 0z`, color)}${rect(x - 78, 116, 156, 26, 4, light)}${emblem}`;
const bean = (x, y, turn) => `${oval(x, y, 24, 16, '#6b3f1d', turn)}<g transform="rotate(${turn} ${x} ${y})">${line(`M${x - 18} ${y}q9-8 18 0t18 0`, '#3d210c', 4)}</g>`;
const coffee = (x) => pouch(x, '#2f4a3c', '#223629', bean(x - 28, 262, 30) + bean(x + 26, 248, -40) + bean(x + 4, 306, 80));

const packet = (x, y, color, inner) => `${rect(x - 70, y - 44, 140, 88, 10, color)}${rect(x - 70, y - 44, 12, 88, 3, 'rgb(0 0 0 / 12%)')}${rect(x + 58, y - 44, 12, 88, 3, 'rgb(0 0 0 / 12%)')}${inner(x, y)}`;
const pile = (color, inner) => shadow(320, 480) + times(3, (i) => packet(172 + i * 148, 346, color, inner)) + times(2, (i) => packet(246 + i * 148, 254, color, inner)) + packet(320, 162, color, inner);
const noodles = (x, y) => circle(x, y, 31, '#fff') + times(3, (i) => line(`M${x - 18} ${y - 10 + i * 10}q9-8 18 0t18 0`, '#e0a526', 4));
const tissue = (x, y) => rect(x - 36, y - 22, 72, 44, 20, '#fff') + path(`M${x - 14} ${y - 4}q14-22 28 0z`, '#a5d8ff');
const diaper = (x, y) => path(`M${x - 38} ${y - 24}h76v18q-22 4-26 30h-24q-4-26-26-30z`, '#fff') + circle(x - 14, y - 12, 4, '#f4a3b5') + circle(x + 14, y - 12, 4, '#f4a3b5');
const face = (x, y) => oval(x, y, 26, 33, '#fff') + oval(x - 10, y - 6, 6, 4, '#74c0a5') + oval(x + 10, y - 6, 6, 4, '#74c0a5') + oval(x, y + 14, 8, 4, '#74c0a5');
const zip = (x, y) => rect(x - 46, y - 28, 92, 56, 6, 'rgb(255 255 255 / 75%)') + rect(x - 46, y - 28, 92, 10, 4, '#ff8787');

const bowl = (x, y) => `${path(`M${x - 64} ${y}h128l-18 58h-92z`, '#f1f3f5')}${oval(x, y, 64, 18, '#e03131')}${label(x, y + 44, 28, '#e03131', '밥')}`;
const bowls = shadow(320, 460) + times(3, (i) => bowl(180 + i * 140, 334)) + times(2, (i) => bowl(250 + i * 140, 258)) + bowl(320, 182);

const sock = (x, color) => `${path(`M${x - 30} 140h60v130q0 16 16 28l36 28q20 18 6 40q-14 20-40 12l-62-24q-16-8-16-30z`, color)}${rect(x - 36, 128, 72, 34, 10, '#fff')}${rect(x - 30, 196, 60, 16, 0, 'rgb(255 255 255 / 55%)')}`;
const socks = shadow(330, 460) + sock(160, '#4263eb') + sock(292, '#e8590c') + sock(424, '#2f9e44');

const cabbage = (x, y) => `${oval(x, y, 66, 52, '#d8e8a8')}${path(`M${x - 66} ${y}q20-70 66-52q46-18 66 52q-30-26-66-24q-36-2-66 24z`, '#86b049')}${line(`M${x} ${y - 40}v84M${x - 30} ${y - 20}q10 30 14 62M${x + 30} ${y - 20}q-10 30-14 62`, '#f4f9df', 6)}`;
const cabbages = cabbage(216, 214) + cabbage(320, 200) + cabbage(424, 214) + cabbage(266, 244) + cabbage(376, 244);
const bigBottle = (x) => `${shadow(x, 100)}${rect(x - 15, 96, 30, 54, 6, '#3d4a21')}${path(`M${x - 17} 150h34q6 26 27 40v186q0 16-16 16h-56q-16 0-16-16V190q21-14 27-40z`, '#7f8f2d')}${rect(x - 44, 240, 88, 96, 0, '#fdf6dd')}${oval(x - 8, 288, 17, 21, '#6a7a1f', 20)}${leaf(x + 18, 268, -40)}`;

// ---- pictures: background and thing, by the name goods.json gives -------------------------------------------------------
const PICTURES = {
    tangerine: ['#ffe8cc', crate(heap(tangerine))],
    rice: ['#e6f4ea', sack('#fbf7ee', '#3f8f5b', '쌀')],
    muffin: ['#fde2e4', muffins],
    water: ['#d7ecff', bottles(4, '#a5d4f7', '#1c7ed6', '#1c7ed6')],
    toiletpaper: ['#e5dbff', rolls],
    detergent: ['#d3f5ea', jug(232, '#4dabf7', '#1864ab') + jug(416, '#4dabf7', '#1864ab')],
    egg: ['#fff3bf', eggs],
    sweetpotato: ['#f8e1e7', crate(heap(potato))],
    onion: ['#fbeed5', crate(heap(onion))],
    pork: ['#ffe3e3', steak],
    salmon: ['#d0ebff', salmon],
    milk: ['#dbe4ff', carton(204, '#228be6') + carton(320, '#228be6') + carton(436, '#228be6')],
    dinnerroll: ['#fff0d9', buns],
    nuts: ['#f3e5d0', jar(224, '#c08a52', '#7a4a1f', ['#8a5a2b', '#e8c48e', '#a8713c']) + jar(416, '#c08a52', '#7a4a1f', ['#e8c48e', '#8a5a2b', '#a8713c'])],
    ramen: ['#fff4e6', pile('#e03131', noodles)],
    instantrice: ['#fff5f5', bowls],
    diaper: ['#fff0f6', pile('#8ec9f0', diaper)],
    wipes: ['#e3fafc', pile('#66c2b5', tissue)],
    dogfood: ['#fff4d6', sack('#b5523b', '#8a3826', '', paw)],
    catlitter: ['#e7f5ff', sack('#74a9cf', '#40617a', '', cat)],
    coffee: ['#efe3d6', coffee(222) + coffee(418)],
    facemask: ['#e6fcf5', pile('#96d9c0', face)],
    kitchentowel: ['#e9f7ec', towel(194) + towel(320) + towel(446)],
    socks: ['#edf2ff', socks],
    cabbage: ['#eef7d9', crate(cabbages)],
    oliveoil: ['#f4f6d8', times(4, (i) => bigBottle(158 + i * 108))],
    zipbag: ['#f1f3f5', pile('#4c8df0', zip)],
};

const svg = ([ground, thing]) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}" viewBox="0 0 ${W} ${H}">${rect(0, 0, W, H, 0, ground)}${rect(0, FLOOR - 40, W, H, 0, 'rgb(255 255 255 / 45%)')}${thing}</svg>`;

// A page that turns every picture into WebP and writes it, as text, into itself.
function page() {
    const pictures = Object.fromEntries(Object.entries(PICTURES).map(([name, picture]) => [name, svg(picture)]));
    return `<!doctype html><meta charset="utf-8"><pre></pre><script>
const pictures = ${JSON.stringify(pictures)};
for (const [name, text] of Object.entries(pictures)) {
    const image = new Image();
    image.onload = () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: ${W}, height: ${H} });
        canvas.getContext('2d').drawImage(image, 0, 0);
        document.querySelector('pre').append(name + ' ' + canvas.toDataURL('image/webp', 0.8) + '\\n');
    };
    image.src = 'data:image/svg+xml,' + encodeURIComponent(text);
}
</script>`;
}

function store(text) {
    const folder = fileURLToPath(new URL('photos/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    for (const [, name, data] of text.matchAll(/(\w+) data:image\/webp;base64,([A-Za-z0-9+/=]+)/g))
        if (name in PICTURES) writeFileSync(`${folder}${name}.webp`, Buffer.from(data, 'base64'));
}

if (process.argv.includes('--store')) store(readFileSync(0, 'utf8'));
else process.stdout.write(page());
