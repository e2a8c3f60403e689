/* libcommon/http.c
 * The server over libevhtp: requests in, replies out, start and stop. Loop thread. */
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"
#include "libcommon/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include <evhtp.h>

#define QUEUE_PATIENCE (10 * GG_SECOND) /* a request that waited longer for a worker is refused */

static evhtp_t *server;
static struct gg_http_config config;
static bool draining;

/* --- replies --- */

static void add_header(evhtp_request_t *request, const char *name, const char *value)
{
    evhtp_headers_add_header(request->headers_out, evhtp_header_new(name, value, 1, 1));
}

/* What the operator hears of a request: two metrics, and a line unless it was a health check. */
static void observe(const struct gg_reply *x)
{
    double seconds = (double)(gg_mono() - x->started) / 1000;
    const char *path = x->call.route ? x->call.route->path : "none";
    char labels[240];

    snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\",status=\"%d\"", x->method, path, x->final_status);
    gg_count("http_requests_total", labels, 1);
    snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\"", x->method, path);
    gg_observe("http_request_seconds", labels, seconds);
    if (!x->call.route || strncmp(path, "/v1/", 4) == 0)
        gg_info("request", "%s %s %d in %.0f ms", x->method, path, x->final_status, seconds * 1000);
}

static void let_go(struct gg_reply *x)
{
    gg_cache_release(x);
    gg_arena_destroy(x->call.arena);
}

