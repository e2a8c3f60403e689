// deploy/sandbox/state.mjs: what a part remembers, as one JSON file, replaced atomically. Changes made while a write runs
// share the next one, so a busy part writes as fast as the disk allows and no faster.
import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Opens the file, or begins with `initial`. `state.data` is the live object; after changing it, `await state.save()`
 * returns once the change is in the file.
 */
export function openState(file, initial) {
    mkdirSync(dirname(file), { recursive: true });
    const data = { ...initial, ...read(file) };
    let running = null;
    let next = null;

    async function write() {
        const temporary = `${file}.new`;
        const handle = await open(temporary, 'w', 0o600);
        try {
            await handle.writeFile(JSON.stringify(data));
            await handle.datasync();
        } finally {
            await handle.close();
        }
        await rename(temporary, file);
    }

    function start() {
        running = write().finally(() => {
            running = null;
        });
        return running;
    }

    // The write that runs may have missed the change; the one after it has not.
    function save() {
        if (!running) return start();
        next ??= running
            .catch(() => {})
            .then(() => {
                next = null;
                return start();
            });
        return next;
    }
    return { data, save };
}

function read(file) {
    try {
        return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
        if (error.code === 'ENOENT') return {};
        throw new Error(`${file}: ${error.message}`, { cause: error });
    }
}

/** Drops the oldest entries of an object in insertion order. */
export function keepNewest(object, limit) {
    const keys = Object.keys(object);
    for (const key of keys.slice(0, Math.max(0, keys.length - limit))) delete object[key];
}
