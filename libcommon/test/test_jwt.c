/* libcommon/test/test_jwt.c
 * Access tokens: what the signer makes is accepted; forgeries of every known kind are not. The forger here signs with
 * OpenSSL itself, so that it can say what ours never would. */
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

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static char *encode(const char *text)
{
    return gg_base64url(arena, text, strlen(text));
}

static char *decode(const char *text, size_t n)
{
    struct gg_str bytes;

    assert_true(gg_base64url_decode(arena, (struct gg_str){text, n}, &bytes));
    return gg_strndup(arena, bytes.p, bytes.n);
}

/* A signer with this key, through a file as in life. */
static struct gg_signer *signer_of(const char *pem)
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
static char *member(const char *json, const char *name)
{
    char *label = gg_sprintf(arena, "\"%s\":\"", name);
    const char *at = strstr(json, label);

    assert_non_null(at);
    at += strlen(label);
    return gg_strndup(arena, at, strcspn(at, "\""));
}

static int set_up(void **state)
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

static int tear_down(void **state)
{
    (void)state;
    gg_signer_destroy(signer);
    gg_arena_destroy(arena);
    return 0;
}

/* Before each test: the clock stands, our key is known, no token is remembered (another key was known in between). */
static int fresh(void **state)
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

static bool accepted(const char *token)
{
    struct gg_user user = {.session_version = 77};
    const char *reason = gg_verify(str(token), &user);

    if (reason)
        assert_int_equal(user.session_version, 77); /* untouched */
    return !reason;
}

static void refused_because(const char *token, const char *word)
{
    struct gg_user user;
    const char *reason = gg_verify(str(token), &user);

    assert_non_null(reason);
    assert_non_null(strstr(reason, word));
}

/* --- the forger --- */

/* ES256 over the text: r and s, 32 bytes each. */
static char *es256(const char *text)
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
static char *token_of(const char *header, const char *claims)
{
    char *text = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));

    return gg_sprintf(arena, "%s.%s", text, es256(text));
}

/* A token whose "signature" is an HMAC with the public key as its secret. */
static char *hmac_token_of(const char *header, const char *claims)
{
    char *text = gg_sprintf(arena, "%s.%s", encode(header), encode(claims));
    uint8_t mac[GG_SHA256];

    gg_hmac_sha256(str(public_pem), str(text), mac);
    return gg_sprintf(arena, "%s.%s", text, gg_base64url(arena, mac, sizeof(mac)));
}

