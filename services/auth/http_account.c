/* services/auth/http_account.c
 * A forgotten id or password, a new password, a new number. */
#include "again.h"
#include "breached.h"
#include "libcommon/clock.h"
#include "order.h"
#include "profile.h"
#include "recover.h"
#include "store_account.h"
#include "store_social.h"

#include <string.h>

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

/* The number behind a right code, in `phone`; else the problem is set and it is NULL. Counts a try. */
static enum gg_status phone_of_code(struct gg_call *call, struct gg_id request, const char *code, const char **phone)
{
    const uint8_t *stored;
    uint8_t given[GG_SHA256];
    enum gg_status status = auth_code_try(call->db, call->arena, request, gg_now(), AUTH_CODE_TRIES, phone, &stored);

    if (status == GG_OK) {
        auth_code_hash(auth_secret(), request, *phone, code, given);
        if (gg_secret_equal(given, stored, sizeof(given)))
            return GG_OK;
        status = GG_NOT_FOUND;
    }
    *phone = NULL;
    return status == GG_NOT_FOUND ? gg_fail(call, &AUTH_BAD_CODE, "look at the SMS again, or ask for a new code")
                                  : status;
}

bool auth_password_allowed(struct gg_call *call, const char *password, const char *login_id)
{
    if (!auth_password_common(password, login_id))
        return true;
    gg_fail_field(call, "/password", "common", "this password, or one like it, is on the lists that are tried first");
    return false;
}

/* --- a forgotten id --- */

static enum gg_status find_id(struct gg_call *call)
{
    const struct auth_find_id *in = call->in;
    struct auth_found_id *out = call->out;
    struct auth_account account;
    const char *phone;
    enum gg_status status;

    GG_TRY(phone_of_code(call, in->code_request, in->code, &phone));
    if (!phone)
        return GG_OK;
    status = auth_code_use(call->db, in->code_request, gg_now());
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    status = auth_account_by_phone(call->db, call->arena, phone, &account);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_NO_ACCOUNT, "nobody has signed up with this number");
    GG_TRY(status);
    out->login_id = account.login_id;
    out->created_at = account.created_at;
    return auth_social_names(call->db, call->arena, account.id, &out->services);
}

/* --- a forgotten password: code (db), hash (cpu), write (db) --- */

struct reset {
    struct auth_account account;
    const char *hash;
    int64_t ready_at; /* GG_NONE, or the account waits until then */
};

static enum gg_status reset_write(struct gg_call *call)
{
    const struct auth_reset_password *in = call->in;
    struct reset *reset = gg_call_kept(call);
    struct auth_account account;
    enum gg_status status;

    GG_TRY(auth_account_lock(call->db, call->arena, reset->account.id, &account));
    status = auth_code_use(call->db, in->code_request, gg_now());
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    GG_TRY(auth_recovery_decide(call, &account, &reset->ready_at));
    if (reset->ready_at != GG_NONE)
        return GG_OK; /* the waiting is kept; the refusal comes after the commit */
    GG_TRY(auth_account_set_password(call->db, account.id, reset->hash, NULL));
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_PASSWORD, "by phone"));
    return auth_end_all_sessions(call->db, &account, AUTH_END_PASSWORD);
}

static enum gg_status reset_store(struct gg_call *call)
{
    const struct reset *reset = gg_call_kept(call);

    GG_TRY(gg_call_tx(call, reset_write));
    return gg_failed(call) || reset->ready_at == GG_NONE ? GG_OK : auth_recovery_refuse(call, reset->ready_at);
}

static enum gg_status reset_hash(struct gg_call *call)
{
    const struct auth_reset_password *in = call->in;
    struct reset *reset = gg_call_kept(call);

    reset->hash = gg_password_hash(call->arena, str(in->password));
    return gg_continue(call, GG_POOL_DB, reset_store);
}

/* An id that does not belong to the proven number is answered like a wrong code: ids cannot be asked for here. */
static enum gg_status reset_start(struct gg_call *call)
{
    const struct auth_reset_password *in = call->in;
    struct reset *reset = GG_NEW(call->arena, struct reset);
    const char *phone;
    enum gg_status status;

    if (!auth_password_allowed(call, in->password, in->login_id))
        return GG_OK;
    GG_TRY(phone_of_code(call, in->code_request, in->code, &phone));
    if (!phone)
        return GG_OK;
    status = auth_account_by_phone(call->db, call->arena, phone, &reset->account);
    if (status == GG_NOT_FOUND ||
        (status == GG_OK && (!reset->account.login_id || strcmp(reset->account.login_id, in->login_id) != 0)))
        return gg_fail(call, &AUTH_BAD_CODE, "look at the SMS again, or ask for a new code");
    GG_TRY(status);
    gg_call_keep(call, reset);
    return gg_continue(call, GG_POOL_CPU, reset_hash);
}

/* --- a new password: again, hash (cpu), write (db) --- */

struct password_change {
    struct auth_again_state again; /* first: see again.h */
    const char *hash;
};

enum gg_status auth_end_other_sessions(struct gg_call *call, struct auth_account *account, int reason)
{
    struct auth_session_row *sessions;
    size_t n;

    GG_TRY(auth_sessions_open(call->db, call->arena, account->id, GG_NONE, GG_ID_ZERO, 1000, &sessions, &n));
    for (size_t i = 0; i < n; i++)
        if (!gg_id_equal(sessions[i].id, call->user.session))
            GG_TRY(auth_end_session(call->db, account, sessions[i].id, reason));
    return GG_OK;
}

