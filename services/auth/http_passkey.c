/* services/auth/http_passkey.c
 * Passkeys: making, logging in with, and agreeing to one act with them. A challenge is taken before anything is
 * compared, so that it serves once. */
#include "again.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/service.h"
#include "order.h"
#include "passkey.h"
#include "recover.h"
#include "step_up.h"
#include "store_passkey.h"
#include "webauthn.h"

#include <string.h>

#define CHALLENGE_MS (5 * GG_MINUTE)
#define PASSKEYS_MAX 20
#define RP_NAME      "공구마켓"

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

/* Ours, as browsers see it: the host of PUBLIC_URL without its port. */
static struct auth_relying_party party(struct gg_call *call)
{
    const char *origin = auth_config.passkey_origin[0] ? auth_config.passkey_origin : gg_public_url();
    const char *host = strstr(origin, "://");

    host = host ? host + 3 : origin;
    return (struct auth_relying_party){gg_strndup(call->arena, host, strcspn(host, ":/")), origin};
}

/* Begins a ceremony: call->out gets its options. */
static enum gg_status begin(struct gg_call *call, int purpose, struct gg_id user, const uint8_t *act)
{
    struct auth_passkey_options *out = call->out;
    struct auth_challenge challenge = {
        .id = gg_id_new(), .purpose = purpose, .user = user, .expires_at = gg_now() + CHALLENGE_MS};
    struct auth_passkey_row *passkeys;
    const char **ids;
    size_t n = 0;

    gg_random(challenge.challenge, sizeof(challenge.challenge));
    if (act)
        memcpy(challenge.act, act, sizeof(challenge.act));
    GG_TRY(auth_challenge_insert(call->db, &challenge, gg_now()));
    if (!gg_id_is_zero(user))
        GG_TRY(auth_passkeys_of(call->db, call->arena, user, &passkeys, &n));
    ids = GG_NEW_ARRAY(call->arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = gg_base64url(call->arena, passkeys[i].credential.p, passkeys[i].credential.n);
    out->challenge_id = challenge.id;
    out->challenge = gg_base64url(call->arena, challenge.challenge, sizeof(challenge.challenge));
    out->rp_id = party(call).id;
    out->rp_name = RP_NAME;
    out->credentials = (struct gg_list){ids, n};
    out->expires_at = challenge.expires_at;
    return GG_OK;
}

/* --- making one --- */

static enum gg_status making_write(struct gg_call *call)
{
    const struct auth_again_state *state = gg_call_kept(call);
    struct auth_passkey_options *out = call->out;
    bool yes;

    GG_TRY(auth_again_spend(call, state, &yes));
    if (!yes)
        return GG_OK;
    GG_TRY(begin(call, AUTH_CHALLENGE_REGISTER, call->user.id, NULL));
    if (out->credentials.n >= PASSKEYS_MAX)
        return gg_fail(call, &AUTH_TOO_MANY_PASSKEYS, "remove one first");
    out->user_handle = gg_base64url(call->arena, call->user.id.b, sizeof(call->user.id.b));
    out->user_name = state->account.login_id ? state->account.login_id : state->account.nickname;
    return GG_OK;
}

static enum gg_status making_allowed(struct gg_call *call)
{
    return gg_call_tx(call, making_write);
}

static enum gg_status making_options(struct gg_call *call)
{
    const struct auth_passkey_ask *in = call->in;

    return auth_again_ask(call, GG_NEW(call->arena, struct auth_again_state), in->again, true, making_allowed);
}

static bool decode(struct gg_call *call, const char *text, struct gg_str *bytes)
{
    return gg_base64url_decode(call->arena, str(text), bytes);
}

static enum gg_status insert(struct gg_call *call)
{
    const struct auth_passkey_row *passkey = gg_call_kept(call);
    enum gg_status status = auth_passkey_insert(call->db, passkey);

    if (status == GG_DUPLICATE)
        return gg_fail(call, &AUTH_PASSKEY_TAKEN, "this authenticator has a passkey for an account here");
    GG_TRY(status);
    return auth_note(call, call->user.id, AUTH_SECURITY_PASSKEY, passkey->name);
}

static enum gg_status make(struct gg_call *call)
{
    const struct auth_passkey_new *in = call->in;
    const struct auth_relying_party ours = party(call);
    struct auth_passkey *out = call->out;
    struct auth_passkey_row *passkey = GG_NEW(call->arena, struct auth_passkey_row);
    struct auth_new_credential credential;
    struct auth_challenge challenge;
    struct gg_str client, attestation;
    const char *reason;
    enum gg_status status =
        auth_challenge_take(call->db, call->arena, in->challenge_id, AUTH_CHALLENGE_REGISTER, gg_now(), &challenge);

    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(challenge.user, call->user.id)))
        return gg_fail(call, &AUTH_BAD_PASSKEY, "the challenge is unknown, used or over");
    GG_TRY(status);
    if (!decode(call, in->client_data, &client) || !decode(call, in->attestation, &attestation))
        return gg_fail(call, &AUTH_BAD_PASSKEY, "the base64url is malformed");
    reason = auth_webauthn_register(call->arena, &ours, challenge.challenge, client, attestation, &credential);
    if (reason)
        return gg_fail(call, &AUTH_BAD_PASSKEY, "%s", reason);
    *passkey = (struct auth_passkey_row){
        .id = gg_id_new(),
        .user = call->user.id,
        .credential = credential.id,
        .counter = credential.counter,
        .name = in->name,
        .made_at = gg_now(),
    };
    memcpy(passkey->point, credential.point, sizeof(passkey->point));
    gg_call_keep(call, passkey);
    GG_TRY(gg_call_tx(call, insert));
    *out = (struct auth_passkey){passkey->id, passkey->name, passkey->made_at, GG_NONE};
    return GG_OK;
}