static char *header_of(const char *alg)
{
    return gg_sprintf(arena, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", alg, kid);
}

#define GOOD_TEXTS                                                                                                     \
    "\"iss\":\"https://gonggu.test\",\"aud\":\"gonggu\",\"sub\":\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\","             \
    "\"sid\":\"017f22e2-79b0-7cc3-98c4-dc0c0c073990\",\"sv\":1"

/* Good claims but for these times, in seconds from now; GG_NONE leaves one out. */
static char *claims_at(int64_t nbf, int64_t exp)
{
    char *texts = gg_strdup(arena, GOOD_TEXTS);

    if (nbf != GG_NONE)
        texts = gg_sprintf(arena, "%s,\"nbf\":%" PRId64, texts, NOW / 1000 + nbf);
    if (exp != GG_NONE)
        texts = gg_sprintf(arena, "%s,\"exp\":%" PRId64, texts, NOW / 1000 + exp);
    return gg_sprintf(arena, "{%s}", texts);
}

/* --- good tokens --- */

static void a_signed_token_says_who(void **state)
{
    struct gg_user user = {0};

    (void)state;
    assert_null(gg_verify(str(gg_signer_sign(signer, arena, &anna)), &user));
    assert_true(gg_id_equal(user.id, anna.id));
    assert_true(gg_id_equal(user.session, anna.session));
    assert_int_equal(user.session_version, 3);
    assert_int_equal(user.expires, anna.expires);
    assert_false(user.admin);
    struct gg_user boss = anna;
    boss.admin = true;
    assert_null(gg_verify(str(gg_signer_sign(signer, arena, &boss)), &user));
    assert_true(user.admin);
    /* one that another library made */
    assert_true(accepted(token_of(header_of("ES256"), claims_at(0, 600))));
}

static void the_token_holds_the_claims_and_no_more(void **state)
{
    const char *token = gg_signer_sign(signer, arena, &anna), *claims = strchr(token, '.') + 1;
    char sub[GG_ID_TEXT], sid[GG_ID_TEXT];
    char *header = decode(token, strcspn(token, ".")), *body = decode(claims, strcspn(claims, "."));

    (void)state;
    gg_id_format(anna.id, sub);
    gg_id_format(anna.session, sid);
    assert_string_equal(member(header, "alg"), "ES256");
    assert_string_equal(member(header, "kid"), kid);
    assert_string_equal(member(body, "iss"), "https://gonggu.test");
    assert_string_equal(member(body, "aud"), "gonggu");
    assert_string_equal(member(body, "sub"), sub);
    assert_string_equal(member(body, "sid"), sid);
    assert_non_null(strstr(body, "\"sv\":3"));
    assert_non_null(strstr(body, "\"iat\":1795251600"));
    assert_non_null(strstr(body, "\"nbf\":1795251600"));
    assert_non_null(strstr(body, "\"exp\":1795255200"));
    assert_null(strstr(body, "adm"));
}

/* RFC 7638: the kid is the hash of the required members in their order. */
static void the_kid_is_the_thumbprint(void **state)
{
    uint8_t hash[GG_SHA256];
    char *canonical = gg_sprintf(arena, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                                 member(jwks, "x"), member(jwks, "y"));

    (void)state;
    gg_sha256(str(canonical), hash);
    assert_string_equal(kid, gg_base64url(arena, hash, sizeof(hash)));
    assert_null(strstr(jwks, "\"d\""));
}

static void a_signer_needs_a_key(void **state)
{
    (void)state;
    assert_null(gg_signer_load("/nonexistent/key.pem", "i", "a"));
    gg_signer_destroy(NULL);
}

/* --- forgeries --- */

static void the_public_key_as_a_secret(void **state)
{
    const char *claims = claims_at(0, 600);

    (void)state;
    refused_because(hmac_token_of(header_of("HS256"), claims), "ES256");
    refused_because(hmac_token_of(header_of("ES256"), claims), "signature");
    /* two parsers, two answers: one takes the first "alg", the other the last */
    assert_false(accepted(hmac_token_of(
        gg_sprintf(arena, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\",\"alg\":\"HS256\"}", kid), claims)));
    assert_false(accepted(hmac_token_of(
        gg_sprintf(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"JWT\",\"alg\":\"ES256\"}", kid), claims)));
    assert_false(accepted(hmac_token_of(
        gg_sprintf(arena, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\",\"al\\u0067\":\"HS256\"}", kid), claims)));
}

static void no_algorithm_at_all(void **state)
{
    static const char *const names[] = {"none", "None", "NONE", "nOnE", "", "ES384", "ES512", "RS256", "es256"};
    const char *claims = claims_at(0, 600);

    (void)state;
    for (size_t i = 0; i < GG_LEN(names); i++) {
        const char *header = header_of(names[i]);
        refused_because(token_of(header, claims), "ES256");
        assert_false(accepted(gg_sprintf(arena, "%s.%s.", encode(header), encode(claims))));
        assert_false(accepted(gg_sprintf(arena, "%s.%s", encode(header), encode(claims))));
    }
    /* a signed header with the signature cut off */
    assert_false(accepted(gg_sprintf(arena, "%s.%s.", encode(header_of("ES256")), encode(claims))));
    assert_false(accepted(gg_sprintf(
        arena, "%s.%s.", encode(gg_sprintf(arena, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"alg\":\"none\"}", kid)),
        encode(claims))));
}

static void keys_that_are_not_ours(void **state)
{
    const char *claims = claims_at(0, 600);

    (void)state;
    refused_because(token_of("{\"alg\":\"ES256\",\"kid\":\"other\"}", claims), "key");
    assert_true(gg_verifier_missed_key());
    assert_false(gg_verifier_missed_key());
    refused_because(token_of("{\"alg\":\"ES256\"}", claims), "key");
    refused_because(token_of("{\"alg\":\"ES256\",\"kid\":7}", claims), "key");
    refused_because(token_of("{\"alg\":\"ES256\",\"kid\":\"\"}", claims), "key");
    refused_because(token_of(gg_sprintf(arena, "{\"alg\":\"ES256\",\"KID\":\"%s\"}", kid), claims), "key");
    /* our kid over a stranger's signature */
    struct gg_ec_key *key = gg_ec_key_generate();
    char *mine = private_pem;
    private_pem = gg_ec_key_pem(arena, key);
    refused_because(token_of(header_of("ES256"), claims), "signature");
    private_pem = mine;
    gg_ec_key_destroy(key);
}

/* Every single character changed to a neighbour: none may pass, whatever it belongs to. */
static void a_tampered_character(void **state)
{
    char *token = gg_strdup(arena, gg_signer_sign(signer, arena, &anna));

    (void)state;
    assert_true(accepted(token));
    for (char *p = token; *p; p++) {
        char was = *p;
        *p = was == 'A' ? 'B' : 'A';
        assert_false(accepted(token));
        *p = was;
    }
    assert_true(accepted(token));
}

static void claims_under_the_signature_of_others(void **state)
{
    const char *token = gg_signer_sign(signer, arena, &anna);
    const char *signature = strrchr(token, '.') + 1;
    struct gg_user eve = anna;

    (void)state;
    eve.admin = true;
    const char *other = gg_signer_sign(signer, arena, &eve);
    char *mixed = gg_sprintf(arena, "%.*s.%s", (int)(strrchr(other, '.') - other), other, signature);
    refused_because(mixed, "signature");
}

static void one_spelling(void **state)
{
    static const char *const tails[] = {"=", "==", "===", "A", "AA", "AAA", "AAAA", ".", ".e30", " ", "\n", "%3D"};
    const char *token = gg_signer_sign(signer, arena, &anna);
    struct gg_user user;

    (void)state;
    assert_true(accepted(token)); /* also with the good one in the cache */
    for (size_t i = 0; i < GG_LEN(tails); i++)
        assert_false(accepted(gg_sprintf(arena, "%s%s", token, tails[i])));
    assert_false(accepted(gg_sprintf(arena, " %s", token)));
    assert_non_null(gg_verify((struct gg_str){token, strlen(token) + 1}, &user)); /* with its NUL */
    assert_non_null(gg_verify((struct gg_str){token, strlen(token) - 1}, &user));
    size_t header = strcspn(token, ".");
    assert_false(accepted(gg_sprintf(arena, "%.*s=%s", (int)header, token, token + header)));
    /* base64 where base64url belongs: look for a token that shows the difference */
    for (int i = 0; i < 200; i++) {
        char *text = gg_strdup(arena, gg_signer_sign(signer, arena, &anna)), *at = strpbrk(text, "-_");
        if (!at)
            continue;
        *at = *at == '-' ? '+' : '/';
        assert_false(accepted(text));
        return;
    }
    fail_msg("no token held - or _");
}

static void no_token_at_all(void **state)
{
    static const char *const cases[] = {"",
                                        ".",
                                        "..",
                                        "...",
                                        "a.b.c",
                                        "e30.e30.e30",
                                        "e30",
                                        "e30.e30",
                                        "bnVsbA.bnVsbA.bnVsbA",
                                        "W10.W10.W10",
                                        "\xff.\xff.\xff"};
    struct gg_user user;
    char *long_claims = gg_sprintf(arena, "{\"pad\":\"%03000d\",%s", 1, claims_at(0, 60) + 1);

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++)
        assert_false(accepted(cases[i]));
    assert_non_null(gg_verify((struct gg_str){NULL, 0}, &user));
    refused_because(token_of(header_of("ES256"), "not json"), "malformed");
    /* 4096 bytes are the most */
    char *token = token_of(header_of("ES256"), long_claims);
    assert_true(strlen(token) > 4096);
    refused_because(token, "malformed");
}

