/* libcommon/jwt_internal.h
 * Between the rooms of tokens: jws.c (signatures and keys), jwt.c (access tokens), jwt_sign.c (the auth service's
 * keys), step_up.c (proofs), jwks.c (fetches keys). */
#ifndef LIBCOMMON_JWT_INTERNAL_H
#define LIBCOMMON_JWT_INTERNAL_H

#include "libcommon/crypto.h"
#include "libcommon/jwt.h"

#define GG_TOKEN_MAX    4096
#define GG_TOKEN_LEEWAY INT64_C(30000) /* ms that clocks may differ */
#define GG_KEYS_MAX     8
#define GG_KID_MAX      64
#define GG_ACCESS_TYPE  "JWT"

/* What `iss` and `aud` must be; copied by reference, must live for ever. Default "gonggu". */
void gg_verifier_expect(const char *issuer, const char *audience);
const char *gg_verifier_issuer(void);
const char *gg_verifier_audience(void);
/* True once since the last call when a token named a key that is not known. Any thread. */
bool gg_verifier_missed_key(void);
/* Forgets every token that was found good. Loop thread. */
void gg_token_cache_clear(void);
/* Takes the keys of a JWKS document; `withdrawn` tells whether one that was known is gone. False: no usable key in it.
 */
bool gg_jws_load_keys(const char *jwks, size_t n, bool *withdrawn) GG_MUSTCHECK;

/* The header of an access token, in the arena. A kid with quotes or the like makes one that matches no token. */
char *gg_jws_header(struct gg_arena *arena, const char *kid);
/* A compact JWS over two JSON texts, in the arena. */
char *gg_jws_sign(struct gg_arena *arena, const struct gg_ec_key *key, const char *header, const char *claims);
/* Checks form, algorithm, type, key and signature. NULL when good, with the claims' text in the arena; else an English
 * reason. A token without `typ` counts as GG_ACCESS_TYPE. Any thread. */
const char *gg_jws_open(struct gg_arena *arena, struct gg_str token, const char *typ,
                        struct gg_str *claims) GG_MUSTCHECK;

/* Header and key for what is signed now. The ring is locked for reading until gg_signer_release. */
const struct gg_ec_key *gg_signer_take(const struct gg_signer *signer, const char **kid);
void gg_signer_release(const struct gg_signer *signer);
const char *gg_signer_issuer(const struct gg_signer *signer);
const char *gg_signer_audience(const struct gg_signer *signer);

#endif
