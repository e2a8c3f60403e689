/* proto/pay_admin.h
 * What crosses the border of pay for administrators: what is held for review, correcting entries, reconciliation. Every
 * decision takes two of them. */
#ifndef PROTO_PAY_ADMIN_H
#define PROTO_PAY_ADMIN_H

#include "proto/pay_history.h"

enum pay_decision {
    PAY_DECIDE_POST, /* withdrawal: the bank has it */
    PAY_DECIDE_VOID, /* withdrawal: it never left */
    PAY_DECIDE_CLOSE /* everything else: looked into; money, if any, moved by a correction */
};
extern const char *const pay_decision_names[];
struct pay_review {
    struct gg_id id;
    const char *kind;
    struct gg_id subject, user;
    int64_t amount_won;
    const char *detail, *state;
    int64_t opened_at;
    const char *proposal, *reason;
    struct gg_id proposed_by, decided_by;
    int64_t proposed_at, decided_at;
};
struct pay_review_list {
    struct gg_list items;
    const char *next;
};
struct pay_review_query { /* GET /v1/pay/admin/reviews, oldest first */
    struct gg_page page;
    bool decided;
};
struct pay_review_propose { /* POST /v1/pay/admin/reviews/:id/propose; another administrator: .../approve */
    int decision;
    const char *reason;
};

/* Accounts of the house by name; "user" with the user's id. */
extern const char *const pay_house_names[];
struct pay_correction_create { /* POST /v1/pay/admin/corrections; another administrator: .../:id/approve or /reject */
    struct gg_id from_user, to_user;
    int from_house, to_house; /* index of pay_house_names; one of user and house on each side */
    int64_t amount_won;
    int currency;
    const char *reason;
    struct gg_id review; /* which it settles */
};
struct pay_correction {
    struct gg_id id, from, to; /* accounts */
    int64_t amount_won;
    const char *reason, *state;
    struct gg_id review, proposed_by, decided_by, transfer;
    int64_t proposed_at, decided_at;
};
struct pay_correction_list {
    struct gg_list items;
};

struct pay_finding {
    const char *kind, *reference;
    int64_t ours_won, theirs_won;
    const char *outcome;
};
struct pay_reconciliation {
    struct gg_id id;
    const char *day, *state;
    int64_t charges, charges_won, reversals_won, withdrawals, withdrawals_won, healed, unexplained;
    int64_t made_at;
    struct gg_list findings; /* not in lists */
};
struct pay_reconciliation_list {
    struct gg_list items;
};
struct pay_reconcile_now { /* POST /v1/pay/admin/reconciliations */
    const char *day;
};
struct pay_admin_state {                     /* GET /v1/pay/admin/state */
    int64_t posted_sum_won, pending_off_won; /* both must be 0 */
    int64_t accounts_stopped;                /* by the auditor */
    int64_t reviews_open, corrections_proposed, withdrawals_open;
    struct pay_reconciliation *last;
};
extern const struct gg_msg pay_review_msg, pay_review_list_msg, pay_review_query_msg, pay_review_propose_msg,
    pay_correction_create_msg, pay_correction_msg, pay_correction_list_msg, pay_reconciliation_msg,
    pay_reconciliation_list_msg, pay_reconcile_now_msg, pay_admin_state_msg;

extern const struct gg_problem PAY_SECOND_APPROVER, /* 403 who proposed does not decide */
    PAY_ALREADY_DECIDED,                            /* 409 */
    PAY_NOT_PROPOSED,                               /* 409 */
    PAY_WRONG_DECISION;                             /* 422 not for this kind of review */

#endif