/* --- claims --- */

static void times(void **state)
{
    static const struct {
        int64_t nbf, exp;
        bool ok;
    } cases[] = {
        {0, 600, true},
        {0, 1, true},
        {0, -29, true},
        {0, -30, false},
        {0, -31, false},
        {0, GG_NONE, false},
        {GG_NONE, 600, false},
        {30, 600, true},
        {31, 600, false},
        {-600, 600, true},
        {0, -86400, false},
        {86400, 90000, false},
        {GG_NONE, GG_NONE, false},
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        char *token = token_of(header_of("ES256"), claims_at(cases[i].nbf, cases[i].exp));
        assert_int_equal(accepted(token), cases[i].ok);
    }
}

static void odd_values(void **state)
{
    static const char *const bad[] = {
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":\"1895251600\"}",
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":1895251600.5}",
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":null}",
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":0}",
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":-1}",
        "{" GOOD_TEXTS ",\"nbf\":1,\"exp\":9223372036854775807}",
        "{" GOOD_TEXTS ",\"exp\":1795251700,\"nbf\":9223372036854775807}",
        "{" GOOD_TEXTS ",\"exp\":1795251700,\"nbf\":-9223372036854775807}",
        "{" GOOD_TEXTS ",\"exp\":1795251700,\"nbf\":\"1\"}",
        "{\"nbf\":1,\"exp\":1795251700}",
        "[1]",
        "{}",
    };
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"https://gonggu.test", "https://gonggu.test/"},
        {"https://gonggu.test", "HTTPS://gonggu.test"},
        {"\"iss\"", "\"isz\""},
        {"\"aud\":\"gonggu\"", "\"aud\":\"gonggu2\""},
        {"\"aud\":\"gonggu\"", "\"aud\":[\"gonggu\"]"},
        {"\"aud\":\"gonggu\"", "\"aud\":\"\""},
        {"\"aud\"", "\"AUD\""},
        {"\"sub\"", "\"sun\""},
        {"\"sid\"", "\"sit\""},
        {"\"sv\"", "\"sw\""},
        {"\"sv\":1", "\"sv\":-1"},
        {"\"sv\":1", "\"sv\":\"1\""},
        {"-dc0c0c07398f", "-dc0c0c07398"},
        {"-dc0c0c073990", "-dc0c0c07399x"},
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(accepted(token_of(header_of("ES256"), bad[i])));
    const char *good = claims_at(0, 600);
    for (size_t i = 0; i < GG_LEN(changes); i++) {
        const char *at = strstr(good, changes[i].from);
        assert_non_null(at);
        assert_false(accepted(token_of(header_of("ES256"), gg_sprintf(arena, "%.*s%s%s", (int)(at - good), good,
                                                                      changes[i].to, at + strlen(changes[i].from)))));
    }
}

