/* services/pay/store_request.c
 * SQL about 1/N requests. */
#include "store_request.h"

#include "store.h"

enum gg_status pay_request_insert(struct gg_db *db, const struct pay_request_row *row)
{
    return gg_db_exec(db,
                      "INSERT INTO money_request (id, creator_id, title, memo, deal_id, room_id, step, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->creator), gg_v_text(row->title), gg_v_text(row->memo),
                              gg_v_id(&row->deal), gg_v_id(&row->room), gg_v_int(row->step),
                              gg_v_time(row->created_at)),
                      NULL);
}

#define REQUEST_COLUMNS                                                                                                \
    "SELECT q.id, q.creator_id, q.deal_id, q.room_id, q.title, q.memo, q.state, q.step, q.created_at, q.reminded_at,"  \
    " q.ended_at, c.nickname"
#define REQUEST_TABLES " FROM money_request q LEFT JOIN person c ON c.user_id = q.creator_id"
#define REQUEST_SUMS                                                                                                   \
    ", (SELECT COALESCE(SUM(IF(p.state IN ('open', 'paid'), p.amount, p.paid)), 0) FROM request_part p"                \
    " WHERE p.request_id = q.id), (SELECT COALESCE(SUM(p.paid), 0) FROM request_part p WHERE p.request_id = q.id),"    \
    " (SELECT COALESCE(SUM(p.amount - p.paid), 0) FROM request_part p WHERE p.request_id = q.id AND p.user_id = ?"     \
    " AND p.state = 'open')"

static struct pay_request_row read_request(const struct gg_rows *rows, size_t i, bool sums)
{
    return (struct pay_request_row){
        .id = gg_row_id(rows, i, 0),
        .creator = gg_row_id(rows, i, 1),
        .deal = gg_row_id(rows, i, 2),
        .room = gg_row_id(rows, i, 3),
        .title = gg_row_text(rows, i, 4),
        .memo = gg_row_text(rows, i, 5),
        .state = pay_name_index(pay_request_state_names, gg_row_text(rows, i, 6)),
        .step = gg_row_int(rows, i, 7),
        .created_at = gg_row_time(rows, i, 8),
        .reminded_at = gg_row_time(rows, i, 9),
        .ended_at = gg_row_time(rows, i, 10),
        .creator_nickname = gg_row_text(rows, i, 11),
        .asked = sums ? gg_row_int(rows, i, 12) : 0,
        .paid = sums ? gg_row_int(rows, i, 13) : 0,
        .mine = sums ? gg_row_int(rows, i, 14) : 0,
    };
}

enum gg_status pay_request_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_request_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id FROM money_request WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)),
                           &rows));
    GG_TRY(gg_db_query_one(db, arena, REQUEST_COLUMNS REQUEST_TABLES " WHERE q.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_request(&rows, 0, false);
    return GG_OK;
}

enum gg_status pay_request_save(struct gg_db *db, const struct pay_request_row *row)
{
    return gg_db_exec_one(db,
                          "UPDATE money_request SET state = ?, step = ?, reminded_at = ?, ended_at = ? WHERE id = ?",
                          GG_ARGS(gg_v_text(pay_request_state_names[row->state]), gg_v_int(row->step),
                                  gg_v_time(row->reminded_at), gg_v_time(row->ended_at), gg_v_id(&row->id)));
}

enum gg_status pay_request_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id user,
                                struct pay_request_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, REQUEST_COLUMNS REQUEST_SUMS REQUEST_TABLES " WHERE q.id = ?",
                           GG_ARGS(gg_v_id(&user), gg_v_id(&id)), &rows));
    *out = read_request(&rows, 0, true);
    return GG_OK;
}

#define BEFORE                                                                                                         \
    " AND (q.created_at < ? OR (q.created_at = ? AND q.id < ?)) ORDER BY q.created_at DESC, q.id DESC LIMIT ?"

enum gg_status pay_requests_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, bool received,
                               int64_t before_at, struct gg_id before, int64_t limit, struct pay_request_row **out,
                               size_t *n)
{
    int64_t bound = before_at == GG_NONE ? INT64_C(253370764800000) : before_at; /* the year 9999 */
    struct gg_rows rows;

    if (received)
        GG_TRY(gg_db_query(db, arena,
                           REQUEST_COLUMNS REQUEST_SUMS REQUEST_TABLES
                           " WHERE q.id IN (SELECT r.request_id"
                           " FROM request_part r WHERE r.user_id = ?)" BEFORE,
                           GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_time(bound), gg_v_time(bound), gg_v_id(&before),
                                   gg_v_int(limit)),
                           &rows));
    else
        GG_TRY(gg_db_query(db, arena, REQUEST_COLUMNS REQUEST_SUMS REQUEST_TABLES " WHERE q.creator_id = ?" BEFORE,
                           GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_time(bound), gg_v_time(bound), gg_v_id(&before),
                                   gg_v_int(limit)),
                           &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_request_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = read_request(&rows, i, true);
    return GG_OK;
}

