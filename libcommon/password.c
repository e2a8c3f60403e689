/* libcommon/password.c
 * argon2id with the parameters OWASP recommends. */
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <stdio.h>
#include <string.h>

#include <argon2.h>

#define MEMORY_KIB 19456
#define PASSES     2
#define LANES      1
#define SALT       16
#define HASH       32

/* A hash nobody knows the password of, for accounts that do not exist: same parameters, same work. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$Z29uZ2d1LW5vYm9keS0wMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

char *gg_password_hash(struct gg_arena *arena, struct gg_str password)
{
    size_t n = argon2_encodedlen(PASSES, MEMORY_KIB, LANES, SALT, HASH, Argon2_id);
    char *phc = gg_alloc(arena, n);
    uint8_t salt[SALT];
    int rc;

    gg_random(salt, sizeof(salt));
    rc = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.p, password.n, salt, sizeof(salt), HASH, phc, n);
    if (rc != ARGON2_OK)
        gg_fatal("argon2", "hashing failed: %s", argon2_error_message(rc));
    gg_count("password_hashes", "", 1);
    return phc;
}

bool gg_password_verify(const char *phc, struct gg_str password)
{
    int rc = argon2id_verify(phc ? phc : nobody, password.p, password.n);

    if (rc != ARGON2_OK && rc != ARGON2_VERIFY_MISMATCH)
        gg_error("argon2", "verifying failed: %s", argon2_error_message(rc));
    gg_count("password_hashes", "", 1);
    return rc == ARGON2_OK && phc;
}

bool gg_password_outdated(const char *phc)
{
    unsigned memory, passes, lanes;

    return sscanf(phc, "$argon2id$v=19$m=%u,t=%u,p=%u$", &memory, &passes, &lanes) != 3 || memory < MEMORY_KIB ||
           passes < PASSES;
}
