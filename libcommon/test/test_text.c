/* libcommon/test/test_text.c
 * UTF-8, NFC, what may stand in a text, strict numbers, percent-decoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/text.h"

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

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static void utf8(void **state)
{
    static const char *const bad[] = {
        "\x80",         "\xc0\xaf",         "\xc1\x81",         "\xe0\x80\xaf",     "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "a\xe2\x82",    "\xe2\x28\xa1"};
    (void)state;
    assert_true(gg_utf8_valid(str("")));
    assert_true(gg_utf8_valid(str("a 공구 \xf0\x9f\xa5\x95 \xf4\x8f\xbf\xbd")));
    assert_false(gg_utf8_valid(GG_STR("a\0b")));
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(gg_utf8_valid(str(bad[i])));
    assert_int_equal(gg_utf8_length(str("a공구\xf0\x9f\xa5\x95")), 4);
    assert_int_equal(gg_utf8_length(str("")), 0);
}

static void korean_typed_in_pieces_becomes_whole(void **state)
{
    /* ᄀ + ᅩ + ᆼ, as a Mac names files; and an e with its accent apart */
    assert_string_equal(gg_text_normalize(*state, str("\xe1\x84\x80\xe1\x85\xa9\xe1\x86\xbc"), false), "공");
    assert_string_equal(gg_text_normalize(*state, str("e\xcc\x81"), false), "\xc3\xa9");
    /* canonical order of marks, and a character that NFC takes apart */
    assert_string_equal(gg_text_normalize(*state, str("a\xcc\x81\xcc\xa3"), false), "\xe1\xba\xa1\xcc\x81");
    assert_string_equal(gg_text_normalize(*state, str("\xe2\x84\xab"), false), "\xc3\x85");
    /* NFC, not NFKC: a half-width letter stays */
    assert_string_equal(gg_text_normalize(*state, str("\xef\xbd\xb6"), false), "\xef\xbd\xb6");
    assert_string_equal(gg_text_normalize(*state, str(""), false), "");
    assert_string_equal(gg_text_normalize(*state, str("감자 5kg 같이 사요"), false), "감자 5kg 같이 사요");
}

static void characters_that_deceive_are_refused(void **state)
{
    static const char *const bad[] = {
        "a\x01",        "a\rb",
        "\x1b[31m",     "a\x7f",
        "\xc2\x85",     "\xe2\x80\xa8",     /* U+2028 */
        "\xe2\x80\xa9", "\xe2\x80\xae",     /* U+202E */
        "\xe2\x80\xaa", "\xe2\x81\xa6",     /* U+2066 */
        "\xe2\x81\xa9", "\xef\xbb\xbfx",    /* U+FEFF */
        "\xef\xbf\xbe", "\xef\xbf\xbf",     /* U+FFFE, U+FFFF */
        "\xef\xb7\x90", "\xf0\x9f\xbf\xbf", /* U+FDD0, U+1FFFF */
        "\xed\xa0\x80", "\xff",
    };
    for (size_t i = 0; i < GG_LEN(bad); i++) {
        assert_null(gg_text_normalize(*state, str(bad[i]), false));
        assert_null(gg_text_normalize(*state, str(bad[i]), true));
    }
    assert_null(gg_text_normalize(*state, GG_STR("a\0b"), true));
    assert_null(gg_text_normalize(*state, str("a\nb"), false));
    assert_null(gg_text_normalize(*state, str("a\tb"), false));
    assert_string_equal(gg_text_normalize(*state, str("a\n\tb"), true), "a\n\tb");
    /* an emoji family is held together by zero-width joiners */
    assert_non_null(gg_text_normalize(*state, str("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"), false));
}

static void numbers(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"-0", false, 0},
        {"+1", false, 0},
        {"00", false, 0},
        {"01", false, 0},
        {"-01", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"0x1", false, 0},
        {"\xef\xbc\x91", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        int64_t value = 0;
        assert_int_equal(gg_parse_i64(str(cases[i].text), INT64_MIN, INT64_MAX, &value), cases[i].ok);
        assert_true(value == cases[i].value);
    }
    int64_t value = 5;
    assert_true(gg_parse_i64(str("10"), 1, 10, &value));
    assert_false(gg_parse_i64(str("11"), 1, 10, &value));
    assert_false(gg_parse_i64(str("0"), 1, 10, &value));
    assert_int_equal(value, 10);
    assert_false(gg_parse_i64(GG_STR("1\0"), 1, 10, &value));
}

static void percent(void **state)
{
    static const char *const bad[] = {"%", "%4", "%4g", "%g4", "a%2", "%00", "%ff", "%ed%a0%80", "%-1", "% 1"};

    assert_string_equal(gg_percent_decode(*state, str("a+b%20c%2F%eA%b3%b5")), "a+b c/공");
    assert_string_equal(gg_percent_decode(*state, str("")), "");
    assert_string_equal(gg_percent_decode(*state, str("%2541")), "%41");
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_null(gg_percent_decode(*state, str(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8),
        cmocka_unit_test_setup_teardown(korean_typed_in_pieces_becomes_whole, make, drop),
        cmocka_unit_test_setup_teardown(characters_that_deceive_are_refused, make, drop),
        cmocka_unit_test(numbers),
        cmocka_unit_test_setup_teardown(percent, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
