/* services/auth/signup.c
 * Proof of a phone by SMS, and opening an account with it. */
#include "profile.h"
#include "throttle.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"

#include <string.h>

/* Takes one code from a budget; false, with the problem set, when it is used up. */
static enum gg_status budget_allows(struct gg_call *call, const char *scope, const char *key, int64_t limit, bool *yes)
{
    int64_t used;

    GG_TRY(auth_budget_take(call->db, call->arena, scope, key, GG_HOUR, gg_now(), &used));
    *yes = used <= limit;
    if (!*yes) {
        gg_header(call, "Retry-After", "600");
        gg_warn("code_budget", "the budget of codes per %s is used up", scope);
        return gg_fail(call, &AUTH_CODE_BUDGET, "ask again in a while");
    }
    return GG_OK;
}

/* Somebody earns by messages that are sent: then many codes go out and few come back. Looked at are those between two
 * minutes and an hour old, once there are many; few are sent until enough come back again. */
#define REDEEM_AFTER  (2 * GG_MINUTE)
#define REDEEM_PERIOD GG_HOUR

static enum gg_status breaker_allows(struct gg_call *call, bool *yes)
{
    int64_t sent, redeemed, now = gg_now();

    GG_TRY(auth_codes_redeemed(call->db, call->arena, now + AUTH_CODE_MS - REDEEM_PERIOD,
                               now + AUTH_CODE_MS - REDEEM_AFTER, auth_config.sms_watch_after, &sent, &redeemed));
    if (auth_codes_come_back(sent, redeemed, auth_config.sms_watch_after, auth_config.sms_redeemed_percent))
        return GG_OK;
    gg_error("sms_breaker", "of the last %" PRId64 " codes %" PRId64 " came back: few are sent from now on", sent,
             redeemed);
    return budget_allows(call, "breaker", "", auth_config.sms_guard_per_hour, yes);
}

/* The answer is the same whether the number has an account or not. */
enum gg_status auth_phone_code_send(struct gg_call *call)
{
    const struct auth_phone_code *in = call->in;
    struct auth_phone_code_sent *out = call->out;
    struct gg_id id = gg_id_new();
    int64_t expires_at = gg_now() + AUTH_CODE_MS;
    const char *code = gg_sprintf(call->arena, "%06u", gg_random_below(1000000));
    uint8_t hash[GG_SHA256];
    enum gg_status status;
    bool yes;

    if (!auth_phone_valid(in->phone))
        return gg_fail_field(call, "/phone", "format", "a Korean mobile number is needed");
    GG_TRY(budget_allows(call, "phone", in->phone, auth_config.sms_per_phone, &yes));
    if (yes)
        GG_TRY(budget_allows(call, "address", call->address, auth_config.sms_per_address, &yes));
    /* Numbers in a row, asked for from many addresses: somebody earns by the messages. */
    if (yes)
        GG_TRY(budget_allows(call, "prefix", gg_sprintf(call->arena, "%.7s", in->phone), auth_config.sms_per_prefix,
                             &yes));
    if (yes)
        GG_TRY(budget_allows(call, "all", "", auth_config.sms_in_all, &yes));
    if (yes)
        GG_TRY(breaker_allows(call, &yes));
    if (!yes)
        return GG_OK;

    auth_code_hash(auth_secret(), id, in->phone, code, hash);
    GG_TRY(auth_code_insert(call->db, id, in->phone, hash, expires_at));
    GG_TRY(gg_due_set(call->db, AUTH_DUE_CODE, id, expires_at + GG_HOUR));
    status = auth_sms_send(call->arena, &auth_config.sms, in->phone,
                           gg_sprintf(call->arena, "[공구마켓] 인증번호 %s (5분 안에 입력)", code));
    if (status != GG_OK) { /* what was never sent cannot come back */
        GG_TRY(auth_code_delete(call->db, id));
        return status;
    }
    *out = (struct auth_phone_code_sent){id, expires_at};
    return GG_OK;
}

struct signup {
    const char *phone, *password_hash;
};

static enum gg_status signup_write(struct gg_call *call)
{
    const struct auth_signup *in = call->in;
    const struct signup *signup = gg_call_kept(call);
    struct auth_account account = {
        .id = gg_id_new(),
        .version = 1,
        .session_version = 1,
        .login_id = in->login_id,
        .nickname = in->nickname,
        .phone = signup->phone,
        .password = signup->password_hash,
        .created_at = gg_now(),
        .suspended_at = GG_NONE,
        .suspended_until = GG_NONE,
        .closed_at = GG_NONE,
    };
    enum gg_status status = auth_code_use(call->db, in->code_request, gg_now());

    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    status = auth_account_insert(call->db, &account);
    if (status == GG_DUPLICATE) {
        const char *constraint = gg_db_constraint(call->db);
        if (strstr(constraint, "nickname"))
            return gg_fail(call, &AUTH_NICKNAME_TAKEN, "choose another nickname");
        if (strstr(constraint, "phone"))
            return gg_fail(call, &AUTH_PHONE_TAKEN, "log in with the account of this number");
        return gg_fail(call, &AUTH_LOGIN_ID_TAKEN, "choose another id");
    }
    GG_TRY(status);
    GG_TRY(gg_emit(call->db, &AUTH_USER_REGISTERED, account.id, account.version,
                   &(struct auth_user_event){account.id, account.nickname, NULL}));
    return auth_open_session(call, &account);
}

static enum gg_status signup_store(struct gg_call *call)
{
    return gg_call_tx(call, signup_write);
}

static enum gg_status signup_hash(struct gg_call *call)
{
    const struct auth_signup *in = call->in;
    struct signup *signup = gg_call_kept(call);

    signup->password_hash = gg_password_hash(call->arena, (struct gg_str){in->password, strlen(in->password)});
    return gg_continue(call, GG_POOL_DB, signup_store);
}

/* A wrong code costs a try even though the call fails, so the try is counted outside any transaction; and no password
 * is hashed for somebody without a code. */
enum gg_status auth_signup_start(struct gg_call *call)
{
    const struct auth_signup *in = call->in;
    struct signup *signup = GG_NEW(call->arena, struct signup);
    const uint8_t *stored;
    uint8_t given[GG_SHA256];
    const char *reason;
    enum gg_status status;
    bool allowed;

    if (!auth_nickname_valid(in->nickname, &reason))
        return gg_fail_field(call, "/nickname", "format", "%s", reason);
    if (!auth_password_allowed(call, in->password, in->login_id))
        return GG_OK;
    status = auth_code_try(call->db, call->arena, in->code_request, gg_now(), AUTH_CODE_TRIES, &signup->phone, &stored);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
    GG_TRY(status);
    auth_code_hash(auth_secret(), in->code_request, signup->phone, in->code, given);
    if (!gg_secret_equal(given, stored, sizeof(given)))
        return gg_fail(call, &AUTH_BAD_CODE, "look at the SMS again");
    GG_TRY(auth_throttle_signup(call, &allowed));
    if (!allowed)
        return GG_OK;
    gg_call_keep(call, signup);
    return gg_continue(call, GG_POOL_CPU, signup_hash);
}
