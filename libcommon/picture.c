/* libcommon/picture.c
 * Pictures as bytes. Formats: ITU T.81 (JPEG), W3C PNG, RIFF container of WebP. */
#include "libcommon/picture.h"

#include "libcommon/crypto.h"

#include <stdio.h>
#include <string.h>

#define NAME_HEX 40

const char *const gg_picture_size_names[] = {"small", "medium", "large", NULL};

static const struct {
    const char *extension, *media_type;
} types[] = {[GG_PICTURE_NONE] = {"", ""},
             [GG_PICTURE_JPEG] = {"jpg", "image/jpeg"},
             [GG_PICTURE_PNG] = {"png", "image/png"},
             [GG_PICTURE_WEBP] = {"webp", "image/webp"},
             [GG_PICTURE_HEIC] = {"heic", "image/heic"}};

const char *gg_picture_extension(enum gg_picture_type type)
{
    return types[type].extension;
}

const char *gg_picture_media_type(enum gg_picture_type type)
{
    return types[type].media_type;
}

enum gg_picture_type gg_picture_type_of_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = GG_PICTURE_JPEG; dot && i < GG_LEN(types); i++)
        if (strcmp(dot + 1, types[i].extension) == 0)
            return (enum gg_picture_type)i;
    return GG_PICTURE_NONE;
}

bool gg_picture_name_valid(const char *name)
{
    enum gg_picture_type type = gg_picture_type_of_name(name);

    return strspn(name, "0123456789abcdef") == NAME_HEX && name[NAME_HEX] == '.' && strlen(name) <= NAME_HEX + 5 &&
           type != GG_PICTURE_NONE && type != GG_PICTURE_HEIC;
}

void gg_picture_size_name(const char *name, enum gg_picture_size size, char out[GG_PICTURE_NAME_MAX])
{
    snprintf(out, GG_PICTURE_NAME_MAX, "%.*s.%s.webp", NAME_HEX, name, gg_picture_size_names[size]);
}

