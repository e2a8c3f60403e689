/* libcommon/http.h
 * The HTTP server: a table of routes, decoded input, encoded output, limits, tokens, idempotency, problem replies.
 * Handlers see a struct gg_call and nothing of the library below. */
#ifndef LIBCOMMON_HTTP_H
#define LIBCOMMON_HTTP_H

#include "libcommon/json.h"
#include "libcommon/work.h"

enum gg_method { GG_GET, GG_POST, GG_PUT, GG_PATCH, GG_DELETE };

enum gg_auth {
    GG_PUBLIC,        /* no token is looked at */
    GG_OPTIONAL_USER, /* a valid token fills call->user, none leaves it zero, a bad one is 401 */
    GG_USER,          /* a valid token is required */
    GG_ADMIN          /* the token of an admin is required; 403 for everybody else */
};

#define GG_TX  1u /* the handler runs inside one transaction (DB or OUT pool), re-run when it lost a race */
#define GG_KEY 2u /* Idempotency-Key required; implies GG_TX: key row, effect and reply commit together */
#define GG_RAW 4u /* the body is bytes (call->body), not JSON */

/* A neighbourhood the user has proved to be in. */
#define GG_AREAS_MAX 2
struct gg_area {
    int64_t code;      /* of the legal dong; 0: none */
    int64_t proved_at; /* ms, to the second: how old the proof is, is for the reader to judge */
};

/* Who is asking, from the verified token. */
struct gg_user {
    struct gg_id id; /* zero: nobody */
    struct gg_id session;
    int64_t session_version;
    int64_t expires; /* ms */
    bool admin;
    struct gg_area areas[GG_AREAS_MAX]; /* newest proof first; past their 30 days they are left out */
};

struct gg_call;
/* Answers GG_OK when the reply is decided (call->out filled, or gg_fail called); any other status when the store or the
 * outside failed: GG_RETRY re-runs a GG_TX handler, GG_UNAVAILABLE becomes 503 with Retry-After, the rest 500. */
typedef enum gg_status (*gg_handler)(struct gg_call *call);

/* Decides calls[0..n) (at most GG_BATCH_MAX, in the order they came) in one transaction: each gets its `out` filled or
 * is refused with gg_fail; what is refused must have written nothing, since the others commit (so no gg_after_refusal).
 * Any status but GG_OK rolls all back; GG_RETRY runs the batch again, other failures run its calls one by one. What the
 * batch shares lives in calls[0]'s arena. */
typedef enum gg_status (*gg_batch_handler)(struct gg_call **calls, size_t n);
#define GG_BATCH_MAX 128

struct gg_route {
    enum gg_method method;
    const char *path; /* "/v1/deal/deals/:id/shares": exact segments, `:name` matches one segment */
    enum gg_auth auth;
    unsigned flags;
    enum gg_pool pool;
    const struct gg_msg *query; /* NULL: query ignored */
    const struct gg_msg *in;    /* JSON body; NULL: none (or GG_RAW) */
    const struct gg_msg *out;   /* JSON reply; NULL: 204, or what gg_reply_bytes gave */
    int status;                 /* of success: 200, 201, 202, 204 */
    size_t max_body;            /* bytes; 0: 64 KiB (a route without a body ignores what comes) */
    int64_t rate;               /* requests per minute and caller (user, else address); 0: 600 */
    gg_handler handle;
    gg_batch_handler batch; /* instead of `handle`, with GG_KEY: calls with the same first path parameter (none: all of
                               the route) wait for each other and commit together */
    const char *summary;    /* one English line for OpenAPI */
    const struct gg_problem *const *problems; /* own problems it may answer, NULL-terminated; may be NULL */
};

/* One request on its way. Owned by the HTTP layer; the handler's until it returns. */
struct gg_call {
    struct gg_arena *arena; /* lives until the reply is written and after-commit calls have run */
    const struct gg_route *route;
    struct gg_user user;
    const void *in;           /* struct of route->in */
    const void *query;        /* struct of route->query */
    void *out;                /* struct of route->out, initialised by gg_msg_init before each run */
    struct gg_str body;       /* raw bytes */
    const char *content_type; /* lower case, without parameters; "" when none */
    const char *address;      /* of the client, as the trusted proxy says */
    const char *user_agent;
    const char *request_id, *trace_id, *traceparent;
    const char *if_match, *if_none_match; /* NULL when absent */
    const char *cookies;                  /* NULL when absent */
    const char *origin;                   /* NULL when absent */
    struct gg_id idempotency_key;
    struct gg_db *db;       /* of the worker; NULL on loop and cpu */
    struct gg_redis *redis; /* likewise */
    const char *params[4];  /* percent-decoded path parameters in order */
    struct gg_reply *_reply;
};

/* Path parameter `index` as an id. When it is none, answers 404 and false: `if (!gg_param_id(...)) return GG_OK;` */
bool gg_param_id(struct gg_call *call, size_t index, struct gg_id *id) GG_MUSTCHECK;

