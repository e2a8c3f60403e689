/* libcommon/test/test_http.c
 * The server on the wire: a client of raw bytes against a real port. */
#include "libcommon/test/http_rig.h"

#include <stdatomic.h>

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

static enum gg_status raw(struct gg_call *call)
{
    gg_header(call, "X-Seen", gg_request_header(call, "x-signature") ? gg_request_header(call, "x-signature") : "-");
    gg_reply_bytes(call, "application/octet-stream", call->body);
    return GG_OK;
}

static atomic_bool held_back;

static enum gg_status slow(struct gg_call *call)
{
    do
        usleep(150 * 1000);
    while (atomic_load(&held_back));
    return hello(call);
}

static enum gg_status params(struct gg_call *call)
{
    ((struct words *)call->out)->text = gg_sprintf(call->arena, "%s|%s", call->params[0], call->params[1]);
    return GG_OK;
}

static enum gg_status nothing(struct gg_call *call GG_UNUSED)
{
    return GG_OK;
}

#define OFTEN 100000000
static const struct gg_route routes[] = {
    {.method = GG_GET, .path = "/v1/t/hello", .out = &words_msg, .status = 200, .rate = OFTEN, .handle = hello},
    {.method = GG_DELETE, .path = "/v1/t/hello", .status = 204, .pool = GG_POOL_CPU, .handle = nothing},
    {.method = GG_GET,
     .path = "/v1/t/cpu",
     .pool = GG_POOL_CPU,
     .out = &words_msg,
     .status = 200,
     .rate = OFTEN,
     .handle = hello},
    {.method = GG_POST,
     .path = "/v1/t/echo",
     .pool = GG_POOL_CPU,
     .in = &words_msg,
     .out = &words_msg,
     .status = 201,
     .rate = OFTEN,
     .handle = echo},
    {.method = GG_PUT,
     .path = "/v1/t/raw",
     .pool = GG_POOL_CPU,
     .flags = GG_RAW,
     .max_body = 1000,
     .status = 200,
     .rate = OFTEN,
     .handle = raw},
    {.method = GG_GET, .path = "/v1/t/slow", .pool = GG_POOL_CPU, .out = &words_msg, .status = 200, .handle = slow},
    {.method = GG_GET, .path = "/v1/t/p/:a/q/:b", .out = &words_msg, .status = 200, .handle = params},
};
static const struct gg_service service = {.name = "t", .routes = routes, .n_routes = GG_LEN(routes)};

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define ECHO       "{\"text\":\"hi\",\"n\":3}"
#define POST(more) "POST /v1/t/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" more
#define POST_ECHO  POST("Content-Length: 19\r\n\r\n" ECHO)

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

static void expect(int fd, int status, const char *body)
{
    static struct rig_reply reply;

    rig_read(fd, &reply, false);
    assert_int_equal(reply.status, status);
    if (body)
        assert_string_equal(reply.body, body);
}

/* --- requests cut in pieces --- */

static void split_at_every_byte(void **state GG_UNUSED)
{
    static const char *const texts[] = {GET("/v1/t/hello?a=b"), POST_ECHO,
                                        POST("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"tex\r\ne\r\nt\":\"hi\",\"n\":3}"
                                             "\r\n0\r\n\r\n")};
    int fd = rig_connect();

    for (size_t t = 0; t < GG_LEN(texts); t++)
        for (size_t i = 1; i < strlen(texts[t]); i++) {
            rig_send_n(fd, texts[t], i);
            usleep(300);
            rig_send(fd, texts[t] + i);
            expect(fd, t == 0 ? 200 : 201, t == 0 ? "{\"text\":\"안녕\"}" : ECHO);
        }
    close(fd);
}

static void byte_by_byte(void **state GG_UNUSED)
{
    const char *text = POST_ECHO;
    int fd = rig_connect();

    for (const char *p = text; *p; p++) {
        rig_send_n(fd, p, 1);
        usleep(200);
    }
    expect(fd, 201, ECHO);
    close(fd);
}

/* --- one connection, many requests --- */

