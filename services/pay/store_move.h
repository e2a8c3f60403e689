/* services/pay/store_move.h
 * SQL about neighbours' own moves: remittances, what the day has spent, proofs that were used. */
#ifndef PAY_STORE_MOVE_H
#define PAY_STORE_MOVE_H

#include "libcommon/crypto.h"
#include "libcommon/db.h"

struct pay_remit_row {
    struct gg_id id, sender, recipient;
    int64_t amount;
    const char *memo; /* NULL: none */
    struct gg_id deal, room, request;
    int64_t at;
};
enum gg_status pay_remit_insert(struct gg_db *db, const struct pay_remit_row *row) GG_MUSTCHECK;

/* What the user has moved out on this day (pay_day). Read under the lock of the wallet's account. */
enum gg_status pay_spent_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t day,
                              int64_t *amount) GG_MUSTCHECK;
/* Adds to it; `amount` below zero gives back. */
enum gg_status pay_spent_add(struct gg_db *db, struct gg_id user, int64_t day, int64_t amount) GG_MUSTCHECK;

/* Webhooks that were acted on; those older than a week are forgotten. */
enum gg_status pay_webhook_seen(struct gg_db *db, struct gg_arena *arena, const uint8_t digest[GG_SHA256],
                                bool *yes) GG_MUSTCHECK;
enum gg_status pay_webhook_remember(struct gg_db *db, const uint8_t digest[GG_SHA256], int64_t now) GG_MUSTCHECK;

/* Uses a proof up. GG_DUPLICATE: it was used before. */
enum gg_status pay_proof_use(struct gg_db *db, struct gg_id proof, struct gg_id user, int64_t now) GG_MUSTCHECK;

#endif
