/* libcommon/test/test_http_call.c
 * One call: what a handler is given and what becomes of its answer. */
#include "libcommon/test/http_rig.h"

/* --- the service under test --- */

struct words {
    const char *text;
    int64_t n;
};
static const struct gg_field words_fields[] = {
    GG_TEXT(struct words, text, GG_REQUIRED, 1, 100, "any text"),
    GG_INT(struct words, n, GG_OPTIONAL, 0, 10, "any number"),
};
static const struct gg_msg words_msg = GG_MSG("Words", struct words, words_fields, "Words.");

struct list_query {
    struct gg_page page;
};
static const struct gg_field list_fields[] = {GG_PAGE_FIELDS(struct list_query)};
static const struct gg_msg list_msg = GG_MSG("ListQuery", struct list_query, list_fields, "A page.");

static enum gg_status hello(struct gg_call *call)
{
    ((struct words *)call->out)->text = "안녕";
    return GG_OK;
}

static enum gg_status echo(struct gg_call *call)
{
    *(struct words *)call->out = *(const struct words *)call->in;
    return GG_OK;
}

static enum gg_status list(struct gg_call *call)
{
    const struct list_query *query = call->query;
    struct gg_id id;
    int64_t key;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &key, 1, &id))
        return GG_OK;
    ((struct words *)call->out)->text = query->page.cursor ? gg_sprintf(call->arena, "after %" PRId64, key) : "first";
    ((struct words *)call->out)->n = gg_page_limit(&query->page) > 10 ? GG_NONE : gg_page_limit(&query->page);
    gg_header(call, "X-Next", gg_cursor_encode(call->arena, (const int64_t[]){42}, 1, gg_id_new()));
    return GG_OK;
}

static enum gg_status about_call(struct gg_call *call)
{
    ((struct words *)call->out)->text = gg_sprintf(call->arena, "%s %s %s %s", call->address, call->request_id,
                                                   call->trace_id, gg_cookie(call, "b") ? gg_cookie(call, "b") : "-");
    return GG_OK;
}

static enum gg_status versioned(struct gg_call *call)
{
    if (!gg_if_match(call, 7))
        return GG_OK;
    gg_etag(call, 7);
    return hello(call);
}

static enum gg_status away(struct gg_call *call GG_UNUSED)
{
    return GG_UNAVAILABLE;
}

static enum gg_status refused(struct gg_call *call)
{
    gg_fail_field(call, "/n", "max", "at most %d", 3);
    gg_fail_param(call, "available", 3);
    return GG_OK;
}

static enum gg_status second_step(struct gg_call *call)
{
    ((struct words *)call->out)->text = gg_call_kept(call);
    return GG_OK;
}

static enum gg_status first_step(struct gg_call *call)
{
    gg_call_keep(call, gg_strdup(call->arena, "two steps"));
    return gg_continue(call, GG_POOL_OUT, second_step);
}

#define OFTEN 100000000
static const struct gg_route routes[] = {
    {.method = GG_POST,
     .path = "/v1/t/echo",
     .pool = GG_POOL_CPU,
     .in = &words_msg,
     .out = &words_msg,
     .status = 201,
     .rate = OFTEN,
     .handle = echo},
    {.method = GG_GET, .path = "/v1/t/list", .query = &list_msg, .out = &words_msg, .status = 200, .handle = list},
    {.method = GG_GET, .path = "/v1/t/about", .out = &words_msg, .status = 200, .handle = about_call},
    {.method = GG_GET, .path = "/v1/t/versioned", .out = &words_msg, .status = 200, .handle = versioned},
    {.method = GG_GET, .path = "/v1/t/away", .out = &words_msg, .status = 200, .handle = away},
    {.method = GG_GET, .path = "/v1/t/refused", .out = &words_msg, .status = 200, .handle = refused},
    {.method = GG_GET, .path = "/v1/t/me", .auth = GG_USER, .out = &words_msg, .status = 200, .handle = hello},
    {.method = GG_GET, .path = "/v1/t/rare", .rate = 1, .out = &words_msg, .status = 200, .handle = hello},
    {.method = GG_GET,
     .path = "/v1/t/steps",
     .pool = GG_POOL_CPU,
     .out = &words_msg,
     .status = 200,
     .handle = first_step},
};
static const struct gg_service service = {.name = "t", .routes = routes, .n_routes = GG_LEN(routes)};

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define ECHO       "{\"text\":\"hi\",\"n\":3}"
#define POST(more) "POST /v1/t/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" more

static int start(void **state GG_UNUSED)
{
    rig_start(&service);
    return 0;
}

static int stop(void **state GG_UNUSED)
{
    rig_stop();
    return 0;
}

/* --- tests --- */

