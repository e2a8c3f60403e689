/* libcommon/map.h
 * A hash map from id to pointer, for what a process keeps in memory. One thread at a time. */
#ifndef LIBCOMMON_MAP_H
#define LIBCOMMON_MAP_H

#include "libcommon/id.h"

struct gg_map;

struct gg_map *gg_map_create(void) __attribute__((returns_nonnull));
/* Frees the map, not the values. NULL is fine. */
void gg_map_destroy(struct gg_map *map);
/* The value of a key, or NULL. */
void *gg_map_get(const struct gg_map *map, struct gg_id key);
/* Sets the value of a key; `value` must not be NULL. */
void gg_map_put(struct gg_map *map, struct gg_id key, void *value);
/* Forgets a key and answers its value, or NULL. */
void *gg_map_remove(struct gg_map *map, struct gg_id key);
size_t gg_map_count(const struct gg_map *map);
/* Calls fn for every value; fn may remove the key it is called with and no other. */
void gg_map_each(struct gg_map *map, void (*fn)(struct gg_id key, void *value, void *arg), void *arg);

#endif
