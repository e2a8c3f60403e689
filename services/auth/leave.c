/* services/auth/leave.c
 * Leaving. deal and pay say what is in flight; only when both have nothing the account is closed. For 30 days logging
 * in restores it; then it is erased here, everybody else is told to, and a receipt of each is kept. */
#include "leave.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "order.h"
#include "proto/chat.h"
#include "proto/deal_flow.h"
#include "proto/pay.h"
#include "proto/push.h"

#include <string.h>

static const char *const steps[] = {"clear", "in_flight", "withdraw", "silence", "return", "purge", "receipts", NULL};
static const struct gg_transition rows[] = {
    {AUTH_CLOSING_ASKED_STATE, AUTH_STEP_CLEAR, AUTH_CLOSING_CLOSED, "deal and pay have nothing in flight"},
    {AUTH_CLOSING_ASKED_STATE, AUTH_STEP_IN_FLIGHT, AUTH_CLOSING_IN_FLIGHT, "the list says what to settle first"},
    {AUTH_CLOSING_ASKED_STATE, AUTH_STEP_WITHDRAW, AUTH_CLOSING_WITHDRAWN, "the user stays"},
    {AUTH_CLOSING_ASKED_STATE, AUTH_STEP_SILENCE, AUTH_CLOSING_WITHDRAWN, "no answer for a day: nothing happens"},
    {AUTH_CLOSING_CLOSED, AUTH_STEP_RETURN, AUTH_CLOSING_RESTORED, "logged in within 30 days"},
    {AUTH_CLOSING_CLOSED, AUTH_STEP_PURGE, AUTH_CLOSING_ERASING, "30 days are over: erased here, told to all"},
    {AUTH_CLOSING_ERASING, AUTH_STEP_RECEIPTS, AUTH_CLOSING_ERASED, "every service has sent its receipt"},
};
const struct gg_fsm auth_closing_fsm = {"closing", auth_closing_state_names, steps, rows, GG_LEN(rows)};

/* Who sends a receipt, this service included. */
#define RECEIPTS 5

/* False when the closing is past this step: somebody was quicker, or an event came late. */
static bool step(struct auth_closing_row *closing, enum auth_closing_step event)
{
    int next = gg_fsm_next(&auth_closing_fsm, closing->state, event);

    if (next < 0)
        return false;
    closing->state = next;
    return true;
}

static enum gg_status tell(struct gg_db *db, struct auth_account *account, struct gg_id closing,
                           const struct gg_event_type *type)
{
    account->version++;
    GG_TRY(auth_account_touch(db, account));
    return gg_emit(db, type, account->id, account->version, &(struct auth_closing_event){account->id, closing});
}

/* (tx) Locks the account of a closing, then the closing. */
static enum gg_status lock_both(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct auth_account *account,
                                struct auth_closing_row *closing)
{
    GG_TRY(auth_closing_read(db, arena, id, closing));
    GG_TRY(auth_account_lock(db, arena, closing->user, account));
    return auth_closing_lock(db, arena, id, closing);
}

enum gg_status auth_leave_ask(struct gg_db *db, struct auth_account *account, struct auth_closing_row *closing)
{
    *closing = (struct auth_closing_row){
        .id = gg_id_new(),
        .user = account->id,
        .state = AUTH_CLOSING_ASKED_STATE,
        .asked_at = gg_now(),
        .closed_at = GG_NONE,
        .purge_at = GG_NONE,
    };
    GG_TRY(auth_closing_insert(db, closing));
    account->closing = closing->id;
    GG_TRY(auth_account_closing_write(db, account));
    GG_TRY(gg_due_set(db, AUTH_DUE_ANSWERS, closing->id, gg_now() + AUTH_ANSWER_MS));
    return tell(db, account, closing->id, &AUTH_CLOSING_ASKED);
}

/* (tx) The account stays open: asked for and not done. */
static enum gg_status stay(struct gg_db *db, struct auth_account *account, struct auth_closing_row *closing)
{
    GG_TRY(auth_closing_write(db, closing));
    GG_TRY(gg_due_clear(db, AUTH_DUE_ANSWERS, closing->id));
    return tell(db, account, closing->id, &AUTH_CLOSING_CANCELLED);
}

