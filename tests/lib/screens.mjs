// tests/lib/screens.mjs FOLDER: photographs of the client's screens, phone-sized, by the demo neighbourhood of the stack that runs
// (`make screens`). Only the main ones; small enough for the repository.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Screen } from './screen.mjs';

const folder = process.argv[2];
const LOGIN = { loginId: 'demo_minji', password: 'gonggu-demo-2026' };
const SHOTS = [
    ['home', '/'], ['map', '/map'], ['wallet', '/wallet'], ['chat', '/chat'], ['me', '/me'], ['open', '/open'], ['charge', '/wallet/charge'], ['settings', '/me/settings'],
];
const settled = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function shoot(screen, name) {
    await screen.reads('the page', () => document.querySelector('#page h1, #page form') && !document.querySelector('.ghost') && [...document.images].every((i) => i.loading === 'lazy' || i.complete));
    await settled(1500);
    const { data } = await screen.page.send('Page.captureScreenshot', { format: 'webp', quality: 70 });
    writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
    process.stderr.write(`  ${name}\n`);
}

mkdirSync(folder, { recursive: true });
for (const [lang, theme] of [['ko', 'light'], ['en', 'dark']]) {
    const screen = await Screen.open('/welcome', { lang, theme, at: { lat: 37.5556, lng: 126.9019 } });
    try {
        await shoot(screen, `welcome-${lang}`);
        await screen.logIn(LOGIN, lang);
        for (const [name, path] of SHOTS) {
            await screen.go(path);
            await shoot(screen, `${name}-${lang}`);
        }
        await screen.go('/');
        const deal = await screen.reads('a deal in the list', () => document.querySelector('a[href^="/deals/"]')?.getAttribute('href'));
        await screen.go(deal);
        await shoot(screen, `deal-${lang}`);
    } finally {
        await screen.close();
    }
}
