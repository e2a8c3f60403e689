/* libcommon/db.c
 * The connection and its statements. */
#include "libcommon/clock.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define CONNECT_TIMEOUT 3    /* s */
#define REPLY_TIMEOUT   10   /* s */
#define IDLE_CHECK      1000 /* ms of silence after which the socket is looked at before use */
#define MAX_ARGS        65535
#define FEW_ARGS        64

struct db_statement {
    const char *sql; /* the key: the address of the constant */
    MYSQL_STMT *stmt;
    UT_hash_handle hh;
};

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void library_init(void)
{
    if (mysql_library_init(0, NULL, NULL) != 0)
        gg_fatal("db_library", "the MySQL client library does not start");
}

struct gg_db *gg_db_create(const struct gg_db_config *config)
{
    pthread_once(&library_once, library_init);
    struct gg_db *db = gg_xcalloc(1, sizeof *db);
    db->config = (struct gg_db_config){.host = gg_xstrdup(config->host),
                                       .port = config->port,
                                       .user = gg_xstrdup(config->user),
                                       .password = gg_xstrdup(config->password ? config->password : ""),
                                       .name = gg_xstrdup(config->name)};
    db->timeout = REPLY_TIMEOUT;
    return db;
}

void gg_db_destroy(struct gg_db *db)
{
    if (!db)
        return;
    db_drop(db);
    free((void *)(uintptr_t)db->config.host);
    free((void *)(uintptr_t)db->config.user);
    free((void *)(uintptr_t)db->config.password);
    free((void *)(uintptr_t)db->config.name);
    free(db->after);
    free(db->binds);
    free(db);
}

uint64_t gg_db_session(const struct gg_db *db)
{
    return db->session;
}

void gg_db_set_timeout(struct gg_db *db, unsigned seconds)
{
    db->timeout = seconds;
    db_drop(db);
}

void db_drop(struct gg_db *db)
{
    struct db_statement *statement, *next;
    HASH_ITER(hh, db->statements, statement, next)
    {
        HASH_DEL(db->statements, statement);
        mysql_stmt_close(statement->stmt);
        free(statement);
    }
    if (db->my)
        mysql_close(db->my);
    db->my = NULL;
}

