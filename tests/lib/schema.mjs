// tests/lib/schema.mjs: whether a value is what a printed document says of it. Knows the words of JSON Schema that our
// documents use and stops at any other, so that nothing is passed over in silence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stack.mjs';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const FORMATS = { uuid: (s) => UUID.test(s), 'date-time': (s) => TIME.test(s) && !Number.isNaN(Date.parse(s)), 'uri-reference': (s) => !/[\s<>"{}|\\^`]/.test(s) };
const TYPES = {
    object: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
    array: Array.isArray,
    string: (v) => typeof v === 'string',
    boolean: (v) => typeof v === 'boolean',
    integer: Number.isSafeInteger,
    number: Number.isFinite,
};
const length = (s) => [...s].length;
const RULES = {
    description: () => true,
    type: (v, type) => TYPES[type](v),
    const: (v, wanted) => v === wanted,
    enum: (v, words) => words.includes(v),
    format: (v, name) => FORMATS[name](v),
    minimum: (v, n) => v >= n,
    maximum: (v, n) => v <= n,
    minLength: (v, n) => length(v) >= n,
    maxLength: (v, n) => length(v) <= n,
    minItems: (v, n) => v.length >= n,
    maxItems: (v, n) => v.length <= n,
    required: (v, names) => names.every((name) => name in v),
};

/** What a JSON pointer ("#/components/...") names in the document. */
export const at = (document, pointer) => pointer.split('/').slice(1).reduce((here, step) => here?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);

/** Why `value` is not what `schema` says: a list of "/path: rule", empty when it is. Fields nobody told of are wrong too. */
export function faults(document, schema, value, path = '') {
    if (schema.$ref) return faults(document, at(document, schema.$ref), value, path);
    if (schema.allOf) return schema.allOf.flatMap((one) => faults(document, one, value, path));
    if (schema.type && !TYPES[schema.type](value)) return [`${path || '/'}: no ${schema.type}: ${JSON.stringify(value)}`];
    const wrong = [];
    for (const [rule, what] of Object.entries(schema)) {
        if (rule === 'properties' || rule === 'items') continue;
        if (!RULES[rule]) throw new Error(`${path}: the schema says "${rule}", which nobody checks`);
        if (!RULES[rule](value, what)) wrong.push(`${path || '/'}: ${rule} ${JSON.stringify(what)}: ${JSON.stringify(value)}`);
    }
    if (schema.properties)
        for (const [name, member] of Object.entries(value))
            wrong.push(...(schema.properties[name] ? faults(document, schema.properties[name], member, `${path}/${name}`) : [`${path}/${name}: not in the document`]));
    if (schema.items) value.forEach((item, i) => wrong.push(...faults(document, schema.items, item, `${path}/${i}`)));
    return wrong;
}

/** A printed document: printed('chat.asyncapi'). */
export const printed = (name) => JSON.parse(readFileSync(join(root, `proto/gen/${name}.json`), 'utf8'));
