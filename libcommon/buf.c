/* libcommon/buf.c
 * The bounded growing buffer. */
#include "libcommon/buf.h"

#include "libcommon/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gg_buf_init(struct gg_buf *buf, size_t max)
{
    *buf = (struct gg_buf){.max = max, ._cap = max < 256 ? max + 1 : 256};
    buf->p = gg_xmalloc(buf->_cap);
    buf->p[0] = '\0';
}

void gg_buf_free(struct gg_buf *buf)
{
    free(buf->p);
    *buf = (struct gg_buf){0};
}

void gg_buf_clear(struct gg_buf *buf)
{
    buf->n = 0;
    buf->overflow = false;
    buf->p[0] = '\0';
}

/* Makes room for `n` more bytes and the NUL; false when that would pass the bound. */
static bool reserve(struct gg_buf *buf, size_t n)
{
    size_t cap = buf->_cap;

    if (buf->overflow || n > buf->max - buf->n) {
        buf->overflow = true;
        return false;
    }
    while (cap < buf->n + n + 1)
        cap = cap > buf->max / 2 ? buf->max + 1 : cap * 2;
    if (cap != buf->_cap) {
        buf->p = gg_xrealloc(buf->p, cap);
        buf->_cap = cap;
    }
    return true;
}

void gg_buf_add(struct gg_buf *buf, const void *p, size_t n)
{
    if (n == 0 || !reserve(buf, n))
        return;
    memcpy(buf->p + buf->n, p, n);
    buf->n += n;
    buf->p[buf->n] = '\0';
}

void gg_buf_adds(struct gg_buf *buf, const char *s)
{
    gg_buf_add(buf, s, strlen(s));
}

void gg_buf_addc(struct gg_buf *buf, char c)
{
    gg_buf_add(buf, &c, 1);
}

void gg_buf_addf(struct gg_buf *buf, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n <= 0 || !reserve(buf, (size_t)n))
        return;
    va_start(args, format);
    vsnprintf(buf->p + buf->n, (size_t)n + 1, format, args);
    va_end(args);
    buf->n += (size_t)n;
}

struct gg_str gg_buf_str(const struct gg_buf *buf)
{
    return (struct gg_str){buf->p, buf->n};
}
