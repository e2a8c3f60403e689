/* services/deal/arrival.h
 * What becomes of the goods when fewer or more arrive than were bought, and how that is explained. Pure. */
#ifndef SERVICES_DEAL_ARRIVAL_H
#define SERVICES_DEAL_ARRIVAL_H

#include "split.h"

/* Deals `came` portions out: fewer than bought by the rule of the deal, first come (the host last) or pro rata by
 * largest remainder (ties to who joined first, the host last); more than bought to those with tolerance left, spread
 * within one, the rest to the host, at no cost. Fills parts[].got; answers the host's. */
int64_t deal_arrived(struct deal_part *parts, size_t n, int64_t host_allotted, int64_t came, bool pro_rata);

/* What a share costs when `got` of its `allotted` portions are there: the proportional part, rounded down. */
int64_t deal_cost_of(int64_t amount_won, int64_t got, int64_t allotted);

/* One Korean sentence for one person. */
#define DEAL_BECAUSE 400
struct deal_because {
    int64_t asked, allotted; /* for sure; at closing */
    int64_t got;             /* at arrival; GG_NONE: not arrived yet */
    int64_t bought, came;    /* of the whole deal; at arrival */
    int64_t refund_won;
    bool pro_rata, boxes;
};
/* "" when there is nothing to explain: everybody got what he asked for. */
void deal_explain(const struct deal_because *because, char out[DEAL_BECAUSE]);

#endif
