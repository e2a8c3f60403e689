/* libcommon/json_value.c
 * Single values from their text, the same for JSON members and query parameters: exact, bounded, refused by name. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libcommon/clock.h"
#include "libcommon/json_internal.h"
#include "libcommon/text.h"

#define MICRO 1000000

static char *pointer_of(struct gg_arena *arena, const struct json_place *place)
{
    if (place == NULL)
        return gg_strndup(arena, "", 0);
    if (place->query)
        return gg_sprintf(arena, "?%s", place->name);
    const char *up = pointer_of(arena, place->up);
    if (place->name == NULL)
        return gg_sprintf(arena, "%s/%zu", up, place->index);
    return gg_sprintf(arena, "%s/%s", up, place->name);
}

void json_refuse(struct json_decoder *decoder, const struct json_place *place, const char *code, const char *format,
                 ...)
{
    char detail[512];
    va_list values;
    va_start(values, format);
    vsnprintf(detail, sizeof(detail), format, values);
    va_end(values);
    gg_field_error(decoder->errors, pointer_of(decoder->arena, place), code, "%s", detail);
}

static bool only_digits(struct gg_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    }
    return text.n > 0;
}

/* Digits without a leading zero; at most 15 of them are worth adding up. */
static int64_t add_up(struct gg_str digits)
{
    if (digits.n > 15)
        return INT64_MAX;
    int64_t value = 0;
    for (size_t i = 0; i < digits.n; i++)
        value = value * 10 + (digits.p[i] - '0');
    return value;
}

static bool take_minus(struct gg_str *text)
{
    if (text->n == 0 || text->p[0] != '-')
        return false;
    text->p++;
    text->n--;
    return true;
}

/* --- numbers --- */

static void read_whole(struct json_decoder *d, const struct gg_field *f, const struct json_place *at,
                       struct gg_str text, int64_t *slot)
{
    bool minus = take_minus(&text);
    bool leading_zero = text.n > 0 && text.p[0] == '0' && (text.n > 1 || minus);
    if (!only_digits(text) || leading_zero) {
        json_refuse(d, at, "type", "must be a whole number, written without fraction and exponent");
        return;
    }
    int64_t value = minus ? -add_up(text) : add_up(text);
    int64_t min = f->min > -GG_WIRE_MAX ? f->min : -GG_WIRE_MAX;
    int64_t max = f->max < GG_WIRE_MAX ? f->max : GG_WIRE_MAX;
    if (value < min)
        json_refuse(d, at, "min", "must be at least %" PRId64, min);
    else if (value > max)
        json_refuse(d, at, "max", "must be at most %" PRId64, max);
    else
        *slot = value;
}

static void read_degrees(struct json_decoder *d, const struct gg_field *f, const struct json_place *at,
                         struct gg_str text, int64_t *slot)
{
    bool minus = take_minus(&text);
    const char *point = memchr(text.p, '.', text.n);
    struct gg_str whole = {text.p, point == NULL ? text.n : (size_t)(point - text.p)};
    struct gg_str fraction = point == NULL ? GG_STR("0") : (struct gg_str){point + 1, text.n - whole.n - 1};
    bool leading_zero = whole.n > 1 && whole.p[0] == '0';
    if (!only_digits(whole) || !only_digits(fraction) || leading_zero || fraction.n > 6) {
        json_refuse(d, at, "format", "must be decimal degrees with at most 6 digits after the point");
        return;
    }
    int64_t micro = add_up(fraction);
    for (size_t i = fraction.n; i < 6; i++)
        micro *= 10;
    /* Longer ones are out of range whatever the bounds, and would not fit. */
    micro += whole.n > 9 ? INT64_MAX / 2 : add_up(whole) * MICRO;
    if (minus)
        micro = -micro;
    char bound[JSON_DEG_TEXT];
    if (micro < f->min) {
        json_deg_format(f->min, bound);
        json_refuse(d, at, "min", "must be at least %s", bound);
    } else if (micro > f->max) {
        json_deg_format(f->max, bound);
        json_refuse(d, at, "max", "must be at most %s", bound);
    } else {
        *slot = micro;
    }
}

