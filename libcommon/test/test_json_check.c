/* libcommon/test/test_json_check.c
 * The strict check, text by text, in the spirit of JSONTestSuite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/json.h"

struct sample {
    struct gg_str text;
    bool valid;
};
#define GOOD(literal)                                                                                                  \
    {                                                                                                                  \
        {(literal), sizeof(literal) - 1}, true                                                                         \
    }
#define BAD(literal)                                                                                                   \
    {                                                                                                                  \
        {(literal), sizeof(literal) - 1}, false                                                                        \
    }

static const struct sample samples[] = {
    /* plain values */
    GOOD("null"),
    GOOD("true"),
    GOOD("false"),
    GOOD("0"),
    GOOD("-0"),
    GOOD("-1"),
    GOOD("10"),
    GOOD("1.5"),
    GOOD("0.000001"),
    GOOD("-0.5e+10"),
    GOOD("1E400"),
    GOOD("1e-0"),
    GOOD("123456789012345678901234567890"),
    GOOD("\"\""),
    GOOD("\"a\""),
    GOOD(" \t\r\n1 \t\r\n"),
    /* containers */
    GOOD("[]"),
    GOOD("{}"),
    GOOD("[ ]"),
    GOOD("{ }"),
    GOOD("[1,2,3]"),
    GOOD("[[],[[]],{}]"),
    GOOD("{\"a\":1}"),
    GOOD("{\"a\" : { \"a\" : { \"a\" : 1 } } }"),
    GOOD("[{\"a\":1},{\"a\":1}]"),
    GOOD("{\"\":1}"),
    GOOD("{\"a\":{\"b\":1},\"b\":{\"a\":1}}"),
    GOOD("{\"ab\":1,\"a\":2,\"b\":3}"),
    /* strings */
    GOOD("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
    GOOD("\"\\u0041\\u00e9\\uAC00\\uabcd\""),
    GOOD("\"\\uD83D\\uDE00\""),
    GOOD("\"\\u0001\""),
    GOOD("\"\x7f\""),
    GOOD("\"\xea\xb0\x80\xf0\x9f\x98\x80\""),
    GOOD("\"\xf4\x8f\xbf\xbd\""),
    GOOD("\"/\""),
    GOOD("\"// not a comment\""),
    /* nothing, rests, spaces */
    BAD(""),
    BAD(" "),
    BAD("1 2"),
    BAD("{}{}"),
    BAD("[] x"),
    BAD("null\0"),
    BAD("\xef\xbb\xbf{}"),
    BAD("\v1"),
    BAD("\f1"),
    BAD("\xc2\xa0"
        "1"),
    BAD("// c\n1"),
    BAD("/**/1"),
    /* words */
    BAD("nul"),
    BAD("True"),
    BAD("NULL"),
    BAD("nullx"),
    BAD("undefined"),
    BAD("NaN"),
    BAD("Infinity"),
    BAD("-Infinity"),
    BAD("a"),
    /* numbers */
    BAD("-"),
    BAD("+1"),
    BAD("01"),
    BAD("-01"),
    BAD("00"),
    BAD("1."),
    BAD(".5"),
    BAD("-.5"),
    BAD("1.e1"),
    BAD("1e"),
    BAD("1e+"),
    BAD("1E-"),
    BAD("1e1.5"),
    BAD("0x10"),
    BAD("1_000"),
    BAD("- 1"),
    BAD("--1"),
    BAD("1,000"),
    BAD("\xef\xbc\x91"),
    /* arrays */
    BAD("["),
    BAD("]"),
    BAD("[1"),
    BAD("[1,"),
    BAD("[1,]"),
    BAD("[,1]"),
    BAD("[1,,2]"),
    BAD("[1 2]"),
    BAD("[1}"),
    BAD("[1:2]"),
    BAD("[1]]"),
    /* objects */
    BAD("{"),
    BAD("}"),
    BAD("{\"a\""),
    BAD("{\"a\":"),
    BAD("{\"a\":1"),
    BAD("{\"a\":1,}"),
    BAD("{,\"a\":1}"),
    BAD("{\"a\":1,,\"b\":2}"),
    BAD("{\"a\" 1}"),
    BAD("{\"a\"::1}"),
    BAD("{\"a\",1}"),
    BAD("{\"a\":}"),
    BAD("{a:1}"),
    BAD("{'a':1}"),
    BAD("{1:1}"),
    BAD("{null:1}"),
    BAD("{\"a\":1 \"b\":2}"),
    BAD("{\"a\":1]"),
    BAD("{[]:1}"),
    /* duplicate keys */
    BAD("{\"a\":1,\"a\":1}"),
    BAD("{\"a\":1,\"b\":2,\"a\":null}"),
    BAD("{\"a\":1,\"\\u0061\":1}"),
    BAD("{\"\\/\":1,\"/\":1}"),
    BAD("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}"),
    BAD("{\"\\uac00\":1,\"\xea\xb0\x80\":1}"),
    BAD("{\"\":1,\"\":1}"),
    BAD("[{\"x\":{\"a\":1,\"c\":{\"a\":1},\"a\":2}}]"),
    /* strings */
    BAD("\""),
    BAD("\"a"),
    BAD("'a'"),
    BAD("\"\\"),
    BAD("\"\\\""),
    BAD("\"\\x41\""),
    BAD("\"\\a\""),
    BAD("\"\\0\""),
    BAD("\"\\U0041\""),
    BAD("\"\\u\""),
    BAD("\"\\u004\""),
    BAD("\"\\u00g1\""),
    BAD("\"\\u+041\""),
    BAD("\"\\u0000\""),
    BAD("{\"\\u0000\":1}"),
    BAD("\"\\ud800\""),
    BAD("\"\\ud800x\""),
    BAD("\"\\ud800\\n\""),
    BAD("\"\\udc00\""),
    BAD("\"\\ud800\\ud800\""),
    BAD("\"\\ud800\\u0041\""),
    BAD("\"\\udc00\\ud800\""),
    BAD("\"\0\""),
    BAD("\"\n\""),
    BAD("\"\t\""),
    BAD("\"\x1f\""),
    BAD("\"\\\n\""),
    /* UTF-8 */
    BAD("\"\x80\""),
    BAD("\"\xff\""),
    BAD("\"\xc0\xaf\""),
    BAD("\"\xc1\xbf\""),
    BAD("\"\xe0\x80\xaf\""),
    BAD("\"\xea\xb0\""),
    BAD("\"\xed\xa0\x80\""),
    BAD("\"\xf0\x80\x80\x80\""),
    BAD("\"\xf4\x90\x80\x80\""),
    BAD("\"\xf5\x80\x80\x80\""),
    BAD("{\"\xe9\":1}"),
    BAD("[\xea\xb0\x80]"),
};

