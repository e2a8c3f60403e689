/* libcommon/db_rows.c
 * Reading results: every cell with its exact length, nothing cut in silence. */
#include "libcommon/db_internal.h"
#include "libcommon/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DOUBLE_TEXT 64

enum column_kind { COLUMN_NULL, COLUMN_INT, COLUMN_TIME, COLUMN_TEXT, COLUMN_BYTES, COLUMN_WHOLE, COLUMN_FLOAT };

struct column {
    enum column_kind kind;
    long long integer;
    MYSQL_TIME time;
    char number[DOUBLE_TEXT];
    unsigned long length;
    my_bool null, error;
};

static enum column_kind kind_of(const MYSQL_FIELD *field)
{
    enum enum_field_types type = field->type;
    switch (type) {
    case MYSQL_TYPE_NULL:
        return COLUMN_NULL;
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
        return COLUMN_INT;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return COLUMN_TIME;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL: /* SUM() of whole numbers comes as DECIMAL without decimals */
        return field->decimals == 0 ? COLUMN_WHOLE : COLUMN_TEXT;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
        return COLUMN_FLOAT;
    default:
        return field->charsetnr == 63 ? COLUMN_BYTES : COLUMN_TEXT;
    }
}

static void bind_column(struct column *column, MYSQL_BIND *bind)
{
    bind->length = &column->length;
    bind->is_null = &column->null;
    bind->error = &column->error;
    switch (column->kind) {
    case COLUMN_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &column->integer;
        bind->buffer_length = sizeof column->integer;
        break;
    case COLUMN_TIME:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = &column->time;
        bind->buffer_length = sizeof column->time;
        break;
    case COLUMN_FLOAT:
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer = column->number;
        bind->buffer_length = sizeof column->number - 1;
        break;
    case COLUMN_BYTES: /* no buffer: the fetch tells the length, the bytes are fetched into the arena */
        bind->buffer_type = MYSQL_TYPE_BLOB;
        break;
    case COLUMN_NULL:
    case COLUMN_TEXT:
    case COLUMN_WHOLE:
        bind->buffer_type = MYSQL_TYPE_STRING;
        break;
    }
}

static bool read_string(MYSQL_STMT *stmt, struct gg_arena *arena, const struct column *column, unsigned index,
                        struct gg_val *out)
{
    unsigned long n = column->length, length = 0;
    my_bool null = 0, error = 0;
    char *p = gg_alloc(arena, n + 1);
    MYSQL_BIND bind = {.buffer_type = column->kind == COLUMN_BYTES ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING,
                       .buffer = p,
                       .buffer_length = n + 1,
                       .length = &length,
                       .is_null = &null,
                       .error = &error};
    if (mysql_stmt_fetch_column(stmt, &bind, index, 0) != 0 || error || null || length != n)
        return false;
    *out = (struct gg_val){.type = column->kind == COLUMN_BYTES ? GG_VAL_BYTES : GG_VAL_TEXT, .p = p, .n = n};
    return true;
}

static bool read_whole(MYSQL_STMT *stmt, struct gg_arena *arena, const struct column *column, unsigned index,
                       struct gg_val *out)
{
    struct gg_val text;
    if (!read_string(stmt, arena, column, index, &text))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(text.p, &end, 10);
    if (errno != 0 || *end != '\0' || end == text.p)
        return false;
    *out = (struct gg_val){.type = GG_VAL_INT, .i = value};
    return true;
}

static bool read_cell(MYSQL_STMT *stmt, struct gg_arena *arena, const struct column *column, unsigned index,
                      struct gg_val *out)
{
    *out = (struct gg_val){.type = GG_VAL_NULL};
    if (column->null || column->kind == COLUMN_NULL)
        return true;
    switch (column->kind) {
    case COLUMN_INT:
        *out = (struct gg_val){.type = GG_VAL_INT, .i = column->integer};
        return !column->error;
    case COLUMN_TIME:
        out->type = GG_VAL_TIME;
        return !column->error && db_time_from_mysql(&column->time, &out->i);
    case COLUMN_FLOAT:
        *out = (struct gg_val){
            .type = GG_VAL_TEXT, .p = gg_strndup(arena, column->number, column->length), .n = column->length};
        return !column->error;
    case COLUMN_WHOLE:
        return read_whole(stmt, arena, column, index, out);
    case COLUMN_NULL:
    case COLUMN_TEXT:
    case COLUMN_BYTES:
        break;
    }
    return read_string(stmt, arena, column, index, out);
}

static enum gg_status cut(struct gg_db *db, const char *sql, size_t row, unsigned column)
{
    gg_error("db_cut", "row %zu column %u does not fit its type in: %.300s", row, column, sql);
    if (db->in_tx)
        db->broken = GG_ERROR;
    return GG_ERROR;
}

static enum gg_status read_all(struct gg_db *db, MYSQL_STMT *stmt, const char *sql, struct gg_arena *arena,
                               struct column *columns, struct gg_rows *rows)
{
    struct gg_val *cells = GG_NEW_ARRAY(arena, struct gg_val, rows->n * rows->columns);
    rows->_cells = cells;
    for (size_t row = 0; row < rows->n; row++) {
        int code = mysql_stmt_fetch(stmt);
        if (code != 0 && code != MYSQL_DATA_TRUNCATED)
            return db_fail(db, sql, mysql_stmt_errno(stmt), mysql_stmt_error(stmt));
        for (unsigned i = 0; i < rows->columns; i++)
            if (!read_cell(stmt, arena, &columns[i], i, &cells[row * rows->columns + i]))
                return cut(db, sql, row, i);
    }
    return GG_OK;
}

enum gg_status db_rows_read(struct gg_db *db, MYSQL_STMT *stmt, const char *sql, struct gg_arena *arena,
                            struct gg_rows *rows)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(stmt);
    if (!meta)
        return db_fail(db, sql, 1105, "a query without a result");
    unsigned n = mysql_num_fields(meta);
    const MYSQL_FIELD *fields = mysql_fetch_fields(meta);
    struct column *columns = GG_NEW_ARRAY(arena, struct column, n);
    MYSQL_BIND *binds = GG_NEW_ARRAY(arena, MYSQL_BIND, n);
    for (unsigned i = 0; i < n; i++) {
        columns[i].kind = kind_of(&fields[i]);
        bind_column(&columns[i], &binds[i]);
    }
    mysql_free_result(meta);

    enum gg_status status;
    if (mysql_stmt_bind_result(stmt, binds) != 0 || mysql_stmt_store_result(stmt) != 0) {
        status = db_fail(db, sql, mysql_stmt_errno(stmt), mysql_stmt_error(stmt));
    } else {
        *rows = (struct gg_rows){.n = (size_t)mysql_stmt_num_rows(stmt), .columns = n};
        status = read_all(db, stmt, sql, arena, columns, rows);
    }
    return status;
}
