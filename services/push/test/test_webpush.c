/* services/push/test/test_webpush.c
 * Web Push encryption against the vector of RFC 8291 appendix A, and the allow-list of endpoints. */
#include "webpush.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* as_private of the appendix as PKCS#8. */
static const char vector_key[] = "-----BEGIN PRIVATE KEY-----\n"
                                 "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyfWPiYE+n46HLnH0\n"
                                 "KqZOF1fJJU3MYrct3AELtAQ+oRyhRANCAAT+M/SrDepxkU21WCP3O1SUj0EwbZIH\n"
                                 "Mtu5pZpTKGSCIA5Zent7wmC6HCJ5mFgJkuk5cwAvMBKiiujwa7t45ewP\n"
                                 "-----END PRIVATE KEY-----\n";

static struct gg_ec_key *load_vector_key(void)
{
    char path[] = "/tmp/gonggu-webpush-XXXXXX";
    int fd = mkstemp(path);
    struct gg_ec_key *key;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, vector_key, sizeof(vector_key) - 1), sizeof(vector_key) - 1);
    close(fd);
    key = gg_ec_key_load(path);
    unlink(path);
    assert_non_null(key);
    return key;
}

static struct gg_str bytes(struct gg_arena *arena, const char *base64url)
{
    struct gg_str out;

    assert_true(gg_base64url_decode(arena, (struct gg_str){base64url, strlen(base64url)}, &out));
    return out;
}

static void matches_the_vector_of_rfc_8291(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_ec_key *key = load_vector_key();
    struct gg_str p256dh =
        bytes(arena, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
    struct gg_str auth = bytes(arena, "BTBZMqHH6r4Tts7J_aSIgg"), salt = bytes(arena, "DGv6ra1nlYgDCS1FRnbzlw"), body;

    (void)state;
    assert_true(push_encrypt(arena, (const uint8_t *)p256dh.p, (const uint8_t *)auth.p, key, (const uint8_t *)salt.p,
                             GG_STR("When I grow up, I want to be a watermelon"), false, &body));
    assert_string_equal(
        gg_base64url(arena, body.p, body.n),
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzA"
        "C8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
    gg_ec_key_destroy(key);
    gg_arena_destroy(arena);
}

static void padding_hides_the_length(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_ec_key *key = gg_ec_key_generate(), *reader = gg_ec_key_generate();
    uint8_t p256dh[GG_P256_POINT], auth[16] = {1}, salt[16] = {2};
    struct gg_str brief, longer;

    (void)state;
    gg_ec_key_public(reader, p256dh);
    assert_true(push_encrypt(arena, p256dh, auth, key, salt, GG_STR("a"), true, &brief));
    assert_true(push_encrypt(arena, p256dh, auth, key, salt, GG_STR("a sentence of some words"), true, &longer));
    assert_int_equal(brief.n, longer.n);
    gg_ec_key_destroy(reader);
    gg_ec_key_destroy(key);
    gg_arena_destroy(arena);
}

static void refuses_a_point_off_the_curve(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t p256dh[GG_P256_POINT] = {4, 1, 2, 3}, auth[16] = {1}, salt[16] = {2};
    struct gg_str body;

    (void)state;
    assert_false(push_encrypt(arena, p256dh, auth, key, salt, GG_STR("a"), true, &body));
    gg_ec_key_destroy(key);
    gg_arena_destroy(arena);
}

static void endpoints_are_on_the_list(void **state)
{
    static const char allowed[] = "fcm.example,*.push.example,127.0.0.1:8090";
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(push_endpoint_origin(arena, "https://fcm.example/send/1", allowed, false),
                        "https://fcm.example");
    assert_string_equal(push_endpoint_origin(arena, "https://web.push.example/x", allowed, false),
                        "https://web.push.example");
    assert_string_equal(push_endpoint_origin(arena, "http://127.0.0.1:8090/push/e/1", allowed, true),
                        "http://127.0.0.1:8090");
    assert_null(push_endpoint_origin(arena, "http://127.0.0.1:8090/push/e/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "https://fcm.example.evil/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "https://evilfcm.example/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "https://push.example/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "https://user@fcm.example/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "https://fcm.example:9999/1", allowed, false));
    assert_null(push_endpoint_origin(arena, "ftp://fcm.example/1", allowed, true));
    assert_null(push_endpoint_origin(arena, "https://fcm.example", allowed, false));
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_the_vector_of_rfc_8291),
        cmocka_unit_test(padding_hides_the_length),
        cmocka_unit_test(refuses_a_point_off_the_curve),
        cmocka_unit_test(endpoints_are_on_the_list),
    };

    return cmocka_run_group_tests_name("webpush", tests, NULL, NULL);
}
