/* libcommon/zone.h
 * Time zones by their names, from the system's database (RFC 8536): what the clock on the wall shows, and when it shows
 * it. The process's own TZ plays no part. Any thread. */
#ifndef LIBCOMMON_ZONE_H
#define LIBCOMMON_ZONE_H

#include "libcommon/mem.h"

struct gg_zone;

/* "Asia/Seoul"; in the arena. NULL when there is no such zone. */
struct gg_zone *gg_zone_load(struct gg_arena *arena, const char *name) GG_MUSTCHECK;

/* A day and a time of day as people write them. */
struct gg_local {
    int64_t day; /* since 1970-01-01, in the proleptic Gregorian calendar */
    int64_t ms;  /* of that day, 0 to 86399999 */
};
struct gg_local gg_zone_local(const struct gg_zone *zone, int64_t utc_ms);
/* The instant. A local time that a change to summer time skips is read with the offset before it (an hour later on the
 * wall); one that comes twice is the first. */
int64_t gg_zone_utc(const struct gg_zone *zone, struct gg_local local);

/* Days and dates. */
int64_t gg_day_of_date(int64_t year, int64_t month, int64_t day_of_month);
void gg_date_of_day(int64_t day, int64_t *year, int64_t *month, int64_t *day_of_month);

#endif
