/* services/chat/store_report.c
 * SQL of reports. */
#include "store_report.h"

#include <string.h>

#define COLUMNS "number, id, room_id, seq, reporter_id, accused_id, reason, body, snapshot, hash, at"

static void read_hash(struct gg_str bytes, uint8_t hash[GG_SHA256])
{
    memset(hash, 0, GG_SHA256);
    memcpy(hash, bytes.p, bytes.n < GG_SHA256 ? bytes.n : GG_SHA256);
}

static struct chat_report_row read_report(const struct gg_rows *rows, size_t row)
{
    struct chat_report_row report = {
        .number = gg_row_int(rows, row, 0),
        .id = gg_row_id(rows, row, 1),
        .room = gg_row_id(rows, row, 2),
        .seq = gg_row_int(rows, row, 3),
        .reporter = gg_row_id(rows, row, 4),
        .accused = gg_row_id(rows, row, 5),
        .reason = (int)gg_row_int(rows, row, 6),
        .text = gg_row_text(rows, row, 7),
        .snapshot = gg_row_text(rows, row, 8),
        .at = gg_row_time(rows, row, 10),
    };

    read_hash(gg_row_bytes(rows, row, 9), report.hash);
    return report;
}

enum gg_status chat_chain_lock(struct gg_db *db, struct gg_arena *arena, int64_t *number, uint8_t hash[GG_SHA256])
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT number, hash FROM report_chain WHERE id = 1 FOR UPDATE", GG_NO_ARGS, &rows));
    *number = gg_row_int(&rows, 0, 0);
    read_hash(gg_row_bytes(&rows, 0, 1), hash);
    return GG_OK;
}

enum gg_status chat_report_insert(struct gg_db *db, const struct chat_report_row *r)
{
    GG_TRY(gg_db_exec(db, "INSERT INTO report (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_int(r->number), gg_v_id(&r->id), gg_v_id(&r->room), gg_v_int(r->seq),
                              gg_v_id(&r->reporter), gg_v_id(&r->accused), gg_v_int(r->reason), gg_v_text(r->text),
                              gg_v_text(r->snapshot), gg_v_bytes(r->hash, GG_SHA256), gg_v_time(r->at)),
                      NULL));
    return gg_db_exec_one(db, "UPDATE report_chain SET number = ?, hash = ? WHERE id = 1",
                          GG_ARGS(gg_v_int(r->number), gg_v_bytes(r->hash, GG_SHA256)));
}

enum gg_status chat_report_of(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t seq,
                              struct gg_id reporter, struct chat_report_row *report)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT " COLUMNS " FROM report WHERE room_id = ? AND seq = ? AND reporter_id = ?",
                           GG_ARGS(gg_v_id(&room), gg_v_int(seq), gg_v_id(&reporter)), &rows));
    *report = read_report(&rows, 0);
    return GG_OK;
}

enum gg_status chat_report_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct chat_report_row *report)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " COLUMNS " FROM report WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *report = read_report(&rows, 0);
    return GG_OK;
}

enum gg_status chat_report_hash(struct gg_db *db, struct gg_arena *arena, int64_t number, uint8_t hash[GG_SHA256])
{
    struct gg_rows rows;

    memset(hash, 0, GG_SHA256);
    if (number == 0)
        return GG_OK;
    GG_TRY(gg_db_query_one(db, arena, "SELECT hash FROM report WHERE number = ?", GG_ARGS(gg_v_int(number)), &rows));
    read_hash(gg_row_bytes(&rows, 0, 0), hash);
    return GG_OK;
}

enum gg_status chat_reports(struct gg_db *db, struct gg_arena *arena, int64_t before, int64_t limit,
                            struct chat_report_row **reports, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT " COLUMNS " FROM report WHERE number < ? ORDER BY number DESC LIMIT ?",
                       GG_ARGS(gg_v_int(before), gg_v_int(limit)), &rows));
    *reports = GG_NEW_ARRAY(arena, struct chat_report_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*reports)[i] = read_report(&rows, i);
    *n = rows.n;
    return GG_OK;
}
