/* services/deal/http_comment.c
 * Comments. The host answers and may hide; three readers hide one until an admin has looked. */
#include "http_comment.h"

#include "http_common.h"
#include "libcommon/clock.h"
#include "proto/deal_market.h"
#include "store_flow.h"
#include "store_trust.h"

#include <string.h>

#define PREVIEW 80

static void fill(const struct gg_call *call, const struct deal_comment_row *row, struct deal_comment *out)
{
    bool mine = gg_id_equal(row->author, call->user.id), host = gg_id_equal(row->host, call->user.id);

    *out = (struct deal_comment){
        .id = row->id,
        .deal = row->deal,
        .reply_to = row->reply_to,
        .author = {row->author, row->nickname},
        .by_host = gg_id_equal(row->author, row->host),
        .mine = mine,
        .state = row->state,
        .text = row->state == DEAL_COMMENT_SHOWN || mine || host || call->user.admin ? row->text : NULL,
        .created_at = row->created_at,
    };
}

static enum gg_status answer_list(struct gg_call *call, const struct deal_comment_row *rows, size_t n, int64_t limit)
{
    struct deal_comment_list *out = call->out;
    struct deal_comment *items;
    const char *next = NULL;

    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &(int64_t){0}, 0, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_comment, n);
    for (size_t i = 0; i < n; i++)
        fill(call, &rows[i], &items[i]);
    *out = (struct deal_comment_list){{items, n}, next};
    return GG_OK;
}

enum gg_status deal_comment_list(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t limit = gg_page_limit(&query->page);
    struct gg_id deal, after = GG_ID_ZERO;
    struct deal_comment_row *rows;
    size_t n;

    if (!gg_param_id(call, 0, &deal) ||
        (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &(int64_t){0}, 0, &after)))
        return GG_OK;
    GG_TRY(deal_comments(call->db, call->arena, deal, call->user.id, after, limit + 1, &rows, &n));
    return answer_list(call, rows, n, limit);
}

enum gg_status deal_comment_reports(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t limit = gg_page_limit(&query->page);
    struct gg_id after = GG_ID_ZERO;
    struct deal_comment_row *rows;
    size_t n;

    if (!call->user.admin)
        return gg_fail(call, &GG_P_FORBIDDEN, "for admins");
    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &(int64_t){0}, 0, &after))
        return GG_OK;
    GG_TRY(deal_comments_reported(call->db, call->arena, after, limit + 1, &rows, &n));
    return answer_list(call, rows, n, limit);
}

/* The first characters, cut between two of them. */
static char *preview(struct gg_arena *arena, const char *text)
{
    const char *p = text;

    for (size_t characters = 0; *p && characters < PREVIEW; characters++)
        for (p++; (*p & 0xc0) == 0x80; p++)
            ;
    return gg_strndup(arena, text, (size_t)(p - text));
}

/* What the new comment answers; fails the call when that is nothing of this deal. */
static enum gg_status find_parent(struct gg_call *call, struct gg_id deal, struct deal_comment_row *comment,
                                  struct gg_id *answered)
{
    const struct deal_comment_write *in = call->in;
    struct deal_comment_row parent;
    enum gg_status status;

    *answered = GG_ID_ZERO;
    if (gg_id_is_zero(in->reply_to))
        return GG_OK;
    status = deal_comment_get(call->db, call->arena, in->reply_to, &parent);
    if (status == GG_NOT_FOUND ||
        (status == GG_OK && (!gg_id_equal(parent.deal, deal) || parent.state == DEAL_COMMENT_REMOVED)))
        return gg_fail_field(call, "/reply_to", "unknown", "there is no such comment here");
    GG_TRY(status);
    comment->reply_to = gg_id_is_zero(parent.reply_to) ? parent.id : parent.reply_to;
    *answered = parent.author;
    return GG_OK;
}

enum gg_status deal_comment_write(struct gg_call *call)
{
    const struct deal_comment_write *in = call->in;
    struct deal_comment_row comment = {.id = gg_id_new(), .author = call->user.id, .text = in->text};
    struct gg_id id, answered;
    struct deal_work work;
    enum gg_status status;
    bool blocked;

