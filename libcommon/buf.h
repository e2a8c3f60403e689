/* libcommon/buf.h
 * A growing byte buffer that is always created with the most it may ever hold. */
#ifndef LIBCOMMON_BUF_H
#define LIBCOMMON_BUF_H

#include "libcommon/base.h"

struct gg_buf {
    char *p;       /* NUL-terminated after every call; never NULL after init */
    size_t n;      /* bytes in use, without the NUL */
    size_t max;    /* never holds more than this */
    bool overflow; /* something did not fit; contents end before it */
    size_t _cap;
};

/* Starts an empty buffer for at most `max` bytes. */
void gg_buf_init(struct gg_buf *buf, size_t max);
/* Frees the bytes; the buffer may be initialised again. A zeroed buffer is fine. */
void gg_buf_free(struct gg_buf *buf);
/* Empties the buffer and clears `overflow`; keeps its memory. */
void gg_buf_clear(struct gg_buf *buf);

/* Append; what would pass `max` is not appended at all and sets `overflow`. */
void gg_buf_add(struct gg_buf *buf, const void *p, size_t n);
void gg_buf_adds(struct gg_buf *buf, const char *s);
void gg_buf_addc(struct gg_buf *buf, char c);
void gg_buf_addf(struct gg_buf *buf, const char *format, ...) GG_PRINTF(2, 3);
/* The contents, valid until the next change. */
struct gg_str gg_buf_str(const struct gg_buf *buf);

#endif
