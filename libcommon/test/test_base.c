/* libcommon/test/test_base.c
 * Names of statuses and the macros every file uses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libcommon/base.h"

static void every_status_has_a_name(void **state)
{
    static const struct {
        enum gg_status status;
        const char *name;
    } cases[] = {{GG_OK, "ok"},       {GG_NOT_FOUND, "not_found"},     {GG_DUPLICATE, "duplicate"},
                 {GG_RETRY, "retry"}, {GG_UNAVAILABLE, "unavailable"}, {GG_ERROR, "error"}};
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++)
        assert_string_equal(gg_status_name(cases[i].status), cases[i].name);
    assert_string_equal(gg_status_name((enum gg_status)77), "unknown");
}

static int steps;

static enum gg_status step(enum gg_status status)
{
    steps++;
    return status;
}

static enum gg_status two_steps(enum gg_status first)
{
    GG_TRY(step(first));
    return step(GG_OK);
}

static void try_carries_out_all_but_ok(void **state)
{
    (void)state;
    steps = 0;
    assert_int_equal(two_steps(GG_OK), GG_OK);
    assert_int_equal(steps, 2);
    assert_int_equal(two_steps(GG_NOT_FOUND), GG_NOT_FOUND);
    assert_int_equal(two_steps(GG_RETRY), GG_RETRY);
    assert_int_equal(steps, 4);
}

static void a_literal_knows_its_length(void **state)
{
    (void)state;
    assert_int_equal(GG_STR("").n, 0);
    assert_int_equal(GG_STR("a\0b").n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name),
        cmocka_unit_test(try_carries_out_all_but_ok),
        cmocka_unit_test(a_literal_knows_its_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
