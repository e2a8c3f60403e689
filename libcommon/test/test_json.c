/* libcommon/test/test_json.c
 * Messages by their table: decoding with all errors at once. */
#include "libcommon/test/json_rig.h"

static void whole_numbers_are_exact(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0}, {"100", 100}, {"-10", -10}, {"7", 7}};
    for (size_t i = 0; i < GG_LEN(good); i++) {
        expect_good(f, gg_sprintf(f->arena, "\"count\":%s", good[i].text));
        assert_int_equal(f->tree.count, good[i].value);
    }
    static const char *const not_whole[] = {"-0",  "1.0",  "1.5",   "1e1",  "10E0", "1e400",
                                            "0.0", "-0.0", "\"1\"", "true", "[]",   "{}"};
    for (size_t i = 0; i < GG_LEN(not_whole); i++)
        expect_bad(f, gg_sprintf(f->arena, "\"count\":%s", not_whole[i]), "type");
    expect_bad(f, "\"count\":101", "max");
    expect_bad(f, "\"count\":-11", "min");
    expect_bad(f, "\"count\":18446744073709551617", "max");
    expect_bad(f, "\"count\":-18446744073709551617", "min");
}

static void amounts_reach_the_wire_limit(void **state)
{
    struct fixture *f = *state;
    expect_good(f, "\"amount_won\":999999999999999");
    assert_true(f->tree.amount_won == GG_WIRE_MAX);
    expect_good(f, "\"amount_won\":-999999999999999");
    assert_true(f->tree.amount_won == -GG_WIRE_MAX);
    expect_good(f, "\"amount_won\":582180871384648");
    assert_true(f->tree.amount_won == INT64_C(582180871384648));
    expect_bad(f, "\"amount_won\":1000000000000000", "max");
    expect_bad(f, "\"amount_won\":9223372036854775808", "max");
    expect_bad(f, "\"amount_won\":-1000000000000000", "min");
    expect_bad(f, "\"amount_won\":99999999999999.984", "type");
}

static void numbers_keep_their_member(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode(f,
                            "{\"x\":[1,{\"y\":2},\"3\",-4.5e1],\"shares\":[{\"z\":5,\"quantity\":6},{\"quantity\":7}],"
                            "\"lat\":37.5,\"inner\":{\"quantity\":8},\"count\":9,\"w\":10}"),
                     GG_DECODED);
    const struct leaf *shares = f->tree.shares.items;
    assert_int_equal(shares[0].quantity, 6);
    assert_int_equal(shares[1].quantity, 7);
    assert_int_equal(f->tree.lat, 37500000);
    assert_int_equal(f->tree.inner.quantity, 8);
    assert_int_equal(f->tree.count, 9);
}

static void degrees_are_exact(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        int64_t micro;
    } good[] = {{"37.566535", 37566535}, {"0.1", 100000},    {"-0.000001", -1},
                {"90", 90000000},        {"-90", -90000000}, {"90.000000", 90000000},
                {"37.500000", 37500000}, {"-0.5", -500000},  {"4.35", 4350000},
                {"0.000007", 7},         {"0", 0},           {"8.000001", 8000001}};
    for (size_t i = 0; i < GG_LEN(good); i++) {
        expect_good(f, gg_sprintf(f->arena, "\"lat\":%s", good[i].text));
        assert_int_equal(f->tree.lat, good[i].micro);
    }
    expect_bad(f, "\"lat\":37.5665351", "format");
    expect_bad(f, "\"lat\":3.7e1", "format");
    expect_bad(f, "\"lat\":90.000001", "max");
    expect_bad(f, "\"lat\":-90.000001", "min");
    expect_bad(f, "\"lat\":12345678901234567890", "max");
    expect_bad(f, "\"lat\":-12345678901234567890.5", "min");
    expect_bad(f, "\"lat\":\"37.5\"", "type");
}

