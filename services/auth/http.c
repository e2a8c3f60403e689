/* services/auth/http.c
 * The routes of the auth service, and the handlers that are a question and an answer. */
#include "order.h"

#include <string.h>

static enum gg_status me(struct gg_call *call)
{
    struct auth_account account;

    GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &account));
    auth_view(call->arena, &account, call->out);
    return GG_OK;
}

static enum gg_status availability(struct gg_call *call)
{
    const struct auth_availability_query *query = call->query;
    struct auth_availability *out = call->out;

    return auth_names_free(call->db, call->arena, query->login_id, query->nickname, &out->login_id_free,
                           &out->nickname_free);
}

static enum gg_status jwks(struct gg_call *call)
{
    char *document = gg_signer_jwks(auth_signer, call->arena);

    gg_header(call, "Cache-Control", "public, max-age=30");
    gg_reply_bytes(call, "application/jwk-set+json", (struct gg_str){document, strlen(document)});
    return GG_OK;
}

struct session_query {
    struct gg_page page;
};
static const struct gg_field page_fields[] = {GG_PAGE_FIELDS(struct session_query)};
static const struct gg_msg page_msg = GG_MSG("SessionQuery", struct session_query, page_fields, "Which page.");

static const struct gg_problem *const code_problems[] = {&AUTH_CODE_BUDGET, NULL};
static const struct gg_problem *const signup_problems[] = {
    &AUTH_BAD_CODE, &AUTH_LOGIN_ID_TAKEN, &AUTH_NICKNAME_TAKEN, &AUTH_PHONE_TAKEN, &AUTH_SIGNUP_BUDGET, NULL};
static const struct gg_problem *const login_problems[] = {&AUTH_BAD_CREDENTIALS, &AUTH_THROTTLED, &AUTH_SUSPENDED,
                                                          NULL};
static const struct gg_problem *const refresh_problems[] = {&AUTH_NO_REFRESH, &AUTH_REFRESH_REUSED, &AUTH_BAD_ORIGIN,
                                                            NULL};
static const struct gg_problem *const logout_problems[] = {&AUTH_BAD_ORIGIN, NULL};

const struct gg_route auth_routes[] = {
    {.method = GG_POST,
     .path = "/v1/auth/phone-codes",
     .pool = GG_POOL_OUT,
     .in = &auth_phone_code_msg,
     .out = &auth_phone_code_sent_msg,
     .status = 202,
     .rate = 60,
     .handle = auth_phone_code_send,
     .summary = "Send a code to a phone",
     .problems = code_problems},
    {.method = GG_POST,
     .path = "/v1/auth/signup",
     .pool = GG_POOL_DB,
     .in = &auth_signup_msg,
     .out = &auth_token_msg,
     .status = 201,
     .rate = 60,
     .handle = auth_signup_start,
     .summary = "Open an account and log in",
     .problems = signup_problems},
    {.method = GG_GET,
     .path = "/v1/auth/availability",
     .pool = GG_POOL_DB,
     .query = &auth_availability_query_msg,
     .out = &auth_availability_msg,
     .status = 200,
     .rate = 120,
     .handle = availability,
     .summary = "Ask whether an id or nickname is free"},
    {.method = GG_POST,
     .path = "/v1/auth/login",
     .pool = GG_POOL_DB,
     .in = &auth_login_msg,
     .out = &auth_token_msg,
     .status = 200,
     .rate = 120,
     .handle = auth_login_start,
     .summary = "Log in",
     .problems = login_problems},
    {.method = GG_POST,
     .path = "/v1/auth/refresh",
     .pool = GG_POOL_DB,
     .out = &auth_token_msg,
     .status = 200,
     .handle = auth_refresh_session,
     .summary = "Exchange the refresh cookie for a new access token",
     .problems = refresh_problems},
    {.method = GG_POST,
     .path = "/v1/auth/logout",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = auth_logout,
     .summary = "End this session",
     .problems = logout_problems},
    {.method = GG_POST,
     .path = "/v1/auth/logout-others",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = auth_logout_others,
     .summary = "End every other session"},
    {.method = GG_GET,
     .path = "/v1/auth/sessions",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &page_msg,
     .out = &auth_session_list_msg,
     .status = 200,
     .handle = auth_session_list,
     .summary = "List one's devices"},
    {.method = GG_DELETE,
     .path = "/v1/auth/sessions/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = auth_session_delete,
     .summary = "End one session"},
    {.method = GG_GET,
     .path = "/v1/auth/me",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_user_msg,
     .status = 200,
     .handle = me,
     .summary = "One's own account"},
    {.method = GG_GET,
     .path = "/v1/auth/jwks.json",
     .pool = GG_POOL_LOOP,
     .status = 200,
     .handle = jwks,
     .summary = "The keys that access tokens are signed with"},
};
const size_t auth_routes_n = GG_LEN(auth_routes);
