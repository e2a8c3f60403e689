/* services/deal/split.h
 * The arithmetic of sharing, exact to the won. Pure. Amounts are won below 10^9, portions below 1,000. */
#ifndef SERVICES_DEAL_SPLIT_H
#define SERVICES_DEAL_SPLIT_H

#include "libcommon/base.h"

/* One neighbour's part of a lot, in the order of joining. */
struct deal_part {
    int64_t quantity, tolerance; /* asked for: for sure, and more if it fills the lot */
    int64_t allotted;            /* by deal_allot */
    int64_t amount_won;          /* by deal_split and deal_true_up */
    int64_t paid_won;            /* already: the bound of deal_true_up */
};

/* The most (quantity) portions of a lot can cost: its exact part, rounded up. */
int64_t deal_cost_max(int64_t total_won, int64_t portions, int64_t quantity);

/* Gives everybody what he asked for sure, and the portions left over to those with tolerance, one at a time, fewest
 * extras first, earliest first: extras differ by at most one unless a tolerance is used up. Answers how many are sold
 * in all. The quantities must fit into `capacity`. */
int64_t deal_allot(struct deal_part *parts, size_t n, int64_t capacity);

/* Splits the total over the portions of the lot by largest remainder (Hamilton's method); what nobody was allotted is
 * the host's part, which the call answers. Neighbours' amounts and the host's part add up to the total. Equal
 * remainders go to who joined first, the host last. */
int64_t deal_split(struct deal_part *parts, size_t n, int64_t portions, int64_t total_won);

/* The same for the receipt's total, but nobody pays more than his `paid_won`: by a paradox of largest remainders a
 * single won could move to somebody when the total falls; the host takes it instead. Answers the host's part. */
int64_t deal_true_up(struct deal_part *parts, size_t n, int64_t portions, int64_t receipt_won);

#endif
