/* libcommon/step_up.h
 * Step-up: a proof that the owner agreed to one exact act just now (OWASP transaction authorisation: what you see is
 * what you sign). Auth signs it after a payment PIN or a passkey; the service that carries the act out checks it by
 * itself and remembers its id, so that a proof serves once and for nothing else. */
#ifndef LIBCOMMON_STEP_UP_H
#define LIBCOMMON_STEP_UP_H

#include "libcommon/jwt.h"

/* A proof is good for this long. */
#define GG_STEP_UP_LIFE (2 * GG_MINUTE)

/* What is agreed to. Two acts are the same exactly when all members are. */
struct gg_act {
    const char *purpose; /* "remit", "withdraw", "request", "join" */
    const char *payee;   /* id of the user, bank account, request or deal that gets it, as text */
    int64_t amount_won;
    struct gg_id deal; /* zero: none */
    int64_t terms;     /* version of the deal's terms; 0: none */
};

struct gg_proof {
    struct gg_id id; /* to be stored with the effect under a unique key: the second use fails there */
    int64_t expires; /* ms; the stored id may be forgotten a day after this */
};

/* SHA-256 of the act's canonical text: its members in the order above, one "name=value\n" each. Any thread. */
void gg_act_digest(const struct gg_act *act, uint8_t digest[GG_SHA256]);

/* A proof for this user and act, valid GG_STEP_UP_LIFE from now: a JWS (ES256, typ "stepup+jwt"; never accepted as an
 * access token). In the arena. Any thread. Auth only. */
char *gg_step_up_sign(const struct gg_signer *signer, struct gg_arena *arena, const struct gg_user *user,
                      const struct gg_act *act);

/* Checks signature, type, audience, time, user and act. Any thread. NULL when good, with `proof` filled; else an
 * English reason without the token. Does not know whether the proof was used before: the caller's table does. */
const char *gg_step_up_check(struct gg_str token, const struct gg_user *user, const struct gg_act *act,
                             struct gg_proof *proof) GG_MUSTCHECK;

/* The request header a proof comes in. */
#define GG_STEP_UP_HEADER "step-up"

#endif
