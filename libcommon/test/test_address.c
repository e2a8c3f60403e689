/* libcommon/test/test_address.c
 * Network addresses as text. */
#include "libcommon/address.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void addresses_belong_to_nets(void **state)
{
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(gg_address_net(arena, "203.0.113.77"), "203.0.113.0/24");
    assert_string_equal(gg_address_net(arena, "::ffff:203.0.113.77"), "203.0.113.0/24");
    assert_string_equal(gg_address_net(arena, "2001:db8:1:2::3"), "20010db80001/48");
    assert_string_equal(gg_address_net(arena, "2001:0DB8:0001:ffff::"), "20010db80001/48");
    assert_string_equal(gg_address_net(arena, "unknown"), "unknown");
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_belong_to_nets),
    };

    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
