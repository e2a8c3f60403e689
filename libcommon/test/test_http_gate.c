/* libcommon/test/test_http_gate.c
 * The gate's judgement of headers and of the framing of bodies, and the finding of routes. */
#include "libcommon/buf.h"
#include "libcommon/http_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int check(const char *text, struct gg_gate_header *header)
{
    const char *reason = NULL;
    int status = gg_gate_check((struct gg_str){text, strlen(text)}, header, &reason);

    assert_true((status == 0) == (reason == NULL));
    return status;
}

#define LINE "GET / HTTP/1.1\r\nHost: x\r\n"

static void headers_are_judged(void **state)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {LINE "\r\n", 0},
        {"GET / HTTP/1.0\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {LINE "Host: y\r\n\r\n", 400},
        {LINE "Content-Length: 3\r\n\r\n", 0},
        {LINE "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400},
        {LINE "Content-Length: 3, 3\r\n\r\n", 400},
        {LINE "Content-Length: +3\r\n\r\n", 400},
        {LINE "Content-Length: -3\r\n\r\n", 400},
        {LINE "Content-Length: 03\r\n\r\n", 400},
        {LINE "Content-Length: 0x3\r\n\r\n", 400},
        {LINE "Content-Length: \r\n\r\n", 400},
        {LINE "Content-Length: 18446744073709551619\r\n\r\n", 400},
        {LINE "Content-Length : 3\r\n\r\n", 400},
        {LINE "Transfer-Encoding: chunked\r\n\r\n", 0},
        {LINE "transfer-encoding: Chunked\r\n\r\n", 0},
        {LINE "Transfer-Encoding: xchunked\r\n\r\n", 501},
        {LINE "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
        {LINE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
        {LINE "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
        {LINE "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {LINE "X: a\x01"
              "b\r\n\r\n",
         400},
        {LINE "X: a\tb\r\n\r\n", 0},
        {LINE "X: a\rb\r\n\r\n", 400},
        {LINE "X: a\r\n folded\r\n\r\n", 400},
        {LINE ": a\r\n\r\n", 400},
        {LINE "X\r\n\r\n", 400},
        {LINE "X Y: a\r\n\r\n", 400},
        {LINE "X: a\nY: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
        {"GET /\r\nHost: x\r\n\r\n", 400},
        {"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /\xea HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"\r\n\r\n", 400},
    };
    struct gg_gate_header header;

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        int status = check(cases[i].text, &header);
        if (status != cases[i].status)
            fail_msg("%s: %d", cases[i].text, status);
    }
    assert_int_equal(gg_gate_check((struct gg_str){LINE "X: a\0b\r\n\r\n", sizeof(LINE "X: a\0b\r\n\r\n") - 1}, &header,
                                   &(const char *){NULL}),
                     400);
}

static void what_a_header_says(void **state)
{
    struct gg_gate_header header;

    (void)state;
    assert_int_equal(check("POST /a/b?c=/d HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n", &header), 0);
    assert_int_equal(header.content_length, 12);
    assert_false(header.chunked);
    assert_memory_equal(header.method.p, "POST", header.method.n);
    assert_int_equal(header.path.n, 4);
    assert_int_equal(check(LINE "Transfer-Encoding: chunked\r\n\r\n", &header), 0);
    assert_int_equal(header.content_length, GG_NONE);
    assert_true(header.chunked);
}

static void many_lines(void **state)
{
    struct gg_gate_header header;
    struct gg_buf text;

    (void)state;
    gg_buf_init(&text, 8192);
    gg_buf_adds(&text, "GET / HTTP/1.1\r\n");
    for (int i = 0; i < GG_HEADER_LINES - 1; i++)
        gg_buf_adds(&text, "X: 1\r\n");
    gg_buf_adds(&text, "Host: x\r\n\r\n");
    assert_int_equal(check(text.p, &header), 0);
    text.n -= 2; /* before the empty line */
    gg_buf_adds(&text, "Y: 1\r\n\r\n");
    assert_int_equal(check(text.p, &header), 431);
    gg_buf_free(&text);
}

static void a_long_target(void **state)
{
    struct gg_gate_header header;
    struct gg_buf text;

    (void)state;
    gg_buf_init(&text, 8192);
    gg_buf_addf(&text, "GET /%05000d HTTP/1.1\r\nHost: x\r\n\r\n", 0);
    assert_int_equal(check(text.p, &header), 414);
    gg_buf_free(&text);
}

/* --- bodies --- */

/* Follows `text` in pieces of `step` bytes; the status, and the bytes that belonged to the body. */
static int follow(const char *text, size_t step, size_t limit, size_t *total, bool *done)
{
    struct gg_gate_header header = {.content_length = GG_NONE, .chunked = true};
    struct gg_gate_body body;
    size_t n = strlen(text);
    const char *reason;

    *total = 0;
    gg_gate_expect(&body, &header, limit);
    for (size_t at = 0; at < n && !body.done; at += step) {
        size_t used, piece = n - at < step ? n - at : step;
        int status = gg_gate_follow(&body, (struct gg_str){text + at, piece}, &used, &reason);
        if (status != 0)
            return status;
        *total += used;
        assert_true(used == piece || body.done);
    }
    *done = body.done;
    return 0;
}

static void chunks_are_judged(void **state)
{
    static const struct {
        const char *text;
        int status;
        size_t used; /* 0: not at its end */
    } cases[] = {
        {"3\r\nabc\r\n0\r\n\r\n", 0, 13},
        {"3\r\nabc\r\n0\r\n\r\nGET /", 0, 13},
        {"0\r\n\r\n", 0, 5},
        {"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", 0, 35},
        {"03\r\nabc\r\n0\r\n\r\n", 0, 14},
        {"3\r\nabc\r\n", 0, 0},
        {"10000000000000003\r\nabc\r\n0\r\n\r\n", 400, 0},
        {"100000000\r\n", 400, 0},
        {"\r\nabc", 400, 0},
        {"-3\r\nabc", 400, 0},
        {"0x3\r\nabc", 400, 0},
        {"3 \r\nabc", 400, 0},
        {"3;x=y\r\nabc\r\n0\r\n\r\n", 400, 0},
        {"3\nabc", 400, 0},
        {"3\rabc", 400, 0},
        {"3\r\nabcd\r\n", 400, 0},
        {"3\r\nabc\n0\r\n\r\n", 400, 0},
        {"0\r\nTrailer: x\r\n\r\n", 400, 0},
        {"64\r\n", 0, 0},
        {"65\r\n", 413, 0},
        {"3\r\nabc\r\n62\r\n", 413, 0},
        {"ffffffff\r\n", 413, 0},
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++)
        for (size_t step = 1; step < 40; step++) {
            size_t used;
            bool done = false;
            int status = follow(cases[i].text, step, 100, &used, &done);
            if (status != cases[i].status || done != (cases[i].used > 0) || (done && used != cases[i].used))
                fail_msg("%s by %zu: %d, %zu", cases[i].text, step, status, used);
        }
}

static void a_length_is_followed(void **state)
{
    struct gg_gate_header header = {.content_length = 5};
    struct gg_gate_body body;
    const char *reason;
    size_t used;

    (void)state;
    gg_gate_expect(&body, &header, 100);
    assert_false(body.done);
    assert_int_equal(gg_gate_follow(&body, GG_STR("abc"), &used, &reason), 0);
    assert_int_equal(used, 3);
    assert_false(body.done);
    assert_int_equal(gg_gate_follow(&body, GG_STR("deGET"), &used, &reason), 0);
    assert_int_equal(used, 2);
    assert_true(body.done);
    header.content_length = GG_NONE;
    gg_gate_expect(&body, &header, 100);
    assert_true(body.done);
}

/* --- routes --- */

static const struct gg_route routes[] = {
    {.method = GG_GET, .path = "/v1/a"},
    {.method = GG_POST, .path = "/v1/a"},
    {.method = GG_GET, .path = "/v1/a/:id"},
    {.method = GG_DELETE, .path = "/v1/a/:id/b/:name"},
};
static const struct gg_service service = {.routes = routes, .n_routes = GG_LEN(routes)};

static void routes_are_found(void **state)
{
    static const struct {
        const char *path;
        enum gg_method method;
        int route; /* -1: none */
        const struct gg_problem *problem;
        const char *allow, *param;
    } cases[] = {
        {"/v1/a", GG_GET, 0, NULL, NULL, NULL},
        {"/v1/a", GG_POST, 1, NULL, NULL, NULL},
        {"/v1/a", GG_PUT, -1, &GG_P_METHOD, "GET, HEAD, POST", NULL},
        {"/v1/a/", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1/aa", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"//v1/a", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1//a", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1/./a", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/V1/a", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1/%61", GG_GET, 0, NULL, NULL, NULL},
        {"/v1%2fa", GG_GET, -1, &GG_P_NOT_FOUND, NULL, NULL},
        {"/v1/a/x%2Fy", GG_GET, 2, NULL, NULL, "x/y"},
        {"/v1/a/%EA%B3%B5", GG_GET, 2, NULL, NULL, "공"},
        {"/v1/a/a+b", GG_GET, 2, NULL, NULL, "a+b"},
        {"/v1/a/%zz", GG_GET, -1, &GG_P_MALFORMED, NULL, NULL},
        {"/v1/a/%00", GG_GET, -1, &GG_P_MALFORMED, NULL, NULL},
        {"/v1/a/%ff", GG_GET, -1, &GG_P_MALFORMED, NULL, NULL},
        {"/v1/a/%4", GG_GET, -1, &GG_P_MALFORMED, NULL, NULL},
        {"/v1/a/1/b/2", GG_DELETE, 3, NULL, NULL, "1"},
        {"/v1/a/1/b/2", GG_GET, -1, &GG_P_METHOD, "DELETE", NULL},
        {"/v1/a/1/b", GG_DELETE, -1, &GG_P_NOT_FOUND, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        struct gg_arena *arena = gg_arena_create();
        const char *params[4] = {0}, *allow;
        const struct gg_problem *problem;
        const struct gg_route *route =
            gg_route_find(&service, arena, cases[i].method, (struct gg_str){cases[i].path, strlen(cases[i].path)},
                          params, &problem, &allow);
        if (route != (cases[i].route < 0 ? NULL : &routes[cases[i].route]))
            fail_msg("%s", cases[i].path);
        if (!route)
            assert_ptr_equal(problem, cases[i].problem);
        if (cases[i].allow)
            assert_string_equal(allow, cases[i].allow);
        if (cases[i].param)
            assert_string_equal(params[0], cases[i].param);
        gg_arena_destroy(arena);
    }
}

static void methods(void **state)
{
    enum gg_method method;
    bool head;

    (void)state;
    assert_true(gg_method_parse(GG_STR("PATCH"), &method, &head));
    assert_int_equal(method, GG_PATCH);
    assert_false(head);
    assert_true(gg_method_parse(GG_STR("HEAD"), &method, &head));
    assert_int_equal(method, GG_GET);
    assert_true(head);
    assert_false(gg_method_parse(GG_STR("OPTIONS"), &method, &head));
    assert_false(gg_method_parse(GG_STR("GE"), &method, &head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_judged), cmocka_unit_test(what_a_header_says),
        cmocka_unit_test(many_lines),         cmocka_unit_test(a_long_target),
        cmocka_unit_test(chunks_are_judged),  cmocka_unit_test(a_length_is_followed),
        cmocka_unit_test(routes_are_found),   cmocka_unit_test(methods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
