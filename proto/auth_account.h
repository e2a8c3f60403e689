/* proto/auth_account.h
 * What crosses the border of the auth service to change an account: a forgotten id or password, a new password or
 * number, the profile. */
#ifndef PROTO_AUTH_ACCOUNT_H
#define PROTO_AUTH_ACCOUNT_H

#include "proto/auth_step_up.h"

struct auth_find_id { /* POST /v1/auth/find-id */
    struct gg_id code_request;
    const char *code;
};
struct auth_found_id {
    const char *login_id;    /* absent: the account logs in by other services only */
    struct gg_list services; /* const char *: "kakao", "naver", "google" */
    int64_t created_at;
};
struct auth_reset_password { /* POST /v1/auth/reset-password */
    const char *login_id;
    struct gg_id code_request;
    const char *code, *password;
};
struct auth_password_new { /* PUT /v1/auth/password */
    const char *password;
    const char *login_id; /* an account that never had one takes it here */
    struct auth_again *again;
};
struct auth_phone_new { /* PUT /v1/auth/phone */
    struct gg_id code_request;
    const char *code; /* sent to the new number */
    struct auth_again *again;
};
struct auth_profile_change {             /* PATCH /v1/auth/me */
    const char *nickname, *introduction; /* introduction "" takes it away */
};
struct auth_neighbour { /* GET /v1/auth/users/:id */
    struct gg_id id;
    const char *nickname, *introduction;
    const char *picture; /* path; absent: none */
    int64_t created_at;
};
struct auth_recovery { /* GET /v1/auth/recovery */
    int64_t asked_at, ready_at, until;
};
struct auth_recovery_event { /* auth.recovery.asked.v1 */
    struct gg_id user;
    int64_t ready_at;
};
extern const struct gg_event_type AUTH_RECOVERY_ASKED; /* aggregate: the account */
extern const struct gg_msg auth_recovery_msg;
extern const struct gg_msg auth_find_id_msg, auth_found_id_msg, auth_reset_password_msg, auth_password_new_msg,
    auth_phone_new_msg, auth_profile_change_msg, auth_neighbour_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_NO_ACCOUNT, /* 404 no account has this number; only its owner learns that */
    AUTH_NOT_A_PICTURE,                         /* 422 */
    AUTH_RECOVERY_WAITS;                        /* 403 with ready_at: a phone alone is not enough yet */

#define AUTH_ACCOUNT_PROBLEMS &AUTH_NO_ACCOUNT, &AUTH_NOT_A_PICTURE, &AUTH_RECOVERY_WAITS

#endif
