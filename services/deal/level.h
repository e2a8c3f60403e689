/* services/deal/level.h
 * A neighbour's level: points for what happened, and for nothing else. The page that shows a level shows this table.
 * Pure.
 */
#ifndef SERVICES_DEAL_LEVEL_H
#define SERVICES_DEAL_LEVEL_H

#include "proto/deal_market.h"

/* What counts: the kinds of facts, then the answers about somebody as host. */
enum { DEAL_COUNT_HOST_YES = DEAL_FACT_CALLED_OFF + 1, DEAL_COUNT_HOST_NO, DEAL_COUNTS };

struct deal_weight {
    const char *name;
    int64_t points;
    const char *because; /* Korean */
};
extern const struct deal_weight deal_weights[DEAL_COUNTS];
/* Level n begins with deal_level_steps[n] points. */
extern const int64_t deal_level_steps[10];
extern const char *const deal_level_text; /* Korean */

/* Points of these counts (DEAL_COUNTS of them), and their level 0 to 9. */
int64_t deal_level_points(const int64_t *counts);
int64_t deal_level_of(int64_t points);

#endif
