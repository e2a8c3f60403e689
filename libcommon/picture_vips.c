/* libcommon/picture_vips.c
 * Decoding pictures by libvips. It reads thirty formats, some by programs of doubtful care; here it may read four. */
#include "libcommon/log.h"
#include "libcommon/picture.h"

#include <pthread.h>
#include <vips/vips.h>

#define WEBP_QUALITY 78
#define JPEG_QUALITY 88

static const int edges[GG_PICTURE_SIZES] = {320, 800, 1600};
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER; /* so that memory is bounded */

/* Only when the first picture comes: most services never see one. */
static void start(void)
{
    static const char *const readers[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp",
                                          "VipsForeignLoadHeif"};

    if (VIPS_INIT("gonggu") != 0)
        gg_fatal("picture", "libvips does not start: %s", vips_error_buffer());
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < GG_LEN(readers); i++)
        vips_operation_block_set(readers[i], FALSE);
}

static bool complain(const char *what)
{
    char *text = g_strdelimit(g_strdup(vips_error_buffer()), "\r\n\t", ' ');

    gg_warn("picture", "a picture cannot be %s: %.200s", what, text);
    g_free(text);
    vips_error_clear();
    return false;
}

/* Keeps the result in the arena and gives libvips its memory back. "strip" of libvips still writes an EXIF of its own
 * in some versions. */
static bool keep(struct gg_arena *arena, void *p, size_t n, enum gg_picture_type type, struct gg_str *bytes)
{
    bool ok = gg_picture_strip(arena, (struct gg_str){p, n}, type, bytes);

    g_free(p);
    return ok;
}

/* vips_thumbnail turns by EXIF, goes to sRGB, and decodes no more than the size needs. `edge` 0: as large as it is. */
static VipsImage *load(struct gg_str bytes, int edge)
{
    VipsImage *image = NULL;
    int most = edge ? edge : 20000;

    /* libvips reads only; its prototype is older than const. */
    if (vips_thumbnail_buffer((void *)(uintptr_t)bytes.p, bytes.n, &image, most, "height", most, "size", VIPS_SIZE_DOWN,
                              "fail_on", VIPS_FAIL_ON_ERROR, NULL) != 0)
        return NULL;
    return image;
}

bool gg_picture_to_jpeg(struct gg_arena *arena, struct gg_str bytes, struct gg_str *jpeg)
{
    VipsImage *image;
    void *p = NULL;
    size_t n = 0;
    int failed = -1;

    pthread_once(&once, start);
    pthread_mutex_lock(&one_at_a_time);
    image = load(bytes, 0);
    if (image && (int64_t)vips_image_get_width(image) * vips_image_get_height(image) <= GG_PICTURE_PIXELS_MAX)
        failed = vips_jpegsave_buffer(image, &p, &n, "Q", JPEG_QUALITY, "strip", TRUE, NULL);
    if (image)
        g_object_unref(image);
    vips_thread_shutdown();
    pthread_mutex_unlock(&one_at_a_time);
    return failed ? complain("turned into JPEG") : keep(arena, p, n, GG_PICTURE_JPEG, jpeg);
}

bool gg_picture_shrink(struct gg_arena *arena, struct gg_str bytes, enum gg_picture_size size, struct gg_str *webp)
{
    VipsImage *image;
    void *p = NULL;
    size_t n = 0;
    int failed = -1;

    pthread_once(&once, start);
    pthread_mutex_lock(&one_at_a_time);
    image = load(bytes, edges[size]);
    if (image) {
        failed = vips_webpsave_buffer(image, &p, &n, "Q", WEBP_QUALITY, "strip", TRUE, "effort", 3, NULL);
        g_object_unref(image);
    }
    vips_thread_shutdown();
    pthread_mutex_unlock(&one_at_a_time);
    return failed ? complain("made smaller") : keep(arena, p, n, GG_PICTURE_WEBP, webp);
}

bool gg_picture_heic_readable(void)
{
    pthread_once(&once, start);
    return vips_type_find("VipsOperation", "heifload_buffer") != 0;
}
