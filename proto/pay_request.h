/* proto/pay_request.h
 * What crosses the border of pay about 1/N requests (정산): one neighbour asks several for their part. */
#ifndef PROTO_PAY_REQUEST_H
#define PROTO_PAY_REQUEST_H

#include "proto/pay_wallet.h"

#define PAY_ROUNDS_MAX    5
#define PAY_PARTS_MAX     50 /* people of one round */
#define PAY_REMINDERS_MAX 10

enum pay_split { PAY_SPLIT_EQUAL, PAY_SPLIT_CUSTOM };
extern const char *const pay_split_names[];
enum pay_request_state { PAY_REQUEST_OPEN, PAY_REQUEST_DONE, PAY_REQUEST_CANCELLED };
extern const char *const pay_request_state_names[];
enum pay_part_state { PAY_PART_OPEN, PAY_PART_PAID, PAY_PART_DECLINED, PAY_PART_CANCELLED };
extern const char *const pay_part_state_names[];

/* --- events: pay.request.*.v1; the aggregate is the request, `sequence` its step --- */

struct pay_request_person {
    struct gg_id user;
    int64_t amount_won; /* still open */
};
struct pay_request_event {
    struct gg_id request, creator;
    const char *creator_nickname, *title;
    struct gg_id deal, room;
    struct gg_id user;     /* paid, declined: who */
    const char *nickname;  /* of that one */
    int64_t amount_won;    /* paid: this much; absent elsewhere */
    const char *reason;    /* declined */
    struct gg_list people; /* struct pay_request_person; opened, reminded, cancelled: whom it concerns */
};
extern const struct gg_event_type PAY_REQUEST_OPENED, PAY_REQUEST_REMINDED, PAY_REQUEST_PAID, PAY_REQUEST_DECLINED,
    PAY_REQUEST_CANCELLED_EVENT, PAY_REQUEST_DONE_EVENT;

/* --- HTTP --- */

struct pay_part_create { /* one of user and nickname */
    struct gg_id user;
    const char *nickname;
    int64_t amount_won; /* custom only */
};
struct pay_round_create { /* POST /v1/pay/requests/:id/rounds */
    const char *title;
    int64_t total_won;
    int split; /* enum pay_split */
    bool include_me;
    int currency;
    const char *receipt;   /* name of an uploaded photo, or an https link */
    struct gg_list people; /* struct pay_part_create */
};
struct pay_reminder_at {
    int64_t at;
};
struct pay_request_create { /* POST /v1/pay/requests */
    const char *title, *memo;
    struct gg_id deal, room;
    struct gg_list rounds;    /* struct pay_round_create */
    struct gg_list reminders; /* struct pay_reminder_at */
};
struct pay_request_pay { /* POST /v1/pay/requests/:id/pay: a part of it is fine */
    int64_t amount_won;
    int currency;
};
struct pay_request_decline { /* POST /v1/pay/requests/:id/decline: what is open of one's own */
    const char *reason;
};
struct pay_reminders { /* PUT /v1/pay/requests/:id/reminders: instead of those not sent yet */
    struct gg_list reminders;
};

struct pay_part {
    struct gg_id user;
    const char *nickname;
    int64_t amount_won, paid_won;
    int state; /* enum pay_part_state */
};
struct pay_round {
    int64_t round; /* 1, 2 ... */
    const char *title;
    int64_t total_won;
    int split;
    int64_t own_won; /* the creator's own part */
    const char *receipt;
    struct gg_list people; /* struct pay_part: the status board */
};
struct pay_reminder {
    int64_t at;
    bool sent;
};
struct pay_request {
    struct gg_id id, creator;
    const char *creator_nickname, *title, *memo;
    struct gg_id deal, room;
    int state;
    int64_t asked_won, paid_won; /* of everybody */
    int64_t mine_open_won;       /* the caller still owes this */
    int64_t created_at;
    struct gg_list rounds, reminders; /* struct pay_round, pay_reminder; empty in lists */
};
struct pay_request_list {
    struct gg_list items;
    const char *next;
};
extern const char *const pay_role_names[];
struct pay_request_query { /* GET /v1/pay/requests, newest first */
    struct gg_page page;
    int role; /* 0 sent, 1 received */
};
extern const struct gg_msg pay_round_create_msg, pay_request_create_msg, pay_request_pay_msg, pay_request_decline_msg,
    pay_reminders_msg, pay_request_msg, pay_request_list_msg, pay_request_query_msg;

/* --- problems --- */
extern const struct gg_problem PAY_REQUEST_ENDED, /* 409 done, cancelled, or nothing of it is the caller's to pay */
    PAY_REQUEST_OVERPAID,                         /* 422 with open */
    PAY_ROUNDS_FULL,                              /* 409 */
    PAY_REMIND_TOO_SOON;                          /* 409 */

#endif
