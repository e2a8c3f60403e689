/* services/deal/store_flow.c
 * SQL of carries, the waiting list, terms, drafts and people. */
#include "store_flow.h"

#include "libcommon/buf.h"
#include "proto/auth_trust.h"

#include <stdlib.h>
#include <string.h>

/* --- carries --- */

enum gg_status deal_carries(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                            int64_t *carries)
{
    for (size_t i = 0; i < n; i++) {
        struct gg_rows rows;
        GG_TRY(gg_db_query(db, arena, "SELECT carry FROM carry WHERE user_id = ?", GG_ARGS(gg_v_id(&users[i])), &rows));
        carries[i] = rows.n ? gg_row_int(&rows, 0, 0) : 0;
    }
    return GG_OK;
}

struct addition {
    struct gg_id user;
    int64_t delta;
};

static int by_user(const void *a, const void *b)
{
    return gg_id_compare(((const struct addition *)a)->user, ((const struct addition *)b)->user);
}

enum gg_status deal_carries_add(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                const int64_t *deltas)
{
    struct addition *additions = GG_NEW_ARRAY(arena, struct addition, n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * 2);
    struct gg_buf sql;
    enum gg_status status;

    if (n == 0)
        return GG_OK;
    for (size_t i = 0; i < n; i++)
        additions[i] = (struct addition){users[i], deltas[i]};
    qsort(additions, n, sizeof(*additions), by_user);
    gg_buf_init(&sql, 64 * 1024);
    gg_buf_adds(&sql, "INSERT INTO carry (user_id, carry) VALUES ");
    for (size_t i = 0; i < n; i++) {
        gg_buf_adds(&sql, i ? ", (?, ?)" : "(?, ?)");
        args[2 * i] = gg_v_id(&additions[i].user);
        args[2 * i + 1] = gg_v_int(additions[i].delta);
    }
    gg_buf_adds(&sql, " ON DUPLICATE KEY UPDATE carry = carry + VALUES(carry)");
    status = gg_db_exec_dynamic(db, sql.p, args, n * 2, NULL);
    gg_buf_free(&sql);
    return status;
}

/* --- waiting list --- */

#define WAIT_COLUMNS                                                                                                   \
    "SELECT id, deal_id, user_id, position, state, quantity, tolerance, offered, offered_until, created_at FROM wait"

static enum gg_status one_wait(enum gg_status status, const struct gg_rows *rows, struct deal_wait_row *wait)
{
    GG_TRY(status);
    *wait = (struct deal_wait_row){
        .id = gg_row_id(rows, 0, 0),
        .deal = gg_row_id(rows, 0, 1),
        .user = gg_row_id(rows, 0, 2),
        .position = gg_row_int(rows, 0, 3),
        .state = (int)gg_row_int(rows, 0, 4),
        .quantity = gg_row_int(rows, 0, 5),
        .tolerance = gg_row_int(rows, 0, 6),
        .offered = gg_row_int(rows, 0, 7),
        .offered_until = gg_row_time(rows, 0, 8),
        .created_at = gg_row_time(rows, 0, 9),
    };
    return GG_OK;
}

enum gg_status deal_wait_insert(struct gg_db *db, const struct deal_wait_row *w)
{
    return gg_db_exec(db,
                      "INSERT INTO wait (id, deal_id, user_id, live_user, position, state, quantity, tolerance,"
                      " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&w->id), gg_v_id(&w->deal), gg_v_id(&w->user), gg_v_id(&w->user),
                              gg_v_int(w->position), gg_v_int(w->state), gg_v_int(w->quantity), gg_v_int(w->tolerance),
                              gg_v_time(w->created_at)),
                      NULL);
}

enum gg_status deal_wait_update(struct gg_db *db, const struct deal_wait_row *w)
{
    bool counts = w->state == DEAL_WAITING || w->state == DEAL_OFFERED;

    return gg_db_exec_one(db,
                          "UPDATE wait SET live_user = ?, state = ?, quantity = ?, tolerance = ?, offered = ?,"
                          " offered_until = ? WHERE id = ?",
                          GG_ARGS(counts ? gg_v_id(&w->user) : gg_v_null(), gg_v_int(w->state), gg_v_int(w->quantity),
                                  gg_v_int(w->tolerance), gg_v_int(w->offered), gg_v_time(w->offered_until),
                                  gg_v_id(&w->id)));
}

