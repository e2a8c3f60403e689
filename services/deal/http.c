/* services/deal/http.c
 * The routes of deals, shares and hand-over. */
#include "http_common.h"

#include "http_find.h"
#include "kept.h"

/* Who could join reads the deal itself: the terms he sees are those of this moment. */
static enum gg_status show_own(struct gg_call *call)
{
    struct deal_row deal;
    enum gg_status status;

    if (!deal_call_read(call, &deal, &status))
        return status;
    return deal_answer(call, &deal);
}

static enum gg_status load_page(struct gg_call *call, struct gg_kept *kept)
{
    struct deal_view *view = GG_NEW(call->arena, struct deal_view);
    struct deal_row deal;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_NOT_FOUND;
    GG_TRY(deal_get(call->db, call->arena, id, &deal));
    deal_view_fill(call->arena, &deal, NULL, GG_ID_ZERO, true, view);
    GG_TRY(deal_decorate(call, GG_ID_ZERO, view, 1));
    gg_kept_encode(kept, &deal_view_msg, view);
    return GG_OK;
}

static enum gg_status show_page(struct gg_call *call)
{
    const struct gg_kept *kept = gg_call_kept_value(call);

    if (!kept)
        return deal_call_none(call);
    gg_reply_kept(call, kept);
    return GG_OK;
}

static enum gg_status show(struct gg_call *call)
{
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    if (!gg_id_is_zero(call->user.id))
        return gg_continue(call, GG_POOL_DB, show_own);
    return deal_kept_page(call, id, load_page, show_page);
}

#define PROBLEMS(name, ...) static const struct gg_problem *const name[] = {__VA_ARGS__, NULL}
PROBLEMS(create_problems, &DEAL_UNKNOWN_PHOTO, &DEAL_ACCOUNT_CLOSING);
PROBLEMS(edit_problems, &DEAL_NOT_HOST, &DEAL_TERMS_FIXED, &DEAL_FULL, &DEAL_UNKNOWN_PHOTO);
PROBLEMS(draft_problems, &DEAL_DRAFTS_FULL);
PROBLEMS(copy_problems, &DEAL_NOT_HOST, &DEAL_DRAFTS_FULL);
PROBLEMS(join_problems, &DEAL_FULL, &DEAL_CLOSED, &DEAL_ALREADY_JOINED, &DEAL_OWN, &DEAL_QUANTITY_OVER_LIMIT,
         &DEAL_TERMS_CHANGED, &DEAL_BLOCKED, &DEAL_ACCOUNT_CLOSING, &DEAL_BOX_FILL);
PROBLEMS(change_problems, &DEAL_NOT_JOINED, &DEAL_FULL, &DEAL_CLOSED, &DEAL_QUANTITY_OVER_LIMIT, &DEAL_TERMS_CHANGED,
         &DEAL_BLOCKED, &DEAL_ACCOUNT_CLOSING, &DEAL_BOX_FILL, &DEAL_CHANGING);
PROBLEMS(leave_problems, &DEAL_NOT_JOINED, &DEAL_CLOSED, &DEAL_BOX_FILL);
PROBLEMS(wait_problems, &DEAL_SEATS_FREE, &DEAL_ALREADY_WAITING, &DEAL_WAITLIST_FULL, &DEAL_ALREADY_JOINED,
         &DEAL_CLOSED, &DEAL_OWN, &DEAL_QUANTITY_OVER_LIMIT, &DEAL_TERMS_CHANGED, &DEAL_BLOCKED, &DEAL_ACCOUNT_CLOSING);
PROBLEMS(wait_leave_problems, &DEAL_NOT_WAITING);
PROBLEMS(window_problems, &DEAL_NOT_JOINED, &DEAL_WRONG_STATE);
PROBLEMS(share_problems, &DEAL_NOT_JOINED);
PROBLEMS(close_problems, &DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_MINIMUM_NOT_MET);
PROBLEMS(host_problems, &DEAL_NOT_HOST, &DEAL_WRONG_STATE);
PROBLEMS(purchase_problems, &DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_RECEIPT_TOO_HIGH, &DEAL_UNKNOWN_PHOTO,
         &DEAL_COLLECTING);
