/* services/deal/store_trust.c
 * SQL of reviews, facts and appeals. */
#include "store_trust.h"

#include "deal.h"

#define DAY_MS INT64_C(86400000)

static struct gg_val yes_no(bool yes)
{
    return gg_v_int(yes ? 1 : 0);
}

enum gg_status deal_review_insert(struct gg_db *db, struct gg_id deal, struct gg_id from, struct gg_id about,
                                  bool about_host, const struct deal_review *r, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO review (deal_id, from_id, about_id, about_host, on_time, as_described, friendly, "
                      "again, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&deal), gg_v_id(&from), gg_v_id(&about), yes_no(about_host), yes_no(r->on_time),
                              about_host ? yes_no(r->as_described) : gg_v_null(), yes_no(r->friendly), yes_no(r->again),
                              gg_v_time(now)),
                      NULL);
}

enum gg_status deal_shared(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id host,
                           struct gg_id guest, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT 1 FROM deal d JOIN share s ON s.deal_id = d.id WHERE d.id = ? AND d.host_id = ?"
                       " AND s.user_id = ? AND s.state IN (3, 4)",
                       GG_ARGS(gg_v_id(&deal), gg_v_id(&host), gg_v_id(&guest)), &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

enum gg_status deal_reviews_due(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t limit,
                                struct deal_review_due **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT x.deal_id, x.title, x.about, p.nickname, x.about_host FROM ("
        " SELECT d.id AS deal_id, d.title, d.host_id AS about, 1 AS about_host FROM share s JOIN deal d ON d.id = "
        "s.deal_id"
        " WHERE s.user_id = ? AND s.state IN (3, 4) AND d.state = 5 UNION ALL"
        " SELECT d.id, d.title, s.user_id, 0 FROM deal d JOIN share s ON s.deal_id = d.id"
        " WHERE d.host_id = ? AND d.state = 5 AND s.state IN (3, 4)) x"
        " LEFT JOIN review r ON r.deal_id = x.deal_id AND r.from_id = ? AND r.about_id = x.about"
        " LEFT JOIN person p ON p.user_id = x.about WHERE r.deal_id IS NULL ORDER BY x.deal_id DESC, x.about LIMIT ?",
        GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_int(limit)), &rows));
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_review_due, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = (struct deal_review_due){gg_row_id(&rows, i, 0),
                                              gg_row_text(&rows, i, 1),
                                              {gg_row_id(&rows, i, 2), gg_row_text(&rows, i, 3)},
                                              gg_row_int(&rows, i, 4) != 0};
    return GG_OK;
}

/* --- facts --- */

enum gg_status deal_fact_put(struct gg_db *db, struct gg_id user, struct gg_id deal, int kind, int64_t at)
{
    return gg_db_exec(db,
                      "INSERT INTO fact (user_id, deal_id, kind, at) VALUES (?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE kind = VALUES(kind)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&deal), gg_v_int(kind), gg_v_time(at)), NULL);
}

/* Left within a day of closing, though nothing had changed since he agreed? */
static enum gg_status fact_of_leaving(struct gg_db *db, const struct deal_share_row *share, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO fact (user_id, deal_id, kind, at) SELECT ?, id, ?, ? FROM deal"
                      " WHERE id = ? AND closes_at <= ? AND terms = ? ON DUPLICATE KEY UPDATE kind = VALUES(kind)",
                      GG_ARGS(gg_v_id(&share->user), gg_v_int(DEAL_FACT_LEFT_LATE), gg_v_time(now),
                              gg_v_id(&share->deal), gg_v_time(now + DAY_MS), gg_v_int(share->terms)),
                      NULL);
}

enum gg_status deal_facts_of_share(struct gg_db *db, const struct deal_share_row *share, int64_t now)
{
    if (share->no_show)
        return deal_fact_put(db, share->user, share->deal, DEAL_FACT_NO_SHOW, now);
    switch (share->state) {
    case DEAL_SHARE_CAPTURED:
        return deal_fact_put(db, share->user, share->deal, DEAL_FACT_PAID, now);
    case DEAL_SHARE_HANDED_OVER:
        return deal_fact_put(db, share->user, share->deal, DEAL_FACT_PICKED_UP, now);
    case DEAL_SHARE_RELEASED:
        return share->reason == DEAL_REASON_LEFT ? fact_of_leaving(db, share, now) : GG_OK;
    default:
        return GG_OK;
    }
}

enum gg_status deal_facts_of_deal(struct gg_db *db, const struct deal_row *deal, int64_t now)
{
    if (deal->state == DEAL_DONE)
        return deal_fact_put(db, deal->host, deal->id, DEAL_FACT_HOSTED, now);
    if (deal->state == DEAL_CANCELLED && deal->joined > 0)
        return gg_db_exec(db,
                          "INSERT IGNORE INTO fact (user_id, deal_id, kind, at) SELECT ?, ?, ?, ? FROM share"
                          " WHERE deal_id = ? AND reason = ? LIMIT 1",
                          GG_ARGS(gg_v_id(&deal->host), gg_v_id(&deal->id), gg_v_int(DEAL_FACT_CALLED_OFF),
                                  gg_v_time(now), gg_v_id(&deal->id), gg_v_int(DEAL_REASON_HOST)),
                          NULL);
    return GG_OK;
}

