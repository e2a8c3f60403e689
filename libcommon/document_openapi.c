/* libcommon/document_openapi.c
 * OpenAPI 3.1 from the table of routes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "libcommon/document_internal.h"
#include "libcommon/json_internal.h"

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457, with a stable code.\",\"properties\":{"
    "\"type\":{\"type\":\"string\",\"format\":\"uri-reference\"},"
    "\"title\":{\"type\":\"string\",\"description\":\"English\"},"
    "\"title_ko\":{\"type\":\"string\",\"description\":\"Korean, for the person in front\"},"
    "\"status\":{\"type\":\"integer\"},"
    "\"detail\":{\"type\":\"string\",\"description\":\"English, for a developer\"},"
    "\"code\":{\"type\":\"string\"},"
    "\"retryable\":{\"type\":\"boolean\",\"description\":\"the same request may succeed later\"},"
    "\"request_id\":{\"type\":\"string\"},"
    "\"errors\":{\"type\":\"array\",\"maxItems\":32,\"items\":{\"type\":\"object\",\"properties\":{"
    "\"pointer\":{\"type\":\"string\",\"description\":\"JSON Pointer, or ?name of a query parameter\"},"
    "\"code\":{\"type\":\"string\",\"enum\":[\"required\",\"type\",\"min\",\"max\",\"length\",\"format\",\"enum\","
    "\"text\",\"duplicate\",\"unknown\"]},"
    "\"detail\":{\"type\":\"string\"}},\"required\":[\"pointer\",\"code\",\"detail\"]}}},"
    "\"required\":[\"type\",\"title\",\"status\",\"code\",\"retryable\"]}";

static const char *const method_names[] = {
    [GG_GET] = "get", [GG_POST] = "post", [GG_PUT] = "put", [GG_PATCH] = "patch", [GG_DELETE] = "delete"};

/* --- paths --- */

/* Calls for each segment of a path, without slash and colon; parameters are marked. */
static const char *next_segment(const char *p, struct gg_str *segment, bool *is_param)
{
    p += *p == '/' ? 1 : 0;
    *is_param = *p == ':';
    p += *is_param ? 1 : 0;
    *segment = (struct gg_str){p, strcspn(p, "/")};
    return p + segment->n;
}

static void add_path(struct gg_buf *out, const char *path)
{
    struct gg_buf text;
    gg_buf_init(&text, 1024);
    for (const char *p = path; *p != '\0';) {
        struct gg_str segment;
        bool is_param;
        p = next_segment(p, &segment, &is_param);
        gg_buf_addf(&text, is_param ? "/{%.*s}" : "/%.*s", (int)segment.n, segment.p);
    }
    doc_key(out, text.p);
    gg_buf_free(&text);
}

/* "postDealDealsByIdShares": stable as long as method and path are. */
static void add_operation_id(struct gg_buf *out, const struct gg_route *route)
{
    doc_key(out, "operationId");
    gg_buf_addf(out, "\"%s", method_names[route->method]);
    for (const char *p = route->path; *p != '\0';) {
        struct gg_str segment;
        bool is_param, is_start = true;
        p = next_segment(p, &segment, &is_param);
        if (segment.n == 2 && memcmp(segment.p, "v1", 2) == 0)
            continue;
        gg_buf_adds(out, is_param ? "By" : "");
        for (size_t i = 0; i < segment.n; i++) {
            unsigned char c = (unsigned char)segment.p[i];
            if (isalnum(c))
                gg_buf_addc(out, (char)(is_start ? toupper(c) : c));
            is_start = !isalnum(c);
        }
    }
    gg_buf_addc(out, '"');
}

/* --- parameters and bodies --- */

static void add_path_parameters(struct gg_buf *out, const char *path)
{
    for (const char *p = path; *p != '\0';) {
        struct gg_str segment;
        bool is_param;
        p = next_segment(p, &segment, &is_param);
        if (!is_param)
            continue;
        doc_raw(out, "{\"name\":\"");
        gg_buf_add(out, segment.p, segment.n);
        gg_buf_adds(out, "\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}");
    }
}

static void add_query_parameters(struct gg_buf *out, const struct gg_msg *query)
{
    for (size_t i = 0; query != NULL && i < query->n; i++) {
        const struct gg_field *f = &query->fields[i];
        doc_raw(out, "{");
        doc_member(out, "name", f->name);
        doc_member(out, "in", "query");
        doc_key(out, "required");
        gg_buf_adds(out, (f->flags & GG_REQUIRED) != 0 ? "true" : "false");
        if (f->doc != NULL)
            doc_member(out, "description", f->doc);
        doc_key(out, "schema");
        json_field_schema(out, f, DOC_SCHEMAS);
        doc_raw(out, "}");
    }
}

