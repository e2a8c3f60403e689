/* libcommon/zone.c
 * TZif files. The 64-bit block lists every change up to 2037; after the last one its offset stays, which is exact for
 * zones without summer time. */
#include "libcommon/zone.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 * 1024)
#define HEADER   44
#define DAY_MS   INT64_C(86400000)

struct gg_zone {
    size_t n;
    int64_t *at;     /* seconds */
    int64_t *offset; /* ms east of Greenwich from at[i] on */
    int64_t first;   /* before at[0] */
};

static uint64_t big(const uint8_t *p, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

struct block {
    size_t transitions, types, chars, leaps, standard, ut;
};

static bool read_header(const uint8_t *p, size_t n, struct block *b)
{
    if (n < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    *b = (struct block){big(p + 32, 4), big(p + 36, 4), big(p + 40, 4), big(p + 28, 4), big(p + 24, 4), big(p + 20, 4)};
    return b->transitions < 10000 && b->types > 0 && b->types < 256 && b->chars < 10000 && b->leaps < 1000;
}

static struct gg_zone *parse(struct gg_arena *arena, const uint8_t *p, size_t n)
{
    struct gg_zone *zone = GG_NEW(arena, struct gg_zone);
    const uint8_t *index, *types;
    struct block b;
    size_t skip;

    if (!read_header(p, n, &b) || p[4] < '2')
        return NULL;
    skip = HEADER + b.transitions * 5 + b.types * 6 + b.chars + b.leaps * 8 + b.standard + b.ut;
    if (skip >= n || !read_header(p + skip, n - skip, &b))
        return NULL;
    p += skip + HEADER;
    n -= skip + HEADER;
    if (b.transitions * 9 + b.types * 6 > n)
        return NULL;
    index = p + b.transitions * 8;
    types = index + b.transitions;
    zone->n = b.transitions;
    zone->at = GG_NEW_ARRAY(arena, int64_t, b.transitions);
    zone->offset = GG_NEW_ARRAY(arena, int64_t, b.transitions);
    zone->first = (int64_t)(int32_t)big(types, 4) * 1000;
    for (size_t i = 0; i < b.transitions; i++) {
        if (index[i] >= b.types)
            return NULL;
        zone->at[i] = (int64_t)big(p + i * 8, 8);
        zone->offset[i] = (int64_t)(int32_t)big(types + (size_t)index[i] * 6, 4) * 1000;
    }
    return zone;
}

struct gg_zone *gg_zone_load(struct gg_arena *arena, const char *name)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    uint8_t *bytes;
    size_t n = 0;
    ssize_t got;
    int fd;

    if (strlen(name) > 60 || name[0] == '/' || strspn(name, set) != strlen(name) || !name[0])
        return NULL;
    fd = open(gg_sprintf(arena, "/usr/share/zoneinfo/%s", name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bytes = gg_alloc(arena, FILE_MAX);
    while (n < FILE_MAX && (got = read(fd, bytes + n, FILE_MAX - n)) > 0)
        n += (size_t)got;
    close(fd);
    return parse(arena, bytes, n);
}

static int64_t offset_at(const struct gg_zone *zone, int64_t utc_ms)
{
    int64_t offset = zone->first;

    for (size_t i = 0; i < zone->n && zone->at[i] * 1000 <= utc_ms; i++)
        offset = zone->offset[i];
    return offset;
}

struct gg_local gg_zone_local(const struct gg_zone *zone, int64_t utc_ms)
{
    int64_t local = utc_ms + offset_at(zone, utc_ms), day = local / DAY_MS - (local % DAY_MS < 0);

    return (struct gg_local){day, local - day * DAY_MS};
}

int64_t gg_zone_utc(const struct gg_zone *zone, struct gg_local local)
{
    int64_t wall = local.day * DAY_MS + local.ms;
    int64_t before = offset_at(zone, wall - DAY_MS), after = offset_at(zone, wall + DAY_MS);

    /* The offset before is right if it still holds then; so the first of two is taken, and a skipped one moves on. */
    if (offset_at(zone, wall - before) == before || offset_at(zone, wall - after) != after)
        return wall - before;
    return wall - after;
}

/* Howard Hinnant's days_from_civil and civil_from_days. */
int64_t gg_day_of_date(int64_t year, int64_t month, int64_t day_of_month)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void gg_date_of_day(int64_t day, int64_t *year, int64_t *month, int64_t *day_of_month)
{
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day_of_month = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}
