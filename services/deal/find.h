/* services/deal/find.h
 * The grid that deals are found on, and the way through it around a point. A deal is known to everybody by its cell of
 * 0.005 degrees only, so all deals of a cell are equally far: "nearest first" is an order of cells. Pure. */
#ifndef SERVICES_DEAL_FIND_H
#define SERVICES_DEAL_FIND_H

#include "libcommon/mem.h"

#define DEAL_CELL_MICRO  5000
#define DEAL_CELL_COLUMN INT64_C(100000) /* cell = row * this + column */

/* Cell of a point in micro-degrees, and the centre of a cell. */
int64_t deal_cell_of(int64_t lat, int64_t lng);
void deal_cell_centre(int64_t cell, int64_t *lat, int64_t *lng);
/* Metres between two points (haversine), rounded. */
int64_t deal_metres(int64_t lat1, int64_t lng1, int64_t lat2, int64_t lng2);

/* Cells from..to, one row of the grid. */
struct deal_cell_range {
    int64_t from, to;
};
/* The rows that hold every cell whose centre lies within `radius_m` of the point, and no other cell; in the arena.
 * Across the date line they are cut off. At most 50 km: 182 rows. */
void deal_cells_around(struct gg_arena *arena, int64_t lat, int64_t lng, int64_t radius_m,
                       struct deal_cell_range **ranges, size_t *n);

/* A cell with deals in it. */
struct deal_cell {
    int64_t cell, n, distance_m;
};
/* Sorts nearest first, equal distances by cell. */
void deal_cells_sort(struct deal_cell *cells, size_t n);

#endif
