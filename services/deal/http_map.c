/* services/deal/http_map.c
 * How many deals recruit where: cells of the grid, put together into patches; once for all who look at the same. */
#include "http_map.h"

#include "kept.h"
#include "proto/deal_market.h"
#include "store_listing.h"

#include <stdlib.h>

#define MAP_SPAN  2000000 /* micro-degrees, each way */
#define MAP_CELLS 60      /* on an edge, about */

static int64_t patch_of(int64_t cell, int64_t step, struct deal_map_cell *patch)
{
    int64_t lat, lng, row, column;

    deal_cell_centre(cell, &lat, &lng);
    row = (lat + 90000000) / step;
    column = (lng + 180000000) / step;
    *patch = (struct deal_map_cell){row * step + step / 2 - 90000000, column * step + step / 2 - 180000000, 0};
    return row * 1000000 + column;
}

static int by_cell(const void *a, const void *b)
{
    const struct deal_cell *x = a, *y = b;

    return (x->distance_m > y->distance_m) - (x->distance_m < y->distance_m);
}

/* Cells are put together into patches, so that a map of any size has about the same number of them. */
static struct deal_map patches(struct gg_arena *arena, struct deal_cell *cells, size_t n, int64_t step)
{
    struct deal_map_cell *items = GG_NEW_ARRAY(arena, struct deal_map_cell, n), patch;
    size_t n_items = 0;

    for (size_t i = 0; i < n; i++)
        cells[i].distance_m = patch_of(cells[i].cell, step, &patch); /* only a number to sort by here */
    qsort(cells, n, sizeof(*cells), by_cell);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || cells[i].distance_m != cells[i - 1].distance_m)
            patch_of(cells[i].cell, step, &items[n_items++]);
        items[n_items - 1].deals += cells[i].n;
    }
    return (struct deal_map){{items, n_items}, step};
}

/* Everything that the reply depends on: those who see the same rows and columns see the same map. */
static struct deal_kept_patch patch_asked(const struct deal_map_query *query)
{
    int64_t south_west = deal_cell_of(query->south, query->west), north_east = deal_cell_of(query->north, query->east);
    struct deal_kept_patch patch = {.south = south_west / DEAL_CELL_COLUMN,
                                    .north = north_east / DEAL_CELL_COLUMN,
                                    .west = south_west % DEAL_CELL_COLUMN,
                                    .east = north_east % DEAL_CELL_COLUMN,
                                    .step = DEAL_CELL_MICRO};

    while ((query->north - query->south) / patch.step > MAP_CELLS ||
           (query->east - query->west) / patch.step > MAP_CELLS)
        patch.step *= 2;
    return patch;
}

static enum gg_status load(struct gg_call *call, struct gg_kept *kept)
{
    const struct deal_kept_patch patch = patch_asked(call->query);
    size_t n_rows = (size_t)(patch.north - patch.south + 1), n;
    struct deal_cell_range *ranges = GG_NEW_ARRAY(call->arena, struct deal_cell_range, n_rows);
    struct deal_cell *cells = NULL;
    struct deal_map map;

    for (size_t i = 0; i < n_rows; i++) {
        int64_t row = (patch.south + (int64_t)i) * DEAL_CELL_COLUMN;
        ranges[i] = (struct deal_cell_range){row + patch.west, row + patch.east};
    }
    GG_TRY(deal_cells(call->db, call->arena, DEAL_RECRUITING, ranges, n_rows, &cells, &n));
    map = patches(call->arena, cells, n, patch.step);
    gg_kept_encode(kept, &deal_map_msg, &map);
    return GG_OK;
}

static enum gg_status use(struct gg_call *call)
{
    const struct gg_kept *kept = gg_call_kept_value(call);

    if (!kept)
        return GG_ERROR;
    gg_reply_kept(call, kept);
    return GG_OK;
}

enum gg_status deal_map_show(struct gg_call *call)
{
    const struct deal_map_query *query = call->query;
    int64_t height = query->north - query->south, width = query->east - query->west;
    struct deal_kept_patch patch;

    if (height <= 0 || height > MAP_SPAN)
        return gg_fail_field(call, "?north", "range", "must be above south, by at most two degrees");
    if (width <= 0 || width > MAP_SPAN)
        return gg_fail_field(call, "?east", "range", "must be right of west, by at most two degrees");
    patch = patch_asked(query);
    return deal_kept_map(call, &patch, load, use);
}