enum gg_status deal_wait_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_wait_row *wait)
{
    struct gg_rows rows;

    return one_wait(gg_db_query_one(db, arena, WAIT_COLUMNS " WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows), &rows,
                    wait);
}

enum gg_status deal_wait_of(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id user,
                            struct deal_wait_row *wait)
{
    struct gg_rows rows;

    return one_wait(gg_db_query_one(db, arena, WAIT_COLUMNS " WHERE deal_id = ? AND live_user = ?",
                                    GG_ARGS(gg_v_id(&deal), gg_v_id(&user)), &rows),
                    &rows, wait);
}

enum gg_status deal_wait_first(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct deal_wait_row *wait)
{
    struct gg_rows rows;

    return one_wait(gg_db_query_one(db, arena,
                                    WAIT_COLUMNS " WHERE deal_id = ? AND state = ? ORDER BY position LIMIT 1",
                                    GG_ARGS(gg_v_id(&deal), gg_v_int(DEAL_WAITING)), &rows),
                    &rows, wait);
}

enum gg_status deal_waits_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **deals,
                             size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT deal_id FROM wait WHERE user_id = ? AND live_user IS NOT NULL ORDER BY deal_id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *deals = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    *n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*deals)[i] = gg_row_id(&rows, i, 0);
    return GG_OK;
}

enum gg_status deal_wait_ahead(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t position,
                               int64_t *ahead)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT COUNT(*) FROM wait WHERE deal_id = ? AND state = ? AND position < ?",
                           GG_ARGS(gg_v_id(&deal), gg_v_int(DEAL_WAITING), gg_v_int(position)), &rows));
    *ahead = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_wait_end(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct deal_waiter **waiters,
                             size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, user_id FROM wait WHERE deal_id = ? AND live_user IS NOT NULL ORDER BY position",
                       GG_ARGS(gg_v_id(&deal)), &rows));
    *waiters = GG_NEW_ARRAY(arena, struct deal_waiter, rows.n);
    *n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*waiters)[i] = (struct deal_waiter){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1)};
    if (rows.n == 0)
        return GG_OK;
    return gg_db_exec(db,
                      "UPDATE wait SET live_user = NULL, state = ?, offered = 0"
                      " WHERE deal_id = ? AND live_user IS NOT NULL",
                      GG_ARGS(gg_v_int(DEAL_WAIT_LAPSED), gg_v_id(&deal)), NULL);
}

/* --- terms --- */

enum gg_status deal_terms_put(struct gg_db *db, struct gg_id deal, int64_t version, const char *body, int64_t now)
{
    return gg_db_exec(db, "INSERT INTO terms (deal_id, version, body, created_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&deal), gg_v_int(version), gg_v_text(body), gg_v_time(now)), NULL);
}

enum gg_status deal_terms_list(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t before,
                               int64_t limit, struct deal_terms_row **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT version, created_at, body FROM terms WHERE deal_id = ? AND version < ?"
                       " ORDER BY version DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&deal), gg_v_int(before), gg_v_int(limit)), &rows));
    *list = GG_NEW_ARRAY(arena, struct deal_terms_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] =
            (struct deal_terms_row){gg_row_int(&rows, i, 0), gg_row_time(&rows, i, 1), gg_row_text(&rows, i, 2)};
    *n = rows.n;
    return GG_OK;
}

/* --- drafts --- */

enum gg_status deal_draft_put(struct gg_db *db, struct gg_id host, const struct deal_draft_row *d)
{
    enum gg_status status =
        gg_db_exec_one(db, "UPDATE draft SET body = ?, saved_at = ? WHERE id = ? AND host_id = ?",
                       GG_ARGS(gg_v_text(d->body), gg_v_time(d->saved_at), gg_v_id(&d->id), gg_v_id(&host)));

