/* services/pay/reconcile.h
 * The daily reconciliation: our ledger against the provider's payments and the bank's statement of a day. What we had
 * missed is made good; what cannot be explained is held for review. Blocks: OUT pool or sweep. */
#ifndef PAY_RECONCILE_H
#define PAY_RECONCILE_H

#include "libcommon/db.h"
#include "proto/pay_admin.h"

#define PAY_DUE_RECONCILE "pay.reconcile"

/* Compares the day ("2026-11-21" in Seoul) and stores the report. GG_UNAVAILABLE: provider or bank does not answer;
 * nothing is stored. `db` is a free connection. */
enum gg_status pay_reconcile(struct gg_db *db, struct gg_arena *arena, const char *day,
                             struct pay_reconciliation *report) GG_MUSTCHECK;

#endif
