/* libcommon/test/test_ws.c
 * Sockets on the wire: handshake, frames, closing, slow readers, the end of the process. */
#include "libcommon/test/http_rig.h"

#include "libcommon/ws.h"

/* --- the service under test: an echo that obeys a few words --- */

static size_t n_opened, n_closed; /* loop thread */

static void opened(struct gg_ws *ws)
{
    n_opened++;
    gg_ws_set_state(ws, gg_xstrdup("hi"));
}

static void flood(struct gg_ws *ws)
{
    static char large[1000];
    uint64_t id = gg_ws_id(ws);

    memset(large, 'a', sizeof(large));
    for (int i = 0; i < 10000 && gg_ws_find(id); i++)
        gg_ws_send(ws, (struct gg_str){large, sizeof(large)});
}

static void message(struct gg_ws *ws, struct gg_str text)
{
    if (text.n == 4 && memcmp(text.p, "quit", 4) == 0)
        gg_ws_close(ws, 4001, "as you wish");
    else if (text.n == 5 && memcmp(text.p, "flood", 5) == 0)
        flood(ws);
    else if (text.n == 5 && memcmp(text.p, "state", 5) == 0)
        gg_ws_send(ws, (struct gg_str){gg_ws_state(ws), 2});
    else
        gg_ws_send(ws, text);
}

static void closed(struct gg_ws *ws)
{
    n_closed++;
    free(gg_ws_state(ws));
}

static void draining(struct gg_ws *ws)
{
    gg_ws_send(ws, GG_STR("bye"));
}

static const struct gg_ws_class class = {.path = "/v1/t/socket",
                                         .subprotocol = "t.v1",
                                         .max_message = 70000,
                                         .max_queue = 100000,
                                         .ping_ms = 400,
                                         .opened = opened,
                                         .message = message,
                                         .closed = closed,
                                         .draining = draining};
static const struct gg_service service = {.name = "t", .ws = &class};

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

static size_t still_open(void)
{
    return n_opened - n_closed;
}

/* --- a client --- */

#define HANDSHAKE(more)                                                                                                \
    "GET /v1/t/socket HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"                \
    "Sec-WebSocket-Version: 13\r\n" more "\r\n"
#define KEY      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define PROTOCOL "Sec-WebSocket-Protocol: other, t.v1\r\n"

enum { TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, FIN = 0x80 };

/* Writes one frame; the mask is part of every frame of a client. */
static size_t frame(char *out, int first, const char *bytes, size_t n)
{
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    uint8_t *p = (uint8_t *)out;

    *p++ = (uint8_t)first;
    if (n < 126) {
        *p++ = (uint8_t)(0x80 | n);
    } else if (n < 65536) {
        *p++ = 0x80 | 126;
        *p++ = (uint8_t)(n >> 8);
        *p++ = (uint8_t)n;
    } else {
        *p++ = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            *p++ = (uint8_t)((uint64_t)n >> shift);
    }
    memcpy(p, mask, 4);
    p += 4;
    for (size_t i = 0; i < n; i++)
        *p++ = (uint8_t)((uint8_t)bytes[i] ^ mask[i % 4]);
    return (size_t)(p - (uint8_t *)out);
}

static void send_frame(int fd, int first, const char *bytes, size_t n)
{
    char *out = gg_xmalloc(n + 16);

    rig_send_n(fd, out, frame(out, first, bytes, n));
    free(out);
}

static void say(int fd, const char *text)
{
    send_frame(fd, FIN | TEXT, text, strlen(text));
}

static void read_all(int fd, void *to, size_t n)
{
    for (char *p = to; n > 0;) {
        ssize_t got = recv(fd, p, n, 0);
        assert_true(got > 0);
        p += got;
        n -= (size_t)got;
    }
}

/* Reads one frame of the server; its first byte. */
static int read_frame(int fd, char *bytes, size_t max, size_t *n)
{
    uint8_t head[2], more[8];

    read_all(fd, head, 2);
    assert_int_equal(head[1] & 0x80, 0); /* servers do not mask */
    *n = head[1];
    if (*n == 126) {
        read_all(fd, more, 2);
        *n = (size_t)more[0] << 8 | more[1];
    } else if (*n == 127) {
        read_all(fd, more, 8);
        *n = 0;
        for (int i = 0; i < 8; i++)
            *n = *n << 8 | more[i];
    }
    assert_true(*n < max);
    read_all(fd, bytes, *n);
    bytes[*n] = '\0';
    return head[0];
}

static void hear(int fd, const char *text)
{
    static char bytes[80000];
    size_t n;

    while (read_frame(fd, bytes, sizeof(bytes), &n) == (FIN | PING))
        send_frame(fd, FIN | PONG, bytes, n);
    assert_string_equal(bytes, text);
}

