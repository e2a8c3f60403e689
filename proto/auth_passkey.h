/* proto/auth_passkey.h
 * What crosses the border of the auth service for passkeys (WebAuthn). Bytes are base64url without padding. */
#ifndef PROTO_AUTH_PASSKEY_H
#define PROTO_AUTH_PASSKEY_H

#include "proto/auth_step_up.h"

/* POST /v1/auth/passkeys/options (to make one; shows again who one is), /v1/auth/passkeys/login/options and
 * /v1/auth/step-up/options: what the browser is asked with. User verification is required, attestation none. */
struct auth_passkey_ask {
    struct auth_again *again;
};
struct auth_passkey_options {
    struct gg_id challenge_id; /* to be given back */
    const char *challenge, *rp_id, *rp_name;
    const char *user_handle, *user_name; /* to make one */
    struct gg_list credentials; /* const char *: to make one: those that stand; for step-up: those that serve */
    int64_t expires_at;
};
struct auth_passkey_new { /* POST /v1/auth/passkeys */
    struct gg_id challenge_id;
    const char *name, *client_data, *attestation;
};
struct auth_passkey {
    struct gg_id id;
    const char *name;
    int64_t made_at, used_at;
};
struct auth_passkey_list { /* GET /v1/auth/passkeys */
    struct gg_list items;  /* struct auth_passkey */
};
struct auth_passkey_name { /* PATCH /v1/auth/passkeys/:id */
    const char *name;
};
struct auth_passkey_assertion { /* POST /v1/auth/passkeys/login, and `assertion` below */
    struct gg_id challenge_id;
    const char *credential, *client_data, *authenticator_data, *signature;
};
struct auth_passkey_step_up { /* POST /v1/auth/step-up/passkey */
    struct auth_step_up_act act;
    struct auth_passkey_assertion assertion;
};
extern const struct gg_msg auth_passkey_ask_msg, auth_passkey_options_msg, auth_passkey_new_msg, auth_passkey_msg,
    auth_passkey_list_msg, auth_passkey_name_msg, auth_passkey_assertion_msg, auth_passkey_step_up_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_BAD_PASSKEY, /* 401 */
    AUTH_PASSKEY_TAKEN,                          /* 409 this authenticator has one already */
    AUTH_TOO_MANY_PASSKEYS;                      /* 409 */
#define AUTH_PASSKEY_PROBLEMS &AUTH_BAD_PASSKEY, &AUTH_PASSKEY_TAKEN, &AUTH_TOO_MANY_PASSKEYS

#endif
