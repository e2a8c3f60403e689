/* proto/deal_market.h
 * What crosses the border of the deal service beside joining and handing over: pictures, finding, opening help,
 * comments, reviews, the request board, one's own data. Events go to the deal topic with the others. */
#ifndef PROTO_DEAL_MARKET_H
#define PROTO_DEAL_MARKET_H

#include "proto/deal.h"

/* --- events; the aggregate is the deal --- */

struct deal_comment_event { /* deal.comment.added.v1 */
    struct gg_id deal, host, comment, author;
    struct gg_id reply_to; /* author of the comment it answers; zero: none */
    const char *title;     /* of the deal */
    const char *nickname;  /* of the author; NULL while it is not known */
    const char *preview;   /* first 80 characters */
};
struct deal_review_event { /* deal.review.asked.v1: both sides may answer the questions from now on */
    struct gg_id deal, host, share, user;
    const char *title;
};
extern const struct gg_event_type DEAL_COMMENT_ADDED, DEAL_REVIEW_ASKED;

/* --- pictures --- */

struct deal_photo_query { /* GET /v1/deal/photos/:name */
    int size;             /* enum gg_picture_size; -1: as uploaded */
};
extern const struct gg_msg deal_photo_query_msg;

/* --- finding --- */

struct deal_market_view { /* inside a deal */
    int64_t views, saves, comments;
    bool saved; /* by the caller */
};
extern const char *const deal_sort_names[];
struct deal_find_query { /* GET /v1/deal/deals */
    struct gg_page page;
    int64_t lat, lng; /* both or none */
    int64_t radius_m;
    const char *text, *tag;
    int category, state, sort, measure;
    int64_t most_unit_won, most_portion_won, closes_within_minutes, least_left;
};
struct deal_map_query { /* GET /v1/deal/map */
    int64_t south, west, north, east;
};
struct deal_map_cell {
    int64_t lat, lng; /* centre */
    int64_t deals;
};
struct deal_map {
    struct gg_list items; /* struct deal_map_cell */
    int64_t step;         /* micro-degrees from one cell to the next */
};
extern const struct gg_msg deal_market_view_msg, deal_find_query_msg, deal_map_query_msg, deal_map_msg;

/* --- problems; listed with the others in proto/deal.c --- */
extern const struct gg_problem DEAL_PHOTO_STORAGE_FULL;

#endif
