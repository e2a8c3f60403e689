/* services/push/store_due.c
 * SQL of what waits for its time or costs money: reminders, large audiences, text messages. */
#include "store_wish.h"

#include "libcommon/clock.h"

#include <string.h>

/* --- reminders --- */

enum gg_status push_reminders_put(struct gg_db *db, struct gg_arena *arena, int64_t shard,
                                  const struct push_reminder_row *rows, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 8 * n), *arg = args;

    for (size_t i = 0; i < n; i++) {
        *arg++ = gg_v_id(&rows[i].id);
        *arg++ = gg_v_int(shard);
        *arg++ = gg_v_id(&rows[i].deal);
        *arg++ = gg_v_id(&rows[i].user);
        *arg++ = gg_v_int(rows[i].kind);
        *arg++ = gg_v_time(rows[i].due_at);
        *arg++ = gg_v_time(rows[i].expires_at);
        *arg++ = gg_v_time(rows[i].basis);
    }
    return gg_db_upsert_rows(db,
                             "INSERT INTO reminder (id, shard, deal_id, user_id, kind, due_at, expires_at, basis)"
                             " VALUES",
                             args, 8, n, " ON DUPLICATE KEY UPDATE shard = VALUES(shard)");
}

enum gg_status push_reminders_take(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t now,
                                   struct push_reminder_row **out, size_t *n)
{
    struct gg_rows rows;
    struct gg_id *ids;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, deal_id, user_id, kind, due_at, expires_at, basis FROM reminder WHERE shard = ?"
                       " AND due_at <= ? ORDER BY due_at LIMIT 256 FOR UPDATE SKIP LOCKED",
                       GG_ARGS(gg_v_int(shard), gg_v_time(now)), &rows));
    *n = rows.n;
    if (rows.n == 0)
        return GG_OK;
    *out = GG_NEW_ARRAY(arena, struct push_reminder_row, rows.n);
    ids = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        ids[i] = gg_row_id(&rows, i, 0);
        (*out)[i] = (struct push_reminder_row){ids[i],
                                               gg_row_id(&rows, i, 1),
                                               gg_row_id(&rows, i, 2),
                                               (int)gg_row_int(&rows, i, 3),
                                               gg_row_time(&rows, i, 4),
                                               gg_row_time(&rows, i, 5),
                                               gg_row_time(&rows, i, 6)};
    }
    return gg_db_exec_ids(db, "DELETE FROM reminder WHERE id IN ", GG_NO_ARGS, ids, rows.n, "", NULL);
}

enum gg_status push_reminders_next(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t *at)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT due_at FROM reminder WHERE shard = ? ORDER BY due_at LIMIT 1",
                       GG_ARGS(gg_v_int(shard)), &rows));
    *at = rows.n ? gg_row_time(&rows, 0, 0) : GG_NONE;
    return GG_OK;
}

enum gg_status push_deals_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *deals, size_t n,
                              struct push_deal_row **out, size_t *n_out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT deal_id, host_id, title, state, terms, closes_at, pickup_from, pickup_until"
                           " FROM deal WHERE deal_id IN ",
                           GG_NO_ARGS, deals, n, "", &rows));
    *out = GG_NEW_ARRAY(arena, struct push_deal_row, rows.n);
    *n_out = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct push_deal_row){
            gg_row_id(&rows, i, 0),  gg_row_id(&rows, i, 1),   gg_row_text(&rows, i, 2), (int)gg_row_int(&rows, i, 3),
            gg_row_int(&rows, i, 4), gg_row_time(&rows, i, 5), gg_row_time(&rows, i, 6), gg_row_time(&rows, i, 7)};
    return GG_OK;
}

enum gg_status push_deals_members(struct gg_db *db, struct gg_arena *arena, const struct gg_id *deals, size_t n,
                                  struct push_member **out, size_t *n_out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT deal_id, user_id, state FROM share WHERE state IN (1, 2) AND deal_id IN ",
                           GG_NO_ARGS, deals, n, "", &rows));
    *out = GG_NEW_ARRAY(arena, struct push_member, rows.n);
    *n_out = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct push_member){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1), (int)gg_row_int(&rows, i, 2)};
    return GG_OK;
}

/* --- large audiences --- */

