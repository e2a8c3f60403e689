/* services/pay/store_leave.h
 * SQL about somebody who leaves, and about everything pay keeps of somebody. */
#ifndef PAY_STORE_LEAVE_H
#define PAY_STORE_LEAVE_H

#include "libcommon/db.h"
#include "proto/auth_trust.h"

/* What is in flight: money in the wallet, holds and escrow, open requests of one's own, withdrawals and charges under
 * way; at most `max`. */
enum gg_status pay_in_flight(struct gg_db *db, struct gg_arena *arena, struct gg_id user, size_t max,
                             struct auth_in_flight **items, size_t *n) GG_MUSTCHECK;
/* The number of the next event about this person. */
enum gg_status pay_person_step(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *step) GG_MUSTCHECK;
/* Ids of open requests the user made, or owes a part of. */
enum gg_status pay_requests_around(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **ids,
                                   size_t *n) GG_MUSTCHECK;
/* Removes the user's blocks, on either side. */
enum gg_status pay_blocks_purge(struct gg_db *db, struct gg_id user, int64_t *rows) GG_MUSTCHECK;

#endif
