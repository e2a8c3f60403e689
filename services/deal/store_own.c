/* services/deal/store_own.c
 * SQL of one's own data. */
#include "store_own.h"

#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "plan.h"

#define PICKUPS_MAX 200

enum gg_status deal_calendar_put(struct gg_db *db, struct gg_id user, struct gg_str hash, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO calendar (user_id, token_hash, created_at) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE token_hash = VALUES(token_hash), created_at = VALUES(created_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_bytes(hash.p, hash.n), gg_v_time(now)), NULL);
}

enum gg_status deal_calendar_delete(struct gg_db *db, struct gg_id user)
{
    return gg_db_exec(db, "DELETE FROM calendar WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL);
}

enum gg_status deal_calendar_user(struct gg_db *db, struct gg_arena *arena, struct gg_str hash, struct gg_id *user)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT user_id FROM calendar WHERE token_hash = ?",
                           GG_ARGS(gg_v_bytes(hash.p, hash.n)), &rows));
    *user = gg_row_id(&rows, 0, 0);
    return GG_OK;
}

/* The window the neighbour chose, or all the time there is. */
static struct deal_window window_of(struct gg_arena *arena, const struct gg_rows *rows, size_t r)
{
    struct deal_row deal = {.pickup_from = gg_row_time(rows, r, 4),
                            .pickup_until = gg_row_time(rows, r, 5),
                            .plan.windows = gg_row_text(rows, r, 10)};
    int64_t chosen = gg_row_int(rows, r, 11);
    struct gg_list windows = deal_windows_of(arena, &deal);

    if (chosen == GG_NONE || chosen >= (int64_t)windows.n)
        return (struct deal_window){deal.pickup_from, deal.pickup_until, GG_NONE};
    return ((const struct deal_window *)windows.items)[chosen];
}

enum gg_status deal_pickups(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t since,
                            const char *public_url, struct deal_pickup_event **events, size_t *n)
{
    struct gg_rows rows;

    /* A guest's share decides: one who is out again sees the pick-up cancelled, so that it leaves his calendar. */
    GG_TRY(gg_db_query(
        db, arena,
        "SELECT x.id, x.title, x.place, x.note, x.pickup_from, x.pickup_until, x.version, x.host, x.off, x.created_at,"
        " x.windows, x.chosen "
        "FROM ("
        " SELECT d.id, d.title, d.place, d.note, d.pickup_from, d.pickup_until, d.version, 1 AS host,"
        " d.state = 7 AS off, d.created_at, NULL AS windows, NULL AS chosen FROM deal d WHERE d.host_id = ? AND "
        "d.state IN (2, 3, 4, 5, 7) UNION ALL"
        " SELECT d.id, d.title, d.place, d.note, d.pickup_from, d.pickup_until, d.version, 0,"
        " d.state = 7 OR s.live_user IS NULL, d.created_at, d.windows, s.pickup_window FROM share s JOIN deal d ON "
        "d.id = s.deal_id"
        " WHERE s.user_id = ? AND d.state IN (2, 3, 4, 5, 7) AND s.amount_won IS NOT NULL) x"
        " WHERE x.pickup_until >= ? ORDER BY x.pickup_from, x.id LIMIT 200",
        GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_time(since)), &rows));
    *n = rows.n;
    *events = GG_NEW_ARRAY(arena, struct deal_pickup_event, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        char id[GG_ID_TEXT];
        bool off = gg_row_int(&rows, i, 8) != 0;
        struct deal_window window = window_of(arena, &rows, i);
        gg_id_format(gg_row_id(&rows, i, 0), id);
        (*events)[i] = (struct deal_pickup_event){
            .deal = gg_row_id(&rows, i, 0),
            .title = gg_row_text(&rows, i, 1),
            .place = off ? "" : gg_row_text(&rows, i, 2), /* whoever is out is told the place no more */
            .note = off ? NULL : gg_row_text(&rows, i, 3),
            .url = gg_sprintf(arena, "%s/deals/%s", public_url, id),
            .from = window.from,
            .until = window.until,
            .changed_at = gg_row_time(&rows, i, 9),
            .version = gg_row_int(&rows, i, 6),
            .host = gg_row_int(&rows, i, 7) != 0,
            .cancelled = off,
        };
    }
    return GG_OK;
}

/* --- the export: one SELECT per list; columns are named with their type: i number, t instant, s text, d id --- */

