/* services/auth/store_area.h
 * SQL of areas and neighbourhoods. Those marked (tx) run inside the caller's transaction. No exact position gets
 * into a statement: outlines are looked up by the grid cell. */
#ifndef SERVICES_AUTH_STORE_AREA_H
#define SERVICES_AUTH_STORE_AREA_H

#include "area.h"
#include "proto/auth_area.h"
#include "store.h"

/* A page of areas by code, after `after`; q (anywhere in a name) and district may be NULL. */
enum gg_status auth_areas_list(struct gg_db *db, struct gg_arena *arena, const char *q, const char *district,
                               int64_t after, int64_t limit, struct auth_area **areas, size_t *n) GG_MUSTCHECK;
/* Code of the area whose outline holds the point; 0: none does. */
enum gg_status auth_area_by_outline(struct gg_db *db, struct gg_arena *arena, struct auth_point point,
                                    int64_t *code) GG_MUSTCHECK;
/* Centres of all areas that have no outline. */
enum gg_status auth_area_centres(struct gg_db *db, struct gg_arena *arena, struct auth_area_centre **areas,
                                 size_t *n) GG_MUSTCHECK;
/* (tx) Writes an area, new or known, and drops its outlines. */
enum gg_status auth_area_put(struct gg_db *db, const struct auth_area *area) GG_MUSTCHECK;
/* (tx) Adds one polygon; `box` holds its least and greatest corner. */
enum gg_status auth_area_shape_add(struct gg_db *db, int64_t code, int64_t part, const struct auth_point box[2],
                                   struct gg_str points) GG_MUSTCHECK;

/* The user's neighbourhoods, newest proof first, those past their time left out. */
enum gg_status auth_neighbourhoods(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                                   struct auth_neighbourhood **items, size_t *n) GG_MUSTCHECK;
/* (tx) Writes or renews one. */
enum gg_status auth_neighbourhood_put(struct gg_db *db, struct gg_id user, int64_t code, struct auth_point cell,
                                      int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND. */
enum gg_status auth_neighbourhood_delete(struct gg_db *db, struct gg_id user, int64_t code) GG_MUSTCHECK;
/* (tx) Deletes those whose time is over. */
enum gg_status auth_neighbourhoods_expire(struct gg_db *db, struct gg_id user, int64_t now) GG_MUSTCHECK;
/* (tx) What the access token will say (gg_areas_text). */
enum gg_status auth_account_areas_write(struct gg_db *db, struct gg_id user, const char *areas) GG_MUSTCHECK;

#endif