static void texts_are_counted_and_normal(void **state)
{
    struct fixture *f = *state;
    expect_good(f, "\"text\":\"가나다라\"");
    assert_string_equal(f->tree.text, "가나다라");
    expect_good(f, "\"text\":\"\\ud83d\\ude00\\u0041\"");
    assert_string_equal(f->tree.text, "\xf0\x9f\x98\x80"
                                      "A");
    /* Two decomposed syllables of three letters each: six code points come in, two are counted. */
    expect_good(f, "\"text\":\"\\u1112\\u1161\\u11ab\\u1112\\u1161\\u11ab\"");
    assert_string_equal(f->tree.text, "한한");
    expect_bad(f, "\"text\":\"a\"", "length");
    expect_bad(f, "\"text\":\"\"", "length");
    expect_bad(f, "\"text\":\"가나다라마\"", "length");
    expect_bad(f, "\"text\":\"a\\nb\"", "text");
    expect_bad(f, "\"text\":\"a\\u0007b\"", "text");
    expect_bad(f, "\"text\":\"a\\u202eb\"", "text");
    expect_bad(f, "\"text\":12", "type");
    expect_bad(f, "\"text\":[\"ab\"]", "type");
    expect_good(f, "\"lines\":\"a\\n\\tb\"");
    assert_string_equal(f->tree.lines, "a\n\tb");
    expect_bad(f, "\"lines\":\"a\\u001b\"", "text");
    expect_good(f, "\"slug\":\"az_09-\"");
    expect_good(f, "\"slug\":\"\"");
    expect_bad(f, "\"slug\":\"aB\"", "format");
    expect_bad(f, "\"slug\":\"a.b\"", "format");
    expect_bad(f, "\"slug\":\"가\"", "format");
}

static void words_times_and_ids_are_strict(void **state)
{
    struct fixture *f = *state;
    expect_good(f, "\"flag\":true");
    assert_true(f->tree.flag);
    expect_bad(f, "\"flag\":\"true\"", "type");
    expect_bad(f, "\"flag\":1", "type");
    expect_good(f, "\"color\":\"blue\"");
    assert_int_equal(f->tree.color, BLUE);
    expect_bad(f, "\"color\":\"Blue\"", "enum");
    expect_bad(f, "\"color\":\"blu\"", "enum");
    expect_bad(f, "\"color\":\"\"", "enum");
    expect_bad(f, "\"color\":2", "type");
    expect_good(f, "\"at\":\"2026-11-21T18:00:00.5+09:00\"");
    assert_true(f->tree.at == INT64_C(1795251600500));
    expect_bad(f, "\"at\":\"2026-13-21T18:00:00Z\"", "format");
    expect_bad(f, "\"at\":\"2026-11-21\"", "format");
    expect_bad(f, "\"at\":1795251600500", "type");
    expect_good(f, "\"id\":\"0190b0a0-0000-7000-8000-0123456789AB\"");
    assert_int_equal(f->tree.id.b[15], 0xAB);
    expect_bad(f, "\"id\":\"00000000-0000-0000-0000-000000000000\"", "format");
    expect_bad(f, "\"id\":\"0190b0a000007000800001234567890a\"", "format");
    expect_bad(f, "\"id\":7", "type");
}

static void nested_values_are_reached(void **state)
{
    struct fixture *f = *state;
    expect_good(f, "\"other\":{\"quantity\":3,\"note\":\"hi\"}");
    assert_int_equal(f->tree.other->quantity, 3);
    assert_string_equal(f->tree.other->note, "hi");
    expect_bad(f, "\"other\":[]", "type");
    expect_bad(f, "\"other\":{}", "required");
    assert_string_equal(f->errors.v[0].pointer, "/other/quantity");
    expect_good(f, "\"tags\":[\"a\",\"abc\"]");
    assert_int_equal(f->tree.tags.n, 2);
    assert_string_equal(((const char **)f->tree.tags.items)[1], "abc");
    expect_good(f, "\"tags\":[]");
    expect_bad(f, "\"tags\":[\"a\",\"b\",\"c\"]", "length");
    expect_bad(f, "\"tags\":[\"a\",null]", "type");
    assert_string_equal(f->errors.v[0].pointer, "/tags/1");
    expect_bad(f, "\"tags\":[\"abcd\"]", "length");
    assert_string_equal(f->errors.v[0].pointer, "/tags/0");
    expect_bad(f, "\"tags\":\"a\"", "type");
    expect_bad(f, "\"shares\":[]", "length");
    expect_bad(f, "\"shares\":{}", "type");
    expect_bad(f, "\"shares\":[{\"quantity\":1},7]", "type");
    assert_string_equal(f->errors.v[0].pointer, "/shares/1");
    expect_bad(f, "\"shares\":[{},{},{},{},{}]", "length");
    assert_string_equal(f->errors.v[0].pointer, "/shares");
}