/* --- using one --- */

struct use {
    struct auth_passkey_row passkey;
    struct auth_challenge challenge;
    int64_t counter;
};

/* Takes the challenge and checks the assertion; false in `yes`, with the problem set, when it does not hold. */
static enum gg_status check(struct gg_call *call, const struct auth_passkey_assertion *in, int purpose, struct use *use,
                            bool *yes)
{
    const struct auth_relying_party ours = party(call);
    struct gg_str credential, client, data, signature;
    const char *reason = NULL;
    enum gg_status status =
        auth_challenge_take(call->db, call->arena, in->challenge_id, purpose, gg_now(), &use->challenge);

    *yes = false;
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_PASSKEY, "the challenge is unknown, used or over");
    GG_TRY(status);
    if (!decode(call, in->credential, &credential) || !decode(call, in->client_data, &client) ||
        !decode(call, in->authenticator_data, &data) || !decode(call, in->signature, &signature))
        return gg_fail(call, &AUTH_BAD_PASSKEY, "the base64url is malformed");
    status = auth_passkey_by_credential(call->db, call->arena, credential, &use->passkey);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_BAD_PASSKEY, "this passkey is not known here");
    GG_TRY(status);
    use->counter = use->passkey.counter;
    reason = auth_webauthn_assert(call->arena, &ours, use->challenge.challenge, client, data, signature,
                                  use->passkey.point, &use->counter);
    if (reason) {
        gg_warn("passkey_refused", "%s", reason);
        return gg_fail(call, &AUTH_BAD_PASSKEY, "%s", reason);
    }
    *yes = true;
    gg_call_keep(call, use);
    return GG_OK;
}

/* (tx) */
static enum gg_status mark_used(struct gg_call *call, const struct use *use, bool *yes)
{
    enum gg_status status = auth_passkey_used(call->db, use->passkey.id, use->counter, gg_now());

    *yes = status == GG_OK;
    return status == GG_NOT_FOUND ? gg_fail(call, &AUTH_BAD_PASSKEY, "it was used or removed at the same time")
                                  : status;
}

static enum gg_status login_options(struct gg_call *call)
{
    return begin(call, AUTH_CHALLENGE_LOGIN, GG_ID_ZERO, NULL);
}

static enum gg_status login_write(struct gg_call *call)
{
    const struct use *use = gg_call_kept(call);
    struct auth_account account;
    bool yes;

    GG_TRY(auth_account_lock(call->db, call->arena, use->passkey.user, &account));
    GG_TRY(mark_used(call, use, &yes));
    if (!yes)
        return GG_OK;
    GG_TRY(auth_recovery_stop(call, account.id));
    return auth_open_session(call, &account);
}

static enum gg_status login(struct gg_call *call)
{
    bool yes;

    GG_TRY(check(call, call->in, AUTH_CHALLENGE_LOGIN, GG_NEW(call->arena, struct use), &yes));
    return yes ? gg_call_tx(call, login_write) : GG_OK;
}

static enum gg_status step_up_options(struct gg_call *call)
{
    uint8_t digest[GG_SHA256];
    struct gg_act act;

    auth_act_of(call->in, &act);
    gg_act_digest(&act, digest);
    return begin(call, AUTH_CHALLENGE_STEP_UP, call->user.id, digest);
}

static enum gg_status step_up_write(struct gg_call *call)
{
    const struct auth_passkey_step_up *in = call->in;
    const struct use *use = gg_call_kept(call);
    bool yes;

    GG_TRY(mark_used(call, use, &yes));
    if (yes)
        auth_give_proof(call, &in->act);
    return GG_OK;
}

static enum gg_status step_up(struct gg_call *call)
{
    const struct auth_passkey_step_up *in = call->in;
    struct use *use = GG_NEW(call->arena, struct use);
    uint8_t digest[GG_SHA256];
    struct gg_act act;
    bool yes;

