/* proto/deal.h
 * What crosses the border of the deal service: deals, shares, hand-over. */
#ifndef PROTO_DEAL_H
#define PROTO_DEAL_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define DEAL_TOPIC "gonggu.deal"

/* Bounds that several tables share. */
#define DEAL_TOTAL_MAX    INT64_C(100000000) /* won */
#define DEAL_PORTIONS_MAX 999
#define DEAL_PHOTOS_MAX   10

enum deal_state {
    DEAL_RECRUITING,
    DEAL_CLOSING,
    DEAL_CONFIRMED,
    DEAL_PURCHASED,
    DEAL_ARRIVED,
    DEAL_DONE,
    DEAL_FAILED,
    DEAL_CANCELLED
};
extern const char *const deal_state_names[];

enum deal_share_state {
    DEAL_SHARE_RESERVED,
    DEAL_SHARE_HELD,
    DEAL_SHARE_CAPTURED,
    DEAL_SHARE_HANDED_OVER,
    DEAL_SHARE_SETTLED,
    DEAL_SHARE_REJECTED,
    DEAL_SHARE_RELEASED,
    DEAL_SHARE_DISPUTED,
    DEAL_SHARE_REFUNDED
};
extern const char *const deal_share_state_names[];

/* Why a share or a deal ended. */
enum deal_reason {
    DEAL_REASON_LEFT,      /* the neighbour left */
    DEAL_REASON_NO_MONEY,  /* the hold was refused */
    DEAL_REASON_NO_ANSWER, /* the reservation lapsed before the hold was answered */
    DEAL_REASON_MINIMUM,   /* the minimum was missed at closing */
    DEAL_REASON_HOST       /* the host cancelled */
};
extern const char *const deal_reason_names[];

extern const char *const deal_category_names[];

/* --- events; the aggregate is the deal, `sequence` its version --- */

struct deal_opened { /* deal.opened.v1 */
    struct gg_id deal, host;
    const char *title;
    int64_t total_won, portions, min_portions;
    int64_t closes_at;
    int64_t cell_lat, cell_lng; /* grid cell, never the exact point */
};
struct deal_share_event { /* deal.share.*.v1 */
    struct gg_id deal, share, user, host;
    const char *title;
    int64_t quantity, tolerance;
    int64_t amount_won;      /* reserved, held: the most it can cost; handed_over: what is paid to the host */
    int64_t hold_until;      /* reserved: the hold's own deadline */
    int64_t reserved_until;  /* reserved: the seat is given back after this without an answer */
    int reason;              /* rejected, released: enum deal_reason */
    int64_t taken, portions; /* the deal after this event */
};
struct deal_allotment { /* one share inside an outcome */
    struct gg_id share, user;
    int64_t quantity;   /* units allotted, tolerance included */
    int64_t amount_won; /* what it costs now */
    int64_t refund_won; /* purchased: given back; absent elsewhere */
};
struct deal_outcome { /* deal.closing, confirmed, failed, cancelled, purchased, arrived, done */
    struct gg_id deal, host;
    struct gg_id actor; /* who did it; zero: the clock */
    const char *title;
    int reason;            /* failed, cancelled: enum deal_reason */
    int64_t total_won;     /* confirmed: planned; purchased: of the receipt */
    struct gg_list shares; /* struct deal_allotment of every live share */
    const char *pickup_place;
    int64_t pickup_from, pickup_until;
};
extern const struct gg_event_type DEAL_OPENED_EVENT, DEAL_SHARE_RESERVED_EVENT, DEAL_SHARE_HELD_EVENT,
    DEAL_SHARE_REJECTED_EVENT,                    /* seat given back: no money, or no answer */
    DEAL_SHARE_RELEASED_EVENT,                    /* left before closing: pay voids the hold */
    DEAL_SHARE_HANDED_OVER_EVENT,                 /* pay pays the host */
    DEAL_SHARE_SETTLED_EVENT, DEAL_CLOSING_EVENT, /* nothing joins or leaves any more */
    DEAL_CONFIRMED_EVENT,                         /* pay captures each share's amount */
    DEAL_FAILED_EVENT, DEAL_CANCELLED_EVENT,      /* pay voids every hold, refunds every capture */
    DEAL_PURCHASED_EVENT,                         /* pay refunds each share's refund_won */
    DEAL_ARRIVED_EVENT, DEAL_DONE_EVENT;

