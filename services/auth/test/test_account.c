/* services/auth/test/test_account.c
 * The rules of accounts and sessions. */
#include "account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void nicknames_are_korean_or_latin(void **state)
{
    static const char *const good[] = {"민지", "망원동 주민", "Minji_82", "감귤2"};
    static const char *const bad[] = {" 민지", "민지 ", "민  지", "민지!", "<b>", "ㅋㅋ", "山田", "😀😀"};
    const char *reason;

    (void)state;
    for (size_t i = 0; i < GG_LEN(good); i++)
        assert_true(auth_nickname_valid(good[i], &reason));
    for (size_t i = 0; i < GG_LEN(bad); i++) {
        reason = NULL;
        assert_false(auth_nickname_valid(bad[i], &reason));
        assert_non_null(reason);
    }
}

static void phones_are_korean_mobiles(void **state)
{
    (void)state;
    assert_true(auth_phone_valid("01012345678"));
    assert_true(auth_phone_valid("0111234567"));
    assert_false(auth_phone_valid("0101234567"));
    assert_false(auth_phone_valid("0212345678"));
    assert_false(auth_phone_valid("0121234567"));
    assert_false(auth_phone_valid("01"));
}

static void phones_are_masked(void **state)
{
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(auth_phone_mask(arena, "01012345678"), "010-****-5678");
    gg_arena_destroy(arena);
}

static void devices_get_a_short_name(void **state)
{
    char name[AUTH_DEVICE_LENGTH];

    (void)state;
    auth_device_name("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", name);
    assert_string_equal(name, "Chrome · Android");
    auth_device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1", name);
    assert_string_equal(name, "Safari · iPhone");
    auth_device_name("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130.0 Safari/537.36 Edg/130.0", name);
    assert_string_equal(name, "Edge · Windows");
    auth_device_name("", name);
    assert_string_equal(name, "App");
    auth_device_name(NULL, name);
    assert_string_equal(name, "App");
}

static void codes_are_bound_to_request_and_number(void **state)
{
    struct gg_id request = gg_id_new(), other = gg_id_new();
    uint8_t a[GG_SHA256], b[GG_SHA256];

    (void)state;
    auth_code_hash(GG_STR("secret"), request, "01012345678", "123456", a);
    auth_code_hash(GG_STR("secret"), request, "01012345678", "123456", b);
    assert_memory_equal(a, b, sizeof(a));
    auth_code_hash(GG_STR("secret"), other, "01012345678", "123456", b);
    assert_memory_not_equal(a, b, sizeof(a));
    auth_code_hash(GG_STR("secret"), request, "01012345679", "123456", b);
    assert_memory_not_equal(a, b, sizeof(a));
    auth_code_hash(GG_STR("secret"), request, "01012345678", "123457", b);
    assert_memory_not_equal(a, b, sizeof(a));
}

static void refresh_tokens_follow_from_their_generation(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_id session = gg_id_new();
    uint8_t salt[16] = {1, 2, 3}, other_salt[16] = {9};
    char *token = auth_refresh_token_make(arena, GG_STR("secret"), session, salt, 7);
    struct auth_refresh_token parsed;

    (void)state;
    assert_string_equal(token, auth_refresh_token_make(arena, GG_STR("secret"), session, salt, 7));
    assert_string_not_equal(token, auth_refresh_token_make(arena, GG_STR("secret"), session, salt, 8));
    assert_true(auth_refresh_token_parse(arena, (struct gg_str){token, strlen(token)}, &parsed));
    assert_int_equal(parsed.generation, 7);
    assert_true(gg_id_equal(parsed.session, session));
    assert_true(auth_refresh_token_genuine(&parsed, GG_STR("secret"), salt));
    assert_false(auth_refresh_token_genuine(&parsed, GG_STR("other"), salt));
    assert_false(auth_refresh_token_genuine(&parsed, GG_STR("secret"), other_salt));
    parsed.generation = 8;
    assert_false(auth_refresh_token_genuine(&parsed, GG_STR("secret"), salt));
    gg_arena_destroy(arena);
}

static void mangled_refresh_tokens_are_refused(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    static const char *const bad[] = {"", "x", "!!!!", "AAAA"};
    struct auth_refresh_token parsed;

    (void)state;
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(auth_refresh_token_parse(arena, (struct gg_str){bad[i], strlen(bad[i])}, &parsed));
    gg_arena_destroy(arena);
}

static void an_old_refresh_token_ends_the_session(void **state)
{
    (void)state;
    assert_int_equal(auth_refresh_decide(5, 5, 0, 1), AUTH_REFRESH_ROTATE);
    assert_int_equal(auth_refresh_decide(4, 5, 1000, 1000 + AUTH_GRACE_MS), AUTH_REFRESH_REPEAT);
    assert_int_equal(auth_refresh_decide(4, 5, 1000, 1001 + AUTH_GRACE_MS), AUTH_REFRESH_REUSE);
    assert_int_equal(auth_refresh_decide(3, 5, 1000, 1000), AUTH_REFRESH_REUSE);
    assert_int_equal(auth_refresh_decide(6, 5, 1000, 1000), AUTH_REFRESH_REUSE);
}

static void an_ended_session_stays_ended(void **state)
{
    (void)state;
    for (int event = AUTH_SESSION_REFRESHED; event <= AUTH_SESSION_IDLE; event++) {
        int next = gg_fsm_next(&auth_session_fsm, AUTH_SESSION_OPEN, event);
        assert_int_equal(next, event == AUTH_SESSION_REFRESHED ? AUTH_SESSION_OPEN : AUTH_SESSION_ENDED_STATE);
        assert_int_equal(gg_fsm_next(&auth_session_fsm, AUTH_SESSION_ENDED_STATE, event), -1);
    }
}

static void few_codes_that_come_back_trip_the_breaker(void **state GG_UNUSED)
{
    assert_true(auth_codes_come_back(0, 0, 300, 10));
    assert_true(auth_codes_come_back(299, 0, 300, 10)); /* too few to say anything */
    assert_false(auth_codes_come_back(300, 29, 300, 10));
    assert_true(auth_codes_come_back(300, 30, 300, 10));
    assert_true(auth_codes_come_back(300, 0, 300, 0)); /* not watched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_codes_that_come_back_trip_the_breaker),
        cmocka_unit_test(nicknames_are_korean_or_latin),
        cmocka_unit_test(phones_are_korean_mobiles),
        cmocka_unit_test(phones_are_masked),
        cmocka_unit_test(devices_get_a_short_name),
        cmocka_unit_test(codes_are_bound_to_request_and_number),
        cmocka_unit_test(refresh_tokens_follow_from_their_generation),
        cmocka_unit_test(mangled_refresh_tokens_are_refused),
        cmocka_unit_test(an_old_refresh_token_ends_the_session),
        cmocka_unit_test(an_ended_session_stays_ended),
    };

    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
