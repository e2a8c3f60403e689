/* libcommon/test/test_problem.c
 * The shared catalogue and the printed problem reply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/buf.h"
#include "libcommon/json.h"
#include "libcommon/problem.h"

static void a_plain_problem(void **state)
{
    (void)state;
    struct gg_buf out;
    gg_buf_init(&out, 4096);
    gg_problem_print(&out, &GG_P_RATE, NULL, NULL, NULL, NULL, NULL, 0);
    assert_string_equal(out.p, "{\"type\":\"/problems/rate_limited\",\"title\":\"Too many requests; wait a moment.\","
                               "\"title_ko\":\"요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.\",\"status\":429,"
                               "\"code\":\"rate_limited\",\"retryable\":true}");
    gg_buf_free(&out);
}

static void a_full_problem(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    struct gg_field_errors errors = {.arena = arena};
    gg_field_error(&errors, "/quantity", "max", "must be at most %d", 9);
    gg_field_error(&errors, "/a\"b", "type", "must be a \"number\"");
    static const struct gg_problem full = {"deal_full", 409, false, "Full.", NULL};
    static const char *const names[] = {"available", "held"};
    static const int64_t values[] = {3, -999999999999999};
    struct gg_buf out;
    gg_buf_init(&out, 4096);
    gg_problem_print(&out, &full, "only 3\n left", "req-1", &errors, names, values, 2);
    assert_string_equal(out.p, "{\"type\":\"/problems/deal_full\",\"title\":\"Full.\",\"status\":409,"
                               "\"detail\":\"only 3\\n left\",\"code\":\"deal_full\",\"retryable\":false,"
                               "\"request_id\":\"req-1\",\"errors\":["
                               "{\"pointer\":\"/quantity\",\"code\":\"max\",\"detail\":\"must be at most 9\"},"
                               "{\"pointer\":\"/a\\\"b\",\"code\":\"type\",\"detail\":\"must be a \\\"number\\\"\"}],"
                               "\"available\":3,\"held\":-999999999999999}");
    const char *detail;
    assert_true(gg_json_check(arena, gg_buf_str(&out), &detail));
    gg_buf_free(&out);
    gg_arena_destroy(arena);
}

static void the_catalogue_is_whole(void **state)
{
    (void)state;
    size_t n = 0;
    for (; gg_common_problems[n] != NULL; n++) {
        const struct gg_problem *p = gg_common_problems[n];
        assert_in_range(p->status, 400, 599);
        assert_true(strlen(p->title) > 5 && strlen(p->title_ko) > 5);
        assert_true(strspn(p->code, "abcdefghijklmnopqrstuvwxyz_") == strlen(p->code));
        for (size_t i = 0; i < n; i++) {
            assert_string_not_equal(gg_common_problems[i]->code, p->code);
            assert_true(gg_common_problems[i]->status <= p->status);
        }
    }
    assert_int_equal(n, 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_problem),
        cmocka_unit_test(a_full_problem),
        cmocka_unit_test(the_catalogue_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
