/* services/deal/find.c
 * The grid. */
#include "find.h"

#include <math.h>
#include <stdlib.h>

#define EARTH_M           6371000.0
#define METRES_PER_DEGREE 111195.0

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t row_of(int64_t lat)
{
    return floor_div(lat + 90000000, DEAL_CELL_MICRO);
}

static int64_t column_of(int64_t lng)
{
    return floor_div(lng + 180000000, DEAL_CELL_MICRO);
}

int64_t deal_cell_of(int64_t lat, int64_t lng)
{
    return row_of(lat) * DEAL_CELL_COLUMN + column_of(lng);
}

void deal_cell_centre(int64_t cell, int64_t *lat, int64_t *lng)
{
    *lat = cell / DEAL_CELL_COLUMN * DEAL_CELL_MICRO - 90000000 + DEAL_CELL_MICRO / 2;
    *lng = cell % DEAL_CELL_COLUMN * DEAL_CELL_MICRO - 180000000 + DEAL_CELL_MICRO / 2;
}

static double radians(int64_t micro)
{
    return (double)micro / 1e6 * M_PI / 180;
}

int64_t deal_metres(int64_t lat1, int64_t lng1, int64_t lat2, int64_t lng2)
{
    double a = sin(radians(lat2 - lat1) / 2), b = sin(radians(lng2 - lng1) / 2);
    double h = a * a + cos(radians(lat1)) * cos(radians(lat2)) * b * b;

    return (int64_t)lround(2 * EARTH_M * asin(fmin(1, sqrt(h))));
}

static bool inside(int64_t cell, int64_t lat, int64_t lng, int64_t radius_m)
{
    int64_t clat, clng;

    deal_cell_centre(cell, &clat, &clng);
    return deal_metres(lat, lng, clat, clng) <= radius_m;
}

void deal_cells_around(struct gg_arena *arena, int64_t lat, int64_t lng, int64_t radius_m,
                       struct deal_cell_range **ranges, size_t *n)
{
    int64_t reach = (int64_t)((double)radius_m / METRES_PER_DEGREE * 1e6) + DEAL_CELL_MICRO;
    int64_t first = row_of(lat - reach), last = row_of(lat + reach), middle = column_of(lng);

    *ranges = GG_NEW_ARRAY(arena, struct deal_cell_range, (size_t)(last - first + 1));
    *n = 0;
    for (int64_t row = first < 0 ? 0 : first; row <= last && row < 36000; row++) {
        int64_t base = row * DEAL_CELL_COLUMN, west = middle, east = middle;
        /* The nearest cell of a row is that of the point's column or a neighbour of it. */
        while (west >= middle - 1 && west > 0 && !inside(base + west, lat, lng, radius_m))
            west--;
        if (!inside(base + west, lat, lng, radius_m)) {
            west = middle + 1;
            if (!inside(base + west, lat, lng, radius_m))
                continue;
        }
        east = west;
        while (west > 0 && inside(base + west - 1, lat, lng, radius_m))
            west--;
        while (east < 71999 && inside(base + east + 1, lat, lng, radius_m))
            east++;
        (*ranges)[(*n)++] = (struct deal_cell_range){base + west, base + east};
    }
}

static int by_distance(const void *a, const void *b)
{
    const struct deal_cell *x = a, *y = b;

    if (x->distance_m != y->distance_m)
        return x->distance_m < y->distance_m ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

void deal_cells_sort(struct deal_cell *cells, size_t n)
{
    qsort(cells, n, sizeof(*cells), by_distance);
}
