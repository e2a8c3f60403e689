/* libcommon/oidc.h
 * ID tokens of other services (OpenID Connect Core 3.1.3.7): signed ES256 or RS256 by a key of their JWKS. Any thread.
 */
#ifndef LIBCOMMON_OIDC_H
#define LIBCOMMON_OIDC_H

#include "libcommon/mem.h"

struct gg_id_token {
    const char *subject;  /* who it is over there, at most 255 bytes */
    const char *nickname; /* what he calls himself there; NULL: nothing is said */
};

/* Checks signature, issuer, audience, time and nonce against what was asked. NULL when good, with `out` in the arena;
 * else an English reason. */
const char *gg_id_token_check(struct gg_arena *arena, struct gg_str token, struct gg_str jwks, const char *issuer,
                              const char *client_id, const char *nonce, struct gg_id_token *out) GG_MUSTCHECK;

/* The base64url SHA-256 of a PKCE verifier (RFC 7636 S256), in the arena. */
char *gg_pkce_challenge(struct gg_arena *arena, const char *verifier);
/* Appends text percent-encoded for a query or a form (RFC 3986 unreserved stay). In the arena. */
char *gg_percent_encode(struct gg_arena *arena, const char *text);

#endif
