/* services/auth/order.c
 * Steps that keep order: who may enter, suspension and its end, roles. */
#include "order.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/session.h"

bool auth_suspended(const struct auth_account *account, int64_t now)
{
    return account->suspended_at != GG_NONE && (account->suspended_until == GG_NONE || account->suspended_until > now);
}

bool auth_may_enter(struct gg_call *call, const struct auth_account *account)
{
    char until[GG_TIME_TEXT];

    if (!auth_suspended(account, gg_now()))
        return true;
    if (account->suspended_until == GG_NONE) {
        gg_fail(call, &AUTH_SUSPENDED, "suspended until further notice: %s", account->suspended_for);
        return false;
    }
    gg_time_format(account->suspended_until, until);
    gg_fail(call, &AUTH_SUSPENDED, "suspended until %s: %s", until, account->suspended_for);
    gg_fail_param(call, "until", account->suspended_until);
    return false;
}

enum gg_status auth_note(struct gg_call *call, struct gg_id user, enum auth_security_kind kind, const char *note)
{
    char device[AUTH_DEVICE_LENGTH];

    auth_device_name(call->user_agent, device);
    return auth_security_note(call->db, user, kind, device, call->address, note);
}

enum gg_status auth_end_all_sessions(struct gg_db *db, struct auth_account *account, int reason)
{
    GG_TRY(auth_sessions_close_all(db, account->id, GG_ID_ZERO, reason, gg_now()));
    account->version++;
    account->session_version++;
    GG_TRY(auth_account_touch(db, account));
    GG_TRY(gg_session_end(db, account->id, GG_ID_ZERO, account->session_version));
    return gg_emit(db, &AUTH_SESSION_ENDED, account->id, account->version,
                   &(struct auth_session_ended){account->id, GG_ID_ZERO, account->session_version, reason});
}

static enum gg_status emit_suspension(struct gg_db *db, struct auth_account *account, const struct gg_event_type *type)
{
    account->version++;
    GG_TRY(auth_account_touch(db, account));
    return gg_emit(db, type, account->id, account->version,
                   &(struct auth_suspension_event){account->id, account->suspended_for, account->suspended_until});
}

enum gg_status auth_suspend_account(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                    struct auth_account *account, const struct auth_suspend *how)
{
    account->suspended_at = gg_now();
    account->suspended_until = how->until;
    account->suspended_for = how->reason;
    GG_TRY(auth_order_write(db, account));
    if (how->until == GG_NONE)
        GG_TRY(gg_due_clear(db, AUTH_DUE_SUSPENSION, account->id));
    else
        GG_TRY(gg_due_set(db, AUTH_DUE_SUSPENSION, account->id, how->until));
    GG_TRY(emit_suspension(db, account, &AUTH_USER_SUSPENDED));
    GG_TRY(auth_end_all_sessions(db, account, AUTH_END_SUSPENDED));
    GG_TRY(auth_security_note(db, account->id, AUTH_SECURITY_SUSPENDED, NULL, NULL, how->reason));
    return auth_admin_note(db, arena,
                           &(struct auth_admin_entry){.at = gg_now(),
                                                      .admin = act->admin,
                                                      .action = AUTH_ADMIN_SUSPENDED,
                                                      .user = account->id,
                                                      .report = act->report,
                                                      .until = how->until,
                                                      .reason = how->reason});
}

enum gg_status auth_unsuspend_account(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                      struct auth_account *account, const char *reason)
{
    account->suspended_at = account->suspended_until = GG_NONE;
    account->suspended_for = NULL;
    GG_TRY(auth_order_write(db, account));
    GG_TRY(gg_due_clear(db, AUTH_DUE_SUSPENSION, account->id));
    GG_TRY(emit_suspension(db, account, &AUTH_USER_UNSUSPENDED));
    GG_TRY(auth_security_note(db, account->id, AUTH_SECURITY_UNSUSPENDED, NULL, NULL, reason));
    if (!act)
        return GG_OK;
    return auth_admin_note(db, arena,
                           &(struct auth_admin_entry){.at = gg_now(),
                                                      .admin = act->admin,
                                                      .action = AUTH_ADMIN_UNSUSPENDED,
                                                      .user = account->id,
                                                      .until = GG_NONE,
                                                      .reason = reason});
}

enum gg_status auth_set_admin(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                              struct auth_account *account, bool admin, const char *reason)
{
    account->admin = admin;
    GG_TRY(auth_order_write(db, account));
    if (!admin)
        GG_TRY(auth_end_all_sessions(db, account, AUTH_END_LOGOUT));
    GG_TRY(auth_security_note(db, account->id, AUTH_SECURITY_ROLE, NULL, NULL, admin ? "admin" : "member"));
    return auth_admin_note(db, arena,
                           &(struct auth_admin_entry){.at = gg_now(),
                                                      .admin = act->admin,
                                                      .action = admin ? AUTH_ADMIN_ROLE_GIVEN : AUTH_ADMIN_ROLE_TAKEN,
                                                      .user = account->id,
                                                      .until = GG_NONE,
                                                      .reason = reason});
}

enum gg_status auth_end_sessions_by(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                    struct auth_account *account)
{
    GG_TRY(auth_end_all_sessions(db, account, AUTH_END_LOGOUT));
    GG_TRY(auth_security_note(db, account->id, AUTH_SECURITY_LOGOUT, NULL, NULL, "by an admin, on all devices"));
    return auth_admin_note(db, arena,
                           &(struct auth_admin_entry){.at = gg_now(),
                                                      .admin = act->admin,
                                                      .action = AUTH_ADMIN_SESSIONS_ENDED,
                                                      .user = account->id,
                                                      .until = GG_NONE,
                                                      .reason = "all sessions ended"});
}

enum gg_status auth_suspension_due(struct gg_due *due)
{
    struct auth_account account;
    enum gg_status status = auth_account_lock(due->db, due->arena, due->subject, &account);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (account.suspended_at == GG_NONE || auth_suspended(&account, gg_now()))
        return GG_OK;
    gg_info("suspension_over", "a suspension has ended by itself");
    return auth_unsuspend_account(due->db, due->arena, NULL, &account, "the time is over");
}

enum gg_status auth_security_clean_due(struct gg_due *due)
{
    GG_TRY(auth_security_delete_before(due->db, gg_now() - AUTH_SECURITY_MS));
    return gg_due_set(due->db, AUTH_DUE_SECURITY_CLEAN, due->subject, gg_now() + GG_HOUR);
}
