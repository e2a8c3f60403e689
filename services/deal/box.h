/* services/deal/box.h
 * Boxes: as many whole ones as fill. Pure. */
#ifndef SERVICES_DEAL_BOX_H
#define SERVICES_DEAL_BOX_H

#include "split.h"

/* How full the boxes are. */
struct deal_fill {
    int64_t boxes;   /* whole, with what those with tolerance would take on top */
    int64_t missing; /* portions until the next one is whole; 0: none is begun, or there is no next one */
};

/* `firm` portions are asked for sure and `tolerance` more if they complete a box of `portions`; at most `boxes_max`. No
 * box consists of tolerance alone. */
struct deal_fill deal_box_fill(int64_t firm, int64_t tolerance, int64_t portions, int64_t boxes_max);

/* Near closing: may the deal go from the one to the other? No whole box breaks, and what is missing does not grow
 * unless another box becomes whole. */
bool deal_fill_allowed(const struct deal_fill *before, const struct deal_fill *after);

/* Allots whole boxes: the host's own portions first, then the neighbours in the order of joining. The fewest firm
 * portions go without (those of the last who joined); then the last box is completed from tolerances, spread within one
 * portion, earliest first. Answers the number of boxes; `host_allotted` is what the host has of them. */
int64_t deal_fill_boxes(struct deal_part *parts, size_t n, int64_t host_portions, int64_t portions, int64_t boxes_max,
                        int64_t *host_allotted);

#endif
