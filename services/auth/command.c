/* services/auth/command.c
 * What an operator does from the command line: the first admin, exact outlines of areas. */
#include "keys.h"
#include "neighbour.h"
#include "order.h"

#include "libcommon/geojson.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the first admin --- */

struct make_admin {
    struct gg_arena *arena;
    const char *login_id;
    bool was;
};

static enum gg_status make_admin_tx(struct gg_db *db, void *arg)
{
    struct make_admin *make = arg;
    const struct auth_act act = {.admin = GG_ID_ZERO};
    struct auth_account account;

    GG_TRY(auth_account_by_login(db, make->arena, make->login_id, &account));
    GG_TRY(auth_account_lock(db, make->arena, account.id, &account));
    make->was = account.admin;
    return account.admin ? GG_OK : auth_set_admin(db, make->arena, &act, &account, true, "from the command line");
}

static int make_admin(struct gg_db *db, int argc, char **argv)
{
    struct make_admin make = {.arena = NULL, .login_id = argc == 1 ? argv[0] : NULL};
    enum gg_status status;

    if (!make.login_id) {
        fprintf(stderr, "gonggu-auth: --make-admin needs one LOGIN_ID\n");
        return 2;
    }
    make.arena = gg_arena_create();
    status = gg_db_tx(db, make_admin_tx, &make);
    if (status == GG_NOT_FOUND)
        fprintf(stderr, "gonggu-auth: there is no account %s\n", make.login_id);
    else if (status != GG_OK)
        fprintf(stderr, "gonggu-auth: the database did not take it; see the log\n");
    else
        printf("%s %s an admin; tokens say so from the next refresh on\n", make.login_id, make.was ? "was" : "is now");
    gg_arena_destroy(make.arena);
    return status == GG_OK ? 0 : 1;
}

/* --- areas with their outlines --- */

#define IMPORT_MAX  (INT64_C(512) * 1024 * 1024)
#define CORNERS_MAX 100000 /* a point is compared with all of them */

struct import {
    struct gg_arena *arena;
    struct auth_area area;
    const struct gg_feature *feature;
};

/* Bytes of a polygon as `area_shape.points` keeps them, and its bounds. */
static struct gg_str pack(struct gg_arena *arena, const struct gg_polygon *polygon, struct auth_point box[2])
{
    size_t n = 4, at = 0;
    uint8_t *bytes;

    for (size_t r = 0; r < polygon->n; r++)
        n += 4 + 8 * polygon->rings[r].n;
    bytes = gg_alloc_array(arena, n, 1);
    box[0] = (struct auth_point){INT32_MAX, INT32_MAX};
    box[1] = (struct auth_point){INT32_MIN, INT32_MIN};
#define PUT(value)                                                                                                     \
    for (unsigned shift = 0; shift < 32; shift += 8)                                                                   \
    bytes[at++] = (uint8_t)((uint32_t)(value) >> shift)
    PUT(polygon->n);
    for (size_t r = 0; r < polygon->n; r++) {
        PUT(polygon->rings[r].n);
        for (size_t i = 0; i < polygon->rings[r].n; i++) {
            const struct gg_place *place = &polygon->rings[r].places[i];
            PUT(place->lat);
            PUT(place->lng);
            box[0].lat = place->lat < box[0].lat ? place->lat : box[0].lat;
            box[0].lng = place->lng < box[0].lng ? place->lng : box[0].lng;
            box[1].lat = place->lat > box[1].lat ? place->lat : box[1].lat;
            box[1].lng = place->lng > box[1].lng ? place->lng : box[1].lng;
        }
    }
#undef PUT
    return (struct gg_str){(const char *)bytes, n};
}

static enum gg_status import_tx(struct gg_db *db, void *arg)
{
    struct import *import = arg;

    GG_TRY(auth_area_put(db, &import->area));
    for (size_t i = 0; i < import->feature->n; i++) {
        struct auth_point box[2];
        struct gg_str points = pack(import->arena, &import->feature->polygons[i], box);
        GG_TRY(auth_area_shape_add(db, import->area.code, (int64_t)i, box, points));
    }
    return GG_OK;
}

static size_t corners_of(const struct gg_feature *feature)
{
    size_t n = 0;

    for (size_t p = 0; p < feature->n; p++)
        for (size_t r = 0; r < feature->polygons[p].n; r++)
            n += feature->polygons[p].rings[r].n;
    return n;
}

