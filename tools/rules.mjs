// tools/rules.mjs [ROOT]: the rules of the house that no compiler knows (DESIGN: who may include whom, banned functions,
// the SQL both databases speak). Prints "file:line: what is wrong; what to do" and ends with 1 when it found something.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const root = process.argv[2] ?? ".";
const LIBC = new Set(("assert ctype errno fcntl float inttypes limits locale math setjmp signal stdalign stdarg stdbool " +
  "stddef stdint stdio stdlib string strings time unistd sys/queue sys/stat sys/types sys/wait").split(" ").map((n) => n + ".h"));
const BANNED = {
  sprintf: "snprintf or gg_buf_addf", vsprintf: "vsnprintf", strcpy: "a length-checked copy or gg_strdup",
  strcat: "gg_buf_adds", strncat: "gg_buf_add", gets: "fgets", atoi: "a checked parser (gg_parse_*)",
  atol: "a checked parser", strtok: "a loop over gg_str", strtok_r: "a loop over gg_str",
};
// MySQL 8.4 and MariaDB 10.11 must both take it, and lists must not count or skip.
const SQL = [
  [/\bRETURNING\b/i, "MariaDB only; read the row in the same transaction"],
  [/\butf8mb4_0900/i, "MySQL only; use utf8mb4_unicode_520_ci or utf8mb4_bin"],
  [/\b(UUID_TO_BIN|BIN_TO_UUID|UUID)\s*\(/i, "ids are made in C and bound as BINARY(16)"],
  [/->>?\s*'\$|->>/, "not in MariaDB; use JSON_EXTRACT"],
  [/\bFOR SHARE\b/i, "not in MariaDB; use LOCK IN SHARE MODE"],
  [/\bREGEXP_LIKE\b/i, "not in MariaDB"],
  [/\bINVISIBLE\b/i, "not in both"],
  [/\bSRID\b/i, "not in MariaDB 10.11"],
  [/\bEXPLAIN ANALYZE\b/i, "not in MariaDB"],
  [/\b(CREATE SEQUENCE|NEXTVAL|NEXT VALUE FOR)\b/i, "MariaDB only; ids are made in C"],
  [/\)\s*AS\s+\w+\s+ON DUPLICATE\b/i, "not in MariaDB; use VALUES(c)"],
  [/\bOFFSET\s+[?\d]/i, "lists page by keyset (gg_cursor_encode)"],
  [/\b(NOW|SYSDATE|CURDATE|UTC_TIMESTAMP)\s*\(|\bCURRENT_TIMESTAMP\b/i, "times come from gg_now() as parameters"],
];

let found = 0;
const complain = (file, line, what) => {
  found++;
  console.log(`${file}:${line}: ${what}`);
};
const walk = (dir) => existsSync(join(root, dir))
  ? readdirSync(join(root, dir), { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)])
  : [];
const blank = (text) => text.replace(/[^\n]/g, " ");

function checkInclude(file, line, [, mark, name]) {
  const common = file.startsWith("libcommon/"), proto = file.startsWith("proto/"), test = file.includes("/test/");
  if (mark === "<") {
    if (name === "threads.h" || name === "regex.h") complain(file, line, `<${name}> is banned; use libcommon's threads, or no regular expression`);
    else if (!common && !LIBC.has(name) && !(test && name === "cmocka.h"))
      complain(file, line, `<${name}> only inside libcommon; wrap it there and include the wrapper`);
    return;
  }
  const own = !name.includes("/") && [dirname(file), dirname(dirname(file))].some((d) => existsSync(join(root, d, name)));
  const allowed = name.startsWith("libcommon/") || (name.startsWith("proto/") && !common) || (own && (test || (!common && !proto)));
  if (!allowed) complain(file, line, `"${name}" is not for this folder: services -> proto, libcommon, own files; proto -> libcommon; libcommon -> itself`);
}

function checkC(file) {
  const text = readFileSync(join(root, file), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, (m) => (m[0] === "/" ? blank(m) : m)).split("\n");
  const sql = /^libcommon\/[^/]*\.c$|\/store[^/]*\.c$/.test(file);
  code.forEach((full, i) => {
    const line = i + 1, include = full.match(/^\s*#\s*include\s*([<"])([^>"]+)/);
    if (include) return checkInclude(file, line, include);
    const bare = full.replace(/"(?:\\.|[^"\\])*"/g, '""');
    for (const [, name] of bare.matchAll(/\b([a-z_]+)\s*\(/g))
      if (Object.hasOwn(BANNED, name)) complain(file, line, `${name}() is banned; use ${BANNED[name]}`);
    if (/\b(pthread_create|thrd_create|fork|vfork)\s*\(/.test(bare) && !file.startsWith("libcommon/") && !file.includes("/test/"))
      complain(file, line, "only libcommon makes threads or processes; hand the work to a pool (libcommon/work.h)");
    if (/\bmysql_(real_)?query\s*\(/.test(bare) && !/^libcommon\/(db[^/]*|migrate)\.c$/.test(file))
      complain(file, line, "prepared statements only: gg_db_*");
    if (sql) for (const [words] of full.matchAll(/"(?:\\.|[^"\\])*"/g)) checkSql(file, line, words);
  });
}
function checkSql(file, line, text) {
  for (const [pattern, advice] of SQL) if (pattern.test(text)) complain(file, line, `SQL both servers must take: ${text.match(pattern)[0].trim()}: ${advice}`);
}

for (const file of ["libcommon", "proto", "services"].flatMap(walk)) {
  if (/\.[ch]$/.test(file)) checkC(file);
  else if (file.endsWith(".sql"))
    readFileSync(join(root, file), "utf8").split("\n").forEach((l, i) => checkSql(file, i + 1, l.replace(/--.*/, "").replace(/'[^']*'/g, "''")));
}
process.exit(found > 0 ? 1 : 0);
