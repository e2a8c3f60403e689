/* proto/pay.h
 * What crosses the border of the pay service: wallets, charges, holds, escrow. */
#ifndef PROTO_PAY_H
#define PROTO_PAY_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define PAY_TOPIC "gonggu.pay"

/* One charge moves at least and at most this (won). */
#define PAY_CHARGE_MIN INT64_C(1000)
#define PAY_CHARGE_MAX INT64_C(2000000)
/* No charge is started or confirmed that would bring a wallet above this; what comes back from deals always fits. */
#define PAY_WALLET_MAX INT64_C(10000000)

/* --- events --- */

enum pay_refusal { PAY_REFUSED_FUNDS, PAY_REFUSED_STOPPED /* by the auditor: the wallet neither gives nor takes */ };
extern const char *const pay_refusal_names[];

/* pay.hold.*.v1, pay.share.*.v1. The aggregate is the share (= the hold), `sequence` counts its steps. */
struct pay_share_event {
    struct gg_id deal, share, user;
    int64_t amount_won;   /* of this step */
    int64_t restored_won; /* captured: what went back to the wallet */
    int64_t fee_won;      /* paid_out: what the house kept of amount_won; GG_NONE: nothing */
    int reason;           /* refused: enum pay_refusal */
    int64_t resize;       /* resized, resize_refused: the number deal.share.resized came with */
};
extern const struct gg_event_type PAY_HOLD_PLACED, PAY_HOLD_REFUSED, PAY_HOLD_RESIZED, PAY_HOLD_RESIZE_REFUSED,
    PAY_HOLD_CAPTURED, PAY_HOLD_VOIDED, PAY_SHARE_REFUNDED, PAY_SHARE_PAID_OUT;

/* proto/auth_trust.h: an account leaves. The aggregate is the user. */
extern const struct gg_event_type PAY_CLOSING_ANSWERED, PAY_USER_PURGED;

/* pay.charge.done.v1; the aggregate is the charge. */
struct pay_charge_event {
    struct gg_id charge, user;
    int64_t amount_won;
};
extern const struct gg_event_type PAY_CHARGE_DONE;

/* --- HTTP --- */

struct pay_wallet { /* GET /v1/pay/wallet */
    int64_t posted_won, held_won, available_won;
    int64_t version; /* entries so far */
};
enum pay_charge_state { PAY_CHARGE_CREATED, PAY_CHARGE_STATE_DONE, PAY_CHARGE_FAILED };
extern const char *const pay_charge_state_names[];
struct pay_charge_create { /* POST /v1/pay/charges */
    int64_t amount_won;
    int currency;
};
struct pay_charge {
    struct gg_id id;
    int state;
    int64_t amount_won;
    const char *checkout_url; /* the provider's page; while created */
    int64_t created_at;
};
struct pay_charge_confirm { /* POST /v1/pay/charges/:id/confirm: what the provider's page came back with */
    const char *payment_key;
    int64_t amount_won;
    int currency;
};
struct pay_webhook_data {
    const char *paymentKey, *orderId, *status;
    int64_t totalAmount;
};
struct pay_webhook { /* POST /v1/pay/webhooks/provider: the provider's own names */
    const char *eventType;
    struct pay_webhook_data data;
};
enum pay_entry_kind {
    PAY_ENTRY_CHARGE,
    PAY_ENTRY_CAPTURE, /* wallet -> escrow */
    PAY_ENTRY_REFUND,  /* escrow -> wallet */
    PAY_ENTRY_PAYOUT,  /* escrow -> host */
    /* The place of a kind is part of the hashes: new ones go to the end, none ever moves. */
    PAY_ENTRY_REMIT,      /* wallet -> wallet of a neighbour */
    PAY_ENTRY_WITHDRAW,   /* wallet -> bank */
    PAY_ENTRY_REVERSAL,   /* wallet -> provider: a charge that the provider took back */
    PAY_ENTRY_CORRECTION, /* an administrator's correcting entry */
    PAY_ENTRY_FEE         /* host -> fees: the house's part of a pay-out */
};
extern const char *const pay_entry_kind_names[];
struct pay_entry {
    struct gg_id id; /* the transfer */
    int kind;
    int64_t amount_won;  /* signed: + came in, - went out */
    int64_t balance_won; /* posted, after this entry */
    int64_t version;     /* 1, 2, 3 ... in this wallet */
    struct gg_id deal, share;
    int64_t at;
    const char *hash; /* SHA-256 chain, hex */
};
struct pay_entry_list {
    struct gg_list items;
    const char *next;
};
struct pay_entry_query { /* GET /v1/pay/entries, newest first */
    struct gg_page page;
    struct gg_id deal;
};
enum pay_hold_state {
    PAY_HOLD_STATE_PENDING,
    PAY_HOLD_STATE_CAPTURED,
    PAY_HOLD_STATE_VOIDED,
    PAY_HOLD_STATE_REFUSED,
    PAY_HOLD_STATE_EXPIRED /* told as pay.hold.voided */
};
extern const char *const pay_hold_state_names[];
struct pay_hold {
    struct gg_id share, deal;
    int state;
    int64_t amount_won, captured_won, refunded_won, paid_out_won;
    int64_t placed_at, expires_at;
};
struct pay_hold_list { /* GET /v1/pay/holds: own holds, newest first */
    struct gg_list items;
    const char *next;
};
struct pay_page_query {
    struct gg_page page;
};
extern const struct gg_msg pay_wallet_msg, pay_charge_create_msg, pay_charge_msg, pay_charge_confirm_msg,
    pay_webhook_msg, pay_entry_msg, pay_entry_list_msg, pay_entry_query_msg, pay_hold_msg, pay_hold_list_msg,
    pay_page_query_msg;

/* --- problems --- */
extern const struct gg_problem PAY_AMOUNT_MISMATCH, PAY_CHARGE_NOT_APPROVED, PAY_CHARGE_CLOSED, PAY_PROVIDER_DOWN,
    PAY_BAD_SIGNATURE, PAY_LIMIT_EXCEEDED;
extern const struct gg_problem *const pay_problems[];

#endif
