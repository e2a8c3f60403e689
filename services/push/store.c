/* services/push/store.c
 * SQL about people, deals and shares: push's own copies. */
#include "store.h"

#include "proto/deal.h"

enum gg_status push_person_put(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

enum gg_status push_person_nickname(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char **nickname)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT nickname FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *nickname = rows.n ? gg_row_text(&rows, 0, 0) : NULL;
    return GG_OK;
}

enum gg_status push_deal_put(struct gg_db *db, const struct push_deal_row *deal)
{
    int64_t state = deal->state < 0 ? GG_NONE : deal->state;

    return gg_db_exec(
        db,
        "INSERT INTO deal (deal_id, host_id, title, state, terms, closes_at, pickup_from, pickup_until)"
        " VALUES (?, ?, ?, COALESCE(?, 0), COALESCE(?, 1), ?, ?, ?) ON DUPLICATE KEY UPDATE title = VALUES(title),"
        " state = COALESCE(?, state), terms = COALESCE(?, terms), closes_at = COALESCE(VALUES(closes_at), closes_at),"
        " pickup_from = COALESCE(VALUES(pickup_from), pickup_from),"
        " pickup_until = COALESCE(VALUES(pickup_until), pickup_until)",
        GG_ARGS(gg_v_id(&deal->deal), gg_v_id(&deal->host), gg_v_text(deal->title), gg_v_int(state),
                gg_v_int(deal->terms), gg_v_time(deal->closes_at), gg_v_time(deal->pickup_from),
                gg_v_time(deal->pickup_until), gg_v_int(state), gg_v_int(deal->terms)),
        NULL);
}

enum gg_status push_deal_told_full(struct gg_db *db, struct gg_id deal, int64_t level)
{
    return gg_db_exec_one(db, "UPDATE deal SET told_full = ? WHERE deal_id = ? AND told_full < ?",
                          GG_ARGS(gg_v_int(level), gg_v_id(&deal), gg_v_int(level)));
}

enum gg_status push_deal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct push_deal_row *row)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT host_id, title, state, terms, closes_at, pickup_from, pickup_until FROM deal"
                           " WHERE deal_id = ?",
                           GG_ARGS(gg_v_id(&deal)), &rows));
    *row = (struct push_deal_row){
        .deal = deal,
        .host = gg_row_id(&rows, 0, 0),
        .title = gg_row_text(&rows, 0, 1),
        .state = (int)gg_row_int(&rows, 0, 2),
        .terms = gg_row_int(&rows, 0, 3),
        .closes_at = gg_row_time(&rows, 0, 4),
        .pickup_from = gg_row_time(&rows, 0, 5),
        .pickup_until = gg_row_time(&rows, 0, 6),
    };
    return GG_OK;
}

enum gg_status push_deal_people(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id **users,
                                size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT host_id FROM deal WHERE deal_id = ? UNION"
        " SELECT user_id FROM share WHERE deal_id = ? AND state IN (?, ?)",
        GG_ARGS(gg_v_id(&deal), gg_v_id(&deal), gg_v_int(DEAL_SHARE_HELD), gg_v_int(DEAL_SHARE_CAPTURED)), &rows));
    *users = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*users)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_share_put(struct gg_db *db, const struct push_share_row *share)
{
    return gg_db_exec(db,
                      "INSERT INTO share (share_id, deal_id, host_id, user_id, title, state, terms)"
                      " VALUES (?, ?, ?, ?, ?, ?, COALESCE(?, 1)) ON DUPLICATE KEY UPDATE title = VALUES(title),"
                      " state = VALUES(state), terms = COALESCE(?, terms)",
                      GG_ARGS(gg_v_id(&share->share), gg_v_id(&share->deal), gg_v_id(&share->host),
                              gg_v_id(&share->user), gg_v_text(share->title), gg_v_int(share->state),
                              gg_v_int(share->terms), gg_v_int(share->terms)),
                      NULL);
}

enum gg_status push_shares_state(struct gg_db *db, const struct gg_id *shares, size_t n, int state)
{
    for (size_t i = 0; i < n; i += PUSH_BATCH)
        GG_TRY(gg_db_exec_ids(db, "UPDATE share SET state = ? WHERE share_id IN ", GG_ARGS(gg_v_int(state)), shares + i,
                              n - i < PUSH_BATCH ? n - i : PUSH_BATCH, "", NULL));
    return GG_OK;
}

enum gg_status push_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id share, struct gg_id *user,
                              const char **title)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT user_id, title FROM share WHERE share_id = ?", GG_ARGS(gg_v_id(&share)),
                           &rows));
    *user = gg_row_id(&rows, 0, 0);
    *title = gg_row_text(&rows, 0, 1);
    return GG_OK;
}

enum gg_status push_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db,
                      "INSERT INTO block (user_id, blocked_id) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE blocked_id = VALUES(blocked_id)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status push_block_delete(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db, "DELETE FROM block WHERE user_id = ? AND blocked_id = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status push_blocked(struct gg_db *db, struct gg_arena *arena, struct gg_id from, const struct gg_id *users,
                            size_t n, struct gg_id **blocked, size_t *n_blocked)
{
    struct gg_rows theirs, his;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT user_id FROM block WHERE blocked_id = ? AND user_id IN ",
                           GG_ARGS(gg_v_id(&from)), users, n, "", &theirs));
    GG_TRY(gg_db_query_ids(db, arena, "SELECT blocked_id FROM block WHERE user_id = ? AND blocked_id IN ",
                           GG_ARGS(gg_v_id(&from)), users, n, "", &his));
    *blocked = GG_NEW_ARRAY(arena, struct gg_id, theirs.n + his.n);
    *n_blocked = 0;
    for (size_t i = 0; i < theirs.n; i++)
        (*blocked)[(*n_blocked)++] = gg_row_id(&theirs, i, 0);
    for (size_t i = 0; i < his.n; i++)
        (*blocked)[(*n_blocked)++] = gg_row_id(&his, i, 0);
    return GG_OK;
}

enum gg_status push_person_purge(struct gg_db *db, struct gg_id user, int64_t *rows)
{
    static const char *const deletions[] = {
        "DELETE FROM notice WHERE user_id = ?",     "DELETE FROM device WHERE user_id = ?",
        "DELETE FROM preference WHERE user_id = ?", "DELETE FROM mute WHERE user_id = ?",
        "DELETE FROM digest WHERE user_id = ?",     "DELETE FROM keyword WHERE user_id = ?",
        "DELETE FROM phone_code WHERE user_id = ?", "DELETE FROM reminder WHERE user_id = ?",
        "DELETE FROM sms WHERE user_id = ?",        "DELETE FROM sms_budget WHERE user_id = ?",
        "DELETE FROM block WHERE user_id = ?",      "DELETE FROM block WHERE blocked_id = ?",
    };
    int64_t n;

    *rows = 0;
    for (size_t i = 0; i < GG_LEN(deletions); i++) {
        GG_TRY(gg_db_exec(db, deletions[i], GG_ARGS(gg_v_id(&user)), &n));
        *rows += n;
    }
    GG_TRY(gg_db_exec(db,
                      "UPDATE person SET nickname = '탈퇴한 이웃', phone = NULL, phone_since = NULL, ads_since = NULL,"
                      " ads_at_night_since = NULL, quiet_from = NULL, quiet_until = NULL, tz = 'Asia/Seoul'"
                      " WHERE user_id = ?",
                      GG_ARGS(gg_v_id(&user)), &n));
    *rows += n;
    return GG_OK;
}
