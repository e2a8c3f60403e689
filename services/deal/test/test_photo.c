/* services/deal/test/test_photo.c
 * Pictures made by hand: their type and size, and that what tells of the place is gone. */
#include "photo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* JPEG: SOI, JFIF, EXIF with a position, comment, frame of 3x2, scan, EOI. */
#define JPEG_START "\xff\xd8\xff\xe0\x00\x07JFIF\x00"
#define JPEG_EXIF                                                                                                      \
    "\xff\xe1\x00\x0c"                                                                                                 \
    "Exif\0\0GPS!"
#define JPEG_TEXT  "\xff\xfe\x00\x06here"
#define JPEG_FRAME "\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
#define JPEG_SCAN  "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00picture\xff\xd9"
/* PNG of 1x1 with a text chunk and an eXIf chunk; check sums are not looked at. */
#define PNG_START "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x05\0\0\0\x04\x08\x02\0\0\0CRC!"
#define PNG_TEXT  "\0\0\0\x04tEXthereCRC!"
#define PNG_EXIF                                                                                                       \
    "\0\0\0\x04"                                                                                                       \
    "eXIfGPS!CRC!"
#define PNG_DATA "\0\0\0\x02IDATxxCRC!"
#define PNG_END  "\0\0\0\0IENDCRC!"
/* WebP: extended header that announces EXIF, picture, EXIF of odd length. */
#define WEBP_VP8X "VP8X\x0a\0\0\0\x08\0\0\0\x06\0\0\x04\0\0"
#define WEBP_DATA "VP8 \x04\0\0\0data"
#define WEBP_EXIF "EXIF\x03\0\0\0GPS\0"

static bool contains(struct gg_str bytes, const char *text)
{
    return memmem(bytes.p, bytes.n, text, strlen(text)) != NULL;
}

static void check(struct gg_str bytes, enum deal_photo_type type, int64_t width, int64_t height, struct gg_str expected)
{
    struct gg_arena *arena = gg_arena_create();
    int64_t w = 0, h = 0;
    struct gg_str clean;

    assert_int_equal(deal_photo_inspect(bytes, &w, &h), type);
    assert_int_equal(w, width);
    assert_int_equal(h, height);
    assert_true(contains(bytes, "GPS"));
    assert_true(deal_photo_strip(arena, bytes, type, &clean));
    assert_false(contains(clean, "GPS"));
    assert_int_equal(clean.n, expected.n);
    assert_memory_equal(clean.p, expected.p, expected.n);
    assert_int_equal(deal_photo_inspect(clean, &w, &h), type);
    gg_arena_destroy(arena);
}

static void a_jpeg_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR(JPEG_START JPEG_EXIF JPEG_TEXT JPEG_FRAME JPEG_SCAN), DEAL_PHOTO_JPEG, 3, 2,
          GG_STR(JPEG_START JPEG_FRAME JPEG_SCAN));
}

static void a_jpeg_ends_at_its_end(void **state)
{
#define PROGRESSIVE "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00pic\xff\x00ture\xff\xd0more"
#define TABLE       "\xff\xc4\x00\x04hu"
#define PROFILE                                                                                                        \
    "\xff\xe2\x00\x10"                                                                                                 \
    "ICC_PROFILE\0\1\1"
#define PICTURES                                                                                                       \
    "\xff\xe2\x00\x09"                                                                                                 \
    "MPF\0GPS"
    (void)state;
    /* Several scans, tables and data of applications between them, a film with its place behind the end. */
    check(GG_STR(JPEG_START PROFILE PICTURES JPEG_FRAME PROGRESSIVE TABLE JPEG_EXIF JPEG_SCAN "ftypmp42GPS"),
          DEAL_PHOTO_JPEG, 3, 2, GG_STR(JPEG_START PROFILE JPEG_FRAME PROGRESSIVE TABLE JPEG_SCAN));
    /* Any marker may be filled up with 0xff. */
    check(GG_STR(JPEG_START "\xff\xff" JPEG_EXIF "\xff" JPEG_FRAME JPEG_SCAN), DEAL_PHOTO_JPEG, 3, 2,
          GG_STR(JPEG_START JPEG_FRAME JPEG_SCAN));
}

static void a_png_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR(PNG_START PNG_TEXT PNG_EXIF PNG_DATA PNG_END "GPS behind the end"), DEAL_PHOTO_PNG, 5, 4,
          GG_STR(PNG_START PNG_DATA PNG_END));
}

