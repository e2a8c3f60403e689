#!/usr/bin/env node
// tools/common-passwords.mjs LIST.json OUT: makes services/auth/data/common-passwords.bin of a JSON list of passwords: the first
// four bytes of the SHA-256 of each in lower case, sorted, big-endian. Its README says which list.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [list, out] = process.argv.slice(2);
const heads = JSON.parse(readFileSync(list, 'utf8')).map((word) =>
    createHash('sha256').update(word.toLowerCase()).digest().readUInt32BE(0),
);
const sorted = [...new Set(heads)].sort((a, b) => a - b);
const bytes = Buffer.alloc(4 * sorted.length);
sorted.forEach((head, i) => bytes.writeUInt32BE(head, 4 * i));
writeFileSync(out, bytes);
console.log(`${sorted.length} passwords`);