/* (tx) Both have answered, and nothing is in flight. */
static enum gg_status close_account(struct gg_db *db, struct auth_account *account, struct auth_closing_row *closing)
{
    closing->closed_at = gg_now();
    closing->purge_at = gg_now() + AUTH_RESTORE_MS;
    account->closed_at = closing->closed_at;
    GG_TRY(auth_closing_write(db, closing));
    GG_TRY(auth_account_closing_write(db, account));
    GG_TRY(gg_due_clear(db, AUTH_DUE_ANSWERS, closing->id));
    GG_TRY(gg_due_set(db, AUTH_DUE_PURGE, closing->id, closing->purge_at));
    GG_TRY(auth_security_note(db, account->id, AUTH_SECURITY_CLOSED, NULL, NULL, NULL));
    GG_TRY(auth_end_all_sessions(db, account, AUTH_END_LOGOUT));
    return tell(db, account, closing->id, &AUTH_USER_CLOSED);
}

enum gg_status auth_leave_withdraw(struct gg_db *db, struct gg_arena *arena, struct auth_account *account)
{
    struct auth_closing_row closing;

    if (gg_id_is_zero(account->closing))
        return GG_NOT_FOUND;
    GG_TRY(auth_closing_lock(db, arena, account->closing, &closing));
    return step(&closing, AUTH_STEP_WITHDRAW) ? stay(db, account, &closing) : GG_NOT_FOUND;
}

enum gg_status auth_leave_restore(struct gg_call *call, struct auth_account *account)
{
    struct auth_closing_row closing;

    if (account->closed_at == GG_NONE)
        return GG_OK;
    GG_TRY(auth_closing_lock(call->db, call->arena, account->closing, &closing));
    if (!step(&closing, AUTH_STEP_RETURN))
        return GG_OK;
    account->closed_at = GG_NONE;
    GG_TRY(auth_closing_write(call->db, &closing));
    GG_TRY(auth_account_closing_write(call->db, account));
    GG_TRY(gg_due_clear(call->db, AUTH_DUE_PURGE, closing.id));
    GG_TRY(auth_note(call, account->id, AUTH_SECURITY_RESTORED, NULL));
    return tell(call->db, account, closing.id, &AUTH_USER_RESTORED);
}

/* --- what the others say --- */

static enum gg_status on_answer(struct gg_event *event, const char *service, bool *answered,
                                struct auth_closing_row *closing, struct auth_account *account)
{
    const struct auth_closing_answer *data = event->data;
    struct auth_in_flight *items;
    size_t n;

    if (closing->state != AUTH_CLOSING_ASKED_STATE || *answered)
        return GG_OK;
    *answered = true;
    GG_TRY(auth_closing_items_insert(event->db, closing->id, service, data->items.items, data->items.n));
    if (!closing->deal_answered || !closing->pay_answered)
        return auth_closing_write(event->db, closing);
    GG_TRY(auth_closing_items(event->db, event->arena, closing->id, &items, &n));
    if (n == 0 && step(closing, AUTH_STEP_CLEAR))
        return close_account(event->db, account, closing);
    if (n > 0 && step(closing, AUTH_STEP_IN_FLIGHT))
        return stay(event->db, account, closing);
    return GG_OK;
}

static enum gg_status begin(struct gg_event *event, struct gg_id id, struct auth_account *account,
                            struct auth_closing_row *closing)
{
    enum gg_status status = lock_both(event->db, event->arena, id, account, closing);

    if (status == GG_NOT_FOUND)
        gg_warn("closing_unknown", "an answer for a closing that nobody asked for");
    return status;
}

static enum gg_status on_deal_answered(struct gg_event *event)
{
    const struct auth_closing_answer *data = event->data;
    struct auth_account account;
    struct auth_closing_row closing;
    enum gg_status status = begin(event, data->closing, &account, &closing);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    return on_answer(event, "deal", &closing.deal_answered, &closing, &account);
}

static enum gg_status on_pay_answered(struct gg_event *event)
{
    const struct auth_closing_answer *data = event->data;
    struct auth_account account;
    struct auth_closing_row closing;
    enum gg_status status = begin(event, data->closing, &account, &closing);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    return on_answer(event, "pay", &closing.pay_answered, &closing, &account);
}

