/* services/deal/store_plan.h
 * The columns behind struct deal_plan, for the questions of store.c. */
#ifndef SERVICES_DEAL_STORE_PLAN_H
#define SERVICES_DEAL_STORE_PLAN_H

#include "store.h"

#define DEAL_PLAN_COLUMNS                                                                                              \
    ", d.unit_amount, d.measure, d.boxes_max, d.fill_minutes, d.ceiling_won, d.max_portions, d.each_max,"              \
    " d.delivery_won, d.delivery_rule, d.shortage_rule, d.windows, d.terms, d.accept_by, d.extras, d.offered,"         \
    " d.queued, d.queue, d.sold_portions, d.settled_won, d.host_won, d.came_portions, d.handover_key"
#define DEAL_PLAN_N 22

/* The plan, its first column being `c`. */
struct deal_plan deal_plan_read(const struct gg_rows *rows, size_t r, size_t c);
/* (tx) Writes the planned part of a deal. */
enum gg_status deal_plan_put(struct gg_db *db, const struct deal_row *deal) GG_MUSTCHECK;

#endif