PROBLEMS(handover_problems, &DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_BAD_CODE, &DEAL_CODE_TRIES, &DEAL_DISPUTE_OPEN);
PROBLEMS(sync_problems, &DEAL_NOT_HOST, &DEAL_WRONG_STATE, &DEAL_CODE_TRIES);
PROBLEMS(dispute_problems, &DEAL_NOT_JOINED, &DEAL_WRONG_STATE, &DEAL_DISPUTE_OPEN, &DEAL_UNKNOWN_PHOTO);
PROBLEMS(dispute_host_problems, &DEAL_NOT_HOST, &DEAL_NO_DISPUTE);
PROBLEMS(dispute_own_problems, &DEAL_NOT_JOINED, &DEAL_NO_DISPUTE, &DEAL_WRONG_STATE);
PROBLEMS(dispute_admin_problems, &GG_P_FORBIDDEN, &DEAL_NO_DISPUTE);
PROBLEMS(forbidden_problems, &GG_P_FORBIDDEN);

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
#define WRITE(method_, path_, in_, out_, status_, handle_, summary_, problems_)                                        \
    {                                                                                                                  \
        .method = method_, .path = path_, .auth = GG_USER, .flags = GG_TX, .pool = GG_POOL_DB, .in = in_, .out = out_, \
        .status = status_, .handle = handle_, .summary = summary_, .problems = problems_                               \
    }