/* NULL when the feature is an area we can take, else what is wrong with it. */
static const char *read_area(const struct gg_feature *feature, struct auth_area *area)
{
    const char *code = gg_feature_property(feature, "code"), *name = gg_feature_property(feature, "name_ko"),
               *district = gg_feature_property(feature, "district"), *english = gg_feature_property(feature, "name_en");
    struct auth_point centre;

    if (!code || !auth_area_code((struct gg_str){code, strlen(code)}, &area->code))
        return "`code` must be a whole number of at most ten digits";
    if (!name || strlen(name) > 120 || !district || strlen(district) > 120 || (english && strlen(english) > 60))
        return "`name_ko` and `district` are needed, 40 characters at most (`name_en`: 60)";
    if (feature->n == 0)
        return "its geometry must be a Polygon or a MultiPolygon";
    if (corners_of(feature) > CORNERS_MAX)
        return "its outline has more than 100,000 corners";
    area->district = district;
    area->name = name;
    area->name_en = english;
    area->size_m2 = auth_polygons_measure(feature->polygons, feature->n, &centre);
    area->lat = centre.lat;
    area->lng = centre.lng;
    return area->size_m2 > 0 ? NULL : "its outline encloses nothing";
}

static int by_code(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* What is wrong with the features, or NULL. */
static const char *look_at(struct gg_arena *arena, const struct gg_feature *features, size_t n)
{
    int64_t *codes = GG_NEW_ARRAY(arena, int64_t, n);
    struct auth_area area;
    const char *wrong;

    for (size_t i = 0; i < n; i++) {
        wrong = read_area(&features[i], &area);
        if (wrong)
            return gg_sprintf(arena, "feature %zu: %s", i + 1, wrong);
        codes[i] = area.code;
    }
    qsort(codes, n, sizeof(*codes), by_code);
    for (size_t i = 1; i < n; i++)
        if (codes[i] == codes[i - 1])
            return gg_sprintf(arena, "two features have the code %" PRId64 "; one area is one MultiPolygon", codes[i]);
    return NULL;
}

/* The whole file, or NULL and why. */
static char *read_file(const char *path, size_t *n, const char **wrong)
{
    struct stat about;
    FILE *file = NULL;
    char *text;

    if (stat(path, &about) != 0)
        *wrong = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        *wrong = "it is no file";
    else if (about.st_size > IMPORT_MAX)
        *wrong = "it is larger than 512 MiB";
    else if (!(file = fopen(path, "rb")))
        *wrong = strerror(errno);
    if (!file)
        return NULL;
    text = gg_xmalloc((size_t)about.st_size + 1);
    *n = fread(text, 1, (size_t)about.st_size, file);
    text[*n] = '\0';
    fclose(file);
    return text;
}

static int import_areas(struct gg_db *db, int argc, char **argv)
{
    struct gg_feature *features;
    struct import import = {.arena = NULL};
    size_t n, n_features;
    const char *wrong;
    char *text;
    int code = 1;

    if (argc != 1) {
        fprintf(stderr, "gonggu-auth: --import-areas needs one FILE\n");
        return 2;
    }
    text = read_file(argv[0], &n, &wrong);
    if (!text) {
        fprintf(stderr, "gonggu-auth: cannot read %s: %s\n", argv[0], wrong);
        return 1;
    }
    import.arena = gg_arena_create();
    wrong = gg_geojson_read(import.arena, (struct gg_str){text, n}, &features, &n_features);
    if (!wrong) /* all are looked at before the first is written */
        wrong = look_at(import.arena, features, n_features);
    if (wrong) {
        fprintf(stderr, "gonggu-auth: %s: %s\n", argv[0], wrong);
        goto out;
    }
    for (size_t i = 0; i < n_features; i++) {
        import.feature = &features[i];
        if (read_area(&features[i], &import.area) || gg_db_tx(db, import_tx, &import) != GG_OK) {
            fprintf(stderr, "gonggu-auth: the database did not take feature %zu; see the log\n", i + 1);
            goto out;
        }
    }
    printf("%zu areas imported\n", n_features);
    code = 0;
out:
    gg_arena_destroy(import.arena);
    free(text);
    return code;
}

const struct gg_command auth_commands[] = {
    {"--rotate-key", "", "publish a new signing key, which takes over after KEY_LEAD_S", auth_keys_rotate},
    {"--make-admin", "LOGIN_ID", "give this account the role of an admin, for instance the first one", make_admin},
    {"--import-areas", "FILE", "exact outlines of areas, a GeoJSON FeatureCollection (docs/trust.md)", import_areas},
};
const size_t auth_commands_n = GG_LEN(auth_commands);
