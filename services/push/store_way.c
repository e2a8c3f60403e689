/* services/push/store_way.c
 * SQL of readers, journeys and attempts. */
#include "store_way.h"

#include "proto/deal.h"

#include <string.h>

#define READER_COLUMNS                                                                                                 \
    "p.lang, p.tz, p.quiet_from, p.quiet_until, p.digest_every, p.digest_at, p.ads_since, p.ads_at_night_since, "      \
    "p.phone, r.web, r.sms"

#define READER_N 11

static const struct push_reader nobody = {
    .tz = "Asia/Seoul",
    .quiet_from = GG_NONE,
    .quiet_until = GG_NONE,
    .digest_every = 1440,
    .digest_at = 1080,
    .ads_since = GG_NONE,
    .ads_at_night_since = GG_NONE,
};

/* The columns of READER_COLUMNS from `c` on; all NULL when the person is not known. */
static struct push_reader read_reader(const struct gg_rows *rows, size_t row, size_t c, int kind)
{
    struct push_reader reader = nobody;
    int64_t web = gg_row_int(rows, row, c + 9), sms = gg_row_int(rows, row, c + 10);

    if (gg_row_text(rows, row, c + 1))
        reader = (struct push_reader){
            .lang = (int)gg_row_int(rows, row, c),
            .tz = gg_row_text(rows, row, c + 1),
            .quiet_from = gg_row_int(rows, row, c + 2),
            .quiet_until = gg_row_int(rows, row, c + 3),
            .digest_every = gg_row_int(rows, row, c + 4),
            .digest_at = gg_row_int(rows, row, c + 5),
            .ads_since = gg_row_time(rows, row, c + 6),
            .ads_at_night_since = gg_row_time(rows, row, c + 7),
            .phone = gg_row_text(rows, row, c + 8),
        };
    reader.mode = web == GG_NONE ? PUSH_NOW : (int)web;
    reader.sms = push_rule(kind)->sms && (sms == GG_NONE || sms != 0) && reader.phone;
    return reader;
}

enum gg_status push_readers(struct gg_db *db, struct gg_arena *arena, int kind, const struct gg_id *users, size_t n,
                            struct push_reader **readers)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT " READER_COLUMNS ", p.user_id,"
                           " EXISTS (SELECT 1 FROM device d WHERE d.user_id = p.user_id) FROM person p"
                           " LEFT JOIN preference r ON r.user_id = p.user_id AND r.kind = ? WHERE p.user_id IN ",
                           GG_ARGS(gg_v_int(kind)), users, n, " ORDER BY p.user_id", &rows));
    *readers = GG_NEW_ARRAY(arena, struct push_reader, n);
    for (size_t i = 0, row = 0; i < n; i++) {
        if (row < rows.n && gg_id_equal(gg_row_id(&rows, row, READER_N), users[i])) {
            (*readers)[i] = read_reader(&rows, row, 0, kind);
            (*readers)[i].has_device = gg_row_int(&rows, row, READER_N + 1) != 0;
            row++;
        } else {
            (*readers)[i] = nobody;
        }
        (*readers)[i].user = users[i];
    }
    return GG_OK;
}

enum gg_status push_mutes_of(struct gg_db *db, struct gg_arena *arena, int64_t now, const struct gg_id *users, size_t n,
                             struct push_muted **muted, size_t *n_muted)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT user_id, deal_id FROM mute WHERE (until_at IS NULL OR until_at > ?)"
                           " AND user_id IN ",
                           GG_ARGS(gg_v_time(now)), users, n, "", &rows));
    *muted = GG_NEW_ARRAY(arena, struct push_muted, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*muted)[i] = (struct push_muted){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1)};
    *n_muted = rows.n;
    return GG_OK;
}

/* --- journeys --- */

enum gg_status push_journeys_put(struct gg_db *db, struct gg_arena *arena, int64_t shard,
                                 const struct push_journey *journeys, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 5 * n);

    for (size_t i = 0; i < n; i++) {
        args[5 * i] = gg_v_id(&journeys[i].notice);
        args[5 * i + 1] = gg_v_int(shard);
        args[5 * i + 2] = gg_v_int(journeys[i].base);
        args[5 * i + 3] = gg_v_time(journeys[i].next_at);
        args[5 * i + 4] = gg_v_time(journeys[i].give_up_at);
    }
    return gg_db_upsert_rows(db, "INSERT INTO journey (notice_id, shard, base, next_at, give_up_at) VALUES", args, 5, n,
                             " ON DUPLICATE KEY UPDATE shard = VALUES(shard), base = VALUES(base),"
                             " next_at = VALUES(next_at), give_up_at = VALUES(give_up_at)");
}