enum gg_status push_fanout_insert(struct gg_db *db, const struct push_fanout *f)
{
    return gg_db_exec(db,
                      "INSERT INTO fanout (id, audience, event_id, at, kind, lang, deal_id, from_id, title, text, tags,"
                      " lat, lng, part, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE kind = VALUES(kind)",
                      GG_ARGS(gg_v_id(&f->id), gg_v_int(f->audience), gg_v_id(&f->event), gg_v_time(f->at),
                              gg_v_int(f->kind), gg_v_int(f->lang), gg_v_id(&f->deal), gg_v_id(&f->from),
                              gg_v_text(f->title), gg_v_text(f->text), gg_v_text(f->tags), gg_v_int(f->lat),
                              gg_v_int(f->lng), gg_v_int(f->part), gg_v_int(f->parts)),
                      NULL);
}

enum gg_status push_fanout_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct push_fanout *f)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT audience, event_id, at, kind, lang, deal_id, from_id, title, text, lat, lng,"
                           " done_user, tags, announcing, part, parts FROM fanout WHERE id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *f = (struct push_fanout){
        .id = id,
        .audience = (int)gg_row_int(&rows, 0, 0),
        .event = gg_row_id(&rows, 0, 1),
        .at = gg_row_time(&rows, 0, 2),
        .kind = (int)gg_row_int(&rows, 0, 3),
        .lang = (int)gg_row_int(&rows, 0, 4),
        .deal = gg_row_id(&rows, 0, 5),
        .from = gg_row_id(&rows, 0, 6),
        .title = gg_row_text(&rows, 0, 7),
        .text = gg_row_text(&rows, 0, 8),
        .lat = gg_row_int(&rows, 0, 9),
        .lng = gg_row_int(&rows, 0, 10),
        .done_to = gg_row_id(&rows, 0, 11),
        .tags = gg_row_text(&rows, 0, 12),
        .announcing = gg_row_int(&rows, 0, 13) == 1,
        .part = gg_row_int(&rows, 0, 14),
        .parts = gg_row_int(&rows, 0, 15),
    };
    return GG_OK;
}

enum gg_status push_fanout_done_to(struct gg_db *db, struct gg_id id, struct gg_id done_to, bool announcing)
{
    return gg_db_exec_one(db, "UPDATE fanout SET done_user = ?, announcing = ? WHERE id = ?",
                          GG_ARGS(gg_v_id(&done_to), gg_v_int(announcing), gg_v_id(&id)));
}

enum gg_status push_fanout_telling(struct gg_db *db, struct gg_arena *arena, struct gg_id event, bool *telling)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT 1 FROM fanout WHERE event_id = ? AND announcing = FALSE LIMIT 1",
                       GG_ARGS(gg_v_id(&event)), &rows));
    *telling = rows.n > 0;
    return GG_OK;
}

enum gg_status push_fanout_delete(struct gg_db *db, struct gg_id id)
{
    return gg_db_exec(db, "DELETE FROM fanout WHERE id = ?", GG_ARGS(gg_v_id(&id)), NULL);
}

/* --- text messages --- */

#define CODE_TRIES 5

