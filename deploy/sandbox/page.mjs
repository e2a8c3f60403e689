// deploy/sandbox/page.mjs: the look all pages share, and safe HTML.

class Html {
    constructor(text) {
        this.text = text;
    }
    toString() {
        return this.text;
    }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);

/** Template tag: values are escaped; Html and lists of it are kept as they are. */
export function html(strings, ...values) {
    const put = (value) => {
        if (value instanceof Html) return value.text;
        if (Array.isArray(value)) return value.map(put).join('');
        return value === null || value === undefined || value === false ? '' : escape(value);
    };
    return new Html(strings.reduce((text, part, i) => text + put(values[i - 1]) + part));
}

export const won = (amount) => `${amount.toLocaleString('ko-KR')}원`;

const CLOCK = new Intl.DateTimeFormat('ko-KR', {
    timeZone: 'Asia/Seoul',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
});
export const seoulTime = (iso) => CLOCK.format(new Date(iso));

const PARTS = [
    ['/pay', '결제', 'Payments'],
    ['/bank', '은행', 'Bank'],
    ['/sms', '문자', 'Texts'],
    ['/push', '푸시', 'Push'],
    ['/people', '로그인', 'Log-in'],
];

/** A page; `refresh` reloads it every so many seconds. */
export function layout(title, body, { refresh = 0, bare = false, current = '' } = {}) {
    return html`<!doctype html>
<html lang="ko">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh > 0 && html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
${!bare && html`<header><a class="home" href="/">바깥세상 <small>sandbox</small></a><nav>${PARTS.map(
    ([href, ko, en]) => html`<a href="${href}" ${current === href && html`aria-current="page"`}>${ko} <small lang="en">${en}</small></a>`,
)}</nav></header>`}
<main class="${bare ? 'narrow' : ''}">${body}</main>
</html>
`;
}

export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2530; --soft: #64707f; --line: #dfe4ea; --ground: #f4f6f8; --card: #fff; --accent: #1b64da; --good: #0c7a4b; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #9aa6b5; --line: #313a46; --ground: #14181d; --card: #1d232b; --accent: #6aa5ff; --good: #5fd3a0; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
small { color: var(--soft); font-weight: 400; }
a { color: var(--accent); }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; padding: .8rem 1rem; background: var(--card); border-bottom: 1px solid var(--line); }
header a { text-decoration: none; color: var(--ink); }
header .home { font-weight: 700; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; }
nav a[aria-current] { color: var(--accent); font-weight: 700; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
main.narrow { max-width: 26rem; padding-top: 8vh; }
h1 { font-size: 1.35rem; margin: .5rem 0 1rem; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .3rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem; margin: 0 0 .8rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem; }
.grid .card { margin: 0; }
a.card { display: block; text-decoration: none; color: inherit; }
a.card:hover { border-color: var(--accent); }
.amount { font-size: 1.8rem; font-weight: 700; margin: .2rem 0 1rem; }
.button { display: block; width: 100%; min-height: 3rem; margin: .5rem 0 0; padding: .6rem 1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); color: var(--ink); font: inherit; text-align: left; cursor: pointer; }
.button.main { background: #1b64da; border-color: #1b64da; color: #fff; font-weight: 700; text-align: center; }
.button.plain { text-align: center; }
.button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); }
.phone { max-width: 24rem; }
.bubble { background: var(--card); border: 1px solid var(--line); border-radius: 4px 16px 16px 16px; padding: .6rem .9rem; margin: .2rem 0 .9rem; white-space: pre-wrap; width: fit-content; max-width: 100%; }
code { font-size: .85em; }
`;
