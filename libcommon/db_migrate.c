/* libcommon/db_migrate.c
 * Forward-only migrations: files applied once, in order, by whichever instance comes first; and the check of the server
 * settings that safety rests on. */
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX        (1024 * 1024)
#define FILES_MAX       1000
#define LOCK_TRIES      60
#define MIGRATION_LIMIT 600 /* s one statement may take */

/* --- splitting --- */

static struct gg_str next_line(struct gg_str *text)
{
    const char *end = memchr(text->p, '\n', text->n);
    struct gg_str line = {text->p, end ? (size_t)(end - text->p) : text->n};
    size_t step = line.n + (end != NULL);
    text->p += step;
    text->n -= step;
    while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]))
        line.n--;
    return line;
}

static bool is_comment(struct gg_str line)
{
    while (line.n > 0 && (*line.p == ' ' || *line.p == '\t')) {
        line.p++;
        line.n--;
    }
    return line.n == 0 || (line.n >= 2 && line.p[0] == '-' && line.p[1] == '-');
}

const char **db_split_sql(struct gg_arena *arena, struct gg_str text, size_t *n, const char **error)
{
    size_t most = 1;
    for (size_t i = 0; i < text.n; i++)
        most += text.p[i] == ';';
    const char **statements = GG_NEW_ARRAY(arena, const char *, most);
    char *out = gg_alloc(arena, text.n + most + 1), *start = out;
    *n = 0;
    while (text.n > 0) {
        struct gg_str line = next_line(&text);
        if (is_comment(line))
            continue;
        bool last = line.p[line.n - 1] == ';';
        memcpy(out, line.p, line.n);
        out += line.n;
        if (!last) {
            *out++ = '\n';
            continue;
        }
        out[-1] = '\0';
        if (*start != '\0')
            statements[(*n)++] = start;
        start = out;
    }
    if (out != start) {
        *error = "the last statement does not end with `;` at a line's end";
        return NULL;
    }
    return statements;
}

/* --- files --- */

struct migration {
    const char *name; /* "deal/0001_first": stays the same wherever the folder lies */
    struct gg_str text;
    char *checksum;
};

/* "services/deal/schema" and "/usr/share/gonggu/deal/schema" are both "deal". */
static const char *folder_label(struct gg_arena *arena, const char *folder)
{
    char *path = gg_strdup(arena, folder);
    for (;;) {
        char *slash = strrchr(path, '/');
        const char *last = slash ? slash + 1 : path;
        if (*last != '\0' && strcmp(last, "schema") != 0)
            return last;
        if (!slash)
            return "schema";
        *slash = '\0';
    }
}

static int is_migration(const struct dirent *entry)
{
    const char *name = entry->d_name;
    size_t n = strlen(name);
    return n > 9 && n < 150 && strspn(name, "0123456789") == 4 && name[4] == '_' && strcmp(name + n - 4, ".sql") == 0;
}

static bool read_file(struct gg_arena *arena, const char *path, struct gg_str *text)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char *p = gg_alloc(arena, FILE_MAX);
    size_t n = fread(p, 1, FILE_MAX, file);
    bool good = !ferror(file) && n < FILE_MAX;
    fclose(file);
    *text = (struct gg_str){p, n};
    return good;
}

static bool list_folder(struct gg_arena *arena, const char *folder, struct migration *out, size_t *n)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_migration, alphasort);
    if (count < 0) {
        gg_error("migrate_folder", "cannot read the folder %s", folder);
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        const char *file = entries[i]->d_name;
        struct migration *m = &out[*n];
        uint8_t digest[GG_SHA256];
        if (*n == FILES_MAX || !read_file(arena, gg_sprintf(arena, "%s/%s", folder, file), &m->text)) {
            gg_error("migrate_file", "cannot read %s/%s", folder, file);
            good = false;
        } else {
            gg_sha256(m->text, digest);
            m->checksum = gg_hex(arena, digest, sizeof digest);
            m->name = gg_sprintf(arena, "%s/%.*s", folder_label(arena, folder), (int)strlen(file) - 4, file);
            (*n)++;
        }
        free(entries[i]);
    }
    free(entries);
    return good;
}

