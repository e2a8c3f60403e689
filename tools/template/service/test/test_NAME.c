/* services/@NAME@/test/test_@NAME@.c
 * The rules of the @NAME@ service. */
#include "@NAME@.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void notes_are_bounded(void **state)
{
    (void)state;
    assert_true(@NAME@_may_write(0));
    assert_true(@NAME@_may_write(@UPPER@_NOTES_MAX - 1));
    assert_false(@NAME@_may_write(@UPPER@_NOTES_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(notes_are_bounded)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
