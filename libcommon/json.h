/* libcommon/json.h
 * Messages: a C struct and beside it one table of its fields. From the table a message is decoded, validated (all
 * errors at once), encoded and described as JSON Schema. Any thread.
 *
 *     struct deal_join { int64_t quantity, tolerance; };
 *     static const struct gg_field deal_join_fields[] = {
 *         GG_INT(struct deal_join, quantity, GG_REQUIRED, 1, 999, "units for sure"),
 *         GG_INT(struct deal_join, tolerance, GG_OPTIONAL, 0, 999, "units more if they fill the lot"),
 *     };
 *     const struct gg_msg deal_join_msg = GG_MSG("DealJoin", struct deal_join, deal_join_fields, "Joins a deal.");
 */
#ifndef LIBCOMMON_JSON_H
#define LIBCOMMON_JSON_H

#include "libcommon/buf.h"
#include "libcommon/id.h"
#include "libcommon/mem.h"
#include "libcommon/problem.h"

/* The largest JSON a request or a socket's frame may bring (HTTP and sockets see to it), the largest text that is
 * decoded at all (an event about a thousand shares), and the deepest nesting. */
#define GG_JSON_MAX      (64 * 1024)
#define GG_JSON_TEXT_MAX (512 * 1024)
#define GG_JSON_DEPTH    32
/* The largest reply or event that is encoded. */
#define GG_JSON_OUT_MAX (1024 * 1024)

enum gg_type {
    GG_T_BOOL,   /* bool; absent = false */
    GG_T_INT,    /* int64_t; absent = GG_NONE */
    GG_T_WON,    /* int64_t whole won; absent = GG_NONE */
    GG_T_TIME,   /* int64_t ms since the epoch; RFC 3339 on the wire; absent = GG_NONE */
    GG_T_DEG,    /* int64_t micro-degrees; decimal degrees with at most 6 digits on the wire; absent = GG_NONE */
    GG_T_ID,     /* struct gg_id; UUID text; absent = all zero */
    GG_T_TEXT,   /* const char *, NUL-terminated NFC UTF-8; bounds in characters; absent = NULL */
    GG_T_ENUM,   /* int, index into `names`; absent = -1 */
    GG_T_OBJECT, /* struct of `msg`, inline */
    GG_T_REF,    /* pointer to a struct of `msg`; absent = NULL */
    GG_T_LIST,   /* struct gg_list of structs of `msg`; bounds in elements */
    GG_T_TEXTS   /* struct gg_list of const char *; bounds: `min`..`max` characters each, at most `list_max` of them */
};

/* A list in a message: `n` elements of the element message's size, one after the other. */
struct gg_list {
    void *items;
    size_t n;
};

#define GG_OPTIONAL 0u
#define GG_REQUIRED 1u
#define GG_LINES    2u /* TEXT: line feeds allowed */
#define GG_PATTERN  4u /* TEXT: only characters of `names[0]` (a set such as "0-9a-z_") */
#define GG_PRIVATE  8u /* never logged (passwords, codes) */

struct gg_msg;

struct gg_field {
    const char *name;
    enum gg_type type;
    size_t offset;
    unsigned flags;
    int64_t min, max;         /* value, characters or elements, by type */
    int64_t list_max;         /* TEXTS only */
    const char *const *names; /* ENUM: NULL-terminated names; PATTERN: one character set */
    const struct gg_msg *msg; /* OBJECT, REF, LIST */
    const char *doc;
};

struct gg_msg {
    const char *name; /* CamelCase, unique in its context */
    size_t size;
    const struct gg_field *fields;
    size_t n;
    const char *doc;
};

#define GG_MSG(name, strct, fields, doc)                                                                               \
    {                                                                                                                  \
        name, sizeof(strct), fields, GG_LEN(fields), doc                                                               \
    }

#define GG_BOOL(s, f, flags, doc)                                                                                      \
    {                                                                                                                  \
#f, GG_T_BOOL, offsetof(s, f), flags, 0, 1, 0, NULL, NULL, doc                                                 \
    }
#define GG_INT(s, f, flags, min, max, doc)                                                                             \
    {                                                                                                                  \
#f, GG_T_INT, offsetof(s, f), flags, min, max, 0, NULL, NULL, doc                                              \
    }
#define GG_WON(s, f, flags, min, max, doc)                                                                             \
    {                                                                                                                  \
#f, GG_T_WON, offsetof(s, f), flags, min, max, 0, NULL, NULL, doc                                              \
    }
