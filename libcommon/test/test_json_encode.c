/* libcommon/test/test_json_encode.c
 * Messages by their table: encoding, the round trip, the schema. */
#include "libcommon/test/json_rig.h"

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
    const struct CMUnitTest tests[] = {
        TEST(encoding_is_exact),        TEST(what_is_required_is_printed_when_empty),
        TEST(decoding_undoes_encoding), TEST(degrees_survive),
        TEST(a_full_buffer_overflows),  TEST(the_schema_says_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
