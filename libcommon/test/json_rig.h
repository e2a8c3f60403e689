/* libcommon/test/json_rig.h
 * A message with a member of every kind, and what is asked of its decoding. For one translation unit. */
#ifndef LIBCOMMON_TEST_JSON_RIG_H
#define LIBCOMMON_TEST_JSON_RIG_H

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

struct fixture {
    struct gg_arena *arena;
    struct gg_field_errors errors;
    struct tree tree;
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = gg_arena_create();
    f->errors.arena = f->arena;
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    gg_arena_destroy(f->arena);
    free(f);
    return 0;
}

static inline enum gg_decoded decode(struct fixture *f, const char *text)
{
    f->errors.n = 0;
    return gg_json_decode(f->arena, &tree_msg, (struct gg_str){text, strlen(text)}, &f->tree, &f->errors);
}

/* Decodes with one member beside the required ones; NULL when it passed, else the code of its only error. */
static inline const char *decode_member(struct fixture *f, const char *member)
{
    const char *text = gg_sprintf(f->arena, "{%s,\"inner\":{\"quantity\":1}}", member);
    enum gg_decoded decoded = decode(f, text);
    if (decoded == GG_DECODED)
        return f->errors.n == 0 ? NULL : "errors beside success";
    if (decoded != GG_DECODE_INVALID || f->errors.n != 1)
        return "not exactly one error";
    return f->errors.v[0].code;
}

static inline void expect_bad(struct fixture *f, const char *member, const char *code)
{
    const char *got = decode_member(f, member);
    if (got == NULL || strcmp(got, code) != 0)
        fail_msg("%s: %s instead of %s", member, got == NULL ? "accepted" : got, code);
}

static inline void expect_good(struct fixture *f, const char *member)
{
    const char *got = decode_member(f, member);
    if (got != NULL)
        fail_msg("%s: %s", member, got);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
