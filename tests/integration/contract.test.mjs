// tests/integration/contract.test.mjs: what each service prints about itself is what it serves, and what it does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send, told, uuid } from '../lib/api.mjs';
import { signUp } from '../lib/people.mjs';
import { root, SERVICES, stack } from '../lib/stack.mjs';

for (const service of SERVICES)
    describe(`contract of ${service}`, () => {
        let api;
        before(async () => (api = expect(await send('GET', `/v1/${service}/openapi.json`), 200)));

        const operations = () =>
            Object.entries(api.paths).flatMap(([path, item]) =>
                Object.entries(item).filter(([method]) => /^(get|post|put|patch|delete)$/.test(method)).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));

        it('the served document is the committed one, on every instance', async () => {
            const committed = JSON.parse(readFileSync(join(root, `proto/gen/${service}.openapi.json`), 'utf8'));
            for (const base of stack.instances[service])
                assert.deepEqual(expect(await send('GET', `/v1/${service}/openapi.json`, { base }), 200), committed);
        });

        it('is OpenAPI 3.1, and every route has a summary, replies and known references', () => {
            assert.match(api.openapi, /^3\.1\./);
            assert.ok(operations().length > 0);
            for (const { method, path, operation } of operations()) {
                assert.ok(operation.summary, `${method} ${path} has no summary`);
                assert.ok(Object.keys(operation.responses).some((status) => /^2/.test(status)), `${method} ${path} has no success`);
                assert.ok(path.startsWith(`/v1/${service}/`), path);
            }
            for (const [, reference] of JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g))
                assert.ok(reference.split('/').reduce((at, step) => at?.[step.replaceAll('~1', '/')], api), `${reference} is nowhere`);
        });

        it('without a token every route that wants one answers 401, and documents it', async () => {
            for (const { method, path, operation } of operations()) {
                const secured = (operation.security ?? []).some((s) => Object.keys(s).length > 0) && !(operation.security ?? []).some((s) => Object.keys(s).length === 0);
                const reply = await send(method, path.replace(/\{[^}]+\}/g, uuid()), { key: uuid(), ...(operation.requestBody && { raw: '{}', type: 'application/json' }) });
                if (secured) {
                    expectProblem(reply, 401, 'unauthenticated');
                    assert.ok(operation.responses['401'] || operation.responses.default || operation.responses['4XX'], `${method} ${path} does not document 401`);
                } else assert.notEqual(reply.body?.code, 'unauthenticated', told(reply));
                assert.notEqual(reply.status, 405, told(reply));
                assert.ok(reply.status < 500, told(reply));
            }
        });

        it('replies of lists have the documented fields and no others', async () => {
            const person = await signUp();
            for (const { method, path, operation } of operations()) {
                if (method !== 'GET' || path.includes('{') || !operation.responses['200']?.content) continue;
                const schema = operation.responses['200'].content['application/json']?.schema;
                const reply = await person.get(path);
                if (!schema || reply.status !== 200) continue;
                const known = (schema.$ref ? schema.$ref.split('/').slice(1).reduce((at, step) => at[step], api) : schema).properties ?? {};
                for (const name of Object.keys(reply.body)) assert.ok(name in known, `${path}: ${name} is not documented`);
            }
        });

        it('health, readiness and metrics are on the own port', async () => {
            for (const base of stack.instances[service]) {
                assert.equal((await send('GET', '/healthz', { base })).status, 200);
                assert.equal((await send('GET', '/readyz', { base })).status, 200);
                const metrics = await send('GET', '/metrics', { base });
                assert.match(metrics.text, /^# TYPE \w+ \w+$/m);
                assert.match(metrics.text, /^gonggu_http_requests_total\{/m);
            }
        });
    });
