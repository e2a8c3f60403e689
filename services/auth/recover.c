/* services/auth/recover.c
 * Getting back in by phone when stronger proofs are enrolled. */
#include "recover.h"

#include "libcommon/clock.h"
#include "order.h"
#include "store_account.h"
#include "throttle.h"

#include "proto/auth_account.h"

enum gg_status auth_recovery_refuse(struct gg_call *call, int64_t ready_at)
{
    gg_fail(
        call, &AUTH_RECOVERY_WAITS,
        "log in by passkey, use a device you have logged in with before, or come back with a new code after the wait");
    gg_fail_param(call, "ready_at", ready_at);
    return GG_OK;
}

/* (tx) Begins the waiting and tells the owner wherever he is. */
static enum gg_status begin(struct gg_call *call, struct auth_account *account, struct auth_recovery_row *row)
{
    *row = (struct auth_recovery_row){.asked_at = gg_now(), .ready_at = gg_now() + AUTH_RECOVERY_WAIT};
    row->until = row->ready_at + AUTH_RECOVERY_OPEN;
    GG_TRY(auth_recovery_put(call->db, account->id, row));
    GG_TRY(auth_note(call, account->id, AUTH_SECURITY_RECOVERY, "asked for by phone"));
    account->version++;
    GG_TRY(auth_account_touch(call->db, account));
    return gg_emit(call->db, &AUTH_RECOVERY_ASKED, account->id, account->version,
                   &(struct auth_recovery_event){account->id, row->ready_at});
}

enum gg_status auth_recovery_decide(struct gg_call *call, struct auth_account *account, int64_t *ready_at)
{
    struct auth_recovery_row row;
    enum gg_status status;
    bool guarded;

    *ready_at = GG_NONE;
    GG_TRY(auth_account_guarded(call->db, call->arena, account->id, &guarded));
    if (!guarded || auth_throttle_known_device(call, account->id))
        return GG_OK;
    status = auth_recovery_get(call->db, call->arena, account->id, &row);
    if (status == GG_NOT_FOUND || (status == GG_OK && row.until <= gg_now()))
        status = begin(call, account, &row);
    GG_TRY(status);
    if (row.ready_at > gg_now()) {
        *ready_at = row.ready_at;
        return GG_OK;
    }
    status = auth_recovery_delete(call->db, account->id);
    return status == GG_NOT_FOUND ? GG_OK : status;
}

enum gg_status auth_recovery_stop(struct gg_call *call, struct gg_id user)
{
    enum gg_status status = auth_recovery_delete(call->db, user);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    return auth_note(call, user, AUTH_SECURITY_RECOVERY, "stopped");
}

static enum gg_status get(struct gg_call *call)
{
    struct auth_recovery *out = call->out;
    struct auth_recovery_row row;
    enum gg_status status = auth_recovery_get(call->db, call->arena, call->user.id, &row);

    if (status == GG_NOT_FOUND || (status == GG_OK && row.until <= gg_now()))
        return gg_fail(call, &GG_P_NOT_FOUND, "nobody waits to get into your account by phone");
    GG_TRY(status);
    *out = (struct auth_recovery){row.asked_at, row.ready_at, row.until};
    return GG_OK;
}

static enum gg_status stop(struct gg_call *call)
{
    return auth_recovery_stop(call, call->user.id);
}

const struct gg_route auth_recovery_routes[] = {
    {.method = GG_GET,
     .path = "/v1/auth/recovery",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_recovery_msg,
     .status = 200,
     .handle = get,
     .summary = "Whether somebody with one's phone waits to get in"},
    {.method = GG_DELETE,
     .path = "/v1/auth/recovery",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = stop,
     .summary = "Stop whoever waits to get in by phone"},
};
const size_t auth_recovery_routes_n = GG_LEN(auth_recovery_routes);
