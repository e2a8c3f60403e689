/* services/auth/neighbour.h
 * Neighbourhoods of an account: proving, giving up, and what the token says of them. */
#ifndef SERVICES_AUTH_NEIGHBOUR_H
#define SERVICES_AUTH_NEIGHBOUR_H

#include "flow.h"
#include "libcommon/geojson.h"
#include "store_area.h"

#define AUTH_DUE_AREA      "auth.area_end"
#define AUTH_AREAS_A_DAY   5 /* proofs of a place */
#define AUTH_AREA_CODE_MAX INT64_C(9999999999)

/* What the token of this account says at `now`. */
void auth_areas_of(const struct auth_account *account, int64_t now, struct gg_area areas[GG_AREAS_MAX]);
/* A code in digits. */
bool auth_area_code(struct gg_str text, int64_t *code) GG_MUSTCHECK;
/* Square metres of the polygons without their holes, and the middle of the largest one's bounds. */
int64_t auth_polygons_measure(const struct gg_polygon *polygons, size_t n, struct auth_point *centre);
/* The 30 days of a neighbourhood are over. */
enum gg_status auth_area_due(struct gg_due *due);

extern const struct gg_route auth_area_routes[];
extern const size_t auth_area_routes_n;

#endif
