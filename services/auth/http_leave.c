/* services/auth/http_leave.c
 * Closing one's account, watching how far that is, and taking along what is known of one. */
#include "again.h"
#include "leave.h"

#include "libcommon/clock.h"
#include "neighbour.h"
#include "order.h"

static enum gg_status view(struct gg_call *call, const struct auth_closing_row *closing, bool own)
{
    struct auth_closing *out = call->out;
    struct auth_receipt *receipts;
    struct auth_in_flight *items;

    *out = (struct auth_closing){
        .id = closing->id,
        .state = closing->state,
        .asked_at = closing->asked_at,
        .closed_at = closing->closed_at,
        .purge_at = closing->purge_at,
    };
    GG_TRY(auth_receipts(call->db, call->arena, closing->id, &receipts, &out->receipts.n));
    out->receipts.items = receipts;
    if (!own)
        return GG_OK;
    GG_TRY(auth_closing_items(call->db, call->arena, closing->id, &items, &out->in_flight.n));
    out->in_flight.items = items;
    return GG_OK;
}

/* --- asking: who it is is shown once more --- */

static enum gg_status ask_write(struct gg_call *call)
{
    struct auth_account account;
    struct auth_closing_row closing;
    bool shown;

    GG_TRY(auth_again_spend(call, gg_call_kept(call), &shown));
    if (!shown)
        return GG_OK;
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    if (account.admin)
        return gg_fail(call, &AUTH_IS_ADMIN, "let another admin take the role first");
    if (!gg_id_is_zero(account.closing)) {
        GG_TRY(auth_closing_lock(call->db, call->arena, account.closing, &closing));
        if (closing.state == AUTH_CLOSING_ASKED_STATE || closing.state == AUTH_CLOSING_CLOSED)
            return gg_fail(call, &AUTH_CLOSING_UNDER_WAY, "it was asked for already");
    }
    GG_TRY(auth_leave_ask(call->db, &account, &closing));
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_CLOSING, NULL));
    return view(call, &closing, true);
}

static enum gg_status ask_shown(struct gg_call *call)
{
    return gg_call_tx(call, ask_write);
}

static enum gg_status ask(struct gg_call *call)
{
    const struct auth_close *in = call->in;

    return auth_again_ask(call, GG_NEW(call->arena, struct auth_again_state), in->again, true, ask_shown);
}

static enum gg_status withdraw(struct gg_call *call)
{
    struct auth_account account;
    enum gg_status status;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_leave_withdraw(call->db, call->arena, &account);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "the account is not being closed");
    return status;
}

static enum gg_status closing_own(struct gg_call *call)
{
    struct auth_account account;
    struct auth_closing_row closing;

    GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &account));
    if (gg_id_is_zero(account.closing))
        return gg_fail(call, &GG_P_NOT_FOUND, "the account is not being closed");
    GG_TRY(auth_closing_read(call->db, call->arena, account.closing, &closing));
    return view(call, &closing, true);
}

/* For who has left: nothing but the state and the receipts, for whoever knows the 74 random bits of the id. */
static enum gg_status closing_by_id(struct gg_call *call)
{
    struct auth_closing_row closing;
    enum gg_status status;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = auth_closing_read(call->db, call->arena, id, &closing);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such closing");
    GG_TRY(status);
    return view(call, &closing, false);
}

/* --- what is known of one --- */

#define EXPORT_MAX 1000

static enum gg_status export_all(struct gg_call *call)
{
    struct auth_export *out = call->out;
    struct auth_account account;
    struct auth_session_row *sessions;
    struct auth_session *views;
    struct auth_neighbourhood *neighbourhoods;
    struct auth_block *blocks;
    struct auth_report *reports;
    struct auth_security_entry *entries;

    GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_EXPORT, NULL));
    GG_TRY(auth_sessions_open(call->db, call->arena, account.id, GG_NONE, GG_ID_ZERO, EXPORT_MAX, &sessions,
                              &out->sessions.n));
    views = GG_NEW_ARRAY(call->arena, struct auth_session, out->sessions.n);
    for (size_t i = 0; i < out->sessions.n; i++)
        views[i] = (struct auth_session){
            .id = sessions[i].id,
            .device = sessions[i].device,
            .address = sessions[i].address,
            .opened_at = sessions[i].opened_at,
            .seen_at = sessions[i].rotated_at,
            .current = gg_id_equal(sessions[i].id, call->user.session),
        };
    GG_TRY(auth_neighbourhoods(call->db, call->arena, account.id, gg_now(), &neighbourhoods, &out->neighbourhoods.n));
    GG_TRY(auth_blocks(call->db, call->arena, account.id, GG_NONE, GG_ID_ZERO, EXPORT_MAX, &blocks, &out->blocks.n));
    GG_TRY(auth_reports_by(call->db, call->arena, account.id, GG_ID_ZERO, EXPORT_MAX, &reports, &out->reports.n));
    for (size_t i = 0; i < out->reports.n; i++) {
        reports[i].reporter = GG_ID_ZERO;
        reports[i].decision = NULL;
    }
    GG_TRY(auth_security_read(call->db, call->arena, account.id, GG_ID_ZERO, EXPORT_MAX, &entries, &out->security.n));
    out->exported_at = gg_now();
    out->id = account.id;
    out->login_id = account.login_id;
    out->nickname = account.nickname;
    out->phone = account.phone;
    out->admin = account.admin;
    out->created_at = account.created_at;
    out->sessions.items = views;
    out->neighbourhoods.items = neighbourhoods;
    out->blocks.items = blocks;
    out->reports.items = reports;
    out->security.items = entries;
    gg_header(call, "Content-Disposition", "attachment; filename=\"gonggu-auth.json\"");
    gg_header(call, "Cache-Control", "no-store");
    return GG_OK;
}

static const struct gg_problem *const ask_problems[] = {&AUTH_AGAIN_NEEDED,
                                                        &AUTH_BAD_CREDENTIALS,
                                                        &AUTH_BAD_CODE,
                                                        &AUTH_THROTTLED,
                                                        &AUTH_CLOSING_UNDER_WAY,
                                                        &AUTH_IS_ADMIN,
                                                        NULL};
static const struct gg_problem *const none_problems[] = {&GG_P_NOT_FOUND, NULL};

const struct gg_route auth_leave_routes[] = {
    {.method = GG_POST,
     .path = "/v1/auth/closing",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .in = &auth_close_msg,
     .out = &auth_closing_msg,
     .status = 202,
     .rate = 20,
     .handle = ask,
     .summary = "Close the account, unless something is in flight",
     .problems = ask_problems},
    {.method = GG_GET,
     .path = "/v1/auth/closing",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_closing_msg,
     .status = 200,
     .handle = closing_own,
     .summary = "How far the newest closing is, and what is in its way",
     .problems = none_problems},
    {.method = GG_DELETE,
     .path = "/v1/auth/closing",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = withdraw,
     .summary = "Stay after all",
     .problems = none_problems},
    {.method = GG_GET,
     .path = "/v1/auth/closings/:id",
     .pool = GG_POOL_DB,
     .out = &auth_closing_msg,
     .status = 200,
     .rate = 60,
     .handle = closing_by_id,
     .summary = "State and receipts of a closing, for whoever knows its id"},
    {.method = GG_GET,
     .path = "/v1/auth/export",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_export_msg,
     .status = 200,
     .rate = 10,
     .handle = export_all,
     .summary = "Everything this service knows of the caller"},
};
const size_t auth_leave_routes_n = GG_LEN(auth_leave_routes);
