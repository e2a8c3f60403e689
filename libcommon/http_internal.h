/* libcommon/http_internal.h
 * What the files of the HTTP layer share. http_gate.c judges raw bytes, http_conn.c lets them in, http_route.c finds
 * the route, http.c sees the library's requests, http_call.c a decoded call, idempotency.c its key; ws.c takes sockets
 * over. */
#ifndef LIBCOMMON_HTTP_INTERNAL_H
#define LIBCOMMON_HTTP_INTERNAL_H

#include "libcommon/combine.h"
#include "libcommon/http.h"
#include "libcommon/service.h"

#define GG_HEADER_MAX   (16 * 1024)
#define GG_HEADER_LINES 64

struct gg_http_config {
    const struct gg_service *service;
    const char *listen;         /* "127.0.0.1:8101" */
    const char *public_url;     /* Origin that sockets may come from */
    int64_t rate_factor;        /* percent */
    int64_t header_deadline_ms; /* for a whole header */
    int64_t idle_ms;            /* a kept-alive connection without a request */
    bool trust_proxy;           /* believe X-Real-IP and X-Request-Id */
};

/* --- http_gate.c: one look at the raw header --- */

struct gg_gate_header {
    struct gg_str method, path; /* path without the query */
    int64_t content_length;     /* GG_NONE: none */
    bool chunked;
};
/* Checks the header that ends (with its empty line) at `text.n`. 0 when it may pass, else the status to refuse with and
 * an English reason. Pure. */
int gg_gate_check(struct gg_str text, struct gg_gate_header *header, const char **reason);

/* Where one body ends: what the bytes behind a header are followed with. */
struct gg_gate_body {
    bool chunked, done;
    int part;        /* of a chunk */
    unsigned digits; /* of the chunk's size so far */
    size_t left;     /* bytes of the body or the chunk that are still to come */
    size_t room;     /* bytes that may still be announced */
};
/* Begins to follow the body that `header` announces, of at most `limit` bytes. */
void gg_gate_expect(struct gg_gate_body *body, const struct gg_gate_header *header, size_t limit);
/* Follows the next bytes: the first `*used` belong to the body. 0, or the status to refuse with and a reason: for
 * chunks that could be read two ways (also extensions and trailers, which nobody needs) and for too many bytes. Pure.
 */
int gg_gate_follow(struct gg_gate_body *body, struct gg_str bytes, size_t *used, const char **reason);

/* --- http_route.c --- */

/* GET, POST, PUT, PATCH, DELETE, and HEAD as a GET with `head` set; false for any other. */
bool gg_method_parse(struct gg_str name, enum gg_method *method, bool *head) GG_MUSTCHECK;
/* The route, or NULL with the problem; `allow` then lists the methods of a path that exists. Parameters live in the
 * arena. Pure. */
const struct gg_route *gg_route_find(const struct gg_service *service, struct gg_arena *arena, enum gg_method method,
                                     struct gg_str path, const char *params[4], const struct gg_problem **problem,
                                     const char **allow);
/* Bytes a body may have; `route` may be NULL. */
size_t gg_route_body_limit(const struct gg_route *route);

/* --- http_conn.c: connections behind the gate --- */

struct evhtp_connection;
struct gg_conn;
void gg_conn_init(const struct gg_http_config *config);
/* Puts the gate before the library, on a connection just accepted. */
void gg_conn_accept(struct evhtp_connection *evhtp);
struct gg_conn *gg_conn_of(struct evhtp_connection *evhtp);
/* Whether bytes came in behind the request that is being answered. */
bool gg_conn_holds(const struct gg_conn *conn);
/* Frees our side of a connection that was taken over. */
void gg_conn_forget(struct gg_conn *conn);
size_t gg_conn_count(void);
void gg_conn_close_idle(void);
void gg_conn_close_all(void);

/* --- http.c --- */

/* Starts listening; false, logged, when it cannot. */
bool gg_http_start(const struct gg_http_config *config) GG_MUSTCHECK;
/* The port it listens on (for tests that asked for port 0). */
int gg_http_port(void);
/* Stops listening, closes idle connections; those in use are closed after their reply. */
void gg_http_drain(void);
bool gg_http_draining(void);
/* Connections still open, sockets not counted. */
size_t gg_http_connections(void);
/* Closes what is left and frees everything. */
void gg_http_stop(void);

