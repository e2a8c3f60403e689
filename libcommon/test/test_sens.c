/* libcommon/test/test_sens.c
 * Text messages: what fits a short one is counted in the bytes of EUC-KR. */
#include "libcommon/sens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void korean_letters_count_two_bytes(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    size_t bytes;

    (void)state;
    assert_string_equal(gg_sens_text(arena, "공구 10kg", &bytes), "공구 10kg");
    assert_int_equal(bytes, 9);
    assert_string_equal(gg_sens_text(arena, "똠방각하 펲시", &bytes), "똠방각하 펲시"); /* only in code page 949 */
    assert_int_equal(bytes, 13);
    assert_string_equal(gg_sens_text(arena, "수박🍉!", &bytes), "수박?!");
    assert_int_equal(bytes, 6);
    gg_arena_destroy(arena);
}

static void what_is_too_long_is_cut_between_letters(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    char *text = gg_alloc(arena, 3 * 1500 + 1);
    size_t bytes;

    (void)state;
    for (int i = 0; i < 1500; i++)
        memcpy(text + 3 * i, "가", 3);
    assert_int_equal(strlen(gg_sens_text(arena, text, &bytes)), 3 * 1000);
    assert_int_equal(bytes, GG_LMS_BYTES);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(korean_letters_count_two_bytes),
        cmocka_unit_test(what_is_too_long_is_cut_between_letters),
    };

    return cmocka_run_group_tests_name("sens", tests, NULL, NULL);
}
