/* services/deal/store_own.h
 * SQL of one's own data: the calendar feed, the export, forgetting somebody. */
#ifndef SERVICES_DEAL_STORE_OWN_H
#define SERVICES_DEAL_STORE_OWN_H

#include "ics.h"
#include "libcommon/buf.h"
#include "libcommon/db.h"

/* (tx) A new feed for the user; an old one ends. */
enum gg_status deal_calendar_put(struct gg_db *db, struct gg_id user, struct gg_str token_hash,
                                 int64_t now) GG_MUSTCHECK;
enum gg_status deal_calendar_delete(struct gg_db *db, struct gg_id user) GG_MUSTCHECK;
/* GG_NOT_FOUND. */
enum gg_status deal_calendar_user(struct gg_db *db, struct gg_arena *arena, struct gg_str token_hash,
                                  struct gg_id *user) GG_MUSTCHECK;
/* Pick-ups of a user from `since` on, of deals that are confirmed, on their way, here, done or cancelled after that. */
enum gg_status deal_pickups(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t since,
                            const char *public_url, struct deal_pickup_event **events, size_t *n) GG_MUSTCHECK;

/* Everything the service keeps about a user, as one JSON document. */
enum gg_status deal_export(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                           struct gg_buf *out) GG_MUSTCHECK;
/* (tx) Removes what the market side keeps of somebody who is gone for good; adds the rows to *rows. */
enum gg_status deal_market_forget(struct gg_db *db, struct gg_id user, int64_t *rows) GG_MUSTCHECK;

#endif
