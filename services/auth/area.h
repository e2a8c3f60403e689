/* services/auth/area.h
 * Where somebody is, as far as we want to know it: which area a point falls into, and whether a proof by position is
 * plausible. Angles are micro-degrees, lengths metres, times ms. Pure: nothing is read, kept or logged here. */
#ifndef SERVICES_AUTH_AREA_H
#define SERVICES_AUTH_AREA_H

#include "libcommon/base.h"

#define AUTH_AREA_MS        (30 * INT64_C(86400000)) /* a proof is good for so long */
#define AUTH_CELL           INT64_C(5000)            /* micro-degrees, as the deals' cells */
#define AUTH_ACCURACY_MAX   150                      /* m; what is less exact proves no dong */
#define AUTH_SAMPLES_MIN    2
#define AUTH_SAMPLES_MAX    5
#define AUTH_SAMPLES_SPAN   (3 * INT64_C(1000))   /* between the first and the last */
#define AUTH_SAMPLE_AGE     (120 * INT64_C(1000)) /* of the newest */
#define AUTH_SAMPLE_FUTURE  (30 * INT64_C(1000))  /* a client's clock may be ahead */
#define AUTH_STILL_ACCURACY 20                    /* a satellite fix this exact never repeats itself to the digit */

struct auth_point {
    int64_t lat, lng;
};
struct auth_area_centre {
    int64_t code;
    struct auth_point centre;
    int64_t size_m2;
};
struct auth_fix { /* one measurement of the client */
    struct auth_point at;
    int64_t accuracy_m, measured_at;
};
struct auth_past { /* an earlier proof */
    struct auth_point cell;
    int64_t proved_at;
};

/* Metres between two points, to a part in a thousand within a country. */
double auth_distance(struct auth_point a, struct auth_point b);
/* Centre of the grid cell (0.005 degrees each way) of a point. */
struct auth_point auth_cell(struct auth_point point);
/* Code of the area whose circle of its size is nearest to the point; 0 when none comes near. */
int64_t auth_nearest_area(const struct auth_area_centre *areas, size_t n, struct auth_point point);
/* Whether the point lies inside the rings (an outline and its holes) as `area_shape.points` keeps them. False also when
 * the bytes are not of that form. */
bool auth_inside(const uint8_t *points, size_t n, struct auth_point point) GG_MUSTCHECK;

enum auth_fix_verdict {
    AUTH_FIX_GOOD,
    AUTH_FIX_INACCURATE, /* no sample is exact enough */
    AUTH_FIX_OLD,        /* measured too long ago, or in the future */
    AUTH_FIX_ONCE,       /* the samples lie too close in time to say the thing twice */
    AUTH_FIX_FROZEN,     /* exact to a few metres and yet the same to the digit: no receiver does that */
    AUTH_FIX_JUMP        /* faster than any train, between samples or since an earlier proof */
};
/* Whether the samples, in the order they were measured, prove a place at `now`, given the earlier proofs. The sample to
 * believe is put into *best. n is within its bounds. */
enum auth_fix_verdict auth_judge_fixes(const struct auth_fix *fixes, size_t n, const struct auth_past *past,
                                       size_t n_past, int64_t now, struct auth_fix *best) GG_MUSTCHECK;

#endif
