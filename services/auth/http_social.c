/* services/auth/http_social.c
 * Log-in by other services. A browser is held to its attempt by a cookie; an account is found by the link or by a phone
 * proved here, never by what the other service says about e-mail. */
#include "again.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/service.h"
#include "libcommon/text.h"
#include "order.h"
#include "recover.h"
#include "social.h"
#include "store_account.h"

#include <string.h>

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static bool https(void)
{
    return strncmp(gg_public_url(), "https:", 6) == 0;
}

static const char *cookie_name(void)
{
    return https() ? "__Host-gonggu_social" : "gonggu_social";
}

static void set_cookie(struct gg_call *call, const char *value, int64_t seconds)
{
    gg_header(call, "Set-Cookie",
              gg_sprintf(call->arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", cookie_name(),
                         value, seconds, https() ? "; Secure" : ""));
}

static char *random_text(struct gg_call *call)
{
    uint8_t bytes[32];

    gg_random(bytes, sizeof(bytes));
    return gg_base64url(call->arena, bytes, sizeof(bytes));
}

/* The hash of the browser's cookie; false when it has none. */
static bool browser(struct gg_call *call, uint8_t hash[GG_SHA256])
{
    const char *cookie = gg_cookie(call, cookie_name());

    if (!cookie || strlen(cookie) != 43)
        return false;
    gg_sha256(str(cookie), hash);
    return true;
}

/* --- going there --- */

/* For a log-in call->user is nobody; for a link it is whose session asks. */
static enum gg_status begin(struct gg_call *call)
{
    const struct auth_provider *provider = auth_provider_named(call->params[0]);
    const char *cookie = random_text(call), *state = random_text(call);
    struct auth_social_start *out = call->out;
    struct auth_attempt attempt = {
        .verifier = random_text(call),
        .nonce = random_text(call),
        .user = call->user.id,
        .expires_at = gg_now() + AUTH_ATTEMPT_MS,
    };

    if (!provider)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no log-in by this service");
    attempt.provider = provider->name;
    gg_sha256(str(cookie), attempt.cookie_hash);
    gg_sha256(str(state), attempt.state_hash);
    GG_TRY(auth_attempt_insert(call->db, &attempt, gg_now()));
    set_cookie(call, cookie, AUTH_ATTEMPT_MS / GG_SECOND);
    out->authorize_url = auth_social_authorize_url(call->arena, provider, state, attempt.nonce, attempt.verifier);
    return GG_OK;
}

/* --- coming back --- */

static enum gg_status go_on(struct gg_call *call, const char *result)
{
    gg_reply_status(call, 303);
    gg_header(call, "Location", gg_sprintf(call->arena, "%s/social?result=%s", gg_public_url(), result));
    gg_header(call, "Cache-Control", "no-store");
    gg_header(call, "Referrer-Policy", "no-referrer");
    gg_reply_bytes(call, "text/plain; charset=utf-8", GG_STR(""));
    return GG_OK;
}

struct back {
    struct auth_attempt attempt;
    const struct gg_id_token *who;
    struct gg_id user;
    const char *result;
};

static enum gg_status enter(struct gg_call *call)
{
    struct back *back = gg_call_kept(call);
    struct auth_account account;

    GG_TRY(auth_account_lock(call->db, call->arena, back->user, &account));
    GG_TRY(auth_attempt_delete(call->db, back->attempt.cookie_hash));
    back->result = "in";
    return auth_open_session(call, &account);
}

static enum gg_status link_in_session(struct gg_call *call)
{
    struct back *back = gg_call_kept(call);
    struct auth_account account;
    enum gg_status status;

