/* services/deal/http_market.c
 * The routes of the market side. */
#include "http_photo.h"
#include "market.h"

#include "libcommon/picture.h"
#include "proto/deal_market.h"

static const struct gg_problem *const photo_problems[] = {&DEAL_BAD_PHOTO, &DEAL_PHOTO_STORAGE_FULL, NULL};

#define READ(path_, auth_, query_, out_, handle_, summary_, problems_)                                                 \
    {                                                                                                                  \
        .method = GG_GET, .path = path_, .auth = auth_, .pool = GG_POOL_DB, .query = query_, .out = out_,              \
        .status = 200, .handle = handle_, .summary = summary_, .problems = problems_                                   \
    }

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
};
const size_t deal_market_routes_n = GG_LEN(deal_market_routes);

const struct gg_due_kind deal_market_due_kinds[] = {
    {DEAL_DUE_PICTURE, false, true, deal_photo_shrink, "the smaller ones of a new picture"},
};
const size_t deal_market_due_kinds_n = GG_LEN(deal_market_due_kinds);
