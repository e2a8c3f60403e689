/* services/auth/store_account.h
 * SQL of what changes in an account: password, number, profile. Those marked (tx) run inside the caller's transaction.
 */
#ifndef SERVICES_AUTH_STORE_ACCOUNT_H
#define SERVICES_AUTH_STORE_ACCOUNT_H

#include "store.h"

/* GG_NOT_FOUND when no account has this number. */
enum gg_status auth_account_by_phone(struct gg_db *db, struct gg_arena *arena, const char *phone,
                                     struct auth_account *account) GG_MUSTCHECK;
/* (tx) Sets password and, unless NULL, id. GG_DUPLICATE: the id is taken. */
enum gg_status auth_account_set_password(struct gg_db *db, struct gg_id user, const char *phc,
                                         const char *login_id) GG_MUSTCHECK;
/* Replaces the hash by one of the same password, unless the password was changed meanwhile. */
enum gg_status auth_account_rehash(struct gg_db *db, struct gg_id user, const char *old, const char *phc) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: the number has an account. */
enum gg_status auth_account_set_phone(struct gg_db *db, struct gg_id user, const char *phone) GG_MUSTCHECK;
/* Whether a passkey or a payment PIN guards the account. */
enum gg_status auth_account_guarded(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    bool *yes) GG_MUSTCHECK;

/* Somebody with the phone of an account waits to get in. */
struct auth_recovery_row {
    int64_t asked_at, ready_at, until;
};
/* (tx) Replaces an older one. */
enum gg_status auth_recovery_put(struct gg_db *db, struct gg_id user, const struct auth_recovery_row *row) GG_MUSTCHECK;
enum gg_status auth_recovery_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct auth_recovery_row *row) GG_MUSTCHECK;
/* GG_NOT_FOUND when nobody waited. */
enum gg_status auth_recovery_delete(struct gg_db *db, struct gg_id user) GG_MUSTCHECK;

/* (tx) NULL leaves as it is; an introduction "" is taken away. GG_DUPLICATE: the nickname is taken. */
enum gg_status auth_account_set_profile(struct gg_db *db, struct gg_id user, const char *nickname,
                                        const char *introduction) GG_MUSTCHECK;
/* (tx) The picture and its hash; NULL takes it away. */
enum gg_status auth_picture_put(struct gg_db *db, struct gg_id user, const char *hash,
                                struct gg_str bytes) GG_MUSTCHECK;
/* GG_NOT_FOUND when there is none, or it has another hash by now. */
enum gg_status auth_picture_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char *hash,
                                 struct gg_str *bytes) GG_MUSTCHECK;

#endif
