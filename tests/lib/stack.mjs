// tests/lib/stack.mjs: the test stack: where it listens, what it is made of, and how its processes are stopped and
// started. Asks `deploy/local/stack env` when the runner has not set the environment.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './wait.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function readEnvironment() {
    if (process.env.GONGGU_STACK && process.env.GONGGU_GATEWAY) return process.env;
    const text = execFileSync(join(root, 'deploy/local/stack'), ['env'], {
        env: { ...process.env, GONGGU_STACK: process.env.GONGGU_STACK ?? 'test' },
        encoding: 'utf8',
    });
    return Object.fromEntries([...text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]));
}

const env = readEnvironment();

export const SERVICES = ['auth', 'deal', 'pay', 'chat', 'push'];

export const stack = {
    data: env.GONGGU_DATA,
    gateway: env.GONGGU_GATEWAY,
    /** Where a browser opens the market to use passkeys: they belong to a name, never to an address. */
    passkeyOrigin: env.GONGGU_GATEWAY.replace('127.0.0.1', 'localhost'),
    sandbox: env.GONGGU_SANDBOX_URL,
    logs: env.GONGGU_LOGS,
    clockFile: env.GONGGU_CLOCK_FILE,
    kafka: env.GONGGU_KAFKA,
    db: { host: env.GONGGU_DB_HOST, port: env.GONGGU_DB_PORT, user: env.GONGGU_DB_READER },
    supervisor: join(dirname(env.GONGGU_DB_SOCKET), 'supervisor'),
    /** Base addresses of a service's instances, in order. */
    instances: Object.fromEntries(SERVICES.map((s) => [s, env[`GONGGU_${s.toUpperCase()}_INSTANCES`].split(' ')])),
};

/** A secret of the stack ("webhook", "db_reader" ...). */
export const secretsFolder = env.GONGGU_SECRETS;
export const secret = (name) => readFileSync(join(secretsFolder, name), 'utf8').trim();

/** Names of all service instances: "auth-1", "auth-2" ... */
export const instanceNames = () => SERVICES.flatMap((s) => stack.instances[s].map((_, i) => `${s}-${i + 1}`));

/** Base address of the instance with this name. */
export const addressOf = (name) => stack.instances[name.split('-')[0]][Number(name.split('-')[1]) - 1];

// ---- the supervisor, over its XML-RPC socket -------------------------------------------------------------------------
function supervise(method, params = []) {
    const encode = (p) => (typeof p === 'boolean' ? `<boolean>${Number(p)}</boolean>` : `<string>${p}</string>`);
    const list = params.map((p) => `<param><value>${encode(p)}</value></param>`).join('');
    const body = `<?xml version="1.0"?><methodCall><methodName>supervisor.${method}</methodName><params>${list}</params></methodCall>`;
    return new Promise((resolve, reject) => {
        const headers = { 'content-type': 'text/xml', 'content-length': body.length };
        const req = request({ socketPath: stack.supervisor, path: '/RPC2', method: 'POST', headers }, (res) => {
            const chunks = [];
            res.on('data', (chunk) => chunks.push(chunk));
            res.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        });
        req.on('error', reject);
        req.end(body);
    });
}

/** Every process of the stack: name -> {pid, state}. */
export async function processes() {
    const found = {};
    for (const [, struct] of (await supervise('getAllProcessInfo')).matchAll(/<struct>(.*?)<\/struct>/gs)) {
        const member = (name) => new RegExp(`<name>${name}</name>\\s*<value><\\w+>([^<]*)<`).exec(struct)[1];
        found[member('name')] = { pid: Number(member('pid')), state: member('statename') };
    }
    return found;
}

/** The pids of all service instances: to prove that none has ended. */
export async function servicePids() {
    const all = await processes();
    return Object.fromEntries(instanceNames().map((name) => [name, all[name].pid]));
}

const ready = async (name) => (await fetch(`${addressOf(name)}/readyz`, { signal: AbortSignal.timeout(2000) })).status === 200;

/** Waits until these instances answer /readyz with 200. */
export async function untilReady(...names) {
    for (const name of names) await until(`${name} is ready`, () => ready(name), { within: 60_000, every: 50 });
}

/** Ends processes as the operator would, and waits for their end. */
export async function stop(...names) {
    await Promise.all(names.map((name) => supervise('stopProcess', [name, false])));
    await until(`${names} stopped`, async () => {
        const all = await processes();
        return names.every((name) => ['STOPPED', 'EXITED', 'FATAL'].includes(all[name].state));
    }, { within: 60_000 });
}

/** Starts processes that were stopped; instances are waited for until they are ready. */
export async function start(...names) {
    await Promise.all(names.map((name) => supervise('startProcess', [name, false])));
    await until(`${names} run`, async () => {
        const all = await processes();
        return names.every((name) => all[name].state === 'RUNNING');
    }, { within: 60_000 });
    await untilReady(...names.filter((name) => instanceNames().includes(name)));
}

/** kill -9, at once; the supervisor starts it again. Resolves when another process has taken the name. */
export async function kill(name) {
    const { pid } = (await processes())[name];
    process.kill(pid, 'SIGKILL');
    return until(`${name} is started again`, async () => {
        const now = (await processes())[name];
        return now.state === 'RUNNING' && now.pid !== pid && now.pid;
    }, { within: 60_000 });
}

/** Pauses (SIGSTOP) or resumes (SIGCONT) a process of the stack. */
export async function signal(name, what) {
    process.kill((await processes())[name].pid, what);
}

// ---- logs ------------------------------------------------------------------------------------------------------------
/** The JSON log lines of an instance from now on: call the returned function to read them. */
export function watchLog(name) {
    const file = join(stack.logs, `${name}.log`);
    const from = readFileSync(file).length;
    return () =>
        readFileSync(file)
            .subarray(from)
            .toString('utf8')
            .split('\n')
            .flatMap((line) => {
                try {
                    return [JSON.parse(line)];
                } catch {
                    return [];
                }
            });
}