    GG_TRY(auth_account_lock(call->db, call->arena, back->attempt.user, &account));
    GG_TRY(auth_attempt_delete(call->db, back->attempt.cookie_hash));
    GG_TRY(gg_db_savepoint(call->db));
    status = auth_social_link(call->db, back->attempt.provider, back->who->subject, account.id, gg_now());
    back->result = "linked";
    if (status == GG_DUPLICATE) {
        back->result = gg_id_equal(back->user, account.id) ? "linked" : "taken";
        return gg_db_rollback_to_savepoint(call->db);
    }
    GG_TRY(status);
    return auth_note(call, account.id, AUTH_SECURITY_SOCIAL,
                     gg_sprintf(call->arena, "%s linked", back->attempt.provider));
}

static enum gg_status callback(struct gg_call *call)
{
    const struct auth_social_callback *query = call->query;
    const struct auth_provider *provider = auth_provider_named(call->params[0]);
    struct back *back = GG_NEW(call->arena, struct back);
    uint8_t cookie[GG_SHA256], state[GG_SHA256];
    enum gg_status status;

    if (!provider || !query->state || !browser(call, cookie))
        return go_on(call, "failed");
    gg_sha256(str(query->state), state);
    status = auth_attempt_take(call->db, call->arena, cookie, state, provider->name, gg_now(), &back->attempt);
    if (status == GG_NOT_FOUND)
        return go_on(call, "failed");
    GG_TRY(status);
    if (!query->code || query->error || (query->iss && strcmp(query->iss, provider->issuer) != 0))
        return go_on(call, "failed");
    back->who = auth_social_who(call->arena, provider, query->code, &back->attempt);
    if (!back->who)
        return go_on(call, "failed");
    status = auth_social_user(call->db, call->arena, provider->name, back->who->subject, &back->user);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    gg_call_keep(call, back);
    if (!gg_id_is_zero(back->attempt.user)) {
        GG_TRY(gg_call_tx(call, link_in_session));
        return go_on(call, back->result);
    }
    if (status == GG_OK) {
        GG_TRY(gg_call_tx(call, enter));
        if (gg_failed(call)) /* suspended: the log-in page says so */
            return GG_OK;
        return go_on(call, back->result);
    }
    back->attempt.subject = back->who->subject;
    back->attempt.nickname =
        back->who->nickname && gg_utf8_length(str(back->who->nickname)) <= 60 ? back->who->nickname : NULL;
    back->attempt.expires_at = gg_now() + AUTH_ATTEMPT_MS;
    GG_TRY(auth_attempt_keep(call->db, &back->attempt));
    return go_on(call, "new");
}

/* --- the first time: a phone is proved --- */

static enum gg_status waiting(struct gg_call *call, struct auth_attempt *attempt)
{
    uint8_t cookie[GG_SHA256];
    enum gg_status status =
        browser(call, cookie) ? auth_attempt_waiting(call->db, call->arena, cookie, gg_now(), attempt) : GG_NOT_FOUND;

    return status == GG_NOT_FOUND ? gg_fail(call, &AUTH_NOTHING_WAITS, "begin again at the other service") : status;
}

static enum gg_status completion_get(struct gg_call *call)
{
    struct auth_social_waiting *out = call->out;
    struct auth_attempt attempt;
    const char *reason;
    size_t n;

    GG_TRY(waiting(call, &attempt));
    if (gg_failed(call))
        return GG_OK;
    out->provider = attempt.provider;
    n = attempt.nickname ? gg_utf8_length(str(attempt.nickname)) : 0;
    if (n >= 2 && n <= 20 && auth_nickname_valid(attempt.nickname, &reason))
        out->nickname = attempt.nickname;
    return GG_OK;
}

struct completion {
    struct auth_attempt attempt;
    const char *phone;
    int64_t ready_at; /* GG_NONE, or the account waits until then */
};

/* (tx) The account of the proved number, opened when there is none; false in `yes`, with the problem set. */
static enum gg_status account_of_phone(struct gg_call *call, const struct completion *completion,
                                       struct auth_account *account, bool *yes)
{
    const struct auth_social_completion *in = call->in;
    enum gg_status status = auth_account_by_phone(call->db, call->arena, completion->phone, account);
    const char *reason;

