/* libcommon/geojson.h
 * Outlines from a GeoJSON file (RFC 7946) that an operator brings: features with their properties and polygons. */
#ifndef LIBCOMMON_GEOJSON_H
#define LIBCOMMON_GEOJSON_H

#include "libcommon/mem.h"

struct gg_place {
    int64_t lat, lng; /* micro-degrees, inside the globe */
};
struct gg_ring { /* closed: the last place joins the first, which is not repeated */
    const struct gg_place *places;
    size_t n;
};
struct gg_polygon { /* the outline, then its holes */
    const struct gg_ring *rings;
    size_t n;
};
struct gg_property {
    const char *name, *value; /* whole numbers as their digits */
};
struct gg_feature {
    const struct gg_polygon *polygons; /* of a Polygon or MultiPolygon; none for other geometries */
    size_t n;
    const struct gg_property *properties;
    size_t n_properties;
};

/* Reads a FeatureCollection into the arena. NULL when good, else an English reason. Any thread. */
const char *gg_geojson_read(struct gg_arena *arena, struct gg_str text, struct gg_feature **features,
                            size_t *n) GG_MUSTCHECK;
/* Value of a property that is text or a whole number; NULL when there is none. */
const char *gg_feature_property(const struct gg_feature *feature, const char *name);

#endif
