/* services/pay/reconcile.c
 * A day of ours against a day of theirs. */
#include "reconcile.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "provider.h"
#include "rooms.h"
#include "steps.h"
#include "steps_withdraw.h"
#include "store_admin.h"

#include <string.h>

#define FINDINGS_MAX 500

/* One run. The unit of work of the moment stands in the lower part. */
struct run {
    struct gg_db *db;
    struct gg_arena *arena;
    struct pay_reconciliation *report;
    struct pay_finding *findings;

    struct pay_charge_row charge;
    const struct pay_payment *payment;
    struct pay_withdrawal_row withdrawal;
    const struct pay_bank_line *line;
    bool held, decided;

    const char *kind, *detail;
    struct gg_id subject, user;
    int64_t amount;
};

enum outcome { HEALED, REVIEW, DECIDED };

static void note(struct run *run, const char *kind, struct gg_id reference, int64_t ours, int64_t theirs,
                 enum outcome outcome)
{
    static const char *const names[] = {"healed", "review", "decided"};
    struct pay_reconciliation *report = run->report;
    char id[GG_ID_TEXT];

    gg_id_format(reference, id);
    report->healed += outcome == HEALED;
    report->unexplained += outcome == REVIEW;
    if (report->findings.n == FINDINGS_MAX)
        return;
    run->findings[report->findings.n++] = (struct pay_finding){
        .kind = kind,
        .reference = gg_strdup(run->arena, id),
        .ours_won = ours,
        .theirs_won = theirs,
        .outcome = names[outcome],
    };
}

static enum gg_status open_review(struct gg_db *db, void *arg)
{
    struct run *run = arg;

    GG_TRY(pay_review_open(db, run->kind, run->subject, run->user, run->amount, run->detail));
    return pay_review_decided(db, run->arena, run->kind, run->subject, &run->decided);
}

/* Held for review, and noted; one that two administrators have decided is explained. */
static enum gg_status hold(struct run *run, const char *kind, const char *detail, struct gg_id subject,
                           struct gg_id user, int64_t ours, int64_t theirs)
{
    run->kind = kind;
    run->detail = detail;
    run->subject = subject;
    run->user = user;
    run->amount = theirs != GG_NONE ? theirs : ours;
    GG_TRY(gg_db_tx(run->db, open_review, run));
    note(run, kind, subject, ours, theirs, run->decided ? DECIDED : REVIEW);
    return GG_OK;
}

/* --- provider --- */

static enum gg_status apply_payment(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    const struct pay_order order = {run->charge.id, run->charge.amount, run->charge.payment_key};

    return pay_charge_apply(db, run->arena, &order, run->charge.user, run->payment, &run->held);
}

static enum gg_status check_payment(struct run *run, const struct pay_payment *payment)
{
    enum gg_status status = gg_id_is_zero(payment->order)
                                ? GG_NOT_FOUND
                                : pay_charge_read(run->db, run->arena, payment->order, &run->charge);
    bool missed, taken;

    run->report->charges++;
    run->report->charges_won += payment->amount == GG_NONE ? 0 : payment->amount;
    run->report->reversals_won += payment->cancelled;
    if (status == GG_NOT_FOUND)
        return hold(run, "provider_more", "the provider has a payment that we never asked for", payment->order,
                    GG_ID_ZERO, GG_NONE, payment->amount);
    GG_TRY(status);
    if (payment->amount != run->charge.amount || strcmp(payment->key, run->charge.payment_key) != 0)
        return hold(run, "provider_amount", "the provider has another amount than the charge", run->charge.id,
                    run->charge.user, run->charge.amount, payment->amount);
    if (payment->cancelled < run->charge.reversed)
        return hold(run, "provider_reversal", "we reversed more than the provider took back", run->charge.id,
                    run->charge.user, run->charge.reversed, payment->cancelled);
    missed = run->charge.state != PAY_CHARGE_STATE_DONE && payment->cancelled < payment->amount;
    taken = run->charge.state == PAY_CHARGE_STATE_DONE && payment->cancelled > run->charge.reversed;
    run->payment = payment;
    GG_TRY(gg_db_tx(run->db, apply_payment, run));
    if (missed || taken)
        note(run, missed ? "missed_payment" : "missed_reversal", run->charge.id,
             missed ? GG_NONE : run->charge.reversed, missed ? payment->amount : payment->cancelled,
             run->held ? REVIEW : HEALED);
    return GG_OK;
}

static bool among_payments(const struct pay_payment *payments, size_t n, struct gg_id id)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(payments[i].order, id))
            return true;
    return false;
}

static enum gg_status check_provider(struct run *run, const struct pay_payment *payments, size_t n)
{
    struct pay_ours *ours;
    size_t n_ours;

    for (size_t i = 0; i < n; i++)
        GG_TRY(check_payment(run, &payments[i]));
    GG_TRY(pay_charges_of_day(run->db, run->arena, run->report->day, &ours, &n_ours));
    for (size_t i = 0; i < n_ours; i++)
        if (!among_payments(payments, n, ours[i].id))
            GG_TRY(hold(run, "provider_less", "the provider does not list a charge that is done", ours[i].id,
                        ours[i].user, ours[i].amount, GG_NONE));
    return GG_OK;
}

/* --- bank --- */

