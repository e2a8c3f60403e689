/* services/auth/store_pin.c
 * SQL of the payment PIN. */
#include "store_pin.h"

enum gg_status auth_pin_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct auth_pin_row *pin)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT hash, tries FROM pin WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *pin = (struct auth_pin_row){gg_row_text(&rows, 0, 0), gg_row_int(&rows, 0, 1)};
    return GG_OK;
}

struct pin_try {
    struct gg_arena *arena;
    struct gg_id user;
    int64_t max_tries;
    struct auth_pin_row *pin;
};

static enum gg_status pin_try(struct gg_db *db, void *arg)
{
    const struct pin_try *try = arg;
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, try->arena, "SELECT hash, tries FROM pin WHERE user_id = ? AND tries < ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&try->user), gg_v_int(try->max_tries)), &rows));
    *try->pin = (struct auth_pin_row){gg_row_text(&rows, 0, 0), gg_row_int(&rows, 0, 1) + 1};
    return gg_db_exec_one(db, "UPDATE pin SET tries = ? WHERE user_id = ?",
                          GG_ARGS(gg_v_int(try->pin->tries), gg_v_id(&try->user)));
}

enum gg_status auth_pin_try(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t max_tries,
                            struct auth_pin_row *pin)
{
    return gg_db_tx(db, pin_try, &(struct pin_try){arena, user, max_tries, pin});
}

enum gg_status auth_pin_right(struct gg_db *db, struct gg_id user)
{
    return gg_db_exec(db, "UPDATE pin SET tries = 0 WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL);
}

enum gg_status auth_pin_put(struct gg_db *db, struct gg_id user, const char *hash, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO pin (user_id, hash, tries, set_at) VALUES (?, ?, 0, ?)"
                      " ON DUPLICATE KEY UPDATE hash = VALUES(hash), tries = 0, set_at = VALUES(set_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(hash), gg_v_time(now)), NULL);
}
