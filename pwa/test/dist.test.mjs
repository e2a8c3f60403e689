// What was built must run under the gateway's Content-Security-Policy, ask nobody else for anything, and keep to its budget
// (budget.mjs, which each build ends with).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const assets = readdirSync(join(dist, 'assets')).map((name) => join(dist, 'assets', name));
const words = (name) => JSON.parse(readFileSync(new URL(`../src/locales/${name}.json`, import.meta.url), 'utf8'));
const keys = (node, path = '') => Object.entries(node).flatMap(([key, value]) => (typeof value === 'string' ? [`${path}${key}`] : keys(value, `${path}${key}.`)));

test('no inline code and no style in the page', () => {
    for (const [tag, rest] of page.matchAll(/<script\b[^>]*>([^<]*)/g)) {
        assert.match(tag, /src="\/assets\//);
        assert.equal(rest.trim(), '');
    }
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|javascript:/i);
});

test('nothing is fetched from another host', () => {
    for (const address of page.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(address[1], /^\/(?!\/)/);
    for (const file of assets.filter((name) => name.endsWith('.css')))
        for (const [, url] of readFileSync(file, 'utf8').matchAll(/url\(([^)]*)\)|@import/g)) assert.match(url ?? 'import', /^(\/assets\/|#)/);
});

test('the worker keeps the shell and never the API, but for pictures of deals', () => {
    const worker = readFileSync(join(dist, 'sw.js'), 'utf8');
    assert.match(worker, /index\.html/);
    assert.doesNotMatch(worker, /url:"\/?v1\//);
    assert.doesNotMatch(worker, /v1\\?\/(pay|auth\/(?!refresh))/);
});

test('English says everything that Korean does, with the same blanks to fill in', () => {
    for (const part of ['', '.rest']) {
        const [ko, en] = [words(`ko${part}`), words(`en${part}`)];
        assert.deepEqual(keys(en).sort(), keys(ko).sort());
        const at = (tree, key) => key.split('.').reduce((node, name) => node[name], tree);
        for (const key of keys(ko)) {
            const blanks = (tree) => [...new Set([...at(tree, key).matchAll(/\{\w+\}/g)].map((m) => m[0]))].sort();
            assert.deepEqual(blanks(en), blanks(ko), key);
        }
    }
});
