/* libcommon/test/test_mem.c
 * Arenas: alignment, zeroes, growth, reuse; copies and formatted strings. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/mem.h"

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

static bool all_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

/* Sizes around every power of two and every block border; each piece is filled, so that overlap shows. */
static void pieces_are_aligned_zeroed_and_apart(void **state)
{
    char *pieces[400];
    size_t sizes[400];

    for (size_t i = 0; i < GG_LEN(pieces); i++) {
        sizes[i] = (i * i * 7) % 6000;
        pieces[i] = gg_alloc(*state, sizes[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        assert_true(all_zero(pieces[i], sizes[i]));
        memset(pieces[i], (int)(i % 251) + 1, sizes[i]);
    }
    for (size_t i = 0; i < GG_LEN(pieces); i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(pieces[i][k], (char)((int)(i % 251) + 1));
}

static void a_piece_larger_than_any_block(void **state)
{
    size_t n = (size_t)3 * 1024 * 1024;
    char *small = gg_strdup(*state, "before"), *large = gg_alloc(*state, n), *after = gg_strdup(*state, "after");

    assert_true(all_zero(large, n));
    memset(large, 1, n);
    assert_string_equal(small, "before");
    assert_string_equal(after, "after");
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
    char *first = gg_alloc(*state, 100);

    memset(first, 7, 100);
    for (int i = 0; i < 100; i++)
        memset(gg_alloc(*state, 5000), 7, 5000);
    gg_arena_reset(*state);
    assert_ptr_equal(gg_alloc(*state, 100), first);
    assert_true(all_zero(first, 100));
}

static void copies(void **state)
{
    const uint8_t bytes[] = {0, 1, 2, 0};

    assert_null(gg_strdup(*state, NULL));
    assert_string_equal(gg_strdup(*state, "공구"), "공구");
    assert_string_equal(gg_strndup(*state, "abcdef", 3), "abc");
    assert_string_equal(gg_strndup(*state, NULL, 0), "");
    assert_memory_equal(gg_memdup(*state, bytes, sizeof(bytes)), bytes, sizeof(bytes));
    assert_non_null(gg_memdup(*state, NULL, 0));
    assert_non_null(gg_alloc(*state, 0));
    assert_string_equal(gg_sprintf(*state, "%s-%d", "x", 42), "x-42");
    assert_string_equal(gg_sprintf(*state, "%s", ""), "");
    assert_int_equal(strlen(gg_sprintf(*state, "%9000d", 1)), 9000);
}

static void arrays_are_zeroed(void **state)
{
    int64_t *numbers = GG_NEW_ARRAY(*state, int64_t, 1000);

    assert_true(all_zero((const char *)numbers, 1000 * sizeof(*numbers)));
    assert_int_equal(*GG_NEW(*state, int), 0);
}

static void the_heap_calls_answer(void **state)
{
    char *p = gg_xmalloc(0), *zeroes = gg_xcalloc(3, 5), *text = gg_xstrdup("text");

    (void)state;
    assert_true(all_zero(zeroes, 15));
    p = gg_xrealloc(p, 10);
    p[9] = 'x';
    assert_string_equal(text, "text");
    free(p);
    free(zeroes);
    free(text);
    gg_arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pieces_are_aligned_zeroed_and_apart, make, drop),
        cmocka_unit_test_setup_teardown(a_piece_larger_than_any_block, make, drop),
        cmocka_unit_test_setup_teardown(memory_is_zeroed_again_after_a_reset, make, drop),
        cmocka_unit_test_setup_teardown(copies, make, drop),
        cmocka_unit_test_setup_teardown(arrays_are_zeroed, make, drop),
        cmocka_unit_test(the_heap_calls_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
