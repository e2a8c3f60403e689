/* libcommon/cbor.h
 * What passkeys bring along in CBOR (RFC 8949): attestation objects and COSE keys. Any thread. */
#ifndef LIBCOMMON_CBOR_H
#define LIBCOMMON_CBOR_H

#include "libcommon/crypto.h"

/* `authData` of a WebAuthn attestation object, in the arena; the attestation itself is not looked at. False when the
 * bytes are not such an object, whole and nothing more. */
bool gg_cbor_auth_data(struct gg_arena *arena, struct gg_str object, struct gg_str *auth_data) GG_MUSTCHECK;
/* The point of a COSE key for ES256 on P-256 at the beginning of `bytes`; extensions may follow. False for any other.
 */
bool gg_cose_es256(struct gg_str bytes, uint8_t point[GG_P256_POINT]) GG_MUSTCHECK;

#endif
