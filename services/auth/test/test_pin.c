/* services/auth/test/test_pin.c
 * PINs everybody tries first, and what is hashed instead of the PIN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pin.h"

static void weak_ones(void **state)
{
    static const char *const weak[] = {"000000", "999999", "123456", "012345", "456789", "654321",
                                       "987654", "121212", "123123", "909090", "345678"};
    static const char *const good[] = {"274951", "123457", "112358", "135790", "001234", "246802"};

    (void)state;
    for (size_t i = 0; i < GG_LEN(weak); i++)
        assert_true(auth_pin_weak(weak[i], NULL));
    for (size_t i = 0; i < GG_LEN(good); i++)
        assert_false(auth_pin_weak(good[i], "01012345670"));
    assert_true(auth_pin_weak("274951", "01092749513"));
}

static void the_key_and_the_user_count(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_id one = gg_id_new(), two = gg_id_new();
    const char *text = auth_pin_keyed(arena, GG_STR("secret"), one, "274951");

    (void)state;
    assert_int_equal(strlen(text), 43);
    assert_string_equal(text, auth_pin_keyed(arena, GG_STR("secret"), one, "274951"));
    assert_string_not_equal(text, auth_pin_keyed(arena, GG_STR("secret"), two, "274951"));
    assert_string_not_equal(text, auth_pin_keyed(arena, GG_STR("other"), one, "274951"));
    assert_string_not_equal(text, auth_pin_keyed(arena, GG_STR("secret"), one, "274952"));
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_ones),
        cmocka_unit_test(the_key_and_the_user_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
