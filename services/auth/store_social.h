/* services/auth/store_social.h
 * SQL of log-in by other services. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_AUTH_STORE_SOCIAL_H
#define SERVICES_AUTH_STORE_SOCIAL_H

#include "libcommon/crypto.h"
#include "libcommon/db.h"
#include "libcommon/json.h"

struct auth_attempt {
    uint8_t cookie_hash[GG_SHA256], state_hash[GG_SHA256];
    const char *provider, *verifier, *nonce;
    struct gg_id user; /* zero: a log-in */
    const char *subject, *nickname;
    int64_t expires_at;
};

/* Begins an attempt, and forgets up to 100 that are over. */
enum gg_status auth_attempt_insert(struct gg_db *db, const struct auth_attempt *attempt, int64_t now) GG_MUSTCHECK;
/* Takes the state of the attempt, once: GG_NOT_FOUND when it is unknown, over, of another provider or used. */
enum gg_status auth_attempt_take(struct gg_db *db, struct gg_arena *arena, const uint8_t cookie_hash[GG_SHA256],
                                 const uint8_t state_hash[GG_SHA256], const char *provider, int64_t now,
                                 struct auth_attempt *attempt) GG_MUSTCHECK;
/* Keeps who came back, for the completion. */
enum gg_status auth_attempt_keep(struct gg_db *db, const struct auth_attempt *attempt) GG_MUSTCHECK;
/* The attempt that waits for completion. GG_NOT_FOUND. */
enum gg_status auth_attempt_waiting(struct gg_db *db, struct gg_arena *arena, const uint8_t cookie_hash[GG_SHA256],
                                    int64_t now, struct auth_attempt *attempt) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND when it is gone already. */
enum gg_status auth_attempt_delete(struct gg_db *db, const uint8_t cookie_hash[GG_SHA256]) GG_MUSTCHECK;

/* Whose account this is over there. GG_NOT_FOUND. */
enum gg_status auth_social_user(struct gg_db *db, struct gg_arena *arena, const char *provider, const char *subject,
                                struct gg_id *user) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: it belongs to an account, or this account has another one of this provider. */
enum gg_status auth_social_link(struct gg_db *db, const char *provider, const char *subject, struct gg_id user,
                                int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND. */
enum gg_status auth_social_unlink(struct gg_db *db, const char *provider, struct gg_id user) GG_MUSTCHECK;
struct auth_social_row {
    const char *provider;
    int64_t linked_at;
};
enum gg_status auth_social_links(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct auth_social_row **links, size_t *n) GG_MUSTCHECK;
/* Their names only, as a list of texts. */
enum gg_status auth_social_names(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct gg_list *names) GG_MUSTCHECK;

#endif