enum gg_status push_journeys_claim(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t now, int64_t lease,
                                   int64_t limit, struct gg_id **notices, size_t *n)
{
    struct gg_rows rows;

    *n = 0;
    GG_TRY(gg_db_query(db, arena,
                       "SELECT notice_id FROM journey WHERE shard = ? AND next_at <= ? ORDER BY next_at LIMIT ?"
                       " FOR UPDATE SKIP LOCKED",
                       GG_ARGS(gg_v_int(shard), gg_v_time(now), gg_v_int(limit)), &rows));
    if (rows.n == 0)
        return GG_OK;
    *notices = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*notices)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return gg_db_exec_ids(db, "UPDATE journey SET next_at = ? WHERE notice_id IN ", GG_ARGS(gg_v_time(lease)), *notices,
                          *n, "", NULL);
}

enum gg_status push_journeys_next(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t *at)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT next_at FROM journey WHERE shard = ? ORDER BY next_at LIMIT 1",
                       GG_ARGS(gg_v_int(shard)), &rows));
    *at = rows.n ? gg_row_time(&rows, 0, 0) : GG_NONE;
    return GG_OK;
}

#define SHARE_IS(states)                                                                                               \
    "EXISTS (SELECT 1 FROM share s WHERE s.deal_id = n.deal_id AND s.user_id = n.user_id AND " states ")"

enum gg_status push_travellers(struct gg_db *db, struct gg_arena *arena, int64_t now, const struct gg_id *notices,
                               size_t n, struct push_traveller **travellers, size_t *n_travellers)
{
    const size_t c = PUSH_NOTICE_COLUMNS_N + READER_N + 1;
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(
        db, arena,
        "SELECT " PUSH_NOTICE_COLUMNS ", " READER_COLUMNS ", m.user_id IS NOT NULL, j.base, j.give_up_at, d.state,"
        " d.host_id, " SHARE_IS("s.state IN (0, 1, 2)") ", " SHARE_IS("s.state = 2") ", " SHARE_IS(
            "s.state IN (0, 1) AND s.terms < d.terms") " FROM journey j JOIN notice n ON n.id = j.notice_id LEFT JOIN "
                                                       "person p ON p.user_id = n.user_id"
                                                       " LEFT JOIN preference r ON r.user_id = n.user_id AND r.kind = "
                                                       "n.kind"
                                                       " LEFT JOIN mute m ON m.user_id = n.user_id AND m.deal_id = "
                                                       "n.deal_id"
                                                       " AND (m.until_at IS NULL OR m.until_at > ?) LEFT JOIN deal d "
                                                       "ON d.deal_id = n.deal_id WHERE j.notice_id IN ",
        GG_ARGS(gg_v_time(now)), notices, n, "", &rows));
    *travellers = GG_NEW_ARRAY(arena, struct push_traveller, rows.n);
    *n_travellers = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        struct push_traveller *t = &(*travellers)[i];
        int64_t state = gg_row_int(&rows, i, c + 2);
        t->facts = push_facts_row(&rows, i, 0);
        t->reader = read_reader(&rows, i, PUSH_NOTICE_COLUMNS_N, t->facts.kind);
        t->reader.user = t->facts.user;
        t->reader.muted = gg_row_int(&rows, i, PUSH_NOTICE_COLUMNS_N + READER_N) == 1;
        t->base = gg_row_int(&rows, i, c);
        t->give_up_at = gg_row_time(&rows, i, c + 1);
        t->deal_state = state == GG_NONE ? -1 : (int)state;
        t->host = gg_id_equal(gg_row_id(&rows, i, c + 3), t->facts.user);
        t->live = gg_row_int(&rows, i, c + 4) == 1;
        t->to_pick_up = gg_row_int(&rows, i, c + 5) == 1;
        t->to_accept = gg_row_int(&rows, i, c + 6) == 1;
    }
    return GG_OK;
}

enum gg_status push_journey_wait(struct gg_db *db, struct gg_id notice, int64_t lease, int64_t next_at)
{
    return gg_db_exec(db, "UPDATE journey SET next_at = ? WHERE notice_id = ? AND next_at = ?",
                      GG_ARGS(gg_v_time(next_at), gg_v_id(&notice), gg_v_time(lease)), NULL);
}

enum gg_status push_journeys_end(struct gg_db *db, const struct gg_id *notices, size_t n, int64_t lease, int end,
                                 int64_t now)
{
    GG_TRY(gg_db_exec_ids(db,
                          "UPDATE notice SET ended = ?, ended_at = ? WHERE EXISTS (SELECT 1 FROM journey j"
                          " WHERE j.notice_id = notice.id AND j.next_at = ?) AND id IN ",
                          GG_ARGS(gg_v_int(end), gg_v_time(now), gg_v_time(lease)), notices, n, "", NULL));
    return gg_db_exec_ids(db, "DELETE FROM journey WHERE next_at = ? AND notice_id IN ", GG_ARGS(gg_v_time(lease)),
                          notices, n, "", NULL);
}

