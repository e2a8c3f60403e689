/* libcommon/relay_internal.h
 * What the relay remembers of the broker's partitions, to see when it lost data it had acknowledged. */
#ifndef LIBCOMMON_RELAY_INTERNAL_H
#define LIBCOMMON_RELAY_INTERNAL_H

#include "libcommon/bus_internal.h"

#define RELAY_PARTS_MAX 64

struct relay_part {
    char topic[BUS_NAME_MAX];
    int32_t part;
    int64_t next_offset; /* behind the last acknowledged */
    bool stored;
};

struct relay_parts {
    struct relay_part v[RELAY_PARTS_MAX];
    size_t n;
    bool lost; /* something acknowledged is gone */
};

enum gg_status relay_parts_load(struct relay_parts *parts, struct gg_db *db, struct gg_arena *arena) GG_MUSTCHECK;
/* Notes an acknowledged message; an offset below what was acknowledged before tells of a loss. */
void relay_parts_acknowledged(struct relay_parts *parts, const char *topic, int32_t part, int64_t offset);
/* Asks the broker where the partitions end. */
void relay_parts_compare(struct relay_parts *parts, rd_kafka_t *rk);
/* Writes what changed; a failure is made up for next time. */
void relay_parts_store(struct relay_parts *parts, struct gg_db *db);
/* Begins anew: nothing is acknowledged, everything kept in the outbox is unpublished. */
enum gg_status relay_parts_forget(struct relay_parts *parts, struct gg_db *db) GG_MUSTCHECK;

#endif
