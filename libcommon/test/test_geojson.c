/* libcommon/test/test_geojson.c
 * Outlines from GeoJSON. */
#include "libcommon/geojson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct gg_arena *arena;
static struct gg_feature *features;
static size_t n;

static const char *read_text(const char *text)
{
    return gg_geojson_read(arena, (struct gg_str){text, strlen(text)}, &features, &n);
}

#define FEATURE(geometry)                                                                                              \
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"                              \
    "{\"code\":11110101,\"name_ko\":\"청운동\",\"half\":0.5,\"none\":null},\"geometry\":" geometry "}]}"
#define RING "[[127.0,37.5],[127.1,37.5],[127.1,37.6],[127.0,37.5]]"

static void polygons_and_properties_are_read(void **state)
{
    (void)state;
    assert_null(read_text(FEATURE("{\"type\":\"Polygon\",\"coordinates\":[" RING "," RING "]}")));
    assert_int_equal(n, 1);
    assert_int_equal(features[0].n, 1);
    assert_int_equal(features[0].polygons[0].n, 2);
    assert_int_equal(features[0].polygons[0].rings[0].n, 3);
    assert_int_equal(features[0].polygons[0].rings[0].places[1].lng, 127100000);
    assert_int_equal(features[0].polygons[0].rings[0].places[1].lat, 37500000);
    assert_string_equal(gg_feature_property(&features[0], "code"), "11110101");
    assert_string_equal(gg_feature_property(&features[0], "name_ko"), "청운동");
    assert_null(gg_feature_property(&features[0], "half"));
    assert_null(gg_feature_property(&features[0], "none"));

    assert_null(read_text(FEATURE("{\"type\":\"MultiPolygon\",\"coordinates\":[[" RING "],[" RING "]]}")));
    assert_int_equal(features[0].n, 2);
    assert_null(read_text(FEATURE("{\"type\":\"Point\",\"coordinates\":[1,2]}")));
    assert_int_equal(features[0].n, 0);
    assert_null(read_text(FEATURE("null")));
    assert_null(read_text("{\"type\":\"FeatureCollection\",\"features\":[{}, 3]}"));
    assert_int_equal(n, 2);
}

static void what_is_no_outline_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{\"type\":\"FeatureCollection\"}",
        "{\"type\":\"Feature\",\"features\":[]}",
        FEATURE("{\"type\":\"Polygon\"}"),
        FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[1,2]]]}"),
        FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,6],[7,8]]]}"), /* open */
        FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[1,91],[3,4],[5,6],[1,91]]]}"),
        FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[1],[3,4],[5,6],[1]]]}"),
        FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[\"1\",2],[3,4],[5,6],[1,2]]]}"),
        FEATURE("{\"type\":\"MultiPolygon\",\"coordinates\":[" RING "]}"),
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_non_null(read_text(bad[i]));
}

static const char whole[] = FEATURE("{\"type\":\"MultiPolygon\",\"coordinates\":[[" RING "],[" RING "]]}");

static void what_is_cut_off_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < strlen(whole); length++)
        assert_non_null(gg_geojson_read(arena, (struct gg_str){whole, length}, &features, &n));
    assert_null(read_text(whole));
}

static void hostile_bytes_do_no_harm(void **state)
{
    char text[sizeof(whole)], *deep;
    uint32_t chance = 20260721;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        memcpy(text, whole, sizeof(whole));
        for (int k = 0; k < 3; k++) {
            chance = chance * 1664525 + 1013904223;
            text[(chance >> 8) % strlen(whole)] = (char)(chance >> 24);
        }
        if (!gg_geojson_read(arena, (struct gg_str){text, strlen(whole)}, &features, &n))
            for (size_t f = 0; f < n; f++)
                for (size_t p = 0; p < features[f].n; p++)
                    for (size_t r = 0; r < features[f].polygons[p].n; r++)
                        assert_true(features[f].polygons[p].rings[r].n >= 3);
        if (i % 1000 == 0)
            gg_arena_reset(arena);
    }
    deep = gg_alloc_array(arena, 200000, 1);
    memset(deep, '[', 200000);
    assert_non_null(gg_geojson_read(arena, (struct gg_str){deep, 200000}, &features, &n));
    assert_non_null(read_text("{\"type\":\"FeatureCollection\",\"features\":[],\"x\":\"\xff\"}"));
    assert_non_null(read_text(FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[1e999,2],[3,4],[5,6],[1e999,2]]]}")));
    assert_non_null(
        read_text("{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":\"1\\u00002\"}}]}"));
    /* a control character in a name is no name */
    assert_null(read_text("{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":\"a\\u0007\"}}]}"));
    assert_null(gg_feature_property(&features[0], "code"));
}

static int begin(void **state)
{
    (void)state;
    arena = gg_arena_create();
    return 0;
}

static int end(void **state)
{
    (void)state;
    gg_arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polygons_and_properties_are_read),
        cmocka_unit_test(what_is_no_outline_is_refused),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(hostile_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("geojson", tests, begin, end);
}