static uint32_t big(const uint8_t *p, size_t n)
{
    uint32_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

static uint32_t little(const uint8_t *p, size_t n)
{
    uint32_t value = 0;

    for (size_t i = n; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

/* --- JPEG: a chain of marker segments up to the start of scan --- */

/* Any number of 0xff may stand before a marker. */
static size_t jpeg_skip_fill(struct gg_str bytes, size_t at)
{
    while (bytes.n - at >= 2 && (uint8_t)bytes.p[at] == 0xff && (uint8_t)bytes.p[at + 1] == 0xff)
        at++;
    return at;
}

/* One segment at `at`: its marker and its whole length; false when it does not fit. */
static bool jpeg_segment(struct gg_str bytes, size_t at, uint8_t *marker, size_t *length)
{
    const uint8_t *p = (const uint8_t *)bytes.p;

    if (bytes.n - at < 4 || p[at] != 0xff)
        return false;
    *marker = p[at + 1];
    *length = 2 + big(p + at + 2, 2);
    return *length >= 4 && *length <= bytes.n - at;
}

static bool jpeg_size(struct gg_str bytes, int64_t *width, int64_t *height)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    uint8_t marker;
    size_t length;

    for (size_t at = 2;; at += length) {
        at = jpeg_skip_fill(bytes, at);
        if (!jpeg_segment(bytes, at, &marker, &length))
            return false;
        bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame && length >= 9) {
            *height = big(p + at + 5, 2);
            *width = big(p + at + 7, 2);
            return true;
        }
        if (marker == 0xda)
            return false;
    }
}

/* JFIF, colour profile, Adobe's kind of colours, and whatever is no application's data or comment. */
static bool jpeg_wanted(uint8_t marker, const char *segment, size_t length)
{
    static const char profile[] = "ICC_PROFILE";

    if (marker == 0xe2)
        return length >= 4 + sizeof profile && memcmp(segment + 4, profile, sizeof profile) == 0;
    if (marker >= 0xe0 && marker <= 0xef)
        return marker == 0xe0 || marker == 0xee;
    return marker != 0xfe;
}

/* Where picture data end: at the next marker that is neither a stuffed byte nor a restart; else at the end. */
static size_t jpeg_scan_end(struct gg_str bytes, size_t at)
{
    const uint8_t *p = (const uint8_t *)bytes.p;

    for (; bytes.n - at >= 2; at++)
        if (p[at] == 0xff && p[at + 1] != 0 && p[at + 1] != 0xff && (p[at + 1] < 0xd0 || p[at + 1] > 0xd7))
            return at;
    return bytes.n;
}

static void copy(char *out, size_t *n, const char *from, size_t length)
{
    memcpy(out + *n, from, length);
    *n += length;
}

/* Where an EXIF segment says which way is up, tag 0x0112 of its first directory (EXIF 2.32, 4.6.2). 0: it does not. */
static int exif_orientation(const uint8_t *segment, size_t length)
{
    const uint8_t *tiff = segment + 10;
    size_t n, at, entries;
    uint32_t (*read)(const uint8_t *p, size_t n);

    if (length < 10 + 8 || memcmp(segment + 4, "Exif\0\0", 6) != 0)
        return 0;
    n = length - 10;
    if (memcmp(tiff, "II*\0", 4) == 0)
        read = little;
    else if (memcmp(tiff, "MM\0*", 4) == 0)
        read = big;
    else
        return 0;
    at = read(tiff + 4, 4);
    if (at > n || n - at < 2)
        return 0;
    entries = read(tiff + at, 2);
    for (at += 2; entries > 0 && n - at >= 12; entries--, at += 12)
        if (read(tiff + at, 2) == 0x0112) {
            uint32_t value = read(tiff + at + 8, 2);
            return value >= 1 && value <= 8 ? (int)value : 0;
        }
    return 0;
}

int gg_picture_orientation(struct gg_str bytes)
{
    uint8_t marker;
    size_t length;

    if (bytes.n < 4)
        return 1;
    for (size_t at = 2;; at += length) {
        at = jpeg_skip_fill(bytes, at);
        if (!jpeg_segment(bytes, at, &marker, &length) || marker == 0xda)
            return 1;
        if (marker == 0xe1) {
            int orientation = exif_orientation((const uint8_t *)bytes.p + at, length);
            if (orientation)
                return orientation;
        }
    }
}

/* An EXIF segment with nothing but the orientation. */
#define TURN_SEGMENT 36
static void add_turn(char *out, size_t *n, int orientation)
{
    char segment[TURN_SEGMENT] = "\xff\xe1\x00\x22"
                                 "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";

    segment[29] = (char)orientation;
    copy(out, n, segment, TURN_SEGMENT);
}

static bool strip_jpeg(struct gg_str bytes, char *out, size_t *n)
{
    int orientation = gg_picture_orientation(bytes);
    bool scanned = false;
    uint8_t marker;
    size_t length, end, at = 2;

    copy(out, n, bytes.p, 2);
    if (orientation != 1)
        add_turn(out, n, orientation); /* the space for it is beyond the input's size */
    while ((at = jpeg_skip_fill(bytes, at)) < bytes.n) {
        if (bytes.n - at >= 2 && memcmp(bytes.p + at, "\xff\xd9", 2) == 0) {
            copy(out, n, bytes.p + at, 2); /* phones put films and second pictures, with places, behind the end */
            return scanned;
        }
        if (!jpeg_segment(bytes, at, &marker, &length))
            return false;
        if (jpeg_wanted(marker, bytes.p + at, length))
            copy(out, n, bytes.p + at, length);
        at += length;
        if (marker == 0xda) {
            end = jpeg_scan_end(bytes, at);
            copy(out, n, bytes.p + at, end - at);
            at = end;
            scanned = true;
        }
    }
    return scanned;
}

/* --- PNG: eight bytes, then chunks of length, type, data, check --- */

static bool png_chunk(struct gg_str bytes, size_t at, size_t *length)
{
    uint64_t data;

    if (bytes.n - at < 12)
        return false;
    data = big((const uint8_t *)bytes.p + at, 4);
    *length = (size_t)(12 + data);
    return data < bytes.n && *length <= bytes.n - at;
}

static bool strip_png(struct gg_str bytes, char *out, size_t *n)
{
    static const char *const wanted[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM",
                                         "sRGB", "iCCP", "sBIT", "acTL", "fcTL", "fdAT"};
    size_t length;

    memcpy(out, bytes.p, 8);
    *n = 8;
    for (size_t at = 8; at < bytes.n && png_chunk(bytes, at, &length); at += length) {
        for (size_t i = 0; i < GG_LEN(wanted); i++)
            if (memcmp(bytes.p + at + 4, wanted[i], 4) == 0) {
                memcpy(out + *n, bytes.p + at, length);
                *n += length;
            }
        if (memcmp(bytes.p + at + 4, "IEND", 4) == 0) /* what stands behind the end is no picture */
            return true;
    }
    return false;
}

/* --- WebP: RIFF, size, WEBP, then chunks padded to even lengths --- */

static bool webp_chunk(struct gg_str bytes, size_t at, size_t *length)
{
    uint64_t data;

    if (bytes.n - at < 8)
        return false;
    data = little((const uint8_t *)bytes.p + at + 4, 4);
    *length = (size_t)(8 + data + (data & 1));
    return data < bytes.n && *length <= bytes.n - at;
}

static bool webp_size(struct gg_str bytes, int64_t *width, int64_t *height)
{
    const uint8_t *p = (const uint8_t *)bytes.p;

    if (bytes.n < 30)
        return false;
    if (memcmp(p + 12, "VP8X", 4) == 0) {
        *width = 1 + (int64_t)little(p + 24, 3);
        *height = 1 + (int64_t)little(p + 27, 3);
        return true;
    }
    if (memcmp(p + 12, "VP8L", 4) == 0 && p[20] == 0x2f) {
        uint32_t bits = little(p + 21, 4);
        *width = 1 + (bits & 0x3fff);
        *height = 1 + (bits >> 14 & 0x3fff);
        return true;
    }
    if (memcmp(p + 12, "VP8 ", 4) == 0 && p[23] == 0x9d && p[24] == 0x01 && p[25] == 0x2a) {
        *width = little(p + 26, 2) & 0x3fff;
        *height = little(p + 28, 2) & 0x3fff;
        return true;
    }
    return false;
}

static bool webp_wanted(const char *chunk)
{
    static const char *const wanted[] = {"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"};

    for (size_t i = 0; i < GG_LEN(wanted); i++)
        if (memcmp(chunk, wanted[i], 4) == 0)
            return true;
    return false;
}

static bool strip_webp(struct gg_str bytes, char *out, size_t *n)
{
    enum { EXIF_FLAG = 8, XMP_FLAG = 4 };
    uint32_t size = little((const uint8_t *)bytes.p + 4, 4);
    size_t length, end = size <= bytes.n - 8 ? 8 + (size_t)size : bytes.n;
    struct gg_str picture = {bytes.p, end};

    memcpy(out, bytes.p, 12);
    *n = 12;
    for (size_t at = 12; at < end; at += length) {
        if (!webp_chunk(picture, at, &length))
            return false;
        if (!webp_wanted(bytes.p + at))
            continue;
        memcpy(out + *n, bytes.p + at, length);
        if (memcmp(bytes.p + at, "VP8X", 4) == 0)
            out[*n + 8] = (char)((uint8_t)out[*n + 8] & ~(EXIF_FLAG | XMP_FLAG));
        *n += length;
    }
    for (int i = 0; i < 4; i++)
        out[4 + i] = (char)((*n - 8) >> (8 * i));
    return *n > 12;
}

/* --- HEIC: boxes of length and type; the sizes of its images stand in `ispe` boxes of the meta box --- */

static bool is_heic(struct gg_str bytes)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "mif1", "msf1"};

    for (size_t i = 0; bytes.n >= 32 && memcmp(bytes.p + 4, "ftyp", 4) == 0 && i < GG_LEN(brands); i++)
        if (memcmp(bytes.p + 8, brands[i], 4) == 0)
            return true;
    return false;
}

