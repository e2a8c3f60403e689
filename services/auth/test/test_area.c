/* services/auth/test/test_area.c
 * Which area a point falls into, and which positions are believed. */
#include "neighbour.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000000)

/* A small dong beside a large one; and one far away. */
static const struct auth_area_centre areas[] = {
    {1, {37560000, 126970000}, 100000},  /* r = 178 m */
    {2, {37560000, 126990000}, 8000000}, /* r = 1596 m, 1763 m to the east */
    {3, {35100000, 129000000}, 1000000},
};

static void distances_are_metres(void **state)
{
    double d = auth_distance((struct auth_point){37566000, 126978000}, (struct auth_point){35179600, 129075600});

    (void)state;
    assert_true(d > 320000 && d < 330000); /* Seoul to Busan: 325 km */
    assert_true(auth_distance(areas[0].centre, areas[0].centre) < 0.001);
}

static void cells_are_half_a_hundredth_wide(void **state)
{
    struct auth_point cell = auth_cell((struct auth_point){37561234, -1});

    (void)state;
    assert_int_equal(cell.lat, 37562500);
    assert_int_equal(cell.lng, -2500);
}

static void the_nearest_area_is_weighted_by_size(void **state)
{
    (void)state;
    assert_int_equal(auth_nearest_area(areas, 3, areas[0].centre), 1);
    assert_int_equal(auth_nearest_area(areas, 3, areas[1].centre), 2);
    /* 529 m from the small one's centre and 1234 m from the large one's: inside the large circle */
    assert_int_equal(auth_nearest_area(areas, 3, (struct auth_point){37560000, 126976000}), 2);
    assert_int_equal(auth_nearest_area(areas, 3, (struct auth_point){37560000, 126968500}), 1);
    assert_int_equal(auth_nearest_area(areas, 3, (struct auth_point){36500000, 128000000}), 0);
    assert_int_equal(auth_nearest_area(areas, 0, areas[0].centre), 0);
}

static struct auth_fix fix(int64_t lat, int64_t lng, int64_t accuracy, int64_t age)
{
    return (struct auth_fix){{lat, lng}, accuracy, NOW - age};
}

static enum auth_fix_verdict judge(struct auth_fix a, struct auth_fix b)
{
    struct auth_fix best;

    return auth_judge_fixes((struct auth_fix[]){a, b}, 2, NULL, 0, NOW, &best);
}

static void a_fix_must_be_exact_fresh_and_said_twice(void **state)
{
    const struct auth_fix now = fix(37560010, 126970010, 30, 1000);

    (void)state;
    assert_int_equal(judge(fix(37560000, 126970000, 30, 5000), now), AUTH_FIX_GOOD);
    assert_int_equal(judge(fix(37560000, 126970000, 5000, 5000), now), AUTH_FIX_GOOD); /* the better one counts */
    assert_int_equal(judge(fix(37560000, 126970000, 151, 5000), fix(37560010, 126970010, 151, 1000)),
                     AUTH_FIX_INACCURATE);
    assert_int_equal(judge(fix(37560000, 126970000, 30, 200000), fix(37560010, 126970010, 30, 120001)), AUTH_FIX_OLD);
    assert_int_equal(judge(fix(37560000, 126970000, 30, 0), fix(37560010, 126970010, 30, -30001)), AUTH_FIX_OLD);
    assert_int_equal(judge(fix(37560000, 126970000, 30, 3999), now), AUTH_FIX_ONCE);
    assert_int_equal(judge(now, fix(37560000, 126970000, 30, 5000)), AUTH_FIX_ONCE); /* backwards */
}

static void a_frozen_or_flying_device_is_doubted(void **state)
{
    const struct auth_fix here = fix(37560000, 126970000, 10, 6000);
    struct auth_past past = {{37562500, 126972500}, NOW - 3600000};
    struct auth_fix best, two[2] = {here, fix(37560010, 126970010, 10, 1000)};

    (void)state;
    assert_int_equal(judge(here, fix(37560000, 126970000, 10, 1000)), AUTH_FIX_FROZEN);
    /* by the names of wireless nets a device that lies still says the same again, less exactly */
    assert_int_equal(judge(fix(37560000, 126970000, 40, 6000), fix(37560000, 126970000, 40, 1000)), AUTH_FIX_GOOD);
    assert_int_equal(judge(here, fix(37570000, 126970000, 10, 1000)), AUTH_FIX_JUMP); /* 1.1 km in 5 s */
    assert_int_equal(auth_judge_fixes(two, 2, &past, 1, NOW, &best), AUTH_FIX_GOOD);
    past.cell = (struct auth_point){35100000, 129000000}; /* Busan an hour ago: by train, not quite */
    assert_int_equal(auth_judge_fixes(two, 2, &past, 1, NOW, &best), AUTH_FIX_GOOD);
    past.proved_at = NOW - 1800000;
    assert_int_equal(auth_judge_fixes(two, 2, &past, 1, NOW, &best), AUTH_FIX_JUMP);
}

