/* services/deal/plan.c
 * What a deal is planned to be. */
#include "plan.h"

#include "libcommon/clock.h"

#include <stdlib.h>

int64_t deal_capacity(const struct deal_row *deal)
{
    return deal->plan.max_portions == GG_NONE ? deal->portions - deal->host_portions : deal->plan.max_portions;
}

int64_t deal_free(const struct deal_row *deal)
{
    return deal_capacity(deal) - deal->taken - deal->plan.offered;
}

int64_t deal_ceiling(const struct deal_row *deal)
{
    return deal->plan.ceiling_won == GG_NONE ? deal->total_won : deal->plan.ceiling_won;
}

static bool boxes(const struct deal_row *deal)
{
    return deal->plan.boxes_max != GG_NONE;
}

int64_t deal_box(const struct deal_row *deal)
{
    return boxes(deal) ? deal->portions / deal->plan.boxes_max : deal->portions;
}

struct deal_price deal_price_of(const struct deal_row *deal)
{
    int64_t parts = boxes(deal) ? deal->plan.boxes_max : 1;

    return (struct deal_price){
        .lot = {.portions = deal->portions / parts,
                .total_won = deal_ceiling(deal) / parts,
                .delivery_won = deal->plan.delivery_won,
                .delivery_equal = deal->plan.delivery_rule == DEAL_DELIVERY_EQUAL},
        .boxes = boxes(deal),
        .host_portions = deal->host_portions,
        .min_portions = deal->min_portions,
        .each_max = deal->plan.each_max,
    };
}

int64_t deal_max_won(const struct deal_row *deal, int64_t quantity)
{
    struct deal_price price = deal_price_of(deal);

    return deal_cost_max(&price, quantity);
}

struct deal_fill deal_fill_of(const struct deal_row *deal, int64_t quantity, int64_t tolerance)
{
    if (!boxes(deal))
        return (struct deal_fill){0};
    return deal_box_fill(deal->host_portions + deal->taken + quantity, deal->plan.extras + tolerance, deal_box(deal),
                         deal->plan.boxes_max);
}

bool deal_filling(const struct deal_row *deal, int64_t now)
{
    return boxes(deal) && now >= deal->closes_at - deal->plan.fill_minutes * GG_MINUTE;
}

int64_t deal_decide_allotments(const struct deal_row *deal, struct deal_part *parts, size_t n, struct deal_lot *lot)
{
    int64_t sold = 0, bought, host;

    *lot = (struct deal_lot){.portions = deal->portions,
                             .total_won = deal_ceiling(deal),
                             .delivery_won = deal->plan.delivery_won,
                             .delivery_equal = deal->plan.delivery_rule == DEAL_DELIVERY_EQUAL};
    if (!boxes(deal))
        return deal_allot(parts, n, deal_capacity(deal));
    bought = deal_fill_boxes(parts, n, deal->host_portions, deal_box(deal), deal->plan.boxes_max, &host);
    for (size_t i = 0; i < n; i++)
        sold += parts[i].allotted;
    lot->portions = bought * deal_box(deal);
    lot->total_won = bought * (deal_ceiling(deal) / deal->plan.boxes_max);
    return sold;
}

struct gg_list deal_windows_of(struct gg_arena *arena, const struct deal_row *deal)
{
    struct deal_window *windows = GG_NEW_ARRAY(arena, struct deal_window, DEAL_WINDOWS_MAX);
    const char *p = deal->plan.windows;
    size_t n = 0;

    for (char *end; p && *p && n < DEAL_WINDOWS_MAX; n++) {
        windows[n].from = strtoll(p, &end, 10);
        windows[n].until = strtoll(end, &end, 10);
        windows[n].chosen = GG_NONE;
        p = *end ? end + 1 : end;
    }
    if (n == 0)
        windows[n++] = (struct deal_window){deal->pickup_from, deal->pickup_until, GG_NONE};
    return (struct gg_list){windows, n};
}

const char *deal_windows_text(struct gg_arena *arena, const struct gg_list *list)
{
    const struct deal_window *windows = list->items;
    const char *text = NULL;

    for (size_t i = 0; i < list->n; i++)
        text = gg_sprintf(arena, "%s%s%" PRId64 " %" PRId64, text ? text : "", text ? " " : "", windows[i].from,
                          windows[i].until);
    return text;
}
