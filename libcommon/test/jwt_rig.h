/* libcommon/test/jwt_rig.h
 * A signer, its keys, and a forger that signs with OpenSSL itself, so that it can say what ours never would. For one
 * translation unit. */
#ifndef LIBCOMMON_TEST_JWT_RIG_H
#define LIBCOMMON_TEST_JWT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "libcommon/clock.h"
#include "libcommon/jwt.h"
#include "libcommon/jwt_internal.h"

#define NOW INT64_C(1795251600000)

static struct gg_arena *arena;
static struct gg_signer *signer;
static char *private_pem, *public_pem, *jwks, *kid;
static struct gg_user anna;

static inline struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static inline char *encode(const char *text)
{
    return gg_base64url(arena, text, strlen(text));
}

static inline char *decode(const char *text, size_t n)
{
    struct gg_str bytes;

    assert_true(gg_base64url_decode(arena, (struct gg_str){text, n}, &bytes));
    return gg_strndup(arena, bytes.p, bytes.n);
}

/* A signer with this key, through a file as in life. */
static inline struct gg_signer *signer_of(const char *pem)
{
    char path[] = "/tmp/gonggu-signer-XXXXXX";
    int fd = mkstemp(path);
    struct gg_signer *made;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    made = gg_signer_load(path, "https://gonggu.test", "gonggu");
    unlink(path);
    assert_non_null(made);
    return made;
}

/* The text member of a flat JSON document, without a parser. */
static inline char *member(const char *json, const char *name)
{
    char *label = gg_sprintf(arena, "\"%s\":\"", name);
    const char *at = strstr(json, label);

    assert_non_null(at);
    at += strlen(label);
    return gg_strndup(arena, at, strcspn(at, "\""));
}

static inline int set_up(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t point[GG_P256_POINT];

    (void)state;
    arena = gg_arena_create();
    private_pem = gg_ec_key_pem(arena, key);
    gg_ec_key_public(key, point);
    public_pem = gg_p256_public_pem(arena, point);
    gg_ec_key_destroy(key);
    signer = signer_of(private_pem);
    jwks = gg_signer_jwks(signer, arena);
    kid = member(jwks, "kid");
    gg_verifier_expect("https://gonggu.test", "gonggu");
    anna = (struct gg_user){.id = gg_id_new(), .session = gg_id_new(), .session_version = 3, .expires = NOW + GG_HOUR};
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    gg_signer_destroy(signer);
    gg_arena_destroy(arena);
    return 0;
}

/* Before each test: the clock stands, our key is known, no token is remembered (another key was known in between). */
static inline int fresh(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    struct gg_signer *other = signer_of(gg_ec_key_pem(arena, key));
    char *document = gg_signer_jwks(other, arena);

    (void)state;
    gg_ec_key_destroy(key);
    gg_signer_destroy(other);
    gg_clock_set(NOW);
    assert_true(gg_verifier_load(document, strlen(document)));
    assert_true(gg_verifier_load(jwks, strlen(jwks)));
    (void)gg_verifier_missed_key();
    return 0;
}

static inline bool accepted(const char *token)
{
    struct gg_user user = {.session_version = 77};
    const char *reason = gg_verify(str(token), &user);

    if (reason)
        assert_int_equal(user.session_version, 77); /* untouched */
    return !reason;
}

static inline void refused_because(const char *token, const char *word)
{
    struct gg_user user;
    const char *reason = gg_verify(str(token), &user);

    assert_non_null(reason);
    assert_non_null(strstr(reason, word));
}

/* --- the forger --- */

/* ES256 over the text: r and s, 32 bytes each. */
static inline char *es256(const char *text)
{
    BIO *bio = BIO_new_mem_buf(private_pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[80], raw[64];
    const unsigned char *p = der;
    size_t n = sizeof(der);

    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(context, der, &n, (const unsigned char *)text, strlen(text)), 1);
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &p, (long)n);
    assert_non_null(signature);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, 32), 32);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + 32, 32), 32);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return gg_base64url(arena, raw, sizeof(raw));
}

/* A token with any header and claims, signed with our real key. */
static inline char *token_of(const char *header, const char *claims)
{
    char *text = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));

    return gg_sprintf(arena, "%s.%s", text, es256(text));
}

/* A token whose "signature" is an HMAC with the public key as its secret. */
static inline char *hmac_token_of(const char *header, const char *claims)
{
    char *text = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));
    uint8_t mac[GG_SHA256];

    gg_hmac_sha256(str(public_pem), str(text), mac);
    return gg_sprintf(arena, "%s.%s", text, gg_base64url(arena, mac, sizeof(mac)));
}

static inline char *header_of(const char *alg)
{
    return gg_sprintf(arena, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", alg, kid);
}

#define GOOD_TEXTS                                                                                                     \
    "\"iss\":\"https://gonggu.test\",\"aud\":\"gonggu\",\"sub\":\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\","             \
    "\"sid\":\"017f22e2-79b0-7cc3-98c4-dc0c0c073990\",\"sv\":1"

/* Good claims but for these times, in seconds from now; GG_NONE leaves one out. */
static inline char *claims_at(int64_t nbf, int64_t exp)
{
    char *texts = gg_strdup(arena, GOOD_TEXTS);

    if (nbf != GG_NONE)
        texts = gg_sprintf(arena, "%s,\"nbf\":%" PRId64, texts, NOW / 1000 + nbf);
    if (exp != GG_NONE)
        texts = gg_sprintf(arena, "%s,\"exp\":%" PRId64, texts, NOW / 1000 + exp);
    return gg_sprintf(arena, "{%s}", texts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, NULL)

#endif