/* (tx) Writes a receipt down; the last one ends the story. */
static enum gg_status take_receipt(struct gg_db *db, struct gg_arena *arena, struct auth_closing_row *closing,
                                   const char *service, int64_t count)
{
    struct auth_receipt *receipts;
    enum gg_status status = auth_receipt_insert(db, closing->id, service, count, gg_now());
    size_t n;

    if (status == GG_DUPLICATE)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(auth_receipts(db, arena, closing->id, &receipts, &n));
    if (n < RECEIPTS || !step(closing, AUTH_STEP_RECEIPTS))
        return GG_OK;
    GG_TRY(gg_due_clear(db, AUTH_DUE_RECEIPTS, closing->id));
    return auth_closing_write(db, closing);
}

static enum gg_status on_receipt(struct gg_event *event, const char *service)
{
    const struct auth_purge_receipt *data = event->data;
    struct auth_account account;
    struct auth_closing_row closing;
    enum gg_status status = begin(event, data->closing, &account, &closing);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    return take_receipt(event->db, event->arena, &closing, service, data->rows);
}

static enum gg_status on_deal_receipt(struct gg_event *event)
{
    return on_receipt(event, "deal");
}
static enum gg_status on_pay_receipt(struct gg_event *event)
{
    return on_receipt(event, "pay");
}
static enum gg_status on_chat_receipt(struct gg_event *event)
{
    return on_receipt(event, "chat");
}
static enum gg_status on_push_receipt(struct gg_event *event)
{
    return on_receipt(event, "push");
}

const struct gg_consumes auth_consumes[] = {
    {&DEAL_CLOSING_ANSWERED_EVENT, on_deal_answered},
    {&PAY_CLOSING_ANSWERED, on_pay_answered},
    {&DEAL_USER_PURGED_EVENT, on_deal_receipt},
    {&PAY_USER_PURGED, on_pay_receipt},
    {&CHAT_USER_PURGED, on_chat_receipt},
    {&PUSH_USER_PURGED, on_push_receipt},
};
const size_t auth_consumes_n = GG_LEN(auth_consumes);

/* --- what falls due --- */

enum gg_status auth_leave_silence_due(struct gg_due *due)
{
    struct auth_account account;
    struct auth_closing_row closing;
    enum gg_status status = lock_both(due->db, due->arena, due->subject, &account, &closing);

    if (status == GG_NOT_FOUND || (status == GG_OK && !step(&closing, AUTH_STEP_SILENCE)))
        return GG_OK;
    GG_TRY(status);
    gg_warn("closing_silence", "deal or pay did not answer; the account stays");
    return stay(due->db, &account, &closing);
}

enum gg_status auth_leave_purge_due(struct gg_due *due)
{
    struct auth_account account;
    struct auth_closing_row closing;
    enum gg_status status = lock_both(due->db, due->arena, due->subject, &account, &closing);
    int64_t count;

    if (status == GG_NOT_FOUND || (status == GG_OK && !step(&closing, AUTH_STEP_PURGE)))
        return GG_OK;
    GG_TRY(status);
    GG_TRY(auth_account_purge(due->db, account.id, gg_now(), &count));
    GG_TRY(auth_closing_write(due->db, &closing));
    GG_TRY(tell(due->db, &account, closing.id, &AUTH_USER_PURGED));
    GG_TRY(gg_due_set(due->db, AUTH_DUE_RECEIPTS, closing.id, gg_now() + AUTH_RECEIPTS_MS));
    gg_info("account_purged", "%" PRId64 " rows", count);
    return take_receipt(due->db, due->arena, &closing, "auth", count);
}

/* A receipt that does not come is for the operator: the event is there, somebody does not read it. */
enum gg_status auth_leave_receipts_due(struct gg_due *due)
{
    struct auth_closing_row closing;
    char id[GG_ID_TEXT];
    enum gg_status status = auth_closing_read(due->db, due->arena, due->subject, &closing);

    if (status == GG_NOT_FOUND || (status == GG_OK && closing.state != AUTH_CLOSING_ERASING))
        return GG_OK;
    GG_TRY(status);
    gg_id_format(closing.id, id);
    gg_error("purge_incomplete", "closing %s: a service has not sent its receipt for a day", id);
    return gg_due_set(due->db, AUTH_DUE_RECEIPTS, closing.id, gg_now() + AUTH_RECEIPTS_MS);
}
