/* services/chat/report.c
 * Reports: what was said, what it read before it was changed, and what stood around it, as it was then. */
#include "report.h"

#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "room.h"
#include "store_report.h"

#include <string.h>

#define AROUND 10 /* entries before and after */

/* --- the snapshot --- */

struct snapshot {
    struct gg_id room, reporter;
    int64_t at;
    int reason;
    const char *words; /* of the reporter */
    struct chat_entry *message;
    struct gg_list wordings; /* struct chat_wording */
    struct gg_list around;   /* struct chat_entry */
};
static const struct gg_field wording_fields[] = {
    GG_INT(struct chat_wording, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "the entry that brought it"),
    GG_TEXT(struct chat_wording, body, GG_OPTIONAL | GG_LINES, 0, CHAT_TEXT_MAX, "what it read"),
};
static const struct gg_msg wording_msg =
    GG_MSG("ChatWording", struct chat_wording, wording_fields, "An earlier wording.");
static const struct gg_field snapshot_fields[] = {
    GG_ID(struct snapshot, room, GG_REQUIRED, "the room"),
    GG_ID(struct snapshot, reporter, GG_REQUIRED, "who reports"),
    GG_TIME(struct snapshot, at, GG_REQUIRED, "when"),
    GG_ENUM(struct snapshot, reason, GG_REQUIRED, chat_report_reason_names, "why"),
    GG_TEXT(struct snapshot, words, GG_OPTIONAL | GG_LINES, 1, 500, "of the reporter"),
    GG_REF(struct snapshot, message, GG_REQUIRED, &chat_entry_msg, "as it stands"),
    GG_LIST(struct snapshot, wordings, GG_OPTIONAL, 0, 50, &wording_msg, "as it read before"),
    GG_LIST(struct snapshot, around, GG_OPTIONAL, 0, 2 * AROUND + 1, &chat_entry_msg, "what stood around it"),
};
static const struct gg_msg snapshot_msg =
    GG_MSG("ChatSnapshot", struct snapshot, snapshot_fields, "What was reported, as it was.");

static enum gg_status take_snapshot(struct gg_call *call, const struct chat_report_row *report,
                                    const struct chat_entry_row *message, const char **text)
{
    struct snapshot snapshot = {.room = report->room,
                                .reporter = report->reporter,
                                .at = report->at,
                                .reason = report->reason,
                                .words = report->text};
    struct chat_entry_row *rows;
    struct chat_entry *around;
    struct chat_wording *wordings;
    struct gg_buf out;
    size_t n;

    snapshot.message = GG_NEW(call->arena, struct chat_entry);
    chat_entry_view(call->arena, message, snapshot.message);
    GG_TRY(chat_wordings(call->db, call->arena, report->room, report->seq, &wordings, &n));
    snapshot.wordings = (struct gg_list){wordings, n};
    GG_TRY(chat_entries(call->db, call->arena, report->room, report->seq - AROUND - 1, report->seq + AROUND,
                        2 * AROUND + 1, &rows, &n));
    around = GG_NEW_ARRAY(call->arena, struct chat_entry, n);
    for (size_t i = 0; i < n; i++)
        chat_entry_view(call->arena, &rows[i], &around[i]);
    snapshot.around = (struct gg_list){around, n};
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    gg_json_encode(&out, &snapshot_msg, &snapshot);
    *text = gg_strndup(call->arena, out.p, out.n);
    gg_buf_free(&out);
    return GG_OK;
}

/* The hash of a report covers the one before it: none can be taken out or changed without all after it. */
static void chain(struct gg_arena *arena, const uint8_t before[GG_SHA256], const char *snapshot,
                  uint8_t hash[GG_SHA256])
{
    size_t n = strlen(snapshot);
    char *bytes = gg_alloc(arena, GG_SHA256 + n);

    memcpy(bytes, before, GG_SHA256);
    memcpy(bytes + GG_SHA256, snapshot, n);
    gg_sha256((struct gg_str){bytes, GG_SHA256 + n}, hash);
}