static const struct {
    const char *name, *sql, *columns[14];
} parts[] = {
    {"profile", "SELECT nickname FROM person WHERE user_id = ?", {"s nickname"}},
    {"deals",
     "SELECT id, title, description, unit, total_won, portions, state, place, note, lat, lng, created_at, closes_at, "
     "tags"
     " FROM deal WHERE host_id = ? ORDER BY id",
     {"d id", "s title", "s description", "s unit", "i total_won", "i portions", "i state", "s place", "s note",
      "i lat_micro", "i lng_micro", "t created_at", "t closes_at", "s tags"}},
    {"shares",
     "SELECT id, deal_id, state, quantity, tolerance, allotted, max_won, amount_won, captured_won, refunded_won,"
     " joined_at FROM share WHERE user_id = ? ORDER BY id",
     {"d id", "d deal", "i state", "i quantity", "i tolerance", "i allotted", "i max_won", "i amount_won",
      "i captured_won", "i refunded_won", "t joined_at"}},
    {"photos",
     "SELECT name, bytes, created_at FROM photo WHERE owner_id = ? ORDER BY name",
     {"s name", "i bytes", "t created_at"}},
    {"bookmarks",
     "SELECT deal_id, created_at FROM bookmark WHERE user_id = ? ORDER BY deal_id",
     {"d deal", "t created_at"}},
    {"comments",
     "SELECT id, deal_id, reply_to, text, state, created_at FROM comment WHERE author_id = ? ORDER BY id",
     {"d id", "d deal", "d reply_to", "s text", "i state", "t created_at"}},
    {"comment_reports",
     "SELECT comment_id, reason, created_at FROM comment_report WHERE user_id = ? ORDER BY comment_id",
     {"d comment", "s reason", "t created_at"}},
    {"reviews_written",
     "SELECT deal_id, about_id, on_time, as_described, friendly, again, created_at FROM review WHERE from_id = ?"
     " ORDER BY deal_id, about_id",
     {"d deal", "d about", "i on_time", "i as_described", "i friendly", "i again", "t created_at"}},
    {"reviews_received",
     "SELECT deal_id, on_time, as_described, friendly, again, created_at FROM review WHERE about_id = ? ORDER BY "
     "deal_id",
     {"d deal", "i on_time", "i as_described", "i friendly", "i again", "t created_at"}},
    {"facts",
     "SELECT deal_id, kind, at, struck FROM fact WHERE user_id = ? ORDER BY deal_id, kind",
     {"d deal", "i kind", "t at", "i struck"}},
    {"appeals",
     "SELECT id, deal_id, kind, text, state, answer, created_at, decided_at FROM appeal WHERE user_id = ? ORDER BY id",
     {"d id", "d deal", "i kind", "s text", "i state", "s answer", "t created_at", "t decided_at"}},
    {"requests",
     "SELECT id, title, text, category, votes, deal_id, created_at FROM wish WHERE user_id = ? ORDER BY id",
     {"d id", "s title", "s text", "i category", "i votes", "d deal", "t created_at"}},
    {"request_votes", "SELECT wish_id FROM wish_vote WHERE user_id = ? ORDER BY wish_id", {"d request"}},
    {"series",
     "SELECT id, first_deal, rule, zone, made, next_at FROM series WHERE host_id = ? ORDER BY id",
     {"d id", "d first_deal", "s rule", "s zone", "i made", "t next_at"}},
    {"standing_orders",
     "SELECT series_id, quantity, tolerance, created_at FROM series_order WHERE user_id = ? ORDER BY series_id",
     {"d series", "i quantity", "i tolerance", "t created_at"}},
    {"drafts", "SELECT id, body, saved_at FROM draft WHERE host_id = ? ORDER BY id", {"d id", "s body", "t saved_at"}},
    {"waiting",
     "SELECT deal_id, state, quantity, tolerance, offered, offered_until, created_at FROM wait WHERE user_id = ?"
     " ORDER BY id",
     {"d deal", "i state", "i quantity", "i tolerance", "i offered", "t offered_until", "t created_at"}},
    {"disputes",
     "SELECT d.id, d.deal_id, d.share_id, d.state, d.message, d.answer, d.decision, d.asked_won, d.offered_won,"
     " d.refund_won, d.opened_at, d.ended_at FROM dispute d JOIN share s ON s.id = d.share_id WHERE s.user_id = ?"
     " ORDER BY d.id",
     {"d id", "d deal", "d share", "i state", "s message", "s answer", "s decision", "i asked_won", "i offered_won",
      "i refund_won", "t opened_at", "t ended_at"}},
    {"dispute_answers",
     "SELECT d.id, d.deal_id, d.answer, d.offered_won, d.answered_at FROM dispute d JOIN deal x ON x.id = d.deal_id"
     " WHERE x.host_id = ? AND d.answer IS NOT NULL ORDER BY d.id",
     {"d id", "d deal", "s answer", "i offered_won", "t answered_at"}},
    {"blocked", "SELECT blocked_id FROM blocked WHERE user_id = ? ORDER BY blocked_id", {"d user"}},
    {"carry", "SELECT carry FROM carry WHERE user_id = ?", {"i billionths_of_a_won"}},
    {"calendar", "SELECT created_at FROM calendar WHERE user_id = ?", {"t created_at"}},
};

