// tests/journeys/pwa-axe.test.mjs: nobody is shut out: axe-core finds nothing on the main screens and sheets of the built client,
// in Korean and light, in English and dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ChatClient, untilMember } from '../lib/chat.mjs';
import * as clock from '../lib/clock.mjs';
import { join as joinDeal, openDeal } from '../lib/deals.mjs';
import { signUp } from '../lib/people.mjs';
import { Screen } from '../lib/screen.mjs';
import { root } from '../lib/stack.mjs';

const AXE = readFileSync(join(root, 'pwa/node_modules/axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TITLE = '햇감자 나눠요';

/** What is wrong with the page that is open: one line for each rule and place. */
async function violations(screen) {
    await screen.page.send('Runtime.evaluate', { expression: AXE });
    return screen.page.run(async (rules) => {
        const { violations: found } = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
        return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.html.slice(0, 200)} (${node.failureSummary.replace(/\s+/g, ' ')})`));
    }, RULES);
}

/** The page has its head, nothing of it is on its way, and what it is for is to be seen. */
const ready = (screen, path, sign) => screen.reads(`${path} is there`, (selector) => {
    const main = document.querySelector('#page');
    return !!main?.querySelector('h1') && !document.querySelector('[aria-busy=true]') && !!document.querySelector(selector) && document.fonts.status === 'loaded';
}, sign);

/** Address, what must be there before one looks, and what opens a sheet (in Korean and English). */
const screens = (deal) => [
    ['/', 'a[href^="/deals/"]'],
    ['/', '[role=dialog]', ['필터', 'Filters']],
    ['/search', 'input[type=search]'],
    [`/search?q=${encodeURIComponent(TITLE)}`, `a[href="/deals/${deal.id}"]`],
    ['/map', '.pin'],
    [`/deals/${deal.id}`, 'article h2'],
    [`/deals/${deal.other}`, 'article h2'],
    [`/deals/${deal.other}?do=join`, '[role=dialog] output'],
    [`/deals/${deal.id}/code`, '[data-code], #page p'],
    ['/open', 'input[type=file]'],
    ['/chat', `a[href="/chat/${deal.id}"]`],
    [`/chat/${deal.id}`, '[data-message]'],
    ['/wallet', '[data-balance]'],
    ['/wallet/charge', '[role=group] button'],
    ['/wallet/send', 'form input'],
    ['/requests/new', 'form input'],
    ['/inbox', '[data-kind]'],
    ['/me', 'a[href="/calendar"]'],
    ['/me/settings', 'a[href="/me/security"]'],
    ['/me/security', 'form input'],
    ['/me/devices', '#page li b'],
    ['/me/notices', '#page input'],
    ['/mine', `a[href="/deals/${deal.id}"]`],
    ['/calendar', 'table a'],
];

describe('the web client can be used by everybody', { timeout: 600_000 }, () => {
    let neighbour, list;

    before(async () => {
        clock.reset();
        const host = await signUp('방장');
        neighbour = await signUp('이웃', 20_000);
        const deal = await openDeal(host, { title: TITLE });
        const other = await openDeal(host, { title: `다른 ${TITLE}` });
        await joinDeal(neighbour, deal, 2);
        await untilMember(neighbour, deal.id);
        for (const [person, words] of [[host, '안녕하세요'], [neighbour, '반가워요']]) {
            const chat = await ChatClient.connect(person);
            await chat.say(deal.id, words);
            chat.close();
        }
        list = screens({ id: deal.id, other: other.id });
    });

    for (const [lang, theme, n] of [['ko', 'light', 0], ['en', 'dark', 1]])
        it(`no screen breaks a rule of WCAG 2.2 AA (${lang}, ${theme})`, async () => {
            const screen = await Screen.open('/welcome', { lang, theme });
            const wrong = [];
            const look = async (path) => wrong.push(...(await violations(screen)).map((line) => `${path}: ${line}`));
            try {
                await ready(screen, '/welcome', 'form input');
                for (const path of ['/sign-up', '/forgot', '/welcome']) {
                    await screen.go(path);
                    await ready(screen, path, 'form input');
                    await look(path);
                }
                await screen.logIn(neighbour, lang);
                for (const [path, sign, opens] of list) {
                    await screen.go(path);
                    if (opens) await screen.tap(opens[n], { exact: true });
                    await ready(screen, path, sign);
                    await look(path);
                }
                assert.deepEqual(wrong, []);
                screen.sound();
            } finally {
                await screen.close();
            }
        });

    it('a button without a name would be found', async () => {
        const screen = await Screen.open('/welcome');
        try {
            await ready(screen, '/welcome', 'form input');
            await screen.page.run(() => document.querySelector('#page form').append(document.createElement('button')));
            assert.match((await violations(screen)).join('\n'), /^button-name: /m);
        } finally {
            await screen.close();
        }
    });
});