static void every_sample_is_judged(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    size_t wrong = 0;
    for (size_t i = 0; i < GG_LEN(samples); i++) {
        /* A copy of the exact size, so that a sanitizer sees a read behind the end. */
        char *exact = malloc(samples[i].text.n == 0 ? 1 : samples[i].text.n);
        assert_non_null(exact);
        memcpy(exact, samples[i].text.p, samples[i].text.n);
        const char *detail = NULL;
        bool valid = gg_json_check(arena, (struct gg_str){exact, samples[i].text.n}, &detail);
        if (valid != samples[i].valid || (!valid && detail == NULL)) {
            print_error("sample %zu: %.*s\n", i, (int)samples[i].text.n, samples[i].text.p);
            wrong++;
        }
        free(exact);
    }
    assert_int_equal(wrong, 0);
    gg_arena_destroy(arena);
}

static bool check(struct gg_arena *arena, const char *p, size_t n)
{
    const char *detail;
    return gg_json_check(arena, (struct gg_str){p, n}, &detail);
}

static void depth_ends_at_32(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    char text[2 * 33];
    for (size_t depth = 31; depth <= 33; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(check(arena, text, 2 * depth), depth <= GG_JSON_DEPTH);
    }
    gg_arena_destroy(arena);
}

static void any_depth_is_refused_at_once(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    char *text = malloc(GG_JSON_MAX);
    assert_non_null(text);
    memset(text, '[', GG_JSON_MAX);
    assert_false(check(arena, text, GG_JSON_MAX));
    for (size_t i = 0; i + 5 <= GG_JSON_MAX; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    assert_false(check(arena, text, GG_JSON_MAX - GG_JSON_MAX % 5));
    free(text);
    gg_arena_destroy(arena);
}

static void size_ends_at_512_kib(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    char *text = malloc(GG_JSON_TEXT_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', GG_JSON_TEXT_MAX + 1);
    text[0] = '"';
    text[GG_JSON_TEXT_MAX - 1] = '"';
    assert_true(check(arena, text, GG_JSON_TEXT_MAX));
    text[GG_JSON_TEXT_MAX - 1] = 'x';
    text[GG_JSON_TEXT_MAX] = '"';
    assert_false(check(arena, text, GG_JSON_TEXT_MAX + 1));
    free(text);
    gg_arena_destroy(arena);
}

static void details_name_the_byte(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    static const struct {
        const char *text, *detail;
    } cases[] = {
        {"{\"a\":01}", "bad number at byte 7"},
        {"{\"a\":1,\"b\":2,\"a\":3,\"b\":4}", "duplicate key at byte 13"},
        {"[1,2", "the text ends too early at byte 4"},
        {"[1] x", "text after the value at byte 4"},
    };
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        const char *detail = NULL;
        assert_false(gg_json_check(arena, (struct gg_str){cases[i].text, strlen(cases[i].text)}, &detail));
        assert_string_equal(detail, cases[i].detail);
    }
    gg_arena_destroy(arena);
}

static void a_number_fits_the_parser(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    char digits[65];
    memset(digits, '7', sizeof(digits));
    assert_true(check(arena, digits, 63));
    assert_false(check(arena, digits, 64));
    gg_arena_destroy(arena);
}

/* Sixteen thousand keys of one object, plain and all escaped: neither time nor memory may run away. */
static void many_keys_stay_cheap(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    char *text = malloc(GG_JSON_MAX);
    assert_non_null(text);
    for (size_t f = 0; f < 2; f++) {
        size_t n = 0, key = 0;
        text[n++] = '{';
        while (n + 32 < GG_JSON_MAX) {
            char member[32];
            snprintf(member, sizeof(member), f == 0 ? "\"%zx\":1," : "\"\\u0061%zx\":1,", key++);
            memcpy(text + n, member, strlen(member));
            n += strlen(member);
        }
        text[n - 1] = '}';
        clock_t start = clock(); /* what it costs, not how long it takes on a busy machine */
        assert_true(check(arena, text, n));
        assert_true(clock() - start < CLOCKS_PER_SEC / 2);
    }
    free(text);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_is_judged),       cmocka_unit_test(depth_ends_at_32),
        cmocka_unit_test(any_depth_is_refused_at_once), cmocka_unit_test(size_ends_at_512_kib),
        cmocka_unit_test(details_name_the_byte),        cmocka_unit_test(a_number_fits_the_parser),
        cmocka_unit_test(many_keys_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
