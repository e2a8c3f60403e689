/* libcommon/http_call.c
 * One call: from raw texts to decoded structs, through the handler, to an encoded reply. */
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_internal.h"
#include "libcommon/jwt.h"
#include "libcommon/log.h"
#include "libcommon/ratelimit.h"
#include "libcommon/session.h"
#include "libcommon/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define RETRY_AFTER_S  "2"
#define DEFAULT_RATE   600
#define REMEMBERED_MAX 50000

static struct gg_ratelimit *limits; /* loop thread */

void gg_exchange_init(const struct gg_http_config *config)
{
    gg_ratelimit_destroy(limits);
    limits = gg_ratelimit_create(REMEMBERED_MAX, config->rate_factor);
}

/* --- what handlers call --- */

bool gg_failed(const struct gg_call *call)
{
    return call->_reply->problem != NULL;
}

enum gg_status gg_fail(struct gg_call *call, const struct gg_problem *problem, const char *format, ...)
{
    char detail[512];
    va_list args;

    va_start(args, format);
    vsnprintf(detail, sizeof(detail), format, args);
    va_end(args);
    call->_reply->problem = problem;
    call->_reply->detail = detail[0] ? gg_strdup(call->arena, detail) : NULL;
    return GG_OK;
}

enum gg_status gg_fail_field(struct gg_call *call, const char *pointer, const char *code, const char *format, ...)
{
    struct gg_field_errors *errors = GG_NEW(call->arena, struct gg_field_errors);
    char detail[512];
    va_list args;

    va_start(args, format);
    vsnprintf(detail, sizeof(detail), format, args);
    va_end(args);
    errors->arena = call->arena;
    gg_field_error(errors, pointer, code, "%s", detail);
    call->_reply->errors = errors;
    return gg_fail(call, &GG_P_INVALID, "%s: %s", pointer, detail);
}

enum gg_status gg_after_refusal(struct gg_call *call, gg_handler work)
{
    call->_reply->after_refusal = work;
    return GG_OK;
}

void gg_fail_param(struct gg_call *call, const char *name, int64_t value)
{
    struct gg_reply *x = call->_reply;

    if (x->n_params < GG_LEN(x->param_names)) {
        x->param_names[x->n_params] = name;
        x->param_values[x->n_params++] = value;
    }
}

bool gg_param_id(struct gg_call *call, size_t index, struct gg_id *id)
{
    const char *text = call->params[index];

    if (gg_id_parse((struct gg_str){text, strlen(text)}, id))
        return true;
    gg_fail(call, &GG_P_NOT_FOUND, "the address names no such thing");
    return false;
}

void gg_header(struct gg_call *call, const char *name, const char *value)
{
    struct gg_out_header *header = GG_NEW(call->arena, struct gg_out_header);

    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            gg_fatal("http_header", "header %s would hold a control character", name);
    header->name = gg_strdup(call->arena, name);
    header->value = gg_strdup(call->arena, value);
    header->next = call->_reply->headers;
    call->_reply->headers = header;
}

void gg_etag(struct gg_call *call, int64_t version)
{
    gg_header(call, "ETag", gg_sprintf(call->arena, "\"%" PRId64 "\"", version));
}

bool gg_if_match(struct gg_call *call, int64_t version)
{
    if (!call->if_match || strcmp(call->if_match, "*") == 0 ||
        strcmp(call->if_match, gg_sprintf(call->arena, "\"%" PRId64 "\"", version)) == 0)
        return true;
    gg_fail(call, &GG_P_STALE, "it has changed since you saw it");
    return false;
}

void gg_reply_bytes(struct gg_call *call, const char *content_type, struct gg_str bytes)
{
    call->_reply->content_type = gg_strdup(call->arena, content_type);
    call->_reply->bytes = (struct gg_str){gg_memdup(call->arena, bytes.p, bytes.n), bytes.n};
}

void gg_reply_status(struct gg_call *call, int status)
{
    call->_reply->status = status;
}

