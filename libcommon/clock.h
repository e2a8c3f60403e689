/* libcommon/clock.h
 * Time: the wall clock in milliseconds UTC (which tests can move) and a monotonic one for intervals (which they
 * cannot). Business code and SQL parameters take time from here only, never from the database. Any thread. */
#ifndef LIBCOMMON_CLOCK_H
#define LIBCOMMON_CLOCK_H

#include "libcommon/base.h"

#define GG_SECOND INT64_C(1000)
#define GG_MINUTE (60 * GG_SECOND)
#define GG_HOUR   (60 * GG_MINUTE)
#define GG_DAY    (24 * GG_HOUR)

/* Milliseconds since 1970-01-01T00:00:00Z, moved by the mock or the followed file. */
int64_t gg_now(void);
/* Milliseconds of CLOCK_MONOTONIC. */
int64_t gg_mono(void);

/* Unit tests: freezes gg_now() at `ms`; GG_NONE lets it run again. */
void gg_clock_set(int64_t ms);
/* Test stacks: maps `path` (8 bytes, little-endian int64: milliseconds added to the real time) so that a test moves the
 * clock of every running service at once. False, logged, when the file cannot be mapped. Call once, in main. */
bool gg_clock_follow(const char *path) GG_MUSTCHECK;

/* RFC 3339 in UTC with milliseconds, "2026-11-21T09:00:00.000Z"; `out` is NUL-terminated. */
#define GG_TIME_TEXT 25
void gg_time_format(int64_t ms, char out[GG_TIME_TEXT]);
/* Parses RFC 3339 with any offset and up to nine fraction digits (cut to ms), years 1970-9999, no leap second. */
bool gg_time_parse(struct gg_str text, int64_t *ms) GG_MUSTCHECK;

#endif
