/* libcommon/http_conn.c
 * Connections behind the gate: the library is shown one whole request header at a time, and of its body never a byte
 * too many; what came early waits here. Loop thread. */
#include "libcommon/clock.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <evhtp.h>

#define BODY_DEADLINES 6               /* a body may take this many times what a header may */
#define HELD_MAX       (64 * 1024)     /* bytes of next requests, before reading stops */
#define LINGER         (2 * GG_SECOND) /* for the other side to take the refusal and go */

/* Our side of one connection: the library's callbacks wait behind ours. */
struct gg_conn {
    evhtp_connection_t *evhtp;
    bufferevent_data_cb read, write;
    bufferevent_event_cb event;
    void *arg;
    struct event *deadline; /* of the header or body that is coming in */
    struct gg_gate_body body;
    struct evbuffer *held; /* came behind the request that is being answered */
    bool refused;          /* the last bytes are on their way out */
    bool *gone;            /* tells a caller up the stack that this is freed */
    LIST_ENTRY(gg_conn) all;
};

static LIST_HEAD(, gg_conn) conns = LIST_HEAD_INITIALIZER(conns);
static size_t n_conns;
static struct gg_http_config config;

void gg_conn_init(const struct gg_http_config *given)
{
    config = *given;
}

/* --- refusing --- */

static void close_now(struct gg_conn *conn)
{
    evhtp_connection_free(conn->evhtp); /* the fini hook frees `conn` */
}

static void close_on_event(struct bufferevent *bev GG_UNUSED, short what GG_UNUSED, void *arg)
{
    close_now(arg);
}

static void ignore_input(struct bufferevent *bev, void *arg GG_UNUSED)
{
    evbuffer_drain(bufferevent_get_input(bev), evbuffer_get_length(bufferevent_get_input(bev)));
}

static void set_deadline(struct gg_conn *conn, int64_t ms)
{
    struct timeval in = {ms / 1000, ms % 1000 * 1000};

    event_add(conn->deadline, &in);
}

/* The refusal is out. Closing at once with input unread would make the kernel reset the connection, and the other side
 * lose the reply: so it is told the end, and its bytes are thrown away for a moment. */
static void linger(struct bufferevent *bev, void *arg)
{
    struct gg_conn *conn = arg;

    shutdown(bufferevent_getfd(bev), SHUT_WR);
    bufferevent_setcb(bev, ignore_input, NULL, close_on_event, conn);
    bufferevent_enable(bev, EV_READ);
    set_deadline(conn, LINGER);
}

static const struct gg_problem *problem_of(int status)
{
    switch (status) {
    case 408:
        return &GG_P_TIMEOUT;
    case 413:
        return &GG_P_TOO_LARGE;
    case 431:
        return &GG_P_HEADERS;
    case 501:
        return &GG_P_NOT_IMPLEMENTED;
    default:
        return &GG_P_MALFORMED;
    }
}

/* Answers without the library, and closes. */
static void refuse(struct gg_conn *conn, int status, const char *reason)
{
    struct bufferevent *bev = conn->evhtp->bev;
    struct gg_buf body;
    char id[GG_ID_TEXT];

    gg_count("http_refused_total", "", 1);
    gg_buf_init(&body, 4096);
    gg_id_format(gg_id_new(), id);
    gg_info("refused", "%d, request %s: %s", status, id, reason);
    gg_problem_print(&body, problem_of(status), reason, id, NULL, NULL, NULL, 0);
    conn->refused = true;
    event_del(conn->deadline);
    bufferevent_disable(bev, EV_READ);
    bufferevent_setcb(bev, NULL, linger, close_on_event, conn);
    bufferevent_enable(bev, EV_WRITE);
    ignore_input(bev, NULL);
    evbuffer_add_printf(bufferevent_get_output(bev),
                        "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n%s",
                        problem_of(status)->status, problem_of(status)->code, body.n, body.p);
    gg_buf_free(&body);
}

static void deadline_passed(evutil_socket_t fd GG_UNUSED, short what GG_UNUSED, void *arg)
{
    struct gg_conn *conn = arg;

    if (conn->refused)
        close_now(conn);
    else
        refuse(conn, 408, "the request took too long to arrive");
}

/* --- what comes in --- */

/* Takes out of the input what lies behind its first `n` bytes. */
static void hold(struct gg_conn *conn, size_t n)
{
    struct evbuffer *input = bufferevent_get_input(conn->evhtp->bev), *front;

    if (evbuffer_get_length(input) <= n)
        return;
    front = evbuffer_new();
    if (!front)
        gg_fatal("http", "no memory for a buffer");
    evbuffer_remove_buffer(input, front, n);
    evbuffer_add_buffer(conn->held, input);
    evbuffer_prepend_buffer(input, front); /* its end is the bufferevent's own */
    evbuffer_free(front);
    if (evbuffer_get_length(conn->held) > HELD_MAX)
        bufferevent_disable(conn->evhtp->bev, EV_READ);
}

/* The input holds `n_header` bytes of an admitted header and what followed: shows the library what belongs to this
 * request. May free `conn`. */
static void show(struct gg_conn *conn, size_t n_header)
{
    struct bufferevent *bev = conn->evhtp->bev;
    struct evbuffer *input = bufferevent_get_input(bev);
    size_t n = evbuffer_get_length(input), used;
    const char *bytes = (const char *)evbuffer_pullup(input, -1), *reason;
    int status = gg_gate_follow(&conn->body, (struct gg_str){bytes + n_header, n - n_header}, &used, &reason);

    if (status != 0) {
        refuse(conn, status, reason);
        return;
    }
    hold(conn, n_header + used);
    if (conn->body.done)
        event_del(conn->deadline);
    else if (!event_pending(conn->deadline, EV_TIMEOUT, NULL))
        set_deadline(conn, BODY_DEADLINES * config.header_deadline_ms);
    if (n_header + used > 0)
        conn->read(bev, conn->arg);
}