static void absent_is_absent(void **state)
{
    struct fixture *f = *state;
    memset(&f->tree, 0x5a, sizeof(f->tree));
    assert_int_equal(
        decode(f, "{\"COUNT\":7,\"count\":null,\"text\":null,\"other\":null,\"shares\":null,\"unknown\":{\"a\":[1]},"
                  "\"inner\":{\"quantity\":1}}"),
        GG_DECODED);
    const struct tree *t = &f->tree;
    assert_true(t->count == GG_NONE && t->amount_won == GG_NONE && t->at == GG_NONE && t->lat == GG_NONE);
    assert_false(t->flag);
    assert_true(gg_id_is_zero(t->id));
    assert_null(t->text);
    assert_int_equal(t->color, -1);
    assert_null(t->other);
    assert_null(t->inner.note);
    assert_true(t->shares.items == NULL && t->shares.n == 0 && t->tags.items == NULL);
    assert_int_equal(decode(f, "{\"inner\":null}"), GG_DECODE_INVALID);
    assert_string_equal(f->errors.v[0].code, "required");
    assert_string_equal(f->errors.v[0].pointer, "/inner");
}

static void all_errors_come_at_once(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"count\":101,\"flag\":1,\"color\":\"pink\",\"text\":\"x\","
                               "\"shares\":[{\"quantity\":1},{\"quantity\":0,\"note\":\"too long\"},{},"
                               "{\"quantity\":\"3\"}]}"),
                     GG_DECODE_INVALID);
    static const struct {
        const char *pointer, *code;
    } expected[] = {
        {"/count", "max"},
        {"/flag", "type"},
        {"/text", "length"},
        {"/color", "enum"},
        {"/inner", "required"},
        {"/shares/1/quantity", "min"},
        {"/shares/1/note", "length"},
        {"/shares/2/quantity", "required"},
        {"/shares/3/quantity", "type"},
    };
    assert_int_equal(f->errors.n, GG_LEN(expected));
    for (size_t i = 0; i < GG_LEN(expected); i++) {
        assert_string_equal(f->errors.v[i].pointer, expected[i].pointer);
        assert_string_equal(f->errors.v[i].code, expected[i].code);
        assert_true(strlen(f->errors.v[i].detail) > 5);
    }
    assert_string_equal(f->errors.v[3].detail, "must be one of red, green, blue");
}

static void what_is_not_an_object_is_malformed(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {"", "[]", "1", "null", "\"{}\"", "{", "{\"count\":1,\"count\":1}", "{} {}"};
    for (size_t i = 0; i < GG_LEN(texts); i++) {
        assert_int_equal(decode(f, texts[i]), GG_DECODE_MALFORMED);
        assert_int_equal(f->errors.n, 1);
        assert_string_equal(f->errors.v[0].pointer, "");
    }
}

static void errors_are_kept_to_32(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 100; i++)
        gg_field_error(&f->errors, "/a", "type", "%d", i);
    assert_int_equal(f->errors.n, 32);
    assert_string_equal(f->errors.v[31].detail, "31");
}

/* 64 KiB of the worst arrays: an index loop over the parser's list would take seconds. */
static void large_arrays_are_quick(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"x", "shares", "tags"};
    char *text = malloc(GG_JSON_MAX);
    for (size_t i = 0; i < GG_LEN(names); i++) {
        size_t n = (size_t)snprintf(text, GG_JSON_MAX, "{\"inner\":{\"quantity\":1},\"%s\":[", names[i]);
        while (n + 4 < GG_JSON_MAX) {
            memcpy(text + n, "1,", 2);
            n += 2;
        }
        memcpy(text + n - 1, "]}", 2);
        clock_t start = clock(); /* what it costs, not how long it takes on a busy machine */
        enum gg_decoded decoded =
            gg_json_decode(f->arena, &tree_msg, (struct gg_str){text, n + 1}, &f->tree, &f->errors);
        assert_int_equal(decoded, i == 0 ? GG_DECODED : GG_DECODE_INVALID);
        assert_true(clock() - start < CLOCKS_PER_SEC / 2);
        assert_int_equal(f->errors.n, i);
    }
    free(text);
}

/* --- queries --- */

static enum gg_decoded decode_query(struct fixture *f, const char *text, struct query *query)
{
    f->errors.n = 0;
    return gg_query_decode(f->arena, &query_msg, (struct gg_str){text, strlen(text)}, query, &f->errors);
}