    if (status != GG_NOT_FOUND)
        return status;
    status = gg_db_exec(db, "INSERT INTO draft (id, host_id, body, saved_at) VALUES (?, ?, ?, ?)",
                        GG_ARGS(gg_v_id(&d->id), gg_v_id(&host), gg_v_text(d->body), gg_v_time(d->saved_at)), NULL);
    return status == GG_DUPLICATE ? GG_NOT_FOUND : status;
}

static struct deal_draft_row read_draft(const struct gg_rows *rows, size_t r)
{
    return (struct deal_draft_row){gg_row_id(rows, r, 0), gg_row_text(rows, r, 1), gg_row_time(rows, r, 2)};
}

enum gg_status deal_draft_get(struct gg_db *db, struct gg_arena *arena, struct gg_id host, struct gg_id id,
                              struct deal_draft_row *draft)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id, body, saved_at FROM draft WHERE id = ? AND host_id = ?",
                           GG_ARGS(gg_v_id(&id), gg_v_id(&host)), &rows));
    *draft = read_draft(&rows, 0);
    return GG_OK;
}

enum gg_status deal_draft_delete(struct gg_db *db, struct gg_id host, struct gg_id id)
{
    return gg_db_exec(db, "DELETE FROM draft WHERE id = ? AND host_id = ?", GG_ARGS(gg_v_id(&id), gg_v_id(&host)),
                      NULL);
}

enum gg_status deal_draft_list(struct gg_db *db, struct gg_arena *arena, struct gg_id host, int64_t before,
                               struct gg_id before_id, int64_t limit, struct deal_draft_row **list, size_t *n)
{
    int64_t top = before == GG_NONE ? INT64_C(253402300799000) : before;
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT id, body, saved_at FROM draft WHERE host_id = ? AND (saved_at < ? OR (saved_at = ? AND"
        " id < ?)) ORDER BY saved_at DESC, id DESC LIMIT ?",
        GG_ARGS(gg_v_id(&host), gg_v_time(top), gg_v_time(top), gg_v_bytes(before_id.b, 16), gg_v_int(limit)), &rows));
    *list = GG_NEW_ARRAY(arena, struct deal_draft_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = read_draft(&rows, i);
    *n = rows.n;
    return GG_OK;
}

/* --- people --- */

enum gg_status deal_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked, bool is)
{
    return gg_db_exec(db,
                      is ? "INSERT IGNORE INTO blocked (user_id, blocked_id) VALUES (?, ?)"
                         : "DELETE FROM blocked WHERE user_id = ? AND blocked_id = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

/* Marks the users whose ids are in the first column. */
static void mark(const struct gg_rows *rows, const struct gg_id *users, size_t n, bool *marks)
{
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < rows->n; r++)
            marks[i] = marks[i] || gg_id_equal(gg_row_id(rows, r, 0), users[i]);
}

#define BLOCKS_READ_MOST 200

/* Where a host has more blocks than are read at once: two questions, each with one side given (a list of pairs costs
 * the server the square of its length). */
static enum gg_status blocked_among(struct gg_db *db, struct gg_arena *arena, struct gg_id host,
                                    const struct gg_id *users, size_t n, bool *blocked)
{
    const struct gg_val before[] = {gg_v_id(&host)};
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT blocked_id FROM blocked WHERE user_id = ? AND blocked_id IN ", before, 1,
                           users, n, "", &rows));
    mark(&rows, users, n, blocked);
    GG_TRY(gg_db_query_ids(db, arena, "SELECT user_id FROM blocked WHERE blocked_id = ? AND user_id IN ", before, 1,
                           users, n, "", &rows));
    mark(&rows, users, n, blocked);
    return GG_OK;
}

enum gg_status deal_blocked_of(struct gg_db *db, struct gg_arena *arena, struct gg_id host, const struct gg_id *users,
                               size_t n, bool *blocked)
{
    struct gg_rows rows;

    memset(blocked, 0, n * sizeof(*blocked));
    /* Most hosts have no block at all, or a few: they are read whole. */
    GG_TRY(gg_db_query(db, arena,
                       "SELECT blocked_id FROM blocked WHERE user_id = ?"
                       " UNION ALL SELECT user_id FROM blocked WHERE blocked_id = ? LIMIT ?",
                       GG_ARGS(gg_v_id(&host), gg_v_id(&host), gg_v_int(BLOCKS_READ_MOST)), &rows));
    if (rows.n == BLOCKS_READ_MOST)
        return blocked_among(db, arena, host, users, n, blocked);
    mark(&rows, users, n, blocked);
    return GG_OK;
}

