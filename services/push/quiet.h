/* services/push/quiet.h
 * When a person may be disturbed: quiet hours in his time zone, the night of the law, windows of digests. Pure. */
#ifndef SERVICES_PUSH_QUIET_H
#define SERVICES_PUSH_QUIET_H

#include "libcommon/tz.h"

struct push_hours {
    const struct gg_tz *tz;
    int64_t from, until; /* minutes of the local day; from GG_NONE: never quiet; from > until spans midnight */
};

/* The first instant at or after `now` that is not quiet. */
int64_t push_quiet_end(const struct push_hours *hours, int64_t now);
/* The same for the night in which the law forbids advertising without a consent of its own: 21 to 8, Korean time. */
int64_t push_night_end(int64_t now);
/* End of the digest window `now` lies in (always after `now`): the next full local hour (`every` 60), or the next time
 * the local clock shows minute `at`. */
int64_t push_digest_window(const struct gg_tz *tz, int64_t every, int64_t at, int64_t now);

#endif
