// tools/client-types.mjs FOLDER FILE: prints the API of the services (proto/gen/*.openapi.json) as TypeScript for the web client: one
// interface per message, one line per route. Run by tools/docs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder, file] = process.argv;
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const documents = readdirSync(folder).filter((f) => f.endsWith('.openapi.json')).sort().map(read);
documents.push(read('chat.asyncapi.json')); // the frames of the socket
const name = (ref) => ref.split('/').pop();
const quoted = (text) => `'${text.replaceAll("'", "\\'")}'`;

/** A schema as a type. */
function type(schema) {
    if (!schema) return 'unknown';
    if (schema.$ref) return name(schema.$ref);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((v) => (typeof v === 'string' ? quoted(v) : String(v))).join(' | ');
    const variants = schema.oneOf ?? schema.anyOf;
    if (variants) return variants.map(type).join(' | ');
    if (Array.isArray(schema.type)) return schema.type.map((t) => type({ ...schema, type: t })).join(' | ');
    switch (schema.type) {
        case 'integer':
        case 'number': return 'number';
        case 'boolean': return 'boolean';
        case 'null': return 'null';
        case 'string': return 'string';
        case 'array': return /[ |]/.test(type(schema.items)) ? `(${type(schema.items)})[]` : `${type(schema.items)}[]`;
        case 'object': return schema.properties ? `{ ${members(schema).join(' ')} }` : 'Record<string, unknown>';
        default: return 'unknown';
    }
}
const members = (schema) =>
    Object.entries(schema.properties).map(([key, value]) => `${key}${schema.required?.includes(key) ? '' : '?'}: ${type(value)};`);

const messages = new Map();
const routes = [];
for (const document of documents) {
    for (const [key, schema] of Object.entries(document.components.schemas)) {
        if (document.asyncapi && !/^Chat(Frame|Connect|Progress|Position|Blocked|Watched)/.test(key)) continue;
        const lines = Object.entries(schema.properties ?? {}).map(([field, value], i) => {
            const says = (value.description ?? '').replaceAll('*/', '');
            return `    ${members(schema)[i]}${says ? ` // ${says}` : ''}`;
        });
        const text = `export interface ${key} {\n${lines.join('\n')}\n}`;
        if (messages.has(key) && messages.get(key) !== text) throw new Error(`two services mean different things by ${key}`);
        messages.set(key, text);
    }
    if (document.asyncapi) continue;
    const shared = document.components.parameters ?? {};
    for (const [path, methods] of Object.entries(document.paths))
        for (const [method, operation] of Object.entries(methods)) {
            const parameters = (operation.parameters ?? []).map((p) => (p.$ref ? shared[name(p.$ref)] : p));
            const query = parameters.filter((p) => p.in === 'query').map((p) => `${p.name}?: ${type(p.schema)}`);
            const body = operation.requestBody?.content?.['application/json']?.schema;
            const [, good] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
            const reply = good?.content?.['application/json']?.schema;
            const keyed = parameters.some((p) => p.in === 'header' && p.name === 'Idempotency-Key');
            const open = !operation.security?.length || operation.security.some((s) => Object.keys(s).length === 0);
            routes.push(`    ${quoted(`${method.toUpperCase()} ${path}`)}: { query: ${query.length ? `{ ${query.join('; ')} }` : 'undefined'}; body: ${body ? type(body) : 'undefined'}; reply: ${reply ? type(reply) : 'undefined'}; keyed: ${keyed}; open: ${open} };`);
        }
}
writeFileSync(file, `// Printed from the services' own tables (make docs); edits here are lost.\n\n${[...messages.values()].join('\n\n')}\n\n/** Every route: what it is asked with, and what it answers. */\nexport interface Routes {\n${routes.join('\n')}\n}\n`);