const char *gg_request_header(struct gg_call *call, const char *name)
{
    for (const struct gg_out_header *h = call->_reply->request_headers; h; h = h->next)
        if (strcasecmp(h->name, name) == 0)
            return h->value;
    return NULL;
}

const char *gg_cookie(struct gg_call *call, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = call->cookies; p && *p;) {
        size_t length = strcspn(p, ";");
        if (length > n && strncmp(p, name, n) == 0 && p[n] == '=')
            return gg_strndup(call->arena, p + n + 1, length - n - 1);
        p += length;
        p += strspn(p, "; ");
    }
    return NULL;
}

void gg_dry_run(struct gg_call *call)
{
    call->_reply->dry_run = true;
}

void gg_call_keep(struct gg_call *call, void *state)
{
    call->_reply->kept = state;
}

void *gg_call_kept(const struct gg_call *call)
{
    return call->_reply->kept;
}

enum gg_status gg_continue(struct gg_call *call, enum gg_pool pool, gg_handler next)
{
    call->_reply->next = next;
    call->_reply->next_pool = pool;
    call->_reply->continues = true;
    return GG_OK;
}

enum gg_status gg_park(struct gg_call *call, void (*parked)(struct gg_call *call), enum gg_pool pool, gg_handler next)
{
    call->_reply->parked = parked;
    return gg_continue(call, pool, next);
}

/* --- transactions --- */

void gg_exchange_reset(struct gg_reply *x)
{
    x->problem = NULL;
    x->detail = NULL;
    x->errors = NULL;
    x->n_params = 0;
    x->headers = NULL;
    x->after_refusal = NULL;
    x->dry_run = false;
    x->content_type = NULL;
    x->bytes = (struct gg_str){0};
    x->status = x->call.route->status;
    if (x->call.route->out)
        gg_msg_init(x->call.route->out, x->call.out);
}

struct attempt {
    struct gg_call *call;
    gg_handler work;
};

/* A refusal must leave nothing behind; any status but GG_OK rolls back, and this one is not logged. */
static enum gg_status attempt(struct gg_db *db GG_UNUSED, void *arg)
{
    struct attempt *a = arg;

    gg_exchange_reset(a->call->_reply);
    GG_TRY(a->work(a->call));
    return gg_failed(a->call) ? GG_NOT_FOUND : GG_OK;
}

enum gg_status gg_call_tx(struct gg_call *call, gg_handler work)
{
    struct attempt a = {call, work};
    enum gg_status status = gg_db_tx(call->db, attempt, &a);

    return gg_failed(call) && status == GG_NOT_FOUND ? GG_OK : status;
}

/* --- the run --- */

void gg_exchange_fail(struct gg_reply *x, enum gg_status status)
{
    gg_exchange_reset(x);
    if (status == GG_UNAVAILABLE || status == GG_RETRY) {
        gg_header(&x->call, "Retry-After", RETRY_AFTER_S);
        gg_fail(&x->call, &GG_P_UNAVAILABLE, "try again in a moment");
        return;
    }
    gg_error("request_failed", "%s ended with status %s", x->call.route->path, gg_status_name(status));
    gg_fail(&x->call, &GG_P_INTERNAL, "this is our fault; it has been logged");
}

void gg_exchange_encode(struct gg_reply *x)
{
    const struct gg_route *route = x->call.route;
    struct gg_buf out;

    if (!x->problem && x->content_type) {
        x->final_status = x->status;
        x->final_type = x->content_type;
        x->final_body = x->bytes;
        return;
    }
    if (!x->problem && (!route->out || x->status == 204 || x->status == 304)) {
        x->final_status = x->status;
        x->final_type = NULL;
        x->final_body = (struct gg_str){0};
        return;
    }
    gg_buf_init(&out, GG_JSON_OUT_MAX);
    if (x->problem) {
        x->final_status = x->problem->status;
        x->final_type = "application/problem+json";
        gg_problem_print(&out, x->problem, x->detail, x->call.request_id, x->errors, x->param_names, x->param_values,
                         x->n_params);
    } else {
        x->final_status = x->status;
        x->final_type = "application/json";
        gg_json_encode(&out, route->out, x->call.out);
    }
    x->final_body = (struct gg_str){gg_strndup(x->call.arena, out.p, out.n), out.n};
    gg_buf_free(&out);
}

