/* libcommon/tz.h
 * Local time: what a clock on the wall shows in a time zone, by the system's zone files (TZif, RFC 8536). Any thread.
 */
#ifndef LIBCOMMON_TZ_H
#define LIBCOMMON_TZ_H

#include "libcommon/base.h"

struct gg_tz;

/* The zone of this name ("Asia/Seoul"), kept for the life of the process; NULL when there is none. The name may come
 * from outside. */
const struct gg_tz *gg_tz_find(const char *name) GG_MUSTCHECK;
/* What is added to UTC (ms) at this instant. Beyond the last change the file knows of (2037) the last offset goes on.
 */
int64_t gg_tz_offset(const struct gg_tz *tz, int64_t ms);
/* Minute of the local day, 0 to 1439. */
int64_t gg_tz_minute(const struct gg_tz *tz, int64_t ms);
/* The first instant after `ms`, on a full minute, at which the local clock shows `minute` (0 to 1439) - or, on a day
 * when that minute is skipped, the first that shows a later one. */
int64_t gg_tz_next(const struct gg_tz *tz, int64_t ms, int64_t minute);

#endif
