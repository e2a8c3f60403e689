/* services/deal/store.h
 * SQL of the deal service: deals and people. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_DEAL_STORE_H
#define SERVICES_DEAL_STORE_H

#include "libcommon/db.h"
#include "proto/deal.h"

/* What came with the whole way of a deal (schema 0003). */
struct deal_plan {
    int64_t unit_amount;
    int measure;       /* -1: none */
    int64_t boxes_max; /* GG_NONE: one lot; else portions, total_won and ceiling_won are those of all boxes */
    int64_t fill_minutes, ceiling_won, max_portions, each_max, delivery_won;
    int delivery_rule, shortage_rule;
    const char *windows;
    int64_t terms, accept_by;
    int64_t extras, offered, queued, queue;
    int64_t sold_portions, settled_won, host_won, came_portions;
    struct gg_str handover_key;
};
/* A plan with nothing special: one lot, no delivery, first version. */
extern const struct deal_plan deal_plan_plain;

struct deal_row {
    struct gg_id id, host;
    int64_t version;
    int state, reason; /* reason: -1 none */
    const char *title, *description, *unit, *photos, *host_nickname;
    int category;
    int64_t total_won, portions, host_portions, min_portions, taken, waiting, joined;
    int64_t receipt_won; /* GG_NONE: not bought yet */
    const char *receipt;
    int64_t closes_at, created_at;
    const char *place, *note;
    int64_t lat, lng, cell_lat, cell_lng, pickup_from, pickup_until;
    int64_t wrong_codes, wrong_codes_since;
    struct deal_plan plan;
    int64_t distance_m; /* of lists around a point, which measure it; else GG_NONE */
    const char *tags;   /* separated by line feeds; "" none */
    const char *shop_url;
};
struct deal_share_row {
    const char *traceparent; /* of the request that makes it; not kept */
    struct gg_id id, deal, user;
    int64_t position;
    int state, reason;
    int64_t quantity, tolerance, allotted, max_won, amount_won, captured_won, refunded_won;
    const char *code, *nickname;
    int64_t reserved_until, joined_at;
    int64_t terms;
    int64_t want_quantity, want_tolerance, want_won, want_terms; /* GG_NONE: no change is under way */
    int64_t resize, window, received;
    const char *because;
    bool no_show;
    int64_t carry_delta, handed_at;
};

/* (tx) The service's own copy of a nickname. */
enum gg_status deal_person_put(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;

/* (tx) */
enum gg_status deal_insert(struct gg_db *db, const struct deal_row *deal) GG_MUSTCHECK;
enum gg_status deal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_row *deal) GG_MUSTCHECK;
/* Up to 101 deals by their ids, in that order; those that are not there are left out. */
enum gg_status deal_get_many(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n_ids,
                             struct deal_row **deals, size_t *n) GG_MUSTCHECK;
/* (tx) Locks the deal: whoever changes it or its shares holds this. */
enum gg_status deal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_row *deal) GG_MUSTCHECK;
/* (tx) Writes what an edit can change: words, numbers, times, place. */
enum gg_status deal_rewrite(struct gg_db *db, const struct deal_row *deal) GG_MUSTCHECK;
/* (tx) Writes everything else that can change. */
enum gg_status deal_update(struct gg_db *db, const struct deal_row *deal) GG_MUSTCHECK;

/* (tx) One more wrong hand-over code; the count starts anew when the first is older than `window_ms`. */
enum gg_status deal_count_wrong_code(struct gg_db *db, struct gg_id id, int64_t now, int64_t window_ms) GG_MUSTCHECK;

/* Those a user hosts or has a share in, newest first. */
enum gg_status deal_list_mine(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                              struct gg_id before_id, int64_t limit, struct deal_row **deals, size_t *n) GG_MUSTCHECK;

/* --- shares --- */

/* (tx) GG_DUPLICATE: a neighbour has a live share. */
enum gg_status deal_shares_insert(struct gg_db *db, struct gg_arena *arena, const struct deal_share_row *shares,
                                  size_t n) GG_MUSTCHECK;
/* Which of these users have a live share of the deal. */
enum gg_status deal_shares_have(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const struct gg_id *users,
                                size_t n, bool *have) GG_MUSTCHECK;
/* Which of these hand-over codes are taken in the deal. */
enum gg_status deal_codes_taken(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const char *const *codes,
                                size_t n, bool *taken) GG_MUSTCHECK;
/* The user's live share, else his last one; GG_NOT_FOUND. */
enum gg_status deal_share_of(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id user,
                             struct deal_share_row *share) GG_MUSTCHECK;
enum gg_status deal_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                              struct deal_share_row *share) GG_MUSTCHECK;
/* The share with this hand-over code; GG_NOT_FOUND. */
enum gg_status deal_share_by_code(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const char *code,
                                  struct deal_share_row *share) GG_MUSTCHECK;
/* All shares of a deal, or only live ones, by order of joining; above `after`. */
enum gg_status deal_shares(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, bool live, int64_t after,
                           int64_t limit, struct deal_share_row **shares, size_t *n) GG_MUSTCHECK;
/* (tx) Writes everything that can change. */
enum gg_status deal_share_update(struct gg_db *db, const struct deal_share_row *share) GG_MUSTCHECK;

#endif
