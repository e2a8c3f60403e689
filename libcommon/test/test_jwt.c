/* libcommon/test/test_jwt.c
 * Access tokens: what the signer makes is accepted, for its time and with what it says; keys come and go. */
#include "libcommon/test/jwt_rig.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_accepted_without_keys),
        TEST(a_signed_token_says_who),
        TEST(the_token_holds_the_claims_and_no_more),
        TEST(the_kid_is_the_thumbprint),
        TEST(a_signer_needs_a_key),
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
