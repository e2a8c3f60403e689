/* services/deal/plan.h
 * What a deal is planned to be, read from its row: seats, prices, boxes, pick-up windows. Pure. */
#ifndef SERVICES_DEAL_PLAN_H
#define SERVICES_DEAL_PLAN_H

#include "box.h"
#include "libcommon/mem.h"
#include "store.h"

/* The most that can be sold to neighbours. */
int64_t deal_capacity(const struct deal_row *deal);
/* Portions that can still be joined by somebody without an offer. */
int64_t deal_free(const struct deal_row *deal);
/* The receipt may come to this. */
int64_t deal_ceiling(const struct deal_row *deal);
/* Boxes: portions of one. */
int64_t deal_box(const struct deal_row *deal);
/* What bounds a share's cost. */
struct deal_price deal_price_of(const struct deal_row *deal);
int64_t deal_max_won(const struct deal_row *deal, int64_t quantity);
/* How full the boxes are with so many portions more (or fewer) than now; zero for one lot. */
struct deal_fill deal_fill_of(const struct deal_row *deal, int64_t quantity, int64_t tolerance);
/* True near the closing of a box deal, when no whole box may be broken. */
bool deal_filling(const struct deal_row *deal, int64_t now);
/* What is bought when `parts` are all there is: fills parts[].allotted and the lot at the accepted ceiling. Answers
 * what is sold to neighbours. */
int64_t deal_decide_allotments(const struct deal_row *deal, struct deal_part *parts, size_t n, struct deal_lot *lot);

/* The windows of a deal: at least one. */
struct gg_list deal_windows_of(struct gg_arena *arena, const struct deal_row *deal);
/* As they are kept; NULL for an empty list. */
const char *deal_windows_text(struct gg_arena *arena, const struct gg_list *windows);

#endif
