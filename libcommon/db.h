/* libcommon/db.h
 * MySQL: one connection per worker, cached prepared statements, typed arguments, transactions with retry.
 * A struct gg_db belongs to one thread at a time. Every call but the accessors may block. */
#ifndef LIBCOMMON_DB_H
#define LIBCOMMON_DB_H

#include "libcommon/id.h"
#include "libcommon/mem.h"

struct gg_db;

struct gg_db_config {
    const char *host;
    int64_t port;
    const char *user, *password, *name;
};

/* A connection that opens itself at first use and again after a loss. Never NULL. */
struct gg_db *gg_db_create(const struct gg_db_config *config);
void gg_db_destroy(struct gg_db *db);
/* How long a reply may take, 10 s by default, for those who ask long questions (migrations, checks of whole tables).
 * Closes the connection: not inside a transaction. */
void gg_db_set_timeout(struct gg_db *db, unsigned seconds);
/* Answers a trivial query: for /readyz. */
bool gg_db_ping(struct gg_db *db) GG_MUSTCHECK;

/* --- arguments --- */
enum gg_val_type { GG_VAL_NULL, GG_VAL_INT, GG_VAL_TEXT, GG_VAL_BYTES, GG_VAL_TIME };
struct gg_val {
    enum gg_val_type type;
    int64_t i;     /* INT; TIME in ms (DATETIME(3) UTC) */
    const void *p; /* TEXT, BYTES: must outlive the call */
    size_t n;
};
struct gg_val gg_v_int(int64_t value);     /* GG_NONE becomes NULL */
struct gg_val gg_v_time(int64_t ms);       /* GG_NONE becomes NULL */
struct gg_val gg_v_text(const char *text); /* NULL becomes NULL */
struct gg_val gg_v_bytes(const void *p, size_t n);
struct gg_val gg_v_id(const struct gg_id *id); /* all-zero id becomes NULL; *id must outlive the call */
struct gg_val gg_v_null(void);
#define GG_ARGS(...)                                                                                                   \
    (const struct gg_val[]){__VA_ARGS__}, sizeof((const struct gg_val[]){__VA_ARGS__}) / sizeof(struct gg_val)
#define GG_NO_ARGS NULL, 0

/* --- statements: `sql` must be a string constant (or live as long as the process): it is the cache key --- */

/* Runs a statement that returns no rows. `affected` (may be NULL) counts matched rows (CLIENT_FOUND_ROWS).
 * GG_DUPLICATE names the constraint through gg_db_constraint(). */
enum gg_status gg_db_exec(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n,
                          int64_t *affected) GG_MUSTCHECK;
/* As gg_db_exec, but no matched row is GG_NOT_FOUND: for guarded updates. */
enum gg_status gg_db_exec_one(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n) GG_MUSTCHECK;

struct gg_rows {
    size_t n, columns;
    const struct gg_val *_cells;
};
/* Runs a query and keeps all rows in the arena. No row is GG_OK with rows->n == 0. */
enum gg_status gg_db_query(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                           size_t n, struct gg_rows *rows) GG_MUSTCHECK;
/* As gg_db_query, but no row is GG_NOT_FOUND. */
enum gg_status gg_db_query_one(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                               size_t n, struct gg_rows *rows) GG_MUSTCHECK;
/* A one-off statement whose text is built at run time (multi-row INSERT with `?` only): not cached. */
enum gg_status gg_db_exec_dynamic(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n,
                                  int64_t *affected) GG_MUSTCHECK;
/* The same for a question with many shapes (combined filters): prepared, asked and forgotten. */
enum gg_status gg_db_query_dynamic(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                                   size_t n, struct gg_rows *rows) GG_MUSTCHECK;

/* --- many rows in few round trips; `head` and `tail` are string constants as `sql` above --- */

/* Inserts rows[0..n) of `columns` values each, lying one behind the other: `head` is "INSERT INTO t (a, b) VALUES".
 * Sent in pieces of up to 256 rows, each a cached statement; so only inside a transaction they are one change. */
enum gg_status gg_db_insert_rows(struct gg_db *db, const char *head, const struct gg_val *rows, size_t columns,
                                 size_t n) GG_MUSTCHECK;
