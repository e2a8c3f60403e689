/* services/pay/http_admin.c
 * Routes of administrators. One proposes, another decides; entries are added, never changed. */
#include "book.h"
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "proto/pay_proof.h"
#include "reconcile.h"
#include "rooms.h"
#include "steps_withdraw.h"
#include "store_admin.h"
#include "store_audit.h"

#include <string.h>

/* --- held for review --- */

static struct pay_review show_review(const struct pay_review_row *row)
{
    return (struct pay_review){
        .id = row->id,
        .kind = row->kind,
        .subject = row->subject,
        .user = row->user,
        .amount_won = row->amount,
        .detail = row->detail,
        .state = row->state,
        .opened_at = row->opened_at,
        .proposal = row->proposal,
        .reason = row->reason,
        .proposed_by = row->proposed_by,
        .decided_by = row->decided_by,
        .proposed_at = row->proposed_at,
        .decided_at = row->decided_at,
    };
}

static enum gg_status get_reviews(struct gg_call *call)
{
    const struct pay_review_query *query = call->query;
    struct pay_review_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t after_at = GG_NONE;
    struct gg_id after = GG_ID_ZERO;
    struct pay_review_row *rows;
    struct pay_review *items;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &after_at, 1, &after))
        return GG_OK;
    GG_TRY(pay_reviews(call->db, call->arena, query->decided, after_at, after, (int64_t)limit + 1, &rows, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].opened_at, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_review, n);
    for (size_t i = 0; i < n; i++)
        items[i] = show_review(&rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

/* The review of the path, locked. False, answered, when there is none or it is over. */
static bool open_review(struct gg_call *call, struct pay_review_row *row, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = pay_review_lock(call->db, call->arena, id, row);
    if (*status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "There is no such review.");
    else if (*status == GG_OK && strcmp(row->state, "decided") == 0)
        *status = gg_fail(call, &PAY_ALREADY_DECIDED, "It is over.");
    return *status == GG_OK && !gg_failed(call);
}

static enum gg_status propose_review(struct gg_call *call)
{
    const struct pay_review_propose *in = call->in;
    struct pay_review_row row;
    enum gg_status status;

    if (!open_review(call, &row, &status))
        return status;
    if ((in->decision == PAY_DECIDE_CLOSE) == (strcmp(row.kind, "withdrawal") == 0))
        return gg_fail(call, &PAY_WRONG_DECISION, "A withdrawal is posted or voided; everything else is closed.");
    row.state = "proposed";
    row.proposal = pay_decision_names[in->decision];
    row.reason = in->reason;
    row.proposed_by = call->user.id;
    row.proposed_at = gg_now();
    GG_TRY(pay_review_save(call->db, &row));
    *(struct pay_review *)call->out = show_review(&row);
    return GG_OK;
}

static enum gg_status stopped(struct gg_call *call)
{
    return gg_fail(call, &PAY_ACCOUNT_STOPPED, "The auditor has stopped the account; release it first.");
}

/* False, answered, when the wallet a withdrawal in review leaves is stopped. */
static bool moves(struct gg_call *call, struct gg_id user, enum gg_status *status)
{
    struct pay_account wallet;

    *status = pay_account_read(call->db, call->arena, user, &wallet);
    if (*status == GG_OK && wallet.stopped)
        *status = stopped(call);
    return *status == GG_OK && !gg_failed(call);
}

static enum gg_status approve_review(struct gg_call *call)
{
    struct pay_withdrawal_row withdrawal;
    struct pay_review_row row;
    enum gg_status status;

    if (!open_review(call, &row, &status))
        return status;
    if (!row.proposal)
        return gg_fail(call, &PAY_NOT_PROPOSED, "Somebody says first what is to happen.");
    if (gg_id_equal(row.proposed_by, call->user.id))
        return gg_fail(call, &PAY_SECOND_APPROVER, "You proposed it.");
    if (strcmp(row.kind, "withdrawal") == 0 && !moves(call, row.user, &status))
        return status;
    if (strcmp(row.kind, "withdrawal") == 0)
        GG_TRY(pay_withdrawal_end(call->db, call->arena, row.subject,
                                  strcmp(row.proposal, "post") == 0 ? PAY_WITHDRAWAL_DO_POST : PAY_WITHDRAWAL_DO_VOID,
                                  NULL, &withdrawal));
    row.state = "decided";
    row.decided_by = call->user.id;
    row.decided_at = gg_now();
    GG_TRY(pay_review_save(call->db, &row));
    *(struct pay_review *)call->out = show_review(&row);
    return GG_OK;
}

/* --- correcting entries --- */

static struct gg_id suspense_account(void)
{
    return gg_id_derive(GG_ID_ZERO, "pay.account.suspense");
}

/* In the order of pay_house_names. */
static const struct {
    struct gg_id (*id)(void);
    int kind;
} houses[5] = {
    {suspense_account, PAY_ACCOUNT_SUSPENSE},
    {pay_fees_account, PAY_ACCOUNT_FEES},
    {pay_promotions_account, PAY_ACCOUNT_PROMOTIONS},
    {pay_provider_account, PAY_ACCOUNT_PROVIDER},
    {pay_bank_clearing, PAY_ACCOUNT_BANK},
};

/* The kind of an account a correction names: one of the house's, or a wallet. */
static int kind_of(struct gg_id account)
{
    for (size_t i = 0; i < GG_LEN(houses); i++)
        if (gg_id_equal(houses[i].id(), account))
            return houses[i].kind;
    return PAY_ACCOUNT_WALLET;
}

/* One side of a correction. False, answered, unless exactly one account is named and stands. */
static bool side(struct gg_call *call, const char *pointer, struct gg_id user, int house, struct gg_id *account,
                 enum gg_status *status)
{
    struct pay_account found;

    *status = GG_OK;
    if (gg_id_is_zero(user) == (house < 0)) {
        *status = gg_fail_field(call, pointer, "required", "Name one account: a user's wallet or one of the house.");
        return false;
    }
    *account = house >= 0 ? houses[house].id() : user;
    if (house >= 0)
        return true;
    *status = pay_account_read(call->db, call->arena, user, &found);
    if (*status == GG_NOT_FOUND || (*status == GG_OK && found.kind != PAY_ACCOUNT_WALLET))
        *status = gg_fail_field(call, pointer, "unknown", "This user has no wallet.");
    return *status == GG_OK && !gg_failed(call);
}

static enum gg_status create_correction(struct gg_call *call)
{
    const struct pay_correction_create *in = call->in;
    struct pay_correction *out = call->out;
    struct pay_correction row = {
        .id = gg_id_new(),
        .amount_won = in->amount_won,
        .reason = in->reason,
        .state = "proposed",
        .review = in->review,
        .proposed_by = call->user.id,
        .proposed_at = gg_now(),
        .decided_at = GG_NONE,
    };
    enum gg_status status;

    if (!side(call, "/from_user", in->from_user, in->from_house, &row.from, &status) ||
        !side(call, "/to_user", in->to_user, in->to_house, &row.to, &status))
        return status;
    if (gg_id_equal(row.from, row.to))
        return gg_fail(call, &PAY_SELF_TRANSFER, "Both sides are one account.");
    GG_TRY(pay_correction_insert(call->db, &row));
    *out = row;
    return GG_OK;
}

/* The correction of the path, locked. False, answered, when there is none, it is over, or the caller made it. */
static bool open_correction(struct gg_call *call, struct pay_correction *row, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = pay_correction_lock(call->db, call->arena, id, row);
    if (*status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "There is no such correction.");
    else if (*status == GG_OK && strcmp(row->state, "proposed") != 0)
        *status = gg_fail(call, &PAY_ALREADY_DECIDED, "It is over.");
    else if (*status == GG_OK && gg_id_equal(row->proposed_by, call->user.id))
        *status = gg_fail(call, &PAY_SECOND_APPROVER, "You proposed it.");
    return *status == GG_OK && !gg_failed(call);
}

static enum gg_status approve_correction(struct gg_call *call)
{
    struct pay_correction row;
    enum gg_status status;
    struct pay_book book;
    struct pay_account_key keys[2];
    struct pay_transfer transfer;
    struct pay_money_moved event;
    const struct pay_account *payer;

    if (!open_correction(call, &row, &status))
        return status;
    keys[0] = (struct pay_account_key){row.from, kind_of(row.from)};
    keys[1] = (struct pay_account_key){row.to, kind_of(row.to)};
    GG_TRY(pay_book_open(&book, call->db, call->arena, keys, 2, 1));
    payer = pay_book_account(&book, row.from);
    if (payer->stopped || pay_book_account(&book, row.to)->stopped)
        return stopped(call);
    if (payer->kind != PAY_ACCOUNT_PROVIDER && payer->kind != PAY_ACCOUNT_SUSPENSE &&
        pay_available(payer) < row.amount_won) {
        status = gg_fail(call, &PAY_INSUFFICIENT_FUNDS, "The account does not hold that much.");
        gg_fail_param(call, "available", pay_available(payer));
        gg_fail_param(call, "held", payer->pending);
        return status;
    }
    row.transfer = gg_id_derive(row.id, "pay.correction");
    row.state = "applied";
    row.decided_by = call->user.id;
    row.decided_at = book.now;
    transfer = (struct pay_transfer){.id = row.transfer,
                                     .kind = PAY_ENTRY_CORRECTION,
                                     .debit = row.from,
                                     .credit = row.to,
                                     .amount = row.amount_won};
    event = (struct pay_money_moved){
        .transfer = row.transfer,
        .kind = PAY_ENTRY_CORRECTION,
        .from = kind_of(row.from) == PAY_ACCOUNT_WALLET ? row.from : GG_ID_ZERO,
        .to = kind_of(row.to) == PAY_ACCOUNT_WALLET ? row.to : GG_ID_ZERO,
        .amount_won = row.amount_won,
    };
    GG_TRY(pay_book_move(&book, &transfer));
    GG_TRY(pay_book_save(&book));
    GG_TRY(pay_correction_decide(call->db, &row));
    *(struct pay_correction *)call->out = row;
    return gg_emit(call->db, &PAY_MONEY_MOVED, row.transfer, 1, &event);
}

static enum gg_status reject_correction(struct gg_call *call)
{
    struct pay_correction row;
    enum gg_status status;

    if (!open_correction(call, &row, &status))
        return status;
    row.state = "rejected";
    row.decided_by = call->user.id;
    row.decided_at = gg_now();
    *(struct pay_correction *)call->out = row;
    return pay_correction_decide(call->db, &row);
}

static enum gg_status get_corrections(struct gg_call *call)
{
    struct pay_correction_list *out = call->out;
    struct pay_correction *rows;
    size_t n;

    GG_TRY(pay_corrections(call->db, call->arena, &rows, &n));
    out->items = (struct gg_list){rows, n};
    return GG_OK;
}

/* --- reconciliation and state --- */

static enum gg_status reconcile_now(struct gg_call *call)
{
    const struct pay_reconcile_now *in = call->in;
    enum gg_status status;
    int64_t day;

    if (!pay_date_parse(in->day, &day))
        return gg_fail_field(call, "/day", "format", "A day is written as 2026-11-21.");
    status = pay_reconcile(call->db, call->arena, in->day, call->out);
    if (status != GG_UNAVAILABLE)
        return status;
    gg_header(call, "Retry-After", "30");
    return gg_fail(call, &PAY_PROVIDER_DOWN, "Provider or bank does not answer; nothing was compared.");
}

static enum gg_status get_reconciliations(struct gg_call *call)
{
    struct pay_reconciliation_list *out = call->out;
    struct pay_reconciliation *rows;
    size_t n;

    GG_TRY(pay_reconciliations(call->db, call->arena, &rows, &n));
    out->items = (struct gg_list){rows, n};
    return GG_OK;
}

static enum gg_status get_state(struct gg_call *call)
{
    struct pay_admin_state *out = call->out;
    struct pay_reconciliation *rows;
    int64_t promised;
    size_t n;

    GG_TRY(pay_audit_sums(call->db, call->arena, &out->posted_sum_won, &out->pending_off_won, &promised));
    out->pending_off_won -= promised;
    GG_TRY(pay_accounts_stopped(call->db, call->arena, &out->accounts_stopped));
    GG_TRY(pay_admin_counts(call->db, call->arena, out));
    GG_TRY(pay_reconciliations(call->db, call->arena, &rows, &n));
    if (n == 0)
        return GG_OK;
    GG_TRY(pay_findings(call->db, call->arena, &rows[0]));
    out->last = &rows[0];
    return GG_OK;
}

/* --- routes --- */

static const struct gg_problem *const review_problems[] = {
    &PAY_ALREADY_DECIDED, &PAY_ACCOUNT_STOPPED, &PAY_SECOND_APPROVER, &PAY_NOT_PROPOSED, &PAY_WRONG_DECISION, NULL};
static const struct gg_problem *const correction_problems[] = {&PAY_ALREADY_DECIDED, &PAY_ACCOUNT_STOPPED,
                                                               &PAY_SECOND_APPROVER, &PAY_INSUFFICIENT_FUNDS,
                                                               &PAY_SELF_TRANSFER,   NULL};
static const struct gg_problem *const reconcile_problems[] = {&PAY_PROVIDER_DOWN, NULL};

#define ADMIN(verb, where, flag, message, code, handler, what, list)                                                   \
    .method = verb, .path = "/v1/pay/admin/" where, .auth = GG_ADMIN, .flags = flag, .pool = GG_POOL_DB,               \
    .out = message, .status = code, .rate = 120, .handle = handler, .summary = what, .problems = list

const struct gg_route pay_admin_routes[] = {
    {ADMIN(GG_GET, "state", 0, &pay_admin_state_msg, 200, get_state, "Is everything in order?", NULL)},
    {ADMIN(GG_GET, "reviews", 0, &pay_review_list_msg, 200, get_reviews, "What is held for review.", NULL),
     .query = &pay_review_query_msg},
    {ADMIN(GG_POST, "reviews/:id/propose", GG_KEY, &pay_review_msg, 200, propose_review,
           "Says what is to happen; another administrator decides.", review_problems),
     .in = &pay_review_propose_msg},
    {ADMIN(GG_POST, "reviews/:id/approve", GG_KEY, &pay_review_msg, 200, approve_review,
           "Lets the proposal of another administrator happen.", review_problems)},
    {ADMIN(GG_GET, "corrections", 0, &pay_correction_list_msg, 200, get_corrections, "The newest correcting entries.",
           NULL)},
    {ADMIN(GG_POST, "corrections", GG_KEY, &pay_correction_msg, 201, create_correction, "Proposes a correcting entry.",
           correction_problems),
     .in = &pay_correction_create_msg},
    {ADMIN(GG_POST, "corrections/:id/approve", GG_KEY, &pay_correction_msg, 200, approve_correction,
           "Adds the entry that another administrator proposed.", correction_problems)},
    {ADMIN(GG_POST, "corrections/:id/reject", GG_KEY, &pay_correction_msg, 200, reject_correction,
           "Turns the proposal of another administrator down.", correction_problems)},
    {ADMIN(GG_GET, "reconciliations", 0, &pay_reconciliation_list_msg, 200, get_reconciliations, "The newest reports.",
           NULL)},
    {.method = GG_POST,
     .path = "/v1/pay/admin/reconciliations",
     .auth = GG_ADMIN,
     .pool = GG_POOL_OUT,
     .in = &pay_reconcile_now_msg,
     .out = &pay_reconciliation_msg,
     .status = 201,
     .rate = 30,
     .handle = reconcile_now,
     .summary = "Compares a day with provider and bank now.",
     .problems = reconcile_problems},
};
const size_t pay_admin_routes_n = GG_LEN(pay_admin_routes);
