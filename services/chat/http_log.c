/* services/chat/http_log.c
 * The same log as over the socket, for clients whose sockets are blocked. */
#include "http_room.h"
#include "hub.h"
#include "libcommon/clock.h"
#include "room.h"
#include "write.h"

#define SEARCH_SPAN 5000 /* entries one question looks through */

/* The entries as the caller may see them. */
static enum gg_status entry_views(struct gg_call *call, const struct chat_entry_row *rows, size_t n,
                                  struct gg_list *out)
{
    struct chat_entry *items = GG_NEW_ARRAY(call->arena, struct chat_entry, n);
    struct gg_id *blocked;
    size_t n_blocked;

    GG_TRY(chat_blocks(call->db, call->arena, call->user.id, &blocked, &n_blocked));
    for (size_t i = 0; i < n; i++) {
        bool hidden = false;
        for (size_t k = 0; k < n_blocked && chat_hides(rows[i].type); k++)
            hidden = hidden || gg_id_equal(blocked[k], rows[i].sender);
        if (hidden)
            items[i] = chat_entry_hidden(rows[i].seq, rows[i].at);
        else
            chat_entry_view(call->arena, &rows[i], &items[i]);
    }
    *out = (struct gg_list){items, n};
    return GG_OK;
}

/* Who asks, and how far he may see; false when the reply is decided. */
static enum gg_status reader(struct gg_call *call, struct gg_id room, struct chat_member_row *member)
{
    enum gg_status status = chat_member_get(call->db, call->arena, room, call->user.id, member);

    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you were never in this room");
    return status;
}

/* A request that waits: what it needs on the loop. */
struct waiting {
    struct gg_id room;
    int64_t after, deadline;
};

static void parked(struct gg_call *call)
{
    const struct waiting *waiting = gg_call_kept(call);

    chat_hub_wait(call, waiting->room, waiting->after, waiting->deadline);
}

/* Parks the call until the room has more, once: the second time there is something, or time is up. */
static enum gg_status wait_for_more(struct gg_call *call, struct gg_id room, int64_t after, int64_t seconds)
{
    struct waiting *waiting = gg_call_kept(call);

    if (!waiting) {
        waiting = GG_NEW(call->arena, struct waiting);
        *waiting = (struct waiting){room, after, gg_mono() + seconds * GG_SECOND};
        gg_call_keep(call, waiting);
    }
    return gg_park(call, parked, GG_POOL_DB, chat_http_entries);
}

enum gg_status chat_http_entries(struct gg_call *call)
{
    const struct chat_entry_query *query = call->query;
    const struct waiting *waiting = gg_call_kept(call);
    struct chat_entry_list *out = call->out;
    int64_t after = query->after == GG_NONE ? 0 : query->after, limit = query->limit == GG_NONE ? 100 : query->limit;
    struct chat_member_row member;
    struct chat_entry_row *rows;
    struct gg_id room;
    size_t n;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    GG_TRY(reader(call, room, &member));
    if (gg_failed(call))
        return GG_OK;
    out->left = member.left_seq != GG_NONE;
    out->last_seq = out->left ? member.left_seq : member.last_seq;
    if (query->before != GG_NONE) {
        int64_t before = query->before > out->last_seq ? out->last_seq + 1 : query->before;
        GG_TRY(chat_entries_before(call->db, call->arena, room, before, limit + 1, &rows, &n));
        out->more = n > (size_t)limit;
        return entry_views(call, out->more ? rows + 1 : rows, out->more ? n - 1 : n, &out->items);
    }
    GG_TRY(chat_entries(call->db, call->arena, room, after, chat_visible_until(&member), limit + 1, &rows, &n));
    if (n == 0 && !out->left && after <= member.last_seq && query->wait != GG_NONE && query->wait > 0 &&
        (!waiting || waiting->deadline > gg_mono()) && !gg_draining())
        return wait_for_more(call, room, after, query->wait);
    out->more = n > (size_t)limit;
    if (n > 0 && rows[n - 1].seq > out->last_seq) /* written since we looked who asks */
        out->last_seq = rows[n - 1].seq;
    return entry_views(call, rows, out->more ? n - 1 : n, &out->items);
}

enum gg_status chat_http_search(struct gg_call *call)
{
    const struct chat_search_query *query = call->query;
    struct chat_search_list *out = call->out;
    int64_t limit = query->limit == GG_NONE ? 20 : query->limit, end, from;
    struct chat_member_row member;
    struct chat_entry_row *rows;
    struct gg_id room;
    size_t n;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    GG_TRY(reader(call, room, &member));
    if (gg_failed(call))
        return GG_OK;
    end = (member.left_seq == GG_NONE ? member.last_seq : member.left_seq) + 1;
    if (query->before != GG_NONE && query->before < end)
        end = query->before;
    from = end > SEARCH_SPAN ? end - SEARCH_SPAN : 1;
    GG_TRY(chat_search(call->db, call->arena, room, from, end, query->q, limit, &rows, &n));
    if (n == (size_t)limit)
        out->next = rows[n - 1].seq;
    else if (from > 1)
        out->next = from;
    return entry_views(call, rows, n, &out->items);
}

enum gg_status chat_http_send(struct gg_call *call)
{
    struct chat_write write = {.sender = call->user.id, .message = call->in};
    struct chat_sent *out = call->out;

    if (!gg_param_id(call, 0, &write.room))
        return GG_OK;
    GG_TRY(chat_write_messages(call->db, call->arena, &write, 1, false));
    if (write.problem)
        return gg_fail(call, write.problem, "the message was not stored");
    if (write.fresh)
        chat_news_after_commit(call->db, &write.news);
    out->seq = write.seq;
    return GG_OK;
}

enum gg_status chat_http_act(struct gg_call *call)
{
    const struct gg_problem *problem;
    struct chat_sent *out = call->out;
    struct gg_id room;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    GG_TRY(chat_do(call->db, call->arena, room, call->user.id, call->in, &problem, &out->seq));
    return problem ? gg_fail(call, problem, "nothing was changed") : GG_OK;
}

enum gg_status chat_http_read(struct gg_call *call)
{
    const struct chat_read *in = call->in;
    struct chat_news news;
    int64_t seq, unread;
    struct gg_id room;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_member_read(call->db, room, call->user.id, in->seq);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room");
    GG_TRY(status);
    GG_TRY(chat_member_mark(call->db, call->arena, room, call->user.id, &seq, &unread));
    news = chat_news_of_mark(call->arena, call->user.id, room, seq, unread);
    chat_news_post(&news);
    return GG_OK;
}