/* --- rounds and parts --- */

enum gg_status pay_round_insert(struct gg_db *db, struct gg_id request, const struct pay_round_row *row)
{
    return gg_db_exec(
        db,
        "INSERT INTO request_round (request_id, round, title, total, split, own, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&request), gg_v_int(row->round), gg_v_text(row->title), gg_v_int(row->total),
                gg_v_text(pay_split_names[row->split]), gg_v_int(row->own), gg_v_text(row->receipt)),
        NULL);
}

enum gg_status pay_rounds_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request, struct pay_round_row **out,
                             size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT round, total, own, title, receipt, split FROM request_round WHERE request_id = ?"
                       " ORDER BY round",
                       GG_ARGS(gg_v_id(&request)), &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_round_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct pay_round_row){
            .round = gg_row_int(&rows, i, 0),
            .total = gg_row_int(&rows, i, 1),
            .own = gg_row_int(&rows, i, 2),
            .title = gg_row_text(&rows, i, 3),
            .receipt = gg_row_text(&rows, i, 4),
            .split = pay_name_index(pay_split_names, gg_row_text(&rows, i, 5)),
        };
    return GG_OK;
}

enum gg_status pay_part_insert(struct gg_db *db, struct gg_id request, const struct pay_part_row *row, int64_t place)
{
    return gg_db_exec(db,
                      "INSERT INTO request_part (request_id, round, user_id, amount, paid, state, place) VALUES (?, ?, "
                      "?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&request), gg_v_int(row->part.round), gg_v_id(&row->user),
                              gg_v_int(row->part.amount), gg_v_int(row->part.paid),
                              gg_v_text(pay_part_state_names[row->part.state]), gg_v_int(place)),
                      NULL);
}

enum gg_status pay_part_save(struct gg_db *db, struct gg_id request, const struct pay_part_row *row)
{
    return gg_db_exec_one(
        db, "UPDATE request_part SET paid = ?, state = ? WHERE request_id = ? AND round = ? AND user_id = ?",
        GG_ARGS(gg_v_int(row->part.paid), gg_v_text(pay_part_state_names[row->part.state]), gg_v_id(&request),
                gg_v_int(row->part.round), gg_v_id(&row->user)));
}

enum gg_status pay_parts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request, struct pay_part_row **out,
                            size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT p.user_id, n.nickname, p.round, p.amount, p.paid, p.state FROM request_part p"
                       " LEFT JOIN person n ON n.user_id = p.user_id WHERE p.request_id = ? ORDER BY p.round, p.place",
                       GG_ARGS(gg_v_id(&request)), &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_part_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct pay_part_row){
            .user = gg_row_id(&rows, i, 0),
            .nickname = gg_row_text(&rows, i, 1),
            .part = {.round = gg_row_int(&rows, i, 2),
                     .amount = gg_row_int(&rows, i, 3),
                     .paid = gg_row_int(&rows, i, 4),
                     .state = pay_name_index(pay_part_state_names, gg_row_text(&rows, i, 5))},
        };
    return GG_OK;
}

/* --- reminders --- */

enum gg_status pay_reminder_insert(struct gg_db *db, const struct pay_reminder_row *row)
{
    return gg_db_exec(db, "INSERT INTO request_reminder (id, request_id, remind_at) VALUES (?, ?, ?)",
                      GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->request), gg_v_time(row->at)), NULL);
}

enum gg_status pay_reminder_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct pay_reminder_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id, request_id, remind_at, sent_at FROM request_reminder WHERE id = ?",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *out = (struct pay_reminder_row){
        .id = gg_row_id(&rows, 0, 0),
        .request = gg_row_id(&rows, 0, 1),
        .at = gg_row_time(&rows, 0, 2),
        .sent_at = gg_row_time(&rows, 0, 3),
    };
    return GG_OK;
}

enum gg_status pay_reminder_sent(struct gg_db *db, struct gg_id id, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE request_reminder SET sent_at = ? WHERE id = ? AND sent_at IS NULL",
                          GG_ARGS(gg_v_time(now), gg_v_id(&id)));
}

enum gg_status pay_reminders_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request,
                                struct pay_reminder_row **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, request_id, remind_at, sent_at FROM request_reminder WHERE request_id = ?"
                       " ORDER BY remind_at, id LIMIT 100",
                       GG_ARGS(gg_v_id(&request)), &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_reminder_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct pay_reminder_row){
            .id = gg_row_id(&rows, i, 0),
            .request = gg_row_id(&rows, i, 1),
            .at = gg_row_time(&rows, i, 2),
            .sent_at = gg_row_time(&rows, i, 3),
        };
    return GG_OK;
}

enum gg_status pay_reminders_clear(struct gg_db *db, struct gg_id request)
{
    return gg_db_exec(db, "DELETE FROM request_reminder WHERE request_id = ? AND sent_at IS NULL",
                      GG_ARGS(gg_v_id(&request)), NULL);
}
