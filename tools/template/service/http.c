/* services/@NAME@/http.c
 * The routes of the @NAME@ service. */
#include "libcommon/clock.h"
#include "store.h"

#include <string.h>

static enum gg_status write_note(struct gg_call *call)
{
    const struct @NAME@_note_new *in = call->in;
    struct @NAME@_note *out = call->out;
    struct @NAME@_note_event event;
    int64_t kept;

    GG_TRY(@NAME@_notes_lock(call->db, call->arena, call->user.id, &kept));
    if (!@NAME@_may_write(kept))
        return gg_fail(call, &@UPPER@_FULL, "you keep %" PRId64 " notes", kept);
    *out = (struct @NAME@_note){gg_id_new(), in->text, gg_now()};
    GG_TRY(@NAME@_note_insert(call->db, call->user.id, out));
    event = (struct @NAME@_note_event){out->id, call->user.id};
    return gg_emit(call->db, &@UPPER@_NOTE_WRITTEN, out->id, 1, &event);
}

static enum gg_status list_notes(struct gg_call *call)
{
    const struct @NAME@_note_query *query = call->query;
    struct @NAME@_note_list *out = call->out;
    int64_t limit = gg_page_limit(&query->page);
    struct gg_id before;

    memset(&before, 0xff, sizeof(before));
    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, NULL, 0, &before))
        return GG_OK;
    GG_TRY(@NAME@_notes(call->db, call->arena, call->user.id, before, limit + 1, &out->items));
    if (out->items.n > (size_t)limit) {
        const struct @NAME@_note *items = out->items.items;

        out->items.n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, NULL, 0, items[limit - 1].id);
    }
    return GG_OK;
}

static const struct gg_problem *const write_problems[] = {&@UPPER@_FULL, NULL};

const struct gg_route @NAME@_routes[] = {
    {.method = GG_POST,
     .path = "/v1/@NAME@/notes",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .in = &@NAME@_note_new_msg,
     .out = &@NAME@_note_msg,
     .status = 201,
     .handle = write_note,
     .summary = "Write a note",
     .problems = write_problems},
    {.method = GG_GET,
     .path = "/v1/@NAME@/notes",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &@NAME@_note_query_msg,
     .out = &@NAME@_note_list_msg,
     .status = 200,
     .handle = list_notes,
     .summary = "One's notes, newest first"},
};
const size_t @NAME@_routes_n = GG_LEN(@NAME@_routes);
