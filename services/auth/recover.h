/* services/auth/recover.h
 * Getting back in by phone is never weaker than what guards the account: where a passkey or a payment PIN is set, a
 * device not known has to wait, and the owner can stop it. */
#ifndef SERVICES_AUTH_RECOVER_H
#define SERVICES_AUTH_RECOVER_H

#include "flow.h"

#define AUTH_RECOVERY_WAIT (72 * INT64_C(3600000))     /* ms until a phone alone is enough */
#define AUTH_RECOVERY_OPEN (7 * INT64_C(24) * 3600000) /* ms after that in which it must be used */

/* (tx) Whether a proven phone may open the locked account from this device now: `ready_at` is GG_NONE; its waiting, if
 * any, is over then. Else `ready_at` is when it may, and the waiting has begun; commit it and answer
 * auth_recovery_refuse. */
enum gg_status auth_recovery_decide(struct gg_call *call, struct auth_account *account, int64_t *ready_at) GG_MUSTCHECK;
enum gg_status auth_recovery_refuse(struct gg_call *call, int64_t ready_at);
/* (tx) The owner has shown a passkey: whoever waits, waits in vain. */
enum gg_status auth_recovery_stop(struct gg_call *call, struct gg_id user) GG_MUSTCHECK;

extern const struct gg_route auth_recovery_routes[];
extern const size_t auth_recovery_routes_n;

#endif
