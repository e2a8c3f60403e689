/* libcommon/test/test_id.c
 * UUIDv7: layout, order, text; ids that follow from a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/id.h"

/* RFC 9562, appendix A.6: 2022-02-22T14:22:22-05:00. */
static void layout_of_rfc_9562(void **state)
{
    static const uint8_t time_part[] = {0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0};

    (void)state;
    gg_clock_set(INT64_C(1645557742000));
    for (int i = 0; i < 1000; i++) {
        struct gg_id id = gg_id_new();
        assert_memory_equal(id.b, time_part, sizeof(time_part));
        assert_int_equal(id.b[6] >> 4, 7);
        assert_int_equal(id.b[8] >> 6, 2);
    }
    gg_clock_set(GG_NONE);
}

static int compare(const void *a, const void *b)
{
    return gg_id_compare(*(const struct gg_id *)a, *(const struct gg_id *)b);
}

static void many_in_one_millisecond_are_all_different(void **state)
{
    static struct gg_id ids[100000];

    (void)state;
    gg_clock_set(INT64_C(1795251600000));
    for (size_t i = 0; i < GG_LEN(ids); i++)
        ids[i] = gg_id_new();
    gg_clock_set(GG_NONE);
    qsort(ids, GG_LEN(ids), sizeof(ids[0]), compare);
    for (size_t i = 1; i < GG_LEN(ids); i++)
        assert_false(gg_id_equal(ids[i - 1], ids[i]));
}

static void later_ids_are_greater_also_as_text(void **state)
{
    struct gg_id before = GG_ID_ZERO;
    char text_before[GG_ID_TEXT], text[GG_ID_TEXT];

    (void)state;
    gg_id_format(before, text_before);
    for (int64_t ms = 1; ms < (INT64_C(1) << 47); ms = ms * 3 + 1) {
        gg_clock_set(ms);
        struct gg_id id = gg_id_new();
        gg_id_format(id, text);
        assert_true(gg_id_compare(before, id) < 0);
        assert_true(strcmp(text_before, text) < 0);
        before = id;
        memcpy(text_before, text, sizeof(text));
    }
    gg_clock_set(GG_NONE);
}

static void text_there_and_back(void **state)
{
    struct gg_id id, upper;
    char text[GG_ID_TEXT];

    (void)state;
    assert_true(gg_id_parse(GG_STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), &id));
    assert_int_equal(id.b[0], 0x01);
    assert_int_equal(id.b[15], 0x8f);
    gg_id_format(id, text);
    assert_string_equal(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    assert_true(gg_id_parse(GG_STR("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), &upper));
    assert_true(gg_id_equal(id, upper));
    for (int i = 0; i < 1000; i++) {
        id = gg_id_new();
        gg_id_format(id, text);
        assert_true(gg_id_parse((struct gg_str){text, strlen(text)}, &upper));
        assert_true(gg_id_equal(id, upper));
    }
    assert_true(gg_id_is_zero(GG_ID_ZERO));
    assert_false(gg_id_is_zero(id));
}

static void texts_that_are_no_ids(void **state)
{
    static const char *const cases[] = {
        "",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
        "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07 98f",
        "017f22e2-79b0-7cc3-98c4--c0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1",
        "@17f22e2-79b0-7cc3-98c4-dc0c0c07398`",
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        struct gg_id id = {{9}};
        assert_false(gg_id_parse((struct gg_str){cases[i], strlen(cases[i])}, &id));
        assert_int_equal(id.b[0], 9);
    }
}

static void a_derived_id_is_always_the_same(void **state)
{
    struct gg_id space, other = GG_ID_ZERO, id;

    (void)state;
    assert_true(gg_id_parse(GG_STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), &space));
    id = gg_id_derive(space, "payout");
    assert_true(gg_id_equal(id, gg_id_derive(space, "payout")));
    assert_false(gg_id_equal(id, gg_id_derive(space, "refund")));
    assert_false(gg_id_equal(id, gg_id_derive(other, "payout")));
    assert_int_equal(id.b[6] >> 4, 8);
    assert_int_equal(id.b[8] >> 6, 2);
    assert_false(gg_id_is_zero(gg_id_derive(other, "")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_of_rfc_9562),
        cmocka_unit_test(many_in_one_millisecond_are_all_different),
        cmocka_unit_test(later_ids_are_greater_also_as_text),
        cmocka_unit_test(text_there_and_back),
        cmocka_unit_test(texts_that_are_no_ids),
        cmocka_unit_test(a_derived_id_is_always_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
