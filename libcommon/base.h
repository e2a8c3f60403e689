/* libcommon/base.h
 * The few words every file of the house shares: attributes, lengths, counted strings, the status of work. */
#ifndef LIBCOMMON_BASE_H
#define LIBCOMMON_BASE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A result that must not be ignored. */
#define GG_MUSTCHECK __attribute__((warn_unused_result))
/* Argument `f` is a printf format, its values start at argument `a`. */
#define GG_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define GG_UNUSED       __attribute__((unused))
#define GG_NORETURN     __attribute__((noreturn))
/* Number of elements of an array (not of a pointer). */
#define GG_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* The absent value of an optional whole number, amount, instant or coordinate. */
#define GG_NONE INT64_MIN
/* Amounts and other whole numbers on the wire stay below this (cJSON's doubles are exact there). */
#define GG_WIRE_MAX INT64_C(999999999999999)

/* Bytes with a length; not owned, not always NUL-terminated. */
struct gg_str {
    const char *p;
    size_t n;
};
#define GG_STR(literal) ((struct gg_str){(literal), sizeof(literal) - 1})

/* How a piece of work on the store or the outside ended. Anything but GG_OK, GG_NOT_FOUND and GG_DUPLICATE has been
 * logged where it happened. */
enum gg_status {
    GG_OK,
    GG_NOT_FOUND,   /* no such row, or a guarded UPDATE that matched none */
    GG_DUPLICATE,   /* a UNIQUE constraint refused the row */
    GG_RETRY,       /* lost a race (deadlock, lock wait, changed snapshot): the whole unit of work may run again */
    GG_UNAVAILABLE, /* the dependency does not answer: 503 for a caller, back-off for a consumer */
    GG_ERROR        /* a defect: wrong SQL, broken data; will not pass by itself */
};

/* Name of a status for logs. Never NULL. */
const char *gg_status_name(enum gg_status status);

/* Carries every status but GG_OK out of the calling function. */
#define GG_TRY(expr)                                                                                                   \
    do {                                                                                                               \
        enum gg_status gg_try_status = (expr);                                                                         \
        if (gg_try_status != GG_OK)                                                                                    \
            return gg_try_status;                                                                                      \
    } while (0)

#endif
