/* services/pay/store.c
 * SQL about charges. */
#include "store.h"

#include "libcommon/log.h"

#include <string.h>

int pay_name_index(const char *const *names, const char *text)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    gg_fatal("broken_data", "no such name: %s", text);
}

/* --- charges --- */

enum gg_status pay_charge_insert(struct gg_db *db, const struct pay_charge_row *charge)
{
    return gg_db_exec(db,
                      "INSERT INTO charge (id, user_id, amount, state, payment_key, checkout_url, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&charge->id), gg_v_id(&charge->user), gg_v_int(charge->amount),
                              gg_v_text(pay_charge_state_names[charge->state]), gg_v_text(charge->payment_key),
                              gg_v_text(charge->checkout_url), gg_v_time(charge->created_at)),
                      NULL);
}

static struct pay_charge_row read_charge(const struct gg_rows *rows)
{
    return (struct pay_charge_row){
        .id = gg_row_id(rows, 0, 0),
        .user = gg_row_id(rows, 0, 1),
        .amount = gg_row_int(rows, 0, 2),
        .state = pay_name_index(pay_charge_state_names, gg_row_text(rows, 0, 3)),
        .payment_key = gg_row_text(rows, 0, 4),
        .checkout_url = gg_row_text(rows, 0, 5),
        .created_at = gg_row_time(rows, 0, 6),
        .reversed = gg_row_int(rows, 0, 7),
    };
}

#define CHARGE_QUERY                                                                                                   \
    "SELECT id, user_id, amount, state, payment_key, checkout_url, created_at, reversed FROM charge WHERE id = ?"

enum gg_status pay_charge_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_charge_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CHARGE_QUERY, GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_charge(&rows);
    return GG_OK;
}

enum gg_status pay_charge_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_charge_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CHARGE_QUERY " FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_charge(&rows);
    return GG_OK;
}

enum gg_status pay_charge_reversed(struct gg_db *db, struct gg_id id, int64_t reversed)
{
    return gg_db_exec_one(db, "UPDATE charge SET reversed = ? WHERE id = ?", GG_ARGS(gg_v_int(reversed), gg_v_id(&id)));
}

enum gg_status pay_charge_dated(struct gg_db *db, struct gg_id id, const char *date)
{
    return gg_db_exec_one(db, "UPDATE charge SET provider_date = ? WHERE id = ?",
                          GG_ARGS(gg_v_text(date), gg_v_id(&id)));
}

enum gg_status pay_charge_end(struct gg_db *db, struct gg_id id, int from, int to, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE charge SET state = ?, ended_at = ? WHERE id = ? AND state = ?",
                          GG_ARGS(gg_v_text(pay_charge_state_names[to]), gg_v_time(now), gg_v_id(&id),
                                  gg_v_text(pay_charge_state_names[from])));
}
