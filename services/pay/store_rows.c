/* services/pay/store_rows.c
 * Statements over many rows. */
#include "store_rows.h"

const char *pay_rows_block(const struct pay_rows_sql *sql, size_t n, size_t *rows)
{
    size_t size = PAY_ROWS_SIZES - 1;

    while (((size_t)1 << size) > n)
        size--;
    *rows = (size_t)1 << size;
    return sql->text[size];
}

enum gg_status pay_rows_exec(struct gg_db *db, const struct pay_rows_sql *sql, const struct gg_val *args, size_t n)
{
    while (n > 0) {
        size_t rows;
        const char *text = pay_rows_block(sql, n, &rows);

        GG_TRY(gg_db_exec(db, text, args, rows * sql->columns, NULL));
        args += rows * sql->columns;
        n -= rows;
    }
    return GG_OK;
}
