/* services/deal/join.h
 * Who may join, change or leave: a pure decision from the deal, what is asked, and the time. */
#ifndef SERVICES_DEAL_JOIN_H
#define SERVICES_DEAL_JOIN_H

#include "plan.h"

/* What a neighbour asks of a deal. Zero quantity: to leave. */
struct deal_ask {
    bool host;                           /* asked by the host himself */
    bool blocked, closing;               /* one of the two has blocked the other; the account is being closed */
    int64_t quantity, tolerance;         /* wanted */
    int64_t had_quantity, had_tolerance; /* of the share he has; 0: none */
    int64_t offered;                     /* portions kept for him by an offer */
    int64_t terms;                       /* version he has seen; GG_NONE: any */
};
struct deal_answer {
    const struct gg_problem *problem; /* NULL: yes */
    const char *member;               /* number that explains it, or NULL */
    int64_t value;
};

/* The deadline is compared here, whatever the sweeper does. */
struct deal_answer deal_decide(const struct deal_row *deal, const struct deal_ask *ask, int64_t now);

#endif