static enum gg_status password_write(struct gg_call *call)
{
    const struct auth_password_new *in = call->in;
    const struct password_change *change = gg_call_kept(call);
    struct auth_account account;
    enum gg_status status;
    bool yes;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_again_spend(call, &change->again, &yes));
    if (!yes)
        return GG_OK;
    status = auth_account_set_password(call->db, account.id, change->hash, account.login_id ? NULL : in->login_id);
    if (status == GG_DUPLICATE)
        return gg_fail(call, &AUTH_LOGIN_ID_TAKEN, "choose another id");
    GG_TRY(status);
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_PASSWORD, change->again.by_phone ? "by phone" : NULL));
    return auth_end_other_sessions(call, &account, AUTH_END_PASSWORD);
}

static enum gg_status password_store(struct gg_call *call)
{
    return gg_call_tx(call, password_write);
}

static enum gg_status password_hash(struct gg_call *call)
{
    const struct auth_password_new *in = call->in;
    struct password_change *change = gg_call_kept(call);

    change->hash = gg_password_hash(call->arena, str(in->password));
    return gg_continue(call, GG_POOL_DB, password_store);
}

static enum gg_status password_allowed(struct gg_call *call)
{
    const struct auth_password_new *in = call->in;
    const struct password_change *change = gg_call_kept(call);
    const char *login_id = change->again.account.login_id ? change->again.account.login_id : in->login_id;

    if (!login_id)
        return gg_fail_field(call, "/login_id", "required", "this account has no id to log in with yet");
    if (!auth_password_allowed(call, in->password, login_id))
        return GG_OK;
    return gg_continue(call, GG_POOL_CPU, password_hash);
}

static enum gg_status password_put(struct gg_call *call)
{
    const struct auth_password_new *in = call->in;
    struct password_change *change = GG_NEW(call->arena, struct password_change);

    return auth_again_ask(call, &change->again, in->again, true, password_allowed);
}

/* --- a new number: both are proved, the new one by its own code --- */

struct phone_change {
    struct auth_again_state again; /* first: see again.h */
    const char *phone;
};

static enum gg_status phone_write(struct gg_call *call)
{
    const struct auth_phone_new *in = call->in;
    const struct phone_change *change = gg_call_kept(call);
    struct auth_account account;
    enum gg_status status;
    bool yes;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_again_spend(call, &change->again, &yes));
    if (!yes)
        return GG_OK;
    status = auth_code_use(call->db, in->code_request, gg_now());
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    status = auth_account_set_phone(call->db, account.id, change->phone);
    if (status == GG_DUPLICATE)
        return gg_fail(call, &AUTH_PHONE_TAKEN, "another account has this number");
    GG_TRY(status);
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_PHONE, auth_phone_mask(call->arena, change->phone)));
    return auth_end_other_sessions(call, &account, AUTH_END_PASSWORD);
}

static enum gg_status phone_allowed(struct gg_call *call)
{
    const struct auth_phone_new *in = call->in;
    struct phone_change *change = gg_call_kept(call);

    GG_TRY(phone_of_code(call, in->code_request, in->code, &change->phone));
    return change->phone ? gg_call_tx(call, phone_write) : GG_OK;
}

static enum gg_status phone_put(struct gg_call *call)
{
    const struct auth_phone_new *in = call->in;
    struct phone_change *change = GG_NEW(call->arena, struct phone_change);

    if (in->again && gg_id_equal(in->again->code_request, in->code_request))
        return gg_fail(call, &AUTH_BAD_CODE, "two numbers, two codes");
    return auth_again_ask(call, &change->again, in->again, true, phone_allowed);
}

static const struct gg_problem *const find_problems[] = {&AUTH_BAD_CODE, &AUTH_NO_ACCOUNT, NULL};
static const struct gg_problem *const reset_problems[] = {&AUTH_BAD_CODE, &AUTH_RECOVERY_WAITS, NULL};
static const struct gg_problem *const password_problems[] = {&AUTH_AGAIN_NEEDED, &AUTH_BAD_CREDENTIALS, &AUTH_BAD_CODE,
                                                             &AUTH_THROTTLED,    &AUTH_LOGIN_ID_TAKEN,  NULL};
static const struct gg_problem *const phone_problems[] = {&AUTH_AGAIN_NEEDED, &AUTH_BAD_CREDENTIALS, &AUTH_BAD_CODE,
                                                          &AUTH_THROTTLED,    &AUTH_PHONE_TAKEN,     NULL};

const struct gg_route auth_account_routes[] = {
    {.method = GG_POST,
     .path = "/v1/auth/find-id",
     .pool = GG_POOL_DB,
     .in = &auth_find_id_msg,
     .out = &auth_found_id_msg,
     .status = 200,
     .rate = 60,
     .handle = find_id,
     .summary = "Find a forgotten id, by phone",
     .problems = find_problems},
    {.method = GG_POST,
     .path = "/v1/auth/reset-password",
     .pool = GG_POOL_DB,
     .in = &auth_reset_password_msg,
     .status = 204,
     .rate = 60,
     .handle = reset_start,
     .summary = "Set a forgotten password, by phone; every session ends",
     .problems = reset_problems},
    {.method = GG_PUT,
     .path = "/v1/auth/password",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_password_new_msg,
     .status = 204,
     .rate = 60,
     .handle = password_put,
     .summary = "Change the password; every other session ends",
     .problems = password_problems},
    {.method = GG_PUT,
     .path = "/v1/auth/phone",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_phone_new_msg,
     .status = 204,
     .rate = 60,
     .handle = phone_put,
     .summary = "Change the number; every other session ends",
     .problems = phone_problems},
};
const size_t auth_account_routes_n = GG_LEN(auth_account_routes);
