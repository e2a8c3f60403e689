/* libcommon/picture.h
 * Pictures that neighbours upload: what the bytes really are, the same picture without what it tells about where it was
 * taken, and smaller ones for lists. Looking and cleaning are pure; the two calls that decode (libvips) take tens of
 * milliseconds and belong on the CPU or OUT pool. Any thread. */
#ifndef LIBCOMMON_PICTURE_H
#define LIBCOMMON_PICTURE_H

#include "libcommon/mem.h"

#define GG_PICTURE_BYTES_MAX  (5 * 1024 * 1024)
#define GG_PICTURE_PIXELS_MAX INT64_C(50000000)
/* The longest name of an original or of a smaller picture, with its NUL. */
#define GG_PICTURE_NAME_MAX 64

enum gg_picture_type { GG_PICTURE_NONE, GG_PICTURE_JPEG, GG_PICTURE_PNG, GG_PICTURE_WEBP, GG_PICTURE_HEIC };

/* Sizes made of every picture: the longer edge is at most 320, 800 and 1600 pixels. */
enum gg_picture_size { GG_PICTURE_SMALL, GG_PICTURE_MEDIUM, GG_PICTURE_LARGE, GG_PICTURE_SIZES };
extern const char *const gg_picture_size_names[]; /* "small", "medium", "large", NULL */

/* What the bytes really are, and their size in pixels as stored; GG_PICTURE_NONE when they are no picture we take, cut
 * short, or too large in pixels. `width` and `height` are set only with a type. */
enum gg_picture_type gg_picture_inspect(struct gg_str bytes, int64_t *width, int64_t *height);

/* The same picture without EXIF, XMP, IPTC, comments and other metadata (JPEG: all APPn but JFIF, ICC and Adobe, and
 * what stands behind the end; PNG and WebP: every chunk that is not needed to draw). A JPEG that must be turned to
 * stand upright keeps an EXIF segment of ours with that single tag. In the arena. False when its structure is broken,
 * and for HEIC, which is decoded instead (gg_picture_to_jpeg). */
bool gg_picture_strip(struct gg_arena *arena, struct gg_str bytes, enum gg_picture_type type,
                      struct gg_str *clean) GG_MUSTCHECK;

/* The EXIF orientation of a JPEG, 1 to 8; 1 when it says nothing that makes sense. */
int gg_picture_orientation(struct gg_str jpeg);

/* --- decoding: slow --- */

/* The picture, upright and without metadata, as JPEG: for HEIC, which browsers do not show. In the arena. False when it
 * cannot be decoded (logged). */
bool gg_picture_to_jpeg(struct gg_arena *arena, struct gg_str bytes, struct gg_str *jpeg) GG_MUSTCHECK;
/* The picture, upright and without metadata, as WebP that fits into the size; never enlarged. In the arena. One picture
 * at a time is decoded in a process: a large one takes up to 200 MB. False when it cannot be decoded (logged). */
bool gg_picture_shrink(struct gg_arena *arena, struct gg_str bytes, enum gg_picture_size size,
                       struct gg_str *webp) GG_MUSTCHECK;
/* False when this build's libvips lacks what HEIC takes. */
bool gg_picture_heic_readable(void);

/* What an upload becomes: the type is looked at, metadata are cut out, HEIC is turned into JPEG, and the result is
 * named by its hash. CPU or OUT pool. False when it is no picture we take. */
struct gg_picture {
    enum gg_picture_type type;
    struct gg_str bytes; /* clean; in the arena */
    const char *name;    /* forty hex digits, a dot and the extension */
};
bool gg_picture_take(struct gg_arena *arena, struct gg_str upload, struct gg_picture *picture) GG_MUSTCHECK;

/* --- names --- */

/* "jpg", "png", "webp", "heic" and "image/jpeg" ...; the type of a name by its end. */
const char *gg_picture_extension(enum gg_picture_type type);
const char *gg_picture_media_type(enum gg_picture_type type);
enum gg_picture_type gg_picture_type_of_name(const char *name);
/* Forty hex digits, a dot, and an extension we keep: nothing else reaches the storage or a store. */
bool gg_picture_name_valid(const char *name);
/* Name of a smaller picture, "<hash>.small.webp"; `name` is valid. */
void gg_picture_size_name(const char *name, enum gg_picture_size size, char out[GG_PICTURE_NAME_MAX]);

#endif
