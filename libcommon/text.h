/* libcommon/text.h
 * Text from outside: UTF-8 checks, NFC, length in characters, strict numbers. Any thread. */
#ifndef LIBCOMMON_TEXT_H
#define LIBCOMMON_TEXT_H

#include "libcommon/mem.h"

/* Well-formed UTF-8 without surrogates and without U+0000. */
bool gg_utf8_valid(struct gg_str text) GG_MUSTCHECK;
/* Code points in valid UTF-8. */
size_t gg_utf8_length(struct gg_str text);
/* NFC form of valid UTF-8 in the arena, or NULL when it holds a control character (tab and line feed pass only with
 * `multiline`), a bidi override or a non-character. */
char *gg_text_normalize(struct gg_arena *arena, struct gg_str text, bool multiline) GG_MUSTCHECK;
/* Whole decimal number without sign games, spaces or leading zeros, within [min, max]. */
bool gg_parse_i64(struct gg_str text, int64_t min, int64_t max, int64_t *value) GG_MUSTCHECK;
/* Percent-decoding (RFC 3986), `+` stays `+`. NULL on bad escapes, %00 or invalid UTF-8. */
char *gg_percent_decode(struct gg_arena *arena, struct gg_str text) GG_MUSTCHECK;

#endif
