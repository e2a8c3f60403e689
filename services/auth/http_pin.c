/* services/auth/http_pin.c
 * The payment PIN, and the proof it gives for one act. A try is counted before the PIN is looked at, so that no number
 * of parallel guesses gets more than five. */
#include "again.h"
#include "pin.h"
#include "step_up.h"
#include "store_pin.h"

#include "libcommon/clock.h"
#include "libcommon/step_up.h"
#include "order.h"

#include <string.h>

static struct gg_str keyed(struct gg_call *call, const char *pin)
{
    const char *text = auth_pin_keyed(call->arena, auth_secret(), call->user.id, pin);

    return (struct gg_str){text, strlen(text)};
}

/* Counts a try and reads the hash. Without one to read, the problem is set. */
static enum gg_status take_try(struct gg_call *call, struct auth_pin_row *pin)
{
    enum gg_status status = auth_pin_try(call->db, call->arena, call->user.id, AUTH_PIN_TRIES, pin);

    if (status != GG_NOT_FOUND)
        return status;
    status = auth_pin_read(call->db, call->arena, call->user.id, pin);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_PIN_UNSET, "set a payment PIN first");
    GG_TRY(status);
    return gg_fail(call, &AUTH_PIN_LOCKED, "set a new one with a code sent to your phone");
}

/* What a wrong PIN is answered, after the try `pin->tries`. */
static enum gg_status wrong(struct gg_call *call, const struct auth_pin_row *pin)
{
    GG_TRY(auth_note(call, call->user.id, AUTH_SECURITY_PIN_FAILED, pin->tries == AUTH_PIN_TRIES ? "locked" : NULL));
    if (pin->tries >= AUTH_PIN_TRIES)
        return gg_fail(call, &AUTH_PIN_LOCKED, "set a new one with a code sent to your phone");
    gg_fail(call, &AUTH_PIN_WRONG, "the payment PIN is wrong");
    gg_fail_param(call, "tries_left", AUTH_PIN_TRIES - pin->tries);
    return GG_OK;
}

/* --- setting it: try or again (db), hash (cpu), write (db) --- */

struct pin_change {
    struct auth_again_state again; /* first: see again.h */
    struct auth_pin_row current;
    bool right;
    const char *hash;
};

static enum gg_status change_write(struct gg_call *call)
{
    const struct pin_change *change = gg_call_kept(call);
    struct auth_account account;
    bool yes;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_again_spend(call, &change->again, &yes));
    if (!yes)
        return GG_OK;
    GG_TRY(auth_pin_put(call->db, call->user.id, change->hash, gg_now()));
    return auth_note(call, call->user.id, AUTH_SECURITY_PIN, change->again.by_phone ? "by phone" : NULL);
}

static enum gg_status change_store(struct gg_call *call)
{
    const struct pin_change *change = gg_call_kept(call);

    return change->right ? gg_call_tx(call, change_write) : wrong(call, &change->current);
}

static enum gg_status change_hash(struct gg_call *call)
{
    const struct auth_pin_new *in = call->in;
    struct pin_change *change = gg_call_kept(call);

    change->right = !change->current.hash || gg_password_verify(change->current.hash, keyed(call, in->current_pin));
    if (change->right)
        change->hash = gg_password_hash(call->arena, keyed(call, in->pin));
    return gg_continue(call, GG_POOL_DB, change_store);
}

static enum gg_status change_allowed(struct gg_call *call)
{
    const struct auth_pin_new *in = call->in;
    struct pin_change *change = gg_call_kept(call);

    if (auth_pin_weak(in->pin, change->again.account.phone))
        return gg_fail_field(call, "/pin", "weak", "everybody tries this one first; choose another");
    return gg_continue(call, GG_POOL_CPU, change_hash);
}

static enum gg_status pin_put(struct gg_call *call)
{
    const struct auth_pin_new *in = call->in;
    struct pin_change *change = GG_NEW(call->arena, struct pin_change);
    struct auth_pin_row pin;
    enum gg_status status;