/* --- what is done already --- */

static enum gg_status prepare_table(struct gg_db *db)
{
    return db_command(db, "CREATE TABLE IF NOT EXISTS schema_migration ("
                          " name VARCHAR(200) CHARACTER SET ascii NOT NULL PRIMARY KEY,"
                          " checksum CHAR(64) CHARACTER SET ascii NOT NULL,"
                          " statements INT NOT NULL," /* done so far: DDL commits by itself, a crash leaves a part */
                          " started_at DATETIME(3) NOT NULL,"
                          " applied_at DATETIME(3) NULL"
                          ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
}

static bool refuse_missing(struct gg_db *db, struct gg_arena *arena, const char *label, const struct migration *all,
                           size_t n)
{
    struct gg_rows rows;
    if (gg_db_query(db, arena, "SELECT name FROM schema_migration WHERE name LIKE CONCAT(?, '/%') ORDER BY name",
                    GG_ARGS(gg_v_text(label)), &rows) != GG_OK)
        return false;
    for (size_t r = 0; r < rows.n; r++) {
        const char *name = gg_row_text(&rows, r, 0);
        bool found = false;
        for (size_t i = 0; i < n && !found; i++)
            found = strcmp(all[i].name, name) == 0;
        if (!found) {
            gg_error("migrate_missing", "%s is applied in the database but its file is gone", name);
            return false;
        }
    }
    return true;
}

/* --- applying --- */

/* A statement whose effect stands although it was not noted: the crash came between the two. */
static bool says_done(unsigned code)
{
    return code == 1050 || code == 1060 || code == 1061 || code == 1091 || code == 1051;
}

static bool run_statement(struct gg_db *db, const char *name, const char *sql, size_t index, bool resumed)
{
    if (db_open(db) != GG_OK)
        return false;
    if (mysql_real_query(db->my, sql, strlen(sql)) == 0) {
        MYSQL_RES *result = mysql_store_result(db->my);
        mysql_free_result(result);
        return true;
    }
    unsigned code = mysql_errno(db->my);
    if (resumed && says_done(code))
        return true;
    gg_error("migrate_failed", "%s, statement %zu: error %u (%s)", name, index + 1, code, mysql_error(db->my));
    return false;
}

static bool apply(struct gg_db *db, struct gg_arena *arena, const struct migration *m, int64_t done)
{
    const char *error;
    size_t n;
    const char **statements = db_split_sql(arena, m->text, &n, &error);
    if (!statements) {
        gg_error("migrate_split", "%s: %s", m->name, error);
        return false;
    }
    bool resumed = done != GG_NONE;
    uint64_t session = gg_db_session(db);
    if (!resumed && gg_db_exec(db,
                               "INSERT INTO schema_migration (name, checksum, statements, started_at) "
                               "VALUES (?, ?, 0, ?)",
                               GG_ARGS(gg_v_text(m->name), gg_v_text(m->checksum), gg_v_time(gg_now())), NULL) != GG_OK)
        return false;
    for (size_t i = resumed ? (size_t)done : 0; i < n; i++) {
        bool first_again = resumed && i == (size_t)done;
        if (!run_statement(db, m->name, statements[i], i, first_again) || gg_db_session(db) != session ||
            gg_db_exec_one(db, "UPDATE schema_migration SET statements = ? WHERE name = ?",
                           GG_ARGS(gg_v_int((int64_t)i + 1), gg_v_text(m->name))) != GG_OK)
            return false;
    }
    if (gg_db_exec_one(db, "UPDATE schema_migration SET applied_at = ? WHERE name = ?",
                       GG_ARGS(gg_v_time(gg_now()), gg_v_text(m->name))) != GG_OK)
        return false;
    gg_info("migrated", "%s: %zu statements", m->name, n);
    return true;
}

static bool apply_when_new(struct gg_db *db, struct gg_arena *arena, const struct migration *m)
{
    struct gg_rows rows;
    enum gg_status status =
        gg_db_query_one(db, arena, "SELECT checksum, statements, applied_at FROM schema_migration WHERE name = ?",
                        GG_ARGS(gg_v_text(m->name)), &rows);
    if (status == GG_NOT_FOUND)
        return apply(db, arena, m, GG_NONE);
    if (status != GG_OK)
        return false;
    if (strcmp(gg_row_text(&rows, 0, 0), m->checksum) != 0) {
        gg_error("migrate_changed", "%s was changed after it was applied; write a new migration instead", m->name);
        return false;
    }
    return gg_row_time(&rows, 0, 2) != GG_NONE || apply(db, arena, m, gg_row_int(&rows, 0, 1));
}

static bool take_lock(struct gg_db *db, struct gg_arena *arena)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        struct gg_rows rows;
        if (gg_db_query_one(db, arena, "SELECT GET_LOCK(CONCAT('gonggu.migrate.', DATABASE()), 2)", GG_NO_ARGS,
                            &rows) != GG_OK)
            return false;
        if (gg_row_int(&rows, 0, 0) == 1)
            return true;
    }
    gg_error("migrate_lock", "another instance has been migrating for two minutes");
    return false;
}

