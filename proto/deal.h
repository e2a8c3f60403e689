/* proto/deal.h
 * What crosses the border of the deal service: deals, shares, hand-over. */
#ifndef PROTO_DEAL_H
#define PROTO_DEAL_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

struct deal_wait;

#define DEAL_TOPIC "gonggu.deal"

/* Bounds that several tables share. */
#define DEAL_TOTAL_MAX    INT64_C(100000000) /* won */
#define DEAL_PORTIONS_MAX 999
#define DEAL_WAITERS_MAX  500 /* of one deal at the same time */
#define DEAL_PHOTOS_MAX   10
#define DEAL_TAGS_MAX     10
#define DEAL_WINDOWS_MAX  8

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
    DEAL_REASON_HOST,      /* the host cancelled */
    DEAL_REASON_TERMS,     /* the neighbour did not accept the new terms in time */
    DEAL_REASON_NO_BOX,    /* no whole box had room for this share */
    DEAL_REASON_SHORTAGE,  /* fewer goods came than were bought */
    DEAL_REASON_PARTIAL,   /* only a part was handed over */
    DEAL_REASON_DISPUTE,   /* decided in a dispute */
    DEAL_REASON_STOPPED    /* the hold was refused: the wallet is stopped until it was looked at */
};
extern const char *const deal_reason_names[];

enum deal_shape { DEAL_LOT, DEAL_BOXES };
extern const char *const deal_shape_names[];
enum deal_delivery_rule { DEAL_DELIVERY_EQUAL, DEAL_DELIVERY_BY_QUANTITY };
extern const char *const deal_delivery_rule_names[];
enum deal_shortage_rule { DEAL_FIRST_COME, DEAL_PRO_RATA };
extern const char *const deal_shortage_rule_names[];
/* What a portion is measured in; prices are shown for 100 g, 100 ml or one piece. */
enum deal_measure { DEAL_GRAM, DEAL_MILLILITRE, DEAL_PIECE };
extern const char *const deal_measure_names[];

extern const char *const deal_category_names[];

/* --- events; the aggregate is the deal, `sequence` its version --- */

