// deploy/sandbox/test/helpers.mjs: a sandbox of its own for each test file, and a shop that receives its webhooks.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../sandbox.mjs';

async function freePort() {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

/** A running sandbox with fresh data; `restart()` stops it and starts another one on the same data. */
export async function openSandbox(settings = {}) {
    const data = mkdtempSync(join(tmpdir(), 'gonggu-sandbox-'));
    const port = await freePort();
    const config = {
        port,
        host: '127.0.0.1',
        data,
        publicUrl: `http://127.0.0.1:${port}`,
        clientUrl: 'http://127.0.0.1:9',
        providerSecret: 'test_sk',
        bankSecret: 'bank key',
        webhookUrl: '',
        webhookSecret: 'webhook secret',
        smsAccessKey: 'access',
        smsSecret: 'sms secret',
        smsServiceId: 'ncp:sms:kr:test',
        ...settings,
    };
    let sandbox = await startSandbox(config);
    return {
        config,
        url: config.publicUrl,
        async restart() {
            await sandbox.stop();
            sandbox = await startSandbox(config);
        },
        async close() {
            await sandbox.stop();
            rmSync(data, { recursive: true });
        },
    };
}

/** An HTTP server that keeps what it gets and answers with `reply(request)`, a status. */
export async function openShop(reply = () => 204) {
    const received = [];
    const server = createServer(async (req, res) => {
        let body = '';
        for await (const chunk of req) body += chunk;
        const request = { headers: req.headers, body, json: JSON.parse(body) };
        received.push(request);
        res.writeHead(reply(request)).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
        url: `http://127.0.0.1:${server.address().port}/hook`,
        received,
        async close() {
            server.close();
            server.closeAllConnections();
            await once(server, 'close');
        },
    };
}

export async function until(test, what, ms = 8000) {
    const end = Date.now() + ms;
    while (Date.now() < end) {
        const value = await test();
        if (value) return value;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not within ${ms} ms: ${what}`);
}

/** fetch with JSON in and out: {status, headers, body}. */
export async function call(url, { method = 'GET', json, headers = {}, ...more } = {}) {
    const reply = await fetch(url, {
        method,
        redirect: 'manual',
        ...(json !== undefined && { body: JSON.stringify(json) }),
        // A kept connection would not outlive a restart of the sandbox.
        headers: { connection: 'close', ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...more,
    });
    const text = await reply.text();
    const isJson = reply.headers.get('content-type')?.includes('json');
    return { status: reply.status, headers: reply.headers, body: isJson && text ? JSON.parse(text) : text };
}