static void queries_are_decoded(void **state)
{
    struct fixture *f = *state;
    struct query q;
    assert_int_equal(decode_query(f,
                                  "limit=20&lat=37.5&cursor=%EA%B0%80+b%2B&open=true&color=green&unknown=%20&&"
                                  "id=0190b0a0-0000-7000-8000-0123456789ab&unknown",
                                  &q),
                     GG_DECODED);
    assert_int_equal(q.limit, 20);
    assert_int_equal(q.lat, 37500000);
    assert_string_equal(q.cursor, "가 b+");
    assert_true(q.open);
    assert_int_equal(q.color, GREEN);
    assert_int_equal(q.id.b[15], 0xab);
    assert_int_equal(decode_query(f, "lat=1", &q), GG_DECODED);
    assert_true(q.limit == GG_NONE && q.cursor == NULL && !q.open && q.color == -1);
    assert_int_equal(decode_query(f, "lat=1&open=1", &q), GG_DECODED);
    assert_true(q.open);
    assert_int_equal(decode_query(f, "lat=1&open=0", &q), GG_DECODED);
    assert_false(q.open);
}

static void queries_are_refused(void **state)
{
    struct fixture *f = *state;
    struct query q;
    static const struct {
        const char *text, *pointer, *code;
        enum gg_decoded decoded;
    } cases[] = {
        {"", "?lat", "required", GG_DECODE_INVALID},
        {"lat=1&limit=0", "?limit", "min", GG_DECODE_INVALID},
        {"lat=1&limit=101", "?limit", "max", GG_DECODE_INVALID},
        {"lat=1&limit=", "?limit", "type", GG_DECODE_INVALID},
        {"lat=1&limit", "?limit", "type", GG_DECODE_INVALID},
        {"lat=1&limit=+5", "?limit", "type", GG_DECODE_INVALID},
        {"lat=1&limit=05", "?limit", "type", GG_DECODE_INVALID},
        {"lat=1&limit=5x", "?limit", "type", GG_DECODE_INVALID},
        {"lat=", "?lat", "format", GG_DECODE_INVALID},
        {"lat=.5", "?lat", "format", GG_DECODE_INVALID},
        {"lat=5.", "?lat", "format", GG_DECODE_INVALID},
        {"lat=01.5", "?lat", "format", GG_DECODE_INVALID},
        {"lat=nan", "?lat", "format", GG_DECODE_INVALID},
        {"lat=-1", "?lat", "min", GG_DECODE_INVALID},
        {"lat=1&open=2", "?open", "type", GG_DECODE_INVALID},
        {"lat=1&color=pink", "?color", "enum", GG_DECODE_INVALID},
        {"lat=1&id=7", "?id", "format", GG_DECODE_INVALID},
        {"lat=1&code=1-2", "?code", "format", GG_DECODE_INVALID},
        {"lat=1&cursor=", "?cursor", "length", GG_DECODE_INVALID},
        {"lat=1&limit=2&limit=2", "?limit", "duplicate", GG_DECODE_INVALID},
        {"lat=1&li%6Dit=2&limit=3", "?limit", "duplicate", GG_DECODE_INVALID},
        {"lat=1&cursor=%zz", "?", "format", GG_DECODE_MALFORMED},
        {"lat=1&cursor=%ff", "?", "format", GG_DECODE_MALFORMED},
        {"lat=1&cursor=%00", "?", "format", GG_DECODE_MALFORMED},
        {"lat=1&x=%", "?", "format", GG_DECODE_MALFORMED},
    };
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        enum gg_decoded decoded = decode_query(f, cases[i].text, &q);
        if (decoded != cases[i].decoded || f->errors.n != 1 || strcmp(f->errors.v[0].pointer, cases[i].pointer) != 0 ||
            strcmp(f->errors.v[0].code, cases[i].code) != 0)
            fail_msg("%s: %d, %zu errors, first %s", cases[i].text, (int)decoded, f->errors.n,
                     f->errors.n == 0 ? "-" : f->errors.v[0].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_numbers_are_exact),      TEST(amounts_reach_the_wire_limit),
        TEST(numbers_keep_their_member),    TEST(degrees_are_exact),
        TEST(texts_are_counted_and_normal), TEST(words_times_and_ids_are_strict),
        TEST(nested_values_are_reached),    TEST(absent_is_absent),
        TEST(all_errors_come_at_once),      TEST(what_is_not_an_object_is_malformed),
        TEST(errors_are_kept_to_32),        TEST(large_arrays_are_quick),
        TEST(queries_are_decoded),          TEST(queries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
