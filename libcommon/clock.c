/* libcommon/clock.c
 * The wall clock, movable; the monotonic clock; RFC 3339. */
#include "libcommon/clock.h"

#include "libcommon/log.h"
#include "libcommon/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t frozen = GG_NONE;
static const _Atomic int64_t *offset; /* mapped file; set once, before threads */

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t gg_now(void)
{
    int64_t fixed = atomic_load_explicit(&frozen, memory_order_relaxed);

    if (fixed != GG_NONE)
        return fixed;
    return read_clock(CLOCK_REALTIME) + (offset ? atomic_load_explicit(offset, memory_order_relaxed) : 0);
}

int64_t gg_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void gg_clock_set(int64_t ms)
{
    atomic_store(&frozen, ms);
}

bool gg_clock_follow(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *map = MAP_FAILED;

    if (fd >= 0 && lseek(fd, 0, SEEK_END) >= (off_t)sizeof(int64_t))
        map = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        gg_error("clock_file", "cannot map %s (8 bytes are needed): %s", path, strerror(errno));
    else
        offset = map;
    if (fd >= 0)
        close(fd);
    return map != MAP_FAILED;
}

#define YEAR_9999_END INT64_C(253402300799999)

/* Writes `value` with this many digits over what stands at `out`. */
static void put_digits(char *out, int digits, int64_t value)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

void gg_time_format(int64_t ms, char out[GG_TIME_TEXT])
{
    static const char form[GG_TIME_TEXT] = "0000-00-00T00:00:00.000Z";
    int64_t y, m, d, in_day;

    ms = ms < 0 ? 0 : ms > YEAR_9999_END ? YEAR_9999_END : ms;
    gg_date_of_day(ms / GG_DAY, &y, &m, &d);
    in_day = ms % GG_DAY;
    memcpy(out, form, GG_TIME_TEXT);
    put_digits(out, 4, y);
    put_digits(out + 5, 2, m);
    put_digits(out + 8, 2, d);
    put_digits(out + 11, 2, in_day / GG_HOUR);
    put_digits(out + 14, 2, in_day / GG_MINUTE % 60);
    put_digits(out + 17, 2, in_day / GG_SECOND % 60);
    put_digits(out + 20, 3, in_day % 1000);
}

/* Reads exactly `digits` digits. */
static bool number(const char **p, const char *end, int digits, int64_t *value)
{
    *value = 0;
    for (int i = 0; i < digits; i++, (*p)++) {
        if (*p == end || **p < '0' || **p > '9')
            return false;
        *value = *value * 10 + (**p - '0');
    }
    return true;
}

static bool letter(const char **p, const char *end, char c)
{
    return *p < end && *(*p)++ == c;
}

static int64_t days_in_month(int64_t y, int64_t m)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

    return m == 2 && leap ? 29 : days[m - 1];
}

/* The fraction of a second, if there is one, cut to milliseconds. */
static bool fraction(const char **p, const char *end, int64_t *ms)
{
    int digits = 0;

    *ms = 0;
    if (*p == end || **p != '.')
        return true;
    for ((*p)++; *p < end && **p >= '0' && **p <= '9'; (*p)++, digits++)
        if (digits < 3)
            *ms = *ms * 10 + (**p - '0');
    for (int i = digits; i < 3; i++)
        *ms *= 10;
    return digits >= 1 && digits <= 9;
}

/* "Z" or an offset; minutes east of UTC. */
static bool zone(const char **p, const char *end, int64_t *minutes)
{
    int64_t h, m;
    char sign;

    if (*p == end)
        return false;
    sign = *(*p)++;
    *minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    if ((sign != '+' && sign != '-') || !number(p, end, 2, &h) || !letter(p, end, ':') || !number(p, end, 2, &m) ||
        h > 23 || m > 59)
        return false;
    *minutes = (h * 60 + m) * (sign == '-' ? -1 : 1);
    return true;
}

bool gg_time_parse(struct gg_str text, int64_t *ms)
{
    const char *p = text.p, *end = text.p + text.n;
    int64_t y, mo, d, h, mi, s, f, east, result;

    if (!number(&p, end, 4, &y) || !letter(&p, end, '-') || !number(&p, end, 2, &mo) || !letter(&p, end, '-') ||
        !number(&p, end, 2, &d) || p == end || (*p != 'T' && *p != 't'))
        return false;
    p++;
    if (!number(&p, end, 2, &h) || !letter(&p, end, ':') || !number(&p, end, 2, &mi) || !letter(&p, end, ':') ||
        !number(&p, end, 2, &s) || !fraction(&p, end, &f) || !zone(&p, end, &east) || p != end)
        return false;
    if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > days_in_month(y, mo) || h > 23 || mi > 59 || s > 59)
        return false;
    result = gg_day_of_date(y, mo, d) * GG_DAY + h * GG_HOUR + (mi - east) * GG_MINUTE + s * GG_SECOND + f;
    if (result < 0 || result > YEAR_9999_END)
        return false;
    *ms = result;
    return true;
}
