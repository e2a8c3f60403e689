/* services/push/store.h
 * SQL of the push service: what it knows of people and deals, the inbox, devices. Those marked (tx) run inside the
 * caller's transaction. The way of notices: store_way.h; wishes: store_wish.h. */
#ifndef SERVICES_PUSH_STORE_H
#define SERVICES_PUSH_STORE_H

#include "batch.h"
#include "notice.h"

/* --- people, deals, shares (store.c) --- */

/* (tx) Push's own copy of a nickname. */
enum gg_status push_person_put(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;
/* NULL when it is not known yet. */
enum gg_status push_person_nickname(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    const char **nickname) GG_MUSTCHECK;

struct push_deal_row {
    struct gg_id deal, host;
    const char *title;
    int state;     /* enum deal_state; -1: as it was */
    int64_t terms; /* GG_NONE: as it was, like the times */
    int64_t closes_at, pickup_from, pickup_until;
};
/* (tx) Writes what is given. */
enum gg_status push_deal_put(struct gg_db *db, const struct push_deal_row *deal) GG_MUSTCHECK;
/* (tx) Raises what was told about how full it is; GG_NOT_FOUND: that much was told already, or the deal is unknown. */
enum gg_status push_deal_told_full(struct gg_db *db, struct gg_id deal, int64_t level) GG_MUSTCHECK;
enum gg_status push_deal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                             struct push_deal_row *row) GG_MUSTCHECK;
/* Host (first) and everybody with a live share. */
enum gg_status push_deal_people(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id **users,
                                size_t *n) GG_MUSTCHECK;

struct push_share_row {
    struct gg_id share, deal, host, user;
    const char *title;
    int state;     /* enum deal_share_state */
    int64_t terms; /* GG_NONE: as it was */
};
/* (tx) Push's own copy of a share, for later events that name only its id, and for what reminders ask. */
enum gg_status push_share_put(struct gg_db *db, const struct push_share_row *share) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_shares_state(struct gg_db *db, const struct gg_id *shares, size_t n, int state) GG_MUSTCHECK;
/* Title and member of a share; GG_NOT_FOUND while the deal's event has not come. */
enum gg_status push_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id share, struct gg_id *user,
                              const char **title) GG_MUSTCHECK;

/* (tx) */
enum gg_status push_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
enum gg_status push_block_delete(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
/* Which of these keep apart from `from`, either way round. */
enum gg_status push_blocked(struct gg_db *db, struct gg_arena *arena, struct gg_id from, const struct gg_id *users,
                            size_t n, struct gg_id **blocked, size_t *n_blocked) GG_MUSTCHECK;
/* (tx) Removes all that is personal of a person (the name becomes nobody's); how many rows. */
enum gg_status push_person_purge(struct gg_db *db, struct gg_id user, int64_t *rows) GG_MUSTCHECK;

/* --- inbox (store_inbox.c) --- */

struct push_inbox_row {
    struct gg_id user;
    int64_t version; /* events of this inbox so far */
    int64_t unread;
    int64_t place; /* of the newest notice */
};
/* (tx) Locks (and makes) the inbox; then what it is. */
enum gg_status push_inbox_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct push_inbox_row *row) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_inbox_put(struct gg_db *db, const struct push_inbox_row *row) GG_MUSTCHECK;
enum gg_status push_unread(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *unread) GG_MUSTCHECK;
/* (tx) Adds `by` to many inboxes, makes those that are missing, locks in the order of ids; then what they are now, in
 * that order. Sorted, one row for each person. At most PUSH_BATCH. */
enum gg_status push_inboxes_raise(struct gg_db *db, struct gg_arena *arena, const struct push_inbox_row *by,
                                  size_t n) GG_MUSTCHECK;
enum gg_status push_inboxes_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                struct push_inbox_row **rows) GG_MUSTCHECK;

/* (tx) */
enum gg_status push_notices_insert(struct gg_db *db, struct gg_arena *arena, const struct push_facts *facts,
                                   size_t n) GG_MUSTCHECK;
/* Which of these notices are there. */
enum gg_status push_notices_known(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                                  struct gg_id **known, size_t *n_known) GG_MUSTCHECK;
/* Who of these has been told of the event. */
enum gg_status push_told(struct gg_db *db, struct gg_arena *arena, struct gg_id event, const struct gg_id *users,
                         size_t n, struct gg_id **told, size_t *n_told) GG_MUSTCHECK;
/* Unread notices of a kind and target, of these people: {user, notice, number}. */
struct push_open_row {
    struct gg_id user, notice;
    int64_t number;
};
enum gg_status push_open_notices(struct gg_db *db, struct gg_arena *arena, int kind, struct gg_id target,
                                 const struct gg_id *users, size_t n, struct push_open_row **open,
                                 size_t *n_open) GG_MUSTCHECK;
/* (tx) The newest of several: words, event, time; its place is the inbox's version. */
enum gg_status push_notice_renew(struct gg_db *db, const struct push_facts *facts) GG_MUSTCHECK;
enum gg_status push_notice_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct push_facts *facts) GG_MUSTCHECK;
/* Newest first, below position `before`; snoozed ones are left out. */
enum gg_status push_notices(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before, bool unread,
                            bool archived, int64_t limit, struct push_facts **facts, size_t *n) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND: not this user's. `was_unread` tells whether something changed. */
enum gg_status push_notice_read(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t now,
                                bool *was_unread) GG_MUSTCHECK;
/* (tx) All up to this position; how many changed. */
enum gg_status push_notices_read(struct gg_db *db, struct gg_id user, int64_t up_to, int64_t now,
                                 int64_t *changed) GG_MUSTCHECK;
/* (tx) `at` GG_NONE takes it out of the archive. GG_NOT_FOUND: not this user's. */
enum gg_status push_notice_archive(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t at) GG_MUSTCHECK;
/* (tx) Put away until then. GG_NOT_FOUND: not this user's. */
enum gg_status push_notice_snooze(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t until) GG_MUSTCHECK;
/* (tx) Back at the top, unread. */
enum gg_status push_notice_wake(struct gg_db *db, struct gg_id id, int64_t position) GG_MUSTCHECK;
/* The oldest notices from before `before`: {user, id, unread}. */
struct push_old_row {
    struct gg_id user, id;
    bool unread;
};
enum gg_status push_notices_old(struct gg_db *db, struct gg_arena *arena, int64_t before, struct push_old_row **old,
                                size_t *n) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_notices_delete(struct gg_db *db, const struct gg_id *ids, size_t n) GG_MUSTCHECK;
/* When the oldest notice was written; GG_NONE: there is none. */
enum gg_status push_notices_oldest(struct gg_db *db, struct gg_arena *arena, int64_t *at) GG_MUSTCHECK;
/* A notice out of a result that begins with PUSH_NOTICE_COLUMNS at `column`. */
#define PUSH_NOTICE_COLUMNS                                                                                            \
    "n.id, n.user_id, n.event_id, n.deal_id, n.position, n.kind, n.title, n.who, n.amount_won, n.at, n.read_at, "      \
    "n.target_id, n.text, n.until_at, n.number, n.fate, n.archived_at, n.snoozed_until, n.digest_at, n.ended_at, "     \
    "n.ended"
#define PUSH_NOTICE_COLUMNS_N 21
struct push_facts push_facts_row(const struct gg_rows *rows, size_t row, size_t column);

#endif
