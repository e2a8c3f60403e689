/* services/pay/http_bank.c
 * Routes of bank accounts and withdrawals. */
#include "bank.h"
#include "config.h"
#include "libcommon/clock.h"
#include "proto/pay_proof.h"
#include "rooms.h"
#include "show.h"
#include "steps_withdraw.h"

#include <string.h>

static enum gg_status bank_down(struct gg_call *call)
{
    gg_header(call, "Retry-After", "5");
    return gg_fail(call, &PAY_BANK_DOWN, "Nothing has moved; the same request may be sent again.");
}

/* --- bank accounts --- */

static enum gg_status get_accounts(struct gg_call *call)
{
    struct pay_bank_account_list *out = call->out;
    struct pay_bank_account_row *rows;
    struct pay_bank_account *items;
    size_t n;

    GG_TRY(pay_bank_accounts_of(call->db, call->arena, call->user.id, &rows, &n));
    n = n < PAY_BANK_ACCOUNTS_MAX ? n : PAY_BANK_ACCOUNTS_MAX;
    items = GG_NEW_ARRAY(call->arena, struct pay_bank_account, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pay_show_bank_account(call->arena, &rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

/* The bank is asked before anything is locked. */
static enum gg_status add_account(struct gg_call *call)
{
    const struct pay_bank_account_create *in = call->in;
    struct pay_bank_account *out = call->out;
    struct pay_bank_target target = {in->bank, in->number, NULL};
    struct pay_bank_account_row row = {.id = gg_id_new(), .user = call->user.id, .added_at = gg_now()}, *rows;
    enum gg_status status;
    size_t n;

    status = pay_bank_name(call->arena, &target, &row.bank_name);
    if (status == GG_UNAVAILABLE)
        return bank_down(call);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &PAY_BANK_ACCOUNT_UNKNOWN, "The bank has no open account of this number.");
    GG_TRY(status);
    if (strcmp(target.holder, in->holder) != 0)
        return gg_fail(call, &PAY_HOLDER_MISMATCH, "The bank's name for the owner is another one.");
    GG_TRY(pay_bank_accounts_of(call->db, call->arena, call->user.id, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].bank, in->bank) == 0 && strcmp(rows[i].number, in->number) == 0) {
            gg_reply_status(call, 200);
            *out = pay_show_bank_account(call->arena, &rows[i]);
            return GG_OK;
        }
    if (n >= PAY_BANK_ACCOUNTS_MAX)
        return gg_fail(call, &PAY_BANK_ACCOUNTS_FULL, "Remove one first; there may be %d.", PAY_BANK_ACCOUNTS_MAX);
    row.bank = in->bank;
    row.number = in->number;
    row.holder = target.holder;
    GG_TRY(pay_bank_account_insert(call->db, &row));
    *out = pay_show_bank_account(call->arena, &row);
    return GG_OK;
}

static enum gg_status remove_account(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = pay_bank_account_remove(call->db, id, call->user.id, gg_now());
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "There is no such account of yours.");
    return status;
}

/* --- withdrawals --- */

static enum gg_status create_withdrawal(struct gg_call *call)
{
    const struct pay_withdrawal_create *in = call->in;
    struct pay_withdrawal_row row = {
        .user = call->user.id, .bank_account = in->bank_account, .amount = in->amount_won, .ended_at = GG_NONE};
    struct pay_bank_account_row account;
    struct pay_move move;
    char key[GG_ID_TEXT];
    bool dry = pay_dry(call);
    enum gg_status status = pay_bank_account_read(call->db, call->arena, in->bank_account, &account);

