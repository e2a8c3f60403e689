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

/* --- comments --- */

enum deal_comment_state {
    DEAL_COMMENT_SHOWN,
    DEAL_COMMENT_HIDDEN,   /* by the host or an admin */
    DEAL_COMMENT_REPORTED, /* by three readers, until an admin looks */
    DEAL_COMMENT_REMOVED   /* by its author */
};
extern const char *const deal_comment_state_names[];
struct deal_comment_write { /* POST /v1/deal/deals/:id/comments */
    const char *text;
    struct gg_id reply_to; /* a comment of the same deal */
};
struct deal_comment {
    struct gg_id id, deal, reply_to;
    struct deal_person author;
    bool by_host, mine;
    int state;        /* enum deal_comment_state */
    const char *text; /* NULL unless shown, or the reader is its author, the host or an admin */
    int64_t created_at;
};
struct deal_comment_list {
    struct gg_list items;
    const char *next;
};
struct deal_report { /* POST /v1/deal/comments/:id/report */
    const char *reason;
};

/* --- reviews and levels --- */

struct deal_review { /* PUT /v1/deal/deals/:id/reviews/:user */
    bool on_time, friendly, again;
    bool as_described; /* of the host only */
};
struct deal_review_due { /* who may still be reviewed by the caller */
    struct gg_id deal;
    const char *title;
    struct deal_person about;
    bool about_host;
};
struct deal_review_due_list {
    struct gg_list items;
    const char *next;
};

enum deal_fact_kind {
    DEAL_FACT_PAID,      /* the money of the share was taken */
    DEAL_FACT_PICKED_UP, /* came and took it */
    DEAL_FACT_LEFT_LATE, /* left within a day of closing */
    DEAL_FACT_NO_SHOW,   /* did not come */
    DEAL_FACT_HOSTED,    /* a deal of his is done */
    DEAL_FACT_CALLED_OFF /* cancelled a deal that others were in */
};
extern const char *const deal_fact_kind_names[];
struct deal_fact {
    int kind; /* enum deal_fact_kind */
    struct gg_id deal;
    const char *title;
    int64_t at;
    bool struck;
};
struct deal_points { /* one line of the formula */
    const char *fact;
    int64_t count;  /* how often; of a level only */
    int64_t points; /* for each; below zero: taken off */
    const char *because;
};
struct deal_step { /* a level begins here */
    int64_t level, points;
};
struct deal_formula { /* GET /v1/deal/level-formula */
    struct gg_list lines, steps;
    const char *text; /* the formula in a sentence */
};
struct deal_level { /* GET /v1/deal/people/:id/level */
    struct deal_person user;
    int64_t level, points;
    struct gg_list lines; /* struct deal_points with counts */
};
struct deal_fact_list {
    struct gg_list items;
    const char *next;
};
struct deal_appeal_write { /* POST /v1/deal/appeals */
    struct gg_id deal;
    int kind;
    const char *text;
};
extern const char *const deal_appeal_state_names[];
struct deal_appeal {
    struct gg_id id;
    struct deal_person user;
    struct gg_id deal;
    int kind, state;
    const char *text, *answer;
    int64_t created_at, decided_at;
};
struct deal_appeal_list {
    struct gg_list items;
    const char *next;
};
struct deal_appeal_decision { /* POST /v1/deal/appeals/:id/decision, admins */
    bool uphold;
    const char *answer;
};

/* --- the request board --- */

struct deal_wish_write { /* POST /v1/deal/wishes */
    const char *title, *text;
    int category;
    int64_t lat, lng; /* kept as a grid cell only */
};
struct deal_wish {
    struct gg_id id;
    struct deal_person user;
    const char *title, *text;
    int category;
    int64_t cell_lat, cell_lng, distance_m, votes;
    bool voted, mine;
    struct gg_id deal;
    int64_t created_at;
};
struct deal_wish_list {
    struct gg_list items;
    const char *next;
};
struct deal_wish_query { /* GET /v1/deal/wishes */
    struct gg_page page;
    int64_t lat, lng, radius_m;
    int sort; /* deal_wish_sort_names */
};
extern const char *const deal_wish_sort_names[];
struct deal_wish_answer { /* POST /v1/deal/wishes/:id/deal */
    struct gg_id deal;
};

/* --- calendar --- */

struct deal_calendar { /* POST /v1/deal/calendar */
    const char *url;
};
extern const struct gg_msg deal_comment_write_msg, deal_comment_msg, deal_comment_list_msg, deal_report_msg,
    deal_review_msg, deal_review_due_list_msg, deal_formula_msg, deal_level_msg, deal_fact_list_msg,
    deal_appeal_write_msg, deal_appeal_msg, deal_appeal_list_msg, deal_appeal_decision_msg, deal_wish_write_msg,
    deal_wish_msg, deal_wish_list_msg, deal_wish_query_msg, deal_wish_answer_msg, deal_calendar_msg;

/* --- opening help --- */

struct deal_link { /* POST /v1/deal/link-previews */
    const char *url;
};
struct deal_link_preview { /* what the page of a shop proposes; everything may be missing */
    const char *url, *title, *description, *site;
    int64_t price_won;
    const char *photo, *photo_url; /* an upload of the caller's from now on */
};
extern const struct gg_msg deal_link_msg, deal_link_preview_msg;

/* --- series --- */

struct deal_series_write { /* POST /v1/deal/series */
    struct gg_id deal;     /* the caller's; every next one is like it */
    const char *rule;      /* part of RFC 5545: FREQ=WEEKLY;BYDAY=MO */
    const char *zone;      /* NULL: Asia/Seoul */
};
struct deal_series {
    struct gg_id id, host, first, last;
    const char *rule, *zone;
    int64_t made, next_at; /* next_at: GG_NONE when it has ended */
    bool mine;
};
struct deal_series_list {
    struct gg_list items;
    const char *next;
};
#define DEAL_ORDERS_MAX 100 /* standing orders of one user in series that go on */
struct deal_order {         /* PUT /v1/deal/series/:id/order */
    int64_t quantity, tolerance;
};
extern const struct gg_msg deal_series_write_msg, deal_series_msg, deal_series_list_msg, deal_order_msg;

/* --- problems; listed with the others in proto/deal.c --- */
extern const struct gg_problem DEAL_PHOTO_STORAGE_FULL, /* 409 */
    DEAL_NOT_REVIEWABLE,                                /* 409 the deal is not done, or the two did not share it */
    DEAL_REVIEWED,                                      /* 409 answered already; once is once */
    DEAL_APPEALED, /* 409 */ DEAL_WISHES_FULL, DEAL_LINK_UNREADABLE, /* 422 */ DEAL_SERIES_EXISTS,
    DEAL_ORDERS_FULL; /* 409 DEAL_ORDERS_MAX stand already */

#endif