static void only_true_makes_an_admin(void **state)
{
    static const char *const values[] = {"1", "\"true\"", "\"1\"", "false", "null", "[true]"};

    (void)state;
    for (size_t i = 0; i < GG_LEN(values); i++) {
        struct gg_user user = {0};
        char *claims = gg_sprintf(arena, "{\"adm\":%s,%s", values[i], claims_at(0, 60) + 1);
        (void)!gg_verify(str(token_of(header_of("ES256"), claims)), &user); /* refused or a member, never an admin */
        assert_false(user.admin);
    }
}

static void neighbourhoods_stand_in_the_token(void **state)
{
    struct gg_user user = {0}, here = anna;
    struct gg_area areas[GG_AREAS_MAX];
    static const char *const bad[] = {" ",        "11110101",    "11110101@",     "@5",   "1@5 ",
                                      "1@5  2@6", "1@5 2@6 3@7", "99999999999@5", "-1@5", "1@5,2@6"};

    (void)state;
    here.areas[0] = (struct gg_area){11110101, INT64_C(1790000000000)};
    here.areas[1] = (struct gg_area){11740110, INT64_C(1780000000000)};
    assert_null(gg_verify(str(gg_signer_sign(signer, arena, &here)), &user));
    assert_memory_equal(user.areas, here.areas, sizeof(user.areas));
    assert_null(gg_verify(str(gg_signer_sign(signer, arena, &anna)), &user));
    assert_int_equal(user.areas[0].code, 0);
    assert_string_equal(gg_areas_text(arena, here.areas), "11110101@1790000000 11740110@1780000000");
    for (size_t i = 0; i < GG_LEN(bad); i++) {
        assert_false(gg_areas_parse(str(bad[i]), areas));
        assert_int_equal(areas[0].code, 0);
        assert_non_null(gg_verify(
            str(token_of(header_of("ES256"), gg_sprintf(arena, "{\"areas\":\"%s\",%s", bad[i], claims_at(0, 60) + 1))),
            &user));
    }
}

/* --- the cache --- */

static void a_remembered_token_still_expires(void **state)
{
    const char *token = gg_signer_sign(signer, arena, &anna);
    struct gg_user user;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(accepted(token));
    gg_clock_set(anna.expires + 29999);
    assert_null(gg_verify(str(token), &user));
    assert_true(gg_id_equal(user.id, anna.id));
    gg_clock_set(anna.expires + 30000);
    assert_false(accepted(token));
    assert_false(accepted(token));
}

static void a_withdrawn_key_ends_its_tokens(void **state)
{
    const char *token = gg_signer_sign(signer, arena, &anna);
    struct gg_ec_key *key = gg_ec_key_generate();
    struct gg_signer *next = signer_of(gg_ec_key_pem(arena, key));
    const char *new_token = gg_signer_sign(next, arena, &anna), *other = gg_signer_jwks(next, arena);
    /* both keys, as during a rotation */
    char *both = gg_sprintf(arena, "%.*s,%s", (int)strlen(jwks) - 2, jwks, strchr(other, '[') + 1);

    (void)state;
    assert_true(accepted(token));
    assert_false(accepted(new_token));
    assert_true(gg_verifier_load(both, strlen(both)));
    assert_true(accepted(token));
    assert_true(accepted(new_token));
    assert_true(gg_verifier_load(other, strlen(other)));
    assert_false(accepted(token));
    assert_true(accepted(new_token));
    gg_signer_destroy(next);
    gg_ec_key_destroy(key);
}