    if (status == GG_NOT_FOUND || (status == GG_OK && (account.removed || !gg_id_equal(account.user, call->user.id))))
        return gg_fail_field(call, "/bank_account", "unknown", "There is no such account of yours.");
    GG_TRY(status);
    if (in->amount_won < pay_config.limits.withdraw_min) {
        status = gg_fail(call, &PAY_LIMIT_EXCEEDED, "A withdrawal moves at least %" PRId64 " won.",
                         pay_config.limits.withdraw_min);
        gg_fail_param(call, "minimum", pay_config.limits.withdraw_min);
        return status;
    }
    gg_id_format(call->idempotency_key, key);
    row.id = gg_id_derive(call->user.id, gg_sprintf(call->arena, "pay.withdraw:%s", key));
    if (!pay_prove(call, "withdraw", account.id, row.amount, &status))
        return status;
    GG_TRY(pay_withdraw(call->db, call->arena, &row, &move));
    if (move.verdict != PAY_MOVE_OK)
        return pay_refuse_move(call, &move);
    row.bank = account.bank;
    row.number = account.number;
    *(struct pay_withdrawal *)call->out = pay_show_withdrawal(call->arena, &row);
    ((struct pay_withdrawal *)call->out)->dry_run = dry;
    return GG_OK;
}

static enum gg_status get_withdrawal(struct gg_call *call)
{
    struct pay_withdrawal_row row;
    enum gg_status status;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = pay_withdrawal_read(call->db, call->arena, id, &row);
    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(row.user, call->user.id)))
        return gg_fail(call, &GG_P_NOT_FOUND, "There is no such withdrawal of yours.");
    GG_TRY(status);
    *(struct pay_withdrawal *)call->out = pay_show_withdrawal(call->arena, &row);
    return GG_OK;
}

static enum gg_status get_withdrawals(struct gg_call *call)
{
    const struct pay_page_query *query = call->query;
    struct pay_withdrawal_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t before_at = GG_NONE;
    struct gg_id before = GG_ID_ZERO;
    struct pay_withdrawal_row *rows;
    struct pay_withdrawal *items;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before_at, 1, &before))
        return GG_OK;
    GG_TRY(pay_withdrawals_of(call->db, call->arena, call->user.id, before_at, before, (int64_t)limit + 1, &rows, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].created_at, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_withdrawal, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pay_show_withdrawal(call->arena, &rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static const struct gg_problem *const account_problems[] = {&PAY_BANK_ACCOUNT_UNKNOWN, &PAY_HOLDER_MISMATCH,
                                                            &PAY_BANK_ACCOUNTS_FULL, &PAY_BANK_DOWN, NULL};
static const struct gg_problem *const withdrawal_problems[] = {&PAY_ACCOUNT_STOPPED,  &PAY_INSUFFICIENT_FUNDS,
                                                               &PAY_LIMIT_EXCEEDED,   &PAY_WALLET_CLOSING,
                                                               &PAY_STEP_UP_REQUIRED, NULL};

const struct gg_route pay_bank_routes[] = {
    {.method = GG_GET,
     .path = "/v1/pay/bank-accounts",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_bank_account_list_msg,
     .status = 200,
     .handle = get_accounts,
     .summary = "One's bank accounts."},
    {.method = GG_POST,
     .path = "/v1/pay/bank-accounts",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_OUT,
     .in = &pay_bank_account_create_msg,
     .out = &pay_bank_account_msg,
     .status = 201,
     .rate = 20,
     .handle = add_account,
     .summary = "Registers a bank account, once the bank has confirmed whose it is.",
     .problems = account_problems},
    {.method = GG_DELETE,
     .path = "/v1/pay/bank-accounts/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = remove_account,
     .summary = "Removes a bank account; withdrawals under way to it go on."},
    {.method = GG_POST,
     .path = "/v1/pay/withdrawals",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .query = &pay_dry_query_msg,
     .in = &pay_withdrawal_create_msg,
     .out = &pay_withdrawal_msg,
     .status = 202,
     .rate = 20,
     .handle = create_withdrawal,
     .summary = "Pays out to a bank account of one's own.",
     .problems = withdrawal_problems},
    {.method = GG_GET,
     .path = "/v1/pay/withdrawals/:id",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_withdrawal_msg,
     .status = 200,
     .handle = get_withdrawal,
     .summary = "Where a withdrawal stands."},
    {.method = GG_GET,
     .path = "/v1/pay/withdrawals",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_page_query_msg,
     .out = &pay_withdrawal_list_msg,
     .status = 200,
     .handle = get_withdrawals,
     .summary = "One's withdrawals, newest first."},
};
const size_t pay_bank_routes_n = GG_LEN(pay_bank_routes);