static bool set_session(MYSQL *my, unsigned timeout)
{
    char limit[80];
    bool mariadb = strstr(mysql_get_server_info(my), "MariaDB") != NULL;
    if (mariadb)
        snprintf(limit, sizeof limit, "SET SESSION max_statement_time = %u", timeout);
    else
        snprintf(limit, sizeof limit, "SET SESSION max_execution_time = %u000", timeout);
    const char *const commands[] = {
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,"
        "NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', "
        "innodb_lock_wait_timeout = 3, autocommit = 1",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", limit};
    for (size_t i = 0; i < GG_LEN(commands); i++)
        if (mysql_real_query(my, commands[i], strlen(commands[i])) != 0)
            return false;
    return true;
}

static MYSQL *new_handle(const struct gg_db *db)
{
    MYSQL *my = mysql_init(NULL);
    if (!my)
        gg_fatal("db_library", "out of memory");
    unsigned connect_timeout = CONNECT_TIMEOUT;
    my_bool off = 0;
    mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_options(my, MYSQL_OPT_READ_TIMEOUT, &db->timeout);
    mysql_options(my, MYSQL_OPT_WRITE_TIMEOUT, &db->timeout);
    mysql_options(my, MYSQL_OPT_RECONNECT, &off);
    mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    return my;
}

enum gg_status db_open(struct gg_db *db)
{
    if (db->my)
        return GG_OK;
    if (!db_may_connect())
        return GG_UNAVAILABLE;
    MYSQL *my = new_handle(db);
    const struct gg_db_config *c = &db->config;
    if (!mysql_real_connect(my, c->host, c->user, c->password, c->name, (unsigned)c->port, NULL, CLIENT_FOUND_ROWS) ||
        !set_session(my, db->timeout)) {
        db_unreachable(db, mysql_errno(my), mysql_error(my));
        mysql_close(my);
        return GG_UNAVAILABLE;
    }
    db_connected();
    db->my = my;
    db->session++;
    db->used = gg_mono();
    return GG_OK;
}

/* A server that went away meanwhile has closed the socket: better known before a statement than after it. */
static void check_idle(struct gg_db *db)
{
    if (!db->my || db->in_tx || gg_mono() - db->used < IDLE_CHECK)
        return;
    struct pollfd fd = {.fd = mysql_get_socket(db->my), .events = POLLIN | POLLRDHUP};
    if (poll(&fd, 1, 0) != 0)
        db_drop(db);
}

static enum gg_status ready(struct gg_db *db)
{
    if (db->in_tx && db->broken != GG_OK)
        return db->broken;
    check_idle(db);
    enum gg_status status = db_open(db);
    db->used = gg_mono();
    return status;
}

enum gg_status db_command(struct gg_db *db, const char *sql)
{
    GG_TRY(ready(db));
    if (mysql_real_query(db->my, sql, strlen(sql)) != 0)
        return db_fail(db, sql, mysql_errno(db->my), mysql_error(db->my));
    MYSQL_RES *result = mysql_store_result(db->my);
    if (result)
        mysql_free_result(result);
    return GG_OK;
}

bool gg_db_ping(struct gg_db *db)
{
    return db_command(db, "DO 1") == GG_OK;
}

static enum gg_status prepare(struct gg_db *db, const char *sql, MYSQL_STMT **out)
{
    MYSQL_STMT *stmt = mysql_stmt_init(db->my);
    if (!stmt)
        gg_fatal("db_library", "out of memory");
    if (mysql_stmt_prepare(stmt, sql, strlen(sql)) != 0) {
        unsigned code = mysql_stmt_errno(stmt);
        char message[256];
        snprintf(message, sizeof message, "%s", mysql_stmt_error(stmt));
        mysql_stmt_close(stmt);
        return db_fail(db, sql, code, message);
    }
    *out = stmt;
    return GG_OK;
}

static enum gg_status cached(struct gg_db *db, const char *sql, MYSQL_STMT **out)
{
    struct db_statement *statement;
    HASH_FIND_PTR(db->statements, &sql, statement);
    if (!statement) {
        MYSQL_STMT *stmt;
        GG_TRY(prepare(db, sql, &stmt));
        statement = gg_xcalloc(1, sizeof *statement);
        statement->sql = sql;
        statement->stmt = stmt;
        HASH_ADD_PTR(db->statements, sql, statement);
    }
    *out = statement->stmt;
    return GG_OK;
}

/* Large lists take hundreds of KiB: given back after every statement, each of their pages would be faulted in anew. */
struct db_binds {
    size_t cap;
    MYSQL_BIND *binds; /* behind the times, in the same block */
    MYSQL_TIME times[];
};

static struct db_binds *room_for(struct gg_db *db, size_t n)
{
    size_t cap = FEW_ARGS;

    if (db->binds && db->binds->cap >= n)
        return db->binds;
    while (cap < n)
        cap *= 2;
    free(db->binds);
    db->binds = gg_xmalloc(sizeof(struct db_binds) + cap * (sizeof(MYSQL_TIME) + sizeof(MYSQL_BIND)));
    db->binds->cap = cap;
    db->binds->binds = (MYSQL_BIND *)(void *)(db->binds->times + cap);
    return db->binds;
}

static void bind_argument(const struct gg_val *value, MYSQL_BIND *bind, MYSQL_TIME *time)
{
    *bind = (MYSQL_BIND){0};
    switch (value->type) {
    case GG_VAL_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        break;
    case GG_VAL_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = (void *)(uintptr_t)&value->i;
        break;
    case GG_VAL_TEXT:
    case GG_VAL_BYTES:
        bind->buffer_type = value->type == GG_VAL_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        bind->buffer = (void *)(uintptr_t)value->p;
        bind->buffer_length = (unsigned long)value->n;
        break;
    case GG_VAL_TIME:
        db_time_to_mysql(value->i, time);
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = time;
        break;
    }
}

static enum gg_status execute(struct gg_db *db, MYSQL_STMT *stmt, const char *sql, const struct gg_val *args, size_t n)
{
    if (mysql_stmt_param_count(stmt) != n || n > MAX_ARGS)
        gg_fatal("db_args", "%zu arguments instead of %lu for: %.300s", n, mysql_stmt_param_count(stmt), sql);
    MYSQL_TIME *times = room_for(db, n)->times;
    MYSQL_BIND *binds = db->binds->binds;
    for (size_t i = 0; i < n; i++)
        bind_argument(&args[i], &binds[i], &times[i]);
    enum gg_status status = GG_OK;
    if ((n > 0 && mysql_stmt_bind_param(stmt, binds) != 0) || mysql_stmt_execute(stmt) != 0)
        status = db_fail(db, sql, mysql_stmt_errno(stmt), mysql_stmt_error(stmt));
    return status;
}

static enum gg_status change(struct gg_db *db, MYSQL_STMT *stmt, const char *sql, const struct gg_val *args, size_t n,
                             int64_t *affected)
{
    GG_TRY(execute(db, stmt, sql, args, n));
    if (affected)
        *affected = (int64_t)mysql_stmt_affected_rows(stmt);
    mysql_stmt_free_result(stmt);
    return GG_OK;
}

enum gg_status gg_db_exec(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n, int64_t *affected)
{
    MYSQL_STMT *stmt;
    GG_TRY(ready(db));
    GG_TRY(cached(db, sql, &stmt));
    return change(db, stmt, sql, args, n, affected);
}

enum gg_status gg_db_exec_one(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n)
{
    int64_t affected = 0;
    GG_TRY(gg_db_exec(db, sql, args, n, &affected));
    return affected == 0 ? GG_NOT_FOUND : GG_OK;
}

enum gg_status gg_db_exec_dynamic(struct gg_db *db, const char *sql, const struct gg_val *args, size_t n,
                                  int64_t *affected)
{
    MYSQL_STMT *stmt;
    GG_TRY(ready(db));
    GG_TRY(prepare(db, sql, &stmt));
    enum gg_status status = change(db, stmt, sql, args, n, affected);
    mysql_stmt_close(stmt);
    return status;
}

enum gg_status gg_db_query_dynamic(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                                   size_t n, struct gg_rows *rows)
{
    MYSQL_STMT *stmt;
    *rows = (struct gg_rows){0};
    GG_TRY(ready(db));
    GG_TRY(prepare(db, sql, &stmt));
    enum gg_status status = execute(db, stmt, sql, args, n);
    if (status == GG_OK)
        status = db_rows_read(db, stmt, sql, arena, rows);
    mysql_stmt_close(stmt);
    if (status != GG_OK)
        *rows = (struct gg_rows){0};
    return status;
}

static enum gg_status query(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                            size_t n, struct gg_rows *rows)
{
    MYSQL_STMT *stmt;
    GG_TRY(ready(db));
    GG_TRY(cached(db, sql, &stmt));
    GG_TRY(execute(db, stmt, sql, args, n));
    uint64_t session = db->session;
    enum gg_status status = db_rows_read(db, stmt, sql, arena, rows);
    if (db->my && db->session == session)
        mysql_stmt_free_result(stmt);
    return status;
}

enum gg_status gg_db_query(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                           size_t n, struct gg_rows *rows)
{
    *rows = (struct gg_rows){0};
    bool had = db->my != NULL;
    enum gg_status status = query(db, arena, sql, args, n, rows);
    /* A question alone may be asked again when an old connection turned out to be dead. */
    if (status == GG_UNAVAILABLE && had && !db->my && !db->in_tx)
        status = query(db, arena, sql, args, n, rows);
    if (status != GG_OK)
        *rows = (struct gg_rows){0};
    return status;
}

enum gg_status gg_db_query_one(struct gg_db *db, struct gg_arena *arena, const char *sql, const struct gg_val *args,
                               size_t n, struct gg_rows *rows)
{
    GG_TRY(gg_db_query(db, arena, sql, args, n, rows));
    return rows->n == 0 ? GG_NOT_FOUND : GG_OK;
}

const char *gg_db_constraint(const struct gg_db *db)
{
    return db->constraint;
}
