// tests/lib/settings.mjs: instances with another setting for the length of a test.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stack, start, stop } from './stack.mjs';

/** Runs `work` while these instances have `name` set to `value`; then they are started again as they were. */
export async function withSetting(instances, name, value, work) {
    const files = instances.map((instance) => join(stack.data, `env/${instance}.env`));
    const before = files.map((file) => readFileSync(file, 'utf8'));
    const again = async (texts) => {
        await stop(...instances);
        files.forEach((file, i) => writeFileSync(file, texts[i]));
        await start(...instances);
    };
    await again(before.map((text) => `${text.trimEnd()}\n${name}=${value}\n`));
    try {
        return await work();
    } finally {
        await again(before);
    }
}