const struct gg_route deal_routes[] = {
    CHANGE(DEALS, &deal_create_msg, &deal_view_msg, 201, deal_http_create, "Open a deal", create_problems),
    {.method = GG_GET,
     .path = DEALS "/:id",
     .auth = GG_OPTIONAL_USER,
     .pool = GG_POOL_LOOP, /* strangers are answered from what is kept */
     .out = &deal_view_msg,
     .status = 200,
     .handle = show,
     .summary = "A deal as the caller may see it"},
    WRITE(GG_PATCH, DEALS "/:id", &deal_edit_msg, &deal_view_msg, 200, deal_http_edit,
          "Edit; a change of price, place, time or portion is a new version of the terms", edit_problems),
    READ(DEALS "/:id/terms", GG_OPTIONAL_USER, &deal_mine_query_msg, &deal_terms_list_msg, deal_http_terms,
         "Versions of the terms, newest first", NULL),
    CHANGE(DEALS "/:id/copy", NULL, &deal_draft_msg, 201, deal_http_copy, "A draft with what can be used again",
           copy_problems),
    CHANGE("/v1/deal/drafts", &deal_draft_body_msg, &deal_draft_msg, 201, deal_http_draft_make, "Begin a draft",
           draft_problems),
    READ("/v1/deal/drafts", GG_USER, &deal_mine_query_msg, &deal_draft_list_msg, deal_http_draft_list, "One's drafts",
         NULL),
    READ("/v1/deal/drafts/:id", GG_USER, NULL, &deal_draft_msg, deal_http_draft_show, "A draft", NULL),
    WRITE(GG_PUT, "/v1/deal/drafts/:id", &deal_draft_body_msg, &deal_draft_msg, 200, deal_http_draft_save,
          "Save a draft anew", NULL),
    WRITE(GG_DELETE, "/v1/deal/drafts/:id", NULL, NULL, 204, deal_http_draft_drop, "Remove a draft", NULL),

    {.method = GG_POST,
     .path = DEALS "/:id/shares",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .in = &deal_join_msg,
     .out = &deal_share_msg,
     .status = 202,
     .batch = deal_http_join,
     .summary = "Join: a seat waits for its hold",
     .problems = join_problems},
    READ(DEALS "/:id/shares", GG_USER, &deal_mine_query_msg, &deal_share_list_msg, deal_http_shares,
         "Who takes part, for those who do", forbidden_problems),
    READ(DEALS "/:id/share", GG_USER, NULL, &deal_share_msg, deal_http_share, "One's own share", share_problems),
    CHANGE(DEALS "/:id/share/quantity", &deal_join_msg, &deal_share_msg, 200, deal_http_quantity,
           "Change quantity and tolerance; 202 when the hold must grow first", change_problems),
    CHANGE(DEALS "/:id/share/accept", &deal_accept_msg, &deal_share_msg, 200, deal_http_accept,
           "Accept new terms; 202 when the hold must grow first", change_problems),
    CHANGE(DEALS "/:id/share/window", &deal_choose_window_msg, &deal_share_msg, 200, deal_http_window,
           "Choose when to come", window_problems),
    CHANGE(DEALS "/:id/leave", NULL, &deal_share_msg, 200, deal_http_leave, "Leave before closing", leave_problems),
    CHANGE(DEALS "/:id/waitlist", &deal_join_msg, &deal_wait_msg, 201, deal_http_wait, "Wait for portions",
           wait_problems),
    CHANGE(DEALS "/:id/waitlist/leave", NULL, &deal_wait_msg, 200, deal_http_wait_leave, "Wait no more",
           wait_leave_problems),

    CHANGE(DEALS "/:id/close", NULL, &deal_view_msg, 200, deal_http_close, "Close early, once the minimum is met",
           close_problems),
    CHANGE(DEALS "/:id/cancel", NULL, &deal_view_msg, 200, deal_http_cancel, "Call it off before the purchase",
           host_problems),
    CHANGE(DEALS "/:id/purchase", &deal_purchase_msg, &deal_view_msg, 200, deal_http_purchase,
           "The goods are bought: the receipt's total is shared exactly", purchase_problems),
    CHANGE(DEALS "/:id/arrive", NULL, &deal_view_msg, 200, deal_http_arrive, "All goods are here", host_problems),
    CHANGE(DEALS "/:id/arrivals", &deal_arrive_msg, &deal_view_msg, 200, deal_http_arrive,
           "The goods are here, fewer or more than were bought", host_problems),
    CHANGE(DEALS "/:id/handovers", &deal_handover_msg, &deal_share_msg, 200, deal_http_hand_over,
           "Hand a share over by the neighbour's code or picture; repeating it is harmless", handover_problems),
    CHANGE(DEALS "/:id/handovers/sync", &deal_handover_sync_msg, &deal_handover_results_msg, 200, deal_http_sync,
           "Hand over what an offline phone has collected", sync_problems),
    CHANGE(DEALS "/:id/shares/:share/no-show", NULL, &deal_share_msg, 200, deal_http_no_show,
           "He did not come to any window", host_problems),

    CHANGE(DEALS "/:id/share/dispute", &deal_dispute_open_msg, &deal_dispute_msg, 201, deal_http_dispute,
           "Something is wrong: the money stands still", dispute_problems),
    READ(DEALS "/:id/share/dispute", GG_USER, NULL, &deal_dispute_msg, deal_http_dispute_show, "One's own dispute",
         dispute_own_problems),
    READ(DEALS "/:id/shares/:share/dispute", GG_USER, NULL, &deal_dispute_msg, deal_http_dispute_show,
         "A neighbour's dispute, for the host", dispute_host_problems),
    CHANGE(DEALS "/:id/shares/:share/dispute/answer", &deal_dispute_answer_msg, &deal_dispute_msg, 200,
           deal_http_dispute_answer, "The host's answer and offer", dispute_host_problems),
    CHANGE(DEALS "/:id/share/dispute/accept", NULL, &deal_dispute_msg, 200, deal_http_dispute_accept,
           "Accept the host's offer", dispute_own_problems),
    CHANGE(DEALS "/:id/share/dispute/withdraw", NULL, &deal_dispute_msg, 200, deal_http_dispute_withdraw,
           "Take it back: the host is paid", dispute_own_problems),
    READ("/v1/deal/disputes", GG_USER, &deal_mine_query_msg, &deal_dispute_list_msg, deal_http_dispute_list,
         "Disputes that wait, for admins", forbidden_problems),
    CHANGE("/v1/deal/disputes/:id/decide", &deal_dispute_decide_msg, &deal_dispute_msg, 200, deal_http_dispute_decide,
           "An admin's decision", dispute_admin_problems),
};
const size_t deal_routes_n = GG_LEN(deal_routes);
