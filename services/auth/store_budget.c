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
/* The last two are for the windows of a budget that is looked at only. */
static const char *const read_sql[] = {READ(KEY),
                                       READ(KEY " OR " KEY),
                                       READ(KEY " OR " KEY " OR " KEY),
                                       READ(KEY " OR " KEY " OR " KEY " OR " KEY),
                                       READ(KEY " OR " KEY " OR " KEY " OR " KEY " OR " KEY),
                                       READ(KEY " OR " KEY " OR " KEY " OR " KEY " OR " KEY " OR " KEY)};
static const char *const give_sql[] = {GIVE(KEY), GIVE(KEY " OR " KEY), GIVE(KEY " OR " KEY " OR " KEY),
                                       GIVE(KEY " OR " KEY " OR " KEY " OR " KEY)};

/* New rows next to each other may lock crosswise. Inside a transaction the whole of it is tried again. */
static int tries_of(const struct gg_db *db)
{
    return gg_db_in_tx(db) ? 1 : 5;
}

static bool is_of(const struct gg_rows *found, size_t row, const struct row *budget)
{
    return memcmp(gg_row_bytes(found, row, 0).p, budget->hash, GG_SHA256) == 0;
}

enum gg_status auth_budgets_take(struct gg_db *db, struct gg_arena *arena, struct auth_budget *budgets, size_t n,
                                 int64_t now, struct auth_budget *watched)
{
    struct row rows[AUTH_BUDGETS_MAX] = {{.of = 0}}, seen = {.of = 0};
    struct gg_val args[3 * AUTH_BUDGETS_MAX], keys[2 * AUTH_BUDGETS_MAX + 4];
    struct gg_rows found;
    size_t n_keys = n;
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
    if (watched) {
        watched->used = 0;
        find_rows(arena, watched, 1, now, &seen);
        for (int64_t before = 0; before < 2; before++, n_keys++) {
            keys[2 * n_keys] = gg_v_bytes(seen.hash, GG_SHA256);
            keys[2 * n_keys + 1] = gg_v_int(seen.window - before);
        }
    }
    GG_TRY(gg_db_query(db, arena, read_sql[n_keys - 1], keys, 2 * n_keys, &found));
    for (size_t i = 0; i < found.n; i++) {
        int64_t used = gg_row_int(&found, i, 1);
        for (size_t k = 0; k < n; k++)
            if (is_of(&found, i, &rows[k]))
                budgets[rows[k].of].used = used;
        if (watched && is_of(&found, i, &seen) && used > watched->used)
            watched->used = used;
    }
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
