/* libcommon/test/test_json.c
 * Messages by their table: decoding with all errors at once, encoding, the round trip between them, the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/json.h"

enum color { RED, GREEN, BLUE };
static const char *const color_names[] = {"red", "green", "blue", NULL};
static const char *const digit_set[] = {"0-9", NULL};
static const char *const slug_set[] = {"0-9a-z_-", NULL};

struct leaf {
    int64_t quantity;
    const char *note;
};
static const struct gg_field leaf_fields[] = {
    GG_INT(struct leaf, quantity, GG_REQUIRED, 1, 99, "how many"),
    GG_TEXT(struct leaf, note, GG_OPTIONAL, 1, 5, NULL),
};
static const struct gg_msg leaf_msg = GG_MSG("Leaf", struct leaf, leaf_fields, "One leaf.");

struct tree {
    int64_t count;
    bool flag;
    int64_t amount_won, at, lat;
    struct gg_id id;
    const char *text, *lines, *slug;
    int color;
    struct leaf inner;
    struct leaf *other;
    struct gg_list shares, tags;
};
static const struct gg_field tree_fields[] = {
    GG_INT(struct tree, count, GG_OPTIONAL, -10, 100, "a \"count\""),
    GG_BOOL(struct tree, flag, GG_OPTIONAL, "yes or no"),
    GG_WON(struct tree, amount_won, GG_OPTIONAL, -GG_WIRE_MAX, INT64_MAX, "won"),
    GG_TIME(struct tree, at, GG_OPTIONAL, "when"),
    GG_DEG(struct tree, lat, GG_OPTIONAL, -90000000, 90000000, "where"),
    GG_ID(struct tree, id, GG_OPTIONAL, "which"),
    GG_TEXT(struct tree, text, GG_OPTIONAL, 2, 4, "one line"),
    GG_TEXT(struct tree, lines, GG_OPTIONAL | GG_LINES, 1, 10, "lines"),
    GG_TEXT_OF(struct tree, slug, GG_OPTIONAL, 0, 10, slug_set, "slug"),
    GG_ENUM(struct tree, color, GG_OPTIONAL, color_names, "color"),
    GG_OBJECT(struct tree, inner, &leaf_msg, "inline"),
    GG_REF(struct tree, other, GG_OPTIONAL, &leaf_msg, "pointed to"),
    GG_LIST(struct tree, shares, GG_OPTIONAL, 1, 4, &leaf_msg, "list"),
    GG_TEXTS(struct tree, tags, GG_OPTIONAL, 1, 3, 2, "tags"),
};
static const struct gg_msg tree_msg = GG_MSG("Tree", struct tree, tree_fields, "A tree.");

struct fixture {
    struct gg_arena *arena;
    struct gg_field_errors errors;
    struct tree tree;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = gg_arena_create();
    f->errors.arena = f->arena;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    gg_arena_destroy(f->arena);
    free(f);
    return 0;
}

static enum gg_decoded decode(struct fixture *f, const char *text)
{
    f->errors.n = 0;
    return gg_json_decode(f->arena, &tree_msg, (struct gg_str){text, strlen(text)}, &f->tree, &f->errors);
}

/* Decodes with one member beside the required ones; NULL when it passed, else the code of its only error. */
static const char *decode_member(struct fixture *f, const char *member)
{
    const char *text = gg_sprintf(f->arena, "{%s,\"inner\":{\"quantity\":1}}", member);
    enum gg_decoded decoded = decode(f, text);
    if (decoded == GG_DECODED)
        return f->errors.n == 0 ? NULL : "errors beside success";
    if (decoded != GG_DECODE_INVALID || f->errors.n != 1)
        return "not exactly one error";
    return f->errors.v[0].code;
}

static void expect_bad(struct fixture *f, const char *member, const char *code)
{
    const char *got = decode_member(f, member);
    if (got == NULL || strcmp(got, code) != 0)
        fail_msg("%s: %s instead of %s", member, got == NULL ? "accepted" : got, code);
}

static void expect_good(struct fixture *f, const char *member)
{
    const char *got = decode_member(f, member);
    if (got != NULL)
        fail_msg("%s: %s", member, got);
}

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
        int64_t start = gg_mono();
        enum gg_decoded decoded =
            gg_json_decode(f->arena, &tree_msg, (struct gg_str){text, n + 1}, &f->tree, &f->errors);
        assert_int_equal(decoded, i == 0 ? GG_DECODED : GG_DECODE_INVALID);
        assert_true(gg_mono() - start < 500);
        assert_int_equal(f->errors.n, i);
    }
    free(text);
}