static void print_cell(struct gg_buf *out, const struct gg_rows *rows, size_t r, size_t c, char type)
{
    char text[GG_ID_TEXT + GG_TIME_TEXT];

    switch (type) {
    case 'i':
        gg_buf_addf(out, "%" PRId64, gg_row_int(rows, r, c));
        break;
    case 't':
        gg_time_format(gg_row_time(rows, r, c), text);
        gg_json_string(out, text);
        break;
    case 'd':
        gg_id_format(gg_row_id(rows, r, c), text);
        gg_json_string(out, text);
        break;
    default:
        gg_json_string(out, gg_row_text(rows, r, c));
    }
}

static bool is_null(const struct gg_rows *rows, size_t r, size_t c, char type)
{
    if (type == 'i')
        return gg_row_int(rows, r, c) == GG_NONE;
    if (type == 't')
        return gg_row_time(rows, r, c) == GG_NONE;
    return type == 'd' ? gg_id_is_zero(gg_row_id(rows, r, c)) : gg_row_text(rows, r, c) == NULL;
}

enum gg_status deal_export(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_buf *out)
{
    gg_buf_adds(out, "{\"context\":\"deal\"");
    for (size_t i = 0; i < GG_LEN(parts); i++) {
        struct gg_rows rows;
        GG_TRY(gg_db_query(db, arena, parts[i].sql, GG_ARGS(gg_v_id(&user)), &rows));
        gg_buf_addf(out, ",\n\"%s\":[", parts[i].name);
        for (size_t r = 0; r < rows.n; r++) {
            const char *separator = "";
            gg_buf_adds(out, r ? ",\n{" : "\n{");
            for (size_t c = 0; c < rows.columns; c++) {
                const char *column = parts[i].columns[c];
                if (is_null(&rows, r, c, column[0]))
                    continue;
                gg_buf_addf(out, "%s\"%s\":", separator, column + 2);
                print_cell(out, &rows, r, c, column[0]);
                separator = ",";
            }
            gg_buf_addc(out, '}');
        }
        gg_buf_addc(out, ']');
    }
    gg_buf_adds(out, "}\n");
    return GG_OK;
}

enum gg_status deal_market_forget(struct gg_db *db, struct gg_id user, int64_t *rows)
{
    /* Reviews and votes stay as numbers without a name: they are about others. Deals stay, they are others' as well. */
    static const char *const statements[] = {
        "UPDATE deal_extra e JOIN (SELECT deal_id, COUNT(id) AS n FROM comment WHERE author_id = ? AND state = 0"
        " GROUP BY deal_id) c ON c.deal_id = e.deal_id SET e.comments = e.comments - c.n",
        "UPDATE deal_extra e JOIN bookmark b ON b.deal_id = e.deal_id SET e.saves = e.saves - 1 WHERE b.user_id = ?",
        "UPDATE listing l JOIN bookmark b ON b.deal_id = l.deal_id SET l.saves = l.saves - 1 WHERE b.user_id = ?",
        "UPDATE wish w JOIN wish_vote v ON v.wish_id = w.id SET w.votes = w.votes - 1 WHERE v.user_id = ?",
        "UPDATE comment SET text = '-', state = 3 WHERE author_id = ?",
        "DELETE FROM comment_report WHERE user_id = ?",
        "DELETE FROM bookmark WHERE user_id = ?",
        "DELETE FROM fact WHERE user_id = ?",
        "DELETE FROM appeal WHERE user_id = ?",
        "DELETE FROM review WHERE about_id = ?",
        "DELETE FROM wish WHERE user_id = ?",
        "DELETE FROM wish_vote WHERE user_id = ?",
        "DELETE FROM calendar WHERE user_id = ?",
        "DELETE FROM series_order WHERE user_id = ?",
        "DELETE FROM series WHERE host_id = ?",
        "DELETE FROM photo WHERE owner_id = ?",
    };

    for (size_t i = 0; i < GG_LEN(statements); i++) {
        int64_t n = 0;
        GG_TRY(gg_db_exec(db, statements[i], GG_ARGS(gg_v_id(&user)), &n));
        *rows += n;
    }
    return GG_OK;
}