    *yes = status == GG_OK;
    if (status != GG_NOT_FOUND) {
        GG_TRY(status);
        return auth_account_lock(call->db, call->arena, account->id, account);
    }
    if (!in->nickname)
        return gg_fail_field(call, "/nickname", "required", "this number has no account yet: choose a nickname");
    if (!auth_nickname_valid(in->nickname, &reason))
        return gg_fail_field(call, "/nickname", "format", "%s", reason);
    *account = (struct auth_account){
        .id = gg_id_new(),
        .version = 1,
        .session_version = 1,
        .nickname = in->nickname,
        .phone = completion->phone,
        .created_at = gg_now(),
        .suspended_at = GG_NONE,
        .suspended_until = GG_NONE,
        .closed_at = GG_NONE,
    };
    status = auth_account_insert(call->db, account);
    if (status == GG_DUPLICATE && strstr(gg_db_constraint(call->db), "nickname"))
        return gg_fail(call, &AUTH_NICKNAME_TAKEN, "choose another nickname");
    if (status == GG_DUPLICATE)
        return GG_RETRY; /* the number got an account just now */
    GG_TRY(status);
    *yes = true;
    GG_TRY(auth_note(call, account->id, AUTH_SECURITY_SIGNUP, completion->attempt.provider));
    return gg_emit(call->db, &AUTH_USER_REGISTERED, account->id, account->version,
                   &(struct auth_user_event){account->id, account->nickname, NULL});
}

static enum gg_status complete(struct gg_call *call)
{
    const struct auth_social_completion *in = call->in;
    struct completion *completion = gg_call_kept(call);
    struct auth_account account;
    enum gg_status status;
    bool yes;

    status = auth_attempt_delete(call->db, completion->attempt.cookie_hash);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_NOTHING_WAITS, "begin again at the other service");
    GG_TRY(status);
    status = auth_code_use(call->db, in->code_request, gg_now());
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    GG_TRY(account_of_phone(call, completion, &account, &yes));
    if (!yes)
        return GG_OK;
    GG_TRY(auth_recovery_decide(call, &account, &completion->ready_at));
    if (completion->ready_at != GG_NONE)
        return GG_OK; /* the waiting is kept; the refusal comes after the commit */
    status =
        auth_social_link(call->db, completion->attempt.provider, completion->attempt.subject, account.id, gg_now());
    if (status == GG_DUPLICATE)
        return gg_fail(call, &AUTH_SOCIAL_TAKEN, "the account of this number has another log-in by this service");
    GG_TRY(status);
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_SOCIAL,
                     gg_sprintf(call->arena, "%s linked by phone", completion->attempt.provider)));
    set_cookie(call, "", 0);
    return auth_open_session(call, &account);
}

static enum gg_status completion_post(struct gg_call *call)
{
    const struct auth_social_completion *in = call->in;
    struct completion *completion = GG_NEW(call->arena, struct completion);
    const uint8_t *stored;
    uint8_t given[GG_SHA256];
    enum gg_status status;

    GG_TRY(waiting(call, &completion->attempt));
    if (gg_failed(call))
        return GG_OK;
    status =
        auth_code_try(call->db, call->arena, in->code_request, gg_now(), AUTH_CODE_TRIES, &completion->phone, &stored);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    if (status == GG_OK)
        auth_code_hash(auth_secret(), in->code_request, completion->phone, in->code, given);
    if (status == GG_NOT_FOUND || !gg_secret_equal(given, stored, sizeof(given)))
        return gg_fail(call, &AUTH_BAD_CODE, "look at the SMS again, or ask for a new code");
    gg_call_keep(call, completion);
    completion->ready_at = GG_NONE;
    GG_TRY(gg_call_tx(call, complete));
    return gg_failed(call) || completion->ready_at == GG_NONE ? GG_OK
                                                              : auth_recovery_refuse(call, completion->ready_at);
}

/* --- one's links --- */

