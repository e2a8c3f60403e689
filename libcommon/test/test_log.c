/* libcommon/test/test_log.c
 * Log lines: one whole JSON object each, whatever the message holds. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/text.h"

static int saved, pipe_ends[2];
static char lines[65536];

static void capture(void)
{
    assert_int_equal(pipe2(pipe_ends, O_NONBLOCK), 0);
    saved = dup(STDERR_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
}

/* Standard error as before; what was written since stands in `lines`. */
static void release(void)
{
    ssize_t n;
    size_t at = 0;

    dup2(saved, STDERR_FILENO);
    close(saved);
    close(pipe_ends[1]);
    while ((n = read(pipe_ends[0], lines + at, sizeof(lines) - 1 - at)) > 0)
        at += (size_t)n;
    close(pipe_ends[0]);
    lines[at] = '\0';
}

/* The only line, parsed; it must be all there is. */
static cJSON *line(void)
{
    size_t n = strlen(lines);

    assert_true(n > 0);
    assert_ptr_equal(strchr(lines, '\n'), lines + n - 1);
    assert_true(gg_utf8_valid((struct gg_str){lines, n}));
    cJSON *object = cJSON_Parse(lines);
    assert_non_null(object);
    return object;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void a_line_has_every_member(void **state)
{
    (void)state;
    gg_log_init("deal", GG_LOG_INFO);
    gg_clock_set(INT64_C(1795251600007));
    gg_log_context("req-1", "trace-1");
    capture();
    gg_warn("db_down", "no answer for %d s", 3);
    release();
    gg_log_context(NULL, NULL);
    gg_clock_set(GG_NONE);
    cJSON *object = line();
    assert_string_equal(text_of(object, "time"), "2026-11-21T09:00:00.007Z");
    assert_string_equal(text_of(object, "level"), "warn");
    assert_string_equal(text_of(object, "service"), "deal");
    assert_string_equal(text_of(object, "event"), "db_down");
    assert_string_equal(text_of(object, "message"), "no answer for 3 s");
    assert_string_equal(text_of(object, "request_id"), "req-1");
    assert_string_equal(text_of(object, "trace_id"), "trace-1");
    cJSON_Delete(object);
}

static void ids_are_absent_when_cleared(void **state)
{
    (void)state;
    capture();
    gg_info("e", "m");
    release();
    cJSON *object = line();
    assert_null(text_of(object, "request_id"));
    assert_null(text_of(object, "trace_id"));
    cJSON_Delete(object);
}

static void lower_levels_are_silent(void **state)
{
    enum gg_log_level level;

    (void)state;
    assert_true(gg_log_level_parse("error", &level));
    assert_int_equal(level, GG_LOG_ERROR);
    assert_false(gg_log_level_parse("ERROR", &level));
    assert_false(gg_log_level_parse("", &level));
    gg_log_init("deal", level);
    capture();
    gg_warn("e", "m");
    release();
    gg_log_init("deal", GG_LOG_INFO);
    assert_string_equal(lines, "");
}

/* A caller cannot start a line of their own or break the JSON. */
static void odd_bytes_stay_inside_the_string(void **state)
{
    (void)state;
    capture();
    gg_info("e", "%s", "a\"b\\c\n{\"level\":\"error\"}\x01\x7f 공구 \xff\xed\xa0\x80 end\xea\xb3");
    release();
    cJSON *object = line();
    assert_string_equal(text_of(object, "message"),
                        "a\"b\\c\n{\"level\":\"error\"}\x01\x7f 공구 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                        " end\xef\xbf\xbd\xef\xbf\xbd");
    cJSON_Delete(object);
}

static void a_long_message_is_cut_not_lost(void **state)
{
    char message[20000];

    (void)state;
    memset(message, 1, sizeof(message) - 1);
    message[sizeof(message) - 1] = '\0';
    capture();
    gg_info("e", "%s", message);
    release();
    cJSON *object = line();
    assert_int_equal(strlen(text_of(object, "message")), 4095);
    cJSON_Delete(object);
}

static void fatal_says_why_and_ends(void **state)
{
    int status;
    pid_t child;

    (void)state;
    capture();
    child = fork();
    if (child == 0) {
        close(saved);
        gg_fatal("no_port", "port %d is taken", 80);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    release();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(lines, "port 80 is taken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_every_member),        cmocka_unit_test(ids_are_absent_when_cleared),
        cmocka_unit_test(lower_levels_are_silent),        cmocka_unit_test(odd_bytes_stay_inside_the_string),
        cmocka_unit_test(a_long_message_is_cut_not_lost), cmocka_unit_test(fatal_says_why_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