/* The whole image is the largest: a phone stores it in tiles and adds a thumbnail. */
static bool heic_size(struct gg_str bytes, int64_t *width, int64_t *height)
{
    enum { META_MAX = 128 * 1024 };
    static const char box[] = {0, 0, 0, 20, 'i', 's', 'p', 'e', 0, 0, 0, 0};
    struct gg_str rest = {bytes.p, bytes.n < META_MAX ? bytes.n : META_MAX};
    const char *p;
    int64_t most = 0;

    while (rest.n >= sizeof(box) + 8 && (p = memmem(rest.p, rest.n - 8, box, sizeof(box)))) {
        int64_t w = big((const uint8_t *)p + 12, 4), h = big((const uint8_t *)p + 16, 4);
        if (w > GG_PICTURE_PIXELS_MAX || h > GG_PICTURE_PIXELS_MAX)
            return false;
        if (w * h > most) {
            most = w * h;
            *width = w;
            *height = h;
        }
        rest = (struct gg_str){p + 1, rest.n - (size_t)(p + 1 - rest.p)};
    }
    return most > 0;
}

/* --- all of them --- */

enum gg_picture_type gg_picture_inspect(struct gg_str bytes, int64_t *width, int64_t *height)
{
    enum gg_picture_type type = GG_PICTURE_NONE;
    bool known = false;