void gg_exchange_run(struct gg_reply *x, struct gg_worker *worker)
{
    const struct gg_route *route = x->call.route;
    gg_handler handler = x->continues ? x->next : route->handle;
    bool first = !x->continues;
    enum gg_status status;

    x->continues = false;
    x->call.db = worker->db;
    x->call.redis = worker->redis;
    gg_bus_trace(x->call.traceparent);
    if (first)
        gg_exchange_reset(x);
    if (first && (route->flags & GG_KEY))
        status = gg_idempotent_run(x, handler);
    else if (first && (route->flags & GG_TX))
        status = gg_call_tx(&x->call, handler);
    else
        status = handler(&x->call);
    gg_bus_trace(NULL);
    if (status == GG_OK && x->continues)
        return;
    x->continues = false;
    if (status != GG_OK)
        gg_exchange_fail(x, status);
    if (!x->final_body.p || status != GG_OK) /* a replayed reply is finished already */
        gg_exchange_encode(x);
}

/* --- before the run: token, limit, key, query, body --- */

static bool read_token(struct gg_reply *x, const char *authorization)
{
    struct gg_call *call = &x->call;
    const char *token, *reason;

    if (call->route->auth == GG_PUBLIC || (call->route->auth == GG_OPTIONAL_USER && !authorization))
        return true;
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0) {
        gg_header(call, "WWW-Authenticate", "Bearer");
        gg_fail(call, &GG_P_UNAUTHENTICATED, "Authorization: Bearer <access token> is needed");
        return false;
    }
    token = authorization + 7;
    reason = gg_verify((struct gg_str){token, strlen(token)}, &call->user);
    if (reason) {
        gg_header(call, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        gg_fail(call, &GG_P_UNAUTHENTICATED, "%s", reason);
        return false;
    }
    if (!gg_session_alive(&call->user)) {
        gg_header(call, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        gg_fail(call, &GG_P_SESSION_ENDED, "log in again");
        return false;
    }
    if (call->route->auth == GG_ADMIN && !call->user.admin) {
        gg_fail(call, &GG_P_FORBIDDEN, "this is for admins");
        return false;
    }
    return true;
}

static bool within_rate(struct gg_reply *x)
{
    const struct gg_route *route = x->call.route;
    char id[GG_ID_TEXT], key[128];
    int64_t wait;
    int n;

    gg_id_format(x->call.user.id, id);
    n = snprintf(key, sizeof(key), "%p|%s", (const void *)route, gg_id_is_zero(x->call.user.id) ? x->call.address : id);
    wait = gg_ratelimit_take(limits, (struct gg_str){key, (size_t)n}, route->rate ? route->rate : DEFAULT_RATE);
    if (wait == 0)
        return true;
    gg_header(&x->call, "Retry-After", gg_sprintf(x->call.arena, "%" PRId64, (wait + 999) / 1000));
    gg_fail(&x->call, &GG_P_RATE, "wait a moment");
    return false;
}

/* The problem of bad input, with every error there is. */
static bool bad_input(struct gg_reply *x, enum gg_decoded decoded, const struct gg_field_errors *errors)
{
    if (decoded == GG_DECODED)
        return false;
    x->errors = errors;
    if (decoded == GG_DECODE_MALFORMED)
        gg_fail(&x->call, &GG_P_MALFORMED, "%s", errors->n ? errors->v[0].detail : "the input cannot be read");
    else
        gg_fail(&x->call, &GG_P_INVALID, "%zu field%s of the input cannot be taken", errors->n,
                errors->n == 1 ? "" : "s");
    return true;
}

static bool read_query(struct gg_reply *x, const char *query)
{
    const struct gg_msg *msg = x->call.route->query;
    struct gg_field_errors *errors = GG_NEW(x->call.arena, struct gg_field_errors);
    void *out;

    if (!msg)
        return true;
    errors->arena = x->call.arena;
    out = gg_alloc(x->call.arena, msg->size);
    x->call.query = out;
    return !bad_input(x,
                      gg_query_decode(x->call.arena, msg,
                                      (struct gg_str){query ? query : "", query ? strlen(query) : 0}, out, errors),
                      errors);
}

static bool read_body(struct gg_reply *x, const struct gg_raw_request *raw)
{
    const struct gg_route *route = x->call.route;
    struct gg_field_errors *errors;
    void *in;

    x->call.body = raw->body;
    if ((route->flags & GG_RAW) || !route->in)
        return true;
    if (strcmp(raw->content_type, "application/json") != 0) {
        gg_fail(&x->call, &GG_P_MEDIA_TYPE, "Content-Type must be application/json");
        return false;
    }
    errors = GG_NEW(x->call.arena, struct gg_field_errors);
    errors->arena = x->call.arena;
    in = gg_alloc(x->call.arena, route->in->size);
    x->call.in = in;
    return !bad_input(x, gg_json_decode(x->call.arena, route->in, raw->body, in, errors), errors);
}

/* What the key stands for: path and body, in canonical form so that spelling does not matter. */
static void hash_request(struct gg_reply *x, const char *path)
{
    const struct gg_route *route = x->call.route;
    uint8_t *hash = gg_alloc(x->call.arena, GG_SHA256);
    struct gg_buf text;

    gg_buf_init(&text, GG_JSON_OUT_MAX + GG_HEADER_MAX);
    gg_buf_addf(&text, "%s\n", path);
    if (route->in)
        gg_json_encode(&text, route->in, x->call.in);
    else
        gg_buf_add(&text, x->call.body.p, x->call.body.n);
    gg_sha256(gg_buf_str(&text), hash);
    gg_buf_free(&text);
    x->key_hash = (struct gg_str){(const char *)hash, GG_SHA256};
}

static bool read_key(struct gg_reply *x, const char *key, const char *path)
{
    if (!(x->call.route->flags & GG_KEY))
        return true;
    if (!key || !gg_id_parse((struct gg_str){key, strlen(key)}, &x->call.idempotency_key)) {
        gg_fail(&x->call, &GG_P_KEY_MISSING, "send Idempotency-Key: <a new UUID>, the same one when you try again");
        return false;
    }
    hash_request(x, path);
    return true;
}

bool gg_exchange_prepare(struct gg_reply *x, const struct gg_raw_request *raw, const char *path)
{
    struct gg_call *call = &x->call;

    if (call->route->out)
        call->out = gg_alloc(call->arena, call->route->out->size);
    return read_token(x, raw->authorization) && within_rate(x) && read_query(x, raw->query) && read_body(x, raw) &&
           read_key(x, raw->idempotency_key, path);
}

/* --- pages --- */

#define CURSOR_KEYS 4

int64_t gg_page_limit(const struct gg_page *page)
{
    return page->limit == GG_NONE ? 20 : page->limit;
}

char *gg_cursor_encode(struct gg_arena *arena, const int64_t *keys, size_t n, struct gg_id id)
{
    uint8_t bytes[CURSOR_KEYS * 8 + 16];

    if (n > CURSOR_KEYS)
        gg_fatal("cursor", "a cursor has at most %d keys", CURSOR_KEYS);
    memcpy(bytes, keys, n * 8);
    memcpy(bytes + n * 8, id.b, 16);
    return gg_base64url(arena, bytes, n * 8 + 16);
}

bool gg_cursor_decode(struct gg_call *call, const char *cursor, int64_t *keys, size_t n, struct gg_id *id)
{
    struct gg_str bytes;

    if (!gg_base64url_decode(call->arena, (struct gg_str){cursor, strlen(cursor)}, &bytes) || bytes.n != n * 8 + 16) {
        gg_fail_field(call, "?cursor", "format", "this is no cursor of this list");
        return false;
    }
    memcpy(keys, bytes.p, n * 8);
    memcpy(id->b, bytes.p + n * 8, 16);
    return true;
}
