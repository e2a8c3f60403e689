/* services/chat/export.c
 * Everything chat keeps about one account, as one document. */
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "people.h"
#include "room.h"
#include "store_people.h"

#define EXPORT_MAX (64 * 1024 * 1024)
#define PAGE       1000

static void add_time(struct gg_buf *out, const char *name, int64_t ms)
{
    char text[GG_TIME_TEXT];

    gg_time_format(ms, text);
    gg_buf_addf(out, "\"%s\":\"%s\"", name, text);
}

static void add_id(struct gg_buf *out, const char *name, struct gg_id id)
{
    char text[GG_ID_TEXT];

    gg_id_format(id, text);
    gg_buf_addf(out, "\"%s\":\"%s\"", name, text);
}

static enum gg_status add_rooms(struct gg_call *call, struct gg_buf *out)
{
    struct chat_own_member *members;
    size_t n;

    GG_TRY(chat_members_of(call->db, call->arena, call->user.id, &members, &n));
    for (size_t i = 0; i < n; i++) {
        const struct chat_own_member *m = &members[i];
        gg_buf_adds(out, i ? ",{" : "{");
        add_id(out, "room", m->member.room);
        gg_buf_addf(out, ",\"kind\":\"%s\",\"title\":", chat_room_kind_names[m->kind]);
        gg_json_string(out, m->title);
        gg_buf_addf(out, ",\"joined_seq\":%" PRId64 ",\"read_seq\":%" PRId64 ",\"muted\":%s", m->member.joined_seq,
                    m->member.read_seq, m->muted ? "true" : "false");
        if (m->member.left_seq != GG_NONE)
            gg_buf_addf(out, ",\"left_seq\":%" PRId64, m->member.left_seq);
        gg_buf_addc(out, '}');
    }
    return GG_OK;
}

static enum gg_status add_entries(struct gg_call *call, struct gg_buf *out)
{
    struct gg_id room = GG_ID_ZERO;
    int64_t seq = 0;
    bool first = true;
    size_t n = PAGE;

    while (n == PAGE) {
        struct gg_arena *arena = gg_arena_create();
        struct chat_own_entry *entries;
        enum gg_status status = chat_entries_of(call->db, arena, call->user.id, room, seq, PAGE, &entries, &n);
        for (size_t i = 0; status == GG_OK && i < n; i++) {
            struct chat_entry view;
            chat_entry_view(arena, &entries[i].entry, &view);
            gg_buf_adds(out, first ? "{" : ",{");
            first = false;
            room = entries[i].room;
            seq = entries[i].entry.seq;
            add_id(out, "room", room);
            gg_buf_adds(out, ",\"entry\":");
            gg_json_encode(out, &chat_entry_msg, &view);
            gg_buf_addc(out, '}');
        }
        gg_arena_destroy(arena);
        GG_TRY(status);
    }
    return GG_OK;
}

static enum gg_status add_blocks(struct gg_call *call, struct gg_buf *out)
{
    struct gg_id *blocked;
    size_t n;

    GG_TRY(chat_blocks(call->db, call->arena, call->user.id, &blocked, &n));
    for (size_t i = 0; i < n; i++) {
        char text[GG_ID_TEXT];
        gg_id_format(blocked[i], text);
        gg_buf_addf(out, "%s\"%s\"", i ? "," : "", text);
    }
    return GG_OK;
}

static enum gg_status add_reports(struct gg_call *call, struct gg_buf *out)
{
    struct chat_own_report *reports;
    size_t n;

    GG_TRY(chat_reports_of(call->db, call->arena, call->user.id, &reports, &n));
    for (size_t i = 0; i < n; i++) {
        const struct chat_own_report *r = &reports[i];
        gg_buf_adds(out, i ? ",{" : "{");
        add_id(out, "id", r->id);
        gg_buf_addc(out, ',');
        add_id(out, "room", r->room);
        gg_buf_addf(out, ",\"seq\":%" PRId64 ",\"reason\":\"%s\",", r->seq, chat_report_reason_names[r->reason]);
        add_time(out, "at", r->at);
        if (r->text) {
            gg_buf_adds(out, ",\"text\":");
            gg_json_string(out, r->text);
        }
        gg_buf_addc(out, '}');
    }
    return GG_OK;
}

enum gg_status chat_export(struct gg_call *call)
{
    static const struct {
        const char *name;
        enum gg_status (*add)(struct gg_call *call, struct gg_buf *out);
    } parts[] = {{"rooms", add_rooms}, {"entries", add_entries}, {"blocked", add_blocks}, {"reports", add_reports}};
    enum gg_status status = GG_OK;
    struct gg_buf out;

    gg_buf_init(&out, EXPORT_MAX);
    gg_buf_addc(&out, '{');
    add_id(&out, "user", call->user.id);
    for (size_t i = 0; i < GG_LEN(parts) && status == GG_OK; i++) {
        gg_buf_addf(&out, ",\"%s\":[", parts[i].name);
        status = parts[i].add(call, &out);
        gg_buf_addc(&out, ']');
    }
    gg_buf_addc(&out, '}');
    if (status == GG_OK && out.overflow)
        status = GG_ERROR;
    if (status == GG_OK)
        gg_reply_bytes(call, "application/json", gg_buf_str(&out));
    gg_buf_free(&out);
    return status;
}
