/* proto/pay_wallet.h
 * What crosses the border of pay about neighbours' own moves: remittances, contacts, limits, bank accounts,
 * withdrawals, and the answers to auth (export). Part of the pay context beside proto/pay.h. */
#ifndef PROTO_PAY_WALLET_H
#define PROTO_PAY_WALLET_H

#include "proto/pay.h"

#define PAY_MEMO_MAX 100 /* characters */
/* Bank accounts one neighbour may have registered. */
#define PAY_BANK_ACCOUNTS_MAX 5

/* The only currency there is; a client that names another one is refused. */
extern const char *const pay_currency_names[];

/* --- events --- */

/* pay.money.moved.v1: a neighbour's own move is posted. The aggregate is the transfer; sequence 1. */
struct pay_money_moved {
    struct gg_id transfer;
    int kind;          /* enum pay_entry_kind: remit, withdraw, reversal, correction */
    struct gg_id from; /* whose wallet paid; zero: none (a correction in favour) */
    struct gg_id to;   /* whose wallet got it; zero: none (withdraw, reversal) */
    const char *from_nickname, *to_nickname;
    int64_t amount_won;
    const char *memo;
    struct gg_id deal, room, request; /* in which context; zero: none */
};
extern const struct gg_event_type PAY_MONEY_MOVED;

/* pay.withdrawal.failed.v1: the bank refused and the money is free again. The aggregate is the withdrawal; sequence 1.
 */
struct pay_withdrawal_failed {
    struct gg_id withdrawal, user;
    int64_t amount_won;
    const char *reason; /* the bank's code */
};
extern const struct gg_event_type PAY_WITHDRAWAL_FAILED;

/* --- remittances --- */

struct pay_dry_query { /* ?dry_run=1: the same decision and the same reply; nothing moves, nothing is remembered */
    bool dry_run;
};
struct pay_remit_create { /* POST /v1/pay/remittances: to one of nickname and user */
    const char *to_nickname;
    struct gg_id to_user;
    int64_t amount_won;
    int currency;
    const char *memo;
    struct gg_id deal, room; /* the contact's deal, the chat's room */
};
struct pay_remittance {
    struct gg_id id; /* the transfer */
    struct gg_id to_user;
    const char *to_nickname;
    int64_t amount_won;
    const char *memo;
    int64_t available_won; /* of the sender, afterwards */
    int64_t at;
    bool dry_run;
};
struct pay_recipient_query { /* GET /v1/pay/recipients: who is that, before anything is sent */
    const char *nickname;
};
struct pay_contact { /* GET /v1/pay/contacts: whom one shares a deal with, or has sent money */
    struct gg_id user;
    const char *nickname;
    struct gg_id deal; /* the newest shared deal */
    const char *title;
};
struct pay_contact_list {
    struct gg_list items;
};

/* --- limits --- */

struct pay_limit_view { /* GET /v1/pay/limits */
    int64_t move_won;   /* of one move */
    int64_t day_won;    /* of one day (Seoul) */
    int64_t spent_won;  /* of the day so far */
    int64_t left_won;   /* of the day */
    int64_t wallet_won; /* no charge brings a wallet above this */
    int64_t charge_min_won, charge_max_won;
    int64_t withdraw_min_won;
};

/* --- bank accounts and withdrawals --- */

struct pay_bank_account_create { /* POST /v1/pay/bank-accounts: the bank is asked whose account it is */
    const char *bank;            /* code of the bank: "004" */
    const char *number;          /* digits only */
    const char *holder;          /* as the neighbour writes it; must be the bank's name for it */
};
struct pay_bank_account {
    struct gg_id id;
    const char *bank, *bank_name;
    const char *number; /* the last four digits visible */
    const char *holder;
    int64_t added_at;
};
struct pay_bank_account_list {
    struct gg_list items;
};
enum pay_withdrawal_state {
    PAY_WITHDRAWAL_PENDING, /* held in the wallet; the bank is being asked */
    PAY_WITHDRAWAL_POSTED,  /* the bank has it */
    PAY_WITHDRAWAL_VOIDED,  /* the bank refused: free again */
    PAY_WITHDRAWAL_REVIEW   /* the bank tells what cannot be: held until a person decided */
};
extern const char *const pay_withdrawal_state_names[];
struct pay_withdrawal_create { /* POST /v1/pay/withdrawals */
    struct gg_id bank_account;
    int64_t amount_won;
    int currency;
};
struct pay_withdrawal {
    struct gg_id id;
    int state;
    int64_t amount_won;
    struct gg_id bank_account;
    const char *bank, *number; /* the last four digits visible */
    const char *reason;        /* voided: the bank's code */
    int64_t created_at, ended_at;
    bool dry_run;
};
struct pay_withdrawal_list {
    struct gg_list items;
    const char *next;
};

extern const struct gg_msg pay_dry_query_msg, pay_remit_create_msg, pay_remittance_msg, pay_recipient_query_msg,
    pay_contact_msg, pay_contact_list_msg, pay_limit_view_msg, pay_bank_account_create_msg, pay_bank_account_msg,
    pay_bank_account_list_msg, pay_withdrawal_create_msg, pay_withdrawal_msg, pay_withdrawal_list_msg;

/* --- problems --- */
extern const struct gg_problem PAY_INSUFFICIENT_FUNDS, /* 422 with available, held */
    PAY_SELF_TRANSFER, PAY_RECIPIENT_UNKNOWN,          /* 422 */
    PAY_RECIPIENT_CLOSED,                              /* 422 the account is closed or being closed */
    PAY_COUNTERPART_BLOCKED,                           /* 403 one of the two has blocked the other */
    PAY_WALLET_CLOSING,                                /* 409 the caller's own account is being closed */
    PAY_STEP_UP_REQUIRED,                              /* 403 no proof, or of something else */
    PAY_BANK_DOWN,                                     /* 503 */
    PAY_BANK_ACCOUNT_UNKNOWN,                          /* 422 the bank does not know it */
    PAY_HOLDER_MISMATCH,                               /* 422 the bank has another name for it */
    PAY_BANK_ACCOUNTS_FULL;                            /* 409 */

#endif
