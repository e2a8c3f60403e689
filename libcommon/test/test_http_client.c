/* libcommon/test/test_http_client.c
 * Outbound HTTP against a server of our own: what is sent, what comes back, what is refused. */
#include "libcommon/http_client.h"
#include "libcommon/test/http_rig.h"

struct text {
    const char *text;
};
static const struct gg_field text_fields[] = {GG_TEXT(struct text, text, GG_REQUIRED, 0, 1000, "any text")};
static const struct gg_msg text_msg = GG_MSG("Text", struct text, text_fields, "A text.");

static enum gg_status seen(struct gg_call *call)
{
    const char *authorization = gg_request_header(call, "Authorization"), *own = gg_request_header(call, "X-Own");

    ((struct text *)call->out)->text = gg_sprintf(call->arena, "%s|%s|%.*s", authorization ? authorization : "-",
                                                  own ? own : "-", (int)call->body.n, call->body.p ? call->body.p : "");
    return GG_OK;
}

static enum gg_status busy(struct gg_call *call)
{
    gg_header(call, "Retry-After", "7");
    return gg_fail(call, &GG_P_UNAVAILABLE, "later");
}

static enum gg_status moved(struct gg_call *call)
{
    gg_header(call, "Location", "http://127.0.0.1:1/elsewhere");
    gg_reply_status(call, 303);
    return GG_OK;
}

static enum gg_status large(struct gg_call *call)
{
    gg_reply_bytes(call, "text/plain", (struct gg_str){gg_alloc(call->arena, 5000), 5000});
    return GG_OK;
}

static enum gg_status slow(struct gg_call *call GG_UNUSED)
{
    usleep(400 * 1000);
    return GG_OK;
}

static const struct gg_route routes[] = {
    {.method = GG_POST,
     .path = "/v1/t/seen",
     .flags = GG_RAW,
     .max_body = 1000,
     .out = &text_msg,
     .status = 200,
     .handle = seen},
    {.method = GG_GET, .path = "/v1/t/seen", .flags = GG_RAW, .out = &text_msg, .status = 200, .handle = seen},
    {.method = GG_GET, .path = "/v1/t/busy", .status = 200, .handle = busy},
    {.method = GG_GET, .path = "/v1/t/moved", .status = 200, .out = NULL, .handle = moved},
    {.method = GG_GET, .path = "/v1/t/large", .status = 200, .handle = large},
    {.method = GG_GET, .path = "/v1/t/slow", .status = 204, .pool = GG_POOL_CPU, .handle = slow},
};
static const struct gg_service service = {.name = "t", .routes = routes, .n_routes = GG_LEN(routes)};
static struct gg_arena *arena;

static int start(void **state GG_UNUSED)
{
    arena = gg_arena_create();
    rig_start(&service);
    return 0;
}

static int stop(void **state GG_UNUSED)
{
    rig_stop();
    gg_arena_destroy(arena);
    return 0;
}

static const char *url(const char *path)
{
    return gg_sprintf(arena, "http://127.0.0.1:%d%s", gg_http_port(), path);
}

static void what_is_sent(void **state GG_UNUSED)
{
    static const char *const headers[] = {"X-Own: mine", NULL};
    struct gg_http_request request = {.method = "POST",
                                      .url = url("/v1/t/seen"),
                                      .headers = headers,
                                      .body = GG_STR("a body"),
                                      .basic_user = "key",
                                      .basic_password = ""};
    struct gg_http_response response;

    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body.p, "{\"text\":\"Basic a2V5Og==|mine|a body\"}");
    /* nothing of it stays for the next exchange on the same handle */
    request = (struct gg_http_request){.method = "GET", .url = url("/v1/t/seen")};
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_string_equal(response.body.p, "{\"text\":\"-|-|\"}");
    request = (struct gg_http_request){.method = "POST", .url = url("/v1/t/seen")};
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_string_equal(response.body.p, "{\"text\":\"-|-|\"}");
}

static void what_comes_back(void **state GG_UNUSED)
{
    struct gg_http_request request = {.method = "GET", .url = url("/v1/t/busy")};
    struct gg_http_response response;

    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_int_equal(response.status, 503);
    assert_int_equal(response.retry_after_ms, 7000);
    assert_null(response.location);
    request.url = url("/v1/t/moved");
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_int_equal(response.status, 303); /* not followed */
    assert_string_equal(response.location, "http://127.0.0.1:1/elsewhere");
    assert_int_equal(response.retry_after_ms, GG_NONE);
}

static void limits(void **state GG_UNUSED)
{
    struct gg_http_request request = {.method = "GET", .url = url("/v1/t/large"), .max_reply = 5000};
    struct gg_http_response response;

    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_OK);
    assert_int_equal(response.body.n, 5000);
    request.max_reply = 4999;
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_UNAVAILABLE);
    request = (struct gg_http_request){.method = "GET", .url = url("/v1/t/slow"), .timeout_ms = 100};
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_UNAVAILABLE);
    request = (struct gg_http_request){.method = "GET", .url = "http://127.0.0.1:1/"};
    assert_int_equal(gg_http_exchange(arena, &request, &response), GG_UNAVAILABLE);
}

static void addresses_that_are_not_public(void **state GG_UNUSED)
{
    /* The first ones would reach our server. */
    const char *const names[] = {
        "127.0.0.1", "localhost",  "0.0.0.0",           "2130706433",       "0x7f.1",           "[::ffff:127.0.0.1]",
        "10.0.0.1",  "172.16.0.1", "192.168.1.1",       "169.254.169.254",  "100.64.0.1",       "[::1]",
        "[fd00::1]", "[fe80::1]",  "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[2001:0:7f00:1::]"};

    struct gg_http_response response;

    /* A connection that stands already does not help either. */
    for (size_t i = 0; i < 6; i++) {
        struct gg_http_request request = {.method = "GET",
                                          .url = gg_sprintf(arena, "http://%s:%d/v1/t/seen", names[i], gg_http_port())};
        if (gg_http_exchange(arena, &request, &response) != GG_OK)
            fail_msg("%s does not reach the server", names[i]);
    }
    for (size_t i = 0; i < GG_LEN(names); i++) {
        struct gg_http_request request = {.method = "GET",
                                          .url = gg_sprintf(arena, "http://%s:%d/v1/t/seen", names[i], gg_http_port()),
                                          .public_only = true,
                                          .timeout_ms = 1000};
        if (gg_http_exchange(arena, &request, &response) != GG_UNAVAILABLE || response.status != 0)
            fail_msg("%s is reached", names[i]);
    }
    assert_int_equal(
        gg_http_exchange(arena, &(struct gg_http_request){.method = "GET", .url = "file:///etc/passwd"}, &response),
        GG_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent),
        cmocka_unit_test(what_comes_back),
        cmocka_unit_test(limits),
        cmocka_unit_test(addresses_that_are_not_public),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