enum gg_status deal_counts(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *counts,
                           const char **nickname)
{
    struct gg_rows rows;

    for (int i = 0; i < DEAL_COUNTS; i++)
        counts[i] = 0;
    GG_TRY(gg_db_query(db, arena, "SELECT nickname FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *nickname = rows.n ? gg_row_text(&rows, 0, 0) : NULL;
    GG_TRY(gg_db_query(
        db, arena, "SELECT kind, CAST(COUNT(kind) AS SIGNED) FROM fact WHERE user_id = ? AND struck = 0 GROUP BY kind",
        GG_ARGS(gg_v_id(&user)), &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (gg_row_int(&rows, i, 0) <= DEAL_FACT_CALLED_OFF)
            counts[gg_row_int(&rows, i, 0)] = gg_row_int(&rows, i, 1);
    GG_TRY(gg_db_query(db, arena,
                       "SELECT CAST(COALESCE(SUM(on_time + as_described + friendly + again), 0) AS SIGNED),"
                       " CAST(COALESCE(SUM(4 - on_time - as_described - friendly - again), 0) AS SIGNED)"
                       " FROM review WHERE about_id = ? AND about_host = 1",
                       GG_ARGS(gg_v_id(&user)), &rows));
    counts[DEAL_COUNT_HOST_YES] = gg_row_int(&rows, 0, 0);
    counts[DEAL_COUNT_HOST_NO] = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status deal_facts(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct deal_fact **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query(db, arena,
                    "SELECT f.kind, f.deal_id, d.title, f.at, f.struck FROM fact f LEFT JOIN deal d ON d.id = f.deal_id"
                    " WHERE f.user_id = ? AND (f.deal_id < ? OR (f.deal_id = ? AND f.kind < ?))"
                    " ORDER BY f.deal_id DESC, f.kind DESC LIMIT ?",
                    GG_ARGS(gg_v_id(&user), gg_v_bytes(before_id.b, 16), gg_v_bytes(before_id.b, 16), gg_v_int(before),
                            gg_v_int(limit)),
                    &rows));
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_fact, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = (struct deal_fact){(int)gg_row_int(&rows, i, 0), gg_row_id(&rows, i, 1), gg_row_text(&rows, i, 2),
                                        gg_row_time(&rows, i, 3), gg_row_int(&rows, i, 4) != 0};
    return GG_OK;
}

/* --- appeals --- */

#define APPEAL                                                                                                         \
    "SELECT a.id, a.user_id, p.nickname, a.deal_id, a.kind, a.state, a.text, a.answer, a.created_at, a.decided_at"     \
    " FROM appeal a LEFT JOIN person p ON p.user_id = a.user_id"

static struct deal_appeal read_appeal(const struct gg_rows *rows, size_t r)
{
    return (struct deal_appeal){gg_row_id(rows, r, 0),       {gg_row_id(rows, r, 1), gg_row_text(rows, r, 2)},
                                gg_row_id(rows, r, 3),       (int)gg_row_int(rows, r, 4),
                                (int)gg_row_int(rows, r, 5), gg_row_text(rows, r, 6),
                                gg_row_text(rows, r, 7),     gg_row_time(rows, r, 8),
                                gg_row_time(rows, r, 9)};
}

enum gg_status deal_appeal_insert(struct gg_db *db, struct gg_arena *arena, const struct deal_appeal *a)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT 1 FROM fact WHERE user_id = ? AND deal_id = ? AND kind = ?",
                           GG_ARGS(gg_v_id(&a->user.id), gg_v_id(&a->deal), gg_v_int(a->kind)), &rows));
    return gg_db_exec(db, "INSERT INTO appeal (id, user_id, deal_id, kind, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&a->id), gg_v_id(&a->user.id), gg_v_id(&a->deal), gg_v_int(a->kind),
                              gg_v_text(a->text), gg_v_time(a->created_at)),
                      NULL);
}

enum gg_status deal_appeals(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id after,
                            int64_t limit, struct deal_appeal **list, size_t *n)
{
    struct gg_rows rows;

    /* An admin's list is of everybody's open ones. */
    if (gg_id_is_zero(user))
        GG_TRY(gg_db_query(db, arena, APPEAL " WHERE a.state = 0 AND a.id > ? ORDER BY a.id LIMIT ?",
                           GG_ARGS(gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(db, arena, APPEAL " WHERE a.user_id = ? AND a.id > ? ORDER BY a.id LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_appeal, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = read_appeal(&rows, i);
    return GG_OK;
}

enum gg_status deal_appeal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_appeal *appeal)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id FROM appeal WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    GG_TRY(gg_db_query_one(db, arena, APPEAL " WHERE a.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *appeal = read_appeal(&rows, 0);
    return GG_OK;
}

enum gg_status deal_appeal_decide(struct gg_db *db, const struct deal_appeal *a, struct gg_id admin)
{
    GG_TRY(gg_db_exec_one(
        db, "UPDATE appeal SET state = ?, answer = ?, decided_by = ?, decided_at = ? WHERE id = ?",
        GG_ARGS(gg_v_int(a->state), gg_v_text(a->answer), gg_v_id(&admin), gg_v_time(a->decided_at), gg_v_id(&a->id))));
    if (a->state != 1)
        return GG_OK;
    return gg_db_exec(db, "UPDATE fact SET struck = 1 WHERE user_id = ? AND deal_id = ? AND kind = ?",
                      GG_ARGS(gg_v_id(&a->user.id), gg_v_id(&a->deal), gg_v_int(a->kind)), NULL);
}
