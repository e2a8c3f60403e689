/* services/auth/store_pin.h
 * SQL of the payment PIN. */
#ifndef SERVICES_AUTH_STORE_PIN_H
#define SERVICES_AUTH_STORE_PIN_H

#include "libcommon/db.h"

struct auth_pin_row {
    const char *hash;
    int64_t tries;
};

/* GG_NOT_FOUND: none is set. */
enum gg_status auth_pin_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                             struct auth_pin_row *pin) GG_MUSTCHECK;
/* Counts one try before the PIN is looked at, and reads it with the try; GG_NOT_FOUND: none is set, or it is locked. A
 * transaction of its own: what is counted stays. */
enum gg_status auth_pin_try(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t max_tries,
                            struct auth_pin_row *pin) GG_MUSTCHECK;
/* The PIN was right: the count begins anew. */
enum gg_status auth_pin_right(struct gg_db *db, struct gg_id user) GG_MUSTCHECK;
/* Sets or replaces it, unlocked. */
enum gg_status auth_pin_put(struct gg_db *db, struct gg_id user, const char *hash, int64_t now) GG_MUSTCHECK;

#endif
