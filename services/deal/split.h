/* services/deal/split.h
 * The arithmetic of sharing, exact to the won. Pure. Amounts are won below 10^9, portions below 1,000. */
#ifndef SERVICES_DEAL_SPLIT_H
#define SERVICES_DEAL_SPLIT_H

#include "libcommon/base.h"

/* A carry is counted in thousand-millionths of a won. */
#define DEAL_CARRY_WON INT64_C(1000000000)

/* One neighbour's part of a lot, in the order of joining. */
struct deal_part {
    int64_t quantity, tolerance; /* asked for: for sure, and more if it fills the lot */
    int64_t allotted;            /* by deal_allot, deal_fill_boxes */
    int64_t got;                 /* by deal_arrived */
    int64_t amount_won;          /* by deal_split and deal_true_up */
    int64_t paid_won;            /* already: the bound of deal_true_up */
    int64_t carry;               /* what he has paid above his exact parts, in all deals before this one */
    int64_t carry_delta;         /* and in this one: by deal_split and deal_true_up */
};

/* What is shared. */
struct deal_lot {
    int64_t portions;  /* of the whole; those that nobody was allotted are the host's */
    int64_t total_won; /* of the goods */
    int64_t delivery_won;
    bool delivery_equal; /* among all who get something, the host too; else by quantity */
};

/* What bounds the cost of a share before anybody knows who else will be in. */
struct deal_price {
    struct deal_lot lot; /* boxes: of one box, but with the whole delivery */
    bool boxes;
    int64_t host_portions, min_portions;
    int64_t each_max; /* GG_NONE: no limit */
};

/* The most (quantity) portions can cost: the exact part, rounded up. Delivery is shared by the fewest people, or the
 * fewest boxes, with which the deal can take place. */
int64_t deal_cost_max(const struct deal_price *price, int64_t quantity);

/* Gives everybody what he asked for sure, and the portions left over to those with tolerance, one at a time, fewest
 * extras first, earliest first: extras differ by at most one unless a tolerance is used up. Answers how many are sold
 * in all. The quantities must fit into `capacity`. */
int64_t deal_allot(struct deal_part *parts, size_t n, int64_t capacity);

/* Splits total and delivery by largest remainder. Everybody pays his exact part rounded down or up; the odd won go to
 * those whose remainder less their carry is largest, then to who joined first, the host last: so they rotate. Nobody's
 * carry leaves [-1, 1] won as long as the host has portions to take the difference, or the same people share equally
 * again; else no rule could promise that, and none leaves people more equal (docs/decisions/0010). Neighbours' amounts
 * and the host's part, which the call answers, add up to total and delivery. */
int64_t deal_split(struct deal_part *parts, size_t n, const struct deal_lot *lot);

/* The same for the receipt, but nobody pays more than his `paid_won`: by a paradox of largest remainders a single won
 * could move to somebody when the total falls; the host takes it instead. Answers the host's part. */
int64_t deal_true_up(struct deal_part *parts, size_t n, const struct deal_lot *lot);

#endif
