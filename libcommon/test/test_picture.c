/* libcommon/test/test_picture.c
 * Pictures made by hand: their type and size, and that what tells of the place is gone. */
#include "libcommon/crypto.h"
#include "libcommon/picture.h"

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

/* 64x48 pixels of one orange: a HEIC with EXIF, and a JPEG without. base64url. */
static const char heic_text[] =
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAeRtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAAExpbG9jAQAAAERAAAMAAQAAAAAAAAIIAAEAAAAAAAAAGgACAAEAAAAAAAAA"
    "AQAAAAAAAAAIAAMAAAAAAAACIgABAAAAAAAAAL4AAABNaWluZgAAAAAAAwAAABVpbmZlAgAAAQABAABodmMxAAAAABVpbmZlAgAA"
    "AAACAABncmlkAAAAABVpbmZlAgAAAQADAABFeGlmAAAAANhpcHJwAAAAtmlwY28AAAB2aHZjQwEDcAAAAAAAAAAAAB7wAPz9-"
    "PgAAA8DIAABABhAAQwB__8DcAAAAwCQAAADAAADAB66AkAhAAEAKkIBAQNwAAADAJAAAAMAAAMAHqAggQWW6uSmubgQEDAgAAADA"
    "CAAAAMAISIAAQAGRAHBc8CJAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAUaXNwZQAAAAAAAABAAAAAMAAAABBwaXhpAAAAAAMICAgAA"
    "AAaaXBtYQAAAAAAAAACAAECgQIAAgIDhAAAAChpcmVmAAAAAAAAAA5kaW1nAAIAAQABAAAADmNkc2MAAwABAAIAAADgbWRhdAAAA"
    "BYoAa8ZgO9Jpb__fWX_o9y_1CtaY-bgAAAABkV4aWYAAElJKgAIAAAABgASAQMAAQAAAAEAAAAaAQUAAQAAAFYAAAAbAQUAAQAAA"
    "F4AAAAoAQMAAQAAAAIAAAATAgMAAQAAAAEAAABphwQAAQAAAGYAAAAAAAAAOGMAAOgDAAA4YwAA6AMAAAYAAJAHAAQAAAAwMjEwA"
    "ZEHAAQAAAABAgMAAKAHAAQAAAAwMTAwAaADAAEAAAD__wAAAqAEAAEAAABAAAAAA6AEAAEAAAAwAAAAAAAAAA";
static const char jpeg_text[] =
    "_9j_2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T_2wBD"
    "ARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT_wAARCAAwAEAD"
    "ASIAAhEBAxEB_8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL_8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4"
    "eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4-Tl5ufo6erx8vP09fb3-"
    "Pn6_8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL_8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiM"
    "oEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEh"
    "YaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3-"
    "Pn6_9oADAMBAAIRAxEAPwCOiiiuE9EKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigD__2Q";

static struct gg_str decoded(struct gg_arena *arena, const char *text)
{
    struct gg_str bytes;

    assert_true(gg_base64url_decode(arena, (struct gg_str){text, strlen(text)}, &bytes));
    return bytes;
}

static bool contains(struct gg_str bytes, const char *text)
{
    return memmem(bytes.p, bytes.n, text, strlen(text)) != NULL;
}

static void check(struct gg_str bytes, enum gg_picture_type type, int64_t width, int64_t height, struct gg_str expected)
{
    struct gg_arena *arena = gg_arena_create();
    int64_t w = 0, h = 0;
    struct gg_str clean;

    assert_int_equal(gg_picture_inspect(bytes, &w, &h), type);
    assert_int_equal(w, width);
    assert_int_equal(h, height);
    assert_true(contains(bytes, "GPS"));
    assert_true(gg_picture_strip(arena, bytes, type, &clean));
    assert_false(contains(clean, "GPS"));
    assert_int_equal(clean.n, expected.n);
    assert_memory_equal(clean.p, expected.p, expected.n);
    assert_int_equal(gg_picture_inspect(clean, &w, &h), type);
    gg_arena_destroy(arena);
}

