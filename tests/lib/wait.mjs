// tests/lib/wait.mjs: waiting for what will be true soon, with a deadline that names what did not happen.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Polls `probe` until it gives something truthy, and returns that. What the probe throws counts as "not yet". */
export async function until(what, probe, { within = 30_000, every = 25 } = {}) {
    const deadline = Date.now() + within;
    let last;
    for (;;) {
        try {
            last = await probe();
            if (last) return last;
        } catch (error) {
            last = error;
        }
        if (Date.now() >= deadline) break;
        await sleep(every);
    }
    const seen = last instanceof Error ? last.message : inspect(last, { depth: 4 });
    throw new Error(`not within ${within} ms: ${what}; last seen: ${seen}`, { cause: last });
}

/** Runs `work` on every item, at most `width` at the same time; results in order. */
export async function each(items, width, work) {
    const results = new Array(items.length);
    let next = 0;
    const lane = async () => {
        while (next < items.length) {
            const i = next++;
            results[i] = await work(items[i], i);
        }
    };
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
    return results;
}