/* --- queries --- */

struct query {
    int64_t limit, lat;
    const char *cursor;
    bool open;
    int color;
    struct gg_id id;
    const char *code;
};
static const struct gg_field query_fields[] = {
    GG_INT(struct query, limit, GG_OPTIONAL, 1, 100, "limit"),
    GG_DEG(struct query, lat, GG_REQUIRED, 0, 90000000, "lat"),
    GG_TEXT(struct query, cursor, GG_OPTIONAL, 1, 10, "cursor"),
    GG_BOOL(struct query, open, GG_OPTIONAL, "open"),
    GG_ENUM(struct query, color, GG_OPTIONAL, color_names, "color"),
    GG_ID(struct query, id, GG_OPTIONAL, "id"),
    GG_TEXT_OF(struct query, code, GG_OPTIONAL, 1, 6, digit_set, "code"),
};
static const struct gg_msg query_msg = GG_MSG("Query", struct query, query_fields, "A query.");

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

/* --- encoding --- */

static void encoding_is_exact(void **state)
{
    struct fixture *f = *state;
    struct gg_buf out;
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    struct tree t;
    gg_msg_init(&tree_msg, &t);
    t.inner.quantity = 2;
    gg_json_encode(&out, &tree_msg, &t);
    assert_string_equal(out.p, "{\"inner\":{\"quantity\":2}}");
    gg_buf_clear(&out);
    struct leaf shares[] = {{1, NULL}, {2, "\"\\\b\t\n\x01\x1f/가"}};
    const char *tags[] = {"a", "b"};
    t.count = -7;
    t.amount_won = GG_WIRE_MAX;
    t.at = 0;
    t.lat = -500000;
    t.id = (struct gg_id){{1, 2, 3, [15] = 255}};
    t.color = RED;
    t.other = &shares[0];
    t.shares = (struct gg_list){shares, 2};
    t.tags = (struct gg_list){tags, 2};
    gg_json_encode(&out, &tree_msg, &t);
    assert_string_equal(out.p, "{\"count\":-7,\"amount_won\":999999999999999,"
                               "\"at\":\"1970-01-01T00:00:00.000Z\",\"lat\":-0.5,"
                               "\"id\":\"01020300-0000-0000-0000-0000000000ff\",\"color\":\"red\","
                               "\"inner\":{\"quantity\":2},\"other\":{\"quantity\":1},"
                               "\"shares\":[{\"quantity\":1},{\"quantity\":2,\"note\":"
                               "\"\\\"\\\\\\b\\t\\n\\u0001\\u001f/가\"}],\"tags\":[\"a\",\"b\"]}");
    const char *detail;
    assert_true(gg_json_check(f->arena, gg_buf_str(&out), &detail));
    gg_buf_free(&out);
}

struct reply {
    bool more;
    struct gg_list items;
};
static const struct gg_field reply_fields[] = {
    GG_BOOL(struct reply, more, GG_REQUIRED, "more"),
    GG_LIST(struct reply, items, GG_REQUIRED, 0, 9, &leaf_msg, "items"),
};
static const struct gg_msg reply_msg = GG_MSG("Reply", struct reply, reply_fields, "A reply.");

static void what_is_required_is_printed_when_empty(void **state)
{
    (void)state;
    struct gg_buf out;
    gg_buf_init(&out, 100);
    struct reply reply;
    gg_msg_init(&reply_msg, &reply);
    gg_json_encode(&out, &reply_msg, &reply);
    assert_string_equal(out.p, "{\"more\":false,\"items\":[]}");
#ifndef __SANITIZE_ADDRESS__
    gg_buf_clear(&out);
    struct leaf leaf;
    gg_msg_init(&leaf_msg, &leaf);
    gg_json_encode(&out, &leaf_msg, &leaf);
    assert_string_equal(out.p, "{}");
#endif
    gg_buf_free(&out);
}

static void decoding_undoes_encoding(void **state)
{
    struct fixture *f = *state;
    static const char text[] =
        "{\"count\":100,\"flag\":true,\"amount_won\":123456789012345,\"at\":\"2026-11-21T09:00:00.001Z\","
        "\"lat\":37.566535,\"id\":\"0190b0a0-0000-7000-8000-0123456789ab\",\"text\":\"가\\\\\\\"\",\"lines\":\"a\\nb\","
        "\"slug\":\"\",\"color\":\"green\",\"inner\":{\"quantity\":1,\"note\":\"x\"},\"other\":{\"quantity\":99},"
        "\"shares\":[{\"quantity\":2},{\"quantity\":3,\"note\":\"y\"}],\"tags\":[]}";
    assert_int_equal(decode(f, text), GG_DECODED);
    struct gg_buf out;
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    gg_json_encode(&out, &tree_msg, &f->tree);
    assert_string_equal(out.p, text);
    gg_buf_free(&out);
}