static void a_webp_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR("RIFF\x2e\0\0\0WEBP" WEBP_VP8X WEBP_DATA WEBP_EXIF), DEAL_PHOTO_WEBP, 7, 5,
          GG_STR("RIFF\x22\0\0\0WEBP"
                 "VP8X\x0a\0\0\0\0\0\0\0\x06\0\0\x04\0\0" WEBP_DATA));
}

static void broken_pictures_are_refused(void **state)
{
    static const struct gg_str whole[] = {{JPEG_START JPEG_EXIF JPEG_FRAME JPEG_SCAN, 0},
                                          {PNG_START PNG_TEXT PNG_DATA PNG_END, 0},
                                          {"RIFF\x2e\0\0\0WEBP" WEBP_VP8X WEBP_DATA WEBP_EXIF, 0}};
    static const size_t sizes[] = {sizeof(JPEG_START JPEG_EXIF JPEG_FRAME JPEG_SCAN) - 1,
                                   sizeof(PNG_START PNG_TEXT PNG_DATA PNG_END) - 1,
                                   sizeof("RIFF\x2e\0\0\0WEBP" WEBP_VP8X WEBP_DATA WEBP_EXIF) - 1};
    struct gg_arena *arena = gg_arena_create();
    struct gg_str clean;
    int64_t w, h;

    (void)state;
    /* Cut anywhere, nothing may be read beyond the end (the sanitizers watch). */
    for (size_t i = 0; i < GG_LEN(whole); i++)
        for (size_t n = 0; n < sizes[i]; n++) {
            char *cut = gg_xmalloc(n);
            struct gg_str bytes = {memcpy(cut, whole[i].p, n), n};
            enum deal_photo_type type = deal_photo_inspect(bytes, &w, &h);
            if (type != DEAL_PHOTO_NONE)
                (void)!deal_photo_strip(arena, bytes, type, &clean);
            free(cut);
        }
    assert_int_equal(deal_photo_inspect(GG_STR("<svg onload=alert(1)>"), &w, &h), DEAL_PHOTO_NONE);
    assert_int_equal(deal_photo_inspect(GG_STR("GIF89a\x01\0\x01\0"), &w, &h), DEAL_PHOTO_NONE);
    assert_int_equal(deal_photo_inspect(GG_STR(""), &w, &h), DEAL_PHOTO_NONE);
    gg_arena_destroy(arena);
}

static void bombs_are_refused(void **state)
{
    char bomb[] = PNG_START PNG_DATA PNG_END;
    int64_t w, h;

    (void)state;
    memcpy(bomb + 16, "\0\0\xff\xff\0\0\xff\xff", 8);
    assert_int_equal(deal_photo_inspect((struct gg_str){bomb, sizeof(bomb) - 1}, &w, &h), DEAL_PHOTO_NONE);
    memcpy(bomb + 16, "\0\0\0\0\0\0\0\1", 8);
    assert_int_equal(deal_photo_inspect((struct gg_str){bomb, sizeof(bomb) - 1}, &w, &h), DEAL_PHOTO_NONE);
}

static void names_tell_the_type(void **state)
{
    (void)state;
    assert_int_equal(deal_photo_type_of_name("abc.jpg"), DEAL_PHOTO_JPEG);
    assert_int_equal(deal_photo_type_of_name("abc.webp"), DEAL_PHOTO_WEBP);
    assert_int_equal(deal_photo_type_of_name("abc"), DEAL_PHOTO_NONE);
    assert_int_equal(deal_photo_type_of_name("abc.exe"), DEAL_PHOTO_NONE);
    assert_true(deal_photo_name_valid("0123456789abcdef0123456789abcdef01234567.webp"));
    assert_false(deal_photo_name_valid("0123456789abcdef0123456789abcdef01234567.gif"));
    assert_false(deal_photo_name_valid("0123456789abcdef0123456789abcdef0123456.png"));
    assert_false(deal_photo_name_valid("0123456789abcdef0123456789abcdef01234567.x.png"));
    assert_false(deal_photo_name_valid("../0123456789abcdef0123456789abcdef01234.png"));
    assert_false(deal_photo_name_valid("없는 사진.png"));
    assert_string_equal(deal_photo_media_type(DEAL_PHOTO_PNG), "image/png");
    assert_string_equal(deal_photo_extension(DEAL_PHOTO_JPEG), "jpg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_loses_what_it_tells),  cmocka_unit_test(a_jpeg_ends_at_its_end),
        cmocka_unit_test(a_png_loses_what_it_tells),   cmocka_unit_test(a_webp_loses_what_it_tells),
        cmocka_unit_test(broken_pictures_are_refused), cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(names_tell_the_type),
    };

    return cmocka_run_group_tests_name("photo", tests, NULL, NULL);
}
