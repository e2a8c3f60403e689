/* services/auth/sweep.c
 * What falls due: idle sessions, codes to forget, budgets to clean. */
#include "keys.h"
#include "leave.h"
#include "neighbour.h"
#include "order.h"

#include "libcommon/clock.h"

static enum gg_status end_idle_session(struct gg_due *due)
{
    struct auth_session_row session;
    struct auth_account account;
    enum gg_status status = auth_session_lock(due->db, due->arena, due->subject, &session);

    if (status == GG_NOT_FOUND || (status == GG_OK && session.ended))
        return GG_OK;
    GG_TRY(status);
    if (auth_session_end_at(&session) > gg_now()) /* refreshed since: a refresh does not write when it is to end */
        return gg_due_set(due->db, AUTH_DUE_SESSION, session.id, auth_session_end_at(&session));
    GG_TRY(auth_account_lock(due->db, due->arena, session.user, &account));
    return auth_end_session(due->db, &account, session.id, AUTH_END_EXPIRED);
}

static enum gg_status forget_code(struct gg_due *due)
{
    return auth_code_delete(due->db, due->subject);
}

static enum gg_status clean_budgets(struct gg_due *due)
{
    GG_TRY(auth_keys_forget(due->db));
    GG_TRY(auth_budgets_delete_expired(due->db, gg_now()));
    return gg_due_set(due->db, AUTH_DUE_CLEAN, due->subject, gg_now() + GG_HOUR);
}

const struct gg_due_kind auth_due_kinds[] = {
    {AUTH_DUE_SESSION, false, false, end_idle_session,
     "a session ends after 30 days without a refresh, and after a year"},
    {AUTH_DUE_CODE, false, false, forget_code, "an old code and its number are forgotten"},
    {AUTH_DUE_CLEAN, false, false, clean_budgets, "budgets of past windows are deleted, every hour"},
    {AUTH_DUE_SUSPENSION, false, false, auth_suspension_due, "a suspension ends by itself"},
    {AUTH_DUE_SECURITY_CLEAN, false, false, auth_security_clean_due, "security logs are kept for 180 days"},
    {AUTH_DUE_AREA, false, false, auth_area_due, "a neighbourhood has to be proved again after 30 days"},
    {AUTH_DUE_ANSWERS, true, false, auth_leave_silence_due,
     "a closing that deal or pay did not answer for a day is dropped"},
    {AUTH_DUE_PURGE, false, false, auth_leave_purge_due, "an account closed for 30 days is erased"},
    {AUTH_DUE_RECEIPTS, false, false, auth_leave_receipts_due, "a missing receipt of an erasure is complained about"},
};
const size_t auth_due_kinds_n = GG_LEN(auth_due_kinds);