enum gg_status push_journey_get(struct gg_db *db, struct gg_arena *arena, struct gg_id notice, int64_t *next_at,
                                int64_t *give_up_at)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT next_at, give_up_at FROM journey WHERE notice_id = ?",
                           GG_ARGS(gg_v_id(&notice)), &rows));
    *next_at = gg_row_time(&rows, 0, 0);
    *give_up_at = gg_row_time(&rows, 0, 1);
    return GG_OK;
}

/* --- attempts --- */

enum gg_status push_attempts_of(struct gg_db *db, struct gg_arena *arena, const struct gg_id *notices, size_t n,
                                struct push_attempt_row **attempts, size_t *n_attempts)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT notice_id, step, channel, device_id, result, status, tries, at, shown_at,"
                           " clicked_at FROM attempt WHERE notice_id IN ",
                           GG_NO_ARGS, notices, n, " ORDER BY notice_id, step", &rows));
    *attempts = GG_NEW_ARRAY(arena, struct push_attempt_row, rows.n);
    *n_attempts = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*attempts)[i] = (struct push_attempt_row){
            .notice = gg_row_id(&rows, i, 0),
            .step = gg_row_int(&rows, i, 1),
            .channel = (int)gg_row_int(&rows, i, 2),
            .device = gg_row_id(&rows, i, 3),
            .result = (int)gg_row_int(&rows, i, 4),
            .status = gg_row_int(&rows, i, 5),
            .tries = gg_row_int(&rows, i, 6),
            .at = gg_row_time(&rows, i, 7),
            .shown_at = gg_row_time(&rows, i, 8),
            .clicked_at = gg_row_time(&rows, i, 9),
        };
    return GG_OK;
}

enum gg_status push_attempts_put(struct gg_db *db, struct gg_arena *arena, const struct push_attempt_row *attempts,
                                 size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 8 * n), *arg = args;

    for (size_t i = 0; i < n; i++) {
        const struct push_attempt_row *a = &attempts[i];
        *arg++ = gg_v_id(&a->notice);
        *arg++ = gg_v_int(a->step);
        *arg++ = gg_v_int(a->channel);
        *arg++ = gg_v_id(&a->device);
        *arg++ = gg_v_int(a->result);
        *arg++ = gg_v_int(a->status);
        *arg++ = gg_v_int(a->tries);
        *arg++ = gg_v_time(a->at);
    }
    return gg_db_upsert_rows(db,
                             "INSERT INTO attempt (notice_id, step, channel, device_id, result, status, tries, at)"
                             " VALUES",
                             args, 8, n,
                             " ON DUPLICATE KEY UPDATE channel = VALUES(channel), device_id = VALUES(device_id),"
                             " result = VALUES(result), status = VALUES(status), tries = VALUES(tries),"
                             " at = VALUES(at)");
}

enum gg_status push_delivered(struct gg_db *db, struct gg_arena *arena, int64_t from, int64_t until, int64_t *taken,
                              int64_t *shown)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT COUNT(DISTINCT a.notice_id), COUNT(DISTINCT CASE WHEN a.shown_at IS NOT NULL"
                       " THEN a.notice_id END) FROM notice n JOIN attempt a ON a.notice_id = n.id"
                       " WHERE n.at >= ? AND n.at < ? AND a.channel = ? AND a.result = ?",
                       GG_ARGS(gg_v_time(from), gg_v_time(until), gg_v_int(PUSH_WEB), gg_v_int(PUSH_ACCEPTED)), &rows));
    *taken = gg_row_int(&rows, 0, 0);
    *shown = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status push_attempt_ack(struct gg_db *db, struct gg_arena *arena, struct gg_id notice, int64_t step, int what,
                                int64_t now, struct gg_id *device, int64_t *sent_at, bool *first)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT device_id, at, shown_at, clicked_at FROM attempt WHERE notice_id = ? AND step = ?"
                           " FOR UPDATE",
                           GG_ARGS(gg_v_id(&notice), gg_v_int(step)), &rows));
    *device = gg_row_id(&rows, 0, 0);
    *sent_at = gg_row_time(&rows, 0, 1);
    *first = gg_row_time(&rows, 0, 2) == GG_NONE;
    /* Who has clicked it has seen it. */
    return gg_db_exec(db,
                      "UPDATE attempt SET shown_at = COALESCE(shown_at, ?),"
                      " clicked_at = CASE WHEN ? = 1 THEN COALESCE(clicked_at, ?) ELSE clicked_at END"
                      " WHERE notice_id = ? AND step = ?",
                      GG_ARGS(gg_v_time(now), gg_v_int(what), gg_v_time(now), gg_v_id(&notice), gg_v_int(step)), NULL);
}