static void a_jpeg_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR(JPEG_START JPEG_EXIF JPEG_TEXT JPEG_FRAME JPEG_SCAN), GG_PICTURE_JPEG, 3, 2,
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
          GG_PICTURE_JPEG, 3, 2, GG_STR(JPEG_START PROFILE JPEG_FRAME PROGRESSIVE TABLE JPEG_SCAN));
    /* Any marker may be filled up with 0xff. */
    check(GG_STR(JPEG_START "\xff\xff" JPEG_EXIF "\xff" JPEG_FRAME JPEG_SCAN), GG_PICTURE_JPEG, 3, 2,
          GG_STR(JPEG_START JPEG_FRAME JPEG_SCAN));
}

static void a_png_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR(PNG_START PNG_TEXT PNG_EXIF PNG_DATA PNG_END "GPS behind the end"), GG_PICTURE_PNG, 5, 4,
          GG_STR(PNG_START PNG_DATA PNG_END));
}

static void a_webp_loses_what_it_tells(void **state)
{
    (void)state;
    check(GG_STR("RIFF\x2e\0\0\0WEBP" WEBP_VP8X WEBP_DATA WEBP_EXIF), GG_PICTURE_WEBP, 7, 5,
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
            enum gg_picture_type type = gg_picture_inspect(bytes, &w, &h);
            if (type != GG_PICTURE_NONE)
                (void)!gg_picture_strip(arena, bytes, type, &clean);
            free(cut);
        }
    assert_int_equal(gg_picture_inspect(GG_STR("<svg onload=alert(1)>"), &w, &h), GG_PICTURE_NONE);
    assert_int_equal(gg_picture_inspect(GG_STR("GIF89a\x01\0\x01\0"), &w, &h), GG_PICTURE_NONE);
    assert_int_equal(gg_picture_inspect(GG_STR(""), &w, &h), GG_PICTURE_NONE);
    gg_arena_destroy(arena);
}

static void bombs_are_refused(void **state)
{
    char bomb[] = PNG_START PNG_DATA PNG_END;
    int64_t w, h;

    (void)state;
    memcpy(bomb + 16, "\0\0\xff\xff\0\0\xff\xff", 8);
    assert_int_equal(gg_picture_inspect((struct gg_str){bomb, sizeof(bomb) - 1}, &w, &h), GG_PICTURE_NONE);
    memcpy(bomb + 16, "\0\0\0\0\0\0\0\1", 8);
    assert_int_equal(gg_picture_inspect((struct gg_str){bomb, sizeof(bomb) - 1}, &w, &h), GG_PICTURE_NONE);
}

static void names_tell_the_type(void **state)
{
    (void)state;
    assert_int_equal(gg_picture_type_of_name("abc.jpg"), GG_PICTURE_JPEG);
    assert_int_equal(gg_picture_type_of_name("abc.webp"), GG_PICTURE_WEBP);
    assert_int_equal(gg_picture_type_of_name("abc"), GG_PICTURE_NONE);
    assert_int_equal(gg_picture_type_of_name("abc.exe"), GG_PICTURE_NONE);
    assert_true(gg_picture_name_valid("0123456789abcdef0123456789abcdef01234567.webp"));
    assert_false(gg_picture_name_valid("0123456789abcdef0123456789abcdef01234567.gif"));
    assert_false(gg_picture_name_valid("0123456789abcdef0123456789abcdef0123456.png"));
    assert_false(gg_picture_name_valid("0123456789abcdef0123456789abcdef01234567.x.png"));
    assert_false(gg_picture_name_valid("../0123456789abcdef0123456789abcdef01234.png"));
    assert_false(gg_picture_name_valid("없는 사진.png"));
    assert_string_equal(gg_picture_media_type(GG_PICTURE_PNG), "image/png");
    assert_string_equal(gg_picture_extension(GG_PICTURE_JPEG), "jpg");
}

/* A JPEG with an EXIF segment that says how it is to be turned, in either byte order, among other tags. */
static struct gg_str turned(struct gg_arena *arena, struct gg_str jpeg, int orientation, bool motorola)
{
    char exif[] = "\xff\xe1\0\x2a"
                  "Exif\0\0MM\0*\0\0\0\x08\0\x02"
                  "\x01\x0f\0\x02\0\0\0\x04GPS\0"
                  "\x01\x12\0\x03\0\0\0\x01\0\x01\0";
    static const char intel[] = "II*\0\x08\0\0\0\x02\0"
                                "\x0f\x01\x02\0\x04\0\0\0GPS\0"
                                "\x12\x01\x03\0\x01\0\0\0\x01\0\0";
    size_t n = sizeof(exif);
    char *out = gg_alloc(arena, jpeg.n + n);

