/* services/deal/http.c
 * The routes of the deal service. */
#include "change.h"
#include "http_find.h"
#include "store_photo.h"
#include "view.h"

#include "libcommon/clock.h"
#include "proto/deal_flow.h"

#include <string.h>

/* --- helpers --- */

/* Locks the deal of the address for the caller; false when the call is answered (404) or *status is not GG_OK. */
static bool begin(struct gg_call *call, struct deal_work *work, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_begin(work, call->db, call->arena, id, call->user.id);
    if (*status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "there is no such deal");
    return *status == GG_OK && !gg_failed(call);
}

/* The same for what only the host may do, and only where the life cycle has such a step. */
static bool begin_as_host(struct gg_call *call, struct deal_work *work, enum deal_event event, enum gg_status *status)
{
    if (!begin(call, work, status))
        return false;
    if (!gg_id_equal(work->deal.host, call->user.id))
        gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
    else if (gg_fsm_next(&deal_fsm, work->deal.state, (int)event) < 0)
        gg_fail(call, &DEAL_WRONG_STATE, "the deal is %s", deal_state_names[work->deal.state]);
    return !gg_failed(call);
}

/* The viewer's own share, or NULL. */
static enum gg_status own_share(struct gg_call *call, struct gg_id deal, struct deal_share_row **own)
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

static enum gg_status answer_deal(struct gg_call *call, const struct deal_row *deal)
{
    struct deal_share_row *own;

    GG_TRY(own_share(call, deal->id, &own));
    deal_view_fill(call->arena, deal, own, call->user.id, true, call->out);
    gg_etag(call, deal->version);
    return deal_decorate(call, call->out, 1);
}

/* --- opening --- */

/* The photos must be the host's own uploads; their names are kept as one text. */
static enum gg_status check_photos(struct gg_call *call, const struct gg_list *photos, const char **names)
{
    const char *const *list = photos->items;
    struct gg_buf joined;

    gg_buf_init(&joined, 1000);
    for (size_t i = 0; i < photos->n && !gg_failed(call); i++) {
        enum gg_status status = deal_photo_owned(call->db, call->arena, list[i], call->user.id);
        if (status == GG_NOT_FOUND) {
            status = gg_fail(call, &DEAL_UNKNOWN_PHOTO, "upload photo %zu first", i + 1);
        }
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

static enum gg_status create(struct gg_call *call)
{
    const struct deal_create *in = call->in;
    struct deal_work work = {.db = call->db, .arena = call->arena, .actor = call->user.id};
    struct deal_row *deal = &work.deal;
    const char *pointer, *trouble = deal_create_trouble(in, gg_now(), &pointer);

    if (trouble)
        return gg_fail_field(call, pointer, "range", "%s", trouble);
    *deal = (struct deal_row){
        .id = gg_id_new(),
        .host = call->user.id,
        .state = DEAL_RECRUITING,
        .reason = -1,
        .title = in->title,
        .description = in->description,
        .category = in->category,
        .unit = in->unit,
        .tags = deal_tags_join(call->arena, &in->tags),
        .shop_url = in->shop_url,
        .total_won = in->total_won,
        .portions = in->portions,
        .host_portions = in->host_portions,
        .min_portions = in->min_portions,
        .receipt_won = GG_NONE,
        .closes_at = in->closes_at,
        .created_at = gg_now(),
        .place = in->pickup->place,
        .note = in->pickup->note,
        .lat = in->pickup->lat,
        .lng = in->pickup->lng,
        .cell_lat = deal_cell(in->pickup->lat),
        .cell_lng = deal_cell(in->pickup->lng),
        .pickup_from = in->pickup->from,
        .pickup_until = in->pickup->until,
        .wrong_codes_since = GG_NONE,
        .distance_m = GG_NONE,
    };
    GG_TRY(check_photos(call, &in->photos, &deal->photos));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_open(&work));
    GG_TRY(deal_get(call->db, call->arena, deal->id, deal));
    return answer_deal(call, deal);
}

/* --- looking at one --- */

static enum gg_status show(struct gg_call *call)
{
    struct deal_row deal;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_get(call->db, call->arena, id, &deal);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such deal");
    GG_TRY(status);
    return answer_deal(call, &deal);
}

/* --- joining and leaving --- */

/* Why this neighbour cannot join now; answers the call. The deadline is compared here, whatever the sweeper does. */
static void refuse_join(struct gg_call *call, const struct deal_row *deal, const struct deal_join *in,
                        int64_t tolerance)
{
    int64_t capacity = deal->portions - deal->host_portions;

    if (gg_id_equal(deal->host, call->user.id))
        gg_fail(call, &DEAL_OWN, "the host keeps portions with host_portions");
    else if (deal->state != DEAL_RECRUITING || gg_now() >= deal->closes_at)
        gg_fail(call, &DEAL_CLOSED, "recruiting is over");
    else if (in->quantity + tolerance > capacity) {
        gg_fail(call, &DEAL_QUANTITY_OVER_LIMIT, "neighbours share %" PRId64 " portions", capacity);
        gg_fail_param(call, "limit", capacity);
    } else if (in->quantity > capacity - deal->taken) {
        gg_fail(call, &DEAL_FULL, "%" PRId64 " portions are left", capacity - deal->taken);
        gg_fail_param(call, "left", capacity - deal->taken);
    }
}

static enum gg_status join(struct gg_call *call)
{
    const struct deal_join *in = call->in;
    int64_t tolerance = in->tolerance == GG_NONE ? 0 : in->tolerance;
    struct deal_share_row share, *own;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, &work, &status))
        return status;
    GG_TRY(own_share(call, work.deal.id, &own));
    if (own && deal_share_live(own->state))
        return gg_fail(call, &DEAL_ALREADY_JOINED, "one share for each neighbour");
    refuse_join(call, &work.deal, in, tolerance);
    if (gg_failed(call))
        return GG_OK;
    share = (struct deal_share_row){.user = call->user.id, .quantity = in->quantity, .tolerance = tolerance};
    GG_TRY(deal_reserve(&work, &share));
    deal_share_fill(&share, true, work.deal.state, call->out);
    return GG_OK;
}

