/* services/auth/test/test_breached.c
 * Common passwords are recognised, also in their usual disguises; others are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "breached.h"

static void the_list_is_whole(void **state)
{
    (void)state;
    assert_true(auth_password_list_size() > 49000);
}

static void common_ones(void **state)
{
    static const char *const common[] = {"1234567890",   "qwertyuiop",   "password123",      "Password2026!",
                                         "iloveyou1234", "aaaaaaaaaaaa", "passwordpassword", "QWERTYUIOP",
                                         "!!dragon1!!",  "1q2w3e4r5t",   "football12345",    "minji_neighbour_22"};

    (void)state;
    for (size_t i = 0; i < GG_LEN(common); i++)
        if (!auth_password_common(common[i], "minji"))
            fail_msg("%s is common", common[i]);
}

static void the_markets_own_words_are_no_password(void **state)
{
    static const char *const own[] = {"gonggumarket", "Gonggu2026!", "공구마켓2026", "우리동네공구마켓",
                                      "neighbour12!!"};
    static const char *const more[] = {"gonggu-and-rain-on-monday", "이웃집 고양이는 창가에"};

    (void)state;
    for (size_t i = 0; i < GG_LEN(own); i++)
        if (!auth_password_common(own[i], NULL))
            fail_msg("%s is what everybody tries here", own[i]);
    for (size_t i = 0; i < GG_LEN(more); i++)
        if (auth_password_common(more[i], NULL))
            fail_msg("%s is not", more[i]);
}

static void others(void **state)
{
    static const char *const good[] = {"correct horse battery staple", "비밀-kfm2pq9xw", "long enough, really",
                                       "tofu-and-rain-on-monday",      "x8Kq!vP2mW",     "망원동에서 딸기 두 상자"};

    (void)state;
    for (size_t i = 0; i < GG_LEN(good); i++)
        if (auth_password_common(good[i], "minji"))
            fail_msg("%s is not common", good[i]);
    assert_false(auth_password_common("tofu-and-rain-on-monday", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_whole),
        cmocka_unit_test(common_ones),
        cmocka_unit_test(the_markets_own_words_are_no_password),
        cmocka_unit_test(others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
