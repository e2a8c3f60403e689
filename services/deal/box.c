/* services/deal/box.c
 * Boxes: as many whole ones as fill. */
#include "box.h"

struct deal_fill deal_box_fill(int64_t firm, int64_t tolerance, int64_t portions, int64_t boxes_max)
{
    struct deal_fill fill = {.boxes = firm / portions};
    int64_t begun = firm % portions;

    if (fill.boxes >= boxes_max)
        return (struct deal_fill){.boxes = boxes_max};
    if (begun == 0)
        return fill;
    if (begun + tolerance >= portions)
        fill.boxes++;
    else
        fill.missing = portions - begun - tolerance;
    return fill;
}

bool deal_fill_allowed(const struct deal_fill *before, const struct deal_fill *after)
{
    return after->boxes > before->boxes || (after->boxes == before->boxes && after->missing <= before->missing);
}

int64_t deal_fill_boxes(struct deal_part *parts, size_t n, int64_t host_portions, int64_t portions, int64_t boxes_max,
                        int64_t *host_allotted)
{
    int64_t firm = host_portions, tolerance = 0, room;
    struct deal_fill fill;

    for (size_t i = 0; i < n; i++) {
        firm += parts[i].quantity;
        tolerance += parts[i].tolerance;
    }
    fill = deal_box_fill(firm, tolerance, portions, boxes_max);
    room = fill.boxes * portions;
    *host_allotted = host_portions < room ? host_portions : room;
    if (room >= firm) {
        (void)deal_allot(parts, n, room - host_portions);
        return fill.boxes;
    }
    room -= *host_allotted;
    for (size_t i = 0; i < n; i++) {
        parts[i].allotted = parts[i].quantity < room ? parts[i].quantity : room;
        room -= parts[i].allotted;
    }
    return fill.boxes;
}
