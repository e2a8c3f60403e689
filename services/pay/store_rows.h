/* services/pay/store_rows.h
 * Statements over many rows. Any number of rows is written as blocks of 64, 32, 16 ... 1, so that every text is a
 * constant and its prepared statement stays cached. */
#ifndef PAY_STORE_ROWS_H
#define PAY_STORE_ROWS_H

#include "libcommon/db.h"

#define PAY_ROWS_2(row)  row "," row
#define PAY_ROWS_4(row)  PAY_ROWS_2(row) "," PAY_ROWS_2(row)
#define PAY_ROWS_8(row)  PAY_ROWS_4(row) "," PAY_ROWS_4(row)
#define PAY_ROWS_16(row) PAY_ROWS_8(row) "," PAY_ROWS_8(row)
#define PAY_ROWS_32(row) PAY_ROWS_16(row) "," PAY_ROWS_16(row)
#define PAY_ROWS_64(row) PAY_ROWS_32(row) "," PAY_ROWS_32(row)
#define PAY_ROWS_SIZES   7
#define PAY_ROWS_MOST    64

/* The texts for 1, 2, 4 ... 64 rows: `row` is "(?, ?)" or, in a list of values, "?". */
struct pay_rows_sql {
    size_t columns; /* `?` in a row */
    const char *text[PAY_ROWS_SIZES];
};
#define PAY_ROWS_SQL(columns, head, row, tail)                                                                         \
    {                                                                                                                  \
        columns,                                                                                                       \
        {                                                                                                              \
            head row tail, head PAY_ROWS_2(row) tail, head PAY_ROWS_4(row) tail, head PAY_ROWS_8(row) tail,            \
                head PAY_ROWS_16(row) tail, head PAY_ROWS_32(row) tail, head PAY_ROWS_64(row) tail                     \
        }                                                                                                              \
    }

/* The largest block of at most `n` rows (n > 0): its text and, in *rows, its size. */
const char *pay_rows_block(const struct pay_rows_sql *sql, size_t n, size_t *rows);
/* Writes `n` rows; `args` holds their values one row after the other. 0 rows: nothing. */
enum gg_status pay_rows_exec(struct gg_db *db, const struct pay_rows_sql *sql, const struct gg_val *args,
                             size_t n) GG_MUSTCHECK;

#endif
