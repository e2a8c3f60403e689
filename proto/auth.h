/* proto/auth.h
 * What crosses the border of the auth service: accounts, log-in, sessions. */
#ifndef PROTO_AUTH_H
#define PROTO_AUTH_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define AUTH_TOPIC "gonggu.auth"

/* --- events; the aggregate is the user --- */

struct auth_user_event { /* auth.user.registered.v1, auth.user.changed.v1: all of it, as it is now */
    struct gg_id user;
    const char *nickname;
    const char *picture; /* path; NULL: none */
};
enum auth_end_reason { AUTH_END_LOGOUT, AUTH_END_REUSE, AUTH_END_PASSWORD, AUTH_END_SUSPENDED, AUTH_END_EXPIRED };
extern const char *const auth_end_reason_names[];
struct auth_session_opened {
    struct gg_id user, session;
    const char *device; /* short name of the browser or app */
    bool new_device;
};
struct auth_session_ended {
    struct gg_id user;
    struct gg_id session; /* zero: every session of the user below `version` */
    int64_t version;
    int reason; /* enum auth_end_reason */
};
extern const struct gg_event_type AUTH_USER_REGISTERED, AUTH_USER_CHANGED, AUTH_SESSION_OPENED, AUTH_SESSION_ENDED;

/* --- HTTP --- */

struct auth_phone_code { /* POST /v1/auth/phone-codes */
    const char *phone;   /* 01012345678 */
};
struct auth_phone_code_sent {
    struct gg_id request;
    int64_t expires_at;
};
struct auth_signup { /* POST /v1/auth/signup */
    const char *login_id, *password, *nickname;
    struct gg_id code_request;
    const char *code;
};
struct auth_login { /* POST /v1/auth/login */
    const char *login_id, *password;
};
struct auth_user {
    struct gg_id id;
    const char *login_id, *nickname, *phone; /* phone: last four digits visible */
    const char *introduction, *picture;
    int64_t created_at;
    bool admin;
};
struct auth_token { /* of sign-up, log-in and refresh; the refresh token is the cookie */
    const char *access_token;
    int64_t expires_at;
    struct auth_user user;
};
struct auth_session {
    struct gg_id id;
    const char *device, *address;
    const char *place; /* the neighbourhood this device has last proved to be in; NULL: none within 30 days */
    int64_t place_at;
    int64_t opened_at, seen_at;
    bool current;
};
struct auth_session_list {
    struct gg_list items; /* struct auth_session */
    const char *next;
};
struct auth_availability_query { /* GET /v1/auth/availability?login_id=&nickname= */
    const char *login_id, *nickname;
};
struct auth_availability {
    bool login_id_free, nickname_free;
};
extern const struct gg_msg auth_phone_code_msg, auth_phone_code_sent_msg, auth_signup_msg, auth_login_msg,
    auth_user_msg, auth_token_msg, auth_session_msg, auth_session_list_msg, auth_availability_query_msg,
    auth_availability_msg;

/* --- problems --- */
extern const struct gg_problem AUTH_BAD_CREDENTIALS,            /* 401 */
    AUTH_BAD_CODE,                                              /* 422 wrong, used, expired or foreign code */
    AUTH_CODE_BUDGET,                                           /* 429 */
    AUTH_LOGIN_ID_TAKEN, AUTH_NICKNAME_TAKEN, AUTH_PHONE_TAKEN, /* 409 */
    AUTH_THROTTLED,                                             /* 429 */
    AUTH_NO_REFRESH,                                            /* 401 no usable refresh token */
    AUTH_REFRESH_REUSED,                                        /* 401 an old token came back: the session was ended */
    AUTH_BAD_ORIGIN;                                            /* 403 */
extern const struct gg_problem *const auth_problems[];

#endif
