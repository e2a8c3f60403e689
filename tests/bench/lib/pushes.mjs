// tests/bench/lib/pushes.mjs: a browser's keys, ours, and the programs that send to it.
import { execFile, spawn } from 'node:child_process';
import { createECDH, createPrivateKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, secret, stack } from '../../lib/stack.mjs';

const run = promisify(execFile);
const SECONDS = '3';
const secrets = join(stack.data, 'secrets');

export function browser() {
    const pair = createECDH('prime256v1');
    return { p256dh: pair.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
}

/** Rates are pushes for each second of the sender's processor. */
const side = (command, args, env = {}) => ({
    run: async () => JSON.parse((await run(command, args, { env: { ...process.env, ...env } })).stdout),
    pids: async () => [],
});

/** push_sender: "encrypt", "bare" or, with an endpoint, "send". */
export const ours = (what, { p256dh, auth }, endpoint) =>
    side(join(root, 'build/bench/push_sender'), [what, join(secrets, 'vapid_key.pem'), p256dh, auth, SECONDS, ...(endpoint ? [endpoint, join(secrets, 'push_ca.pem')] : [])]);

/** The npm package. */
export function webPush(what, { p256dh, auth }, endpoint) {
    const { x, y, d } = createPrivateKey(secret('vapid_key.pem')).export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
    const args = [join(root, 'tests/bench/peers/web_push.mjs'), what, point, d, p256dh, auth, SECONDS, ...(endpoint ? [endpoint] : [])];
    return side(process.execPath, args, { NODE_EXTRA_CA_CERTS: join(secrets, 'push_ca.pem'), NODE_ENV: 'production' });
}

/** An endpoint on this port: {endpoint, stop}. */
export async function sink(port) {
    const child = spawn(process.execPath, [join(root, 'tests/bench/lib/push_sink.mjs'), String(port), join(secrets, 'push_tls')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return { endpoint: `https://127.0.0.1:${port}/push/e/x`, stop: () => child.kill('SIGKILL') };
}