/* A whole header is here: checks it, and the body's length against the route. False when it was refused. */
static bool admit(struct gg_conn *conn, struct gg_str text)
{
    struct gg_gate_header header;
    const struct gg_problem *problem;
    const char *reason, *params[4], *allow;
    struct gg_arena *arena;
    enum gg_method method = GG_GET;
    bool head;
    size_t limit;
    int status = gg_gate_check(text, &header, &reason);

    if (status == 0 && !gg_method_parse(header.method, &method, &head) &&
        !(header.method.n == 7 && memcmp(header.method.p, "OPTIONS", 7) == 0)) {
        status = 501;
        reason = "the method is not known";
    }
    if (status != 0) {
        refuse(conn, status, reason);
        return false;
    }
    arena = gg_arena_create();
    limit = gg_route_body_limit(gg_route_find(config.service, arena, method, header.path, params, &problem, &allow));
    gg_arena_destroy(arena);
    if (header.content_length != GG_NONE && header.content_length > (int64_t)limit) {
        refuse(conn, 413, "the body is larger than this address takes");
        return false;
    }
    gg_gate_expect(&conn->body, &header, limit);
    evhtp_connection_set_max_body_size(conn->evhtp, limit + 1); /* the library refuses at its limit, not above */
    return true;
}

static void take_header(struct gg_conn *conn)
{
    struct evbuffer *input = bufferevent_get_input(conn->evhtp->bev);
    size_t n = evbuffer_get_length(input);
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);

    if (n == 0)
        return;
    if (end.pos >= 0 && end.pos + 4 <= GG_HEADER_MAX) {
        event_del(conn->deadline);
        n = (size_t)end.pos + 4;
        if (admit(conn, (struct gg_str){(const char *)evbuffer_pullup(input, (ev_ssize_t)n), n}))
            show(conn, n);
    } else if (n > GG_HEADER_MAX) {
        refuse(conn, 431, "the header is too large");
    } else if (!event_pending(conn->deadline, EV_TIMEOUT, NULL)) {
        set_deadline(conn, config.header_deadline_ms);
    }
}

static void on_read(struct bufferevent *bev GG_UNUSED, void *arg)
{
    struct gg_conn *conn = arg;

    if (conn->evhtp->request)
        show(conn, 0);
    else
        take_header(conn);
}

/* When a reply has left and its request is gone, what was held is next. */
static void on_write(struct bufferevent *bev, void *arg)
{
    struct gg_conn *conn = arg;
    bool gone = false;

    conn->gone = &gone;
    conn->write(bev, conn->arg);
    if (gone)
        return;
    conn->gone = NULL;
    if (conn->evhtp->request || evbuffer_get_length(conn->held) == 0)
        return;
    evbuffer_prepend_buffer(bufferevent_get_input(bev), conn->held);
    bufferevent_enable(bev, EV_READ);
    take_header(conn);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct gg_conn *conn = arg;

    conn->event(bev, what, conn->arg);
}

/* --- their lives --- */

static void forget(struct gg_conn *conn)
{
    if (conn->gone)
        *conn->gone = true;
    LIST_REMOVE(conn, all);
    n_conns--;
    event_free(conn->deadline);
    evbuffer_free(conn->held);
    free(conn);
}

static evhtp_res fini(evhtp_connection_t *evhtp GG_UNUSED, void *arg)
{
    forget(arg);
    return EVHTP_RES_OK;
}

void gg_conn_accept(struct evhtp_connection *evhtp)
{
    struct gg_conn *conn = gg_xcalloc(1, sizeof(*conn));
    int one = 1;

    setsockopt(evhtp->sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    conn->evhtp = evhtp;
    conn->deadline = event_new(gg_loop_base(), -1, 0, deadline_passed, conn);
    conn->held = evbuffer_new();
    if (!conn->deadline || !conn->held)
        gg_fatal("http", "no memory for a connection");
    bufferevent_getcb(evhtp->bev, &conn->read, &conn->write, &conn->event, &conn->arg);
    bufferevent_setcb(evhtp->bev, on_read, on_write, on_event, conn);
    evhtp_connection_set_hook(evhtp, evhtp_hook_on_connection_fini, (evhtp_hook)(void (*)(void))fini, conn);
    LIST_INSERT_HEAD(&conns, conn, all);
    n_conns++;
}

struct gg_conn *gg_conn_of(struct evhtp_connection *evhtp)
{
    struct gg_conn *conn;

    bufferevent_getcb(evhtp->bev, NULL, NULL, NULL, (void **)&conn);
    return conn;
}

bool gg_conn_holds(const struct gg_conn *conn)
{
    return evbuffer_get_length(conn->held) > 0;
}

void gg_conn_forget(struct gg_conn *conn)
{
    forget(conn);
}

size_t gg_conn_count(void)
{
    return n_conns;
}

void gg_conn_close_idle(void)
{
    struct gg_conn *conn = LIST_FIRST(&conns);

    while (conn) {
        struct gg_conn *next = LIST_NEXT(conn, all);
        if (!conn->evhtp->request && !conn->refused)
            close_now(conn);
        conn = next;
    }
}

void gg_conn_close_all(void)
{
    while (!LIST_EMPTY(&conns))
        close_now(LIST_FIRST(&conns));
}