struct deal_opened { /* deal.opened.v1 */
    struct gg_id deal, host;
    const char *title;
    int64_t total_won, portions, min_portions;
    int64_t closes_at;
    int64_t cell_lat, cell_lng; /* grid cell, never the exact point */
    int category;               /* index of deal_category_names */
    struct gg_list tags;        /* texts */
};
struct deal_changed { /* deal.changed.v1 */
    struct gg_id deal, host;
    const char *title;
    int64_t terms;         /* version of the terms from now on */
    int64_t accept_by;     /* the terms are new: who has not accepted them by then is released; else GG_NONE */
    struct gg_list fields; /* texts: names of the members of DealCreate that changed */
    struct gg_list shares; /* struct deal_allotment of the shares that must accept: what each could cost at most */
    int64_t closes_at;
};
struct deal_share_event { /* deal.share.*.v1 */
    struct gg_id deal, share, user, host;
    const char *title;
    int64_t quantity, tolerance;
    int64_t amount_won;     /* reserved, held, resized: the most it can cost; handed_over: what is paid to the host;
                               adjusted: what it costs now */
    int64_t refund_won;     /* adjusted, handed_over: to be given back from escrow, before the host is paid */
    int64_t resize;         /* resized: number of the try, 1, 2, 3 ... within the share; pay's answer carries it back */
    int64_t terms;          /* version of the terms this share has accepted */
    int64_t hold_until;     /* reserved, resized: the hold's own deadline */
    int64_t reserved_until; /* reserved: the seat is given back after this without an answer */
    int reason;             /* rejected, released: enum deal_reason */
    int64_t taken, portions; /* the deal after this event */
    int64_t capacity;        /* of these, what neighbours can take: it is full when `taken` is this */
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
    DEAL_SHARE_REJECTED_EVENT,    /* seat given back: no money, or no answer */
    DEAL_SHARE_RELEASED_EVENT,    /* left before closing: pay voids the hold */
    DEAL_SHARE_HANDED_OVER_EVENT, /* pay pays the host */
    DEAL_SHARE_RESIZED_EVENT,     /* pay brings the hold to amount_won (up or down), answers pay.hold.resized with
                                     `resize`, or pay.hold.resize_refused and leaves the hold as it was. A lower hold is
                                     never refused; an older `resize` than the last applied is answered the same way */
    DEAL_SHARE_CHANGED_EVENT,     /* quantity, tolerance or accepted terms are new, the money agrees */
    DEAL_SHARE_ADJUSTED_EVENT,    /* pay gives refund_won back; amount_won is left in escrow */
    DEAL_SHARE_NO_SHOW_EVENT,     /* did not come to the pick-up; no money moves */
    DEAL_SHARE_SETTLED_EVENT, DEAL_CHANGED_EVENT, DEAL_CLOSING_EVENT, /* nothing joins or leaves any more */
    DEAL_CONFIRMED_EVENT,                                             /* pay captures each share's amount */
    DEAL_FAILED_EVENT, DEAL_CANCELLED_EVENT,                          /* pay voids every hold, refunds every capture */
    DEAL_PURCHASED_EVENT,                                             /* pay refunds each share's refund_won */
    DEAL_ARRIVED_EVENT, DEAL_DONE_EVENT;

/* --- HTTP --- */

struct deal_pickup {
    const char *place; /* "망원역 2번 출구 앞" */
    const char *note;
    int64_t lat, lng; /* micro-degrees */
    int64_t from, until;
};
struct deal_window { /* one of several pick-up windows; they are numbered from 0 */
    int64_t from, until;
    int64_t chosen; /* shares that come then; views only */
};
/* POST /v1/deal/deals, and with everything optional a draft or the changes of an edit. Of one lot, or of boxes: then
 * price, ceiling and portions are those of one box. */
struct deal_create {
    const char *title, *description;
    int category;          /* index of deal_category_names */
    const char *unit;      /* what one portion is: "5개", "500g" */
    int64_t unit_amount;   /* of one portion, in `measure`; both or none */
    int measure;           /* enum deal_measure */
    struct gg_list photos; /* names that PUT /v1/deal/photos gave */
    struct gg_list tags;   /* texts */
    const char *shop_url;
    int shape; /* enum deal_shape; -1: one lot */
    int64_t total_won, portions;
    int64_t ceiling_won;   /* the receipt may come to this much; GG_NONE: the price */
    int64_t boxes_max;     /* boxes: as many whole boxes as fill, at most these */
    int64_t fill_minutes;  /* boxes: this long before closing only what does not break a box */
    int64_t host_portions; /* the host keeps at least these */
    int64_t min_portions;  /* sold to neighbours, else the deal fails */
    int64_t max_portions;  /* sold to neighbours at most; GG_NONE: all but the host's */
    int64_t each_max;      /* per neighbour; GG_NONE: no limit */
    int64_t delivery_won;  /* GG_NONE: none */
    int delivery_rule;     /* enum deal_delivery_rule; -1: by quantity */
    int shortage_rule;     /* enum deal_shortage_rule; -1: first come */
    int64_t closes_at;
    struct deal_pickup *pickup;
    struct gg_list windows; /* struct deal_window; empty: pickup->from to pickup->until is the only one */
    struct gg_id draft;     /* opening: the draft this comes from, which is removed */
};
struct deal_draft { /* GET, POST, PUT /v1/deal/drafts: a deal that nobody else sees, complete or not */
    struct gg_id id;
    struct deal_create *deal;
    int64_t saved_at;
};
struct deal_draft_list {
    struct gg_list items;
    const char *next;
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
    const char *qr;   /* the same as signed text, for a picture */
    int64_t joined_at;
    int64_t terms;                         /* version accepted */
    int64_t accept_by;                     /* own share: newer terms wait for acceptance until then */
    int64_t want_quantity, want_tolerance; /* a change that waits for pay */
    int64_t window;                        /* number of the pick-up window chosen */
    int64_t received;                      /* portions got, once that is known to differ or is handed over */
    const char *because;                   /* Korean sentence: why so many portions */
    bool no_show;
};
struct deal_wait { /* POST /v1/deal/deals/:id/waitlist gives one */
    struct gg_id id, deal;
    int state; /* enum deal_wait_state */
    int64_t quantity, tolerance;
    int64_t ahead;         /* how many wait before */
    int64_t offered;       /* portions kept for the caller */
    int64_t offered_until; /* join before this */
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
    int64_t unit_amount;
    int measure;
    int64_t unit_won; /* price of 100 g, 100 ml or one piece, rounded */
    struct gg_list tags;
    const char *shop_url;
    int shape;
    int64_t total_won, ceiling_won, portions, host_portions, min_portions, max_portions, each_max;
    int64_t box_won, box_portions, boxes_max, fill_minutes; /* boxes only */
    int64_t boxes_full;                                     /* boxes that are whole as things stand */
    int64_t box_missing;                                    /* portions until the next one is; 0: none is begun */
    int64_t delivery_won;
    int delivery_rule, shortage_rule;
    int64_t taken;       /* firm portions of live shares */
    int64_t offered;     /* portions kept for those on the waiting list who have an offer */
    int64_t left;        /* that can still be joined */
    int64_t portion_won; /* the most one portion can cost */
    int64_t terms;       /* version: any change of price, place, time or portion makes a new one */
    int64_t receipt_won; /* from purchased on */
    const char *receipt; /* path; participants only */
    int64_t closes_at, created_at;
    int64_t cell_lat, cell_lng; /* where, to about 500 m */
    int64_t distance_m;         /* from the asked point to the cell; lists only */
    struct deal_pickup *pickup; /* exact place: host and holders of a held share only */
    int64_t pickup_from, pickup_until;
    struct gg_list windows;          /* struct deal_window; not in lists */
    struct deal_wait *wait;          /* the caller's place on the waiting list */
    struct deal_share *share;        /* the caller's own */
    bool mine;                       /* the caller is the host */
    struct deal_market_view *market; /* what is counted of it: proto/deal_market.h */
};
struct deal_mine_query { /* GET /v1/deal/mine, .../shares */
    struct gg_page page;
};
struct deal_list {
    struct gg_list items; /* struct deal_view without description */
    const char *next;
};
struct deal_join { /* POST /v1/deal/deals/:id/shares, .../share/quantity, .../waitlist */
    int64_t quantity, tolerance;
    int64_t terms; /* the version the neighbour has seen; GG_NONE: whatever it is */
};
struct deal_share_list {
    struct gg_list items;
    const char *next;
};
struct deal_purchase {    /* POST /v1/deal/deals/:id/purchase */
    int64_t total_won;    /* of the receipt, goods only; at most the ceiling that was accepted */
    int64_t delivery_won; /* as it came; at most the planned one; GG_NONE: as planned */
    const char *receipt;  /* photo name */
};
struct deal_photo { /* of PUT /v1/deal/photos */
    const char *name, *url;
};
extern const struct gg_msg deal_pickup_msg, deal_window_msg, deal_wait_msg, deal_create_msg, deal_edit_msg,
    deal_draft_body_msg, deal_draft_msg, deal_draft_list_msg, deal_person_msg, deal_share_msg, deal_view_msg,
    deal_mine_query_msg, deal_list_msg, deal_join_msg, deal_share_list_msg, deal_purchase_msg, deal_photo_msg;

/* --- problems --- */
extern const struct gg_problem DEAL_FULL, DEAL_CLOSED, DEAL_ALREADY_JOINED, DEAL_OWN, DEAL_NOT_HOST, DEAL_NOT_JOINED,
    DEAL_WRONG_STATE, DEAL_MINIMUM_NOT_MET, DEAL_QUANTITY_OVER_LIMIT, DEAL_RECEIPT_TOO_HIGH, DEAL_COLLECTING,
    DEAL_BAD_CODE, DEAL_CODE_TRIES, DEAL_UNKNOWN_PHOTO, DEAL_BAD_PHOTO,
    DEAL_TERMS_CHANGED,   /* 409 with `terms`, and for each number that differs its new value and `was_...` */
    DEAL_BLOCKED,         /* 403 one of the two has blocked the other */
    DEAL_ACCOUNT_CLOSING, /* 409 the caller's account is being closed */
    DEAL_BOX_FILL,        /* 409 near closing only what does not break a whole box */
    DEAL_CHANGING,        /* 409 retryable: an earlier change of the share waits for its money */
    DEAL_SEATS_FREE,      /* 409 nobody needs to wait: join */
    DEAL_ALREADY_WAITING, /* 409 */
    DEAL_NOT_WAITING,     /* 404 */
    DEAL_WAITLIST_FULL,   /* 409 DEAL_WAITERS_MAX wait already */
    DEAL_DISPUTE_OPEN,    /* 409 */
    DEAL_NO_DISPUTE,      /* 404 */
    DEAL_DRAFTS_FULL,     /* 409 */
    DEAL_TERMS_FIXED;     /* 409 what is closed cannot be edited that way */
extern const struct gg_problem *const deal_problems[];

#endif