    if (in->current_pin) {
        if (auth_pin_weak(in->pin, NULL))
            return gg_fail_field(call, "/pin", "weak", "everybody tries this one first; choose another");
        GG_TRY(take_try(call, &change->current));
        if (gg_failed(call))
            return GG_OK;
        GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &change->again.account));
        gg_call_keep(call, change);
        return change_allowed(call);
    }
    status = auth_pin_read(call->db, call->arena, call->user.id, &pin);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    return auth_again_ask(call, &change->again, in->again, status == GG_NOT_FOUND, change_allowed);
}

static enum gg_status pin_get(struct gg_call *call)
{
    struct auth_pin_state *out = call->out;
    struct auth_pin_row pin;
    enum gg_status status = auth_pin_read(call->db, call->arena, call->user.id, &pin);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    out->set = true;
    out->locked = pin.tries >= AUTH_PIN_TRIES;
    out->tries_left = AUTH_PIN_TRIES - pin.tries;
    return GG_OK;
}

/* --- the proof: try (db), compare (cpu), sign (db) --- */

struct step_up {
    struct auth_pin_row pin;
    bool right;
};

void auth_act_of(const struct auth_step_up_act *in, struct gg_act *act)
{
    *act = (struct gg_act){
        .purpose = in->purpose,
        .payee = in->payee,
        .amount_won = in->amount_won,
        .deal = in->deal,
        .terms = in->terms == GG_NONE ? 0 : in->terms,
    };
}

void auth_give_proof(struct gg_call *call, const struct auth_step_up_act *in)
{
    struct auth_step_up_proof *out = call->out;
    struct gg_act act;

    auth_act_of(in, &act);
    out->proof = gg_step_up_sign(auth_signer, call->arena, &call->user, &act);
    out->expires_at = gg_now() + GG_STEP_UP_LIFE;
}

static enum gg_status step_up_decide(struct gg_call *call)
{
    const struct auth_step_up *in = call->in;
    const struct step_up *step_up = gg_call_kept(call);

    if (!step_up->right)
        return wrong(call, &step_up->pin);
    GG_TRY(auth_pin_right(call->db, call->user.id));
    auth_give_proof(call, &in->act);
    return GG_OK;
}

static enum gg_status step_up_compare(struct gg_call *call)
{
    const struct auth_step_up *in = call->in;
    struct step_up *step_up = gg_call_kept(call);

    step_up->right = gg_password_verify(step_up->pin.hash, keyed(call, in->pin));
    return gg_continue(call, GG_POOL_DB, step_up_decide);
}

static enum gg_status step_up_start(struct gg_call *call)
{
    const struct auth_step_up *in = call->in;
    struct step_up *step_up = GG_NEW(call->arena, struct step_up);

    if (!in->pin)
        return gg_fail_field(call, "/pin", "required", "the payment PIN is needed");
    GG_TRY(take_try(call, &step_up->pin));
    if (gg_failed(call))
        return GG_OK;
    gg_call_keep(call, step_up);
    return gg_continue(call, GG_POOL_CPU, step_up_compare);
}

static const struct gg_problem *const pin_problems[] = {
    &AUTH_AGAIN_NEEDED, &AUTH_BAD_CREDENTIALS, &AUTH_BAD_CODE,   &AUTH_THROTTLED,
    &AUTH_PIN_UNSET,    &AUTH_PIN_WRONG,       &AUTH_PIN_LOCKED, NULL};
static const struct gg_problem *const step_up_problems[] = {&AUTH_PIN_UNSET, &AUTH_PIN_WRONG, &AUTH_PIN_LOCKED, NULL};

const struct gg_route auth_pin_routes[] = {
    {.method = GG_GET,
     .path = "/v1/auth/pin",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_pin_state_msg,
     .status = 200,
     .handle = pin_get,
     .summary = "How one's payment PIN stands"},
    {.method = GG_PUT,
     .path = "/v1/auth/pin",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_pin_new_msg,
     .status = 204,
     .rate = 60,
     .handle = pin_put,
     .summary = "Set, change or reset the payment PIN",
     .problems = pin_problems},
    {.method = GG_POST,
     .path = "/v1/auth/step-up",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_step_up_msg,
     .out = &auth_step_up_proof_msg,
     .status = 200,
     .rate = 60,
     .handle = step_up_start,
     .summary = "Agree to one act by PIN; the proof is good for it, once",
     .problems = step_up_problems},
};
const size_t auth_pin_routes_n = GG_LEN(auth_pin_routes);
