/* proto/auth_step_up.h
 * What crosses the border of the auth service when one exact act is agreed to: the payment PIN, and the proof that pay
 * checks (libcommon/step_up.h says what a proof is). */
#ifndef PROTO_AUTH_STEP_UP_H
#define PROTO_AUTH_STEP_UP_H

#include "proto/auth.h"

/* How somebody with an open session shows again who he is: his password, or a code sent to his own phone. */
struct auth_again {
    const char *password;
    struct gg_id code_request;
    const char *code;
};

struct auth_pin_new { /* PUT /v1/auth/pin */
    const char *pin;  /* six digits */
    const char *current_pin;
    struct auth_again *again; /* the password serves for the first PIN only; a forgotten one needs the phone */
};
struct auth_pin_state { /* GET /v1/auth/pin */
    bool set, locked;
    int64_t tries_left;
};

struct auth_step_up_act { /* what is to be agreed to */
    const char *purpose, *payee;
    int64_t amount_won;
    struct gg_id deal;
    int64_t terms;
};
struct auth_step_up { /* POST /v1/auth/step-up */
    struct auth_step_up_act act;
    const char *pin;
};
struct auth_step_up_proof {
    const char *proof; /* goes into the header `Step-Up` of the act's request */
    int64_t expires_at;
};

extern const struct gg_msg auth_again_msg, auth_pin_new_msg, auth_pin_state_msg, auth_step_up_act_msg, auth_step_up_msg,
    auth_step_up_proof_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_AGAIN_NEEDED, /* 403 show again who you are */
    AUTH_PIN_UNSET,                               /* 409 */
    AUTH_PIN_WRONG,                               /* 403 `tries_left` */
    AUTH_PIN_LOCKED;                              /* 403 until it is set anew by phone */

#define AUTH_STEP_UP_PROBLEMS &AUTH_AGAIN_NEEDED, &AUTH_PIN_UNSET, &AUTH_PIN_WRONG, &AUTH_PIN_LOCKED

#endif
