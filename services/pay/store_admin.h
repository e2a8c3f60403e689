/* services/pay/store_admin.h
 * SQL of corrections, reconciliation and the state an administrator looks at. */
#ifndef PAY_STORE_ADMIN_H
#define PAY_STORE_ADMIN_H

#include "libcommon/db.h"
#include "proto/pay_admin.h"

enum gg_status pay_correction_insert(struct gg_db *db, const struct pay_correction *row) GG_MUSTCHECK;
enum gg_status pay_correction_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_correction *out) GG_MUSTCHECK;
/* Writes state, decided_by, decided_at, transfer; only while proposed. */
enum gg_status pay_correction_decide(struct gg_db *db, const struct pay_correction *row) GG_MUSTCHECK;
enum gg_status pay_corrections(struct gg_db *db, struct gg_arena *arena, struct pay_correction **rows,
                               size_t *n) GG_MUSTCHECK;

/* Writes the report and its findings. */
enum gg_status pay_reconciliation_insert(struct gg_db *db, const struct pay_reconciliation *report) GG_MUSTCHECK;
/* The newest hundred. */
enum gg_status pay_reconciliations(struct gg_db *db, struct gg_arena *arena, struct pay_reconciliation **rows,
                                   size_t *n) GG_MUSTCHECK;
/* Fills report->findings. */
enum gg_status pay_findings(struct gg_db *db, struct gg_arena *arena, struct pay_reconciliation *report) GG_MUSTCHECK;

/* What we have of a day of the provider, or of the bank: ids and amounts, for what they do not know. */
struct pay_ours {
    struct gg_id id, user;
    int64_t amount;
};
enum gg_status pay_charges_of_day(struct gg_db *db, struct gg_arena *arena, const char *day, struct pay_ours **rows,
                                  size_t *n) GG_MUSTCHECK;
enum gg_status pay_withdrawals_of_day(struct gg_db *db, struct gg_arena *arena, const char *day, struct pay_ours **rows,
                                      size_t *n) GG_MUSTCHECK;

/* reviews_open, corrections_proposed, withdrawals_open. */
enum gg_status pay_admin_counts(struct gg_db *db, struct gg_arena *arena, struct pay_admin_state *out) GG_MUSTCHECK;

#endif