/* The same with `tail` behind the rows: " ON DUPLICATE KEY UPDATE .." */
enum gg_status gg_db_upsert_rows(struct gg_db *db, const char *head, const struct gg_val *rows, size_t columns,
                                 size_t n, const char *tail) GG_MUSTCHECK;
/* A statement without rows about a list of any length: "DELETE FROM t WHERE a IN ". In pieces, as above. */
enum gg_status gg_db_exec_in(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *list,
                             size_t columns, size_t n) GG_MUSTCHECK;
/* As gg_db_query with a list: `head` ends before the list ("SELECT .. WHERE (a, b) IN "), whose n elements (1..1024) of
 * `columns` values each lie in `list`; `tail` follows ("" or " FOR UPDATE"). At most one statement. */
enum gg_status gg_db_query_in(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *list,
                              size_t columns, size_t n, const char *tail, struct gg_rows *rows) GG_MUSTCHECK;
/* One statement with a list of n ids (1..1024, none zero) behind other arguments: "SELECT .. WHERE kind = ? AND id IN
 * ". The last id is repeated until the list has one of a few lengths. */
enum gg_status gg_db_query_ids(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *before,
                               size_t n_before, const struct gg_id *ids, size_t n, const char *tail,
                               struct gg_rows *rows) GG_MUSTCHECK;
enum gg_status gg_db_exec_ids(struct gg_db *db, const char *head, const struct gg_val *before, size_t n_before,
                              const struct gg_id *ids, size_t n, const char *tail, int64_t *affected) GG_MUSTCHECK;

/* Cells; a wrong row or column ends the process. NULL gives GG_NONE, NULL, or the zero id. */
int64_t gg_row_int(const struct gg_rows *rows, size_t row, size_t column);
int64_t gg_row_time(const struct gg_rows *rows, size_t row, size_t column); /* ms */
const char *gg_row_text(const struct gg_rows *rows, size_t row, size_t column);
struct gg_str gg_row_bytes(const struct gg_rows *rows, size_t row, size_t column);
struct gg_id gg_row_id(const struct gg_rows *rows, size_t row, size_t column);

/* Name of the constraint behind the last GG_DUPLICATE ("uq_share_user"); "" when unknown. */
const char *gg_db_constraint(const struct gg_db *db);

/* --- transactions --- */

typedef enum gg_status (*gg_db_work)(struct gg_db *db, void *arg);
/* Runs `work` between BEGIN and COMMIT. Any status but GG_OK rolls back. GG_RETRY runs the whole again, up to 5 times
 * with jitter; a connection lost before COMMIT once; so `work` must have no effect outside the transaction. An error on
 * COMMIT itself is GG_UNAVAILABLE: the outcome is unknown and the caller's idempotency key decides. Not nestable. */
enum gg_status gg_db_tx(struct gg_db *db, gg_db_work work, void *arg) GG_MUSTCHECK;
/* Inside gg_db_tx: marks a point, and undoes what came after it (SAVEPOINT). One at a time. */
enum gg_status gg_db_savepoint(struct gg_db *db) GG_MUSTCHECK;
enum gg_status gg_db_rollback_to_savepoint(struct gg_db *db) GG_MUSTCHECK;
/* Inside gg_db_tx: runs `fn(arg)` on this thread after the commit; dropped on rollback. `arg` must live until then (the
 * request's or event's arena does). */
void gg_db_after_commit(struct gg_db *db, void (*fn)(void *arg), void *arg);
/* The same with a copy of `data`, which ends with the transaction, however that ends. */
void gg_db_after_commit_copied(struct gg_db *db, void (*fn)(void *arg), const void *data, size_t n);
bool gg_db_in_tx(const struct gg_db *db);

/* --- migrations --- */

/* Applies NNNN_name.sql of each folder in order, under GET_LOCK, remembering checksum; refuses a changed or missing
 * one. Statements end with `;` at a line's end. False, logged, when it cannot. */
bool gg_db_migrate(struct gg_db *db, const char *const *folders, size_t n) GG_MUSTCHECK;
/* Checks the server settings that safety rests on (flush at commit, rollback on timeout, strict mode, utf8mb4). False,
 * logged with what to change. */
bool gg_db_assert_server(struct gg_db *db) GG_MUSTCHECK;

#endif
