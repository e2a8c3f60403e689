/* services/pay/move.h
 * May a neighbour move this money? Pure: no I/O, no clock. */
#ifndef PAY_MOVE_H
#define PAY_MOVE_H

#include "libcommon/id.h"

/* Settings, in won. */
struct pay_limits {
    int64_t move;         /* of one move out of a wallet */
    int64_t day;          /* of all such moves of one day in Seoul */
    int64_t withdraw_min; /* a bank transfer moves at least this */
};

/* Someone as pay knows them. */
struct pay_party {
    struct gg_id id;
    bool known;   /* there is such a neighbour */
    bool closing; /* their account is being closed */
    bool closed;  /* their account is gone */
};

/* All that decides about one move of a neighbour's own will. */
struct pay_move_facts {
    struct pay_party from, to; /* to: zero id for a withdrawal */
    bool blocked;              /* one of the two has blocked the other */
    int64_t amount;
    int64_t spent;           /* of the day so far */
    int64_t posted, pending; /* of the wallet that pays */
    bool stopped;            /* one of the wallets, by the auditor */
};

enum pay_move_verdict {
    PAY_MOVE_OK,
    PAY_MOVE_STOPPED, /* by the auditor: one of the two wallets */
    PAY_MOVE_CLOSING, /* the sender's account is being closed */
    PAY_MOVE_SELF,
    PAY_MOVE_UNKNOWN,
    PAY_MOVE_CLOSED,
    PAY_MOVE_BLOCKED,
    PAY_MOVE_ABOVE_MOVE, /* the limit of one move */
    PAY_MOVE_ABOVE_DAY,  /* the limit of the day */
    PAY_MOVE_NO_FUNDS
};
/* The first reason against the move, in the order above; amounts that are no amounts (<= 0) are PAY_MOVE_ABOVE_MOVE's
 * business of the decoder and end the process here. */
enum pay_move_verdict pay_move_judge(const struct pay_limits *limits, const struct pay_move_facts *facts) GG_MUSTCHECK;

/* --- days and months in Seoul (UTC+9, no summer time) --- */

/* Days since 1970-01-01 of the day in Seoul that holds the instant. */
int64_t pay_day(int64_t ms);
/* The instant at which that day begins. */
int64_t pay_day_start(int64_t day);
/* Begin and end (exclusive) of a month "2026-11" in Seoul. False: not a month of 2000-2199. */
bool pay_month_bounds(const char *month, int64_t *from, int64_t *until) GG_MUSTCHECK;
/* "2026-11-21" of a day, and back. False: not a date. */
#define PAY_DATE_TEXT 11
void pay_date_format(int64_t day, char out[PAY_DATE_TEXT]);
bool pay_date_parse(const char *text, int64_t *day) GG_MUSTCHECK;
/* "2026-11-21 09:30" in Seoul. */
#define PAY_LOCAL_TEXT 17
void pay_local_format(int64_t ms, char out[PAY_LOCAL_TEXT]);

/* --- splitting --- */

/* Splits `total` into `n` (> 0) parts that differ by at most one won and add up to it; the odd won go to the parts from
 * `first` on, so that a caller who rotates `first` is fair over time. */
void pay_split(int64_t total, size_t n, size_t first, int64_t *parts);

#endif
