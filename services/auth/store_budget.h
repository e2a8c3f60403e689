/* services/auth/store_budget.h
 * SQL of several budgets at once: one round trip for all of them. */
#ifndef SERVICES_AUTH_STORE_BUDGET_H
#define SERVICES_AUTH_STORE_BUDGET_H

#include "store.h"

#define AUTH_BUDGETS_MAX 4

struct auth_budget {
    const char *scope, *key;
    int64_t window_ms, limit;
    int64_t used; /* with this one */
};

/* Takes one of each (1 to AUTH_BUDGETS_MAX) and fills `used`. Outside a transaction. Of `watched`, unless NULL, nothing
 * is taken: its `used` becomes the most that was taken in this window or in the one before. */
enum gg_status auth_budgets_take(struct gg_db *db, struct gg_arena *arena, struct auth_budget *budgets, size_t n,
                                 int64_t now, struct auth_budget *watched) GG_MUSTCHECK;
/* Gives back what was taken at `taken_at`. */
enum gg_status auth_budgets_give_back(struct gg_db *db, struct gg_arena *arena, const struct auth_budget *budgets,
                                      size_t n, int64_t taken_at) GG_MUSTCHECK;

#endif