#define GG_TIME(s, f, flags, doc)                                                                                      \
    {                                                                                                                  \
#f, GG_T_TIME, offsetof(s, f), flags, 0, INT64_MAX, 0, NULL, NULL, doc                                         \
    }
#define GG_DEG(s, f, flags, min, max, doc)                                                                             \
    {                                                                                                                  \
#f, GG_T_DEG, offsetof(s, f), flags, min, max, 0, NULL, NULL, doc                                              \
    }
#define GG_ID(s, f, flags, doc)                                                                                        \
    {                                                                                                                  \
#f, GG_T_ID, offsetof(s, f), flags, 0, 0, 0, NULL, NULL, doc                                                   \
    }
#define GG_TEXT(s, f, flags, min, max, doc)                                                                            \
    {                                                                                                                  \
#f, GG_T_TEXT, offsetof(s, f), flags, min, max, 0, NULL, NULL, doc                                             \
    }
#define GG_TEXT_OF(s, f, flags, min, max, set, doc)                                                                    \
    {                                                                                                                  \
#f, GG_T_TEXT, offsetof(s, f), (flags) | GG_PATTERN, min, max, 0, set, NULL, doc                               \
    }
#define GG_ENUM(s, f, flags, names, doc)                                                                               \
    {                                                                                                                  \
#f, GG_T_ENUM, offsetof(s, f), flags, 0, 0, 0, names, NULL, doc                                                \
    }
#define GG_OBJECT(s, f, msg, doc)                                                                                      \
    {                                                                                                                  \
#f, GG_T_OBJECT, offsetof(s, f), GG_REQUIRED, 0, 0, 0, NULL, msg, doc                                          \
    }
#define GG_REF(s, f, flags, msg, doc)                                                                                  \
    {                                                                                                                  \
#f, GG_T_REF, offsetof(s, f), flags, 0, 0, 0, NULL, msg, doc                                                   \
    }
#define GG_LIST(s, f, flags, min, max, msg, doc)                                                                       \
    {                                                                                                                  \
#f, GG_T_LIST, offsetof(s, f), flags, min, max, 0, NULL, msg, doc                                              \
    }
#define GG_TEXTS(s, f, flags, min, max, list_max, doc)                                                                 \
    {                                                                                                                  \
#f, GG_T_TEXTS, offsetof(s, f), flags, min, max, list_max, NULL, NULL, doc                                     \
    }

/* RFC 8259 grammar, valid UTF-8, no \u0000, depth <= GG_JSON_DEPTH, no duplicate keys, size <= GG_JSON_TEXT_MAX,
 * numbers of at most 63 characters. On failure `detail` says what and where (English, static or in the arena). */
bool gg_json_check(struct gg_arena *arena, struct gg_str text, const char **detail) GG_MUSTCHECK;

enum gg_decoded {
    GG_DECODED,
    GG_DECODE_MALFORMED, /* not JSON, or not an object: 400; errors[0] says why */
    GG_DECODE_INVALID    /* fields are wrong: 422; errors lists them all */
};
/* Decodes a JSON object into `out` (msg->size bytes, zeroed by the call, absent fields set to their absent value).
 * Unknown fields are ignored. Texts and lists live in the arena. Errors are appended to what `errors` holds; the caller
 * has set its arena. */
enum gg_decoded gg_json_decode(struct gg_arena *arena, const struct gg_msg *msg, struct gg_str text, void *out,
                               struct gg_field_errors *errors) GG_MUSTCHECK;
/* The same from an application/x-www-form-urlencoded query string; scalar fields only. Unknown keys are ignored,
 * repeated keys and bad escapes are errors. Pointers are "?name". */
enum gg_decoded gg_query_decode(struct gg_arena *arena, const struct gg_msg *msg, struct gg_str query, void *out,
                                struct gg_field_errors *errors) GG_MUSTCHECK;

/* Sets every optional field to its absent value and zeroes the rest, as a decoder would start. */
void gg_msg_init(const struct gg_msg *msg, void *out);
/* Appends the object, fields in table order, absent optional ones left out. A required field that is absent is a
 * defect of ours and ends the process in debug builds; else it is left out and logged. */
void gg_json_encode(struct gg_buf *out, const struct gg_msg *msg, const void *in);
/* Appends `text` as a JSON string with its quotes. `text` must be valid UTF-8. */
void gg_json_string(struct gg_buf *out, const char *text);

/* Appends the JSON Schema (2020-12) of the message; nested messages as $ref under `ref_prefix` + name. */
void gg_json_schema(struct gg_buf *out, const struct gg_msg *msg, const char *ref_prefix);

#endif
