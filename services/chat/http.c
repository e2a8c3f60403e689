/* services/chat/http.c
 * The routes of the chat service: the same log as over the socket, for clients whose sockets are blocked. */
#include "chat.h"
#include "room.h"

#include "libcommon/clock.h"

static enum gg_status list_rooms(struct gg_call *call)
{
    const struct chat_room_query *query = call->query;
    struct chat_room_list *out = call->out;
    struct chat_listed_room *rooms;
    struct chat_room *items;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id before_id = GG_ID_ZERO;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &before_id))
        return GG_OK;
    GG_TRY(chat_rooms(call->db, call->arena, call->user.id, before, before_id, limit + 1, &rooms, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rooms[n - 1].changed_at, 1, rooms[n - 1].room.id);
    }
    items = GG_NEW_ARRAY(call->arena, struct chat_room, n);
    for (size_t i = 0; i < n; i++) {
        struct chat_entry *last = GG_NEW(call->arena, struct chat_entry);
        chat_entry_view(call->arena, &rooms[i].last, last);
        items[i] = (struct chat_room){
            .id = rooms[i].room.id,
            .title = rooms[i].room.title,
            .last_seq = rooms[i].room.last_seq,
            .read_seq = rooms[i].read_seq,
            .unread = rooms[i].unread,
            .open = rooms[i].room.open,
            .last = last,
        };
    }
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status list_entries(struct gg_call *call)
{
    const struct chat_entry_query *query = call->query;
    struct chat_entry_list *out = call->out;
    int64_t after = query->after == GG_NONE ? 0 : query->after, limit = query->limit == GG_NONE ? 100 : query->limit;
    struct chat_member_row member;
    struct chat_entry_row *rows;
    struct chat_entry *items;
    struct gg_id room;
    size_t n;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_member_get(call->db, call->arena, room, call->user.id, &member);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you were never in this room");
    GG_TRY(status);
    GG_TRY(chat_entries(call->db, call->arena, room, after, chat_visible_until(&member), limit + 1, &rows, &n));
    out->more = n > (size_t)limit;
    if (out->more)
        n = (size_t)limit;
    items = GG_NEW_ARRAY(call->arena, struct chat_entry, n);
    for (size_t i = 0; i < n; i++)
        chat_entry_view(call->arena, &rows[i], &items[i]);
    out->items = (struct gg_list){items, n};
    out->last_seq = member.left_seq == GG_NONE ? member.last_seq : member.left_seq;
    return GG_OK;
}

static enum gg_status send_message(struct gg_call *call)
{
    const struct chat_send *in = call->in;
    struct chat_sent *out = call->out;
    enum chat_send_result result;
    struct gg_id room;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    GG_TRY(chat_send_message(call->db, call->arena, call->redis, room, call->user.id, in->cid, in->text, &result,
                             &out->seq));
    if (result == CHAT_NO_ROOM)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room");
    if (result == CHAT_CLOSED)
        return gg_fail(call, &CHAT_ROOM_CLOSED, "nothing can be written any more");
    return GG_OK;
}

static enum gg_status mark_read(struct gg_call *call)
{
    const struct chat_read *in = call->in;
    struct gg_id room;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_member_read(call->db, room, call->user.id, in->seq);
    return status == GG_NOT_FOUND ? gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room") : status;
}

static const struct gg_problem *const read_problems[] = {&CHAT_NOT_MEMBER, NULL};
static const struct gg_problem *const send_problems[] = {&CHAT_NOT_MEMBER, &CHAT_ROOM_CLOSED, NULL};

const struct gg_route chat_routes[] = {
    {.method = GG_GET,
     .path = "/v1/chat/rooms",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &chat_room_query_msg,
     .out = &chat_room_list_msg,
     .status = 200,
     .handle = list_rooms,
     .summary = "List one's rooms, newest change first"},
    {.method = GG_GET,
     .path = "/v1/chat/rooms/:id/events",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &chat_entry_query_msg,
     .out = &chat_entry_list_msg,
     .status = 200,
     .handle = list_entries,
     .summary = "Read a room's log after a seq",
     .problems = read_problems},
    {.method = GG_POST,
     .path = "/v1/chat/rooms/:id/messages",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .in = &chat_send_msg,
     .out = &chat_sent_msg,
     .status = 201,
     .rate = 1200,
     .handle = send_message,
     .summary = "Write a message",
     .problems = send_problems},
    {.method = GG_POST,
     .path = "/v1/chat/rooms/:id/read",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &chat_read_msg,
     .status = 204,
     .handle = mark_read,
     .summary = "Move one's read mark",
     .problems = read_problems},
};
const size_t chat_routes_n = GG_LEN(chat_routes);
