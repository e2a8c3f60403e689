/* proto/auth_area.h
 * What crosses the border of the auth service about places: areas, and proving to be a neighbour. Positions come in and
 * never go out again. */
#ifndef PROTO_AUTH_AREA_H
#define PROTO_AUTH_AREA_H

#include "proto/auth.h"

struct auth_area { /* a dong */
    int64_t code;
    const char *district, *name, *name_en;
    int64_t lat, lng; /* centre, micro-degrees */
    int64_t size_m2;
};
struct auth_area_query { /* GET /v1/auth/areas?q=&district= */
    struct gg_page page;
    const char *q, *district;
};
struct auth_area_list {
    struct gg_list items; /* struct auth_area, by code */
    const char *next;
};

struct auth_position {
    int64_t lat, lng; /* micro-degrees */
    int64_t accuracy_m;
    int64_t measured_at;
};
struct auth_prove_area {    /* POST /v1/auth/neighbourhoods */
    struct gg_list samples; /* struct auth_position, in the order they were measured, a few seconds apart */
};
struct auth_neighbourhood {
    int64_t code;
    const char *district, *name, *name_en;
    int64_t cell_lat, cell_lng; /* centre of the grid cell */
    int64_t proved_at, valid_until;
};
struct auth_neighbourhood_list { /* GET /v1/auth/neighbourhoods */
    struct gg_list items;        /* struct auth_neighbourhood, newest proof first */
};

extern const struct gg_msg auth_area_msg, auth_area_query_msg, auth_area_list_msg, auth_position_msg,
    auth_prove_area_msg, auth_neighbourhood_msg, auth_neighbourhood_list_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_POSITION_INACCURATE, /* 422 */
    AUTH_POSITION_OLD,                                   /* 422 */
    AUTH_POSITION_DOUBTED,                               /* 422 said once only, frozen, or too fast */
    AUTH_AREA_UNKNOWN,                                   /* 422 no area we know is near */
    AUTH_AREAS_FULL,                                     /* 409 two stand already */
    AUTH_AREA_BUDGET;                                    /* 429 */

#endif
