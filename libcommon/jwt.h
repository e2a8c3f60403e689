/* libcommon/jwt.h
 * Tokens: the only place that signs or verifies one. ES256 and nothing else; kid, iss, aud, exp, nbf are checked
 * here (RFC 8725), keys come from the auth service's JWKS, the last good copy stays on disk. */
#ifndef LIBCOMMON_JWT_H
#define LIBCOMMON_JWT_H

#include "libcommon/crypto.h"
#include "libcommon/http.h"

/* --- signing: the auth service only --- */

struct gg_signer;
/* From a PEM file with a P-256 private key; kid is the RFC 7638 thumbprint. NULL, logged, when it cannot. */
struct gg_signer *gg_signer_load(const char *path, const char *issuer, const char *audience) GG_MUSTCHECK;
void gg_signer_destroy(struct gg_signer *signer);

/* One key of several: it signs from `from` (ms) until a later one takes over. */
struct gg_signing_key {
    struct gg_ec_key *key; /* owned by the signer once given */
    int64_t from;
};
#define GG_SIGNING_KEYS_MAX 8
/* Replaces the keys of the signer, which takes them over. 1 to GG_SIGNING_KEYS_MAX. Any thread, at any time. */
void gg_signer_set_keys(struct gg_signer *signer, const struct gg_signing_key *keys, size_t n);
/* The kid of a key: its RFC 7638 thumbprint, in the arena. */
char *gg_key_thumbprint(struct gg_arena *arena, const struct gg_ec_key *key);
/* A token for this user, valid until user->expires. In the arena. Any thread. */
char *gg_signer_sign(const struct gg_signer *signer, struct gg_arena *arena, const struct gg_user *user);
/* The JWKS document (RFC 7517) with all its keys, also those that do not sign yet or any more. In the arena. Any
 * thread.
 */
char *gg_signer_jwks(const struct gg_signer *signer, struct gg_arena *arena);

/* VAPID (RFC 8292): a signed token for one push origin. In the arena. Any thread. */
char *gg_vapid_sign(const struct gg_ec_key *key, struct gg_arena *arena, const char *audience, const char *subject,
                    int64_t expires);

/* GG_AREAS_MAX neighbourhoods as a token says them: "<code>@<seconds> <code>@<seconds>", in the arena; "" for none. Any
 * thread. */
char *gg_areas_text(struct gg_arena *arena, const struct gg_area *areas);
/* And back; false, with none, when the text has not this form. */
bool gg_areas_parse(struct gg_str text, struct gg_area areas[GG_AREAS_MAX]) GG_MUSTCHECK;

/* --- verifying: every service --- */

struct gg_verifier_config {
    const char *jwks_url;   /* fetched at start, on an unknown kid at most once a minute, and regularly */
    const char *cache_file; /* last good copy; may be NULL */
    const char *issuer, *audience;
    int64_t refresh_ms; /* between two fetches; 0: 10 minutes */
};
/* Starts the verifier of this process: reads the cache file, fetches in the background (OUT pool). Never blocks. */
void gg_verifier_start(const struct gg_verifier_config *config);
/* Test and auth service: use these keys without fetching. */
bool gg_verifier_load(const char *jwks, size_t n) GG_MUSTCHECK;
/* True once at least one key is known. */
bool gg_verifier_ready(void);
/* Checks a token and fills `user`. Cached by SHA-256 of the token until it expires. Loop thread. NULL when good, else
 * an English reason without the token. */
const char *gg_verify(struct gg_str token, struct gg_user *user) GG_MUSTCHECK;

#endif
