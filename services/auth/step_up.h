/* services/auth/step_up.h
 * Agreeing to one act: what the PIN and the passkeys share. */
#ifndef SERVICES_AUTH_STEP_UP_H
#define SERVICES_AUTH_STEP_UP_H

#include "flow.h"
#include "libcommon/step_up.h"
#include "proto/auth_step_up.h"

/* The act as the proof says it. */
void auth_act_of(const struct auth_step_up_act *in, struct gg_act *act);
/* Fills call->out (struct auth_step_up_proof) with a proof of call->user's. */
void auth_give_proof(struct gg_call *call, const struct auth_step_up_act *in);

extern const struct gg_route auth_pin_routes[];
extern const size_t auth_pin_routes_n;

#endif
