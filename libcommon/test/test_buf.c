/* libcommon/test/test_buf.c
 * The bounded buffer: what fits is there, what does not is not begun. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/buf.h"

static void pieces_come_one_after_the_other(void **state)
{
    struct gg_buf buf;

    (void)state;
    gg_buf_init(&buf, 1000);
    assert_string_equal(buf.p, "");
    gg_buf_adds(&buf, "a");
    gg_buf_addc(&buf, 'b');
    gg_buf_add(&buf, "cd", 2);
    gg_buf_add(&buf, NULL, 0);
    gg_buf_addf(&buf, "%d%s", 7, "");
    assert_string_equal(buf.p, "abcd7");
    assert_int_equal(gg_buf_str(&buf).n, 5);
    assert_false(buf.overflow);
    gg_buf_clear(&buf);
    assert_string_equal(buf.p, "");
    assert_int_equal(buf.n, 0);
    gg_buf_free(&buf);
}

/* For every bound: exactly `max` bytes fit, one more does not, and nothing of it is left behind. */
static void every_bound_is_exact(void **state)
{
    char text[1200];

    (void)state;
    memset(text, 'x', sizeof(text));
    for (size_t max = 0; max < 1100; max++) {
        struct gg_buf buf;
        gg_buf_init(&buf, max);
        for (size_t i = 0; i < max; i += 100)
            gg_buf_add(&buf, text, max - i < 100 ? max - i : 100);
        assert_int_equal(buf.n, max);
        assert_false(buf.overflow);
        gg_buf_addc(&buf, 'y');
        assert_true(buf.overflow);
        assert_int_equal(buf.n, max);
        assert_int_equal(strlen(buf.p), max);
        gg_buf_free(&buf);
    }
}

static void nothing_follows_what_did_not_fit(void **state)
{
    struct gg_buf buf;

    (void)state;
    gg_buf_init(&buf, 6);
    gg_buf_adds(&buf, "ab");
    gg_buf_adds(&buf, "too long");
    gg_buf_adds(&buf, "c");
    gg_buf_addf(&buf, "%d", 1);
    assert_string_equal(buf.p, "ab");
    assert_true(buf.overflow);
    gg_buf_clear(&buf);
    gg_buf_addf(&buf, "%06d", 1);
    assert_string_equal(buf.p, "000001");
    assert_false(buf.overflow);
    gg_buf_free(&buf);
}

static void freeing_is_harmless(void **state)
{
    struct gg_buf buf = {0};

    (void)state;
    gg_buf_free(&buf);
    gg_buf_init(&buf, SIZE_MAX);
    gg_buf_adds(&buf, "no bound to speak of");
    assert_false(buf.overflow);
    gg_buf_free(&buf);
    gg_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_come_one_after_the_other),
        cmocka_unit_test(every_bound_is_exact),
        cmocka_unit_test(nothing_follows_what_did_not_fit),
        cmocka_unit_test(freeing_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
