// tests/lib/screen.mjs: a person in front of the web client: sees words, taps what has a name, fills in what has a label, with real
// pointer and key events in a real browser of a phone's size.
import assert from 'node:assert/strict';
import { Chromium } from './chromium.mjs';
import { stack } from './stack.mjs';
import { until } from './wait.mjs';

const PHONE = { width: 390, height: 844, deviceScaleFactor: 1, mobile: true };
const WITHIN = { within: 90_000, every: 50 };

// ---- what runs inside the page ---------------------------------------------------------------------------------------
/** Where the middle of the thing is that bears this name and can be tapped; null while there is none. */
function target(name, exact) {
    const said = (e) => (e.getAttribute('aria-label') ?? e.innerText ?? '').replace(/\s+/g, ' ').trim();
    const shown = (e) => e.checkVisibility() && !e.disabled && !e.closest('[aria-hidden="true"]');
    const all = [...document.querySelectorAll('button, a[href], label, [role=button]')].filter(shown);
    const found = all.find((e) => said(e) === name) ?? (exact ? undefined : all.find((e) => said(e).includes(name)));
    if (!found) return null;
    found.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = found.getBoundingClientRect();
    const at = { x: left + width / 2, y: top + height / 2 };
    const there = document.elementFromPoint(at.x, at.y);
    return there && (found.contains(there) || there.contains(found)) ? at : null;
}
/** Puts the cursor into the field of this label, with all that stands in it selected. */
function focusField(label) {
    const words = [...document.querySelectorAll('label')].find((l) => l.innerText.trim() === label && l.htmlFor);
    const field = words ? document.getElementById(words.htmlFor) : document.querySelector(`input[aria-label="${label}"], textarea[aria-label="${label}"]`);
    if (!field?.checkVisibility() || field.closest('[aria-hidden="true"]')) return null;
    field.focus();
    field.select?.();
    return { type: field.type };
}

export class Screen {
    /** A browser of its own: nobody else's cookies, storage or worker. */
    static async open(path = '/', { lang = 'ko', theme = 'light', at, origin = stack.gateway } = {}) {
        const screen = new Screen();
        screen.origin = origin;
        screen.browser = await Chromium.open();
        screen.problems = [];
        await screen.browser.allow(origin, 'geolocation');
        screen.page = await screen.browser.page('about:blank');
        await screen.page.send('Emulation.setDeviceMetricsOverride', PHONE);
        // Nothing moves under the finger.
        await screen.page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value: 'reduce' }] });
        if (at) await screen.page.send('Emulation.setGeolocationOverride', { latitude: at.lat, longitude: at.lng, accuracy: 45 }); // as indoors: a phone that is exact never stands quite still
        const source = `if (!localStorage.getItem('gonggu.lang')) { localStorage.setItem('gonggu.lang', '${lang}'); localStorage.setItem('gonggu.theme', '${theme}'); }`;
        await screen.page.send('Page.addScriptToEvaluateOnNewDocument', { source });
        await screen.page.send('Runtime.enable');
        await screen.page.send('Log.enable');
        screen.browser.on(({ method, params }) => {
            if (method === 'Runtime.exceptionThrown') screen.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
            if (method === 'Log.entryAdded' && params.entry.source === 'security') screen.problems.push(params.entry.text);
        });
        await screen.go(path);
        return screen;
    }
    async go(path) {
        await this.page.open(this.origin + path);
    }
    path() {
        return this.page.run(() => location.pathname);
    }
    text() {
        return this.page.run(() => document.body.innerText);
    }
    /** Waits until these words are to be read. */
    async sees(words) {
        return until(`the words "${words}" are shown`, async () => {
            const text = await this.text().catch(() => '');
            if (!text.includes(words)) throw new Error(`what is shown: ${text.slice(-900)}`);
            return true;
        }, WITHIN);
    }
    /** Logs somebody in, in the language that is shown. */
    async logIn({ loginId, password }, lang = 'ko') {
        const [id, secret, go] = lang === 'ko' ? ['아이디', '비밀번호', '로그인'] : ['ID', 'Password', 'Log in'];
        await this.fill(id, loginId);
        await this.fill(secret, password);
        await this.tap(go, { exact: true });
        await this.at('/');
    }
    async at(path) {
        return until(`the page ${path} is open`, async () => (await this.path().catch(() => '')) === path, WITHIN);
    }
    /** What this function gives inside the page, once it gives something. */
    async reads(what, fn, ...values) {
        return until(what, () => this.page.run(fn, ...values).catch(() => null), WITHIN);
    }
    /** Taps what has this name, once it is there and nothing lies over it. */
    async tap(name, { exact = false, times = 1 } = {}) {
        for (let i = 0; i < times; i++) {
            let before; // what came late may still push it aside: it must stand where it stood a moment ago
            const { x, y } = await until(`"${name}" can be tapped`, async () => {
                const at = await this.page.run(target, name, exact).catch(() => null);
                if (!at) throw new Error(`what is shown: ${(await this.text().catch(() => '')).slice(-900)}`);
                const still = before?.x === at.x && before?.y === at.y;
                before = at;
                return still && at;
            }, WITHIN);
            for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased'])
                await this.page.send('Input.dispatchMouseEvent', { type, x, y, button: type === 'mouseMoved' ? 'none' : 'left', clickCount: type === 'mouseMoved' ? 0 : 1 });
        }
    }
    /** Types into the field of this label instead of what stands there. */
    async fill(label, value) {
        const { type } = await until(`the field "${label}" is there`, () => this.page.run(focusField, label).catch(() => null), WITHIN);
        if (type === 'datetime-local' || type === 'time' || type === 'number') {
            await this.page.run((text) => {
                const field = document.activeElement;
                field.value = text;
                field.dispatchEvent(new Event('input', { bubbles: true }));
                field.dispatchEvent(new Event('change', { bubbles: true }));
            }, String(value));
        } else await this.page.send('Input.insertText', { text: String(value) });
    }
    async press(key, code = key) {
        const windowsVirtualKeyCode = { Enter: 13, Escape: 27 }[key];
        for (const type of ['keyDown', 'keyUp']) await this.page.send('Input.dispatchKeyEvent', { type, key, code, windowsVirtualKeyCode, ...(key === 'Enter' && type === 'keyDown' && { text: '\r' }) });
    }
    /** Six digits on the pad. */
    async digits(text) {
        for (const digit of text) await this.tap(digit, { exact: true });
    }
    /** Gives files to the one file field of the page. */
    async attach(...files) {
        const objectId = await until('a field for files', async () => {
            const { result } = await this.page.send('Runtime.evaluate', { expression: "[...document.querySelectorAll('input[type=file]')].find((e) => !e.closest('[aria-hidden=\"true\"]'))" });
            return result.objectId;
        }, WITHIN);
        await this.page.send('DOM.setFileInputFiles', { files, objectId });
    }
    /** Without network, for the page and its worker; or with it again. */
    async offline(off) {
        await this.page.send('Network.enable');
        await this.page.send('Network.emulateNetworkConditions', { offline: off, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    }
    /** Presses "pay" on the provider's page, which this tab is on. */
    async approvePayment() {
        await until("the provider's page is open", () => this.page.run((origin) => location.origin === origin && !!document.querySelector(`form[action$="/approve"] button`), new URL(stack.sandbox).origin).catch(() => false), WITHIN);
        await this.page.run(() => document.querySelector('form[action$="/approve"] button').click());
    }
    /** Nothing was thrown, and no policy was broken. */
    sound() {
        assert.deepEqual(this.problems, []);
    }
    close() {
        return this.browser?.close();
    }
}
