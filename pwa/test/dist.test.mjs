// What was built must run under the gateway's Content-Security-Policy, ask nobody else for anything, and stay small.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const assets = readdirSync(join(dist, 'assets')).map((name) => join(dist, 'assets', name));

test('no inline code and no style in the page', () => {
    for (const [tag, rest] of page.matchAll(/<script\b[^>]*>([^<]*)/g)) {
        assert.match(tag, /src="\/assets\//);
        assert.equal(rest.trim(), '');
    }
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|javascript:/i);
});

test('nothing is fetched from another host', () => {
    for (const address of page.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(address[1], /^\/(?!\/)/);
    for (const file of assets.filter((name) => name.endsWith('.css'))) assert.doesNotMatch(readFileSync(file, 'utf8'), /url\(|@import/);
});

test('the first visit costs less than 60 kB', () => {
    const size = [join(dist, 'index.html'), ...assets].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    assert.ok(size < 60_000, `${size} bytes`);
});
