/* services/auth/test/test_device.c
 * The device cookie. */
#include "device.h"

#include "libcommon/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000000)

static struct gg_arena *arena;
static const struct gg_str secret = {"secret", 6}, other_secret = {"Secret", 6};

static void a_device_is_known_for_who_logged_in_from_it(void **state)
{
    struct gg_id anna = gg_id_new(), ben = gg_id_new(), device, again;
    char *cookie = auth_device_cookie(arena, secret, NULL, anna, NOW), *both;

    (void)state;
    assert_true(auth_device_trusted(arena, secret, cookie, anna, NOW, &device));
    assert_false(auth_device_trusted(arena, secret, cookie, ben, NOW, &device));
    assert_false(auth_device_trusted(arena, other_secret, cookie, anna, NOW, &device));
    assert_false(auth_device_trusted(arena, secret, NULL, anna, NOW, &device));
    assert_true(auth_device_trusted(arena, secret, cookie, anna, NOW + AUTH_DEVICE_MS - 1000, &device));
    assert_false(auth_device_trusted(arena, secret, cookie, anna, NOW + AUTH_DEVICE_MS, &device));

    both = auth_device_cookie(arena, secret, cookie, ben, NOW);
    assert_true(auth_device_trusted(arena, secret, both, anna, NOW, &again));
    assert_true(gg_id_equal(device, again));
    assert_true(auth_device_trusted(arena, secret, both, ben, NOW, &again));
    /* logging in again keeps the device and adds nothing */
    both = auth_device_cookie(arena, secret, both, anna, NOW + 1000);
    assert_true(auth_device_trusted(arena, secret, both, anna, NOW, &again));
    assert_true(gg_id_equal(device, again));
    assert_ptr_equal(strchr(both, '~'), strrchr(both, '~'));
}

static void a_device_is_known_for_three_accounts_at_most(void **state)
{
    struct gg_id people[4], device;
    char *cookie = NULL;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        people[i] = gg_id_new();
        cookie = auth_device_cookie(arena, secret, cookie, people[i], NOW);
    }
    assert_false(auth_device_trusted(arena, secret, cookie, people[0], NOW, &device));
    for (size_t i = 1; i < 4; i++)
        assert_true(auth_device_trusted(arena, secret, cookie, people[i], NOW, &device));
}

static void nothing_strange_is_sent_back(void **state)
{
    static const char *const strange[] = {"", "~", "~~~~", "x", "a\nb", "AAAA", "aaaa~\x01~bbbb", "\xff"};
    struct gg_id anna = gg_id_new(), device;
    char *good = auth_device_cookie(arena, secret, NULL, anna, NOW);

    (void)state;
    for (size_t i = 0; i < GG_LEN(strange); i++) {
        assert_false(auth_device_trusted(arena, secret, strange[i], anna, NOW, &device));
        assert_int_equal(strlen(auth_device_cookie(arena, secret, strange[i], anna, NOW)), strlen(good));
    }
    /* one bit changed anywhere */
    for (size_t i = 0; i < strlen(good) - 1; i++) {
        char *bad = gg_strdup(arena, good);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        assert_false(auth_device_trusted(arena, secret, bad, anna, NOW, &device));
    }
}

static int begin(void **state)
{
    (void)state;
    arena = gg_arena_create();
    return 0;
}

static int end(void **state)
{
    (void)state;
    gg_arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_is_known_for_who_logged_in_from_it),
        cmocka_unit_test(a_device_is_known_for_three_accounts_at_most),
        cmocka_unit_test(nothing_strange_is_sent_back),
    };

    return cmocka_run_group_tests_name("device", tests, begin, end);
}
