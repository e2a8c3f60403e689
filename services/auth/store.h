/* services/auth/store.h
 * SQL of the auth service: one function per question or change. Those marked (tx) run inside the caller's transaction.
 */
#ifndef SERVICES_AUTH_STORE_H
#define SERVICES_AUTH_STORE_H

#include "libcommon/db.h"

struct auth_account {
    struct gg_id id;
    int64_t version, session_version;
    const char *login_id, *nickname, *phone, *password;
    int64_t created_at;
    bool admin;
    int64_t suspended_at, suspended_until; /* GG_NONE: not; without an end */
    const char *suspended_for;
    struct gg_id closing;               /* the newest attempt to leave; zero: none */
    int64_t closed_at;                  /* GG_NONE: not closed */
    const char *introduction, *picture; /* NULL: none; the picture's hash */
    const char *areas;                  /* neighbourhoods as the token says them; NULL: none */
};
struct auth_session_row {
    struct gg_id id, user;
    uint8_t salt[16];
    int64_t generation, rotated_at, opened_at;
    const char *device, *address;
    bool ended;
    const char *place; /* NULL: unknown; only in lists, like place_at */
    int64_t place_at;
};

/* GG_NOT_FOUND when there is none. Texts live in the arena. */
enum gg_status auth_account_by_login(struct gg_db *db, struct gg_arena *arena, const char *login_id,
                                     struct auth_account *account) GG_MUSTCHECK;
enum gg_status auth_account_by_id(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                  struct auth_account *account) GG_MUSTCHECK;
/* (tx) The same, with the row locked until the end of the transaction. */
enum gg_status auth_account_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_account *account) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: gg_db_constraint() says which name is taken. */
enum gg_status auth_account_insert(struct gg_db *db, const struct auth_account *account) GG_MUSTCHECK;
/* (tx) Writes version and session_version. */
enum gg_status auth_account_touch(struct gg_db *db, const struct auth_account *account) GG_MUSTCHECK;
/* Whether a name is free. NULL is not looked up and free. */
enum gg_status auth_names_free(struct gg_db *db, struct gg_arena *arena, const char *login_id, const char *nickname,
                               bool *login_id_free, bool *nickname_free) GG_MUSTCHECK;

enum gg_status auth_code_insert(struct gg_db *db, struct gg_id id, const char *phone, const uint8_t hash[32],
                                int64_t expires_at) GG_MUSTCHECK;
/* Counts one try and reads the code; GG_NOT_FOUND when it is unknown, used, expired or out of tries. */
enum gg_status auth_code_try(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t now, int64_t max_tries,
                             const char **phone, const uint8_t **hash) GG_MUSTCHECK;
/* (tx) Uses the code up; GG_NOT_FOUND when somebody else did. */
enum gg_status auth_code_use(struct gg_db *db, struct gg_id id, int64_t now) GG_MUSTCHECK;
/* Of the newest `last` codes that expire after `from` and not after `until`: how many there are, and how many were
 * used. */
enum gg_status auth_codes_redeemed(struct gg_db *db, struct gg_arena *arena, int64_t from, int64_t until, int64_t last,
                                   int64_t *sent, int64_t *redeemed) GG_MUSTCHECK;
enum gg_status auth_code_delete(struct gg_db *db, struct gg_id id) GG_MUSTCHECK;

/* (tx) */
enum gg_status auth_session_insert(struct gg_db *db, const struct auth_session_row *session) GG_MUSTCHECK;
/* (tx) Reads the session and locks it. */
enum gg_status auth_session_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_session_row *session) GG_MUSTCHECK;
/* (tx) Writes generation, rotated_at and address. */
enum gg_status auth_session_rotate(struct gg_db *db, const struct auth_session_row *session) GG_MUSTCHECK;
/* (tx) Keeps the area this session has proved to be in. */
enum gg_status auth_session_place(struct gg_db *db, struct gg_id id, int64_t code, int64_t now) GG_MUSTCHECK;
/* (tx) Forgets it in every session of the user. */
enum gg_status auth_sessions_forget_place(struct gg_db *db, struct gg_id user, int64_t code) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND when it had ended. */
enum gg_status auth_session_close(struct gg_db *db, struct gg_id id, int reason, int64_t now) GG_MUSTCHECK;
/* Open sessions of a user, newest first, opened before the cursor's (opened_at, id) when `before` is not GG_NONE. */
enum gg_status auth_sessions_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                                  struct gg_id before_id, int64_t limit, struct auth_session_row **sessions,
                                  size_t *n) GG_MUSTCHECK;
/* (tx) Whether this user ever had a session. */
enum gg_status auth_sessions_any(struct gg_db *db, struct gg_arena *arena, struct gg_id user, bool *any) GG_MUSTCHECK;

/* Takes one from the budget (scope, key) of this window of time and tells how much is used up. Counted for all
 * instances together. */
enum gg_status auth_budget_take(struct gg_db *db, struct gg_arena *arena, const char *scope, const char *key,
                                int64_t window_ms, int64_t now, int64_t *used) GG_MUSTCHECK;
/* Reads it without taking. */
enum gg_status auth_budget_used(struct gg_db *db, struct gg_arena *arena, const char *scope, const char *key,
                                int64_t window_ms, int64_t now, int64_t *used) GG_MUSTCHECK;
enum gg_status auth_budgets_delete_expired(struct gg_db *db, int64_t now) GG_MUSTCHECK;

#endif
