/* libcommon/map.c
 * The map over uthash, which stays in here. */
#include "libcommon/map.h"

#include "libcommon/mem.h"

#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>

struct item {
    struct gg_id key;
    void *value;
    UT_hash_handle hh;
};
struct gg_map {
    struct item *items;
};

static struct item *find(const struct gg_map *map, const struct gg_id *key)
{
    struct item *item;

    HASH_FIND(hh, map->items, key, sizeof(*key), item);
    return item;
}

struct gg_map *gg_map_create(void)
{
    return gg_xcalloc(1, sizeof(struct gg_map));
}

void gg_map_destroy(struct gg_map *map)
{
    struct item *item, *next;

    if (!map)
        return;
    HASH_ITER(hh, map->items, item, next)
    {
        HASH_DEL(map->items, item);
        free(item);
    }
    free(map);
}

void *gg_map_get(const struct gg_map *map, struct gg_id key)
{
    struct item *item = find(map, &key);

    return item ? item->value : NULL;
}

void gg_map_put(struct gg_map *map, struct gg_id key, void *value)
{
    struct item *item = find(map, &key);

    if (!item) {
        item = gg_xcalloc(1, sizeof(*item));
        item->key = key;
        HASH_ADD(hh, map->items, key, sizeof(item->key), item);
    }
    item->value = value;
}

void *gg_map_remove(struct gg_map *map, struct gg_id key)
{
    struct item *item = find(map, &key);
    void *value;

    if (!item)
        return NULL;
    value = item->value;
    HASH_DEL(map->items, item);
    free(item);
    return value;
}

size_t gg_map_count(const struct gg_map *map)
{
    return HASH_COUNT(map->items);
}

void gg_map_each(struct gg_map *map, void (*fn)(struct gg_id key, void *value, void *arg), void *arg)
{
    struct item *item, *next;

    HASH_ITER(hh, map->items, item, next)
    fn(item->key, item->value, arg);
}
#pragma GCC diagnostic pop
