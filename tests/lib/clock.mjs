// tests/lib/clock.mjs: the clock of the test stack. The services map a file with a number of milliseconds and add it to
// the real time; the sandbox, the database and this process live in real time.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { stack } from './stack.mjs';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const offset = () => (stack.clockFile ? Number(readFileSync(stack.clockFile).readBigInt64LE(0)) : 0); // other stacks have none

/** What the services take for the current time, in ms. */
export const now = () => Date.now() + offset();

/** Now plus so many ms, as the API writes times. */
export const fromNow = (ms) => new Date(now() + ms).toISOString();

function set(ms) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms));
    const fd = openSync(stack.clockFile, 'r+'); // written in place: the services have it mapped
    writeSync(fd, bytes, 0, 8, 0);
    closeSync(fd);
}

/** Moves the services' clock on by so many ms. */
export const advance = (ms) => set(offset() + ms);

/** Back to real time. The SMS gateway, for one, refuses a clock that is minutes off. */
export const reset = () => set(0);
