/* libcommon/jwt_internal.h
 * Between jwt.c (checks tokens) and jwks.c (fetches keys). */
#ifndef LIBCOMMON_JWT_INTERNAL_H
#define LIBCOMMON_JWT_INTERNAL_H

#include "libcommon/base.h"

/* What `iss` and `aud` must be; copied by reference, must live for ever. Default "gonggu". */
void gg_verifier_expect(const char *issuer, const char *audience);
/* True once since the last call when a token named a key that is not known. Loop thread. */
bool gg_verifier_missed_key(void);

#endif
