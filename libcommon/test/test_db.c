/* libcommon/test/test_db.c
 * What of the database room needs no server: values, errors, splitting of migrations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/db_internal.h"

static void times_go_there_and_back(void **state)
{
    (void)state;
    static const int64_t samples[] = {0,
                                      1,
                                      999,
                                      -1,
                                      GG_DAY - 1,
                                      INT64_C(951782399999),    /* 2000-02-28T23:59:59.999Z */
                                      INT64_C(951782400000),    /* 2000-02-29 */
                                      INT64_C(1709164800000),   /* 2024-02-29 */
                                      INT64_C(1795254184123),   /* 2026-11-21 */
                                      INT64_C(4107542400000),   /* 2100-03-01 */
                                      INT64_C(253402300799999), /* 9999-12-31T23:59:59.999Z */
                                      -GG_DAY * 365};
    for (size_t i = 0; i < GG_LEN(samples); i++) {
        MYSQL_TIME t;
        int64_t back = GG_NONE;
        db_time_to_mysql(samples[i], &t);
        assert_true(db_time_from_mysql(&t, &back));
        assert_int_equal(back, samples[i]);
    }
    for (int64_t day = -700000; day < 2900000; day += 13) {
        MYSQL_TIME t;
        int64_t back = GG_NONE;
        db_time_to_mysql(day * GG_DAY + 43200000, &t);
        assert_true(db_time_from_mysql(&t, &back));
        assert_int_equal(back, day * GG_DAY + 43200000);
    }
}

static void times_agree_with_the_clock_room(void **state)
{
    (void)state;
    MYSQL_TIME t;
    int64_t ms;
    assert_true(gg_time_parse(GG_STR("2024-02-29T23:59:58.765Z"), &ms));
    db_time_to_mysql(ms, &t);
    assert_int_equal(t.year, 2024);
    assert_int_equal(t.month, 2);
    assert_int_equal(t.day, 29);
    assert_int_equal(t.hour, 23);
    assert_int_equal(t.minute, 59);
    assert_int_equal(t.second, 58);
    assert_int_equal(t.second_part, 765000);
}

static void a_zero_date_is_no_time(void **state)
{
    (void)state;
    MYSQL_TIME t = {0};
    int64_t ms = 7;
    assert_false(db_time_from_mysql(&t, &ms));
    assert_int_equal(ms, 7);
}

static void absent_values_become_null(void **state)
{
    (void)state;
    struct gg_id zero = GG_ID_ZERO, id = {{1}};
    assert_int_equal(gg_v_int(GG_NONE).type, GG_VAL_NULL);
    assert_int_equal(gg_v_time(GG_NONE).type, GG_VAL_NULL);
    assert_int_equal(gg_v_text(NULL).type, GG_VAL_NULL);
    assert_int_equal(gg_v_id(&zero).type, GG_VAL_NULL);
    assert_int_equal(gg_v_null().type, GG_VAL_NULL);
    assert_int_equal(gg_v_int(0).type, GG_VAL_INT);
    assert_int_equal(gg_v_time(0).type, GG_VAL_TIME);
    assert_int_equal(gg_v_text("").type, GG_VAL_TEXT);
    assert_int_equal(gg_v_id(&id).n, 16);
    assert_int_equal(gg_v_bytes("ab", 2).type, GG_VAL_BYTES);
}

static void errors_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        unsigned code;
        enum gg_status status;
        bool loss;
    } table[] = {
        {1213, GG_RETRY, false},       {1205, GG_RETRY, false},       {1020, GG_RETRY, false},
        {1062, GG_DUPLICATE, false},   {1586, GG_DUPLICATE, false},   {1451, GG_ERROR, false},
        {1452, GG_ERROR, false},       {3819, GG_ERROR, false},       {4025, GG_ERROR, false},
        {1064, GG_ERROR, false},       {1406, GG_ERROR, false},       {2002, GG_UNAVAILABLE, false},
        {2003, GG_UNAVAILABLE, false}, {2006, GG_UNAVAILABLE, true},  {2013, GG_UNAVAILABLE, true},
        {2055, GG_UNAVAILABLE, true},  {1040, GG_UNAVAILABLE, false}, {1053, GG_UNAVAILABLE, true},
        {1927, GG_UNAVAILABLE, true},  {2014, GG_ERROR, true},
    };
    for (size_t i = 0; i < GG_LEN(table); i++) {
        assert_int_equal(db_classify(table[i].code), table[i].status);
        assert_int_equal(db_is_loss(table[i].code), table[i].loss);
    }
}

static void constraint(const char *message, const char *expected)
{
    char name[65];
    db_constraint_name(message, name, sizeof name);
    assert_string_equal(name, expected);
}

static void constraints_are_read_out_of_messages(void **state)
{
    (void)state;
    constraint("Duplicate entry 'a-b' for key 'uq_share_user'", "uq_share_user");
    constraint("Duplicate entry 'a' for key 'share.uq_share_user'", "uq_share_user");
    constraint("Duplicate entry 'x' for key 'evil'' for key 'PRIMARY'", "PRIMARY");
    constraint("Duplicate entry 'x.y' for key 'uq'", "uq");
    constraint("something else", "");
    constraint("Duplicate entry 'x' for key 'a234567890123456789012345678901234567890123456789012345678901234567890'",
               "");
}

static void split(const char *text, size_t n, const char *const *expected)
{
    struct gg_arena *arena = gg_arena_create();
    const char *error = NULL;
    size_t count = 0;
    const char **statements = db_split_sql(arena, (struct gg_str){text, strlen(text)}, &count, &error);
    assert_non_null(statements);
    assert_int_equal(count, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(statements[i], expected[i]);
    gg_arena_destroy(arena);
}

static void migrations_are_split_at_line_ends(void **state)
{
    (void)state;
    split("", 0, NULL);
    split("-- only a remark;\n\n", 0, NULL);
    split("CREATE TABLE a (x INT);\nINSERT INTO a VALUES (1);\n", 2,
          (const char *const[]){"CREATE TABLE a (x INT)", "INSERT INTO a VALUES (1)"});
    split("-- remark;\nCREATE TABLE a (\n    x INT,\n    -- inner; remark\n    y INT\n);\r\n\nDROP TABLE b;  ", 2,
          (const char *const[]){"CREATE TABLE a (\n    x INT,\n    y INT\n)", "DROP TABLE b"});
    split("INSERT INTO a VALUES ('x;y');\n", 1, (const char *const[]){"INSERT INTO a VALUES ('x;y')"});
    split("a;b;c;\n;\n", 1, (const char *const[]){"a;b;c"});
}

static void an_unfinished_statement_is_refused(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    const char *error = NULL;
    size_t count = 0;
    assert_null(db_split_sql(arena, GG_STR("DROP TABLE a;\nDROP TABLE b\n"), &count, &error));
    assert_non_null(error);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_go_there_and_back),
        cmocka_unit_test(times_agree_with_the_clock_room),
        cmocka_unit_test(a_zero_date_is_no_time),
        cmocka_unit_test(absent_values_become_null),
        cmocka_unit_test(errors_say_what_to_do),
        cmocka_unit_test(constraints_are_read_out_of_messages),
        cmocka_unit_test(migrations_are_split_at_line_ends),
        cmocka_unit_test(an_unfinished_statement_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
