/* services/deal/http_trust.c
 * Trust: questions after the deal, a level counted from facts, and the way to object. */
#include "http_trust.h"

#include "http_common.h"
#include "libcommon/clock.h"
#include "proto/deal_market.h"
#include "store_trust.h"

/* --- reviews --- */

enum gg_status deal_review_put(struct gg_call *call)
{
    const struct deal_review *in = call->in;
    struct gg_id about;
    struct deal_row deal;
    enum gg_status status;
    bool about_host, shared;

    if (!gg_param_id(call, 1, &about))
        return GG_OK;
    if (!deal_call_read(call, &deal, &status))
        return status;
    about_host = gg_id_equal(deal.host, about);
    if (!about_host && !gg_id_equal(deal.host, call->user.id))
        return gg_fail(call, &DEAL_NOT_REVIEWABLE, "host and guests review each other");
    GG_TRY(deal_shared(call->db, call->arena, deal.id, deal.host, about_host ? call->user.id : about, &shared));
    if (deal.state != DEAL_DONE || !shared)
        return gg_fail(call, &DEAL_NOT_REVIEWABLE, "the deal is %s", deal_state_names[deal.state]);
    status = deal_review_insert(call->db, deal.id, call->user.id, about, about_host, in, gg_now());
    if (status == GG_DUPLICATE)
        return gg_fail(call, &DEAL_REVIEWED, "once is once");
    return status;
}

enum gg_status deal_review_list(struct gg_call *call)
{
    struct deal_review_due_list *out = call->out;
    struct deal_review_due *items;
    size_t n;

    GG_TRY(deal_reviews_due(call->db, call->arena, call->user.id, 100, &items, &n));
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

enum gg_status deal_review_ask(struct gg_due *due)
{
    struct deal_share_row *shares;
    struct deal_work work;
    size_t n;

    GG_TRY(deal_begin(&work, due->db, due->arena, due->subject, GG_ID_ZERO));
    GG_TRY(deal_shares(due->db, due->arena, due->subject, true, 0, DEAL_PORTIONS_MAX, &shares, &n));
    for (size_t i = 0; i < n; i++) {
        if (shares[i].state != DEAL_SHARE_SETTLED && shares[i].state != DEAL_SHARE_HANDED_OVER)
            continue;
        GG_TRY(deal_next_version(due->db, &work.deal));
        GG_TRY(gg_emit(
            due->db, &DEAL_REVIEW_ASKED, work.deal.id, work.deal.version,
            &(struct deal_review_event){work.deal.id, work.deal.host, shares[i].id, shares[i].user, work.deal.title}));
    }
    return GG_OK;
}

/* --- levels --- */

static struct gg_list lines(struct gg_arena *arena, const int64_t *counts)
{
    struct deal_points *items = GG_NEW_ARRAY(arena, struct deal_points, DEAL_COUNTS);

    for (int i = 0; i < DEAL_COUNTS; i++)
        items[i] = (struct deal_points){deal_weights[i].name, counts ? counts[i] : GG_NONE, deal_weights[i].points,
                                        deal_weights[i].because};
    return (struct gg_list){items, DEAL_COUNTS};
}

enum gg_status deal_level_formula(struct gg_call *call)
{
    struct deal_formula *out = call->out;
    struct deal_step *steps = GG_NEW_ARRAY(call->arena, struct deal_step, GG_LEN(deal_level_steps));

    for (size_t i = 1; i < GG_LEN(deal_level_steps); i++)
        steps[i - 1] = (struct deal_step){(int64_t)i, deal_level_steps[i]};
    *out = (struct deal_formula){lines(call->arena, NULL), {steps, GG_LEN(deal_level_steps) - 1}, deal_level_text};
    gg_header(call, "Cache-Control", "public, max-age=3600");
    return GG_OK;
}

enum gg_status deal_level_show(struct gg_call *call)
{
    struct deal_level *out = call->out;
    int64_t counts[DEAL_COUNTS], points;
    const char *nickname;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    GG_TRY(deal_counts(call->db, call->arena, id, counts, &nickname));
    if (!nickname)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such neighbour");
    points = deal_level_points(counts);
    *out = (struct deal_level){{id, nickname}, deal_level_of(points), points, lines(call->arena, counts)};
    return GG_OK;
}

enum gg_status deal_fact_list(struct gg_call *call)
{
    static const struct gg_id last = {
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    const struct deal_mine_query *query = call->query;
    int64_t before = 0, limit = gg_page_limit(&query->page);
    struct deal_fact_list *out = call->out;
    struct gg_id before_id = last;
    struct deal_fact *items;
    const char *next = NULL;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &before_id))
        return GG_OK;
    GG_TRY(deal_facts(call->db, call->arena, call->user.id, before, before_id, limit + 1, &items, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        before = items[n - 1].kind;
        next = gg_cursor_encode(call->arena, &before, 1, items[n - 1].deal);
    }
    *out = (struct deal_fact_list){{items, n}, next};
    return GG_OK;
}

/* --- appeals --- */

enum gg_status deal_appeal_write(struct gg_call *call)
{
    const struct deal_appeal_write *in = call->in;
    struct deal_appeal *out = call->out;
    enum gg_status status;

    *out = (struct deal_appeal){.id = gg_id_new(),
                                .user = {call->user.id, NULL},
                                .deal = in->deal,
                                .kind = in->kind,
                                .text = in->text,
                                .created_at = gg_now(),
                                .decided_at = GG_NONE};
    status = deal_appeal_insert(call->db, call->arena, out);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "no such thing counts against you");
    if (status == GG_DUPLICATE)
        return gg_fail(call, &DEAL_APPEALED, "an admin decides, once");
    return status;
}

enum gg_status deal_appeal_list(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t limit = gg_page_limit(&query->page);
    struct deal_appeal_list *out = call->out;
    struct gg_id after = GG_ID_ZERO;
    struct deal_appeal *items;
    const char *next = NULL;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &(int64_t){0}, 0, &after))
        return GG_OK;
    GG_TRY(deal_appeals(call->db, call->arena, call->user.admin ? GG_ID_ZERO : call->user.id, after, limit + 1, &items,
                        &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &(int64_t){0}, 0, items[n - 1].id);
    }
    *out = (struct deal_appeal_list){{items, n}, next};
    return GG_OK;
}

enum gg_status deal_appeal_rule(struct gg_call *call)
{
    const struct deal_appeal_decision *in = call->in;
    struct deal_appeal *out = call->out;
    enum gg_status status;
    struct gg_id id;

    if (!call->user.admin)
        return gg_fail(call, &GG_P_FORBIDDEN, "admins decide");
    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_appeal_get(call->db, call->arena, id, out);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such appeal");
    GG_TRY(status);
    if (gg_id_equal(out->user.id, call->user.id))
        return gg_fail(call, &GG_P_FORBIDDEN, "nobody decides what is his own");
    if (out->state != 0)
        return gg_fail(call, &DEAL_WRONG_STATE, "it is %s", deal_appeal_state_names[out->state]);
    out->state = in->uphold ? 1 : 2;
    out->answer = in->answer;
    out->decided_at = gg_now();
    return deal_appeal_decide(call->db, out, call->user.id);
}
