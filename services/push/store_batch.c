/* services/push/store_batch.c
 * Statements over many rows at once. */
#include "batch.h"

#include <string.h>

#define FEW 10

/* Before, the ids - the last one again until the list is full -, behind. */
static struct gg_val *arguments(struct gg_arena *arena, const struct gg_val *before, size_t n_before,
                                const struct gg_id *ids, size_t n, size_t room, const struct gg_val *behind,
                                size_t n_behind)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n_before + room + n_behind);

    for (size_t i = 0; i < n_before; i++)
        args[i] = before[i];
    for (size_t i = 0; i < room; i++)
        args[n_before + i] = gg_v_id(&ids[i < n ? i : n - 1]);
    for (size_t i = 0; i < n_behind; i++)
        args[n_before + room + i] = behind[i];
    return args;
}

enum gg_status push_in_query(struct gg_db *db, struct gg_arena *arena, const struct push_in *sql,
                             const struct gg_val *before, size_t n_before, const struct gg_id *ids, size_t n,
                             const struct gg_val *behind, size_t n_behind, struct gg_rows *rows)
{
    size_t room = n <= FEW ? FEW : PUSH_BATCH;

    return gg_db_query(db, arena, n <= FEW ? sql->few : sql->many,
                       arguments(arena, before, n_before, ids, n, room, behind, n_behind), n_before + room + n_behind,
                       rows);
}

enum gg_status push_in_exec(struct gg_db *db, struct gg_arena *arena, const struct push_in *sql,
                            const struct gg_val *before, size_t n_before, const struct gg_id *ids, size_t n,
                            const struct gg_val *behind, size_t n_behind, int64_t *affected)
{
    size_t room = n <= FEW ? FEW : PUSH_BATCH;

    return gg_db_exec(db, n <= FEW ? sql->few : sql->many,
                      arguments(arena, before, n_before, ids, n, room, behind, n_behind), n_before + room + n_behind,
                      affected);
}

enum gg_status push_insert_rows(struct gg_db *db, const char *head, const char *tail, const struct gg_val *args,
                                size_t columns, size_t n)
{
    struct gg_buf sql;
    enum gg_status status;

    if (n == 0)
        return GG_OK;
    gg_buf_init(&sql, 1024 * 1024);
    gg_buf_adds(&sql, head);
    for (size_t row = 0; row < n; row++) {
        gg_buf_adds(&sql, row ? ", (?" : " (?");
        for (size_t column = 1; column < columns; column++)
            gg_buf_adds(&sql, ", ?");
        gg_buf_addc(&sql, ')');
    }
    gg_buf_adds(&sql, tail);
    status = gg_db_exec_dynamic(db, sql.p, args, columns * n, NULL);
    gg_buf_free(&sql);
    return status;
}
