/* libcommon/test/test_outage.c
 * Who may try a server that is away, and who says that it went and came back. */
#include "libcommon/clock.h"
#include "libcommon/outage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void one_says_it_and_one_tries(void **state)
{
    struct gg_outage outage = GG_OUTAGE_NONE;

    (void)state;
    assert_true(gg_outage_may_try(&outage));
    assert_true(gg_outage_may_try(&outage)); /* while all is well everybody may */
    assert_true(gg_outage_begun(&outage));
    assert_false(gg_outage_begun(&outage));
    assert_false(gg_outage_may_try(&outage));
    outage.next_try = gg_mono(); /* the wait is over */
    assert_true(gg_outage_may_try(&outage));
    assert_false(gg_outage_may_try(&outage)); /* another one is trying */
    assert_true(gg_outage_over(&outage));
    assert_false(gg_outage_over(&outage));
    assert_true(gg_outage_may_try(&outage));
}

static void it_waits_longer_each_time_up_to_two_seconds(void **state)
{
    static const int64_t waits[] = {100, 200, 400, 800, 1600, 2000, 2000};
    struct gg_outage outage = GG_OUTAGE_NONE;

    (void)state;
    for (size_t i = 0; i < GG_LEN(waits); i++) {
        gg_outage_begun(&outage);
        assert_int_equal(outage.wait, waits[i]);
    }
    gg_outage_over(&outage);
    gg_outage_begun(&outage);
    assert_int_equal(outage.wait, waits[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_says_it_and_one_tries),
        cmocka_unit_test(it_waits_longer_each_time_up_to_two_seconds),
    };

    return cmocka_run_group_tests_name("outage", tests, NULL, NULL);
}