bool gg_db_migrate(struct gg_db *shared, const char *const *folders, size_t n)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_db *db = gg_db_create(&shared->config); /* its own: long time-outs, and the lock ends with it */
    gg_db_set_timeout(db, MIGRATION_LIMIT);
    struct migration *all = GG_NEW_ARRAY(arena, struct migration, FILES_MAX + 1);
    size_t count = 0;
    bool good = true;
    for (size_t i = 0; i < n && good; i++)
        good = list_folder(arena, folders[i], all, &count);
    good = good && take_lock(db, arena) && prepare_table(db) == GG_OK;
    for (size_t i = 0; i < n && good; i++)
        good = refuse_missing(db, arena, folder_label(arena, folders[i]), all, count);
    for (size_t i = 0; i < count && good; i++)
        good = apply_when_new(db, arena, &all[i]);
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return good;
}

/* --- the server --- */

bool gg_db_assert_server(struct gg_db *db)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_rows rows;
    bool good = gg_db_query_one(db, arena,
                                "SELECT CAST(@@GLOBAL.innodb_flush_log_at_trx_commit AS SIGNED), "
                                "CAST(@@GLOBAL.innodb_rollback_on_timeout AS SIGNED), "
                                "@@SESSION.sql_mode, @@GLOBAL.character_set_server, "
                                "(SELECT default_character_set_name FROM information_schema.schemata "
                                " WHERE schema_name = DATABASE())",
                                GG_NO_ARGS, &rows) == GG_OK;
    if (good && gg_row_int(&rows, 0, 0) != 1) {
        gg_error("db_setting", "set innodb_flush_log_at_trx_commit = 1: a crash would lose acknowledged money");
        good = false;
    }
    if (good && gg_row_int(&rows, 0, 1) != 1) {
        gg_error("db_setting", "set innodb_rollback_on_timeout = ON: half a transaction could be committed");
        good = false;
    }
    if (good && !strstr(gg_row_text(&rows, 0, 2), "STRICT_TRANS_TABLES")) {
        gg_error("db_setting", "sql_mode must be strict: values would be cut in silence");
        good = false;
    }
    for (size_t i = 3; i <= 4 && good; i++) {
        const char *charset = gg_row_text(&rows, 0, i);
        if (!charset || strcmp(charset, "utf8mb4") != 0) {
            gg_error("db_setting", "set the character set of the %s to utf8mb4", i == 3 ? "server" : "schema");
            good = false;
        }
    }
    gg_arena_destroy(arena);
    return good;
}