static struct chat_report view(struct gg_arena *arena, const struct chat_report_row *row)
{
    return (struct chat_report){.id = row->id,
                                .room = row->room,
                                .accused = row->accused,
                                .seq = row->seq,
                                .reason = row->reason,
                                .text = row->text,
                                .hash = gg_hex(arena, row->hash, GG_SHA256),
                                .at = row->at};
}

/* --- reporting --- */

/* The message, deleted or not: what it read is among the wordings. */
static enum gg_status reported_message(struct gg_call *call, struct gg_id room, int64_t seq,
                                       struct chat_entry_row *message)
{
    struct chat_member_row member;
    enum gg_status status = chat_member_get(call->db, call->arena, room, call->user.id, &member);

    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you were never in this room");
    GG_TRY(status);
    status =
        seq <= chat_visible_until(&member) ? chat_entry_get(call->db, call->arena, room, seq, message) : GG_NOT_FOUND;
    if (status == GG_NOT_FOUND || (status == GG_OK && message->type != CHAT_ENTRY_MESSAGE))
        return gg_fail(call, &CHAT_NO_MESSAGE, "there is no message at this seq");
    return status;
}

enum gg_status chat_report_make(struct gg_call *call)
{
    const struct chat_report_create *in = call->in;
    struct chat_report *out = call->out;
    struct chat_report_row report = {.id = gg_id_new(), .reporter = call->user.id, .at = gg_now()};
    struct chat_entry_row message;
    uint8_t before[GG_SHA256];
    enum gg_status status;

    if (!gg_param_id(call, 0, &report.room))
        return GG_OK;
    GG_TRY(chat_chain_lock(call->db, call->arena, &report.number, before));
    status = chat_report_of(call->db, call->arena, report.room, in->seq, call->user.id, &report);
    if (status == GG_OK) { /* once is enough */
        *out = view(call->arena, &report);
        return GG_OK;
    }
    if (status != GG_NOT_FOUND)
        return status;
    GG_TRY(reported_message(call, report.room, in->seq, &message));
    if (gg_failed(call))
        return GG_OK;
    report.number++;
    report.seq = in->seq;
    report.reason = in->reason;
    report.text = in->text;
    report.accused = message.sender;
    GG_TRY(take_snapshot(call, &report, &message, &report.snapshot));
    chain(call->arena, before, report.snapshot, report.hash);
    GG_TRY(chat_report_insert(call->db, &report));
    *out = view(call->arena, &report);
    return gg_emit(call->db, &CHAT_REPORTED, report.id, 1,
                   &(struct chat_reported){report.id, report.room, report.reporter, report.accused, report.seq,
                                           report.reason, out->hash});
}

/* --- what operators see --- */

static enum gg_status whole_view(struct gg_call *call, const struct chat_report_row *row, struct chat_report *out)
{
    uint8_t before[GG_SHA256], hash[GG_SHA256];
    enum gg_status status = chat_report_hash(call->db, call->arena, row->number - 1, before);

    *out = view(call->arena, row);
    out->snapshot = row->snapshot;
    if (status == GG_NOT_FOUND) /* the one before it is gone: not intact */
        return GG_OK;
    GG_TRY(status);
    chain(call->arena, before, row->snapshot, hash);
    out->intact = memcmp(hash, row->hash, GG_SHA256) == 0;
    return GG_OK;
}

enum gg_status chat_report_list(struct gg_call *call)
{
    const struct chat_room_query *query = call->query;
    struct chat_report_list *out = call->out;
    struct chat_report_row *rows;
    struct chat_report *items;
    int64_t before = INT64_MAX, limit = gg_page_limit(&query->page);
    struct gg_id unused;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &unused))
        return GG_OK;
    GG_TRY(chat_reports(call->db, call->arena, before, limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].number, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct chat_report, n);
    for (size_t i = 0; i < n; i++)
        items[i] = view(call->arena, &rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

enum gg_status chat_report_show(struct gg_call *call)
{
    struct chat_report_row row;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = chat_report_get(call->db, call->arena, id, &row);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such report");
    GG_TRY(status);
    return whole_view(call, &row, call->out);
}
