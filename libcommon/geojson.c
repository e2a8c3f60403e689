/* libcommon/geojson.c
 * GeoJSON outlines into plain arrays. */
#include "libcommon/geojson.h"

#include "libcommon/text.h"

#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#define MICRO     1e6
#define WHOLE_MAX 1e15

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static size_t length_of(const cJSON *array)
{
    return cJSON_IsArray(array) ? (size_t)cJSON_GetArraySize(array) : 0;
}

static bool is_type(const cJSON *object, const char *type)
{
    const char *text = cJSON_GetStringValue(member(object, "type"));

    return text && strcmp(text, type) == 0;
}

/* [longitude, latitude, ...] */
static bool read_place(const cJSON *position, struct gg_place *place)
{
    const cJSON *lng = cJSON_GetArrayItem(position, 0), *lat = cJSON_GetArrayItem(position, 1);

    if (!cJSON_IsNumber(lng) || !cJSON_IsNumber(lat) || !(fabs(lng->valuedouble) <= 180) ||
        !(fabs(lat->valuedouble) <= 90))
        return false;
    *place = (struct gg_place){llround(lat->valuedouble * MICRO), llround(lng->valuedouble * MICRO)};
    return true;
}

static bool read_ring(struct gg_arena *arena, const cJSON *positions, struct gg_ring *ring)
{
    size_t n = length_of(positions), i = 0;
    struct gg_place *places = GG_NEW_ARRAY(arena, struct gg_place, n);
    const cJSON *position;

    if (n < 4)
        return false;
    cJSON_ArrayForEach(position, positions)
    {
        if (!read_place(position, &places[i++]))
            return false;
    }
    if (places[0].lat != places[n - 1].lat || places[0].lng != places[n - 1].lng)
        return false;
    *ring = (struct gg_ring){places, n - 1};
    return true;
}

static bool read_polygon(struct gg_arena *arena, const cJSON *coordinates, struct gg_polygon *polygon)
{
    size_t n = length_of(coordinates), i = 0;
    struct gg_ring *rings = GG_NEW_ARRAY(arena, struct gg_ring, n);
    const cJSON *ring;

    cJSON_ArrayForEach(ring, coordinates)
    {
        if (!read_ring(arena, ring, &rings[i++]))
            return false;
    }
    *polygon = (struct gg_polygon){rings, n};
    return n > 0;
}

static bool read_geometry(struct gg_arena *arena, const cJSON *geometry, struct gg_feature *feature)
{
    const cJSON *coordinates = member(geometry, "coordinates"), *part;
    struct gg_polygon *polygons;

    if (is_type(geometry, "Polygon")) {
        polygons = GG_NEW_ARRAY(arena, struct gg_polygon, 1);
        feature->polygons = polygons;
        feature->n = 1;
        return read_polygon(arena, coordinates, polygons);
    }
    if (!is_type(geometry, "MultiPolygon"))
        return true;
    polygons = GG_NEW_ARRAY(arena, struct gg_polygon, length_of(coordinates));
    feature->polygons = polygons;
    cJSON_ArrayForEach(part, coordinates)
    {
        if (!read_polygon(arena, part, &polygons[feature->n++]))
            return false;
    }
    return true;
}

static void read_properties(struct gg_arena *arena, const cJSON *object, struct gg_feature *feature)
{
    struct gg_property *properties = GG_NEW_ARRAY(arena, struct gg_property, (size_t)cJSON_GetArraySize(object));
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        const char *value = NULL;
        if (cJSON_IsString(item) && item->valuestring[0])
            value = gg_text_normalize(arena, (struct gg_str){item->valuestring, strlen(item->valuestring)}, false);
        else if (cJSON_IsNumber(item) && fabs(item->valuedouble) < WHOLE_MAX &&
                 item->valuedouble == floor(item->valuedouble))
            value = gg_sprintf(arena, "%.0f", item->valuedouble);
        if (value)
            properties[feature->n_properties++] = (struct gg_property){gg_strdup(arena, item->string), value};
    }
    feature->properties = properties;
}

const char *gg_geojson_read(struct gg_arena *arena, struct gg_str text, struct gg_feature **features, size_t *n)
{
    cJSON *document = cJSON_ParseWithLength(text.p, text.n);
    const cJSON *list = member(document, "features"), *item;
    const char *wrong = NULL;

    *n = 0;
    *features = NULL;
    if (!document || !gg_utf8_valid(text))
        wrong = "the file is not JSON";
    else if (memmem(text.p, text.n, "\\u0000", 6)) /* cJSON would end a text there */
        wrong = "the file has a character that no text may have";
    else if (!is_type(document, "FeatureCollection") || !cJSON_IsArray(list))
        wrong = "the file is not a GeoJSON FeatureCollection";
    if (wrong)
        goto out;
    *features = GG_NEW_ARRAY(arena, struct gg_feature, length_of(list));
    cJSON_ArrayForEach(item, list)
    {
        struct gg_feature *feature = &(*features)[*n];
        *feature = (struct gg_feature){0};
        ++*n;
        read_properties(arena, member(item, "properties"), feature);
        if (!read_geometry(arena, member(item, "geometry"), feature)) {
            wrong = gg_sprintf(arena, "feature %zu has an outline that cannot be read", *n);
            break;
        }
    }
out:
    cJSON_Delete(document);
    return wrong;
}

const char *gg_feature_property(const struct gg_feature *feature, const char *name)
{
    for (size_t i = 0; i < feature->n_properties; i++)
        if (strcmp(feature->properties[i].name, name) == 0)
            return feature->properties[i].value;
    return NULL;
}
