/* libcommon/text.c
 * Text from outside. */
#include "libcommon/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

/* Decodes one code point; 0 bytes when it is not well-formed. */
static size_t decode(struct gg_str text, size_t at, int32_t *c)
{
    utf8proc_int32_t value;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text.p + at, (utf8proc_ssize_t)(text.n - at), &value);

    *c = value;
    return n > 0 ? (size_t)n : 0;
}

bool gg_utf8_valid(struct gg_str text)
{
    int32_t c;

    for (size_t i = 0, n; i < text.n; i += n) {
        n = decode(text, i, &c);
        if (n == 0 || c == 0)
            return false;
    }
    return true;
}

size_t gg_utf8_length(struct gg_str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    return n;
}

/* Characters that make text look like what it is not, or break lines where none should be. */
static bool forbidden(int32_t c, bool multiline)
{
    if (c < 0x20)
        return !(multiline && (c == '\n' || c == '\t'));
    return (c >= 0x7f && c < 0xa0) ||                                             /* C1 */
           c == 0x2028 || c == 0x2029 ||                                          /* line, paragraph */
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||        /* bidi embeddings, overrides */
           c == 0xfeff || (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe; /* BOM, non-characters */
}

char *gg_text_normalize(struct gg_arena *arena, struct gg_str text, bool multiline)
{
    utf8proc_uint8_t *composed;
    utf8proc_ssize_t n;
    char *out;
    int32_t c;

    for (size_t i = 0, step; i < text.n; i += step) {
        step = decode(text, i, &c);
        if (step == 0 || forbidden(c, multiline))
            return NULL;
    }
    n = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &composed,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0)
        return NULL;
    out = gg_strndup(arena, (const char *)composed, (size_t)n);
    free(composed);
    return out;
}

bool gg_parse_i64(struct gg_str text, int64_t min, int64_t max, int64_t *value)
{
    bool negative = text.n > 0 && text.p[0] == '-';
    size_t i = negative;
    int64_t result = 0;

    if (i == text.n || (text.p[i] == '0' && (text.n > i + 1 || negative)))
        return false;
    for (; i < text.n; i++) {
        int64_t digit = text.p[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(result, 10, &result) ||
            __builtin_add_overflow(result, negative ? -digit : digit, &result))
            return false;
    }
    if (result < min || result > max)
        return false;
    *value = result;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *gg_percent_decode(struct gg_arena *arena, struct gg_str text)
{
    char *out = gg_alloc(arena, text.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '%') {
            out[n++] = text.p[i];
            continue;
        }
        if (text.n - i < 3 || hex_digit(text.p[i + 1]) < 0 || hex_digit(text.p[i + 2]) < 0)
            return NULL;
        out[n++] = (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2]));
        i += 2;
    }
    return gg_utf8_valid((struct gg_str){out, n}) ? out : NULL;
}