enum gg_status push_code_put(struct gg_db *db, struct gg_id user, const char *phone, const uint8_t hash[32],
                             int64_t expires_at)
{
    return gg_db_exec(db,
                      "INSERT INTO phone_code (user_id, phone, code_hash, tries, expires_at) VALUES (?, ?, ?, 0, ?)"
                      " ON DUPLICATE KEY UPDATE phone = VALUES(phone), code_hash = VALUES(code_hash), tries = 0,"
                      " expires_at = VALUES(expires_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(phone), gg_v_bytes(hash, 32), gg_v_time(expires_at)), NULL);
}

enum gg_status push_code_take(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                              const char **phone, uint8_t hash[32])
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec_one(db,
                          "UPDATE phone_code SET tries = tries + 1 WHERE user_id = ? AND expires_at > ? AND tries < ?",
                          GG_ARGS(gg_v_id(&user), gg_v_time(now), gg_v_int(CODE_TRIES))));
    GG_TRY(gg_db_query_one(db, arena, "SELECT phone, code_hash FROM phone_code WHERE user_id = ?",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *phone = gg_row_text(&rows, 0, 0);
    memcpy(hash, gg_row_bytes(&rows, 0, 1).p, 32);
    return GG_OK;
}

enum gg_status push_code_delete(struct gg_db *db, struct gg_id user)
{
    return gg_db_exec(db, "DELETE FROM phone_code WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL);
}

/* One row of the budget, made when it is missing, and locked. */
static enum gg_status budget_lock(struct gg_db *db, struct gg_arena *arena, int64_t day, const struct gg_id *user,
                                  int64_t *messages, int64_t *won)
{
    struct gg_val id = gg_v_bytes(user->b, sizeof(user->b));
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO sms_budget (day, user_id, messages, won) VALUES (?, ?, 0, 0)"
                      " ON DUPLICATE KEY UPDATE day = VALUES(day)",
                      GG_ARGS(gg_v_int(day), id), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT messages, won FROM sms_budget WHERE day = ? AND user_id = ? FOR UPDATE",
                           GG_ARGS(gg_v_int(day), id), &rows));
    *messages = gg_row_int(&rows, 0, 0);
    *won = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status push_budget_take(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t day, int64_t won,
                                int64_t user_messages, int64_t all_won)
{
    const struct gg_id all = GG_ID_ZERO;
    int64_t messages, spent, all_messages, all_spent;

    GG_TRY(budget_lock(db, arena, day, &all, &all_messages, &all_spent));
    GG_TRY(budget_lock(db, arena, day, &user, &messages, &spent));
    if (messages + 1 > user_messages || all_spent + won > all_won)
        return GG_NOT_FOUND;
    return gg_db_exec(db,
                      "UPDATE sms_budget SET messages = messages + 1, won = won + ? WHERE day = ?"
                      " AND user_id IN (?, ?)",
                      GG_ARGS(gg_v_int(won), gg_v_int(day), gg_v_bytes(all.b, sizeof(all.b)), gg_v_id(&user)), NULL);
}

enum gg_status push_sms_insert(struct gg_db *db, const struct push_sms_row *s)
{
    return gg_db_exec(db,
                      "INSERT INTO sms (id, user_id, notice_id, type, bytes, cost_won, state, at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&s->id), gg_v_id(&s->user), gg_v_id(&s->notice), gg_v_int(s->type),
                              gg_v_int(s->bytes), gg_v_int(s->cost_won), gg_v_int(s->state), gg_v_time(s->at)),
                      NULL);
}

enum gg_status push_sms_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct push_sms_row *s)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT user_id, notice_id, type, bytes, cost_won, state, request, asks, at FROM sms"
                           " WHERE id = ?",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *s = (struct push_sms_row){.id = id,
                               .user = gg_row_id(&rows, 0, 0),
                               .notice = gg_row_id(&rows, 0, 1),
                               .type = (int)gg_row_int(&rows, 0, 2),
                               .bytes = gg_row_int(&rows, 0, 3),
                               .cost_won = gg_row_int(&rows, 0, 4),
                               .state = (int)gg_row_int(&rows, 0, 5),
                               .request = gg_row_text(&rows, 0, 6),
                               .asks = gg_row_int(&rows, 0, 7),
                               .at = gg_row_time(&rows, 0, 8)};
    return GG_OK;
}

enum gg_status push_sms_update(struct gg_db *db, struct gg_id id, int state, const char *request, int64_t asks,
                               int64_t reported_at)
{
    return gg_db_exec(
        db,
        "UPDATE sms SET state = ?, request = COALESCE(?, request), asks = ?, reported_at = ?"
        " WHERE id = ?",
        GG_ARGS(gg_v_int(state), gg_v_text(request), gg_v_int(asks), gg_v_time(reported_at), gg_v_id(&id)), NULL);
}

enum gg_status push_sms_list(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct push_sms **list,
                             size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, notice_id, type, cost_won, state, at FROM sms WHERE user_id = ?"
                       " ORDER BY at DESC LIMIT 50",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *list = GG_NEW_ARRAY(arena, struct push_sms, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] =
            (struct push_sms){gg_row_id(&rows, i, 0),  gg_row_id(&rows, i, 1),       (int)gg_row_int(&rows, i, 2),
                              gg_row_int(&rows, i, 3), (int)gg_row_int(&rows, i, 4), gg_row_time(&rows, i, 5)};
    *n = rows.n;
    return GG_OK;
}

/* --- cleaning --- */

enum gg_status push_clean(struct gg_db *db, int64_t now)
{
    GG_TRY(gg_db_exec(db, "DELETE FROM digest WHERE window_at < ?", GG_ARGS(gg_v_time(now - 90 * GG_DAY)), NULL));
    GG_TRY(gg_db_exec(db, "DELETE FROM phone_code WHERE expires_at < ?", GG_ARGS(gg_v_time(now)), NULL));
    GG_TRY(gg_db_exec(db, "DELETE FROM sms_budget WHERE day < ?", GG_ARGS(gg_v_int(now / GG_DAY - 90)), NULL));
    return gg_db_exec(db, "DELETE FROM mute WHERE until_at < ?", GG_ARGS(gg_v_time(now)), NULL);
}
