/* services/push/quiet.c
 * Quiet hours, the night of the law, digest windows. */
#include "quiet.h"

#include "libcommon/clock.h"

#define NIGHT_FROM  (21 * 60)
#define NIGHT_UNTIL (8 * 60)
#define SEOUL       (9 * GG_HOUR) /* without summer time */
#define DAY_MINUTES 1440

static bool inside(int64_t minute, int64_t from, int64_t until)
{
    return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
}

int64_t push_quiet_end(const struct push_hours *hours, int64_t now)
{
    if (hours->from == GG_NONE || hours->from == hours->until ||
        !inside(gg_tz_minute(hours->tz, now), hours->from, hours->until))
        return now;
    return gg_tz_next(hours->tz, now, hours->until);
}

int64_t push_night_end(int64_t now)
{
    int64_t minute = (now + SEOUL) / GG_MINUTE % DAY_MINUTES;

    if (!inside(minute, NIGHT_FROM, NIGHT_UNTIL))
        return now;
    return (now / GG_MINUTE + (NIGHT_UNTIL - minute + DAY_MINUTES) % DAY_MINUTES) * GG_MINUTE;
}

int64_t push_digest_window(const struct gg_tz *tz, int64_t every, int64_t at, int64_t now)
{
    if (every != 60)
        return gg_tz_next(tz, now, at);
    int64_t minute = gg_tz_minute(tz, now) % 60;
    return (now / GG_MINUTE + 60 - minute) * GG_MINUTE;
}
