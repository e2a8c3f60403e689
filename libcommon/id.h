/* libcommon/id.h
 * UUIDv7 (RFC 9562): ids that sort by the time they were made. Any thread. */
#ifndef LIBCOMMON_ID_H
#define LIBCOMMON_ID_H

#include "libcommon/base.h"

struct gg_id {
    uint8_t b[16];
};

#define GG_ID_TEXT 37 /* 36 characters and the NUL */
#define GG_ID_ZERO ((struct gg_id){{0}})

/* A new id: gg_now() in its first 48 bits, the rest random. */
struct gg_id gg_id_new(void);
/* An id that follows from a name inside a namespace, the same every time (SHA-256 form of UUIDv8): for effects that
 * must get the same id on every retry. */
struct gg_id gg_id_derive(struct gg_id space, const char *name);
/* Any UUID in canonical 8-4-4-4-12 form, either case. */
bool gg_id_parse(struct gg_str text, struct gg_id *id) GG_MUSTCHECK;
/* Lower-case canonical form. */
void gg_id_format(struct gg_id id, char out[GG_ID_TEXT]);
bool gg_id_equal(struct gg_id a, struct gg_id b);
bool gg_id_is_zero(struct gg_id id);
/* memcmp order, which is creation order for UUIDv7. */
int gg_id_compare(struct gg_id a, struct gg_id b);

#endif
