/* services/deal/http_common.c
 * What the handlers of deals share. */
#include "http_common.h"

#include "http_find.h"
#include "libcommon/clock.h"
#include "store_photo.h"

enum gg_status deal_call_none(struct gg_call *call)
{
    return gg_fail(call, &GG_P_NOT_FOUND, "there is no such deal");
}

bool deal_call_read(struct gg_call *call, struct deal_row *deal, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_get(call->db, call->arena, id, deal);
    if (*status == GG_NOT_FOUND)
        *status = deal_call_none(call);
    return *status == GG_OK && !gg_failed(call);
}

bool deal_call_begin(struct gg_call *call, struct deal_work *work, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_begin(work, call->db, call->arena, id, call->user.id);
    if (*status == GG_NOT_FOUND)
        *status = deal_call_none(call);
    return *status == GG_OK && !gg_failed(call);
}

bool deal_call_begin_host(struct gg_call *call, struct deal_work *work, enum gg_status *status)
{
    if (!deal_call_begin(call, work, status))
        return false;
    if (!gg_id_equal(work->deal.host, call->user.id))
        gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
    return !gg_failed(call);
}

bool deal_call_begin_step(struct gg_call *call, struct deal_work *work, enum deal_event event, enum gg_status *status)
{
    if (!deal_call_begin_host(call, work, status))
        return false;
    if (gg_fsm_next(&deal_fsm, work->deal.state, (int)event) < 0)
        gg_fail(call, &DEAL_WRONG_STATE, "the deal is %s", deal_state_names[work->deal.state]);
    return !gg_failed(call);
}

enum gg_status deal_call_own(struct gg_call *call, struct gg_id deal, struct deal_share_row **own)
{
    struct deal_share_row *share = GG_NEW(call->arena, struct deal_share_row);
    enum gg_status status;

    *own = NULL;
    if (gg_id_is_zero(call->user.id))
        return GG_OK;
    status = deal_share_of(call->db, call->arena, deal, call->user.id, share);
    if (status == GG_OK)
        *own = share;
    return status == GG_NOT_FOUND ? GG_OK : status;
}

static enum gg_status own_wait(struct gg_call *call, const struct deal_row *deal, struct deal_wait **wait)
{
    struct deal_wait_row row;
    enum gg_status status;

    *wait = NULL;
    if (deal->plan.queued == 0 || gg_id_is_zero(call->user.id))
        return GG_OK;
    status = deal_wait_of(call->db, call->arena, deal->id, call->user.id, &row);
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    *wait = GG_NEW(call->arena, struct deal_wait);
    deal_wait_fill(&row, *wait);
    if (row.state == DEAL_WAITING)
        GG_TRY(deal_wait_ahead(call->db, call->arena, deal->id, row.position, &(*wait)->ahead));
    return GG_OK;
}

/* For the host: how many come in which window. */
static enum gg_status count_windows(struct gg_call *call, const struct deal_row *deal, struct gg_list *windows)
{
    struct deal_window *list = windows->items;
    struct deal_share_row *shares;
    size_t n;

    GG_TRY(deal_shares(call->db, call->arena, deal->id, true, 0, DEAL_PORTIONS_MAX, &shares, &n));
    for (size_t w = 0; w < windows->n; w++)
        list[w].chosen = 0;
    for (size_t i = 0; i < n; i++)
        if (shares[i].window != GG_NONE && shares[i].window < (int64_t)windows->n)
            list[shares[i].window].chosen++;
    return GG_OK;
}

enum gg_status deal_answer(struct gg_call *call, const struct deal_row *deal)
{
    struct deal_view *view = call->out;
    struct deal_share_row *own;

    GG_TRY(deal_call_own(call, deal->id, &own));
    deal_view_fill(call->arena, deal, own, call->user.id, true, view);
    GG_TRY(own_wait(call, deal, &view->wait));
    if (view->mine)
        GG_TRY(count_windows(call, deal, &view->windows));
    gg_etag(call, deal->version);
    return deal_decorate(call, call->user.id, view, 1);
}

enum gg_status deal_answer_share(struct gg_call *call, const struct deal_row *deal, const struct deal_share_row *share)
{
    deal_share_fill(call->arena, deal, share, gg_id_equal(share->user, call->user.id), call->out);
    return GG_OK;
}

enum gg_status deal_check_photos(struct gg_call *call, const struct gg_list *photos, const char **names)
{
    const char *const *list = photos->items;
    struct gg_buf joined;

    gg_buf_init(&joined, 1000);
    for (size_t i = 0; i < photos->n && !gg_failed(call); i++) {
        enum gg_status status = deal_photo_owned(call->db, call->arena, list[i], call->user.id);
        if (status == GG_NOT_FOUND)
            status = gg_fail(call, &DEAL_UNKNOWN_PHOTO, "upload photo %zu first", i + 1);
        if (status != GG_OK) {
            gg_buf_free(&joined);
            return status;
        }
        gg_buf_addf(&joined, "%s%s", i ? "," : "", list[i]);
    }
    *names = gg_strndup(call->arena, joined.p, joined.n);
    gg_buf_free(&joined);
    return GG_OK;
}
