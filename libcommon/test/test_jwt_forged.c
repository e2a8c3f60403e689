/* libcommon/test/test_jwt_forged.c
 * Access tokens: forgeries of every known kind are not accepted. */
#include "libcommon/test/jwt_rig.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_public_key_as_a_secret),
        TEST(no_algorithm_at_all),
        TEST(keys_that_are_not_ours),
        TEST(a_tampered_character),
        TEST(claims_under_the_signature_of_others),
        TEST(one_spelling),
        TEST(no_token_at_all),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