/* Every coordinate of a fine sweep survives the way out and in. */
static void degrees_survive(void **state)
{
    struct fixture *f = *state;
    struct gg_buf out;
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    for (int64_t micro = -90000000; micro <= 90000000; micro += 99991) {
        gg_buf_clear(&out);
        gg_msg_init(&tree_msg, &f->tree);
        f->tree.inner.quantity = 1;
        f->tree.lat = micro;
        gg_json_encode(&out, &tree_msg, &f->tree);
        assert_int_equal(decode(f, out.p), GG_DECODED);
        assert_int_equal(f->tree.lat, micro);
    }
    gg_buf_free(&out);
}

static void a_full_buffer_overflows(void **state)
{
    (void)state;
    struct gg_buf out;
    gg_buf_init(&out, 10);
    struct leaf leaf = {1, "abc"};
    gg_json_encode(&out, &leaf_msg, &leaf);
    assert_true(out.overflow);
    assert_true(out.n <= 10);
    gg_json_schema(&out, &leaf_msg, "#/");
    assert_true(out.n <= 10);
    gg_buf_free(&out);
}

static void the_schema_says_what_the_table_says(void **state)
{
    struct fixture *f = *state;
    struct gg_buf out;
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    gg_json_schema(&out, &tree_msg, "#/s/");
    assert_string_equal(
        out.p,
        "{\"type\":\"object\",\"description\":\"A tree.\",\"properties\":{"
        "\"count\":{\"type\":\"integer\",\"minimum\":-10,\"maximum\":100,\"description\":\"a \\\"count\\\"\"},"
        "\"flag\":{\"type\":\"boolean\",\"description\":\"yes or no\"},"
        "\"amount_won\":{\"type\":\"integer\",\"minimum\":-999999999999999,\"maximum\":999999999999999,"
        "\"description\":\"won\"},"
        "\"at\":{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"when\"},"
        "\"lat\":{\"type\":\"number\",\"minimum\":-90,\"maximum\":90,\"description\":\"where\"},"
        "\"id\":{\"type\":\"string\",\"format\":\"uuid\",\"description\":\"which\"},"
        "\"text\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":4,\"description\":\"one line\"},"
        "\"lines\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":10,\"description\":\"lines\"},"
        "\"slug\":{\"type\":\"string\",\"minLength\":0,\"maxLength\":10,\"pattern\":\"^[0-9a-z_-]*$\","
        "\"description\":\"slug\"},"
        "\"color\":{\"type\":\"string\",\"enum\":[\"red\",\"green\",\"blue\"],\"description\":\"color\"},"
        "\"inner\":{\"$ref\":\"#/s/Leaf\",\"description\":\"inline\"},"
        "\"other\":{\"$ref\":\"#/s/Leaf\",\"description\":\"pointed to\"},"
        "\"shares\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":4,\"items\":{\"$ref\":\"#/s/Leaf\"},"
        "\"description\":\"list\"},"
        "\"tags\":{\"type\":\"array\",\"minItems\":0,\"maxItems\":2,\"items\":{\"type\":\"string\",\"minLength\":1,"
        "\"maxLength\":3},\"description\":\"tags\"}},"
        "\"required\":[\"inner\"]}");
    const char *detail;
    assert_true(gg_json_check(f->arena, gg_buf_str(&out), &detail));
    gg_buf_clear(&out);
    gg_json_schema(&out, &query_msg, "#/s/");
    assert_non_null(strstr(out.p, "\"required\":[\"lat\"]}"));
    gg_buf_free(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(whole_numbers_are_exact),
        TEST(amounts_reach_the_wire_limit),
        TEST(numbers_keep_their_member),
        TEST(degrees_are_exact),
        TEST(texts_are_counted_and_normal),
        TEST(words_times_and_ids_are_strict),
        TEST(nested_values_are_reached),
        TEST(absent_is_absent),
        TEST(all_errors_come_at_once),
        TEST(what_is_not_an_object_is_malformed),
        TEST(errors_are_kept_to_32),
        TEST(large_arrays_are_quick),
        TEST(queries_are_decoded),
        TEST(queries_are_refused),
        TEST(encoding_is_exact),
        TEST(what_is_required_is_printed_when_empty),
        TEST(decoding_undoes_encoding),
        TEST(degrees_survive),
        TEST(a_full_buffer_overflows),
        TEST(the_schema_says_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