/* --- outlines --- */

struct bytes {
    uint8_t v[400];
    size_t n;
};

static void put(struct bytes *bytes, int32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes->v[bytes->n++] = (uint8_t)((uint32_t)value >> shift);
}

static void put_square(struct bytes *bytes, int32_t from, int32_t to)
{
    const int32_t corners[] = {from, from, from, to, to, to, to, from};

    put(bytes, 4);
    for (size_t i = 0; i < GG_LEN(corners); i++)
        put(bytes, corners[i]);
}

static void inside_is_inside_the_outline_and_outside_its_holes(void **state)
{
    struct bytes bytes = {.n = 0};

    (void)state;
    put(&bytes, 2);
    put_square(&bytes, -1000, 1000);
    put_square(&bytes, -100, 100);
    assert_true(auth_inside(bytes.v, bytes.n, (struct auth_point){500, -500}));
    assert_false(auth_inside(bytes.v, bytes.n, (struct auth_point){50, 50}));
    assert_false(auth_inside(bytes.v, bytes.n, (struct auth_point){1500, 0}));
    assert_false(auth_inside(bytes.v, bytes.n, (struct auth_point){0, 1500}));
    /* bytes that are cut off, or too many, hold nobody */
    for (size_t n = 0; n < bytes.n; n++)
        assert_false(auth_inside(bytes.v, n, (struct auth_point){500, -500}));
    put(&bytes, 0);
    assert_false(auth_inside(bytes.v, bytes.n, (struct auth_point){500, -500}));
}

static void polygons_are_measured(void **state)
{
    static const struct gg_place outer[] = {
        {37500000, 127000000}, {37500000, 127010000}, {37510000, 127010000}, {37510000, 127000000}};
    static const struct gg_place hole[] = {
        {37502000, 127002000}, {37502000, 127003000}, {37503000, 127003000}, {37503000, 127002000}};
    static const struct gg_ring rings[] = {{outer, 4}, {hole, 4}};
    static const struct gg_polygon polygon = {rings, 2};
    struct auth_point centre;
    int64_t size = auth_polygons_measure(&polygon, 1, &centre);

    (void)state;
    assert_in_range(size, 970000, 972000); /* 1112 m by 882 m, less a hundredth */
    assert_int_equal(centre.lat, 37505000);
    assert_int_equal(centre.lng, 127005000);
}

static void a_proof_past_its_time_is_left_out_of_the_token(void **state)
{
    struct auth_account account = {.areas = "11110101@1790000000 11110102@1780000000"};
    struct gg_area claim[GG_AREAS_MAX];

    (void)state;
    auth_areas_of(&account, NOW, claim);
    assert_int_equal(claim[0].code, 11110101);
    assert_int_equal(claim[0].proved_at, NOW);
    assert_int_equal(claim[1].code, 0);
    auth_areas_of(&account, NOW + AUTH_AREA_MS, claim);
    assert_int_equal(claim[0].code, 0);
    account.areas = NULL;
    auth_areas_of(&account, NOW, claim);
    assert_int_equal(claim[0].code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_metres),
        cmocka_unit_test(cells_are_half_a_hundredth_wide),
        cmocka_unit_test(the_nearest_area_is_weighted_by_size),
        cmocka_unit_test(a_fix_must_be_exact_fresh_and_said_twice),
        cmocka_unit_test(a_frozen_or_flying_device_is_doubted),
        cmocka_unit_test(inside_is_inside_the_outline_and_outside_its_holes),
        cmocka_unit_test(polygons_are_measured),
        cmocka_unit_test(a_proof_past_its_time_is_left_out_of_the_token),
    };

    return cmocka_run_group_tests_name("area", tests, NULL, NULL);
}
