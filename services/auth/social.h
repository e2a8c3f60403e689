/* services/auth/social.h
 * Log-in by other services: who is configured, and the talk with them. */
#ifndef SERVICES_AUTH_SOCIAL_H
#define SERVICES_AUTH_SOCIAL_H

#include "flow.h"
#include "libcommon/oidc.h"
#include "proto/auth_social.h"
#include "store_social.h"

#define AUTH_ATTEMPT_MS (15 * INT64_C(60000)) /* at the other service, and again to prove the phone */

/* One row of the setting SOCIAL_PROVIDERS. */
struct auth_provider {
    const char *name, *issuer, *client_id, *client_secret, *authorize_url, *token_url;
    const char *jwks_url;     /* OpenID Connect: keys of its ID tokens */
    const char *userinfo_url; /* without ID tokens (Naver): who the access token is of */
    const char *scope;
};
/* Reads the setting's JSON; false, logged, when it is wrong. Texts live as long as the process. */
bool auth_social_configure(const char *json) GG_MUSTCHECK;
/* NULL: not configured. */
const struct auth_provider *auth_provider_named(const char *name);
size_t auth_providers_n(void);
const struct auth_provider *auth_provider_at(size_t i);

/* Where the browser is sent to, in the arena. */
char *auth_social_authorize_url(struct gg_arena *arena, const struct auth_provider *provider, const char *state,
                                const char *nonce, const char *verifier);
/* Exchanges the code and finds out who it is; NULL, logged, when the other service does not say so. OUT pool. */
const struct gg_id_token *auth_social_who(struct gg_arena *arena, const struct auth_provider *provider,
                                          const char *code, const struct auth_attempt *attempt);

extern const struct gg_route auth_social_routes[];
extern const size_t auth_social_routes_n;

#endif
