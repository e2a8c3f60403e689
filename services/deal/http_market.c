/* services/deal/http_market.c
 * The routes of the market side. */
#include "http_find.h"
#include "http_photo.h"
#include "http_save.h"
#include "market.h"

#include "libcommon/picture.h"
#include "proto/deal_market.h"
#include "store_listing.h"

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
#define DEALS "/v1/deal/deals"

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
    READ("/v1/deal/photos/:name", GG_PUBLIC, &deal_photo_query_msg, NULL, deal_photo_serve,
         "A photo; a smaller one is the photo itself until it is made", NULL),
    READ("/v1/deal/deals", GG_OPTIONAL_USER, &deal_find_query_msg, &deal_list_msg, deal_find_list,
         "Find deals: around a point, by words, filters and order", NULL),
    READ("/v1/deal/map", GG_PUBLIC, &deal_map_query_msg, &deal_map_msg, deal_find_map, "How many deals recruit where",
         NULL),
    READ("/v1/deal/mine", GG_USER, &deal_mine_query_msg, &deal_list_msg, deal_find_mine,
         "Deals one hosts or has joined", NULL),
    CHANGE(GG_PUT, DEALS "/:id/bookmark", GG_USER, GG_TX, NULL, NULL, 204, deal_bookmark_put, "Save a deal", NULL),
    CHANGE(GG_DELETE, DEALS "/:id/bookmark", GG_USER, GG_TX, NULL, NULL, 204, deal_bookmark_delete, "Forget it", NULL),
    READ("/v1/deal/bookmarks", GG_USER, &deal_mine_query_msg, &deal_list_msg, deal_bookmark_list,
         "Deals one has saved, newest first", NULL),
    CHANGE(GG_POST, DEALS "/:id/views", GG_OPTIONAL_USER, 0, NULL, NULL, 204, deal_viewed,
           "The page of the deal is shown; looking again within six hours counts once", NULL),
};
const size_t deal_market_routes_n = GG_LEN(deal_market_routes);

static enum gg_status list_again(struct gg_due *due)
{
    struct deal_row deal;
    enum gg_status status = deal_lock(due->db, due->arena, due->subject, &deal);

    return status == GG_OK ? deal_listing_follow(due->db, &deal) : status == GG_NOT_FOUND ? GG_OK : status;
}

const struct gg_due_kind deal_market_due_kinds[] = {
    {DEAL_DUE_PICTURE, false, true, deal_photo_shrink, "the smaller ones of a new picture"},
    {"deal.list", false, false, list_again, "a deal from before there was a listing enters it"},
};
const size_t deal_market_due_kinds_n = GG_LEN(deal_market_due_kinds);