void json_deg_format(int64_t micro, char out[JSON_DEG_TEXT])
{
    uint64_t size = micro < 0 ? 0 - (uint64_t)micro : (uint64_t)micro;
    int n = snprintf(out, JSON_DEG_TEXT, "%s%" PRIu64 ".%06" PRIu64, micro < 0 ? "-" : "", size / MICRO, size % MICRO);
    while (out[n - 1] == '0')
        out[--n] = '\0';
    if (out[n - 1] == '.')
        out[--n] = '\0';
}

/* --- text --- */

/* A set such as "0-9a-z_": ASCII characters and ranges; a dash at either end means itself. */
static bool in_set(const char *set, char c)
{
    for (const char *p = set; *p != '\0'; p++) {
        bool is_range = p[1] == '-' && p[2] != '\0';
        if (is_range ? c >= p[0] && c <= p[2] : c == p[0])
            return true;
        if (is_range)
            p += 2;
    }
    return false;
}

static bool all_in_set(const char *set, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (!in_set(set, *p))
            return false;
    }
    return true;
}

static void read_text(struct json_decoder *d, const struct gg_field *f, const struct json_place *at, struct gg_str text,
                      const char **slot)
{
    char *normal = gg_text_normalize(d->arena, text, (f->flags & GG_LINES) != 0);
    if (normal == NULL) {
        json_refuse(d, at, "text", "holds a character that is not allowed in text");
        return;
    }
    size_t length = gg_utf8_length((struct gg_str){normal, strlen(normal)});
    if ((int64_t)length < f->min || (int64_t)length > f->max)
        json_refuse(d, at, "length", "must have %" PRId64 " to %" PRId64 " characters", f->min, f->max);
    else if ((f->flags & GG_PATTERN) != 0 && !all_in_set(f->names[0], normal))
        json_refuse(d, at, "format", "may only hold the characters %s", f->names[0]);
    else
        *slot = normal;
}

static void read_enum(struct json_decoder *d, const struct gg_field *f, const struct json_place *at, struct gg_str text,
                      int *slot)
{
    const char *list = "";
    for (int i = 0; f->names[i] != NULL; i++) {
        if (strlen(f->names[i]) == text.n && memcmp(f->names[i], text.p, text.n) == 0) {
            *slot = i;
            return;
        }
        list = gg_sprintf(d->arena, "%s%s%s", list, i == 0 ? "" : ", ", f->names[i]);
    }
    json_refuse(d, at, "enum", "must be one of %s", list);
}

static void read_id(struct json_decoder *d, const struct json_place *at, struct gg_str text, struct gg_id *slot)
{
    struct gg_id id;
    if (!gg_id_parse(text, &id) || gg_id_is_zero(id))
        json_refuse(d, at, "format", "must be a UUID");
    else
        *slot = id;
}

static void read_time(struct json_decoder *d, const struct json_place *at, struct gg_str text, int64_t *slot)
{
    int64_t ms;
    if (!gg_time_parse(text, &ms))
        json_refuse(d, at, "format", "must be an RFC 3339 instant such as 2026-11-21T09:00:00Z");
    else
        *slot = ms;
}

void json_scalar(struct json_decoder *decoder, const struct gg_field *field, const struct json_place *place,
                 struct gg_str text, void *slot)
{
    switch (field->type) {
    case GG_T_INT:
    case GG_T_WON:
        read_whole(decoder, field, place, text, slot);
        return;
    case GG_T_DEG:
        read_degrees(decoder, field, place, text, slot);
        return;
    case GG_T_TIME:
        read_time(decoder, place, text, slot);
        return;
    case GG_T_ID:
        read_id(decoder, place, text, slot);
        return;
    case GG_T_TEXT:
    case GG_T_TEXTS:
        read_text(decoder, field, place, text, slot);
        return;
    case GG_T_ENUM:
        read_enum(decoder, field, place, text, slot);
        return;
    case GG_T_BOOL:
    case GG_T_OBJECT:
    case GG_T_REF:
    case GG_T_LIST:
        return;
    }
}