static enum gg_status leave(struct gg_call *call)
{
    struct deal_share_row *own;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, &work, &status))
        return status;
    GG_TRY(own_share(call, work.deal.id, &own));
    if (!own || !deal_share_live(own->state))
        return gg_fail(call, &DEAL_NOT_JOINED, "you have no share here");
    if (work.deal.state != DEAL_RECRUITING || gg_now() >= work.deal.closes_at)
        return gg_fail(call, &DEAL_CLOSED, "after closing nobody leaves");
    GG_TRY(deal_drop_share(&work, own, SHARE_LEAVE, DEAL_REASON_LEFT));
    deal_share_fill(own, true, work.deal.state, call->out);
    return GG_OK;
}

static enum gg_status show_share(struct gg_call *call)
{
    struct deal_share_row *own;
    struct deal_row deal;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_get(call->db, call->arena, id, &deal);
    if (status != GG_NOT_FOUND) {
        GG_TRY(status);
        GG_TRY(own_share(call, id, &own));
        if (own) {
            deal_share_fill(own, true, deal.state, call->out);
            return GG_OK;
        }
    }
    return gg_fail(call, &DEAL_NOT_JOINED, "you have no share here");
}

/* Who came and went, and why, is no business of the other neighbours: they see who is in. */
static enum gg_status list_shares(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    struct deal_share_list *out = call->out;
    int64_t after = 0, limit = gg_page_limit(&query->page);
    struct deal_share_row *shares, *own;
    struct deal_share *items;
    struct deal_row deal;
    struct gg_id id, unused;
    enum gg_status status;
    bool host;
    size_t n;

    if (!gg_param_id(call, 0, &id) ||
        (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &after, 1, &unused)))
        return GG_OK;
    status = deal_get(call->db, call->arena, id, &deal);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such deal");
    GG_TRY(status);
    GG_TRY(own_share(call, id, &own));
    host = gg_id_equal(deal.host, call->user.id);
    if (!host && !(own && deal_share_inside(own->state)))
        return gg_fail(call, &GG_P_FORBIDDEN, "the list is for those who take part");
    GG_TRY(deal_shares(call->db, call->arena, id, !host, after, limit + 1, &shares, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &shares[n - 1].position, 1, shares[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_share, n);
    for (size_t i = 0; i < n; i++)
        deal_share_fill(&shares[i], false, deal.state, &items[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

/* --- what the host does --- */

/* Only money that is held counts: a seat whose hold is refused later must not make a deal fail that had time left. */
static enum gg_status close_early(struct gg_call *call)
{
    struct deal_work work;
    enum gg_status status;
    int64_t sold;

    if (!begin_as_host(call, &work, DEAL_CLOSE, &status))
        return status;
    GG_TRY(deal_sold(&work, &sold));
    if (sold < work.deal.min_portions) {
        gg_fail(call, &DEAL_MINIMUM_NOT_MET, "%" PRId64 " of %" PRId64 " portions are sold", sold,
                work.deal.min_portions);
        gg_fail_param(call, "missing", work.deal.min_portions - sold);
        return GG_OK;
    }
    GG_TRY(deal_close(&work));
    return answer_deal(call, &work.deal);
}

static enum gg_status cancel(struct gg_call *call)
{
    struct deal_work work;
    enum gg_status status;

    if (!begin_as_host(call, &work, DEAL_CANCEL, &status))
        return status;
    GG_TRY(deal_call_off(&work, DEAL_CANCEL, DEAL_REASON_HOST));
    return answer_deal(call, &work.deal);
}

/* The money must be in escrow before the host spends his own. */
static enum gg_status all_captured(struct gg_call *call, const struct deal_work *work)
{
    struct deal_share_row *shares;
    size_t n;

    GG_TRY(deal_shares(call->db, call->arena, work->deal.id, true, 0, DEAL_PORTIONS_MAX, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state != DEAL_SHARE_CAPTURED)
            return gg_fail(call, &DEAL_COLLECTING, "try again in a moment");
    return GG_OK;
}

static enum gg_status purchase(struct gg_call *call)
{
    const struct deal_purchase *in = call->in;
    struct deal_work work;
    enum gg_status status;

    if (!begin_as_host(call, &work, DEAL_PURCHASE, &status))
        return status;
    if (in->total_won > work.deal.total_won) {
        gg_fail(call, &DEAL_RECEIPT_TOO_HIGH, "%" PRId64 " won were accepted", work.deal.total_won);
        gg_fail_param(call, "accepted_won", work.deal.total_won);
        return GG_OK;
    }
    status = deal_photo_owned(call->db, call->arena, in->receipt, call->user.id);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &DEAL_UNKNOWN_PHOTO, "upload the receipt first");
    GG_TRY(status);
    GG_TRY(all_captured(call, &work));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_purchase_goods(&work, in->total_won, in->receipt));
    return answer_deal(call, &work.deal);
}

static enum gg_status arrive(struct gg_call *call)
{
    struct deal_work work;
    enum gg_status status;

    if (!begin_as_host(call, &work, DEAL_ARRIVE, &status))
        return status;
    GG_TRY(deal_arrive_goods(&work));
    return answer_deal(call, &work.deal);
}

/* Six digits can be guessed, so wrong ones are counted; the count outlives the refusal. */
static enum gg_status count_wrong_code(struct gg_call *call)
{
    const struct gg_id *deal = gg_call_kept(call);

    return deal_count_wrong_code(call->db, *deal, gg_now(), DEAL_CODE_WINDOW_MS);
}

static bool tries_used_up(const struct deal_row *deal)
{
    return deal->wrong_codes >= DEAL_CODE_TRIES_MAX && gg_now() - deal->wrong_codes_since <= DEAL_CODE_WINDOW_MS;
}

static enum gg_status hand_over(struct gg_call *call)
{
    const struct deal_handover *in = call->in;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, &work, &status))
        return status;
    if (!gg_id_equal(work.deal.host, call->user.id))
        return gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
    if (work.deal.state != DEAL_ARRIVED)
        return gg_fail(call, &DEAL_WRONG_STATE, "the deal is %s", deal_state_names[work.deal.state]);
    if (tries_used_up(&work.deal)) {
        gg_header(call, "Retry-After", "600");
        return gg_fail(call, &DEAL_CODE_TRIES, "wait ten minutes");
    }
    status = deal_share_by_code(call->db, call->arena, work.deal.id, in->code, &share);
    if (status == GG_NOT_FOUND || (status == GG_OK && share.state != DEAL_SHARE_CAPTURED)) {
        gg_call_keep(call, gg_memdup(call->arena, &work.deal.id, sizeof(work.deal.id)));
        gg_fail(call, &DEAL_BAD_CODE, "ask the neighbour for the six digits");
        return gg_after_refusal(call, count_wrong_code);
    }
    GG_TRY(status);
    GG_TRY(deal_hand_over(&work, &share));
    deal_share_fill(&share, false, work.deal.state, call->out);
    return GG_OK;
}

/* --- the table --- */

static const struct gg_problem *const create_problems[] = {&DEAL_UNKNOWN_PHOTO, NULL};
static const struct gg_problem *const join_problems[] = {
    &DEAL_FULL, &DEAL_CLOSED, &DEAL_ALREADY_JOINED, &DEAL_OWN, &DEAL_QUANTITY_OVER_LIMIT, NULL};
static const struct gg_problem *const leave_problems[] = {&DEAL_NOT_JOINED, &DEAL_CLOSED, NULL};
static const struct gg_problem *const share_problems[] = {&DEAL_NOT_JOINED, NULL};
static const struct gg_problem *const close_problems[] = {&DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_MINIMUM_NOT_MET,
                                                          NULL};
static const struct gg_problem *const host_problems[] = {&DEAL_NOT_HOST, &DEAL_WRONG_STATE, NULL};
static const struct gg_problem *const purchase_problems[] = {
    &DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_RECEIPT_TOO_HIGH, &DEAL_UNKNOWN_PHOTO, &DEAL_COLLECTING, NULL};
static const struct gg_problem *const handover_problems[] = {&DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_BAD_CODE,
                                                             &DEAL_CODE_TRIES, NULL};

#define DEALS "/v1/deal/deals"
#define READ(path_, auth_, query_, out_, handle_, summary_, problems_)                                                 \
    {                                                                                                                  \
        .method = GG_GET, .path = path_, .auth = auth_, .pool = GG_POOL_DB, .query = query_, .out = out_,              \
        .status = 200, .handle = handle_, .summary = summary_, .problems = problems_                                   \
    }
#define CHANGE(path_, in_, out_, status_, handle_, summary_, problems_)                                                \
    {                                                                                                                  \
        .method = GG_POST, .path = path_, .auth = GG_USER, .flags = GG_KEY, .pool = GG_POOL_DB, .in = in_,             \
        .out = out_, .status = status_, .handle = handle_, .summary = summary_, .problems = problems_                  \
    }

const struct gg_route deal_routes[] = {
    CHANGE(DEALS, &deal_create_msg, &deal_view_msg, 201, create, "Open a deal", create_problems),
    READ(DEALS "/:id", GG_OPTIONAL_USER, NULL, &deal_view_msg, show, "A deal as the caller may see it", NULL),
    CHANGE(DEALS "/:id/shares", &deal_join_msg, &deal_share_msg, 202, join, "Join: a seat waits for its hold",
           join_problems),
    READ(DEALS "/:id/shares", GG_USER, &deal_mine_query_msg, &deal_share_list_msg, list_shares,
         "Who takes part, for those who do", NULL),
    READ(DEALS "/:id/share", GG_USER, NULL, &deal_share_msg, show_share, "One's own share", share_problems),
    CHANGE(DEALS "/:id/leave", NULL, &deal_share_msg, 200, leave, "Leave before closing", leave_problems),
    CHANGE(DEALS "/:id/close", NULL, &deal_view_msg, 200, close_early, "Close early, once the minimum is met",
           close_problems),
    CHANGE(DEALS "/:id/cancel", NULL, &deal_view_msg, 200, cancel, "Call it off before the purchase", host_problems),
    CHANGE(DEALS "/:id/purchase", &deal_purchase_msg, &deal_view_msg, 200, purchase,
           "The goods are bought: the receipt's total is shared exactly", purchase_problems),
    CHANGE(DEALS "/:id/arrive", NULL, &deal_view_msg, 200, arrive, "The goods are here", host_problems),
    CHANGE(DEALS "/:id/handovers", &deal_handover_msg, &deal_share_msg, 200, hand_over,
           "Hand a share over by the neighbour's code", handover_problems),
};
const size_t deal_routes_n = GG_LEN(deal_routes);
