/* services/auth/store_passkey.h
 * SQL of passkeys. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_AUTH_STORE_PASSKEY_H
#define SERVICES_AUTH_STORE_PASSKEY_H

#include "libcommon/crypto.h"
#include "libcommon/db.h"

enum auth_challenge_purpose { AUTH_CHALLENGE_REGISTER, AUTH_CHALLENGE_LOGIN, AUTH_CHALLENGE_STEP_UP };
struct auth_challenge {
    struct gg_id id;
    int purpose;
    uint8_t challenge[32], act[GG_SHA256];
    struct gg_id user; /* zero: whoever it will be */
    int64_t expires_at;
};
struct auth_passkey_row {
    struct gg_id id, user;
    struct gg_str credential;
    uint8_t point[GG_P256_POINT];
    int64_t counter;
    const char *name;
    int64_t made_at, used_at;
};

enum gg_status auth_challenge_insert(struct gg_db *db, const struct auth_challenge *challenge,
                                     int64_t now) GG_MUSTCHECK;
/* Takes it, once: GG_NOT_FOUND when it is unknown, over, used or for something else. */
enum gg_status auth_challenge_take(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int purpose, int64_t now,
                                   struct auth_challenge *challenge) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: it is known already. */
enum gg_status auth_passkey_insert(struct gg_db *db, const struct auth_passkey_row *passkey) GG_MUSTCHECK;
enum gg_status auth_passkey_by_credential(struct gg_db *db, struct gg_arena *arena, struct gg_str credential,
                                          struct auth_passkey_row *passkey) GG_MUSTCHECK;
enum gg_status auth_passkeys_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                struct auth_passkey_row **passkeys, size_t *n) GG_MUSTCHECK;
/* (tx) Moves the counter on; GG_NOT_FOUND when another assertion with as high a counter was first. */
enum gg_status auth_passkey_used(struct gg_db *db, struct gg_id id, int64_t counter, int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND. */
enum gg_status auth_passkey_rename(struct gg_db *db, struct gg_id user, struct gg_id id, const char *name) GG_MUSTCHECK;
enum gg_status auth_passkey_delete(struct gg_db *db, struct gg_id user, struct gg_id id) GG_MUSTCHECK;

#endif