/* --- http_call.c: one exchange --- */

struct gg_kept;
struct gg_cache_entry;
struct gg_out_header {
    const char *name, *value;
    struct gg_out_header *next;
};
struct gg_reply {
    struct gg_job job;           /* first: the exchange as the pools see it */
    struct gg_combined combined; /* of a route with `batch` */
    struct gg_call call;
    void *request;      /* the library's; NULL once it is gone */
    const char *method; /* as it came, for logs */
    bool head;          /* answer without the body */
    int64_t started;
    struct gg_str key_hash; /* of path and canonical body, for GG_KEY */
    bool has_key;
    struct gg_out_header *request_headers; /* of GG_RAW routes */

    /* what the handler decided */
    const struct gg_problem *problem;
    const char *detail;
    const struct gg_field_errors *errors;
    const char *param_names[8];
    int64_t param_values[8];
    size_t n_params;
    struct gg_out_header *headers;
    gg_handler after_refusal;
    bool dry_run;             /* GG_KEY: decided and encoded, then rolled back */
    const char *content_type; /* of bytes */
    struct gg_str bytes;
    int status; /* of success */

    /* continuation */
    gg_handler next;
    enum gg_pool next_pool;
    bool continues;
    void (*parked)(struct gg_call *call); /* takes the call on the loop */
    void *kept;

    /* what it holds of a cache: reply_cache.c */
    struct gg_cache_entry *cached;
    struct gg_reply *waits_before;
    enum gg_status (*cached_load)(struct gg_call *call, struct gg_kept *kept);
    gg_handler cached_use;

    /* the finished reply */
    int final_status;
    const char *final_type;
    struct gg_str final_body;
};

/* A request as http.c hands it over: all texts live in the arena. */
struct gg_raw_request {
    const char *query; /* NULL: none */
    const char *authorization, *idempotency_key, *content_type;
    struct gg_str body;
};
/* Token, rate limit, key, query and body by the route's tables. False when the reply is a problem already. Loop. */
bool gg_exchange_prepare(struct gg_reply *x, const struct gg_raw_request *raw, const char *path) GG_MUSTCHECK;
/* Runs the handler or its continuation, with transaction and key, and encodes the reply unless it continues. */
void gg_exchange_run(struct gg_reply *x, struct gg_worker *worker);
/* Turns what was decided into final_status, final_type and final_body. */
void gg_exchange_encode(struct gg_reply *x);
/* Forgets what an attempt decided, so that the next starts clean. */
void gg_exchange_reset(struct gg_reply *x);
/* Sets the problem a status that is not GG_OK means for the caller. */
void gg_exchange_fail(struct gg_reply *x, enum gg_status status);
/* Sets up limits. Once. */
void gg_exchange_init(const struct gg_http_config *config);

/* --- reply_cache.c --- */

/* The call is over: it lets go of what it held of a cache, and those who wait for it go on. Loop. */
void gg_cache_release(struct gg_reply *x);

/* --- idempotency.c --- */

/* Runs `handler` once per (user, route, key): in one transaction with the key's row and the stored reply. */
enum gg_status gg_idempotent_run(struct gg_reply *x, gg_handler handler) GG_MUSTCHECK;
/* The same for calls of one route that are decided together. Every x is finished afterwards, whatever happened. */
void gg_idempotent_batch(struct gg_reply **xs, size_t n, struct gg_arena *arena, struct gg_worker *worker);

/* --- http_batch.c --- */

/* Lets the call wait for its batch; `done` is called once, on the loop. False when too many wait. */
bool gg_batch_add(struct gg_reply *x, void (*done)(struct gg_reply *x, bool expired)) GG_MUSTCHECK;

/* --- ws.c --- */

struct evhtp_request;
/* Takes the connection of an upgrade request over, or answers false with the problem and detail to reply with. */
bool gg_ws_accept(struct evhtp_request *request, const struct gg_ws_class *class, const char *address,
                  const struct gg_problem **problem, const char **detail) GG_MUSTCHECK;
void gg_ws_init(const char *public_url);
/* Tells every socket that the end is near, then closes it with 1001. */
void gg_ws_drain(void);
size_t gg_ws_count(void);
/* Frees what did not go by itself. */
void gg_ws_stop(void);

#endif
