/* libcommon/test/test_oidc.c
 * ID tokens of other services: good ones by ES256 and RS256, and every forgery of them; the provider here signs with
 * OpenSSL itself, so that it can say what no provider would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/oidc.h"

#define NOW INT64_C(1795251600000)
#define ISS "https://kauth.example"
#define US  "gonggu-kakao"

static struct gg_arena *arena;
static struct gg_ec_key *ec;
static EVP_PKEY *rsa, *short_rsa;
static char *jwks;

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static char *number(EVP_PKEY *key, const char *name)
{
    uint8_t bytes[1024];
    BIGNUM *value = NULL;
    int n;

    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &value), 1);
    n = BN_bn2bin(value, bytes);
    BN_free(value);
    return gg_base64url(arena, bytes, (size_t)n);
}

static char *rsa_jwk(EVP_PKEY *key, const char *kid)
{
    return gg_sprintf(arena,
                      "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}",
                      kid, number(key, OSSL_PKEY_PARAM_RSA_N), number(key, OSSL_PKEY_PARAM_RSA_E));
}

static int set_up(void **state GG_UNUSED)
{
    uint8_t point[GG_P256_POINT];

    arena = gg_arena_create();
    ec = gg_ec_key_generate();
    rsa = EVP_RSA_gen(2048);
    short_rsa = EVP_RSA_gen(1024);
    assert_non_null(rsa);
    assert_non_null(short_rsa);
    gg_ec_key_public(ec, point);
    jwks = gg_sprintf(arena,
                      "{\"keys\":[%s,%s,{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"ec\",\"x\":\"%s\",\"y\":\"%s\"},"
                      "{\"kty\":\"oct\",\"kid\":\"mac\",\"k\":\"c2VjcmV0\"},{\"kid\":7},null]}",
                      rsa_jwk(rsa, "rsa"), rsa_jwk(short_rsa, "short"), gg_base64url(arena, point + 1, 32),
                      gg_base64url(arena, point + 33, 32));
    gg_clock_set(NOW);
    return 0;
}

static int tear_down(void **state GG_UNUSED)
{
    gg_ec_key_destroy(ec);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(short_rsa);
    gg_arena_destroy(arena);
    return 0;
}

/* --- the provider --- */

static char *encode(const char *text)
{
    return gg_base64url(arena, text, strlen(text));
}

static char *by_ec(const char *header, const char *claims)
{
    char *head = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));
    uint8_t signature[GG_ES256];

    gg_es256_sign(ec, str(head), signature);
    return gg_sprintf(arena, "%s.%s", head, gg_base64url(arena, signature, sizeof(signature)));
}

static char *by_rsa(EVP_PKEY *key, const char *header, const char *claims)
{
    char *head = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t signature[512];
    size_t n = sizeof(signature);

    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &n, (const uint8_t *)head, strlen(head)), 1);
    EVP_MD_CTX_free(context);
    return gg_sprintf(arena, "%s.%s", head, gg_base64url(arena, signature, n));
}

/* Claims as they should be, with some members put in front: of two with the same name the whole is refused. */
static char *claims_of(const char *iss, const char *aud, int64_t exp, const char *nonce, const char *more)
{
    return gg_sprintf(arena, "{\"iss\":\"%s\",\"aud\":%s,\"exp\":%" PRId64 ",\"iat\":1,\"nonce\":\"%s\"%s}", iss, aud,
                      exp, nonce, more);
}

static char *good_claims(void)
{
    return claims_of(ISS, "\"" US "\"", NOW / 1000 + 600, "n-1", ",\"sub\":\"4711\",\"nickname\":\"민지\"");
}

static const char *check(const char *token)
{
    struct gg_id_token who = {NULL, NULL};
    const char *reason = gg_id_token_check(arena, str(token), str(jwks), ISS, US, "n-1", &who);

    if (!reason)
        assert_string_equal(who.subject, "4711");
    return reason;
}

static void refused(const char *token, const char *word)
{
    const char *reason = check(token);

    assert_non_null(reason);
    assert_non_null(strstr(reason, word));
}

/* --- tests --- */