/* Reads up to the close frame; its code, 1005 when it has none. */
static int hear_close(int fd)
{
    static char bytes[80000];
    size_t n;

    while (read_frame(fd, bytes, sizeof(bytes), &n) != (FIN | CLOSE))
        ;
    return n < 2 ? 1005 : (uint8_t)bytes[0] << 8 | (uint8_t)bytes[1];
}

static int join(void)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    rig_send(fd, HANDSHAKE(KEY PROTOCOL));
    rig_read(fd, &reply, true);
    assert_int_equal(reply.status, 101);
    return fd;
}

/* --- tests --- */

static void handshake(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    rig_send(fd, HANDSHAKE(KEY PROTOCOL "Origin: http://market.test\r\n"));
    rig_read(fd, &reply, true);
    assert_int_equal(reply.status, 101);
    assert_string_equal(rig_header(&reply, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_string_equal(rig_header(&reply, "Sec-WebSocket-Protocol"), "t.v1");
    close(fd);
    rig_until(still_open, 0);
}

static void handshakes_that_are_refused(void **state GG_UNUSED)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {HANDSHAKE(KEY PROTOCOL "Origin: http://evil.test\r\n"), 403},
        {HANDSHAKE(KEY PROTOCOL "Origin: null\r\n"), 403},
        {HANDSHAKE(PROTOCOL), 400},
        {HANDSHAKE("Sec-WebSocket-Key: abc\r\n" PROTOCOL), 400},
        {HANDSHAKE(KEY), 400},
        {HANDSHAKE(KEY "Sec-WebSocket-Protocol: t.v11\r\n"), 400},
        {HANDSHAKE(KEY PROTOCOL) "\x81", 400}, /* no frame before the 101 */
        {"GET /v1/t/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 8\r\n" KEY PROTOCOL "\r\n",
         400},
        {"POST /v1/t/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\n" KEY PROTOCOL "\r\n",
         400},
        {"GET /v1/t/socket HTTP/1.1\r\nHost: x\r\n\r\n", 404},
    };

    for (size_t i = 0; i < GG_LEN(cases); i++) {
        const struct rig_reply *reply = rig_exchange(cases[i].text);
        if (reply->status != cases[i].status)
            fail_msg("case %zu: %d", i, reply->status);
    }
    assert_int_equal(rig_ask(still_open), 0);
}

static void echo(void **state GG_UNUSED)
{
    static char large[65000];
    int fd = join();

    say(fd, "안녕");
    hear(fd, "안녕");
    say(fd, "state");
    hear(fd, "hi");
    memset(large, 'x', sizeof(large) - 1);
    say(fd, large);
    hear(fd, large);
    close(fd);
    rig_until(still_open, 0);
}

static void frames_in_pieces(void **state GG_UNUSED)
{
    char bytes[64];
    int fd = join();
    size_t n = frame(bytes, FIN | TEXT, "byte by byte", 12);

    for (size_t i = 0; i < n; i++) {
        rig_send_n(fd, bytes + i, 1);
        usleep(300);
    }
    hear(fd, "byte by byte");
    send_frame(fd, TEXT, "in ", 3);
    send_frame(fd, FIN | PING, "between", 7);
    send_frame(fd, FIN, "parts", 5);
    hear(fd, "between"); /* the pong */
    hear(fd, "in parts");
    n = frame(bytes, FIN | TEXT, "one", 3);
    n += frame(bytes + n, FIN | TEXT, "two", 3);
    rig_send_n(fd, bytes, n);
    hear(fd, "one");
    hear(fd, "two");
    close(fd);
}

static void closing(void **state GG_UNUSED)
{
    int fd = join();

    send_frame(fd, FIN | CLOSE, "\x03\xe8", 2);
    assert_int_equal(hear_close(fd), 1000);
    assert_true(rig_ended(fd));
    close(fd);
    fd = join();
    say(fd, "quit");
    assert_int_equal(hear_close(fd), 4001);
    send_frame(fd, FIN | CLOSE, "\x0f\xa1", 2);
    assert_true(rig_ended(fd));
    close(fd);
    fd = join();
    say(fd, "quit"); /* and never answers: patience ends */
    assert_int_equal(hear_close(fd), 4001);
    assert_true(rig_ended(fd));
    close(fd);
    rig_until(still_open, 0);
}

