/* proto/deal_market.c
 * The tables behind proto/deal_market.h. */
#include "proto/deal_market.h"

#include "libcommon/picture.h"

/* --- events --- */

static const struct gg_field comment_event_fields[] = {
    GG_ID(struct deal_comment_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_comment_event, host, GG_REQUIRED, "who recruits"),
    GG_ID(struct deal_comment_event, comment, GG_REQUIRED, "the comment"),
    GG_ID(struct deal_comment_event, author, GG_REQUIRED, "who wrote"),
    GG_ID(struct deal_comment_event, reply_to, GG_OPTIONAL, "author of the comment it answers"),
    GG_TEXT(struct deal_comment_event, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_TEXT(struct deal_comment_event, nickname, GG_OPTIONAL, 2, 20, "of the author"),
    GG_TEXT(struct deal_comment_event, preview, GG_REQUIRED | GG_LINES, 1, 80, "how it begins"),
};
static const struct gg_msg comment_event_msg =
    GG_MSG("DealCommentEvent", struct deal_comment_event, comment_event_fields, "Somebody wrote on a deal's page.");
static const struct gg_field review_event_fields[] = {
    GG_ID(struct deal_review_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_review_event, host, GG_REQUIRED, "one side"),
    GG_ID(struct deal_review_event, share, GG_REQUIRED, "the share"),
    GG_ID(struct deal_review_event, user, GG_REQUIRED, "the other side"),
    GG_TEXT(struct deal_review_event, title, GG_REQUIRED, 2, 60, "of the deal"),
};
static const struct gg_msg review_event_msg =
    GG_MSG("DealReviewEvent", struct deal_review_event, review_event_fields, "Both sides may answer the questions.");

const struct gg_event_type DEAL_COMMENT_ADDED = {"deal.comment.added.v1", DEAL_TOPIC, &comment_event_msg,
                                                 "a comment or a reply"};
const struct gg_event_type DEAL_REVIEW_ASKED = {"deal.review.asked.v1", DEAL_TOPIC, &review_event_msg,
                                                "both sides may review each other"};

/* --- pictures --- */

static const struct gg_field photo_query_fields[] = {
    GG_ENUM(struct deal_photo_query, size, GG_OPTIONAL, gg_picture_size_names, "smaller, as WebP"),
};
const struct gg_msg deal_photo_query_msg =
    GG_MSG("DealPhotoQuery", struct deal_photo_query, photo_query_fields, "How large.");

/* --- finding --- */

const char *const deal_sort_names[] = {"near", "new", "closing", "left", "saved", "price", NULL};

static const struct gg_field market_view_fields[] = {
    GG_INT(struct deal_market_view, views, GG_REQUIRED, 0, GG_WIRE_MAX, "people who looked, reloads ignored"),
    GG_INT(struct deal_market_view, saves, GG_REQUIRED, 0, GG_WIRE_MAX, "people who saved it"),
    GG_INT(struct deal_market_view, comments, GG_REQUIRED, 0, GG_WIRE_MAX, "comments and replies"),
    GG_BOOL(struct deal_market_view, saved, GG_OPTIONAL, "by the caller"),
};
const struct gg_msg deal_market_view_msg =
    GG_MSG("DealMarket", struct deal_market_view, market_view_fields, "What is counted of a deal.");

static const struct gg_field find_query_fields[] = {
    GG_PAGE_FIELDS(struct deal_find_query),
    GG_DEG(struct deal_find_query, lat, GG_OPTIONAL, -90000000, 90000000, "with lng: only around this point"),
    GG_DEG(struct deal_find_query, lng, GG_OPTIONAL, -180000000, 180000000, "with lat"),
    GG_INT(struct deal_find_query, radius_m, GG_OPTIONAL, 100, 50000, "default 3000"),
    GG_TEXT(struct deal_find_query, text, GG_OPTIONAL, 1, 40, "Korean by any two syllables, English by beginnings"),
    GG_TEXT(struct deal_find_query, tag, GG_OPTIONAL, 1, 20, "has this tag"),
    GG_ENUM(struct deal_find_query, category, GG_OPTIONAL, deal_category_names, "only these"),
    GG_ENUM(struct deal_find_query, state, GG_OPTIONAL, deal_state_names,
            "default recruiting; the others know near, new, text and category only"),
    GG_ENUM(struct deal_find_query, sort, GG_OPTIONAL, deal_sort_names, "default near with a point, else new"),
    GG_ENUM(struct deal_find_query, measure, GG_OPTIONAL, deal_measure_names, "sold by this; sort=price needs it"),
    GG_WON(struct deal_find_query, most_unit_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "per 100 g, 100 ml or piece"),
    GG_WON(struct deal_find_query, most_portion_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "most a portion can cost"),
    GG_INT(struct deal_find_query, closes_within_minutes, GG_OPTIONAL, 1, 43200, "closing soon"),
    GG_INT(struct deal_find_query, least_left, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions still to be had"),
};
const struct gg_msg deal_find_query_msg =
    GG_MSG("DealFindQuery", struct deal_find_query, find_query_fields, "Which deals, and in which order.");

static const struct gg_field map_query_fields[] = {
    GG_DEG(struct deal_map_query, south, GG_REQUIRED, -90000000, 90000000, "edge of the map"),
    GG_DEG(struct deal_map_query, west, GG_REQUIRED, -180000000, 180000000, "edge of the map"),
    GG_DEG(struct deal_map_query, north, GG_REQUIRED, -90000000, 90000000, "edge of the map"),
    GG_DEG(struct deal_map_query, east, GG_REQUIRED, -180000000, 180000000, "edge of the map"),
};
const struct gg_msg deal_map_query_msg =
    GG_MSG("DealMapQuery", struct deal_map_query, map_query_fields, "What the map shows; at most 2 degrees each way.");
static const struct gg_field map_cell_fields[] = {
    GG_DEG(struct deal_map_cell, lat, GG_REQUIRED, -90000000, 90000000, "centre"),
    GG_DEG(struct deal_map_cell, lng, GG_REQUIRED, -180000000, 180000000, "centre"),
    GG_INT(struct deal_map_cell, deals, GG_REQUIRED, 1, GG_WIRE_MAX, "that recruit here"),
};
static const struct gg_msg map_cell_msg =
    GG_MSG("DealMapCell", struct deal_map_cell, map_cell_fields, "A patch of the map.");
static const struct gg_field map_fields[] = {
    GG_LIST(struct deal_map, items, GG_REQUIRED, 0, 4096, &map_cell_msg, "cells with deals"),
    GG_DEG(struct deal_map, step, GG_REQUIRED, 0, 2000000, "degrees from one cell to the next"),
};
const struct gg_msg deal_map_msg = GG_MSG("DealMap", struct deal_map, map_fields, "Where deals recruit.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(DEAL_PHOTO_STORAGE_FULL, "photo_storage_full", 409, false, "Your pictures take all the room you have.",
        "사진을 보관할 수 있는 용량을 다 썼어요.");