static void connections_are_kept(void **state GG_UNUSED)
{
    int fd = rig_connect();

    for (int i = 0; i < 20; i++) {
        rig_send(fd, GET("/v1/t/hello"));
        expect(fd, 200, "{\"text\":\"안녕\"}");
        rig_send(fd, GET("/v1/t/cpu"));
        expect(fd, 200, "{\"text\":\"안녕\"}");
        rig_send(fd, GET("/v1/t/none"));
        expect(fd, 404, NULL);
    }
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state GG_UNUSED)
{
    int fd = rig_connect();

    for (int round = 0; round < 20; round++) {
        rig_send(fd, GET("/v1/t/cpu") GET("/v1/t/hello") POST_ECHO GET("/v1/t/none")
                         POST("Transfer-Encoding: chunked\r\n\r\n13\r\n" ECHO "\r\n0\r\n\r\n") GET("/v1/t/cpu"));
        expect(fd, 200, NULL);
        expect(fd, 200, NULL);
        expect(fd, 201, ECHO);
        expect(fd, 404, NULL);
        expect(fd, 201, ECHO);
        expect(fd, 200, NULL);
    }
    /* the second is cut where the first read ends */
    rig_send(fd, GET("/v1/t/slow") "GET /v1/t/hel");
    usleep(20 * 1000);
    rig_send(fd, "lo HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(fd, 200, NULL);
    expect(fd, 200, NULL);
    close(fd);
}

static void the_gate_also_sees_what_is_pipelined(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    rig_send(fd, GET("/v1/t/hello") POST("Content-Length: 19\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                     GET("/v1/t/hello"));
    expect(fd, 200, NULL);
    rig_read(fd, &reply, false);
    assert_int_equal(reply.status, 400);
    assert_true(rig_ended(fd));
    close(fd);
}

static void a_pipelining_client_that_reads_nothing(void **state GG_UNUSED)
{
    static char many[64 * 1024];
    int fd = rig_connect();
    size_t n = 0;

    while (n + 64 < sizeof(many))
        n += (size_t)snprintf(many + n, sizeof(many) - n, "%s", GET("/v1/t/hello"));
    for (int i = 0; i < 200; i++) /* stops being read long before this */
        if (send(fd, many, n, MSG_DONTWAIT) <= 0)
            break;
    assert_int_equal(rig_exchange(GET("/v1/t/hello"))->status, 200);
    close(fd);
}

static void connection_close(void **state GG_UNUSED)
{
    int fd = rig_connect();

    rig_send(fd, "GET /v1/t/cpu HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(fd, 200, NULL);
    assert_true(rig_ended(fd));
    close(fd);
    fd = rig_connect();
    rig_send(fd, "GET /v1/t/hello HTTP/1.0\r\n\r\n");
    expect(fd, 200, NULL);
    assert_true(rig_ended(fd));
    close(fd);
}

/* --- what is refused at the gate --- */

static void two_ways_to_read_it(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange(POST("Content-Length: 19\r\nTransfer-Encoding: chunked\r\n\r\n" ECHO));

    assert_int_equal(reply->status, 400);
    assert_string_equal(rig_header(reply, "Content-Type"), "application/problem+json");
    assert_string_equal(rig_header(reply, "Connection"), "close");
    assert_int_equal(rig_exchange("GET /v1/t/hello HTTP/1.1\r\n\r\n")->status, 400);
    assert_int_equal(rig_exchange("BREW /v1/t/hello HTTP/1.1\r\nHost: x\r\n\r\n")->status, 501);
    assert_int_equal(rig_exchange(POST("Transfer-Encoding: xchunked\r\n\r\n"))->status, 501);
    assert_int_equal(
        rig_exchange(POST("Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n"))->status, 400);
}

static void header_floods(void **state GG_UNUSED)
{
    static char text[40 * 1024];
    size_t n = (size_t)snprintf(text, sizeof(text), "GET /v1/t/hello HTTP/1.1\r\nHost: x\r\n");

    for (int i = 0; i < 100; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "X-%d: 1\r\n", i);
    snprintf(text + n, sizeof(text) - n, "\r\n");
    assert_int_equal(rig_exchange(text)->status, 431);
    n = (size_t)snprintf(text, sizeof(text), "GET /v1/t/hello HTTP/1.1\r\nX: ");
    memset(text + n, 'a', 20000);
    snprintf(text + n + 20000, 64, "\r\n\r\n");
    assert_int_equal(rig_exchange(text)->status, 431);
    text[n + 17000] = '\0'; /* never ends */
    assert_int_equal(rig_exchange(text)->status, 431);
}

static void slow_senders(void **state GG_UNUSED)
{
    int64_t before = gg_mono();
    int fd = rig_connect();

    rig_send(fd, "GET /v1/t/hello HTTP/1.1\r\n");
    for (int i = 0; i < 4; i++) { /* a byte now and then does not help */
        usleep(70 * 1000);
        rig_send(fd, "X");
    }
    expect(fd, 408, NULL);
    assert_true(gg_mono() - before >= 250);
    assert_true(rig_ended(fd));
    close(fd);
    before = gg_mono();
    fd = rig_connect();
    rig_send(fd, POST("Content-Length: 19\r\n\r\n{"));
    expect(fd, 408, NULL);
    assert_true(gg_mono() - before >= 1500);
    close(fd);
}

static void a_kept_connection_may_rest(void **state GG_UNUSED)
{
    int fd = rig_connect();

    rig_send(fd, POST_ECHO);
    expect(fd, 201, NULL);
    usleep(600 * 1000); /* longer than a header may take */
    rig_send(fd, POST_ECHO);
    expect(fd, 201, NULL);
    close(fd);
}

static void large_bodies(void **state GG_UNUSED)
{
    static char body[1000 * 1000];
    static const char *const headers[] = {
        "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n",
        "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
        "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n",
        "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
        "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n3e8\r\n",
    };

    memset(body, 'a', sizeof(body));
    for (size_t i = 0; i < GG_LEN(headers); i++) {
        int fd = rig_connect();
        rig_send(fd, headers[i]);
        rig_send_n(fd, body, sizeof(body));
        expect(fd, 413, NULL); /* also when all of it was sent before reading */
        close(fd);
    }
}

static void a_body_of_exactly_the_limit(void **state GG_UNUSED)
{
    static char text[2000];
    size_t n = (size_t)snprintf(text, sizeof(text),
                                "PUT /v1/t/raw HTTP/1.1\r\nHost: x\r\nX-Signature: s\r\nContent-Length: 1000\r\n\r\n");
    struct rig_reply *reply;

    memset(text + n, 'b', 1000);
    reply = rig_exchange(text);
    assert_int_equal(reply->status, 200);
    assert_int_equal(reply->n_body, 1000);
    assert_string_equal(rig_header(reply, "X-Seen"), "s");
    assert_string_equal(rig_header(reply, "Content-Type"), "application/octet-stream");
}

static void expect_continue(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    rig_send(fd, POST("Content-Length: 19\r\nExpect: 100-continue\r\n\r\n"));
    rig_read(fd, &reply, false);
    assert_int_equal(reply.status, 100);
    rig_send(fd, ECHO);
    expect(fd, 201, ECHO);
    close(fd);
}

/* --- methods and addresses --- */

static void head_has_no_body(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    for (int i = 0; i < 3; i++) {
        rig_send(fd, "HEAD /v1/t/hello HTTP/1.1\r\nHost: x\r\n\r\n");
        rig_read(fd, &reply, true);
        assert_int_equal(reply.status, 200);
        assert_string_equal(rig_header(&reply, "Content-Length"), "17");
        rig_send(fd, GET("/v1/t/cpu"));
        expect(fd, 200, "{\"text\":\"안녕\"}");
    }
    close(fd);
    assert_int_equal(rig_exchange("HEAD /v1/t/echo HTTP/1.1\r\nHost: x\r\n\r\n")->status, 405);
}

static void methods_a_route_has_not(void **state GG_UNUSED)
{
    struct rig_reply *reply = rig_exchange("POST /v1/t/hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

    assert_int_equal(reply->status, 405);
    assert_string_equal(rig_header(reply, "Allow"), "GET, HEAD, DELETE");
    reply = rig_exchange("OPTIONS /v1/t/hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(reply->status, 405);
    assert_non_null(rig_header(reply, "Allow"));
    reply = rig_exchange("DELETE /v1/t/hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(reply->status, 204);
    assert_int_equal(reply->n_body, 0);
}

static void addresses(void **state GG_UNUSED)
{
    assert_int_equal(rig_exchange(GET("/v1/t/helloX"))->status, 404);
    assert_int_equal(rig_exchange(GET("/v1/t/hello/"))->status, 404);
    assert_int_equal(rig_exchange(GET("/v1/t//hello"))->status, 404);
    assert_int_equal(rig_exchange(GET("/v1/t/x/../hello"))->status, 404);
    assert_int_equal(rig_exchange(GET("/v1/t/%68ello"))->status, 200);
    assert_int_equal(rig_exchange(GET("/v1/t/%zz"))->status, 400);
    assert_string_equal(rig_exchange(GET("/v1/t/p/a%2Fb/q/%EA%B3%B5?x=/p/q"))->body, "{\"text\":\"a/b|공\"}");
}

/* --- waiting and leaving --- */

/* Two workers and four places to wait: of twelve at once, about half hear that they should come back. */
static void a_full_queue(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fds[12], served = 0, refused_ones = 0;

    for (size_t i = 0; i < GG_LEN(fds); i++) {
        fds[i] = rig_connect();
        rig_send(fds[i], GET("/v1/t/slow"));
        usleep(1000);
    }
    for (size_t i = 0; i < GG_LEN(fds); i++) {
        rig_read(fds[i], &reply, false);
        served += reply.status == 200;
        refused_ones += reply.status == 503 && rig_header(&reply, "Retry-After");
        close(fds[i]);
    }
    assert_int_equal(served + refused_ones, 12);
    assert_true(served >= 4 && refused_ones >= 4); /* a worker may be late, or done with its first */
}

static void others_go_on_while_one_waits(void **state GG_UNUSED)
{
    int fd = rig_connect();

    atomic_store(&held_back, true);
    rig_send(fd, GET("/v1/t/slow"));
    assert_int_equal(rig_exchange(GET("/v1/t/cpu"))->status, 200);
    atomic_store(&held_back, false);
    expect(fd, 200, NULL);
    close(fd);
}

/* Clients that leave in the middle, politely or not, at every stage. */
static void clients_that_leave(void **state GG_UNUSED)
{
    static const char *const texts[] = {GET("/v1/t/slow"),
                                        GET("/v1/t/cpu"),
                                        GET("/v1/t/hello") GET("/v1/t/cpu"),
                                        "GET /v1/t/hel",
                                        POST("Content-Length: 19\r\n\r\n{\"te"),
                                        POST_ECHO};
    const struct linger reset = {1, 0};

    for (int i = 0; i < 300; i++) {
        int fd = rig_connect();
        rig_send(fd, texts[(size_t)i % GG_LEN(texts)]);
        if (i % 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        if (i % 3 == 0)
            usleep(500);
        close(fd);
    }
    rig_until(gg_work_pending, 0);
    rig_until(gg_http_connections, 0);
    assert_int_equal(rig_exchange(GET("/v1/t/hello"))->status, 200);
}

static size_t drain(void)
{
    gg_http_drain();
    return 0;
}

/* Last: idle connections are closed, what is in flight is answered, nobody new gets in. */
static void a_graceful_stop(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int idle[5], busy = rig_connect(), port = gg_http_port(), late;
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    for (size_t i = 0; i < GG_LEN(idle); i++) {
        idle[i] = rig_connect();
        rig_send(idle[i], GET("/v1/t/cpu"));
        expect(idle[i], 200, NULL);
    }
    rig_send(busy, GET("/v1/t/slow"));
    usleep(50 * 1000);
    (void)rig_ask(drain);
    for (size_t i = 0; i < GG_LEN(idle); i++) {
        assert_true(rig_ended(idle[i]));
        close(idle[i]);
    }
    late = socket(AF_INET, SOCK_STREAM, 0);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(late, (struct sockaddr *)(void *)&sa, sizeof(sa)), -1);
    close(late);
    rig_read(busy, &reply, false);
    assert_int_equal(reply.status, 200);
    assert_string_equal(rig_header(&reply, "Connection"), "close");
    assert_true(rig_ended(busy));
    close(busy);
    rig_until(gg_http_connections, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_at_every_byte),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(the_gate_also_sees_what_is_pipelined),
        cmocka_unit_test(a_pipelining_client_that_reads_nothing),
        cmocka_unit_test(connection_close),
        cmocka_unit_test(two_ways_to_read_it),
        cmocka_unit_test(header_floods),
        cmocka_unit_test(slow_senders),
        cmocka_unit_test(a_kept_connection_may_rest),
        cmocka_unit_test(large_bodies),
        cmocka_unit_test(a_body_of_exactly_the_limit),
        cmocka_unit_test(expect_continue),
        cmocka_unit_test(head_has_no_body),
        cmocka_unit_test(methods_a_route_has_not),
        cmocka_unit_test(addresses),
        cmocka_unit_test(a_full_queue),
        cmocka_unit_test(others_go_on_while_one_waits),
        cmocka_unit_test(clients_that_leave),
        cmocka_unit_test(a_graceful_stop),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
