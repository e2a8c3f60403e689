/* libcommon/json_internal.h
 * What the files behind json.h share among themselves; nobody else includes it. */
#ifndef LIBCOMMON_JSON_INTERNAL_H
#define LIBCOMMON_JSON_INTERNAL_H

#include "libcommon/json.h"

/* The numbers of a checked text in the order they stand, as they were written: a parser that keeps doubles loses that.
 */
struct json_numbers {
    struct gg_str *v;
    size_t n, cap;
};

/* gg_json_check that also notes the numbers (may be NULL). */
bool json_scan(struct gg_arena *arena, struct gg_str text, struct json_numbers *numbers,
               const char **detail) GG_MUSTCHECK;

/* Where in the input a value stands: a chain from the value up to the root. */
struct json_place {
    const struct json_place *up;
    const char *name; /* member; NULL: element `index` */
    size_t index;
    bool query; /* a query parameter */
};

/* A decoding on its way. */
struct json_decoder {
    struct gg_arena *arena;
    struct gg_field_errors *errors;
    struct json_numbers numbers;
};

/* Adds an error at `place`. */
void json_refuse(struct json_decoder *decoder, const struct json_place *place, const char *code, const char *format,
                 ...) GG_PRINTF(4, 5);
/* Reads one value of a scalar type but BOOL (for TEXTS one element) from its text into `slot`, or adds an error. */
void json_scalar(struct json_decoder *decoder, const struct gg_field *field, const struct json_place *place,
                 struct gg_str text, void *slot);

/* Micro-degrees as the shortest decimal degrees. */
#define JSON_DEG_TEXT 24
void json_deg_format(int64_t micro, char out[JSON_DEG_TEXT]);

/* The schema of one field without its meaning. */
void json_field_schema(struct gg_buf *out, const struct gg_field *field, const char *ref_prefix);

#endif
