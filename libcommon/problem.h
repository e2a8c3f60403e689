/* libcommon/problem.h
 * Problem replies (RFC 9457) with a stable code, and the problems every service shares. */
#ifndef LIBCOMMON_PROBLEM_H
#define LIBCOMMON_PROBLEM_H

#include "libcommon/mem.h"

/* One entry of the catalogue; contexts define their own in proto/<context>.h. */
struct gg_problem {
    const char *code;     /* "deal_full": stable, what clients key on */
    int status;           /* HTTP */
    bool retryable;       /* the same request may succeed later without a change */
    const char *title;    /* English, one sentence */
    const char *title_ko; /* Korean, what a neighbour reads */
};

extern const struct gg_problem GG_P_MALFORMED;       /* 400 body or query is not what the grammar allows */
extern const struct gg_problem GG_P_UNAUTHENTICATED; /* 401 no, bad or expired token */
extern const struct gg_problem GG_P_SESSION_ENDED;   /* 401 the session was ended */
extern const struct gg_problem GG_P_FORBIDDEN;       /* 403 */
extern const struct gg_problem GG_P_NOT_FOUND;       /* 404 */
extern const struct gg_problem GG_P_METHOD;          /* 405 with Allow */
extern const struct gg_problem GG_P_TIMEOUT;         /* 408 */
extern const struct gg_problem GG_P_IN_PROGRESS;     /* 409 retryable: same Idempotency-Key still running */
extern const struct gg_problem GG_P_STALE;           /* 412 If-Match does not match */
extern const struct gg_problem GG_P_TOO_LARGE;       /* 413 */
extern const struct gg_problem GG_P_MEDIA_TYPE;      /* 415 */
extern const struct gg_problem GG_P_INVALID;         /* 422 errors[] says which fields */
extern const struct gg_problem GG_P_KEY_REUSED;      /* 422 Idempotency-Key with another body */
extern const struct gg_problem GG_P_KEY_MISSING;     /* 400 Idempotency-Key required */
extern const struct gg_problem GG_P_RATE;            /* 429 retryable, Retry-After */
extern const struct gg_problem GG_P_HEADERS;         /* 431 */
extern const struct gg_problem GG_P_INTERNAL;        /* 500 */
extern const struct gg_problem GG_P_NOT_IMPLEMENTED; /* 501 unknown method or transfer coding */
extern const struct gg_problem GG_P_UNAVAILABLE;     /* 503 retryable, Retry-After: a dependency is down or overload */

/* All of the above, NULL-terminated, for the catalogue. */
extern const struct gg_problem *const gg_common_problems[];

/* What is wrong with one field of the input. */
struct gg_field_error {
    const char *pointer; /* JSON Pointer "/quantity", or "?limit" for the query */
    const char *code;    /* required | type | min | max | length | format | enum | text | duplicate | unknown */
    const char *detail;  /* English sentence */
};

/* All errors of one input; in an arena. At most 32 are kept. */
struct gg_field_errors {
    struct gg_arena *arena;
    struct gg_field_error v[32];
    size_t n;
};
/* Adds one (pointer and detail are copied into the arena). */
void gg_field_error(struct gg_field_errors *errors, const char *pointer, const char *code, const char *format, ...)
    GG_PRINTF(4, 5);

struct gg_buf;
/* Appends the body of an application/problem+json reply. `detail`, `request_id` and `errors` may be NULL. Each of the
 * `n_params` whole numbers becomes a member of its own. */
void gg_problem_print(struct gg_buf *out, const struct gg_problem *p, const char *detail, const char *request_id,
                      const struct gg_field_errors *errors, const char *const *param_names, const int64_t *param_values,
                      size_t n_params);

#endif