/* --- key documents --- */

static char *document_of(const char *kty, const char *crv, const char *name, const char *x, const char *y)
{
    return gg_sprintf(arena, "{\"keys\":[{\"kty\":\"%s\",\"crv\":\"%s\",\"kid\":%s,\"x\":\"%s\",\"y\":\"%s\"}]}", kty,
                      crv, name, x, y);
}

static void documents_without_a_usable_key_change_nothing(void **state)
{
    const char *x = member(jwks, "x"), *y = member(jwks, "y");
    const char *bad[] = {
        "",
        "{}",
        "[]",
        "null",
        "{\"keys\":[]}",
        "{\"keys\":7}",
        "{\"keys\":[1,null,\"x\",{}]}",
        gg_sprintf(arena, "{\"KEYS\"%s", strchr(jwks, ':')),
        gg_sprintf(arena, "%.*s", (int)strlen(jwks) - 1, jwks),
        document_of("RSA", "P-256", "\"k\"", x, y),
        document_of("EC", "P-384", "\"k\"", x, y),
        document_of("EC", "P-256", "7", x, y),
        document_of("EC", "P-256", "\"k\"", y, y),
        document_of("EC", "P-256", "\"k\"", x, "AAAA"),
        document_of("EC", "P-256", "\"k\"", x, gg_sprintf(arena, "%s=", y)),
        document_of("EC", "P-256", "\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\"", x, y),
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(gg_verifier_load(bad[i], strlen(bad[i])));
    assert_true(gg_verifier_ready());
    assert_true(accepted(gg_signer_sign(signer, arena, &anna)));
}

static void more_keys_than_fit(void **state)
{
    char *document = gg_sprintf(arena, "%.*s", (int)strlen(jwks) - 2, jwks), *entry = strchr(jwks, '[') + 1;

    (void)state;
    entry = gg_strndup(arena, entry, strlen(entry) - 2);
    for (int i = 0; i < 20; i++)
        document = gg_sprintf(arena, "%s,%s", document, entry);
    document = gg_sprintf(arena, "%s]}", document);
    assert_true(gg_verifier_load(document, strlen(document)));
    assert_true(accepted(gg_signer_sign(signer, arena, &anna)));
}

/* The first test: before any key is known. */
static void nothing_is_accepted_without_keys(void **state)
{
    (void)state;
    gg_clock_set(NOW);
    assert_false(gg_verifier_ready());
    refused_because(gg_signer_sign(signer, arena, &anna), "key");
    assert_true(gg_verifier_missed_key());
}

/* --- VAPID --- */

static void a_vapid_token(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    char *token = gg_vapid_sign(key, arena, "https://push.test", "mailto:ops@gonggu.test", NOW + 12 * GG_HOUR);
    const char *claims = strchr(token, '.') + 1, *signature = strrchr(token, '.') + 1;
    char *header = decode(token, strcspn(token, ".")), *body = decode(claims, strcspn(claims, "."));
    struct gg_str raw;

    (void)state;
    assert_string_equal(member(header, "alg"), "ES256");
    assert_string_equal(member(body, "aud"), "https://push.test");
    assert_string_equal(member(body, "sub"), "mailto:ops@gonggu.test");
    assert_non_null(strstr(body, "\"exp\":1795294800"));
    assert_true(gg_base64url_decode(arena, str(signature), &raw));
    assert_int_equal(raw.n, 64);
    assert_false(accepted(token)); /* no pass into our own house */
    gg_ec_key_destroy(key);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, NULL)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_accepted_without_keys),
        TEST(a_signed_token_says_who),
        TEST(the_token_holds_the_claims_and_no_more),
        TEST(the_kid_is_the_thumbprint),
        TEST(a_signer_needs_a_key),
        TEST(the_public_key_as_a_secret),
        TEST(no_algorithm_at_all),
        TEST(keys_that_are_not_ours),
        TEST(a_tampered_character),
        TEST(claims_under_the_signature_of_others),
        TEST(one_spelling),
        TEST(no_token_at_all),
        TEST(times),
        TEST(odd_values),
        TEST(only_true_makes_an_admin),
        TEST(neighbourhoods_stand_in_the_token),
        TEST(a_remembered_token_still_expires),
        TEST(a_withdrawn_key_ends_its_tokens),
        TEST(documents_without_a_usable_key_change_nothing),
        TEST(more_keys_than_fit),
        TEST(a_vapid_token),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