static void add_parameters(struct gg_buf *out, const struct gg_route *route)
{
    bool key = (route->flags & GG_KEY) != 0;
    if (strchr(route->path, ':') == NULL && route->query == NULL && !key)
        return;
    doc_key(out, "parameters");
    doc_raw(out, "[");
    add_path_parameters(out, route->path);
    add_query_parameters(out, route->query);
    if (key)
        doc_raw(out, "{\"$ref\":\"#/components/parameters/IdempotencyKey\"}");
    doc_raw(out, "]");
}

static void add_content(struct gg_buf *out, const char *type, const struct gg_msg *msg)
{
    doc_key(out, "content");
    doc_raw(out, "{");
    doc_key(out, type);
    doc_raw(out, "{");
    if (msg != NULL)
        doc_reference(out, "schema", DOC_SCHEMAS, msg->name);
    gg_buf_adds(out, "}}");
}

static void add_body(struct gg_buf *out, const struct gg_route *route)
{
    bool raw = (route->flags & GG_RAW) != 0;
    if (route->in == NULL && !raw)
        return;
    doc_key(out, "requestBody");
    gg_buf_addc(out, '{');
    if (raw) {
        doc_key(out, "description");
        gg_buf_addf(out, "\"Raw bytes, at most %zu.\"", route->max_body);
    }
    doc_key(out, "required");
    gg_buf_adds(out, "true");
    add_content(out, raw ? "*/*" : "application/json", raw ? NULL : route->in);
    gg_buf_addc(out, '}');
}

/* --- replies --- */

struct replies {
    const struct gg_problem *v[64];
    size_t n;
};

/* Keeps them in order of status; among equals, in order of arrival. */
static void expect(struct replies *replies, const struct gg_problem *problem)
{
    size_t at = replies->n;
    for (size_t i = 0; i < replies->n; i++) {
        if (replies->v[i] == problem)
            return;
        if (at == replies->n && replies->v[i]->status > problem->status)
            at = i;
    }
    if (replies->n == GG_LEN(replies->v))
        return;
    memmove(&replies->v[at + 1], &replies->v[at], (replies->n - at) * sizeof(replies->v[0]));
    replies->v[at] = problem;
    replies->n++;
}

/* What the HTTP layer may answer in front of the handler follows from the route's own table. */
static void expect_shared(struct replies *replies, const struct gg_route *route)
{
    bool body = route->in != NULL || (route->flags & GG_RAW) != 0;
    if (route->in != NULL || route->query != NULL) {
        expect(replies, &GG_P_MALFORMED);
        expect(replies, &GG_P_INVALID);
    }
    if (body) {
        expect(replies, &GG_P_TOO_LARGE);
        expect(replies, &GG_P_MEDIA_TYPE);
    }
    if (route->auth != GG_PUBLIC) {
        expect(replies, &GG_P_UNAUTHENTICATED);
        expect(replies, &GG_P_SESSION_ENDED);
    }
    if (route->auth == GG_ADMIN)
        expect(replies, &GG_P_FORBIDDEN);
    if (strchr(route->path, ':') != NULL)
        expect(replies, &GG_P_NOT_FOUND);
    if ((route->flags & GG_KEY) != 0) {
        expect(replies, &GG_P_KEY_MISSING);
        expect(replies, &GG_P_KEY_REUSED);
        expect(replies, &GG_P_IN_PROGRESS);
    }
    expect(replies, &GG_P_RATE);
    expect(replies, &GG_P_INTERNAL);
    expect(replies, &GG_P_UNAVAILABLE);
}

/* One reply for all problems of a status: `v[0..n)`. */
static void add_problem_reply(struct gg_buf *out, const struct gg_problem *const *v, size_t n)
{
    struct gg_buf description;
    gg_buf_init(&description, GG_JSON_MAX);
    for (size_t i = 0; i < n; i++)
        gg_buf_addf(&description, "%s`%s`: %s", i == 0 ? "" : " ", v[i]->code, v[i]->title);
    gg_buf_addf(out, ",\"%d\":{", v[0]->status);
    doc_member(out, "description", description.p);
    gg_buf_free(&description);
    if (v[0]->status == 429 || v[0]->status == 503) {
        doc_key(out, "headers");
        doc_raw(out, "{\"Retry-After\":{\"description\":\"seconds\",\"schema\":{\"type\":\"integer\"}}}");
    }
    doc_key(out, "content");
    doc_raw(out, "{\"application/problem+json\":{\"schema\":{\"$ref\":\"" DOC_SCHEMAS "Problem\"}}}");
    doc_key(out, "x-codes");
    doc_raw(out, "[");
    for (size_t i = 0; i < n; i++)
        doc_text(out, v[i]->code);
    gg_buf_adds(out, "]}");
}

