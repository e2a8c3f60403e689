/* libcommon/test/test_password.c
 * Passwords: the PHC string, right and wrong, and the same work for nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "libcommon/crypto.h"

static int make(void **state)
{
    *state = gg_arena_create();
    return 0;
}

static int drop(void **state)
{
    gg_arena_destroy(*state);
    return 0;
}

static void the_right_password_and_no_other(void **state)
{
    char *phc = gg_password_hash(*state, GG_STR("감자 다섯 상자"));

    assert_ptr_equal(strstr(phc, "$argon2id$v=19$m=19456,t=2,p=1$"), phc);
    assert_true(gg_password_verify(phc, GG_STR("감자 다섯 상자")));
    assert_false(gg_password_verify(phc, GG_STR("감자 다섯 상자 ")));
    assert_false(gg_password_verify(phc, GG_STR("감자 다섯 상자\0")));
    assert_false(gg_password_verify(phc, GG_STR("")));
    assert_string_not_equal(phc, gg_password_hash(*state, GG_STR("감자 다섯 상자")));
}

static void a_damaged_hash_opens_nothing(void **state)
{
    char *phc = gg_password_hash(*state, GG_STR("secret"));
    size_t n = strlen(phc);

    phc[n - 1] = phc[n - 1] == 'A' ? 'Q' : 'A';
    assert_false(gg_password_verify(phc, GG_STR("secret")));
    phc[n - 10] = '\0';
    assert_false(gg_password_verify(phc, GG_STR("secret")));
    assert_false(gg_password_verify("", GG_STR("secret")));
    assert_false(gg_password_verify("$argon2id$", GG_STR("secret")));
    assert_false(gg_password_verify("secret", GG_STR("secret")));
}

/* What the reference program `argon2` printed; and what other lengths of salt and hash give. */
static void hashes_of_others_are_understood(void **state GG_UNUSED)
{
    static const char made[] = "$argon2id$v=19$m=1024,t=3,p=2$c29tZXNhbHRzb21lc2FsdCE$2xeWQB98dcRWOQ6auThgCqar0pBpz9GP";

    assert_true(gg_password_verify(made, GG_STR("password")));
    assert_false(gg_password_verify(made, GG_STR("passwore")));
    assert_true(gg_password_outdated(made));
}

static void weaker_hashes_are_known(void **state)
{
    assert_false(gg_password_outdated(gg_password_hash(*state, GG_STR("secret"))));
    assert_true(gg_password_outdated("$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHRzYWx0$aGFzaA"));
    assert_true(gg_password_outdated("$argon2id$v=19$m=19456,t=1,p=1$c29tZXNhbHRzYWx0$aGFzaA"));
    assert_true(gg_password_outdated("$argon2i$v=19$m=65536,t=3,p=1$c29tZXNhbHRzYWx0$aGFzaA"));
    assert_false(gg_password_outdated("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzYWx0$aGFzaA"));
}

static int64_t cpu_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

/* The least of several runs of the processor, not the clock: other programs do not count. */
static int64_t work(const char *phc)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < 5; i++) {
        int64_t start = cpu_us();
        assert_false(gg_password_verify(phc, GG_STR("wrong")));
        int64_t took = cpu_us() - start;
        least = took < least ? took : least;
    }
    return least;
}

static void nobody_costs_as_much_as_somebody(void **state)
{
    int64_t somebody = work(gg_password_hash(*state, GG_STR("right"))), nobody = work(NULL);

    assert_true(nobody > somebody / 2);
    assert_true(nobody < somebody * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_right_password_and_no_other, make, drop),
        cmocka_unit_test_setup_teardown(a_damaged_hash_opens_nothing, make, drop),
        cmocka_unit_test_setup_teardown(hashes_of_others_are_understood, make, drop),
        cmocka_unit_test_setup_teardown(weaker_hashes_are_known, make, drop),
        cmocka_unit_test_setup_teardown(nobody_costs_as_much_as_somebody, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
