/* libcommon/db_value.c
 * Values on their way into statements and out of rows. */
#include "libcommon/clock.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"

#include <string.h>

struct gg_val gg_v_int(int64_t value)
{
    return (struct gg_val){.type = value == GG_NONE ? GG_VAL_NULL : GG_VAL_INT, .i = value};
}

struct gg_val gg_v_time(int64_t ms)
{
    return (struct gg_val){.type = ms == GG_NONE ? GG_VAL_NULL : GG_VAL_TIME, .i = ms};
}

struct gg_val gg_v_text(const char *text)
{
    if (!text)
        return gg_v_null();
    return (struct gg_val){.type = GG_VAL_TEXT, .p = text, .n = strlen(text)};
}

struct gg_val gg_v_bytes(const void *p, size_t n)
{
    return (struct gg_val){.type = GG_VAL_BYTES, .p = p, .n = n};
}

struct gg_val gg_v_id(const struct gg_id *id)
{
    return gg_id_is_zero(*id) ? gg_v_null() : gg_v_bytes(id->b, sizeof id->b);
}

struct gg_val gg_v_null(void)
{
    return (struct gg_val){.type = GG_VAL_NULL};
}

/* --- DATETIME(3): civil dates by Howard Hinnant's algorithms, years counted from 1 March --- */

#define DAYS_TO_1970 719468

static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

void db_time_to_mysql(int64_t ms, MYSQL_TIME *out)
{
    int64_t days = ms / GG_DAY - (ms % GG_DAY < 0);
    int64_t rest = ms - days * GG_DAY;
    days += DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    memset(out, 0, sizeof *out);
    out->day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    out->month = (unsigned)(month < 10 ? month + 3 : month - 9);
    out->year = (unsigned)(year + era * 400 + (out->month <= 2));
    out->hour = (unsigned)(rest / GG_HOUR);
    out->minute = (unsigned)(rest / GG_MINUTE % 60);
    out->second = (unsigned)(rest / GG_SECOND % 60);
    out->second_part = (unsigned long)(rest % GG_SECOND) * 1000;
    out->time_type = MYSQL_TIMESTAMP_DATETIME;
}

bool db_time_from_mysql(const MYSQL_TIME *in, int64_t *ms)
{
    if (in->month < 1 || in->month > 12 || in->day < 1 || in->day > 31)
        return false;
    *ms = days_of(in->year, in->month, in->day) * GG_DAY + in->hour * GG_HOUR + in->minute * GG_MINUTE +
          in->second * GG_SECOND + (int64_t)(in->second_part / 1000);
    return true;
}

/* --- cells --- */

static const struct gg_val *cell(const struct gg_rows *rows, size_t row, size_t column)
{
    if (row >= rows->n || column >= rows->columns)
        gg_fatal("db_cell", "row %zu column %zu of a result of %zu by %zu", row, column, rows->n, rows->columns);
    return &rows->_cells[row * rows->columns + column];
}

static void expect(const struct gg_val *value, enum gg_val_type type, size_t column)
{
    if (value->type != type)
        gg_fatal("db_cell", "column %zu holds type %d, asked as type %d", column, (int)value->type, (int)type);
}

int64_t gg_row_int(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = cell(rows, row, column);
    if (value->type == GG_VAL_NULL)
        return GG_NONE;
    expect(value, GG_VAL_INT, column);
    return value->i;
}

int64_t gg_row_time(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = cell(rows, row, column);
    if (value->type == GG_VAL_NULL)
        return GG_NONE;
    expect(value, GG_VAL_TIME, column);
    return value->i;
}

/* Text and bytes differ only in the column's charset, and some expressions lose it: both are read as both. */
static const struct gg_val *string_cell(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = cell(rows, row, column);
    if (value->type == GG_VAL_NULL)
        return NULL;
    if (value->type != GG_VAL_TEXT)
        expect(value, GG_VAL_BYTES, column);
    return value;
}

const char *gg_row_text(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = string_cell(rows, row, column);
    return value ? value->p : NULL;
}

struct gg_str gg_row_bytes(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = string_cell(rows, row, column);
    return value ? (struct gg_str){value->p, value->n} : (struct gg_str){NULL, 0};
}

struct gg_id gg_row_id(const struct gg_rows *rows, size_t row, size_t column)
{
    const struct gg_val *value = string_cell(rows, row, column);
    struct gg_id id = GG_ID_ZERO;
    if (!value)
        return id;
    if (value->n != sizeof id.b)
        gg_fatal("db_cell", "column %zu holds %zu bytes, asked as an id", column, value->n);
    memcpy(id.b, value->p, sizeof id.b);
    return id;
}
