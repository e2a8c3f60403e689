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
    };

    return cmocka_run_group_tests_name("geojson", tests, begin, end);
}
