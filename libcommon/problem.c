/* libcommon/problem.c
 * The problems every service shares, and how any problem is printed. */
#include "libcommon/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "libcommon/json.h"

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}

PROBLEM(GG_P_MALFORMED, "malformed", 400, false, "The request cannot be read.", "요청을 읽을 수 없습니다.");
PROBLEM(GG_P_KEY_MISSING, "idempotency_key_missing", 400, false, "This request needs an Idempotency-Key.",
        "이 요청에는 중복 방지 키가 필요합니다.");
PROBLEM(GG_P_UNAUTHENTICATED, "unauthenticated", 401, false, "Log in first.", "먼저 로그인해 주세요.");
PROBLEM(GG_P_SESSION_ENDED, "session_ended", 401, false, "This session has ended; log in again.",
        "로그인이 끝났습니다. 다시 로그인해 주세요.");
PROBLEM(GG_P_FORBIDDEN, "forbidden", 403, false, "You may not do this.", "이 작업을 할 권한이 없습니다.");
PROBLEM(GG_P_NOT_FOUND, "not_found", 404, false, "There is nothing here.", "찾을 수 없습니다.");
PROBLEM(GG_P_METHOD, "method_not_allowed", 405, false, "This address does not know the method.",
        "지원하지 않는 요청 방식입니다.");
PROBLEM(GG_P_TIMEOUT, "request_timeout", 408, true, "The request took too long to arrive.",
        "요청이 제시간에 도착하지 않았습니다.");
PROBLEM(GG_P_IN_PROGRESS, "in_progress", 409, true, "The same request is still being worked on.",
        "같은 요청을 처리하고 있습니다. 잠시만 기다려 주세요.");
PROBLEM(GG_P_STALE, "stale", 412, false, "It has changed since you looked; load it again.",
        "그사이 내용이 바뀌었습니다. 새로 고친 뒤 다시 시도해 주세요.");
PROBLEM(GG_P_TOO_LARGE, "too_large", 413, false, "The request is too large.", "보내려는 내용이 너무 큽니다.");
PROBLEM(GG_P_MEDIA_TYPE, "media_type", 415, false, "This kind of content is not accepted here.",
        "지원하지 않는 형식입니다.");
PROBLEM(GG_P_INVALID, "invalid", 422, false, "Some fields are wrong.", "입력한 내용을 확인해 주세요.");
PROBLEM(GG_P_KEY_REUSED, "idempotency_key_reused", 422, false, "This Idempotency-Key belongs to another request.",
        "이미 다른 요청에 쓰인 중복 방지 키입니다.");
PROBLEM(GG_P_RATE, "rate_limited", 429, true, "Too many requests; wait a moment.",
        "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.");
PROBLEM(GG_P_HEADERS, "headers_too_large", 431, false, "The header fields are too large.",
        "요청 머리글이 너무 큽니다.");
PROBLEM(GG_P_INTERNAL, "internal", 500, false, "Something went wrong on our side.",
        "서비스에 문제가 생겼습니다. 빠르게 확인하겠습니다.");
PROBLEM(GG_P_NOT_IMPLEMENTED, "not_implemented", 501, false, "The server does not know how to do this.",
        "지원하지 않는 기능입니다.");
PROBLEM(GG_P_UNAVAILABLE, "unavailable", 503, true, "The service is not available right now; try again soon.",
        "지금은 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.");

const struct gg_problem *const gg_common_problems[] = {
    &GG_P_MALFORMED, &GG_P_KEY_MISSING, &GG_P_UNAUTHENTICATED, &GG_P_SESSION_ENDED, &GG_P_FORBIDDEN,
    &GG_P_NOT_FOUND, &GG_P_METHOD,      &GG_P_TIMEOUT,         &GG_P_IN_PROGRESS,   &GG_P_STALE,
    &GG_P_TOO_LARGE, &GG_P_MEDIA_TYPE,  &GG_P_INVALID,         &GG_P_KEY_REUSED,    &GG_P_RATE,
    &GG_P_HEADERS,   &GG_P_INTERNAL,    &GG_P_NOT_IMPLEMENTED, &GG_P_UNAVAILABLE,   NULL};

void gg_field_error(struct gg_field_errors *errors, const char *pointer, const char *code, const char *format, ...)
{
    if (errors->n == GG_LEN(errors->v))
        return;
    char detail[512];
    va_list values;
    va_start(values, format);
    vsnprintf(detail, sizeof(detail), format, values);
    va_end(values);
    errors->v[errors->n++] =
        (struct gg_field_error){gg_strdup(errors->arena, pointer), code, gg_strdup(errors->arena, detail)};
}

static void add_member(struct gg_buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    gg_buf_addc(out, ',');
    gg_json_string(out, name);
    gg_buf_addc(out, ':');
    gg_json_string(out, value);
}

static void add_errors(struct gg_buf *out, const struct gg_field_errors *errors)
{
    gg_buf_adds(out, ",\"errors\":[");
    for (size_t i = 0; i < errors->n; i++) {
        const struct gg_field_error *error = &errors->v[i];
        gg_buf_adds(out, i > 0 ? ",{\"pointer\":" : "{\"pointer\":");
        gg_json_string(out, error->pointer);
        add_member(out, "code", error->code);
        add_member(out, "detail", error->detail);
        gg_buf_addc(out, '}');
    }
    gg_buf_addc(out, ']');
}

void gg_problem_print(struct gg_buf *out, const struct gg_problem *p, const char *detail, const char *request_id,
                      const struct gg_field_errors *errors, const char *const *param_names, const int64_t *param_values,
                      size_t n_params)
{
    gg_buf_addf(out, "{\"type\":\"/problems/%s\"", p->code);
    add_member(out, "title", p->title);
    add_member(out, "title_ko", p->title_ko);
    gg_buf_addf(out, ",\"status\":%d", p->status);
    add_member(out, "detail", detail);
    add_member(out, "code", p->code);
    gg_buf_addf(out, ",\"retryable\":%s", p->retryable ? "true" : "false");
    add_member(out, "request_id", request_id);
    if (errors != NULL && errors->n > 0)
        add_errors(out, errors);
    for (size_t i = 0; i < n_params; i++) {
        gg_buf_addc(out, ',');
        gg_json_string(out, param_names[i]);
        gg_buf_addf(out, ":%" PRId64, param_values[i]);
    }
    gg_buf_addc(out, '}');
}
