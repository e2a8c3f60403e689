/* services/auth/passkey.h
 * Passkeys: what main.c serves of them. */
#ifndef SERVICES_AUTH_PASSKEY_H
#define SERVICES_AUTH_PASSKEY_H

#include "flow.h"
#include "proto/auth_passkey.h"

extern const struct gg_route auth_passkey_routes[];
extern const size_t auth_passkey_routes_n;

#endif
