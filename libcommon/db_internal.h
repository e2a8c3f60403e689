/* libcommon/db_internal.h
 * What the files of the database room share. */
#ifndef LIBCOMMON_DB_INTERNAL_H
#define LIBCOMMON_DB_INTERNAL_H

#include "libcommon/db.h"

#include <mysql/mysql.h>

struct db_statement;
struct db_after {
    void (*fn)(void *arg);
    void *arg;
    bool owned; /* `arg` is ours, from the heap */
};

struct gg_db {
    struct gg_db_config config; /* texts are the struct's own */
    unsigned timeout;           /* seconds a reply may take */
    MYSQL *my;                  /* NULL: not connected */
    uint64_t session;           /* counts connections: server-side locks live as long as one of them */
    int64_t used;               /* gg_mono() of the last exchange */
    struct db_statement *statements;
    struct db_binds *binds; /* room for arguments, kept from statement to statement; NULL: none yet */
    bool in_tx;
    bool lost;             /* the connection went away inside this transaction, before COMMIT */
    enum gg_status broken; /* what made this transaction useless; GG_OK: it stands */
    char constraint[65];
    struct db_after *after;
    size_t n_after, cap_after, savepoint_after;
};

/* --- db.c --- */

/* Connects when there is no connection. */
enum gg_status db_open(struct gg_db *db) GG_MUSTCHECK;
/* Closes the connection and forgets its statements; the next use opens a new one. */
void db_drop(struct gg_db *db);
/* Runs SQL text as it is, without arguments and rows: transaction commands, DDL. */
enum gg_status db_command(struct gg_db *db, const char *sql) GG_MUSTCHECK;
/* Which connection this is; another number means that locks and session state of the former are gone. */
uint64_t gg_db_session(const struct gg_db *db);

/* --- db_error.c --- */

enum gg_status db_classify(unsigned code);
/* True when the connection cannot be used any more after this error. */
bool db_is_loss(unsigned code);
/* Cuts the constraint's name out of a duplicate-key message ("... for key 'share.uq_share_user'"). */
void db_constraint_name(const char *message, char *out, size_t n);
/* Takes note of a failed call: logs, drops a lost connection, marks the transaction. `sql` may be NULL. */
enum gg_status db_fail(struct gg_db *db, const char *sql, unsigned code, const char *message);
/* The process's view of the server: false while a connect would come too early after a failed one. */
bool db_may_connect(void) GG_MUSTCHECK;
void db_connected(void);
void db_unreachable(const struct gg_db *db, unsigned code, const char *message);

/* --- db_value.c --- */

void db_time_to_mysql(int64_t ms, MYSQL_TIME *out);
/* False for a date that is none (zero dates). */
bool db_time_from_mysql(const MYSQL_TIME *in, int64_t *ms) GG_MUSTCHECK;

/* --- db_rows.c --- */

/* Reads the whole result of an executed statement into the arena. */
enum gg_status db_rows_read(struct gg_db *db, MYSQL_STMT *stmt, const char *sql, struct gg_arena *arena,
                            struct gg_rows *rows) GG_MUSTCHECK;

/* --- db_migrate.c --- */

/* Splits a migration at every `;` that ends a line; whole-line `--` comments are dropped. NULL and a static reason in
 * *error when text is left behind the last statement. */
const char **db_split_sql(struct gg_arena *arena, struct gg_str text, size_t *n, const char **error);

#endif
