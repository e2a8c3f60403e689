// tools/asvs.mjs [ROOT]: docs/security/asvs.md must have every item once, and every test that it or docs/security/threats.md
// names must exist. Prints "file:line: what is wrong" and ends with 1 when it found something.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const root = process.argv[2] ?? ".";
const FILE = "docs/security/asvs.md";
const range = (chapter, n) => Array.from({ length: n }, (_, i) => `${chapter}.${i + 1}`);
// Levels 1 and 2 of ASVS 5.0.0; the gaps are items of level 3.
const ITEMS = [
  ...range("6.1", 3), ...range("6.2", 12), ...range("6.3", 4), ...range("6.4", 4), ...range("6.5", 5), ...range("6.6", 3),
  ...range("6.8", 4), ...range("7.1", 3), ...range("7.2", 4), ...range("7.3", 2), ...range("7.4", 5), ...range("7.5", 2),
  ...range("7.6", 2), ...range("9.1", 3), ...range("9.2", 4), ...range("10.1", 2), ...range("10.2", 2), ...range("10.3", 4),
  ...range("10.4", 11), ...range("10.5", 5), ...range("10.6", 2), ...range("10.7", 3),
];

let found = 0;
const complain = (line, what, file = FILE) => {
  found++;
  console.log(`${file}:${line}: ${what}`);
};
const walk = (dir) => existsSync(join(root, dir))
  ? readdirSync(join(root, dir), { withFileTypes: true }).flatMap((e) =>
      e.name === "node_modules" ? [] : e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)])
  : [];

// Names as they are written: it('...'), test("...") and C functions that take a cmocka state.
const names = new Set();
for (const file of ["tests", "pwa", "deploy/sandbox"].flatMap(walk).filter((f) => f.endsWith(".test.mjs")))
  for (const [, quote, name] of readFileSync(join(root, file), "utf8").matchAll(/\b(?:it|test)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g))
    names.add(name.replaceAll(`\\${quote}`, quote));
for (const file of ["libcommon", "proto", "services"].flatMap(walk).filter((f) => /\/test\/\w+\.c$/.test(f)))
  for (const [, name] of readFileSync(join(root, file), "utf8").matchAll(/^static void (\w+)\(void \*\*state\b/gm)) names.add(name);

const seen = new Set();
const text = existsSync(join(root, FILE)) ? readFileSync(join(root, FILE), "utf8") : "";
if (!text) complain(1, "is missing");
text.split("\n").forEach((row, i) => {
  const cells = /^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.*) \|$/.exec(row);
  if (!cells) {
    if (/^\|\s*\d/.test(row)) complain(i + 1, "is no row of item, level, words and proof");
    return;
  }
  const [, item, , , proof] = cells;
  if (!ITEMS.includes(item)) complain(i + 1, `${item} is no item of level 1 or 2`);
  if (seen.has(item)) complain(i + 1, `${item} stands twice`);
  seen.add(item);
  const tests = [...proof.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  for (const name of tests) if (!names.has(name)) complain(i + 1, `no test is called "${name}"`);
  const reason = /^(n\/a|open|doc): (.{15,})$/.exec(proof);
  if (tests.length === 0 && !reason) complain(i + 1, `${item} has neither a test nor a written reason`);
  for (const [, target] of proof.matchAll(/\]\(([^)#]+)[^)]*\)/g))
    if (!existsSync(join(root, dirname(FILE), target))) complain(i + 1, `there is no ${target}`);
});
if (text) for (const item of ITEMS) if (!seen.has(item)) complain(1, `${item} is missing`);

const THREATS = "docs/security/threats.md";
const threats = existsSync(join(root, THREATS)) ? readFileSync(join(root, THREATS), "utf8").split("\n") : [];
threats.forEach((row, i) => {
  const proof = /^\| (?!threat \|)(?:[^|]+ \| ){2}(.+) \|$/.exec(row)?.[1];
  if (!proof) return;
  const tests = [...proof.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  for (const name of tests) if (!names.has(name)) complain(i + 1, `no test is called "${name}"`, THREATS);
  if (tests.length === 0 && !/^open: .{15,}$/.test(proof)) complain(i + 1, "has neither a test nor says what is missing", THREATS);
});
process.exitCode = found ? 1 : 0;
