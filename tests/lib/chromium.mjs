// tests/lib/chromium.mjs: a real browser: Debian's Chromium without a window, told what to do over a pipe (DevTools protocol),
// with a passkey authenticator of its own that needs no finger.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS = ['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check', '--disable-gpu', '--disable-extensions',
    '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-mock-keychain'];
const LIMIT = 60_000; // of one command, on a machine that does other things too

export class Chromium {
    #waiting = new Map();
    #listeners = new Set();
    #last = 0;
    #text = '';

    /** Starts one with nothing in it: no cookies, no passkeys. */
    static async open() {
        const browser = new Chromium();
        browser.folder = mkdtempSync(join(tmpdir(), 'gonggu-chromium-'));
        const flags = [...FLAGS, ...(process.getuid() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${browser.folder}`, 'about:blank'];
        browser.process = spawn(process.env.GONGGU_CHROMIUM ?? 'chromium', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
        browser.ended = new Promise((resolve) => browser.process.once('close', resolve));
        browser.process.once('error', (error) => browser.#fail(error));
        browser.process.once('exit', (code) => browser.#fail(new Error(`chromium ended with ${code}`)));
        browser.process.stdio[3].on('error', () => {});
        browser.process.stdio[4].setEncoding('utf8').on('data', (text) => browser.#take(text));
        await browser.send('Browser.getVersion');
        return browser;
    }
    #fail(error) {
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
    }
    #take(text) {
        const parts = (this.#text + text).split('\0');
        this.#text = parts.pop();
        for (const part of parts) {
            const message = JSON.parse(part);
            const asked = this.#waiting.get(message.id);
            this.#waiting.delete(message.id);
            if (!asked) for (const listener of this.#listeners) listener(message);
            else if (message.error) asked.reject(new Error(`${asked.method}: ${message.error.message}`));
            else asked.resolve(message.result);
        }
    }
    /** One command of the protocol; what it answers. */
    send(method, params = {}, sessionId) {
        const id = ++this.#last;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`${method} took too long`)), LIMIT);
            const end = (then) => (value) => (clearTimeout(timer), then(value));
            this.#waiting.set(id, { method, resolve: end(resolve), reject: end(reject) });
            this.process.stdio[3].write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
        });
    }
    on(listener) {
        this.#listeners.add(listener);
    }
    /** A page of its own at `url`, whose document is `html`, if given, whatever the server has there; `early` runs before its scripts. */
    async page(url, html, early) {
        const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
        const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
        const page = new Page(this, sessionId);
        this.on(({ method, params, sessionId: where }) => {
            if (method !== 'Fetch.requestPaused' || where !== sessionId) return;
            const body = Buffer.from(html).toString('base64');
            const headers = [{ name: 'content-type', value: 'text/html; charset=utf-8' }];
            page.send('Fetch.fulfillRequest', { requestId: params.requestId, responseCode: 200, responseHeaders: headers, body }).catch(() => {});
        });
        await page.send('Page.enable');
        if (html !== undefined) await page.send('Fetch.enable', { patterns: [{ urlPattern: url, resourceType: 'Document' }] });
        if (early) await page.send('Page.addScriptToEvaluateOnNewDocument', { source: early });
        await page.open(url);
        return page;
    }
    /** Allows the pages of an origin what a person would be asked for ("notifications"). */
    allow(origin, ...permissions) {
        return this.send('Browser.grantPermissions', { origin, permissions });
    }
    async close() {
        this.send('Browser.close').catch(() => {});
        const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
        await this.ended;
        clearTimeout(timer);
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
}

class Page {
    constructor(browser, session) {
        this.browser = browser;
        this.session = session;
    }
    send(method, params) {
        return this.browser.send(method, params, this.session);
    }
    async open(url) {
        const loaded = new Promise((resolve) => this.browser.on(({ method, sessionId }) => method === 'Page.loadEventFired' && sessionId === this.session && resolve()));
        await this.send('Page.navigate', { url });
        await loaded;
    }
    /** The service worker of its origin, once it is active: takes pushes, and runs functions inside itself. */
    async worker(origin) {
        const registered = new Promise((resolve) => this.browser.on(({ method, params }) => {
            if (method !== 'ServiceWorker.workerVersionUpdated') return;
            const active = params.versions.find((v) => v.scriptURL.startsWith(`${origin}/`) && v.status === 'activated');
            if (active) resolve(active.registrationId);
        }));
        await this.send('ServiceWorker.enable');
        const registrationId = await registered;
        return {
            push: (data) => this.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data }),
            run: async (fn, ...values) => {
                const { targetInfos } = await this.browser.send('Target.getTargets');
                const { targetId } = targetInfos.find((t) => t.type === 'service_worker' && t.url.startsWith(`${origin}/`));
                const { sessionId } = await this.browser.send('Target.attachToTarget', { targetId, flatten: true });
                return new Page(this.browser, sessionId).run(fn, ...values);
            },
        };
    }
    /** What the (async) function gives when it is called with these values inside the page, as after a click. */
    async run(fn, ...values) {
        const expression = `(${fn})(...${JSON.stringify(values)})`;
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }
    /** An authenticator like a phone's own: keeps discoverable passkeys and knows its owner. */
    async authenticator(options = {}) {
        await this.send('WebAuthn.enable', { enableUI: false });
        const { authenticatorId } = await this.send('WebAuthn.addVirtualAuthenticator', {
            options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options },
        });
        return {
            passkeys: async () => (await this.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
            forget: () => this.send('WebAuthn.clearCredentials', { authenticatorId }),
            ownerKnown: (isUserVerified) => this.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
            presence: (enabled) => this.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
        };
    }
}