/* Ends the call with a problem; `detail` is an English sentence (format). Returns GG_OK so that a handler can write
 * `return gg_fail(...)`. A GG_TX effect is rolled back; with GG_KEY the refusal itself is remembered. */
enum gg_status gg_fail(struct gg_call *call, const struct gg_problem *problem, const char *format, ...) GG_PRINTF(3, 4);
/* The same for input that passed its table but is wrong in context: 422 with one error. */
enum gg_status gg_fail_field(struct gg_call *call, const char *pointer, const char *code, const char *format, ...)
    GG_PRINTF(4, 5);
/* After gg_fail in a GG_KEY handler: `work` still runs in the transaction, once the refused effect is undone; for what
 * a refusal itself must leave behind (a counted wrong code). Returns GG_OK. */
enum gg_status gg_after_refusal(struct gg_call *call, gg_handler work);
/* In a GG_KEY handler (not `batch`): the reply is decided and sent as ever, but the transaction is rolled back, key
 * row, events and all; what gg_after_refusal was given does not run. The handler itself must ask nobody outside. With a
 * key that has an outcome already, that is the answer: it is what the request would get. */
void gg_dry_run(struct gg_call *call);
/* Adds a whole-number member to the problem reply (`available`, `held`); call after gg_fail. */
void gg_fail_param(struct gg_call *call, const char *name, int64_t value);
/* True once gg_fail was called. */
bool gg_failed(const struct gg_call *call);

/* Adds a reply header; copied; control characters end the process (a defect of ours). */
void gg_header(struct gg_call *call, const char *name, const char *value);
/* A strong ETag for version `n`, and whether If-Match allows it (absent: true). On mismatch answers 412 and false. */
void gg_etag(struct gg_call *call, int64_t version);
bool gg_if_match(struct gg_call *call, int64_t version) GG_MUSTCHECK;
/* Replies these bytes (copied) instead of `out`. */
void gg_reply_bytes(struct gg_call *call, const char *content_type, struct gg_str bytes);
/* Changes the success status (303 with Location, 200 instead of 201 ...). */
void gg_reply_status(struct gg_call *call, int status);
/* Value of a request header (name in either case), or NULL. */
const char *gg_request_header(struct gg_call *call, const char *name);
/* Value of a cookie in the arena, or NULL. */
const char *gg_cookie(struct gg_call *call, const char *name);

/* Runs `route->handle` work in a transaction from a handler without GG_TX that must do something slow first or after
 * (outbound HTTP, argon2). Same retry rules. */
enum gg_status gg_call_tx(struct gg_call *call, gg_handler work) GG_MUSTCHECK;
/* From a handler on the loop or the CPU pool: continue this call on another pool with `next`. Return its result. */
enum gg_status gg_continue(struct gg_call *call, enum gg_pool pool, gg_handler next);
/* From a handler on a pool: the call leaves its worker and waits on the loop, where `parked` gets it; gg_wake sends it
 * on to `pool` with `next`. Whoever parks calls keeps a list of them and wakes each once, also when time is up and when
 * gg_draining(). Return its result. */
enum gg_status gg_park(struct gg_call *call, void (*parked)(struct gg_call *call), enum gg_pool pool, gg_handler next);
/* Loop thread. The call is not the caller's any more. */
void gg_wake(struct gg_call *call);
/* True once the process is stopping. Loop thread. */
bool gg_draining(void);
/* What a handler left for its continuation. */
void gg_call_keep(struct gg_call *call, void *state);
void *gg_call_kept(const struct gg_call *call);

/* --- lists: keyset pages --- */

/* The query message of every list: struct gg_page {limit, cursor}; embed its fields first in own query structs. */
struct gg_page {
    int64_t limit;      /* GG_NONE: 20 */
    const char *cursor; /* opaque */
};
#define GG_PAGE_FIELDS(s)                                                                                              \
    {                                                                                                                  \
        "limit", GG_T_INT, offsetof(s, page.limit),         GG_OPTIONAL, 1, 100, 0,                                    \
        NULL,    NULL,     "items on this page, default 20"},                                                          \
    {                                                                                                                  \
        "cursor", GG_T_TEXT, offsetof(s, page.cursor), GG_OPTIONAL, 1, 200, 0, NULL, NULL, "`next` of the page before" \
    }
/* Limit with its default. */
int64_t gg_page_limit(const struct gg_page *page);
/* An opaque cursor from up to four whole numbers and an id, and back. Decoding fails with 422 and false. */
char *gg_cursor_encode(struct gg_arena *arena, const int64_t *keys, size_t n, struct gg_id id);
bool gg_cursor_decode(struct gg_call *call, const char *cursor, int64_t *keys, size_t n, struct gg_id *id) GG_MUSTCHECK;

#endif
