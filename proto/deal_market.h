/* proto/deal_market.h
 * What crosses the border of the deal service beside joining and handing over: pictures, finding, opening help,
 * comments, reviews, the request board, one's own data. Events go to the deal topic with the others. */
#ifndef PROTO_DEAL_MARKET_H
#define PROTO_DEAL_MARKET_H

#include "proto/deal.h"

/* --- pictures --- */

struct deal_photo_query { /* GET /v1/deal/photos/:name */
    int size;             /* enum gg_picture_size; -1: as uploaded */
};
extern const struct gg_msg deal_photo_query_msg;

/* --- problems; listed with the others in proto/deal.c --- */
extern const struct gg_problem DEAL_PHOTO_STORAGE_FULL;

#endif
