/* services/auth/store_budget.c
 * SQL of several budgets at once. */
#include "store_budget.h"

#include "libcommon/crypto.h"

#include <stdlib.h>
#include <string.h>

/* The rows are locked in the order of their keys. */
struct row {
    uint8_t hash[GG_SHA256];
    int64_t window, expires_at;
    size_t of; /* which budget */
};

static int by_hash(const void *a, const void *b)
{
    return memcmp(((const struct row *)a)->hash, ((const struct row *)b)->hash, GG_SHA256);
}

static void find_rows(struct gg_arena *arena, const struct auth_budget *budgets, size_t n, int64_t now,
                      struct row *rows)
{
    for (size_t i = 0; i < n; i++) {
        char *text = gg_sprintf(arena, "%s|%s", budgets[i].scope, budgets[i].key);
        rows[i].window = now / budgets[i].window_ms;
        rows[i].expires_at = (rows[i].window + 1) * budgets[i].window_ms;
        rows[i].of = i;
        gg_sha256((struct gg_str){text, strlen(text)}, rows[i].hash);
    }
    qsort(rows, n, sizeof(*rows), by_hash);
}

#define TAKE(values)                                                                                                   \
    "INSERT INTO budget (budget_key, window_no, used, expires_at) VALUES " values                                      \
    " ON DUPLICATE KEY UPDATE used = used + 1"
#define ROW        "(?, ?, 1, ?)"
#define READ(keys) "SELECT budget_key, used FROM budget WHERE " keys
#define GIVE(keys) "UPDATE budget SET used = used - 1 WHERE used > 0 AND (" keys ")"
#define KEY        "(budget_key = ? AND window_no = ?)"

static const char *const take_sql[] = {TAKE(ROW), TAKE(ROW ", " ROW), TAKE(ROW ", " ROW ", " ROW),
                                       TAKE(ROW ", " ROW ", " ROW ", " ROW)};
static const char *const read_sql[] = {READ(KEY), READ(KEY " OR " KEY), READ(KEY " OR " KEY " OR " KEY),
                                       READ(KEY " OR " KEY " OR " KEY " OR " KEY)};
static const char *const give_sql[] = {GIVE(KEY), GIVE(KEY " OR " KEY), GIVE(KEY " OR " KEY " OR " KEY),
                                       GIVE(KEY " OR " KEY " OR " KEY " OR " KEY)};

/* New rows next to each other may lock crosswise. Inside a transaction the whole of it is tried again. */
static int tries_of(const struct gg_db *db)
{
    return gg_db_in_tx(db) ? 1 : 5;
}

enum gg_status auth_budgets_take(struct gg_db *db, struct gg_arena *arena, struct auth_budget *budgets, size_t n,
                                 int64_t now)
{
    struct row rows[AUTH_BUDGETS_MAX] = {{.of = 0}};
    struct gg_val args[3 * AUTH_BUDGETS_MAX], keys[2 * AUTH_BUDGETS_MAX];
    struct gg_rows found;
    enum gg_status status = GG_RETRY;

    find_rows(arena, budgets, n, now, rows);
    for (size_t i = 0; i < n; i++) {
        args[3 * i] = keys[2 * i] = gg_v_bytes(rows[i].hash, GG_SHA256);
        args[3 * i + 1] = keys[2 * i + 1] = gg_v_int(rows[i].window);
        args[3 * i + 2] = gg_v_time(rows[i].expires_at);
    }
    for (int tries = 0; status == GG_RETRY && tries < tries_of(db); tries++)
        status = gg_db_exec(db, take_sql[n - 1], args, 3 * n, NULL);
    GG_TRY(status);
    GG_TRY(gg_db_query(db, arena, read_sql[n - 1], keys, 2 * n, &found));
    for (size_t i = 0; i < found.n; i++)
        for (size_t k = 0; k < n; k++)
            if (memcmp(gg_row_bytes(&found, i, 0).p, rows[k].hash, GG_SHA256) == 0)
                budgets[rows[k].of].used = gg_row_int(&found, i, 1);
    return GG_OK;
}

enum gg_status auth_budgets_give_back(struct gg_db *db, struct gg_arena *arena, const struct auth_budget *budgets,
                                      size_t n, int64_t taken_at)
{
    struct row rows[AUTH_BUDGETS_MAX] = {{.of = 0}};
    struct gg_val keys[2 * AUTH_BUDGETS_MAX];
    enum gg_status status = GG_RETRY;

    find_rows(arena, budgets, n, taken_at, rows);
    for (size_t i = 0; i < n; i++) {
        keys[2 * i] = gg_v_bytes(rows[i].hash, GG_SHA256);
        keys[2 * i + 1] = gg_v_int(rows[i].window);
    }
    for (int tries = 0; status == GG_RETRY && tries < tries_of(db); tries++)
        status = gg_db_exec(db, give_sql[n - 1], keys, 2 * n, NULL);
    return status;
}
