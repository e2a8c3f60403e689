/* proto/auth_social.h
 * What crosses the border of the auth service to log in by other services (Kakao, Naver, Google: OAuth 2.1 code flow
 * with PKCE, state and nonce). */
#ifndef PROTO_AUTH_SOCIAL_H
#define PROTO_AUTH_SOCIAL_H

#include "proto/auth.h"

struct auth_social_start {     /* of POST /v1/auth/oauth/:provider/start and /v1/auth/oauth/:provider/link */
    const char *authorize_url; /* where the browser goes now */
};
/* The browser comes back to PUBLIC_URL/social?result=...: `in` (logged in, the cookie is set), `new` (a phone is to be
 * proved: GET, then POST /v1/auth/social/completion), `linked`, `taken` (belongs to another account), `failed`. */
struct auth_social_callback { /* query of GET /v1/auth/oauth/:provider/callback */
    const char *code, *state, *error, *iss;
};
struct auth_social_waiting {         /* GET /v1/auth/social/completion: who waits in this browser */
    const char *provider, *nickname; /* nickname: proposed by the other service, if it is one we take */
};
struct auth_social_completion { /* POST /v1/auth/social/completion */
    struct gg_id code_request;
    const char *code;
    const char *nickname; /* for a number without an account; with one, the account is linked and entered */
};
struct auth_social_item {
    const char *provider;
    int64_t linked_at; /* absent: not linked */
};
struct auth_social_list { /* GET /v1/auth/social: every configured service */
    struct gg_list items; /* struct auth_social_item */
};
extern const struct gg_msg auth_social_start_msg, auth_social_callback_msg, auth_social_waiting_msg,
    auth_social_completion_msg, auth_social_list_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_NOTHING_WAITS, /* 404 no log-in waits in this browser */
    AUTH_SOCIAL_TAKEN,                             /* 409 */
    AUTH_LAST_WAY_IN;                              /* 409 nothing would be left to log in with */
#define AUTH_SOCIAL_PROBLEMS &AUTH_NOTHING_WAITS, &AUTH_SOCIAL_TAKEN, &AUTH_LAST_WAY_IN

#endif
