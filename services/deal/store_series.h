/* services/deal/store_series.h
 * SQL of series and standing orders. Those marked (tx) run inside a transaction. */
#ifndef SERVICES_DEAL_STORE_SERIES_H
#define SERVICES_DEAL_STORE_SERIES_H

#include "libcommon/db.h"

struct deal_series_row {
    struct gg_id id, host, first, last;
    const char *rule, *zone;
    int64_t made, last_day, next_at, created_at; /* next_at: GG_NONE when it has ended */
};
struct deal_order_row {
    struct gg_id user;
    int64_t quantity, tolerance;
};
/* (tx) GG_DUPLICATE: this deal has a series. */
enum gg_status deal_series_insert(struct gg_db *db, const struct deal_series_row *series) GG_MUSTCHECK;
enum gg_status deal_series_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, bool lock,
                               struct deal_series_row *series) GG_MUSTCHECK;
/* (tx) */
enum gg_status deal_series_update(struct gg_db *db, const struct deal_series_row *series) GG_MUSTCHECK;
/* Those a user hosts or has a standing order in; after an id. */
enum gg_status deal_series_list(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id after,
                                int64_t limit, struct deal_series_row **list, size_t *n) GG_MUSTCHECK;
/* (tx) Zero quantity: no order any more. */
enum gg_status deal_order_set(struct gg_db *db, struct gg_id series, const struct deal_order_row *order,
                              int64_t now) GG_MUSTCHECK;
/* Standing orders of a user in other series that have not ended. */
enum gg_status deal_orders_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id but,
                              int64_t *n) GG_MUSTCHECK;
/* Oldest first. */
enum gg_status deal_orders(struct gg_db *db, struct gg_arena *arena, struct gg_id series, struct deal_order_row **list,
                           size_t *n) GG_MUSTCHECK;

#endif