static void both_algorithms_are_taken(void **state GG_UNUSED)
{
    assert_null(check(by_ec("{\"alg\":\"ES256\",\"kid\":\"ec\"}", good_claims())));
    assert_null(check(by_ec("{\"alg\":\"ES256\"}", good_claims())));
    assert_null(check(by_rsa(rsa, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", good_claims())));
    assert_null(check(by_rsa(rsa, "{\"alg\":\"RS256\"}", good_claims())));
}

static void an_id_token_without_a_good_signature_is_refused(void **state GG_UNUSED)
{
    char *good = by_rsa(rsa, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", good_claims()), *dot = strrchr(good, '.');
    EVP_PKEY *stranger = EVP_RSA_gen(2048);

    refused(gg_sprintf(arena, "%.*s.", (int)(dot - good), good), "signature");
    refused(gg_sprintf(arena, "%s.%s.", encode("{\"alg\":\"none\"}"), encode(good_claims())), "not signed");
    refused(gg_sprintf(arena, "%s.%s.%s", encode("{\"alg\":\"HS256\",\"kid\":\"mac\"}"), encode(good_claims()), "AAAA"),
            "not signed");
    refused(gg_sprintf(arena, "%s.%s%s", encode("{\"alg\":\"RS256\",\"kid\":\"rsa\"}"),
                       encode(claims_of(ISS, "\"" US "\"", NOW / 1000 + 600, "n-1", ",\"sub\":\"1\"")), dot),
            "signature");
    refused(by_rsa(stranger, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", good_claims()), "signature");
    refused(by_rsa(rsa, "{\"alg\":\"RS256\",\"kid\":\"ec\"}", good_claims()), "signature");
    refused(by_rsa(rsa, "{\"alg\":\"ES256\",\"kid\":\"rsa\"}", good_claims()), "signature");
    refused(by_ec("{\"alg\":\"RS256\",\"kid\":\"ec\"}", good_claims()), "signature");
    refused(by_rsa(short_rsa, "{\"alg\":\"RS256\",\"kid\":\"short\"}", good_claims()), "signature"); /* 1024 bits */
    EVP_PKEY_free(stranger);
}

/* The nonce belongs to the question, the audience to us, the issuer to the provider that was asked. */
static void an_id_token_answers_our_question(void **state GG_UNUSED)
{
    static const char header[] = "{\"alg\":\"ES256\",\"kid\":\"ec\"}";
    static const char sub[] = ",\"sub\":\"4711\"";
    int64_t later = NOW / 1000 + 600;

    refused(by_ec(header, claims_of(ISS, "\"" US "\"", later, "n-2", sub)), "another question");
    refused(
        by_ec(header, gg_sprintf(arena, "{\"iss\":\"" ISS "\",\"aud\":\"" US "\",\"exp\":%" PRId64 "%s}", later, sub)),
        "another question");
    refused(by_ec(header, claims_of("https://nid.example", "\"" US "\"", later, "n-1", sub)), "somebody else");
    refused(by_ec(header, claims_of(ISS "/", "\"" US "\"", later, "n-1", sub)), "somebody else");
    refused(by_ec(header, claims_of(ISS, "\"other\"", later, "n-1", sub)), "somebody else");
    refused(by_ec(header, claims_of(ISS, "[]", later, "n-1", sub)), "somebody else");
    refused(by_ec(header, claims_of(ISS, "[\"other\",\"" US "\"]", later, "n-1", sub)), "somebody else");
    refused(by_ec(header, claims_of(ISS, "{\"a\":\"" US "\"}", later, "n-1", ",\"azp\":\"other\",\"sub\":\"4711\"")),
            "somebody else");
    assert_null(check(
        by_ec(header, claims_of(ISS, "[\"other\",\"" US "\"]", later, "n-1", ",\"azp\":\"" US "\",\"sub\":\"4711\""))));
    refused(by_ec(header, claims_of(ISS, "\"" US "\"", NOW / 1000 - 61, "n-1", sub)), "expired");
    refused(by_ec(header, gg_sprintf(arena, "{\"iss\":\"" ISS "\",\"aud\":\"" US "\",\"nonce\":\"n-1\"%s}", sub)),
            "expired");
    refused(by_ec(header, claims_of(ISS, "\"" US "\"", later, "n-1", "")), "names nobody");
    refused(by_ec(header, claims_of(ISS, "\"" US "\"", later, "n-1", ",\"sub\":\"\"")), "names nobody");
    refused(by_ec(header, claims_of(ISS, "\"" US "\"", later, "n-1", ",\"sub\":4711")), "names nobody");
}

static void what_is_no_token_is_refused(void **state GG_UNUSED)
{
    static const char *const broken[] = {"",      ".",        "..",       "...",      "a.b",
                                         "a.b.c", "e30.e30.", "!.e30.AA", "e30.!.AA", "e30.e30.!"};
    char *good = by_ec("{\"alg\":\"ES256\",\"kid\":\"ec\"}", good_claims());
    char *large = gg_alloc(arena, 20001);
    struct gg_id_token who;

    for (size_t i = 0; i < GG_LEN(broken); i++)
        assert_non_null(check(broken[i]));
    memset(large, 'A', 20000);
    large[20000] = '\0';
    refused(large, "malformed");
    refused(by_ec("[]", good_claims()), "");
    refused(by_ec("{\"alg\":\"ES256\",\"alg\":\"none\"}", good_claims()), "malformed");
    refused(by_ec("{\"alg\":[\"ES256\"]}", good_claims()), "not signed");
    refused(by_ec("{\"alg\":\"ES256\"}", "{\"iss\":"), "malformed");
    refused(by_ec("{\"alg\":\"ES256\"}", "[]"), "somebody else");
    for (size_t n = 0; n < strlen(good); n += 7) /* cut anywhere */
        assert_non_null(gg_id_token_check(arena, (struct gg_str){good, n}, str(jwks), ISS, US, "n-1", &who));
    for (const char *const *keys =
             (const char *const[]){"", "{}", "[]", "null", "{\"keys\":7}", "{\"keys\":[{}]}", "{", NULL};
         *keys; keys++)
        assert_non_null(gg_id_token_check(arena, str(good), str(*keys), ISS, US, "n-1", &who));
}

static void a_pkce_challenge_is_that_of_rfc_7636(void **state GG_UNUSED)
{
    assert_string_equal(gg_pkce_challenge(arena, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_algorithms_are_taken),
        cmocka_unit_test(an_id_token_without_a_good_signature_is_refused),
        cmocka_unit_test(an_id_token_answers_our_question),
        cmocka_unit_test(what_is_no_token_is_refused),
        cmocka_unit_test(a_pkce_challenge_is_that_of_rfc_7636),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
