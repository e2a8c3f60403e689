/* services/deal/store_trust.h
 * SQL of comments, reviews, facts and appeals. Those marked (tx) run inside a transaction. */
#ifndef SERVICES_DEAL_STORE_TRUST_H
#define SERVICES_DEAL_STORE_TRUST_H

#include "level.h"
#include "store.h"

#define DEAL_REPORTS_HIDE 3 /* so many readers hide a comment until an admin looks */

struct deal_comment_row {
    struct gg_id id, deal, author, reply_to, host;
    const char *nickname, *text, *title;
    int state;
    int64_t reports, created_at;
};
/* (tx) Also counts it on the deal. */
enum gg_status deal_comment_insert(struct gg_db *db, const struct deal_comment_row *comment) GG_MUSTCHECK;
enum gg_status deal_comment_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct deal_comment_row *comment) GG_MUSTCHECK;
/* Oldest first, after an id; without what its author removed, and without those whom `viewer` keeps apart from. */
enum gg_status deal_comments(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id viewer,
                             struct gg_id after, int64_t limit, struct deal_comment_row **list, size_t *n) GG_MUSTCHECK;
/* Reported ones, for admins. */
enum gg_status deal_comments_reported(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                      struct deal_comment_row **list, size_t *n) GG_MUSTCHECK;
/* (tx) */
enum gg_status deal_comment_state_set(struct gg_db *db, const struct deal_comment_row *comment, int state) GG_MUSTCHECK;
/* (tx) Once per reader; the third hides it. */
enum gg_status deal_comment_report(struct gg_db *db, struct gg_id comment, struct gg_id user, const char *reason,
                                   int64_t now) GG_MUSTCHECK;
/* (tx) Numbers one more event of the deal, which the caller has locked. */
enum gg_status deal_next_version(struct gg_db *db, struct deal_row *deal) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE: answered already. */
enum gg_status deal_review_insert(struct gg_db *db, struct gg_id deal, struct gg_id from, struct gg_id about,
                                  bool about_host, const struct deal_review *review, int64_t now) GG_MUSTCHECK;
/* Did these two share the deal, one as host, the other with a share that was handed over or settled? */
enum gg_status deal_shared(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id host,
                           struct gg_id guest, bool *yes) GG_MUSTCHECK;
/* Whom a user may still review, newest deals first; after (created_at of the deal, about). */
enum gg_status deal_reviews_due(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t limit,
                                struct deal_review_due **list, size_t *n) GG_MUSTCHECK;

/* (tx) Notes what happened, once; a second time changes nothing. */
enum gg_status deal_fact_put(struct gg_db *db, struct gg_id user, struct gg_id deal, int kind, int64_t at) GG_MUSTCHECK;
/* (tx) Facts that follow from what a share, or a deal, has become. Called wherever one is written. */
enum gg_status deal_facts_of_share(struct gg_db *db, const struct deal_share_row *share, int64_t now) GG_MUSTCHECK;
enum gg_status deal_facts_of_deal(struct gg_db *db, const struct deal_row *deal, int64_t now) GG_MUSTCHECK;
/* How often each thing happened (DEAL_COUNTS numbers), and the nickname (NULL: nobody known). */
enum gg_status deal_counts(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *counts,
                           const char **nickname) GG_MUSTCHECK;
enum gg_status deal_facts(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct deal_fact **list, size_t *n) GG_MUSTCHECK;

/* (tx) GG_NOT_FOUND: no such fact; GG_DUPLICATE: objected to already. */
enum gg_status deal_appeal_insert(struct gg_db *db, struct gg_arena *arena,
                                  const struct deal_appeal *appeal) GG_MUSTCHECK;
enum gg_status deal_appeals(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id after,
                            int64_t limit, struct deal_appeal **list, size_t *n) GG_MUSTCHECK;
/* (tx) Locked. */
enum gg_status deal_appeal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct deal_appeal *appeal) GG_MUSTCHECK;
enum gg_status deal_appeal_decide(struct gg_db *db, const struct deal_appeal *appeal, struct gg_id admin) GG_MUSTCHECK;

#endif
