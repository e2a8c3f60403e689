/* services/pay/store_audit.h
 * SQL of the auditor: what it asks, what it notes, and the stop it puts on an account. */
#ifndef PAY_STORE_AUDIT_H
#define PAY_STORE_AUDIT_H

#include "store.h"

/* One instance audits at a time: takes the lock without waiting. Both on one connection, in no transaction. */
enum gg_status pay_audit_lock(struct gg_db *db, struct gg_arena *arena, bool *mine) GG_MUSTCHECK;
void pay_audit_unlock(struct gg_db *db, struct gg_arena *arena);

/* What all accounts add up to, posted and pending; and the pending holds and withdrawals under way. One statement, so
 * it sees one instant. */
enum gg_status pay_audit_sums(struct gg_db *db, struct gg_arena *arena, int64_t *posted, int64_t *pending,
                              int64_t *promised) GG_MUSTCHECK;

struct pay_audit_account {
    struct pay_account account;
    int64_t holds;           /* sum of its pending holds and withdrawals under way */
    int64_t escrow;          /* sum left in the shares of the deal with this id */
    struct pay_posting last; /* the last entry that was checked: version, balance, hash; version 0: none yet */
};
/* Up to `limit` accounts after `after`, in id order, each with what it must agree with: one statement. */
enum gg_status pay_audit_accounts(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                  struct pay_audit_account **accounts, size_t *n) GG_MUSTCHECK;
/* How many transfers behind the entries from..to of an account do not have exactly two sides that add up to 0 and say
 * what the transfer says. */
enum gg_status pay_audit_transfers(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t from,
                                   int64_t to, int64_t *bad) GG_MUSTCHECK;
/* Everything up to this entry is good. */
enum gg_status pay_audit_mark(struct gg_db *db, const struct pay_posting *last) GG_MUSTCHECK;

/* Stops an account, unless it is; the first reason stays. And lets it go on. */
enum gg_status pay_account_stop(struct gg_db *db, struct gg_id account, const char *why) GG_MUSTCHECK;
enum gg_status pay_account_release(struct gg_db *db, struct gg_id account) GG_MUSTCHECK;
enum gg_status pay_accounts_stopped(struct gg_db *db, struct gg_arena *arena, int64_t *n) GG_MUSTCHECK;

/* Rows of the view orphan_won, at most `limit`. */
struct pay_orphan {
    const char *what, *reason;
    struct gg_id id, account;
    int64_t won;
};
enum gg_status pay_orphans(struct gg_db *db, struct gg_arena *arena, int64_t limit, struct pay_orphan **orphans,
                           size_t *n) GG_MUSTCHECK;

#endif