static void broken_rules(void **state GG_UNUSED)
{
    static const struct {
        const char *bytes;
        size_t n;
        int code;
    } cases[] = {
        {"\x81\x02hi", 4, 1002},                           /* not masked */
        {"\x83\x80\0\0\0\0", 6, 1002},                     /* an opcode nobody knows */
        {"\xc1\x80\0\0\0\0", 6, 1002},                     /* a reserved bit */
        {"\x80\x80\0\0\0\0", 6, 1002},                     /* a continuation of nothing */
        {"\x09\x80\0\0\0\0", 6, 1005},                     /* a ping in parts */
        {"\x81\x82\0\0\0\0\xc3\x28", 8, 1007},             /* no UTF-8 */
        {"\x82\x81\0\0\0\0x", 7, 1003},                    /* binary */
        {"\x81\xff\0\0\0\0\0\x10\0\0\0\0\0\0a", 15, 1009}, /* the first byte of a megabyte */
        {"\x88\x82\0\0\0\0\x03\xed", 8, 1002},             /* a close code that is never sent */
    };

    for (size_t i = 0; i < GG_LEN(cases); i++) {
        int fd = join(), code;
        rig_send_n(fd, cases[i].bytes, cases[i].n);
        code = hear_close(fd);
        if (code != cases[i].code)
            fail_msg("case %zu: %d", i, code);
        close(fd);
    }
    rig_until(still_open, 0);
}

/* After 1009 the rest of what was announced keeps coming: it is not kept, and the socket ends all the same. */
static void bytes_behind_a_close(void **state GG_UNUSED)
{
    static char rubbish[64 * 1024];
    int fd = join();
    int64_t before = gg_mono();

    rig_send_n(fd, "\x81\xff\0\0\0\0\x10\0\0\0\0\0\0\0a", 15);
    assert_int_equal(hear_close(fd), 1009);
    while (rig_ask(still_open) > 0 && gg_mono() - before < 8000) {
        (void)!send(fd, rubbish, sizeof(rubbish), MSG_DONTWAIT);
        usleep(1000);
    }
    assert_int_equal(rig_ask(still_open), 0);
    close(fd);
}

static void slow_readers(void **state GG_UNUSED)
{
    int fd = join(), other = join();

    say(fd, "flood"); /* ten megabytes to somebody who may keep a tenth of one waiting */
    assert_int_equal(hear_close(fd), 4008);
    close(fd);
    say(other, "still here");
    hear(other, "still here");
    close(other);
    rig_until(still_open, 0);
}

static void silence(void **state GG_UNUSED)
{
    char bytes[200];
    size_t n;
    int fd = join(), quiet = join();
    int64_t end = gg_mono() + 1300;

    while (gg_mono() < end) { /* who answers pings stays, who does not is gone after two */
        assert_int_equal(read_frame(fd, bytes, sizeof(bytes), &n), FIN | PING);
        send_frame(fd, FIN | PONG, bytes, n);
    }
    rig_until(still_open, 1);
    say(fd, "here");
    hear(fd, "here");
    close(quiet);
    close(fd);
    rig_until(still_open, 0);
}

static void many_that_leave(void **state GG_UNUSED)
{
    const struct linger reset = {1, 0};

    for (int i = 0; i < 200; i++) {
        int fd = rig_connect();
        rig_send(fd, HANDSHAKE(KEY PROTOCOL));
        if (i % 3) {
            static struct rig_reply reply;
            rig_read(fd, &reply, true);
            say(fd, i % 2 ? "flood" : "quit");
        }
        if (i % 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        close(fd);
    }
    rig_until(gg_http_connections, 0);
    rig_until(gg_ws_count, 0);
    assert_int_equal(rig_ask(still_open), 0);
}

static size_t drain_all(void)
{
    gg_http_drain();
    gg_ws_drain();
    return 0;
}

/* Last: everybody hears "bye" and 1001. */
static void the_end(void **state GG_UNUSED)
{
    int fds[10];

    for (size_t i = 0; i < GG_LEN(fds); i++)
        fds[i] = join();
    (void)rig_ask(drain_all);
    for (size_t i = 0; i < GG_LEN(fds); i++) {
        hear(fds[i], "bye");
        assert_int_equal(hear_close(fds[i]), 1001);
        send_frame(fds[i], FIN | CLOSE, "\x03\xe9", 2);
        assert_true(rig_ended(fds[i]));
        close(fds[i]);
    }
    rig_until(gg_ws_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshake),    cmocka_unit_test(handshakes_that_are_refused),
        cmocka_unit_test(echo),         cmocka_unit_test(frames_in_pieces),
        cmocka_unit_test(closing),      cmocka_unit_test(broken_rules),
        cmocka_unit_test(slow_readers), cmocka_unit_test(bytes_behind_a_close),
        cmocka_unit_test(silence),      cmocka_unit_test(many_that_leave),
        cmocka_unit_test(the_end),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