    GG_TRY(check(call, &in->assertion, AUTH_CHALLENGE_STEP_UP, use, &yes));
    if (!yes)
        return GG_OK;
    auth_act_of(&in->act, &act);
    gg_act_digest(&act, digest);
    if (!gg_id_equal(use->challenge.user, call->user.id) || !gg_id_equal(use->passkey.user, call->user.id) ||
        !gg_secret_equal(digest, use->challenge.act, sizeof(digest)))
        return gg_fail(call, &AUTH_BAD_PASSKEY, "the passkey agreed to another act, or is another's");
    return gg_call_tx(call, step_up_write);
}

/* --- one's passkeys --- */

static enum gg_status list(struct gg_call *call)
{
    struct auth_passkey_list *out = call->out;
    struct auth_passkey_row *passkeys;
    struct auth_passkey *items;
    size_t n;

    GG_TRY(auth_passkeys_of(call->db, call->arena, call->user.id, &passkeys, &n));
    n = n < PASSKEYS_MAX ? n : PASSKEYS_MAX;
    items = GG_NEW_ARRAY(call->arena, struct auth_passkey, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct auth_passkey){passkeys[i].id, passkeys[i].name, passkeys[i].made_at, passkeys[i].used_at};
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status rename_one(struct gg_call *call)
{
    const struct auth_passkey_name *in = call->in;
    enum gg_status status;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = auth_passkey_rename(call->db, call->user.id, id, in->name);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "you have no such passkey") : status;
}

static enum gg_status remove_one(struct gg_call *call)
{
    enum gg_status status;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = auth_passkey_delete(call->db, call->user.id, id);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "you have no such passkey");
    GG_TRY(status);
    return auth_note(call, call->user.id, AUTH_SECURITY_PASSKEY, "removed");
}

static const struct gg_problem *const ask_problems[] = {&AUTH_AGAIN_NEEDED, &AUTH_BAD_CREDENTIALS,   &AUTH_BAD_CODE,
                                                        &AUTH_THROTTLED,    &AUTH_TOO_MANY_PASSKEYS, NULL};
static const struct gg_problem *const make_problems[] = {&AUTH_BAD_PASSKEY, &AUTH_PASSKEY_TAKEN, NULL};
static const struct gg_problem *const use_problems[] = {&AUTH_BAD_PASSKEY, &AUTH_SUSPENDED, NULL};

const struct gg_route auth_passkey_routes[] = {
    {.method = GG_POST,
     .path = "/v1/auth/passkeys/options",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_passkey_ask_msg,
     .out = &auth_passkey_options_msg,
     .status = 200,
     .rate = 60,
     .handle = making_options,
     .summary = "Begin to make a passkey",
     .problems = ask_problems},
    {.method = GG_POST,
     .path = "/v1/auth/passkeys",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_passkey_new_msg,
     .out = &auth_passkey_msg,
     .status = 201,
     .rate = 60,
     .handle = make,
     .summary = "Keep a passkey that was made",
     .problems = make_problems},
    {.method = GG_GET,
     .path = "/v1/auth/passkeys",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_passkey_list_msg,
     .status = 200,
     .handle = list,
     .summary = "List one's passkeys"},
    {.method = GG_PATCH,
     .path = "/v1/auth/passkeys/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_passkey_name_msg,
     .status = 204,
     .handle = rename_one,
     .summary = "Rename a passkey"},
    {.method = GG_DELETE,
     .path = "/v1/auth/passkeys/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = remove_one,
     .summary = "Remove a passkey"},
    {.method = GG_POST,
     .path = "/v1/auth/passkeys/login/options",
     .pool = GG_POOL_DB,
     .out = &auth_passkey_options_msg,
     .status = 200,
     .rate = 120,
     .handle = login_options,
     .summary = "Begin a log-in by passkey"},
    {.method = GG_POST,
     .path = "/v1/auth/passkeys/login",
     .pool = GG_POOL_DB,
     .in = &auth_passkey_assertion_msg,
     .out = &auth_token_msg,
     .status = 200,
     .rate = 120,
     .handle = login,
     .summary = "Log in by passkey",
     .problems = use_problems},
    {.method = GG_POST,
     .path = "/v1/auth/step-up/options",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_step_up_act_msg,
     .out = &auth_passkey_options_msg,
     .status = 200,
     .rate = 60,
     .handle = step_up_options,
     .summary = "Begin to agree to one act by passkey"},
    {.method = GG_POST,
     .path = "/v1/auth/step-up/passkey",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_passkey_step_up_msg,
     .out = &auth_step_up_proof_msg,
     .status = 200,
     .rate = 60,
     .handle = step_up,
     .summary = "Agree to one act by passkey; the proof is good for it, once",
     .problems = use_problems},
};
const size_t auth_passkey_routes_n = GG_LEN(auth_passkey_routes);
