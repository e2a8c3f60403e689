/* libcommon/http.c
 * The server over libevhtp, the one file that knows it (with ws.c): gate, routing, replies, connections. Loop thread.
 */
#include "libcommon/http_internal.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"
#include "libcommon/text.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include <evhtp.h>

/* Our side of one connection: the library's callbacks wait behind the gate. */
struct conn {
    evhtp_connection_t *evhtp;
    bufferevent_data_cb read, write;
    bufferevent_event_cb event;
    void *arg;
    struct event *deadline; /* of the header that is coming in */
    size_t limit;           /* of the body that is coming in */
    bool waiting;           /* the deadline runs */
    bool closing;           /* the last bytes are on their way out */
    LIST_ENTRY(conn) all;
};

#define LINGER     1000        /* ms that a refused client gets to read why */
#define BODY_SLACK (64 * 1024) /* more than one read brings */

static LIST_HEAD(, conn) conns = LIST_HEAD_INITIALIZER(conns);
static size_t n_conns;
static evhtp_t *server;
static struct gg_http_config config;
static bool draining;

/* --- the gate --- */

static void close_conn(struct conn *conn)
{
    evhtp_connection_free(conn->evhtp); /* the fini hook frees `conn` */
}

static void discard(struct bufferevent *bev, void *arg GG_UNUSED)
{
    evbuffer_drain(bufferevent_get_input(bev), evbuffer_get_length(bufferevent_get_input(bev)));
}

static void all_sent(struct bufferevent *bev GG_UNUSED, void *arg)
{
    shutdown(((struct conn *)arg)->evhtp->sock, SHUT_WR);
}

