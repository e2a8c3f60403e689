/* services/pay/ledger.h
 * The rules of money: double entry, holds, escrow per share, the hash chain. Pure: no I/O, no clock. */
#ifndef PAY_LEDGER_H
#define PAY_LEDGER_H

#include "libcommon/crypto.h"
#include "libcommon/fsm.h"
#include "proto/pay.h"

/* --- accounts and transfers --- */

enum pay_account_kind {
    PAY_ACCOUNT_WALLET,   /* a user's money; covered: never below what is held */
    PAY_ACCOUNT_ESCROW,   /* a deal's money between capture and pay-out */
    PAY_ACCOUNT_PROVIDER, /* the outside: minus all that came in */
    PAY_ACCOUNT_FEES,
    PAY_ACCOUNT_BANK,      /* the outside: all that was paid out to bank accounts */
    PAY_ACCOUNT_SUSPENSE,  /* the other side of corrections; may stand below zero */
    PAY_ACCOUNT_PROMOTIONS /* what the house gives away; filled by corrections, never below zero */
};
extern const char *const pay_account_kind_names[];

struct pay_account {
    struct gg_id id;
    int kind;
    int64_t posted;
    int64_t pending;         /* held: part of posted that is promised */
    int64_t version;         /* entries so far */
    uint8_t hash[GG_SHA256]; /* of the last entry; zeroes before the first */
    bool stopped;            /* by the auditor: neither gives nor takes */
};

/* `amount` (> 0) leaves `debit` and comes into `credit`. */
struct pay_transfer {
    struct gg_id id;
    int kind; /* enum pay_entry_kind */
    struct gg_id debit, credit;
    int64_t amount;
    struct gg_id deal, share; /* zero: none */
    int64_t at;
};

/* One side of a transfer, as it stands in an account's chain. */
struct pay_posting {
    struct gg_id account, transfer;
    int kind;
    int64_t version, amount, balance; /* amount: signed */
    struct gg_id deal, share;
    int64_t at;
    uint8_t previous[GG_SHA256], hash[GG_SHA256];
};

/* Why the ledger refuses. Whatever is refused has changed nothing. */
enum pay_result {
    PAY_OK,
    PAY_BAD_AMOUNT,   /* zero, negative or too large */
    PAY_SAME_ACCOUNT, /* from an account to itself */
    PAY_WRONG_SIDES,  /* not the accounts the transfer names */
    PAY_INSUFFICIENT, /* not covered: by what is available, pending, or left in escrow */
    PAY_OVERFLOW,     /* a sum leaves int64 */
    PAY_FROZEN,       /* the share is disputed */
    PAY_STOPPED       /* the auditor has stopped one of the accounts */
};
const char *pay_result_name(enum pay_result result);

/* What may still be held or taken. */
int64_t pay_available(const struct pay_account *account);
/* Promises `amount` of what is available, and takes a promise back. Zero is allowed: a share may cost nothing. */
enum pay_result pay_hold_place(struct pay_account *wallet, int64_t amount) GG_MUSTCHECK;
enum pay_result pay_hold_release(struct pay_account *wallet, int64_t amount) GG_MUSTCHECK;
/* Makes a promise of `before` one of `after`. What grows must be available; what shrinks is free again. */
enum pay_result pay_hold_resize(struct pay_account *wallet, int64_t before, int64_t after) GG_MUSTCHECK;
/* Moves the money and writes both sides: debit first. */
enum pay_result pay_post(struct pay_account *debit, struct pay_account *credit, const struct pay_transfer *transfer,
                         struct pay_posting sides[2]) GG_MUSTCHECK;
/* Ends the promise of `held` and moves the transfer's amount (0 <= amount <= held) out of it; what is not taken is free
 * again. `sides` is written only when the amount is above zero. */
enum pay_result pay_capture(struct pay_account *wallet, struct pay_account *escrow, int64_t held,
                            const struct pay_transfer *transfer, struct pay_posting sides[2]) GG_MUSTCHECK;

/* --- the chain --- */

/* What a hash covers: fixed width, big-endian: previous hash, account, version, transfer, kind, amount, balance, deal,
 * share, instant. Fixed for ever: old entries are checked with it. */
#define PAY_POSTING_BYTES (GG_SHA256 + 16 + 8 + 16 + 1 + 8 + 8 + 16 + 16 + 8)
void pay_posting_bytes(const struct pay_posting *posting, uint8_t out[PAY_POSTING_BYTES]);
void pay_posting_hash(const struct pay_posting *posting, uint8_t out[GG_SHA256]);
/* True when `posting` is whole in itself and follows `before` (NULL: it must be an account's first). */
bool pay_chain_holds(const struct pay_posting *before, const struct pay_posting *posting) GG_MUSTCHECK;

/* --- life cycles --- */

/* Of a hold: the states are enum pay_hold_state. */
enum pay_hold_act { PAY_HOLD_DO_CAPTURE, PAY_HOLD_DO_VOID, PAY_HOLD_DO_EXPIRE };
extern const struct gg_fsm pay_hold_fsm;
/* Of a charge: the states are enum pay_charge_state. */
enum pay_charge_act { PAY_CHARGE_DO_FINISH, PAY_CHARGE_DO_FAIL };
extern const struct gg_fsm pay_charge_fsm;

/* --- escrow of one share --- */

struct pay_escrow {
    int64_t captured, refunded, paid_out;
    bool frozen; /* by a dispute: nothing leaves */
};
int64_t pay_escrow_left(const struct pay_escrow *escrow);
/* Gives `amount` (0 allowed) of what is left back, or to the host. */
enum pay_result pay_escrow_refund(struct pay_escrow *escrow, int64_t amount) GG_MUSTCHECK;
enum pay_result pay_escrow_pay_out(struct pay_escrow *escrow, int64_t amount) GG_MUSTCHECK;
/* What the house keeps of a pay-out: `rate` ten-thousandths (0 to 10,000) of it, without the part of a won. */
int64_t pay_fee(int64_t amount, int64_t rate);

#endif