static enum gg_status post_withdrawal(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    const struct pay_bank_transfer told = {.reference = run->withdrawal.id,
                                           .state = PAY_BANK_DONE,
                                           .amount = run->withdrawal.amount,
                                           .transfer = run->line->transfer,
                                           .date = run->report->day,
                                           .code = ""};

    return pay_withdrawal_end(db, run->arena, run->withdrawal.id, PAY_WITHDRAWAL_DO_POST, &told, &run->withdrawal);
}

static enum gg_status check_line(struct run *run, const struct pay_bank_line *line)
{
    enum gg_status status = gg_id_is_zero(line->reference)
                                ? GG_NOT_FOUND
                                : pay_withdrawal_read(run->db, run->arena, line->reference, &run->withdrawal);

    run->report->withdrawals++;
    run->report->withdrawals_won += line->back ? -line->amount : line->amount;
    if (status == GG_NOT_FOUND)
        return hold(run, "bank_more", "the bank booked a transfer that we never asked for", line->reference, GG_ID_ZERO,
                    GG_NONE, line->amount);
    GG_TRY(status);
    if (line->amount != run->withdrawal.amount)
        return hold(run, "bank_amount", "the bank booked another amount than the withdrawal", run->withdrawal.id,
                    run->withdrawal.user, run->withdrawal.amount, line->amount);
    if (line->back)
        return hold(run, "bank_returned", "the bank gave a withdrawal back: credit the wallet by a correction",
                    run->withdrawal.id, run->withdrawal.user, run->withdrawal.amount, line->amount);
    if (run->withdrawal.state == PAY_WITHDRAWAL_POSTED)
        return GG_OK;
    if (run->withdrawal.state == PAY_WITHDRAWAL_VOIDED)
        return hold(run, "bank_booked_voided", "the bank booked a withdrawal that was set free", run->withdrawal.id,
                    run->withdrawal.user, 0, line->amount);
    run->line = line;
    GG_TRY(gg_db_tx(run->db, post_withdrawal, run));
    note(run, "missed_withdrawal", line->reference, GG_NONE, line->amount, HEALED);
    return GG_OK;
}

static bool among_lines(const struct pay_bank_line *lines, size_t n, struct gg_id id)
{
    for (size_t i = 0; i < n; i++)
        if (!lines[i].back && gg_id_equal(lines[i].reference, id))
            return true;
    return false;
}

static enum gg_status check_bank(struct run *run, const struct pay_bank_line *lines, size_t n)
{
    struct pay_ours *ours;
    size_t n_ours;

    for (size_t i = 0; i < n; i++)
        GG_TRY(check_line(run, &lines[i]));
    GG_TRY(pay_withdrawals_of_day(run->db, run->arena, run->report->day, &ours, &n_ours));
    for (size_t i = 0; i < n_ours; i++)
        if (!among_lines(lines, n, ours[i].id))
            GG_TRY(hold(run, "bank_less", "the bank's statement lacks a withdrawal that is posted", ours[i].id,
                        ours[i].user, ours[i].amount, GG_NONE));
    return GG_OK;
}

static enum gg_status store(struct gg_db *db, void *arg)
{
    const struct run *run = arg;

    return pay_reconciliation_insert(db, run->report);
}

enum gg_status pay_reconcile(struct gg_db *db, struct gg_arena *arena, const char *day,
                             struct pay_reconciliation *report)
{
    struct run run = {.db = db, .arena = arena, .report = report};
    struct pay_payment *payments;
    struct pay_bank_line *lines;
    size_t n_payments, n_lines;

    *report = (struct pay_reconciliation){.id = gg_id_new(), .day = day, .made_at = gg_now()};
    run.findings = GG_NEW_ARRAY(arena, struct pay_finding, FINDINGS_MAX);
    report->findings.items = run.findings;
    GG_TRY(pay_provider_day(arena, day, &payments, &n_payments));
    GG_TRY(pay_bank_statement(arena, day, &lines, &n_lines));
    GG_TRY(check_provider(&run, payments, n_payments));
    GG_TRY(check_bank(&run, lines, n_lines));
    report->state = report->unexplained == 0 ? "clean" : "open";
    GG_TRY(gg_db_tx(db, store, &run));
    gg_gauge("reconciliation_unexplained", "", report->unexplained);
    if (report->unexplained > 0)
        gg_error("reconciliation_open", "%s: %" PRId64 " differences are held for review", day, report->unexplained);
    else
        gg_info("reconciliation_clean", "%s: %" PRId64 " payments, %" PRId64 " transfers, %" PRId64 " repaired", day,
                report->charges, report->withdrawals, report->healed);
    return GG_OK;
}

/* --- every day at four in the morning, in Seoul --- */

static enum gg_status daily(struct gg_due *due)
{
    int64_t today = pay_day(gg_now());
    struct pay_reconciliation report;
    char day[PAY_DATE_TEXT];

    pay_date_format(today - 1, day);
    GG_TRY(pay_reconcile(due->db, due->arena, day, &report));
    return gg_due_set(due->db, PAY_DUE_RECONCILE, due->subject, pay_day_start(today + 1) + 4 * GG_HOUR);
}

const struct gg_due_kind pay_reconcile_due[] = {
    {.kind = PAY_DUE_RECONCILE,
     .outbound = true,
     .handle = daily,
     .doc = "yesterday is compared with provider and bank; again tomorrow at 04:00 in Seoul"},
};
const size_t pay_reconcile_due_n = GG_LEN(pay_reconcile_due);
