/* services/auth/pin.h
 * Rules of the payment PIN. Pure. */
#ifndef SERVICES_AUTH_PIN_H
#define SERVICES_AUTH_PIN_H

#include "libcommon/crypto.h"
#include "libcommon/id.h"

#define AUTH_PIN_TRIES 5

/* Whether six digits are none that everybody tries first: one digit, a run up or down, a repeated pair or triple, or
 * part of the owner's phone number. */
bool auth_pin_weak(const char *pin, const char *phone);
/* What is hashed instead of the PIN: it needs the service's secret and the user. In the arena, 43 characters. */
char *auth_pin_keyed(struct gg_arena *arena, struct gg_str secret, struct gg_id user, const char *pin);

#endif