static enum gg_status list(struct gg_call *call)
{
    struct auth_social_list *out = call->out;
    struct auth_social_item *items = GG_NEW_ARRAY(call->arena, struct auth_social_item, auth_providers_n());
    struct auth_social_row *links;
    size_t n;

    GG_TRY(auth_social_links(call->db, call->arena, call->user.id, &links, &n));
    for (size_t i = 0; i < auth_providers_n(); i++) {
        items[i] = (struct auth_social_item){auth_provider_at(i)->name, GG_NONE};
        for (size_t k = 0; k < n; k++)
            if (strcmp(links[k].provider, items[i].provider) == 0)
                items[i].linked_at = links[k].linked_at;
    }
    out->items = (struct gg_list){items, auth_providers_n()};
    return GG_OK;
}

static enum gg_status unlink_one(struct gg_call *call)
{
    struct auth_social_row *links;
    struct auth_account account;
    enum gg_status status;
    size_t n;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_social_unlink(call->db, call->params[0], account.id);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "it is not linked");
    GG_TRY(status);
    GG_TRY(auth_social_links(call->db, call->arena, account.id, &links, &n));
    if (n == 0 && !account.password)
        return gg_fail(call, &AUTH_LAST_WAY_IN, "set an id and a password first");
    return auth_note(call, account.id, AUTH_SECURITY_SOCIAL, gg_sprintf(call->arena, "%s unlinked", call->params[0]));
}

static const struct gg_problem *const completion_problems[] = {
    &AUTH_NOTHING_WAITS, &AUTH_BAD_CODE, &AUTH_SOCIAL_TAKEN, &AUTH_NICKNAME_TAKEN, &AUTH_SUSPENDED, NULL};
static const struct gg_problem *const waiting_problems[] = {&AUTH_NOTHING_WAITS, NULL};
static const struct gg_problem *const callback_problems[] = {&AUTH_SUSPENDED, NULL};
static const struct gg_problem *const unlink_problems[] = {&AUTH_LAST_WAY_IN, NULL};

const struct gg_route auth_social_routes[] = {
    {.method = GG_POST,
     .path = "/v1/auth/oauth/:provider/start",
     .pool = GG_POOL_DB,
     .out = &auth_social_start_msg,
     .status = 200,
     .rate = 60,
     .handle = begin,
     .summary = "Begin a log-in by another service"},
    {.method = GG_POST,
     .path = "/v1/auth/oauth/:provider/link",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_social_start_msg,
     .status = 200,
     .rate = 60,
     .handle = begin,
     .summary = "Begin to link another service to one's account"},
    {.method = GG_GET,
     .path = "/v1/auth/oauth/:provider/callback",
     .pool = GG_POOL_OUT,
     .query = &auth_social_callback_msg,
     .out = &auth_token_msg,
     .status = 200,
     .rate = 60,
     .handle = callback,
     .summary = "Where the other service sends the browser back to",
     .problems = callback_problems},
    {.method = GG_GET,
     .path = "/v1/auth/social/completion",
     .pool = GG_POOL_DB,
     .out = &auth_social_waiting_msg,
     .status = 200,
     .handle = completion_get,
     .summary = "Who waits in this browser for the proof of a phone",
     .problems = waiting_problems},
    {.method = GG_POST,
     .path = "/v1/auth/social/completion",
     .pool = GG_POOL_DB,
     .in = &auth_social_completion_msg,
     .out = &auth_token_msg,
     .status = 200,
     .rate = 60,
     .handle = completion_post,
     .summary = "Prove a phone: link its account or open one, and log in",
     .problems = completion_problems},
    {.method = GG_GET,
     .path = "/v1/auth/social",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_social_list_msg,
     .status = 200,
     .handle = list,
     .summary = "Which services one's account is linked to"},
    {.method = GG_DELETE,
     .path = "/v1/auth/social/:provider",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = unlink_one,
     .summary = "Unlink a service",
     .problems = unlink_problems},
};
const size_t auth_social_routes_n = GG_LEN(auth_social_routes);