    if (!deal_call_begin(call, &work, &status))
        return status;
    id = work.deal.id;
    GG_TRY(deal_blocked(call->db, call->arena, work.deal.host, call->user.id, &blocked));
    if (blocked)
        return gg_fail(call, &DEAL_BLOCKED, "host and writer keep apart");
    GG_TRY(find_parent(call, id, &comment, &answered));
    if (gg_failed(call))
        return GG_OK;
    comment.deal = id;
    comment.created_at = gg_now();
    GG_TRY(deal_comment_insert(call->db, &comment));
    GG_TRY(deal_comment_get(call->db, call->arena, comment.id, &comment));
    GG_TRY(deal_next_version(call->db, &work.deal));
    GG_TRY(gg_emit(call->db, &DEAL_COMMENT_ADDED, id, work.deal.version,
                   &(struct deal_comment_event){.deal = id,
                                                .host = work.deal.host,
                                                .comment = comment.id,
                                                .author = comment.author,
                                                .reply_to = answered,
                                                .title = work.deal.title,
                                                .nickname = comment.nickname,
                                                .preview = preview(call->arena, comment.text)}));
    fill(call, &comment, call->out);
    return GG_OK;
}

/* The comment of the address under its deal's lock; false when the call is answered or *status is not GG_OK. */
static bool begin(struct gg_call *call, struct deal_comment_row *comment, enum gg_status *status)
{
    struct deal_work work;
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_comment_get(call->db, call->arena, id, comment);
    if (*status == GG_OK)
        *status = deal_begin(&work, call->db, call->arena, comment->deal, call->user.id);
    if (*status == GG_OK)
        *status = deal_comment_get(call->db, call->arena, id, comment); /* again, under the lock */
    if (*status == GG_NOT_FOUND || (*status == GG_OK && comment->state == DEAL_COMMENT_REMOVED))
        *status = gg_fail(call, &GG_P_NOT_FOUND, "there is no such comment");
    return *status == GG_OK && !gg_failed(call);
}

enum gg_status deal_comment_remove(struct gg_call *call)
{
    struct deal_comment_row comment;
    enum gg_status status;

    if (!begin(call, &comment, &status))
        return status;
    if (!gg_id_equal(comment.author, call->user.id))
        return gg_fail(call, &GG_P_FORBIDDEN, "this is not your comment");
    return deal_comment_state_set(call->db, &comment, DEAL_COMMENT_REMOVED);
}

enum gg_status deal_comment_hide(struct gg_call *call)
{
    struct deal_comment_row comment;
    enum gg_status status;

    if (!begin(call, &comment, &status))
        return status;
    if (!gg_id_equal(comment.host, call->user.id) && !call->user.admin)
        return gg_fail(call, &DEAL_NOT_HOST, "the host and admins hide comments");
    /* What readers hid stays so: the host could show what he hid himself. */
    if (comment.state == DEAL_COMMENT_REPORTED && !call->user.admin)
        return GG_OK;
    return deal_comment_state_set(call->db, &comment, DEAL_COMMENT_HIDDEN);
}

/* What the host hid he may show again; what readers hid only an admin. */
enum gg_status deal_comment_show(struct gg_call *call)
{
    struct deal_comment_row comment;
    enum gg_status status;

    if (!begin(call, &comment, &status))
        return status;
    if (!call->user.admin && (!gg_id_equal(comment.host, call->user.id) || comment.state == DEAL_COMMENT_REPORTED))
        return gg_fail(call, &GG_P_FORBIDDEN, "this is for an admin to decide");
    return deal_comment_state_set(call->db, &comment, DEAL_COMMENT_SHOWN);
}

enum gg_status deal_comment_reported(struct gg_call *call)
{
    const struct deal_report *in = call->in;
    struct deal_comment_row comment;
    enum gg_status status;

    if (!begin(call, &comment, &status))
        return status;
    if (gg_id_equal(comment.author, call->user.id))
        return gg_fail(call, &GG_P_FORBIDDEN, "remove your own comment instead");
    GG_TRY(deal_comment_report(call->db, comment.id, call->user.id, in->reason, gg_now()));
    GG_TRY(deal_comment_get(call->db, call->arena, comment.id, &comment));
    if (comment.state == DEAL_COMMENT_SHOWN && comment.reports >= DEAL_REPORTS_HIDE)
        return deal_comment_state_set(call->db, &comment, DEAL_COMMENT_REPORTED);
    return GG_OK;
}
