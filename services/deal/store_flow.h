/* services/deal/store_flow.h
 * SQL of what happens around shares: carries, waiting list, terms, disputes, drafts, who keeps apart from whom, who is
 * leaving. Those marked (tx) run inside the caller's transaction, under the deal's lock where there is a deal. */
#ifndef SERVICES_DEAL_STORE_FLOW_H
#define SERVICES_DEAL_STORE_FLOW_H

#include "libcommon/db.h"
#include "proto/deal_flow.h"

/* --- carries --- */

/* What each of `users` has paid above his exact parts so far. */
enum gg_status deal_carries(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                            int64_t *carries) GG_MUSTCHECK;
/* (tx) Adds to them, in the order of ids. */
enum gg_status deal_carries_add(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                const int64_t *deltas) GG_MUSTCHECK;

/* --- waiting list --- */

struct deal_wait_row {
    struct gg_id id, deal, user;
    int64_t position;
    int state;
    int64_t quantity, tolerance, offered, offered_until, created_at;
};
/* (tx) GG_DUPLICATE: the neighbour waits already. */
enum gg_status deal_wait_insert(struct gg_db *db, const struct deal_wait_row *wait) GG_MUSTCHECK;
/* (tx) State, quantity, tolerance, offer. */
enum gg_status deal_wait_update(struct gg_db *db, const struct deal_wait_row *wait) GG_MUSTCHECK;
enum gg_status deal_wait_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                             struct deal_wait_row *wait) GG_MUSTCHECK;
/* The user's place while it counts. GG_NOT_FOUND. */
enum gg_status deal_wait_of(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id user,
                            struct deal_wait_row *wait) GG_MUSTCHECK;
/* The first in line without an offer. GG_NOT_FOUND. */
enum gg_status deal_wait_first(struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                               struct deal_wait_row *wait) GG_MUSTCHECK;
/* The deals on whose lists the user is now, in the order of ids. */
enum gg_status deal_waits_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **deals,
                             size_t *n) GG_MUSTCHECK;
/* How many wait before this position. */
enum gg_status deal_wait_ahead(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t position,
                               int64_t *ahead) GG_MUSTCHECK;
/* (tx) The deal is closed: nobody waits any more. Gives who did, first in line first. */
enum gg_status deal_wait_end(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct deal_waiter **waiters,
                             size_t *n) GG_MUSTCHECK;

/* --- terms --- */

/* (tx) */
enum gg_status deal_terms_put(struct gg_db *db, struct gg_id deal, int64_t version, const char *body,
                              int64_t now) GG_MUSTCHECK;
struct deal_terms_row {
    int64_t version, since;
    const char *body;
};
/* Versions below `before`, newest first. */
enum gg_status deal_terms_list(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t before,
                               int64_t limit, struct deal_terms_row **rows, size_t *n) GG_MUSTCHECK;

/* --- disputes --- */

struct deal_dispute_row {
    struct gg_id id, deal, share, user, host, decided_by;
    const char *title, *user_nickname, *host_nickname;
    int state;
    const char *message, *answer, *decision, *photos;
    int64_t amount_won, asked_won, offered_won, refund_won;
    int64_t opened_at, answered_at, ended_at, due_at;
};
/* (tx) GG_DUPLICATE: one is open for this share. */
enum gg_status deal_dispute_insert(struct gg_db *db, const struct deal_dispute_row *dispute) GG_MUSTCHECK;
/* (tx) */
enum gg_status deal_dispute_update(struct gg_db *db, const struct deal_dispute_row *dispute) GG_MUSTCHECK;
enum gg_status deal_dispute_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct deal_dispute_row *dispute) GG_MUSTCHECK;
/* The last dispute of a share. GG_NOT_FOUND. */
enum gg_status deal_dispute_of(struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                               struct deal_dispute_row *dispute) GG_MUSTCHECK;
/* Open ones, oldest first, after (opened_at, id). */
enum gg_status deal_dispute_list(struct gg_db *db, struct gg_arena *arena, int64_t after, struct gg_id after_id,
                                 int64_t limit, struct deal_dispute_row **rows, size_t *n) GG_MUSTCHECK;

/* --- drafts --- */

struct deal_draft_row {
    struct gg_id id;
    const char *body;
    int64_t saved_at;
};
/* Saves; a new id is a new draft. GG_NOT_FOUND: it is somebody else's. */
enum gg_status deal_draft_put(struct gg_db *db, struct gg_id host, const struct deal_draft_row *draft) GG_MUSTCHECK;
enum gg_status deal_draft_get(struct gg_db *db, struct gg_arena *arena, struct gg_id host, struct gg_id id,
                              struct deal_draft_row *draft) GG_MUSTCHECK;
enum gg_status deal_draft_delete(struct gg_db *db, struct gg_id host, struct gg_id id) GG_MUSTCHECK;
/* Last saved first, before (saved_at, id) unless it is GG_NONE. */
enum gg_status deal_draft_list(struct gg_db *db, struct gg_arena *arena, struct gg_id host, int64_t before,
                               struct gg_id before_id, int64_t limit, struct deal_draft_row **rows,
                               size_t *n) GG_MUSTCHECK;

/* --- people --- */

/* (tx) As auth tells. */
enum gg_status deal_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked, bool is) GG_MUSTCHECK;
/* Which of `users` the host has blocked, or who have blocked him. */
enum gg_status deal_blocked_of(struct gg_db *db, struct gg_arena *arena, struct gg_id host, const struct gg_id *users,
                               size_t n, bool *blocked) GG_MUSTCHECK;
/* Has one of the two blocked the other? */
enum gg_status deal_blocked(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b,
                            bool *yes) GG_MUSTCHECK;
/* (tx) */
enum gg_status deal_account_closing(struct gg_db *db, struct gg_id user, bool closing) GG_MUSTCHECK;
/* Which of `users` are leaving. */
enum gg_status deal_are_closing(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                bool *closing) GG_MUSTCHECK;
/* (tx) What one user does until the commit, he does one after the other. */
enum gg_status deal_account_lock(struct gg_db *db, struct gg_id user) GG_MUSTCHECK;
/* (tx) The number of the next event about this account. */
enum gg_status deal_account_version(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    int64_t *version) GG_MUSTCHECK;
/* Deals and shares of the user that have not ended: at most 20. */
enum gg_status deal_in_flight(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                              struct gg_list *items) GG_MUSTCHECK;
/* (tx) Forgets what is personal beside money's trail; answers how many rows. */
enum gg_status deal_forget(struct gg_db *db, struct gg_id user, int64_t *rows) GG_MUSTCHECK;

#endif