/* Writes the finished reply to the library's request, and lets it go. */
static void reply(struct gg_reply *x, bool paused)
{
    evhtp_request_t *request = x->request;
    char length[24];

    observe(x);
    if (!request) {
        let_go(x);
        return;
    }
    evhtp_request_unset_hook(request, evhtp_hook_on_request_fini);
    for (struct gg_out_header *h = x->headers; h; h = h->next)
        add_header(request, h->name, h->value);
    if (x->final_type)
        add_header(request, "Content-Type", x->final_type);
    if (!evhtp_header_find(request->headers_out, "Cache-Control"))
        add_header(request, "Cache-Control", "no-store");
    add_header(request, "X-Request-Id", x->call.request_id);
    if (x->final_status != 204 && x->final_status != 304) {
        snprintf(length, sizeof(length), "%zu", x->final_body.n);
        add_header(request, "Content-Length", length);
        if (!x->head)
            evbuffer_add(request->buffer_out, x->final_body.p, x->final_body.n);
    }
    if (draining) {
        add_header(request, "Connection", "close");
        evhtp_request_set_keepalive(request, 0);
    }
    evhtp_send_reply(request, (evhtp_res)x->final_status);
    if (paused)
        evhtp_request_resume(request);
    let_go(x);
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

static void refuse_for_now(struct gg_reply *x)
{
    x->continues = false;
    gg_exchange_fail(x, GG_UNAVAILABLE);
    gg_exchange_encode(x);
}

static void done(struct gg_job *job);

/* On to the next pool. What has begun is not given up for waiting. */
static void go_on(struct gg_reply *x)
{
    struct gg_worker none = {0};

    if (x->next_pool == GG_POOL_LOOP) {
        gg_log_context(x->call.request_id, x->call.trace_id);
        gg_exchange_run(x, &none);
        done(&x->job);
        gg_log_context(NULL, NULL);
        return;
    }
    x->job.pool = x->next_pool;
    x->job.deadline = 0;
    if (gg_work_submit(&x->job))
        return;
    refuse_for_now(x);
    reply(x, true);
}

/* Back on the loop: on to the next pool, into somebody's hands, or out with the reply. */
static void done(struct gg_job *job)
{
    struct gg_reply *x = (struct gg_reply *)job;
    void (*parked)(struct gg_call * call) = x->parked;

    x->parked = NULL;
    if (job->expired)
        refuse_for_now(x);
    else if (x->continues && parked) {
        parked(&x->call);
        return;
    } else if (x->continues) {
        go_on(x);
        return;
    }
    reply(x, true);
}

void gg_wake(struct gg_call *call)
{
    go_on(call->_reply);
}

bool gg_draining(void)
{
    return draining;
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
    call->if_none_match = copied_header(call->arena, request, "If-None-Match");
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

/* Routes with raw bodies read headers of their own (signatures), keyed ones proofs of step-up; they are copied for the
 * worker. */
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

/* Ends a request on the loop with a problem or a reply that needs no worker. */
static void reply_now(struct gg_reply *x)
{
    gg_exchange_encode(x);
    reply(x, false);
}

/* An upgrade: true when the connection is a socket now and the request is no more. */
static bool upgraded(struct gg_reply *x, evhtp_request_t *request)
{
    const struct gg_problem *problem = &GG_P_UNAVAILABLE;
    const char *detail = "this instance is stopping";
    struct gg_conn *conn = gg_conn_of(request->conn);

    if (gg_conn_holds(conn)) {
        problem = &GG_P_MALFORMED;
        detail = "frames came before the handshake";
    } else if (!draining && gg_ws_accept(request, config.service->ws, x->call.address, &problem, &detail)) {
        gg_conn_forget(conn); /* the hooks are gone with the ownership */
        return true;
    }
    gg_fail(&x->call, problem, "%s", detail);
    reply_now(x);
    return false;
}

/* Finds the route; without one, the reply is decided. */
static bool routed(struct gg_reply *x, evhtp_request_t *request)
{
    const char *path = request->uri->path->full, *allow = "GET, HEAD, POST, PUT, PATCH, DELETE";
    const struct gg_problem *problem = &GG_P_METHOD;
    enum gg_method method;

    if (gg_method_parse((struct gg_str){x->method, strlen(x->method)}, &method, &x->head))
        x->call.route = gg_route_find(config.service, x->call.arena, method, (struct gg_str){path, strlen(path)},
                                      x->call.params, &problem, &allow);
    if (x->call.route)
        return true;
    if (allow)
        gg_header(&x->call, "Allow", allow);
    gg_fail(&x->call, problem, "%s", allow ? "this address has other methods" : "there is nothing at this address");
    return false;
}

/* Checks and decodes what the route's tables ask for. */
static bool prepared(struct gg_reply *x, evhtp_request_t *request)
{
    size_t n = evbuffer_get_length(request->buffer_in);
    const struct gg_raw_request raw = {
        .query = gg_strdup(x->call.arena, (const char *)request->uri->query_raw),
        .authorization = find_header(request, "Authorization"),
        .idempotency_key = find_header(request, "Idempotency-Key"),
        .content_type = x->call.content_type,
        .body = {n ? gg_memdup(x->call.arena, evbuffer_pullup(request->buffer_in, -1), n) : NULL, n},
    };

    if (x->call.route->flags & (GG_RAW | GG_KEY))
        copy_headers(x, request);
    return gg_exchange_prepare(x, &raw, request->uri->path->full);
}

static void wait_for_worker(struct gg_reply *x, evhtp_request_t *request)
{
    evhtp_request_set_hook(request, evhtp_hook_on_request_fini, (evhtp_hook)(void (*)(void))request_gone, x);
    evhtp_request_pause(request);
}

static void batch_done(struct gg_reply *x, bool expired)
{
    gg_log_context(x->call.request_id, x->call.trace_id);
    if (expired)
        refuse_for_now(x);
    reply(x, true);
    gg_log_context(NULL, NULL);
}

/* Hands the call to its pool, or runs it here. */
static void dispatch(struct gg_reply *x, evhtp_request_t *request)
{
    struct gg_worker none = {0};

    if (x->call.route->batch) {
        wait_for_worker(x, request); /* first: the answer may come before gg_batch_add returns */
        if (!gg_batch_add(x, batch_done))
            batch_done(x, true);
        return;
    }

    x->job.run = run;
    x->job.done = done;
    if (x->call.route->pool == GG_POOL_LOOP) {
        gg_exchange_run(x, &none);
        if (!x->continues) {
            reply(x, false);
            return;
        }
        wait_for_worker(x, request); /* first: the reply may come at once */
        done(&x->job);
        return;
    }
    x->job.pool = x->call.route->pool;
    x->job.deadline = gg_mono() + QUEUE_PATIENCE;
    if (!gg_work_submit(&x->job)) {
        refuse_for_now(x);
        reply(x, false);
        return;
    }
    wait_for_worker(x, request);
}

/* A whole request is here. */
static void requested(evhtp_request_t *request, void *arg GG_UNUSED)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_reply *x = GG_NEW(arena, struct gg_reply);
    const struct gg_ws_class *ws = config.service->ws;

    x->started = gg_mono();
    x->request = request;
    x->method = htparser_get_methodstr_m(request->method);
    x->call.arena = x->job.arena = arena;
    x->call._reply = x;
    x->call.content_type = media_type(arena, request);
    read_context(x, request);
    gg_log_context(x->call.request_id, x->call.trace_id);
    if (ws && strcmp(request->uri->path->full, ws->path) == 0 && is_upgrade(request)) {
        if (upgraded(x, request))
            gg_arena_destroy(arena);
    } else if (!routed(x, request) || !prepared(x, request)) {
        reply_now(x);
    } else {
        dispatch(x, request);
    }
    gg_log_context(NULL, NULL);
}

/* --- start and stop --- */

static evhtp_res accepted(evhtp_connection_t *evhtp, void *arg GG_UNUSED)
{
    gg_conn_accept(evhtp);
    return EVHTP_RES_OK;
}

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
    gg_conn_init(&config);
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

void gg_http_drain(void)
{
    draining = true;
    evhtp_unbind_socket(server);
    gg_conn_close_idle();
}

bool gg_http_draining(void)
{
    return draining;
}

size_t gg_http_connections(void)
{
    if (draining)
        gg_conn_close_idle(); /* a reply that was on its way out has left by now */
    return gg_conn_count();
}

void gg_http_stop(void)
{
    gg_conn_close_all();
    gg_ws_stop();
    evhtp_free(server);
    server = NULL;
}
