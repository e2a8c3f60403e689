/* services/deal/http_market.c
 * The routes of the market side. */
#include "http_comment.h"
#include "http_find.h"
#include "http_map.h"
#include "http_own.h"
#include "http_photo.h"
#include "http_preview.h"
#include "http_save.h"
#include "http_series.h"
#include "http_share_page.h"
#include "http_trust.h"
#include "http_wish.h"
#include "market.h"

#include "libcommon/picture.h"
#include "proto/deal_market.h"
#include "store_listing.h"

static const struct gg_problem *const host_problems[] = {&DEAL_NOT_HOST, NULL};
static const struct gg_problem *const forbidden_problems[] = {&GG_P_FORBIDDEN, NULL};
static const struct gg_problem *const comment_problems[] = {&DEAL_BLOCKED, NULL};
static const struct gg_problem *const preview_problems[] = {&DEAL_LINK_UNREADABLE, NULL};
static const struct gg_problem *const series_problems[] = {&DEAL_NOT_HOST, &DEAL_SERIES_EXISTS, NULL};
static const struct gg_problem *const order_problems[] = {&DEAL_OWN, &DEAL_CLOSED, &DEAL_ORDERS_FULL, NULL};
static const struct gg_problem *const review_problems[] = {&DEAL_NOT_REVIEWABLE, &DEAL_REVIEWED, NULL};
static const struct gg_problem *const appeal_problems[] = {&DEAL_APPEALED, NULL};
static const struct gg_problem *const decision_problems[] = {&GG_P_FORBIDDEN, &DEAL_WRONG_STATE, NULL};
static const struct gg_problem *const wish_problems[] = {&DEAL_WISHES_FULL, NULL};
static const struct gg_problem *const photo_problems[] = {&DEAL_BAD_PHOTO, &DEAL_PHOTO_STORAGE_FULL, NULL};

#define READ(path_, auth_, query_, out_, handle_, summary_, problems_)                                                 \
    {                                                                                                                  \
        .method = GG_GET, .path = path_, .auth = auth_, .pool = GG_POOL_DB, .query = query_, .out = out_,              \
        .status = 200, .handle = handle_, .summary = summary_, .problems = problems_                                   \
    }

#define CHANGE(method_, path_, auth_, flags_, in_, out_, status_, handle_, summary_, problems_)                        \
    {                                                                                                                  \
        .method = method_, .path = path_, .auth = auth_, .flags = flags_, .pool = GG_POOL_DB, .in = in_, .out = out_,  \
        .status = status_, .handle = handle_, .summary = summary_, .problems = problems_                               \
    }
#define DEALS    "/v1/deal/deals"
#define COMMENTS "/v1/deal/comments"
#define WISHES   "/v1/deal/wishes"
#define SERIES   "/v1/deal/series"