enum gg_status deal_blocked(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b, bool *yes)
{
    return deal_blocked_of(db, arena, a, &b, 1, yes);
}

enum gg_status deal_account_closing(struct gg_db *db, struct gg_id user, bool closing)
{
    return gg_db_exec(db,
                      "INSERT INTO account (user_id, closing) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE closing = VALUES(closing)",
                      GG_ARGS(gg_v_id(&user), gg_v_int(closing)), NULL);
}

enum gg_status deal_are_closing(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                bool *closing)
{
    struct gg_rows rows;

    memset(closing, 0, n * sizeof(*closing));
    GG_TRY(gg_db_query_ids(db, arena, "SELECT user_id FROM account WHERE closing = 1 AND user_id IN ", NULL, 0, users,
                           n, "", &rows));
    mark(&rows, users, n, closing);
    return GG_OK;
}

enum gg_status deal_account_lock(struct gg_db *db, struct gg_id user)
{
    return gg_db_exec(db, "INSERT INTO account (user_id) VALUES (?) ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)",
                      GG_ARGS(gg_v_id(&user)), NULL);
}

enum gg_status deal_account_version(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *version)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO account (user_id, version) VALUES (?, 1)"
                      " ON DUPLICATE KEY UPDATE version = version + 1",
                      GG_ARGS(gg_v_id(&user)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT version FROM account WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *version = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

#define IN_FLIGHT_MAX 20

enum gg_status deal_in_flight(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_list *items)
{
    struct auth_in_flight *list = GG_NEW_ARRAY(arena, struct auth_in_flight, IN_FLIGHT_MAX);
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT ?, id, title, NULL FROM deal WHERE host_id = ? AND state < ?"
                       " UNION ALL SELECT ?, s.id, d.title, COALESCE(s.amount_won, s.max_won) FROM share s"
                       " JOIN deal d ON d.id = s.deal_id WHERE s.user_id = ? AND s.live_user IS NOT NULL"
                       " AND s.state <> ? LIMIT 20",
                       GG_ARGS(gg_v_int(AUTH_IN_FLIGHT_HOSTED), gg_v_id(&user), gg_v_int(DEAL_DONE),
                               gg_v_int(AUTH_IN_FLIGHT_SHARE), gg_v_id(&user), gg_v_int(DEAL_SHARE_SETTLED)),
                       &rows));
    for (size_t i = 0; i < rows.n; i++)
        list[i] = (struct auth_in_flight){(int)gg_row_int(&rows, i, 0), gg_row_id(&rows, i, 1),
                                          gg_row_text(&rows, i, 2), gg_row_int(&rows, i, 3)};
    *items = (struct gg_list){list, rows.n};
    return GG_OK;
}

enum gg_status deal_forget(struct gg_db *db, struct gg_id user, int64_t *rows)
{
    static const char *const statements[] = {
        "DELETE FROM person WHERE user_id = ?",
        "DELETE FROM draft WHERE host_id = ?",
        "DELETE FROM blocked WHERE user_id = ?",
        "DELETE FROM blocked WHERE blocked_id = ?",
        "DELETE FROM carry WHERE user_id = ?",
        "UPDATE deal SET place = '-', note = NULL, lat = cell_lat, lng = cell_lng, description = '-' WHERE host_id = ?",
        "DELETE t FROM terms t JOIN deal d ON d.id = t.deal_id WHERE d.host_id = ?", /* they name the place, too */
        "UPDATE dispute d JOIN deal x ON x.id = d.deal_id SET d.answer = '-' WHERE d.answer IS NOT NULL"
        " AND x.host_id = ?",
        "DELETE FROM wait WHERE user_id = ? AND live_user IS NULL",
        "UPDATE dispute d JOIN share s ON s.id = d.share_id SET d.message = '-', d.photos = '' WHERE s.user_id = ?",
    };

    *rows = 0;
    for (size_t i = 0; i < GG_LEN(statements); i++) {
        int64_t n = 0;
        GG_TRY(gg_db_exec(db, statements[i], GG_ARGS(gg_v_id(&user)), &n));
        *rows += n;
    }
    return GG_OK;
}