static void bodies_are_decoded(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(POST("Content-Length: 12\r\n\r\n{\"n\":\"four\"}"));

    assert_int_equal(reply->status, 422);
    assert_non_null(strstr(reply->body, "\"/text\""));
    assert_non_null(strstr(reply->body, "\"/n\""));
    assert_non_null(strstr(reply->body, "\"request_id\""));
    assert_int_equal(rig_exchange(POST("Content-Length: 5\r\n\r\n{\"n\":"))->status, 400);
    assert_int_equal(rig_exchange(POST("Content-Length: 0\r\n\r\n"))->status, 400);
    assert_int_equal(
        rig_exchange("POST /v1/t/echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
            ->status,
        415);
    assert_int_equal(rig_exchange("POST /v1/t/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")->status, 415);
    assert_int_equal(rig_exchange("POST /v1/t/echo HTTP/1.1\r\nHost: x\r\nContent-Type: Application/JSON; "
                                  "charset=utf-8\r\nContent-Length: 19\r\n\r\n" ECHO)
                         ->status,
                     201);
}

static void pages(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(GET("/v1/t/list?limit=5"));
    char text[600];

    assert_string_equal(reply->body, "{\"text\":\"first\",\"n\":5}");
    snprintf(text, sizeof(text), "GET /v1/t/list?cursor=%s HTTP/1.1\r\nHost: x\r\n\r\n", rig_header(reply, "X-Next"));
    assert_string_equal(rig_exchange(text)->body, "{\"text\":\"after 42\"}");
    assert_int_equal(rig_exchange(GET("/v1/t/list?cursor=abc"))->status, 422);
    assert_int_equal(rig_exchange(GET("/v1/t/list?limit=101"))->status, 422);
    assert_int_equal(rig_exchange(GET("/v1/t/list?limit=5&limit=6"))->status, 422);
}

static void what_a_call_knows(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(
        "GET /v1/t/about HTTP/1.1\r\nHost: x\r\nX-Real-IP: 10.1.2.3\r\nX-Request-Id: abc-1\r\n"
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nCookie: a=1; b=2\r\n\r\n");

    assert_string_equal(reply->body, "{\"text\":\"10.1.2.3 abc-1 0af7651916cd43dd8448eb211c80319c 2\"}");
    assert_string_equal(rig_header(reply, "X-Request-Id"), "abc-1");
    assert_string_equal(rig_header(reply, "Cache-Control"), "no-store");
    reply = rig_exchange("GET /v1/t/about HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\r\ntraceparent: 00-x\r\n\r\n");
    assert_non_null(strstr(reply->body, "127.0.0.1"));
    assert_int_equal(strlen(rig_header(reply, "X-Request-Id")), 36);
}

static void versions(void **state GG_UNUSED)
{
    assert_string_equal(rig_header(rig_exchange(GET("/v1/t/versioned")), "ETag"), "\"7\"");
    assert_int_equal(rig_exchange("GET /v1/t/versioned HTTP/1.1\r\nHost: x\r\nIf-Match: \"7\"\r\n\r\n")->status, 200);
    assert_int_equal(rig_exchange("GET /v1/t/versioned HTTP/1.1\r\nHost: x\r\nIf-Match: \"6\"\r\n\r\n")->status, 412);
}

static void tokens(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(GET("/v1/t/me"));

    assert_int_equal(reply->status, 401);
    assert_non_null(rig_header(reply, "WWW-Authenticate"));
    assert_int_equal(rig_exchange("GET /v1/t/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\n\r\n")->status,
                     401);
}

static void problems(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(GET("/v1/t/away"));

    assert_int_equal(reply->status, 503);
    assert_non_null(rig_header(reply, "Retry-After"));
    reply = rig_exchange(GET("/v1/t/refused"));
    assert_int_equal(reply->status, 422);
    assert_non_null(strstr(reply->body, "\"available\":3"));
    assert_non_null(strstr(reply->body, "\"/n\""));
}

static void rates(void **state GG_UNUSED)
{
    for (int i = 0; i < 10; i++)
        assert_int_equal(rig_exchange(GET("/v1/t/rare"))->status, 200);
    struct rig_reply *reply = rig_exchange(GET("/v1/t/rare"));
    assert_int_equal(reply->status, 429);
    assert_true(strtol(rig_header(reply, "Retry-After"), NULL, 10) > 0);
    assert_int_equal(rig_exchange("GET /v1/t/rare HTTP/1.1\r\nHost: x\r\nX-Real-IP: 10.9.9.9\r\n\r\n")->status, 200);
}

static void continued_on_another_pool(void **state GG_UNUSED)
{
    assert_string_equal(rig_exchange(GET("/v1/t/steps"))->body, "{\"text\":\"two steps\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_decoded),
        cmocka_unit_test(pages),
        cmocka_unit_test(what_a_call_knows),
        cmocka_unit_test(versions),
        cmocka_unit_test(tokens),
        cmocka_unit_test(problems),
        cmocka_unit_test(rates),
        cmocka_unit_test(continued_on_another_pool),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
