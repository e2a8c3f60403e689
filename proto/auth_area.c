/* proto/auth_area.c
 * The tables behind proto/auth_area.h. */
#include "proto/auth_area.h"

#define CODE(s) GG_INT(s, code, GG_REQUIRED, 1, INT64_C(9999999999), "code of the legal dong")
#define NAMES(s)                                                                                                       \
    GG_TEXT(s, district, GG_REQUIRED, 1, 40, "district (gu)"), GG_TEXT(s, name, GG_REQUIRED, 1, 40, "name"),           \
        GG_TEXT(s, name_en, GG_OPTIONAL, 1, 60, "name in English")
#define LAT(s, f, flags, doc) GG_DEG(s, f, flags, -90000000, 90000000, doc)
#define LNG(s, f, flags, doc) GG_DEG(s, f, flags, -180000000, 180000000, doc)

static const struct gg_field area_fields[] = {
    CODE(struct auth_area),
    NAMES(struct auth_area),
    LAT(struct auth_area, lat, GG_REQUIRED, "latitude of the centre"),
    LNG(struct auth_area, lng, GG_REQUIRED, "longitude of the centre"),
    GG_INT(struct auth_area, size_m2, GG_REQUIRED, 1, GG_WIRE_MAX, "size in square metres"),
};
const struct gg_msg auth_area_msg =
    GG_MSG("AuthArea", struct auth_area, area_fields, "An administrative area, a dong.");
static const struct gg_field area_query_fields[] = {
    GG_PAGE_FIELDS(struct auth_area_query),
    GG_TEXT(struct auth_area_query, q, GG_OPTIONAL, 1, 40, "part of a name, district or English name"),
    GG_TEXT(struct auth_area_query, district, GG_OPTIONAL, 1, 40, "only this district"),
};
const struct gg_msg auth_area_query_msg =
    GG_MSG("AuthAreaQuery", struct auth_area_query, area_query_fields, "Which areas.");
static const struct gg_field area_list_fields[] = {
    GG_LIST(struct auth_area_list, items, GG_REQUIRED, 0, 100, &auth_area_msg, "by code"),
    GG_TEXT(struct auth_area_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg auth_area_list_msg = GG_MSG("AuthAreaList", struct auth_area_list, area_list_fields, "Areas.");

static const struct gg_field position_fields[] = {
    LAT(struct auth_position, lat, GG_REQUIRED | GG_PRIVATE, "latitude"),
    LNG(struct auth_position, lng, GG_REQUIRED | GG_PRIVATE, "longitude"),
    GG_INT(struct auth_position, accuracy_m, GG_REQUIRED, 1, 100000, "metres, as the device says"),
    GG_TIME(struct auth_position, measured_at, GG_REQUIRED, "when"),
};
const struct gg_msg auth_position_msg =
    GG_MSG("AuthPosition", struct auth_position, position_fields, "One measurement; it is looked at and forgotten.");
static const struct gg_field prove_area_fields[] = {
    GG_LIST(struct auth_prove_area, samples, GG_REQUIRED, 2, 5, &auth_position_msg,
            "in the order they were measured, over at least three seconds"),
};
const struct gg_msg auth_prove_area_msg =
    GG_MSG("AuthProveArea", struct auth_prove_area, prove_area_fields, "Proves to be in a neighbourhood.");

static const struct gg_field neighbourhood_fields[] = {
    CODE(struct auth_neighbourhood),
    NAMES(struct auth_neighbourhood),
    LAT(struct auth_neighbourhood, cell_lat, GG_REQUIRED, "centre of the grid cell, about 500 m wide"),
    LNG(struct auth_neighbourhood, cell_lng, GG_REQUIRED, "centre of the grid cell"),
    GG_TIME(struct auth_neighbourhood, proved_at, GG_REQUIRED, "when it was proved"),
    GG_TIME(struct auth_neighbourhood, valid_until, GG_REQUIRED, "to be proved again by then"),
};
const struct gg_msg auth_neighbourhood_msg =
    GG_MSG("AuthNeighbourhood", struct auth_neighbourhood, neighbourhood_fields, "Where somebody is a neighbour.");
static const struct gg_field neighbourhood_list_fields[] = {
    GG_LIST(struct auth_neighbourhood_list, items, GG_REQUIRED, 0, 2, &auth_neighbourhood_msg, "newest proof first"),
};
const struct gg_msg auth_neighbourhood_list_msg = GG_MSG("AuthNeighbourhoodList", struct auth_neighbourhood_list,
                                                         neighbourhood_list_fields, "One's neighbourhoods, up to two.");

const struct gg_problem AUTH_POSITION_INACCURATE = {"position_inaccurate", 422, false,
                                                    "The position is not exact enough.",
                                                    "위치가 정확하지 않아요. 하늘이 보이는 곳에서 다시 시도해 주세요."};
const struct gg_problem AUTH_POSITION_OLD = {"position_old", 422, false, "The position was not measured just now.",
                                             "지금 위치가 아니에요. 다시 시도해 주세요."};
const struct gg_problem AUTH_POSITION_DOUBTED = {"position_doubted", 422, false, "The position is not plausible.",
                                                 "위치를 확인할 수 없어요. 잠시 뒤에 다시 시도해 주세요."};
const struct gg_problem AUTH_AREA_UNKNOWN = {"area_unknown", 422, false, "No area that is known lies here.",
                                             "아직 서비스하지 않는 지역이에요."};
const struct gg_problem AUTH_AREAS_FULL = {"areas_full", 409, false, "Two neighbourhoods stand already.",
                                           "동네는 두 곳까지 등록할 수 있어요."};
const struct gg_problem AUTH_AREA_BUDGET = {"area_budget", 429, true, "Neighbourhoods were changed too often today.",
                                            "오늘은 동네를 더 바꿀 수 없어요. 내일 다시 시도해 주세요."};
