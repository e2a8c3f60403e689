/* services/deal/photo.h
 * Pictures as bytes: what they are, how large, and without what they tell about where they were taken. Pure. */
#ifndef SERVICES_DEAL_PHOTO_H
#define SERVICES_DEAL_PHOTO_H

#include "libcommon/mem.h"

#define DEAL_PHOTO_BYTES_MAX  (5 * 1024 * 1024)
#define DEAL_PHOTO_PIXELS_MAX INT64_C(50000000)

enum deal_photo_type { DEAL_PHOTO_NONE, DEAL_PHOTO_JPEG, DEAL_PHOTO_PNG, DEAL_PHOTO_WEBP };

/* What the bytes really are, and their size in pixels; DEAL_PHOTO_NONE when they are no picture we take, cut short, or
 * too large in pixels. */
enum deal_photo_type deal_photo_inspect(struct gg_str bytes, int64_t *width, int64_t *height);

/* The same picture without EXIF, XMP, IPTC, comments and other metadata (JPEG: all APPn but JFIF, ICC and Adobe, and
 * what stands behind the end; PNG and WebP: every chunk that is not needed to draw). In the arena. False when its
 * structure is broken. */
bool deal_photo_strip(struct gg_arena *arena, struct gg_str bytes, enum deal_photo_type type,
                      struct gg_str *clean) GG_MUSTCHECK;

/* "jpg", "png", "webp" and "image/jpeg" ...; the type of a name by its end. */
const char *deal_photo_extension(enum deal_photo_type type);
const char *deal_photo_media_type(enum deal_photo_type type);
enum deal_photo_type deal_photo_type_of_name(const char *name);
/* Forty hex digits, a dot, and an extension we know: nothing else reaches the file system or the store. */
bool deal_photo_name_valid(const char *name);

#endif
