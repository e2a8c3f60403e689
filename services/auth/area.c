/* services/auth/area.c
 * Which area a point falls into, and whether a proof by position is plausible. */
#include "area.h"

#include <math.h>
#include <string.h>

#define METRES_PER_DEGREE 111195.0
#define MICRO             1e6
#define PI                3.14159265358979323846
#define SPEED_MAX         100.0  /* m/s; the fastest train of the country does 85 */
#define SLACK             2000.0 /* m; a cell stands for an earlier place only so well */
#define FAR_OUT           300.0  /* m beyond twice an area's radius: outside of all we know */

double auth_distance(struct auth_point a, struct auth_point b)
{
    double middle = (double)(a.lat + b.lat) / 2 / MICRO * PI / 180;
    double dy = (double)(a.lat - b.lat) / MICRO * METRES_PER_DEGREE;
    double dx = (double)(a.lng - b.lng) / MICRO * METRES_PER_DEGREE * cos(middle);

    return sqrt(dx * dx + dy * dy);
}

static int64_t cell_of(int64_t micro_degrees)
{
    int64_t cell = micro_degrees / AUTH_CELL - (micro_degrees % AUTH_CELL < 0);

    return cell * AUTH_CELL + AUTH_CELL / 2;
}

struct auth_point auth_cell(struct auth_point point)
{
    return (struct auth_point){cell_of(point.lat), cell_of(point.lng)};
}

/* The power distance d^2 - r^2: two circles share the line on which it is equal, and a small dong beside a large one is
 * not swallowed by it. */
int64_t auth_nearest_area(const struct auth_area_centre *areas, size_t n, struct auth_point point)
{
    double best = INFINITY;
    int64_t code = 0;

    for (size_t i = 0; i < n; i++) {
        double d = auth_distance(areas[i].centre, point), square = (double)areas[i].size_m2 / PI;
        if (d > 2 * sqrt(square) + FAR_OUT || d * d - square >= best)
            continue;
        best = d * d - square;
        code = areas[i].code;
    }
    return code;
}

static bool take_number(const uint8_t **at, const uint8_t *end, int64_t *value)
{
    const uint8_t *p = *at;

    if (end - p < 4)
        return false;
    *value = (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    *at = p + 4;
    return true;
}

/* Whether a ray from the point to the east crosses the edge from a to b. */
static bool crosses(struct auth_point a, struct auth_point b, struct auth_point p)
{
    if ((a.lat > p.lat) == (b.lat > p.lat))
        return false;
    return (double)(p.lng - a.lng) < (double)(b.lng - a.lng) * (double)(p.lat - a.lat) / (double)(b.lat - a.lat);
}

bool auth_inside(const uint8_t *points, size_t n, struct auth_point point)
{
    const uint8_t *at = points, *end = points + n;
    int64_t rings, length;
    bool inside = false;

    if (!take_number(&at, end, &rings))
        return false;
    for (int64_t r = 0; r < rings; r++) {
        struct auth_point first = {0, 0}, last = {0, 0}, next;
        if (!take_number(&at, end, &length) || length < 1)
            return false;
        for (int64_t i = 0; i < length; i++) {
            if (!take_number(&at, end, &next.lat) || !take_number(&at, end, &next.lng))
                return false;
            if (i == 0)
                first = next;
            else if (crosses(last, next, point))
                inside = !inside;
            last = next;
        }
        if (crosses(last, first, point))
            inside = !inside;
    }
    return inside && at == end;
}

/* Whether one would have to fly to get from one place to the other in this time. `slack`: metres that mean nothing. */
static bool too_fast(struct auth_point a, struct auth_point b, int64_t ms, double slack)
{
    return auth_distance(a, b) - slack > SPEED_MAX * (double)ms / 1000;
}

enum auth_fix_verdict auth_judge_fixes(const struct auth_fix *fixes, size_t n, const struct auth_past *past,
                                       size_t n_past, int64_t now, struct auth_fix *best)
{
    const struct auth_fix *newest = &fixes[n - 1];
    bool moved = false;

    *best = fixes[0];
    for (size_t i = 1; i < n; i++) {
        const struct auth_fix *a = &fixes[i - 1], *b = &fixes[i];
        if (b->measured_at < a->measured_at)
            return AUTH_FIX_ONCE;
        if (too_fast(a->at, b->at, b->measured_at - a->measured_at, (double)(a->accuracy_m + b->accuracy_m)))
            return AUTH_FIX_JUMP;
        moved = moved || a->at.lat != b->at.lat || a->at.lng != b->at.lng;
        if (b->accuracy_m <= best->accuracy_m)
            *best = *b;
    }
    if (best->accuracy_m > AUTH_ACCURACY_MAX)
        return AUTH_FIX_INACCURATE;
    if (now - newest->measured_at > AUTH_SAMPLE_AGE || newest->measured_at - now > AUTH_SAMPLE_FUTURE)
        return AUTH_FIX_OLD;
    if (newest->measured_at - fixes[0].measured_at < AUTH_SAMPLES_SPAN)
        return AUTH_FIX_ONCE;
    if (!moved && best->accuracy_m <= AUTH_STILL_ACCURACY)
        return AUTH_FIX_FROZEN;
    for (size_t i = 0; i < n_past; i++)
        if (too_fast(past[i].cell, best->at, now - past[i].proved_at, SLACK))
            return AUTH_FIX_JUMP;
    return AUTH_FIX_GOOD;
}
