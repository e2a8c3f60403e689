/* services/chat/http_room.c
 * Rooms as their members see them. */
#include "http_room.h"

#include "libcommon/clock.h"
#include "people.h"
#include "room.h"

/* Whom the caller has blocked: asked once per request. */
static enum gg_status hide(struct gg_call *call, struct chat_entry **entries, const struct chat_entry_row *rows,
                           size_t n)
{
    struct gg_id *blocked;
    size_t n_blocked;

    GG_TRY(chat_blocks(call->db, call->arena, call->user.id, &blocked, &n_blocked));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_blocked; k++)
            if (chat_hides(rows[i].type) && gg_id_equal(blocked[k], rows[i].sender))
                *entries[i] = chat_entry_hidden(rows[i].seq, rows[i].at);
    return GG_OK;
}

static struct chat_room view(struct gg_call *call, const struct chat_listed_room *listed)
{
    const struct chat_room_row *row = &listed->room;
    struct chat_room room;

    gg_msg_init(&chat_room_msg, &room);
    room.id = row->id;
    room.kind = row->kind;
    room.last_seq = row->last_seq;
    room.read_seq = listed->read_seq;
    room.unread = listed->unread < 0 ? 0 : listed->unread;
    room.open = row->open && !row->blocked;
    room.host = gg_id_equal(row->host, call->user.id);
    room.muted = listed->muted && (listed->muted_until == GG_NONE || listed->muted_until > gg_now());
    room.muted_until = room.muted ? listed->muted_until : GG_NONE;
    room.pinned = listed->pinned_at != GG_NONE;
    room.notice_seq = row->notice_seq;
    room.members = row->members;
    if (row->kind == CHAT_ROOM_DEAL) {
        room.title = row->title;
    } else if (!gg_id_is_zero(listed->peer)) {
        room.peer = GG_NEW(call->arena, struct chat_person);
        *room.peer = (struct chat_person){listed->peer, listed->peer_nickname};
    }
    if (listed->last.seq > 0) {
        room.last = GG_NEW(call->arena, struct chat_entry);
        chat_entry_view(call->arena, &listed->last, room.last);
    }
    return room;
}

static enum gg_status views(struct gg_call *call, const struct chat_listed_room *rooms, size_t n,
                            struct chat_room *items)
{
    struct chat_entry **entries = GG_NEW_ARRAY(call->arena, struct chat_entry *, n);
    struct chat_entry_row *rows = GG_NEW_ARRAY(call->arena, struct chat_entry_row, n);
    size_t shown = 0;

    for (size_t i = 0; i < n; i++) {
        items[i] = view(call, &rooms[i]);
        if (items[i].last) {
            entries[shown] = items[i].last;
            rows[shown++] = rooms[i].last;
        }
    }
    return hide(call, entries, rows, shown);
}

enum gg_status chat_http_rooms(struct gg_call *call)
{
    const struct chat_room_query *query = call->query;
    struct chat_room_list *out = call->out;
    struct chat_listed_room *pinned = NULL, *rooms;
    struct chat_room *items;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id before_id = GG_ID_ZERO;
    size_t n, n_pinned = 0;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &before_id))
        return GG_OK;
    if (before == GG_NONE)
        GG_TRY(chat_rooms_pinned(call->db, call->arena, call->user.id, &pinned, &n_pinned));
    GG_TRY(chat_rooms(call->db, call->arena, call->user.id, before, before_id, limit + 1, &rooms, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rooms[n - 1].room.shown_at, 1, rooms[n - 1].room.id);
    }
    items = GG_NEW_ARRAY(call->arena, struct chat_room, n_pinned + n);
    GG_TRY(views(call, pinned, n_pinned, items));
    GG_TRY(views(call, rooms, n, items + n_pinned));
    out->items = (struct gg_list){items, n_pinned + n};
    return GG_OK;
}

enum gg_status chat_http_room(struct gg_call *call)
{
    struct chat_listed_room listed;
    struct gg_id room;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_room_listed(call->db, call->arena, room, call->user.id, &listed);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room");
    GG_TRY(status);
    return views(call, &listed, 1, call->out);
}

enum gg_status chat_http_members(struct gg_call *call)
{
    const struct chat_room_query *query = call->query;
    struct chat_member_list *out = call->out;
    struct chat_listed_room listed;
    struct chat_person *people;
    struct chat_member *items;
    struct gg_id room, after = GG_ID_ZERO;
    int64_t limit = gg_page_limit(&query->page), unused = 0;
    size_t n;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room) ||
        (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &unused, 1, &after)))
        return GG_OK;
    status = chat_room_listed(call->db, call->arena, room, call->user.id, &listed);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room");
    GG_TRY(status);
    GG_TRY(chat_members(call->db, call->arena, room, after, limit + 1, &people, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &unused, 1, people[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct chat_member, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct chat_member){people[i], gg_id_equal(people[i].id, listed.room.host)};
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

enum gg_status chat_http_settings(struct gg_call *call)
{
    const struct chat_settings *in = call->in;
    struct gg_id room;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_member_set(call->db, room, call->user.id, in->pinned ? gg_now() : GG_NONE, in->muted,
                             in->muted ? in->muted_until : GG_NONE);
    return status == GG_NOT_FOUND ? gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room") : status;
}

enum gg_status chat_http_direct(struct gg_call *call)
{
    const struct chat_direct *in = call->in;
    struct chat_opened *out = call->out;
    const struct gg_problem *problem;

    GG_TRY(chat_direct_open(call->db, call->arena, call->user.id, in->user, in->deal, &problem, &out->room));
    return problem ? gg_fail(call, problem, "a room of two needs a deal that both are in, or that the other hosts")
                   : GG_OK;
}
