/* services/pay/book.h
 * A unit of work on accounts: lock them in order, move money by the rules of the ledger, write everything at the end.
 * Lives inside one transaction. */
#ifndef PAY_BOOK_H
#define PAY_BOOK_H

#include "store.h"

struct pay_book {
    struct gg_db *db;
    struct gg_arena *arena;
    int64_t now;
    struct pay_account *accounts; /* locked, in id order */
    struct pay_account *before;   /* as they were when locked */
    size_t n_accounts;
    struct pay_transfer *transfers;
    struct pay_posting *sides; /* two for each transfer */
    size_t n_transfers, max_transfers;
};

struct pay_account_key {
    struct gg_id id;
    int kind;
};

/* The one account of the outside. */
struct gg_id pay_provider_account(void);
/* What the house earned, and what it gives away. */
struct gg_id pay_fees_account(void);
struct gg_id pay_promotions_account(void);

/* Locks the accounts in id order (repeated keys are fine), making those that do not stand yet. `keys` is sorted in
 * place. At most `max_transfers` may be moved. */
enum gg_status pay_book_open(struct pay_book *book, struct gg_db *db, struct gg_arena *arena,
                             struct pay_account_key *keys, size_t n, size_t max_transfers) GG_MUSTCHECK;
/* One of the locked accounts; another id ends the process. */
struct pay_account *pay_book_account(struct pay_book *book, struct gg_id id);
/* Moves money between two locked accounts; the instant is the book's. A refusal of the ledger is a defect of the
 * caller, who has decided before: logged, GG_ERROR. */
enum gg_status pay_book_move(struct pay_book *book, const struct pay_transfer *transfer) GG_MUSTCHECK;
/* Ends the promise of `held` and captures the transfer's amount (may be 0) out of it. */
enum gg_status pay_book_capture(struct pay_book *book, int64_t held, const struct pay_transfer *transfer) GG_MUSTCHECK;
/* Writes transfers, entries and the accounts that changed. */
enum gg_status pay_book_save(struct pay_book *book) GG_MUSTCHECK;

#endif
