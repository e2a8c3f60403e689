/* libcommon/http_client.h
 * Outbound HTTP by libcurl. Blocks: OUT pool only. No redirects, bounded reply, time-outs on everything. */
#ifndef LIBCOMMON_HTTP_CLIENT_H
#define LIBCOMMON_HTTP_CLIENT_H

#include "libcommon/mem.h"

struct gg_http_request {
    const char *method; /* "GET", "POST", ... */
    const char *url;
    const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
    struct gg_str body;
    const char *basic_user; /* HTTP Basic with this user; NULL: none */
    const char *basic_password;
    int64_t timeout_ms;  /* of the whole exchange; 0: 10 s */
    size_t max_reply;    /* bytes; 0: 64 KiB */
    bool public_only;    /* refuse private, loopback and link-local addresses (SSRF) */
    const char *ca_file; /* PEM of the only authorities that are believed; NULL: the system's */
};
struct gg_http_response {
    int status;
    struct gg_str body;     /* in the arena, NUL-terminated */
    int64_t retry_after_ms; /* from Retry-After in seconds; GG_NONE when absent */
    const char *location;   /* NULL when absent */
};

/* One exchange. GG_UNAVAILABLE when no complete reply came (refused, timed out, too large, bad address); any status
 * code of a complete reply is GG_OK. */
enum gg_status gg_http_exchange(struct gg_arena *arena, const struct gg_http_request *request,
                                struct gg_http_response *response) GG_MUSTCHECK;

/* Many exchanges at once on this thread's multi handle: connections are kept, HTTP/2 streams share one where the server
 * speaks it; at most `parallel` requests are under way. results[i] is what gg_http_exchange would have answered;
 * responses[i] is filled like there. Returns when the last is over. */
void gg_http_multi(struct gg_arena *arena, const struct gg_http_request *requests, size_t n, size_t parallel,
                   struct gg_http_response *responses, enum gg_status *results);

#endif
