/* services/auth/webauthn.h
 * The checks of WebAuthn Level 3, sections 7.1 and 7.2, for ES256 passkeys without attestation. Pure. */
#ifndef SERVICES_AUTH_WEBAUTHN_H
#define SERVICES_AUTH_WEBAUTHN_H

#include "libcommon/crypto.h"

struct auth_relying_party {
    const char *id;     /* domain */
    const char *origin; /* scheme, host and port */
};
struct auth_new_credential {
    struct gg_str id; /* at most 1023 bytes */
    uint8_t point[GG_P256_POINT];
    int64_t counter;
};

/* A registration. NULL when good, else an English reason. Texts of the browser are decoded bytes. */
const char *auth_webauthn_register(struct gg_arena *arena, const struct auth_relying_party *party,
                                   const uint8_t challenge[32], struct gg_str client_data, struct gg_str attestation,
                                   struct auth_new_credential *credential) GG_MUSTCHECK;
/* An assertion with a known key; the authenticator must have verified its user. `counter` comes in as stored and goes
 * out as seen. */
const char *auth_webauthn_assert(struct gg_arena *arena, const struct auth_relying_party *party,
                                 const uint8_t challenge[32], struct gg_str client_data, struct gg_str auth_data,
                                 struct gg_str signature, const uint8_t point[GG_P256_POINT],
                                 int64_t *counter) GG_MUSTCHECK;

#endif
