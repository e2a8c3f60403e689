/* proto/pay_admin.c
 * The tables behind proto/pay_admin.h. */
#include "proto/pay_admin.h"

#include "proto/pay_wallet.h"

const char *const pay_decision_names[] = {"post", "void", "close", NULL};
const char *const pay_house_names[] = {"suspense", "fees", "promotions", "provider", "bank", NULL};

static const struct gg_field review_fields[] = {
    GG_ID(struct pay_review, id, GG_REQUIRED, "the review"),
    GG_TEXT(struct pay_review, kind, GG_REQUIRED, 1, 30, "withdrawal, reversal, charge, provider, bank"),
    GG_ID(struct pay_review, subject, GG_REQUIRED, "which withdrawal, charge ..."),
    GG_ID(struct pay_review, user, GG_OPTIONAL, "whose"),
    GG_WON(struct pay_review, amount_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "what it is about"),
    GG_TEXT(struct pay_review, detail, GG_REQUIRED, 1, 300, "why it is held"),
    GG_TEXT(struct pay_review, state, GG_REQUIRED, 1, 10, "open, proposed, decided"),
    GG_TIME(struct pay_review, opened_at, GG_REQUIRED, "since when"),
    GG_TEXT(struct pay_review, proposal, GG_OPTIONAL, 1, 10, "post, void, close"),
    GG_TEXT(struct pay_review, reason, GG_OPTIONAL, 1, 300, "of the proposal"),
    GG_ID(struct pay_review, proposed_by, GG_OPTIONAL, "administrator"),
    GG_ID(struct pay_review, decided_by, GG_OPTIONAL, "another administrator"),
    GG_TIME(struct pay_review, proposed_at, GG_OPTIONAL, "when"),
    GG_TIME(struct pay_review, decided_at, GG_OPTIONAL, "when"),
};
const struct gg_msg pay_review_msg = GG_MSG("Review", struct pay_review, review_fields, "Held for review.");
static const struct gg_field review_list_fields[] = {
    GG_LIST(struct pay_review_list, items, GG_REQUIRED, 0, 100, &pay_review_msg, "oldest first"),
    GG_TEXT(struct pay_review_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_review_list_msg =
    GG_MSG("ReviewList", struct pay_review_list, review_list_fields, "Held for review.");
static const struct gg_field review_query_fields[] = {
    GG_PAGE_FIELDS(struct pay_review_query),
    GG_BOOL(struct pay_review_query, decided, GG_OPTIONAL, "those that are over"),
};
const struct gg_msg pay_review_query_msg =
    GG_MSG("ReviewQuery", struct pay_review_query, review_query_fields, "Which reviews.");
static const struct gg_field review_propose_fields[] = {
    GG_ENUM(struct pay_review_propose, decision, GG_REQUIRED, pay_decision_names, "what is to happen"),
    GG_TEXT(struct pay_review_propose, reason, GG_REQUIRED, 5, 300, "why"),
};
const struct gg_msg pay_review_propose_msg =
    GG_MSG("ReviewPropose", struct pay_review_propose, review_propose_fields, "The first of two says what to do.");

static const struct gg_field correction_create_fields[] = {
    GG_ID(struct pay_correction_create, from_user, GG_OPTIONAL, "out of this wallet; or"),
    GG_ENUM(struct pay_correction_create, from_house, GG_OPTIONAL, pay_house_names, "out of this account"),
    GG_ID(struct pay_correction_create, to_user, GG_OPTIONAL, "into this wallet; or"),
    GG_ENUM(struct pay_correction_create, to_house, GG_OPTIONAL, pay_house_names, "into this account"),
    GG_WON(struct pay_correction_create, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "to move"),
    GG_ENUM(struct pay_correction_create, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
    GG_TEXT(struct pay_correction_create, reason, GG_REQUIRED, 5, 300, "why; the wallet's owner reads it"),
    GG_ID(struct pay_correction_create, review, GG_OPTIONAL, "the review it settles"),
};
const struct gg_msg pay_correction_create_msg =
    GG_MSG("CorrectionCreate", struct pay_correction_create, correction_create_fields, "Proposes a correcting entry.");
static const struct gg_field correction_fields[] = {
    GG_ID(struct pay_correction, id, GG_REQUIRED, "the correction"),
    GG_ID(struct pay_correction, from, GG_REQUIRED, "account that pays"),
    GG_ID(struct pay_correction, to, GG_REQUIRED, "account that gets it"),
    GG_WON(struct pay_correction, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "moved"),
    GG_TEXT(struct pay_correction, reason, GG_REQUIRED, 1, 300, "why"),
    GG_TEXT(struct pay_correction, state, GG_REQUIRED, 1, 10, "proposed, applied, rejected"),
    GG_ID(struct pay_correction, review, GG_OPTIONAL, "the review it settles"),
    GG_ID(struct pay_correction, proposed_by, GG_REQUIRED, "administrator"),
    GG_ID(struct pay_correction, decided_by, GG_OPTIONAL, "another administrator"),
    GG_ID(struct pay_correction, transfer, GG_OPTIONAL, "applied: the entry"),
    GG_TIME(struct pay_correction, proposed_at, GG_REQUIRED, "when"),
    GG_TIME(struct pay_correction, decided_at, GG_OPTIONAL, "when"),
};
const struct gg_msg pay_correction_msg =
    GG_MSG("Correction", struct pay_correction, correction_fields, "A correcting entry.");
static const struct gg_field correction_list_fields[] = {
    GG_LIST(struct pay_correction_list, items, GG_REQUIRED, 0, 100, &pay_correction_msg, "newest first"),
};
const struct gg_msg pay_correction_list_msg =
    GG_MSG("CorrectionList", struct pay_correction_list, correction_list_fields, "The newest correcting entries.");

static const struct gg_field finding_fields[] = {
    GG_TEXT(struct pay_finding, kind, GG_REQUIRED, 1, 30, "what does not agree"),
    GG_TEXT(struct pay_finding, reference, GG_REQUIRED, 1, 64, "charge, withdrawal or foreign reference"),
    GG_WON(struct pay_finding, ours_won, GG_OPTIONAL, -GG_WIRE_MAX, GG_WIRE_MAX, "what we have"),
    GG_WON(struct pay_finding, theirs_won, GG_OPTIONAL, -GG_WIRE_MAX, GG_WIRE_MAX, "what they have"),
    GG_TEXT(struct pay_finding, outcome, GG_REQUIRED, 1, 10,
            "healed, review (held for it) or decided (by two administrators)"),
};
static const struct gg_msg finding_msg = GG_MSG("Finding", struct pay_finding, finding_fields, "What did not agree.");
static const struct gg_field reconciliation_fields[] = {
    GG_ID(struct pay_reconciliation, id, GG_REQUIRED, "the report"),
    GG_TEXT(struct pay_reconciliation, day, GG_REQUIRED, 10, 10, "of provider and bank, in Seoul"),
    GG_TEXT(struct pay_reconciliation, state, GG_REQUIRED, 1, 10, "clean, open"),
    GG_INT(struct pay_reconciliation, charges, GG_REQUIRED, 0, GG_WIRE_MAX, "payments of the provider"),
    GG_WON(struct pay_reconciliation, charges_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of them"),
    GG_WON(struct pay_reconciliation, reversals_won, GG_REQUIRED, 0, GG_WIRE_MAX, "taken back of them"),
    GG_INT(struct pay_reconciliation, withdrawals, GG_REQUIRED, 0, GG_WIRE_MAX, "lines of the bank"),
    GG_WON(struct pay_reconciliation, withdrawals_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of them"),
    GG_INT(struct pay_reconciliation, healed, GG_REQUIRED, 0, GG_WIRE_MAX, "differences that could be repaired"),
    GG_INT(struct pay_reconciliation, unexplained, GG_REQUIRED, 0, GG_WIRE_MAX, "differences held for review"),
    GG_TIME(struct pay_reconciliation, made_at, GG_REQUIRED, "when"),
    GG_LIST(struct pay_reconciliation, findings, GG_OPTIONAL, 0, 500, &finding_msg, "not in lists"),
};
const struct gg_msg pay_reconciliation_msg =
    GG_MSG("Reconciliation", struct pay_reconciliation, reconciliation_fields, "A day against provider and bank.");
static const struct gg_field reconciliation_list_fields[] = {
    GG_LIST(struct pay_reconciliation_list, items, GG_REQUIRED, 0, 100, &pay_reconciliation_msg, "newest first"),
};
const struct gg_msg pay_reconciliation_list_msg =
    GG_MSG("ReconciliationList", struct pay_reconciliation_list, reconciliation_list_fields, "The newest reports.");
static const struct gg_field reconcile_now_fields[] = {
    GG_TEXT(struct pay_reconcile_now, day, GG_REQUIRED, 10, 10, "2026-11-21"),
};
const struct gg_msg pay_reconcile_now_msg =
    GG_MSG("ReconcileNow", struct pay_reconcile_now, reconcile_now_fields, "Which day.");
static const struct gg_field admin_state_fields[] = {
    GG_WON(struct pay_admin_state, posted_sum_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX,
           "of all accounts; must be 0"),
    GG_WON(struct pay_admin_state, pending_off_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX,
           "pending less holds and withdrawals; must be 0"),
    GG_INT(struct pay_admin_state, accounts_stopped, GG_REQUIRED, 0, GG_WIRE_MAX, "by the auditor"),
    GG_INT(struct pay_admin_state, reviews_open, GG_REQUIRED, 0, GG_WIRE_MAX, "not decided"),
    GG_INT(struct pay_admin_state, corrections_proposed, GG_REQUIRED, 0, GG_WIRE_MAX, "wait for the second"),
    GG_INT(struct pay_admin_state, withdrawals_open, GG_REQUIRED, 0, GG_WIRE_MAX, "pending at the bank"),
    GG_REF(struct pay_admin_state, last, GG_OPTIONAL, &pay_reconciliation_msg, "newest report"),
};
const struct gg_msg pay_admin_state_msg =
    GG_MSG("AdminState", struct pay_admin_state, admin_state_fields, "Is everything in order?");

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(PAY_SECOND_APPROVER, "second_approver_required", 403, false, "Who proposed it does not decide it.",
        "제안한 관리자는 승인할 수 없어요.");
PROBLEM(PAY_ALREADY_DECIDED, "already_decided", 409, false, "It was decided before.", "이미 결정된 건이에요.");
PROBLEM(PAY_NOT_PROPOSED, "not_proposed", 409, false, "Nobody has proposed what to do.", "아직 제안이 없어요.");
PROBLEM(PAY_WRONG_DECISION, "wrong_decision", 422, false, "That is no decision for this kind of review.",
        "이 건에는 쓸 수 없는 결정이에요.");