const struct gg_route deal_market_routes[] = {
    {.method = GG_PUT,
     .path = "/v1/deal/photos",
     .auth = GG_USER,
     .flags = GG_RAW,
     .pool = GG_POOL_CPU,
     .out = &deal_photo_msg,
     .status = 201,
     .max_body = GG_PICTURE_BYTES_MAX,
     .rate = 60,
     .handle = deal_photo_upload,
     .summary = "Upload a photo as raw bytes",
     .problems = photo_problems},
    {.method = GG_POST,
     .path = "/v1/deal/link-previews",
     .auth = GG_USER,
     .pool = GG_POOL_OUT,
     .in = &deal_link_msg,
     .out = &deal_link_preview_msg,
     .status = 200,
     .rate = 20,
     .handle = deal_link_preview,
     .summary = "What the page of a shop proposes: title, picture, price",
     .problems = preview_problems},
    READ("/v1/deal/photos/:name", GG_PUBLIC, &deal_photo_query_msg, NULL, deal_photo_serve,
         "A photo; a smaller one is the photo itself until it is made", NULL),
    {.method = GG_GET,
     .path = "/v1/deal/deals",
     .auth = GG_OPTIONAL_USER,
     .pool = GG_POOL_LOOP, /* most are answered from what is kept; the rest goes on to a worker */
     .query = &deal_find_query_msg,
     .out = &deal_list_msg,
     .status = 200,
     .handle = deal_find_list,
     .summary = "Find deals: around a point, by words, filters and order"},
    {.method = GG_GET,
     .path = "/v1/deal/map",
     .auth = GG_PUBLIC,
     .pool = GG_POOL_LOOP,
     .query = &deal_map_query_msg,
     .out = &deal_map_msg,
     .status = 200,
     .handle = deal_map_show,
     .summary = "How many deals recruit where"},
    READ("/v1/deal/mine", GG_USER, &deal_mine_query_msg, &deal_list_msg, deal_find_mine,
         "Deals one hosts or has joined", NULL),
    CHANGE(GG_PUT, DEALS "/:id/bookmark", GG_USER, GG_TX, NULL, NULL, 204, deal_bookmark_put, "Save a deal", NULL),
    CHANGE(GG_DELETE, DEALS "/:id/bookmark", GG_USER, GG_TX, NULL, NULL, 204, deal_bookmark_delete, "Forget it", NULL),
    READ("/v1/deal/bookmarks", GG_USER, &deal_mine_query_msg, &deal_list_msg, deal_bookmark_list,
         "Deals one has saved, newest first", NULL),
    CHANGE(GG_POST, DEALS "/:id/views", GG_OPTIONAL_USER, 0, NULL, NULL, 204, deal_viewed,
           "The page of the deal is shown; looking again within six hours counts once", NULL),

    READ(DEALS "/:id/comments", GG_OPTIONAL_USER, &deal_mine_query_msg, &deal_comment_list_msg, deal_comment_list,
         "What was written on a deal's page, oldest first", NULL),
    CHANGE(GG_POST, DEALS "/:id/comments", GG_USER, GG_KEY, &deal_comment_write_msg, &deal_comment_msg, 201,
           deal_comment_write, "Write on it, or answer", comment_problems),
    CHANGE(GG_DELETE, COMMENTS "/:id", GG_USER, GG_TX, NULL, NULL, 204, deal_comment_remove, "Remove one's own",
           forbidden_problems),
    CHANGE(GG_POST, COMMENTS "/:id/hide", GG_USER, GG_TX, NULL, NULL, 204, deal_comment_hide,
           "Hide a comment: the host, or an admin", host_problems),
    CHANGE(GG_POST, COMMENTS "/:id/show", GG_USER, GG_TX, NULL, NULL, 204, deal_comment_show, "Show it again",
           forbidden_problems),
    CHANGE(GG_POST, COMMENTS "/:id/report", GG_USER, GG_TX, &deal_report_msg, NULL, 204, deal_comment_reported,
           "Report a comment; three readers hide it until an admin looks", forbidden_problems),
    READ("/v1/deal/reported-comments", GG_USER, &deal_mine_query_msg, &deal_comment_list_msg, deal_comment_reports,
         "What was reported, for admins", forbidden_problems),

    CHANGE(GG_PUT, DEALS "/:id/reviews/:user", GG_USER, GG_TX, &deal_review_msg, NULL, 204, deal_review_put,
           "Answer the fixed questions about a neighbour, once", review_problems),
    READ("/v1/deal/reviews", GG_USER, NULL, &deal_review_due_list_msg, deal_review_list,
         "Whom one may still review, newest deals first", NULL),
    READ("/v1/deal/level-formula", GG_PUBLIC, NULL, &deal_formula_msg, deal_level_formula, "How levels are counted",
         NULL),
    READ("/v1/deal/people/:id/level", GG_OPTIONAL_USER, NULL, &deal_level_msg, deal_level_show,
         "A neighbour's level and where it comes from", NULL),
    READ("/v1/deal/facts", GG_USER, &deal_mine_query_msg, &deal_fact_list_msg, deal_fact_list,
         "What counts for and against the caller", NULL),
    CHANGE(GG_POST, "/v1/deal/appeals", GG_USER, GG_KEY, &deal_appeal_write_msg, &deal_appeal_msg, 201,
           deal_appeal_write, "Object to a fact", appeal_problems),
    READ("/v1/deal/appeals", GG_USER, &deal_mine_query_msg, &deal_appeal_list_msg, deal_appeal_list,
         "One's own objections; admins: everybody's open ones", NULL),
    CHANGE(GG_POST, "/v1/deal/appeals/:id/decision", GG_USER, GG_TX, &deal_appeal_decision_msg, &deal_appeal_msg, 200,
           deal_appeal_rule, "An admin decides", decision_problems),

    CHANGE(GG_POST, WISHES, GG_USER, GG_KEY, &deal_wish_write_msg, &deal_wish_msg, 201, deal_wish_write,
           "Ask the neighbours to open a deal", wish_problems),
    READ(WISHES, GG_OPTIONAL_USER, &deal_wish_query_msg, &deal_wish_list_msg, deal_wish_list,
         "The request board around a point", NULL),
    READ(WISHES "/:id", GG_OPTIONAL_USER, NULL, &deal_wish_msg, deal_wish_show, "One request", NULL),
    CHANGE(GG_DELETE, WISHES "/:id", GG_USER, GG_TX, NULL, NULL, 204, deal_wish_remove, "Take it off the board",
           forbidden_problems),
    CHANGE(GG_PUT, WISHES "/:id/vote", GG_USER, GG_TX, NULL, NULL, 204, deal_wish_for, "I would join", NULL),
    CHANGE(GG_DELETE, WISHES "/:id/vote", GG_USER, GG_TX, NULL, NULL, 204, deal_wish_unfor, "I would not", NULL),
    CHANGE(GG_POST, WISHES "/:id/deal", GG_USER, GG_TX, &deal_wish_answer_msg, &deal_wish_msg, 200, deal_wish_opened,
           "A host has opened what was asked for", NULL),

    CHANGE(GG_POST, SERIES, GG_USER, GG_KEY, &deal_series_write_msg, &deal_series_msg, 201, deal_series_begin,
           "Open a deal again and again", series_problems),
    READ(SERIES, GG_USER, &deal_mine_query_msg, &deal_series_list_msg, deal_series_mine,
         "Series one hosts or has a standing order in", NULL),
    READ(SERIES "/:id", GG_OPTIONAL_USER, NULL, &deal_series_msg, deal_series_show, "One series", NULL),
    CHANGE(GG_DELETE, SERIES "/:id", GG_USER, GG_TX, NULL, NULL, 204, deal_series_end, "End it", host_problems),
    CHANGE(GG_PUT, SERIES "/:id/order", GG_USER, GG_TX, &deal_order_msg, NULL, 204, deal_series_order_put,
           "Have the same every time, while there is room", order_problems),
    CHANGE(GG_DELETE, SERIES "/:id/order", GG_USER, GG_TX, NULL, NULL, 204, deal_series_order_drop, "No longer", NULL),

    CHANGE(GG_POST, "/v1/deal/calendar", GG_USER, GG_TX, NULL, &deal_calendar_msg, 201, deal_calendar_open,
           "A secret address for calendar programs; an older one ends", NULL),
    CHANGE(GG_DELETE, "/v1/deal/calendar", GG_USER, GG_TX, NULL, NULL, 204, deal_calendar_close, "End it", NULL),
    READ("/v1/deal/calendar/:token", GG_PUBLIC, NULL, NULL, deal_calendar_feed, "One's pick-ups as iCalendar", NULL),
    READ("/v1/deal/export", GG_USER, NULL, NULL, deal_own_export, "Everything the deal service keeps about the caller",
         NULL),
    {.method = GG_GET,
     .path = DEALS "/:id/share-page",
     .auth = GG_PUBLIC,
     .pool = GG_POOL_LOOP,
     .status = 200,
     .handle = deal_share_page,
     .summary = "The page other sites preview (at /s/:id)"},
};
const size_t deal_market_routes_n = GG_LEN(deal_market_routes);

static enum gg_status list_again(struct gg_due *due)
{
    struct deal_row deal;
    enum gg_status status = deal_lock(due->db, due->arena, due->subject, &deal);
    bool renewed;
    int64_t was;

    return status == GG_OK          ? deal_listing_follow(due->db, &deal, &renewed, &was)
           : status == GG_NOT_FOUND ? GG_OK
                                    : status;
}

const struct gg_due_kind deal_market_due_kinds[] = {
    {DEAL_DUE_PICTURE, false, true, deal_photo_shrink, "the smaller ones of a new picture"},
    {DEAL_DUE_STRAY, false, true, deal_photo_sweep, "a stored picture that nobody came to own is deleted"},
    {"deal.list", false, false, list_again, "a deal from before there was a listing enters it"},
    {DEAL_DUE_SERIES, false, false, deal_series_open, "the next deal of a series opens"},
    {DEAL_DUE_REVIEW, false, false, deal_review_ask, "both sides of a deal that is done are asked"},
};
const size_t deal_market_due_kinds_n = GG_LEN(deal_market_due_kinds);
