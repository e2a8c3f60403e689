/* services/pay/store_bank.h
 * SQL about bank accounts, withdrawals and reviews. */
#ifndef PAY_STORE_BANK_H
#define PAY_STORE_BANK_H

#include "libcommon/db.h"
#include "libcommon/id.h"

struct pay_bank_account_row {
    struct gg_id id, user;
    const char *bank, *bank_name, *number, *holder;
    int64_t added_at;
    bool removed;
};
enum gg_status pay_bank_account_insert(struct gg_db *db, const struct pay_bank_account_row *row) GG_MUSTCHECK;
enum gg_status pay_bank_account_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                     struct pay_bank_account_row *out) GG_MUSTCHECK;
/* Those that are not removed, oldest first. */
enum gg_status pay_bank_accounts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    struct pay_bank_account_row **rows, size_t *n) GG_MUSTCHECK;
/* GG_NOT_FOUND: not this user's, or removed before. */
enum gg_status pay_bank_account_remove(struct gg_db *db, struct gg_id id, struct gg_id user, int64_t now) GG_MUSTCHECK;
/* Number and holder of every account of the user go; banks and ids stay with the withdrawals. */
enum gg_status pay_bank_accounts_purge(struct gg_db *db, struct gg_id user, int64_t now, int64_t *rows) GG_MUSTCHECK;

struct pay_withdrawal_row {
    struct gg_id id, user, bank_account;
    int64_t amount;
    int state;            /* enum pay_withdrawal_state */
    int64_t day;          /* pay_day of its making: whose limit it used */
    int64_t asked_at;     /* GG_NONE: the bank was not asked yet */
    const char *transfer; /* of the bank; NULL */
    const char *date;     /* of the bank; NULL */
    const char *reason;   /* voided: the bank's code; NULL */
    int64_t created_at, ended_at;
    const char *bank, *number, *holder; /* of the account; not written */
};
enum gg_status pay_withdrawal_insert(struct gg_db *db, const struct pay_withdrawal_row *row) GG_MUSTCHECK;
enum gg_status pay_withdrawal_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_withdrawal_row *out) GG_MUSTCHECK;
enum gg_status pay_withdrawal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_withdrawal_row *out) GG_MUSTCHECK;
/* Writes state, asked_at, transfer, date, reason, ended_at; only while pending or in review. */
enum gg_status pay_withdrawal_save(struct gg_db *db, const struct pay_withdrawal_row *row) GG_MUSTCHECK;
/* The bank is being asked; only while pending. */
enum gg_status pay_withdrawal_asked(struct gg_db *db, struct gg_id id, int64_t now) GG_MUSTCHECK;
/* Newest first, older than (created_at, id) unless created_at is GG_NONE. */
enum gg_status pay_withdrawals_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before_at,
                                  struct gg_id before, int64_t limit, struct pay_withdrawal_row **rows,
                                  size_t *n) GG_MUSTCHECK;

/* --- held for review --- */

struct pay_review_row {
    struct gg_id id;
    const char *kind; /* "withdrawal", "reversal", "charge", "provider", "bank" */
    struct gg_id subject, user;
    int64_t amount;
    const char *detail;
    const char *state; /* "open", "proposed", "decided" */
    int64_t opened_at;
    const char *proposal, *reason; /* NULL until proposed */
    struct gg_id proposed_by, decided_by;
    int64_t proposed_at, decided_at;
};
/* Opens it; (kind, subject) that was opened before stays as it is, unless the amount is another one by now: then it is
 * open again, whatever was proposed or decided about the old amount. */
enum gg_status pay_review_open(struct gg_db *db, const char *kind, struct gg_id subject, struct gg_id user,
                               int64_t amount, const char *detail) GG_MUSTCHECK;
/* Have two administrators decided it? False also when it was never opened. */
enum gg_status pay_review_decided(struct gg_db *db, struct gg_arena *arena, const char *kind, struct gg_id subject,
                                  bool *decided) GG_MUSTCHECK;
enum gg_status pay_review_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct pay_review_row *out) GG_MUSTCHECK;
enum gg_status pay_review_save(struct gg_db *db, const struct pay_review_row *row) GG_MUSTCHECK;
/* Undecided ones (`decided`: the others), oldest first, after (opened_at, id) unless opened_at is GG_NONE. */
enum gg_status pay_reviews(struct gg_db *db, struct gg_arena *arena, bool decided, int64_t after_at, struct gg_id after,
                           int64_t limit, struct pay_review_row **rows, size_t *n) GG_MUSTCHECK;

#endif