    if (bytes.n >= 4 && memcmp(bytes.p, "\xff\xd8\xff", 3) == 0) {
        type = GG_PICTURE_JPEG;
        known = jpeg_size(bytes, width, height);
    } else if (bytes.n >= 33 && memcmp(bytes.p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) == 0) {
        type = GG_PICTURE_PNG;
        *width = big((const uint8_t *)bytes.p + 16, 4);
        *height = big((const uint8_t *)bytes.p + 20, 4);
        known = true;
    } else if (bytes.n >= 12 && memcmp(bytes.p, "RIFF", 4) == 0 && memcmp(bytes.p + 8, "WEBP", 4) == 0) {
        type = GG_PICTURE_WEBP;
        known = webp_size(bytes, width, height);
    } else if (is_heic(bytes)) {
        type = GG_PICTURE_HEIC;
        known = heic_size(bytes, width, height);
    }
    if (!known || *width < 1 || *height < 1 || *width > GG_PICTURE_PIXELS_MAX / *height)
        return GG_PICTURE_NONE;
    return type;
}

bool gg_picture_strip(struct gg_arena *arena, struct gg_str bytes, enum gg_picture_type type, struct gg_str *clean)
{
    char *out = gg_alloc(arena, bytes.n + TURN_SEGMENT);
    size_t n = 0;
    bool ok = false;

    if (type == GG_PICTURE_JPEG)
        ok = strip_jpeg(bytes, out, &n);
    else if (type == GG_PICTURE_PNG)
        ok = strip_png(bytes, out, &n);
    else if (type == GG_PICTURE_WEBP)
        ok = strip_webp(bytes, out, &n);
    *clean = (struct gg_str){out, n};
    return ok;
}

bool gg_picture_take(struct gg_arena *arena, struct gg_str upload, struct gg_picture *picture)
{
    uint8_t hash[GG_SHA256];
    int64_t width, height;

    picture->type = gg_picture_inspect(upload, &width, &height);
    if (picture->type == GG_PICTURE_HEIC) {
        if (!gg_picture_to_jpeg(arena, upload, &picture->bytes))
            return false;
        picture->type = GG_PICTURE_JPEG;
    } else if (picture->type == GG_PICTURE_NONE || !gg_picture_strip(arena, upload, picture->type, &picture->bytes)) {
        return false;
    }
    gg_sha256(picture->bytes, hash);
    picture->name = gg_sprintf(arena, "%s.%s", gg_hex(arena, hash, NAME_HEX / 2), gg_picture_extension(picture->type));
    return true;
}
