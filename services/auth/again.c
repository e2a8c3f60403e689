/* services/auth/again.c
 * Showing again who one is. */
#include "again.h"

#include "libcommon/clock.h"
#include "order.h"
#include "store_budget.h"

#include <string.h>

enum gg_status auth_code_right(struct gg_call *call, struct gg_id request, const char *code, const char *phone,
                               bool *right)
{
    const char *sent_to;
    const uint8_t *stored;
    uint8_t given[GG_SHA256];
    enum gg_status status = auth_code_try(call->db, call->arena, request, gg_now(), AUTH_CODE_TRIES, &sent_to, &stored);

    *right = false;
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    auth_code_hash(auth_secret(), request, sent_to, code, given);
    *right = gg_secret_equal(given, stored, sizeof(given)) && strcmp(sent_to, phone) == 0;
    return GG_OK;
}

/* Passwords of one account inside open sessions. Each is counted before it is looked at, so that a hundred at once are
 * a hundred, and given back when it was right. */
#define TRY_WINDOW (15 * GG_MINUTE)
#define TRIES_MAX  10

static struct auth_budget tries_of(struct gg_call *call)
{
    return (struct auth_budget){"again", gg_hex(call->arena, call->user.id.b, 16), TRY_WINDOW, TRIES_MAX, 0};
}

static enum gg_status succeeded(struct gg_call *call)
{
    const struct auth_again_state *state = gg_call_kept(call);
    const struct auth_budget tries = tries_of(call);

    GG_TRY(auth_budgets_give_back(call->db, call->arena, &tries, 1, state->tried_at));
    return state->then(call);
}

static enum gg_status failed(struct gg_call *call)
{
    GG_TRY(auth_note(call, call->user.id, AUTH_SECURITY_LOGIN_FAILED, "asked again in an open session"));
    return gg_fail(call, &AUTH_BAD_CREDENTIALS, "the password is wrong");
}

static enum gg_status compare(struct gg_call *call)
{
    const struct auth_again_state *state = gg_call_kept(call);
    const char *password = state->in->password;
    bool right = gg_password_verify(state->account.password, (struct gg_str){password, strlen(password)});

    return gg_continue(call, GG_POOL_DB, right ? succeeded : failed);
}

enum gg_status auth_again_ask(struct gg_call *call, struct auth_again_state *state, const struct auth_again *in,
                              bool password_will_do, gg_handler then)
{
    struct auth_budget tries = tries_of(call);
    bool right;

    state->in = in;
    state->then = then;
    GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &state->account));
    gg_call_keep(call, state);
    if (in && in->code && !gg_id_is_zero(in->code_request)) {
        GG_TRY(auth_code_right(call, in->code_request, in->code, state->account.phone, &right));
        if (!right)
            return gg_fail(call, &AUTH_BAD_CODE, "a code sent to your own phone is needed");
        state->by_phone = true;
        return then(call);
    }
    if (!in || !in->password || !password_will_do)
        return gg_fail(call, &AUTH_AGAIN_NEEDED,
                       password_will_do ? "send your password or a code sent to your phone"
                                        : "send a code sent to your phone");
    state->tried_at = gg_now();
    GG_TRY(auth_budgets_take(call->db, call->arena, &tries, 1, state->tried_at, NULL));
    if (tries.used > tries.limit) {
        gg_header(call, "Retry-After", "300");
        return gg_fail(call, &AUTH_THROTTLED, "try again in a while, or with a code sent to your phone");
    }
    return gg_continue(call, GG_POOL_CPU, compare);
}

enum gg_status auth_again_spend(struct gg_call *call, const struct auth_again_state *state, bool *yes)
{
    enum gg_status status = GG_OK;

    *yes = true;
    if (state->by_phone)
        status = auth_code_use(call->db, state->in->code_request, gg_now());
    if (status != GG_NOT_FOUND)
        return status;
    *yes = false;
    return gg_fail(call, &AUTH_BAD_CODE, "ask for a new code");
}
