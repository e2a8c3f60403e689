/* services/deal/store_wish.h
 * SQL of the request board. Those marked (tx) run inside a transaction. */
#ifndef SERVICES_DEAL_STORE_WISH_H
#define SERVICES_DEAL_STORE_WISH_H

#include "find.h"
#include "libcommon/db.h"

struct deal_wish_row {
    struct gg_id id, user, deal;
    const char *nickname, *title, *text;
    int category;
    int64_t cell, votes, created_at;
    bool voted; /* by the viewer */
};
/* (tx) */
enum gg_status deal_wish_insert(struct gg_db *db, const struct deal_wish_row *wish) GG_MUSTCHECK;
/* How many of a user's requests wait for a deal. */
enum gg_status deal_wishes_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n) GG_MUSTCHECK;
enum gg_status deal_wish_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id viewer,
                             struct deal_wish_row *wish) GG_MUSTCHECK;
/* In these cells, most votes or newest first; behind (votes, id) or (id). */
enum gg_status deal_wishes(struct gg_db *db, struct gg_arena *arena, const struct deal_cell_range *ranges,
                           size_t n_ranges, bool by_votes, struct gg_id viewer, int64_t after_votes,
                           struct gg_id after_id, int64_t limit, struct deal_wish_row **list, size_t *n) GG_MUSTCHECK;
/* (tx) Votes once, or takes it back. GG_NOT_FOUND: no such request. */
enum gg_status deal_wish_vote(struct gg_db *db, struct gg_id wish, struct gg_id user, bool on) GG_MUSTCHECK;
/* (tx) */
enum gg_status deal_wish_delete(struct gg_db *db, struct gg_id wish) GG_MUSTCHECK;
enum gg_status deal_wish_fulfil(struct gg_db *db, struct gg_id wish, struct gg_id deal) GG_MUSTCHECK;

#endif