static const char *success_text(int status)
{
    switch (status) {
    case 201:
        return "Made.";
    case 202:
        return "Accepted; it is done later.";
    case 204:
        return "Done; there is nothing to say.";
    case 303:
        return "See the address in Location.";
    default:
        return "Done.";
    }
}

static void add_replies(struct gg_buf *out, const struct gg_route *route)
{
    doc_key(out, "responses");
    gg_buf_addf(out, "{\"%d\":{", route->status);
    doc_member(out, "description", success_text(route->status));
    if ((route->flags & GG_KEY) != 0) {
        doc_key(out, "headers");
        doc_raw(out, "{\"Idempotency-Replayed\":{\"description\":\"the reply of an earlier request with this key\","
                     "\"schema\":{\"const\":\"true\"}}}");
    }
    if (route->out != NULL)
        add_content(out, "application/json", route->out);
    else if (route->status == 200 || route->status == 201)
        add_content(out, "*/*", NULL);
    gg_buf_addc(out, '}');
    struct replies replies = {.n = 0};
    expect_shared(&replies, route);
    for (const struct gg_problem *const *p = route->problems; p != NULL && *p != NULL; p++)
        expect(&replies, *p);
    for (size_t i = 0, n; i < replies.n; i += n) {
        for (n = 1; i + n < replies.n && replies.v[i + n]->status == replies.v[i]->status;)
            n++;
        add_problem_reply(out, &replies.v[i], n);
    }
    gg_buf_addc(out, '}');
}

/* --- the document --- */

static void add_operation(struct gg_buf *out, const struct gg_service *service, const struct gg_route *route)
{
    static const char *const security[] = {[GG_PUBLIC] = "[]",
                                           [GG_OPTIONAL_USER] = "[{},{\"bearer\":[]}]",
                                           [GG_USER] = "[{\"bearer\":[]}]",
                                           [GG_ADMIN] = "[{\"bearer\":[\"admin\"]}]"};
    doc_key(out, method_names[route->method]);
    gg_buf_addc(out, '{');
    add_operation_id(out, route);
    doc_key(out, "tags");
    gg_buf_addf(out, "[\"%s\"]", service->name);
    doc_member(out, "summary", route->summary == NULL ? "" : route->summary);
    doc_key(out, "security");
    gg_buf_adds(out, security[route->auth]);
    add_parameters(out, route);
    add_body(out, route);
    add_replies(out, route);
    gg_buf_addc(out, '}');
}

/* Paths in order of the table; all methods of a path stand where its first one does. */
static void add_paths(struct gg_buf *out, const struct gg_service *service)
{
    for (size_t i = 0; i < service->n_routes; i++) {
        const char *path = service->routes[i].path;
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || strcmp(service->routes[j].path, path) == 0;
        if (seen)
            continue;
        add_path(out, path);
        gg_buf_addc(out, '{');
        for (size_t j = i; j < service->n_routes; j++) {
            if (strcmp(service->routes[j].path, path) == 0)
                add_operation(out, service, &service->routes[j]);
        }
        gg_buf_addc(out, '}');
    }
}

static void add_components(struct gg_buf *out, const struct gg_service *service)
{
    struct doc_messages messages = {.n = 0};
    for (size_t i = 0; i < service->n_routes; i++) {
        doc_collect(&messages, service->routes[i].in);
        doc_collect(&messages, service->routes[i].out);
    }
    gg_buf_adds(out, "{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\","
                     "\"bearerFormat\":\"JWT\"}},\"parameters\":{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\","
                     "\"in\":\"header\",\"required\":true,\"description\":\"a UUID made by the client; the same key "
                     "with the same body has one effect and one reply\",\"schema\":{\"type\":\"string\","
                     "\"format\":\"uuid\"}}},\"schemas\":{");
    doc_key(out, "Problem");
    gg_buf_adds(out, problem_schema);
    doc_schemas(out, &messages, DOC_SCHEMAS);
    gg_buf_adds(out, "}}");
}

void gg_document_openapi(const struct gg_service *service, struct gg_buf *out)
{
    struct gg_buf json;
    gg_buf_init(&json, GG_DOCUMENT_MAX);
    gg_buf_adds(&json, "{\"openapi\":\"3.1.0\",\"info\":{");
    doc_member(&json, "title", service->title);
    doc_member(&json, "version", "1");
    doc_member(
        &json, "description",
        "Printed by the service from its own tables. Any request may also be refused with 405, 408, 431 or 501.");
    gg_buf_addc(&json, '}');
    doc_key(&json, "paths");
    gg_buf_addc(&json, '{');
    add_paths(&json, service);
    gg_buf_addc(&json, '}');
    doc_key(&json, "components");
    add_components(&json, service);
    gg_buf_addc(&json, '}');
    doc_finish(out, &json);
}