    if (motorola)
        exif[41] = (char)orientation;
    else {
        memcpy(exif + 10, intel, sizeof(intel));
        exif[40] = (char)orientation;
    }
    memcpy(out, jpeg.p, 2);
    memcpy(out + 2, exif, n);
    memcpy(out + 2 + n, jpeg.p + 2, jpeg.n - 2);
    return (struct gg_str){out, jpeg.n + n};
}

static void which_way_is_up_stays(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_str jpeg = decoded(arena, jpeg_text), clean, small;
    int64_t w, h;

    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++)
        for (int motorola = 0; motorola < 2; motorola++) {
            struct gg_str phone = turned(arena, jpeg, orientation, motorola);
            assert_int_equal(gg_picture_orientation(phone), orientation);
            assert_true(gg_picture_strip(arena, phone, GG_PICTURE_JPEG, &clean));
            assert_false(contains(clean, "GPS"));
            assert_int_equal(gg_picture_orientation(clean), orientation);
            assert_int_equal(contains(clean, "Exif"), orientation != 1);
        }
    /* The smaller one is turned in its pixels: 64x48 on its side is 48x64. */
    assert_true(gg_picture_strip(arena, turned(arena, jpeg, 6, true), GG_PICTURE_JPEG, &clean));
    assert_true(gg_picture_shrink(arena, clean, GG_PICTURE_SMALL, &small));
    assert_int_equal(gg_picture_inspect(small, &w, &h), GG_PICTURE_WEBP);
    assert_int_equal(w, 48);
    assert_int_equal(h, 64);
    assert_false(contains(small, "EXIF"));
    assert_int_equal(gg_picture_orientation(GG_STR("\xff\xd8\xff\xe1\0\x10"
                                                   "Exif\0\0MM\0*\xff\xff\xff\xff")),
                     1);
    gg_arena_destroy(arena);
}

static void heic_becomes_jpeg(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_str heic = decoded(arena, heic_text);
    struct gg_picture picture;
    int64_t w, h;

    (void)state;
    if (!gg_picture_heic_readable())
        skip();
    assert_int_equal(gg_picture_inspect(heic, &w, &h), GG_PICTURE_HEIC);
    assert_true(contains(heic, "Exif"));
    assert_true(gg_picture_take(arena, heic, &picture));
    assert_int_equal(picture.type, GG_PICTURE_JPEG);
    assert_true(gg_picture_name_valid(picture.name));
    assert_false(contains(picture.bytes, "Exif"));
    assert_int_equal(gg_picture_inspect(picture.bytes, &w, &h), GG_PICTURE_JPEG);
    assert_int_equal(w, 64);
    assert_int_equal(h, 48);
    assert_false(gg_picture_take(arena, (struct gg_str){heic.p, heic.n / 2}, &picture));
    gg_arena_destroy(arena);
}

static void what_cannot_be_decoded_gets_no_sizes(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_str webp;

    (void)state;
    assert_false(gg_picture_shrink(arena, GG_STR(JPEG_START JPEG_FRAME JPEG_SCAN), GG_PICTURE_SMALL, &webp));
    assert_false(gg_picture_shrink(arena, GG_STR("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
                                   GG_PICTURE_SMALL, &webp));
    gg_arena_destroy(arena);
}

static void sizes_have_names(void **state)
{
    char name[GG_PICTURE_NAME_MAX];

    (void)state;
    gg_picture_size_name("0123456789abcdef0123456789abcdef01234567.jpg", GG_PICTURE_MEDIUM, name);
    assert_string_equal(name, "0123456789abcdef0123456789abcdef01234567.medium.webp");
    assert_false(gg_picture_name_valid(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_loses_what_it_tells),
        cmocka_unit_test(a_jpeg_ends_at_its_end),
        cmocka_unit_test(a_png_loses_what_it_tells),
        cmocka_unit_test(a_webp_loses_what_it_tells),
        cmocka_unit_test(broken_pictures_are_refused),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(names_tell_the_type),
        cmocka_unit_test(which_way_is_up_stays),
        cmocka_unit_test(heic_becomes_jpeg),
        cmocka_unit_test(what_cannot_be_decoded_gets_no_sizes),
        cmocka_unit_test(sizes_have_names),
    };

    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