static void peer_gone(struct bufferevent *bev GG_UNUSED, short what GG_UNUSED, void *arg)
{
    close_conn(arg);
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

/* Answers without the library. What still comes in is read and dropped for a moment: closing on unread bytes would
 * reset the connection, and the answer with it. */
/* Closes once the output is out, without the library. What still comes in is read and dropped for a moment: closing on
 * unread bytes would reset the connection, and the answer with it. */
static void close_gently(struct conn *conn)
{
    struct bufferevent *bev = conn->evhtp->bev;
    struct timeval linger = {LINGER / 1000, LINGER % 1000 * 1000};

    conn->closing = true;
    discard(bev, conn);
    bufferevent_setcb(bev, discard, all_sent, peer_gone, conn);
    bufferevent_enable(bev, EV_READ);
    event_add(conn->deadline, &linger);
}

/* Answers without the library. */
static void refuse(struct conn *conn, int status, const char *reason)
{
    struct gg_buf body;

    gg_count("http_refused_total", "", 1);
    gg_buf_init(&body, 4096);
    gg_problem_print(&body, problem_of(status), reason, NULL, NULL, NULL, NULL, 0);
    close_gently(conn);
    evbuffer_add_printf(bufferevent_get_output(conn->evhtp->bev),
                        "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n%s",
                        status, problem_of(status)->code, body.n, body.p);
    gg_buf_free(&body);
}

static void deadline_over(evutil_socket_t fd GG_UNUSED, short what GG_UNUSED, void *arg)
{
    struct conn *conn = arg;

    if (conn->closing)
        close_conn(conn);
    else
        refuse(conn, 408, "the header took too long");
}

/* A whole header is here: checks it, and the body's length against the route. False when it was refused. */
static bool admit(struct conn *conn, struct gg_str text)
{
    struct gg_gate_header header;
    const struct gg_route *route;
    const struct gg_problem *problem;
    const char *reason, *params[4], *allow;
    struct gg_arena *arena;
    enum gg_method method;
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
    route = gg_route_find(config.service, arena, method, header.path, params, &problem, &allow);
    limit = gg_route_body_limit(route);
    gg_arena_destroy(arena);
    if (header.content_length != GG_NONE && header.content_length > (int64_t)limit) {
        refuse(conn, 413, "the body is larger than this address takes");
        return false;
    }
    /* A chunked body shows its size only as it comes: the gate looks at each read. The library's own limit just drops
     * the connection, so it is kept out of reach. */
    conn->limit = limit;
    evhtp_connection_set_max_body_size(conn->evhtp, limit + BODY_SLACK);
    return true;
}

static void gate_read(struct bufferevent *bev, void *arg)
{
    struct conn *conn = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    struct timeval deadline = {config.header_deadline_ms / 1000, config.header_deadline_ms % 1000 * 1000};
    struct evbuffer_ptr end;
    size_t n;

    if (conn->evhtp->request) { /* a body, or a next request behind one that is being answered */
        if (conn->evhtp->body_bytes_read > conn->limit)
            refuse(conn, 413, "the body is larger than this address takes");
        else
            conn->read(bev, conn->arg);
        return;
    }
    n = evbuffer_get_length(input);
    if (n == 0)
        return;
    end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    if (end.pos < 0 || end.pos + 4 > GG_HEADER_MAX) {
        if (n > GG_HEADER_MAX)
            refuse(conn, 431, "the header is too large");
        else if (!conn->waiting) {
            conn->waiting = true;
            event_add(conn->deadline, &deadline);
        }
        return;
    }
    conn->waiting = false;
    event_del(conn->deadline);
    n = (size_t)end.pos + 4;
    if (admit(conn, (struct gg_str){(const char *)evbuffer_pullup(input, (ev_ssize_t)n), n}))
        conn->read(bev, conn->arg); /* may free `conn` */
}

static void gate_write(struct bufferevent *bev, void *arg)
{
    struct conn *conn = arg;

    if (conn->write)
        conn->write(bev, conn->arg);
}

static void gate_event(struct bufferevent *bev, short what, void *arg)
{
    struct conn *conn = arg;

    conn->event(bev, what, conn->arg);
}

static void forget(struct conn *conn)
{
    LIST_REMOVE(conn, all);
    n_conns--;
    event_free(conn->deadline);
    free(conn);
}

static evhtp_res conn_gone(evhtp_connection_t *evhtp GG_UNUSED, void *arg)
{
    forget(arg);
    return EVHTP_RES_OK;
}

static evhtp_res accepted(evhtp_connection_t *evhtp, void *arg GG_UNUSED)
{
    struct conn *conn = gg_xcalloc(1, sizeof(*conn));
    int one = 1;

    setsockopt(evhtp->sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    conn->evhtp = evhtp;
    conn->deadline = event_new(gg_loop_base(), -1, 0, deadline_over, conn);
    if (!conn->deadline)
        gg_fatal("http", "no memory for a timer");
    bufferevent_getcb(evhtp->bev, &conn->read, &conn->write, &conn->event, &conn->arg);
    bufferevent_setcb(evhtp->bev, gate_read, gate_write, gate_event, conn);
    evhtp_connection_set_hook(evhtp, evhtp_hook_on_connection_fini, (evhtp_hook)(void (*)(void))conn_gone, conn);
    LIST_INSERT_HEAD(&conns, conn, all);
    n_conns++;
    return EVHTP_RES_OK;
}

/* --- replies --- */

static void add_header(evhtp_request_t *request, const char *name, const char *value)
{
    evhtp_headers_add_header(request->headers_out, evhtp_header_new(name, value, 1, 1));
}

static void observe(const struct gg_reply *x)
{
    double seconds = (double)(gg_mono() - x->started) / 1000;
    const char *path = x->call.route ? x->call.route->path : "none";
    char labels[200];

    snprintf(labels, sizeof(labels), "route=\"%s\",status=\"%d\"", path, x->final_status);
    gg_count("http_requests_total", labels, 1);
    snprintf(labels, sizeof(labels), "route=\"%s\"", path);
    gg_observe("http_request_seconds", labels, seconds);
    if (path[0] != '/' || strncmp(path, "/v1/", 4) == 0)
        gg_info("request", "%s %d in %.0f ms", path, x->final_status, seconds * 1000);
}

/* Writes the finished reply to the library's paused request, and lets it go. */
static void reply(void *arg)
{
    struct gg_reply *x = arg;
    evhtp_request_t *request = x->request;
    struct bufferevent *bev;
    char length[24];

    observe(x);
    if (!request) {
        gg_arena_destroy(x->call.arena);
        return;
    }
    bev = request->conn->bev;
    evhtp_request_unset_hook(request, evhtp_hook_on_request_fini);
    for (struct gg_out_header *h = x->headers; h; h = h->next)
        add_header(request, h->name, h->value);
    if (x->final_type)
        add_header(request, "Content-Type", x->final_type);
    if (!evhtp_header_find(request->headers_out, "Cache-Control"))
        add_header(request, "Cache-Control", "no-store");
    add_header(request, "X-Request-Id", x->call.request_id);
    if (x->final_status != 204) {
        snprintf(length, sizeof(length), "%zu", x->final_body.n);
        add_header(request, "Content-Length", length);
        if (!x->head)
            evbuffer_add(request->buffer_out, x->final_body.p, x->final_body.n);
    }
    /* Input that waits is a pipelined request, which the library may lose; a slow reader must not pile up replies. */
    bool last = draining || evbuffer_get_length(bufferevent_get_input(bev)) > 0 ||
                evbuffer_get_length(bufferevent_get_output(bev)) > GG_OUTPUT_MAX;
    if (last)
        add_header(request, "Connection", "close");
    evhtp_send_reply(request, (evhtp_res)x->final_status);
    if (last) {
        struct conn *conn;
        bufferevent_getcb(bev, NULL, NULL, NULL, (void **)&conn);
        close_gently(conn);
    } else {
        evhtp_request_resume(request);
    }
    gg_arena_destroy(x->call.arena);
}

static evhtp_res request_gone(evhtp_request_t *request GG_UNUSED, void *arg)
{
    struct gg_reply *x = arg;

    x->request = NULL;
    return EVHTP_RES_OK;
}

static void run(struct gg_job *job, struct gg_worker *worker)
{
    gg_exchange_run((struct gg_reply *)job, worker);
}

/* Back on the loop: on to the next pool, or out with the reply. */
static void done(struct gg_job *job)
{
    struct gg_reply *x = (struct gg_reply *)job;

    if (!job->expired && x->continues) {
        job->pool = x->next_pool;
        if (gg_work_submit(job))
            return;
        x->continues = false;
        gg_exchange_fail(x, GG_UNAVAILABLE);
        gg_exchange_encode(x);
    } else if (job->expired) {
        x->continues = false;
        gg_exchange_fail(x, GG_UNAVAILABLE);
        gg_exchange_encode(x);
    }
    reply(x);
}

/* --- requests --- */

static const char *find_header(evhtp_request_t *request, const char *name)
{
    return evhtp_header_find(request->headers_in, name);
}

static const char *copied_header(struct gg_arena *arena, evhtp_request_t *request, const char *name)
{
    return gg_strdup(arena, find_header(request, name));
}

static const char *client_address(struct gg_arena *arena, evhtp_request_t *request)
{
    const char *real = config.trust_proxy ? find_header(request, "X-Real-IP") : NULL;
    char text[INET6_ADDRSTRLEN] = "unknown";
    const struct sockaddr *sa = request->conn->saddr;

    if (real && strlen(real) < INET6_ADDRSTRLEN)
        return gg_strdup(arena, real);
    if (sa && sa->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, text, sizeof(text));
    else if (sa && sa->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, text, sizeof(text));
    return gg_strdup(arena, text);
}

/* Only what a log line can take: letters, digits and dashes. */
static bool plain_id(const char *text)
{
    return text && *text && strlen(text) <= 36 &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(text);
}

static const char *request_id(struct gg_arena *arena, evhtp_request_t *request)
{
    const char *given = config.trust_proxy ? find_header(request, "X-Request-Id") : NULL;
    char text[GG_ID_TEXT];

    if (plain_id(given))
        return gg_strdup(arena, given);
    gg_id_format(gg_id_new(), text);
    return gg_strdup(arena, text);
}

/* W3C trace context, version 00: "00-<32 hex>-<16 hex>-<2 hex>". */
static bool traceparent_valid(const char *text)
{
    return text && strlen(text) == 55 && strncmp(text, "00-", 3) == 0 && text[35] == '-' && text[52] == '-' &&
           strspn(text, "0123456789abcdef-") == 55;
}

static void read_context(struct gg_reply *x, evhtp_request_t *request)
{
    struct gg_call *call = &x->call;
    const char *traceparent = find_header(request, "traceparent");

    call->address = client_address(call->arena, request);
    call->user_agent = copied_header(call->arena, request, "User-Agent");
    call->if_match = copied_header(call->arena, request, "If-Match");
    call->cookies = copied_header(call->arena, request, "Cookie");
    call->origin = copied_header(call->arena, request, "Origin");
    call->request_id = request_id(call->arena, request);
    if (traceparent_valid(traceparent)) {
        call->traceparent = gg_strdup(call->arena, traceparent);
        call->trace_id = gg_strndup(call->arena, traceparent + 3, 32);
    } else {
        uint8_t ids[24];
        gg_random(ids, sizeof(ids));
        call->trace_id = gg_hex(call->arena, ids, 16);
        call->traceparent = gg_sprintf(call->arena, "00-%s-%s-01", call->trace_id, gg_hex(call->arena, ids + 16, 8));
    }
    snprintf(x->job.request_id, sizeof(x->job.request_id), "%s", call->request_id);
    snprintf(x->job.trace_id, sizeof(x->job.trace_id), "%s", call->trace_id);
}

/* The media type in lower case, without parameters. */
static const char *media_type(struct gg_arena *arena, evhtp_request_t *request)
{
    const char *header = find_header(request, "Content-Type");
    char *type;

    if (!header)
        return "";
    type = gg_strndup(arena, header, strcspn(header, "; \t"));
    for (char *p = type; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p | 0x20);
    return type;
}

static bool is_upgrade(evhtp_request_t *request)
{
    const char *upgrade = find_header(request, "Upgrade");

    return upgrade && strcasecmp(upgrade, "websocket") == 0;
}

/* Routes with raw bodies read headers of their own (signatures); they are copied for the worker. */
static void copy_headers(struct gg_reply *x, evhtp_request_t *request)
{
    evhtp_kv_t *kv;

    TAILQ_FOREACH(kv, request->headers_in, next)
    {
        struct gg_out_header *header = GG_NEW(x->call.arena, struct gg_out_header);
        header->name = gg_strndup(x->call.arena, kv->key, kv->klen);
        header->value = gg_strndup(x->call.arena, kv->val, kv->vlen);
        header->next = x->request_headers;
        x->request_headers = header;
    }
}

/* Takes the connection over for the service's socket; false when the reply is a problem. */
static bool upgrade(struct gg_reply *x, evhtp_request_t *request)
{
    const struct gg_problem *problem = &GG_P_UNAVAILABLE;
    const char *detail = "this instance stops";
    struct conn *conn;

    bufferevent_getcb(request->conn->bev, NULL, NULL, NULL, (void **)&conn);
    if (!draining && gg_ws_accept(request, config.service->ws, x->call.address, &problem, &detail)) {
        forget(conn); /* the hooks are gone with the ownership */
        return true;
    }
    gg_fail(&x->call, problem, "%s", detail);
    return false;
}

/* Finds the route and decodes what it takes; false when the reply is a problem already. */
static bool receive(struct gg_reply *x, evhtp_request_t *request, struct gg_str path)
{
    struct gg_arena *arena = x->call.arena;
    const struct gg_problem *problem = &GG_P_METHOD;
    const char *allow = "GET, HEAD, POST, PUT, PATCH, DELETE", *name = htparser_get_methodstr_m(request->method);
    size_t n = evbuffer_get_length(request->buffer_in);
    struct gg_raw_request raw = {
        .query = gg_strdup(arena, (const char *)request->uri->query_raw),
        .authorization = find_header(request, "Authorization"),
        .idempotency_key = find_header(request, "Idempotency-Key"),
        .content_type = x->call.content_type,
        .body = {n ? gg_memdup(arena, evbuffer_pullup(request->buffer_in, -1), n) : NULL, n},
    };
    enum gg_method method;

    if (name && gg_method_parse((struct gg_str){name, strlen(name)}, &method, &x->head))
        x->call.route = gg_route_find(config.service, arena, method, path, x->call.params, &problem, &allow);
    if (!x->call.route) {
        if (allow)
            gg_header(&x->call, "Allow", allow);
        gg_fail(&x->call, problem, "%s", allow ? "this address has other methods" : "there is nothing at this address");
        return false;
    }
    if (n > gg_route_body_limit(x->call.route)) {
        gg_fail(&x->call, &GG_P_TOO_LARGE, "at most %zu bytes", gg_route_body_limit(x->call.route));
        return false;
    }
    if (x->call.route->flags & GG_RAW)
        copy_headers(x, request);
    return gg_exchange_prepare(x, &raw, path.p);
}

/* Hands the call to its pool; false when it is answered here. */
static bool dispatch(struct gg_reply *x)
{
    struct gg_worker none = {0};

    if (x->call.route->pool == GG_POOL_LOOP) {
        gg_exchange_run(x, &none);
        return false;
    }
    x->job.pool = x->call.route->pool;
    x->job.run = run;
    x->job.done = done;
    x->job.deadline = gg_mono() + 10 * GG_SECOND;
    if (gg_work_submit(&x->job))
        return true;
    gg_exchange_fail(x, GG_UNAVAILABLE);
    gg_exchange_encode(x);
    return false;
}

/* A whole request is here. Every reply is written in a later turn of the loop, with the request paused: written inside
 * the library's callback, it would lose a next request that is waiting behind this one. */
static void requested(evhtp_request_t *request, void *arg GG_UNUSED)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_reply *x = GG_NEW(arena, struct gg_reply);
    struct gg_str path = {request->uri->path->full, strlen(request->uri->path->full)};
    const struct gg_ws_class *ws = config.service->ws;
    bool socket = ws && strcmp(path.p, ws->path) == 0 && is_upgrade(request), answered = true;

    x->started = gg_mono();
    x->request = request;
    x->call.arena = x->job.arena = arena;
    x->call._reply = x;
    x->call.content_type = media_type(arena, request);
    read_context(x, request);
    gg_log_context(x->call.request_id, x->call.trace_id);
    if (socket && upgrade(x, request)) {
        gg_arena_destroy(arena);
        gg_log_context(NULL, NULL);
        return;
    }
    if (socket || !receive(x, request, path))
        gg_exchange_encode(x);
    else
        answered = !dispatch(x);
    evhtp_request_set_hook(request, evhtp_hook_on_request_fini, (evhtp_hook)(void (*)(void))request_gone, x);
    evhtp_request_pause(request);
    if (answered)
        gg_loop_post(reply, x);
    gg_log_context(NULL, NULL);
}

/* --- start and stop --- */

bool gg_http_start(const struct gg_http_config *given)
{
    struct timeval idle;
    char host[64];
    const char *colon = strrchr(given->listen, ':');
    int64_t port;

    config = *given;
    idle = (struct timeval){config.idle_ms / 1000, config.idle_ms % 1000 * 1000};
    if (!colon || (size_t)(colon - given->listen) >= sizeof(host) ||
        !gg_parse_i64((struct gg_str){colon + 1, strlen(colon + 1)}, 0, 65535, &port)) {
        gg_error("listen", "%s is not address:port", given->listen);
        return false;
    }
    snprintf(host, sizeof(host), "%.*s", (int)(colon - given->listen), given->listen);
    gg_exchange_init(&config);
    gg_ws_init(config.public_url);
    draining = false;
    server = evhtp_new(gg_loop_base(), NULL);
    if (!server)
        gg_fatal("http", "no memory for a server");
    evhtp_set_timeouts(server, &idle, &idle);
    evhtp_set_post_accept_cb(server, accepted, NULL);
    evhtp_set_gencb(server, requested, NULL);
    if (evhtp_bind_socket(server, host, (uint16_t)port, 1024) != 0) {
        gg_error("listen", "cannot listen on %s", given->listen);
        return false;
    }
    return true;
}

int gg_http_port(void)
{
    struct sockaddr_in sa = {0};
    socklen_t n = sizeof(sa);

    if (getsockname(evconnlistener_get_fd(server->server), (struct sockaddr *)(void *)&sa, &n) != 0)
        return -1;
    return ntohs(sa.sin_port);
}

static void close_idle(void)
{
    struct conn *conn = LIST_FIRST(&conns);

    while (conn) {
        struct conn *next = LIST_NEXT(conn, all);
        if (!conn->evhtp->request && !conn->closing)
            evhtp_connection_free(conn->evhtp);
        conn = next;
    }
}

void gg_http_drain(void)
{
    draining = true;
    evhtp_unbind_socket(server);
    close_idle();
}

bool gg_http_draining(void)
{
    return draining;
}

size_t gg_http_connections(void)
{
    if (draining)
        close_idle(); /* a reply that was on its way out has left by now */
    return n_conns;
}

void gg_http_stop(void)
{
    while (!LIST_EMPTY(&conns))
        evhtp_connection_free(LIST_FIRST(&conns)->evhtp);
    gg_ws_stop();
    evhtp_free(server);
    server = NULL;
}
