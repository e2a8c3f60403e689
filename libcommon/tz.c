/* libcommon/tz.c
 * Zone files: the 64-bit block of version 2 and later. */
#include "libcommon/tz.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONES     "/usr/share/zoneinfo"
#define NAME_MAX_ 40
#define FILE_MAX  (128 * 1024)
#define HEADER    44

struct gg_tz {
    char name[NAME_MAX_ + 1];
    size_t n;        /* changes */
    int64_t *at;     /* ms */
    int64_t *offset; /* from then on, ms */
    int64_t before;  /* until the first change */
    struct gg_tz *next;
};

static struct gg_tz *known;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t big(const uint8_t *p, size_t n)
{
    uint64_t v = (p[0] & 0x80) ? UINT64_MAX : 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

/* Letters of a zone's name, and no way out of the folder. */
static bool name_ok(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n <= NAME_MAX_ && name[0] != '/' && !strstr(name, "..") &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == n;
}

struct counts {
    size_t isut, isstd, leap, time, type, chars;
};

static bool read_counts(const uint8_t *p, size_t n, struct counts *c)
{
    if (n < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    *c = (struct counts){(size_t)big(p + 20, 4), (size_t)big(p + 24, 4), (size_t)big(p + 28, 4),
                         (size_t)big(p + 32, 4), (size_t)big(p + 36, 4), (size_t)big(p + 40, 4)};
    return c->isut <= 256 && c->isstd <= 256 && c->leap <= 1000 && c->time <= 5000 && c->type > 0 && c->type <= 256 &&
           c->chars <= 512;
}

static size_t block_size(const struct counts *c, size_t time_size)
{
    return c->time * (time_size + 1) + c->type * 6 + c->chars + c->leap * (time_size + 4) + c->isstd + c->isut;
}

static struct gg_tz *parse(const uint8_t *p, size_t n)
{
    struct counts c;
    size_t skip;

    if (!read_counts(p, n, &c))
        return NULL;
    skip = HEADER + block_size(&c, 4);
    if (n < skip || !read_counts(p + skip, n - skip, &c) || n - skip - HEADER < block_size(&c, 8))
        return NULL;
    p += skip + HEADER;
    const uint8_t *index = p + c.time * 8, *types = index + c.time;
    struct gg_tz *tz = gg_xcalloc(1, sizeof(*tz));
    tz->n = c.time;
    tz->at = gg_xcalloc(c.time + 1, sizeof(*tz->at));
    tz->offset = gg_xcalloc(c.time + 1, sizeof(*tz->offset));
    tz->before = big(types, 4) * GG_SECOND;
    for (size_t i = 0; i < c.time; i++) {
        int64_t seconds = big(p + 8 * i, 8);
        /* The oldest files begin with the big bang, which in milliseconds would not fit. */
        tz->at[i] = seconds < INT64_MIN / 2000 ? INT64_MIN / 2 : seconds * GG_SECOND;
        tz->offset[i] = big(types + 6 * (index[i] < c.type ? index[i] : 0), 4) * GG_SECOND;
    }
    return tz;
}

static struct gg_tz *load(const char *name)
{
    char path[sizeof(ZONES) + NAME_MAX_ + 2];
    uint8_t *bytes;
    struct gg_tz *tz;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", ZONES, name);
    file = fopen(path, "re");
    if (!file)
        return NULL;
    bytes = gg_xmalloc(FILE_MAX);
    tz = parse(bytes, fread(bytes, 1, FILE_MAX, file));
    free(bytes);
    fclose(file);
    if (tz)
        snprintf(tz->name, sizeof(tz->name), "%s", name);
    return tz;
}

const struct gg_tz *gg_tz_find(const char *name)
{
    struct gg_tz *tz;

    if (!name_ok(name))
        return NULL;
    pthread_mutex_lock(&lock);
    for (tz = known; tz && strcmp(tz->name, name) != 0;)
        tz = tz->next;
    if (!tz) {
        tz = load(name);
        if (tz) {
            tz->next = known;
            known = tz;
        }
    }
    pthread_mutex_unlock(&lock);
    return tz;
}

int64_t gg_tz_offset(const struct gg_tz *tz, int64_t ms)
{
    size_t low = 0, high = tz->n;

    while (low < high) { /* the first change after `ms` */
        size_t middle = (low + high) / 2;
        if (tz->at[middle] <= ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? tz->before : tz->offset[low - 1];
}

static int64_t local_minutes(const struct gg_tz *tz, int64_t ms)
{
    int64_t local = ms + gg_tz_offset(tz, ms);

    return local >= 0 ? local / GG_MINUTE : (local - GG_MINUTE + 1) / GG_MINUTE;
}

int64_t gg_tz_minute(const struct gg_tz *tz, int64_t ms)
{
    int64_t minute = local_minutes(tz, ms) % 1440;

    return minute < 0 ? minute + 1440 : minute;
}

int64_t gg_tz_next(const struct gg_tz *tz, int64_t ms, int64_t minute)
{
    int64_t t = (ms / GG_MINUTE + 1) * GG_MINUTE;
    int64_t before = gg_tz_minute(tz, ms);

    /* Minute by minute, so that a clock that is put forward or back needs no special case. Two days always do. */
    for (int i = 0; i < 2 * 1440; i++, t += GG_MINUTE) {
        int64_t now = gg_tz_minute(tz, t);
        int64_t step = (now - before + 1440) % 1440, want = (minute - before + 1440) % 1440;
        if (now == minute || (step > 1 && step < 720 && want > 0 && want <= step))
            return t;
        before = now;
    }
    return t;
}
