/* services/pay/store.h
 * SQL of the pay service: one function per question or change. `lock` reads FOR UPDATE and belongs inside a
 * transaction. Lock order everywhere: charge or hold rows (by share id), then accounts by id. */
#ifndef PAY_STORE_H
#define PAY_STORE_H

#include "ledger.h"
#include "libcommon/db.h"

/* The place of a stored word in its NULL-terminated list of names; an unknown word is broken data and ends the process.
 */
int pay_name_index(const char *const *names, const char *text);

/* --- shares: the hold and, once captured, the escrow (store_share.c) --- */

/* What of a share has changed and is to be written. */
enum pay_mark {
    PAY_MARK_HOLD = 1,  /* the hold itself */
    PAY_MARK_ENDED = 2, /* the pending hold has ended as `state`, with escrow.captured */
    PAY_MARK_ESCROW = 4 /* its part of escrow */
};
struct pay_share {
    struct gg_id share, deal, user;
    int64_t held; /* the amount of the hold, also after it ended */
    int state;    /* enum pay_hold_state */
    int refusal;  /* of a hold refused now: enum pay_refusal */
    int64_t step; /* events told so far */
    int64_t placed_at, expires_at;
    int64_t resize;           /* number of the last change of size that was applied; 0: none */
    struct pay_escrow escrow; /* zero until captured */
    bool closed;              /* everything has left escrow */
    struct gg_id dispute;     /* not zero: frozen by this dispute */
    int64_t owed_refund;      /* what deal wanted given back while it was frozen */
    struct gg_id owed_to;     /* the host deal wanted paid while it was frozen; else zero */
    int64_t exit_at;          /* what is still in escrow then goes back by itself */
    unsigned marks;           /* enum pay_mark */
};

enum gg_status pay_share_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                              struct pay_share *out) GG_MUSTCHECK;
/* Every share of the deal, in id order. */
enum gg_status pay_deal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct pay_share **shares,
                             size_t *n) GG_MUSTCHECK;
/* Writes new holds. GG_DUPLICATE: one of them stands already. */
enum gg_status pay_shares_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares,
                                 size_t n) GG_MUSTCHECK;
/* Writes what is marked of locked shares. GG_DUPLICATE: a hold that has ended was to end again. */
enum gg_status pay_shares_save(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n,
                               int64_t now) GG_MUSTCHECK;
/* Writes that change number share->resize made `before` won share->held. */
enum gg_status pay_resize_insert(struct gg_db *db, const struct pay_share *share, int64_t before,
                                 int64_t now) GG_MUSTCHECK;
/* A user's holds, newest first, older than (placed_at, share) unless placed_at is GG_NONE: one more than `limit` tells
 * that there are more. */
enum gg_status pay_holds_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before_at,
                            struct gg_id before, int64_t limit, struct pay_share **shares, size_t *n) GG_MUSTCHECK;

/* --- charges (store.c) --- */

struct pay_charge_row {
    struct gg_id id, user;
    int64_t amount;
    int state; /* enum pay_charge_state */
    const char *payment_key, *checkout_url;
    int64_t created_at;
    int64_t reversed; /* taken back by the provider */
};

enum gg_status pay_charge_insert(struct gg_db *db, const struct pay_charge_row *charge) GG_MUSTCHECK;
enum gg_status pay_charge_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct pay_charge_row *out) GG_MUSTCHECK;
enum gg_status pay_charge_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct pay_charge_row *out) GG_MUSTCHECK;
/* The provider took this much back in all; its own day of the payment. */
enum gg_status pay_charge_reversed(struct gg_db *db, struct gg_id id, int64_t reversed) GG_MUSTCHECK;
enum gg_status pay_charge_dated(struct gg_db *db, struct gg_id id, const char *date) GG_MUSTCHECK;
enum gg_status pay_charge_end(struct gg_db *db, struct gg_id id, int from, int to, int64_t now) GG_MUSTCHECK;

/* --- the ledger (store_ledger.c) --- */

/* Makes the account unless it stands. */
enum gg_status pay_account_make(struct gg_db *db, struct gg_id id, int kind, int64_t now) GG_MUSTCHECK;
enum gg_status pay_account_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct pay_account *out) GG_MUSTCHECK;
enum gg_status pay_account_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct pay_account *out) GG_MUSTCHECK;
/* Locks those of `n` ids (ascending, each once) that stand, in id order; `out` has room for all. */
enum gg_status pay_accounts_lock(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                                 struct pay_account *out, size_t *found) GG_MUSTCHECK;
/* Writes the balances of accounts this transaction has locked. */
enum gg_status pay_accounts_save(struct gg_db *db, struct gg_arena *arena, const struct pay_account *const *accounts,
                                 size_t n, int64_t now) GG_MUSTCHECK;
/* GG_DUPLICATE: a transfer with this id has been made before; its outcome stands. */
enum gg_status pay_transfers_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_transfer *transfers,
                                    size_t n) GG_MUSTCHECK;
enum gg_status pay_transfer_exists(struct gg_db *db, struct gg_arena *arena, struct gg_id id, bool *yes) GG_MUSTCHECK;
enum gg_status pay_postings_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_posting *postings,
                                   size_t n) GG_MUSTCHECK;
/* Entries of an account below version `below` (GG_NONE: from the end), newest first; of one deal unless it is zero. */
enum gg_status pay_postings_of(struct gg_db *db, struct gg_arena *arena, struct gg_id account, struct gg_id deal,
                               int64_t below, int64_t limit, struct pay_posting **postings, size_t *n) GG_MUSTCHECK;
/* Up to `limit` entries with after < version <= upto, oldest first. */
enum gg_status pay_postings_after(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t after,
                                  int64_t upto, int64_t limit, struct pay_posting **postings, size_t *n) GG_MUSTCHECK;
/* The side a transfer has in this account. */
enum gg_status pay_posting_read(struct gg_db *db, struct gg_arena *arena, struct gg_id transfer, struct gg_id account,
                                struct pay_posting **posting) GG_MUSTCHECK;

#endif