/* --- HTTP --- */

struct deal_pickup {
    const char *place; /* "망원역 2번 출구 앞" */
    const char *note;
    int64_t lat, lng; /* micro-degrees */
    int64_t from, until;
};
struct deal_create { /* POST /v1/deal/deals */
    const char *title, *description;
    int category;          /* index of deal_category_names */
    const char *unit;      /* what one portion is: "5개", "500g" */
    struct gg_list photos; /* names that PUT /v1/deal/photos gave */
    int64_t total_won, portions;
    int64_t host_portions; /* the host keeps at least these */
    int64_t min_portions;  /* sold to neighbours, else the deal fails */
    int64_t closes_at;
    struct deal_pickup pickup;
};
struct deal_person {
    struct gg_id id;
    const char *nickname;
};
struct deal_share { /* a participant's own share, or a row of the host's list */
    struct gg_id id, deal;
    struct deal_person user;
    int state; /* enum deal_share_state */
    int reason;
    int64_t quantity, tolerance;
    int64_t allotted;   /* from confirmed on */
    int64_t max_won;    /* the most it can cost */
    int64_t amount_won; /* what it costs; from confirmed on */
    int64_t refunded_won;
    const char *code; /* own share only, from arrived on: shown at hand-over */
    int64_t joined_at;
};
struct deal_view {
    struct gg_id id;
    int64_t version;
    int state;
    int reason;
    struct deal_person host;
    const char *title, *description;
    int category;
    const char *unit;
    struct gg_list photos; /* texts: paths under /v1/deal/photos/ */
    int64_t total_won, portions, host_portions, min_portions;
    int64_t taken;       /* firm portions of live shares */
    int64_t left;        /* that can still be joined */
    int64_t portion_won; /* the most one portion can cost */
    int64_t closes_at, created_at;
    int64_t cell_lat, cell_lng; /* where, to about 500 m */
    int64_t distance_m;         /* from the asked point to the cell; lists only */
    struct deal_pickup *pickup; /* exact place: host and holders of a held share only */
    int64_t pickup_from, pickup_until;
    struct deal_share *share; /* the caller's own */
    bool mine;                /* the caller is the host */
};
struct deal_list_query { /* GET /v1/deal/deals */
    struct gg_page page;
    int64_t lat, lng; /* both or none */
    int64_t radius_m;
    const char *text;
    int category, state;
};
struct deal_mine_query { /* GET /v1/deal/mine, .../shares */
    struct gg_page page;
};
struct deal_list {
    struct gg_list items; /* struct deal_view without description */
    const char *next;
};
struct deal_join { /* POST /v1/deal/deals/:id/shares */
    int64_t quantity, tolerance;
};
struct deal_share_list {
    struct gg_list items;
    const char *next;
};
struct deal_purchase {   /* POST /v1/deal/deals/:id/purchase */
    int64_t total_won;   /* of the receipt; at most the planned total */
    const char *receipt; /* photo name */
};
struct deal_handover { /* POST /v1/deal/deals/:id/handovers */
    const char *code;
};
struct deal_photo { /* of PUT /v1/deal/photos */
    const char *name, *url;
};
extern const struct gg_msg deal_pickup_msg, deal_create_msg, deal_person_msg, deal_share_msg, deal_view_msg,
    deal_list_query_msg, deal_mine_query_msg, deal_list_msg, deal_join_msg, deal_share_list_msg, deal_purchase_msg,
    deal_handover_msg, deal_photo_msg;

/* --- problems --- */
extern const struct gg_problem DEAL_FULL, DEAL_CLOSED, DEAL_ALREADY_JOINED, DEAL_OWN, DEAL_NOT_HOST, DEAL_NOT_JOINED,
    DEAL_WRONG_STATE, DEAL_MINIMUM_NOT_MET, DEAL_QUANTITY_OVER_LIMIT, DEAL_RECEIPT_TOO_HIGH, DEAL_COLLECTING,
    DEAL_BAD_CODE, DEAL_CODE_TRIES, DEAL_UNKNOWN_PHOTO, DEAL_BAD_PHOTO;
extern const struct gg_problem *const deal_problems[];

#endif
