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
    GG_ENUM(struct deal_find_query, state, GG_OPTIONAL, deal_state_names, "default recruiting"),
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

/* --- comments --- */

const char *const deal_comment_state_names[] = {"shown", "hidden", "reported", "removed", NULL};

static const struct gg_field comment_write_fields[] = {
    GG_TEXT(struct deal_comment_write, text, GG_REQUIRED | GG_LINES, 1, 500, "what one wants to say"),
    GG_ID(struct deal_comment_write, reply_to, GG_OPTIONAL, "the comment it answers"),
};
const struct gg_msg deal_comment_write_msg =
    GG_MSG("DealCommentWrite", struct deal_comment_write, comment_write_fields, "Writes on the page of a deal.");
static const struct gg_field comment_fields[] = {
    GG_ID(struct deal_comment, id, GG_REQUIRED, "the comment"),
    GG_ID(struct deal_comment, deal, GG_REQUIRED, "its deal"),
    GG_ID(struct deal_comment, reply_to, GG_OPTIONAL, "the comment it hangs on"),
    GG_OBJECT(struct deal_comment, author, &deal_person_msg, "who wrote"),
    GG_BOOL(struct deal_comment, by_host, GG_OPTIONAL, "the host speaks"),
    GG_BOOL(struct deal_comment, mine, GG_OPTIONAL, "the caller wrote it"),
    GG_ENUM(struct deal_comment, state, GG_REQUIRED, deal_comment_state_names, "whether it is shown"),
    GG_TEXT(struct deal_comment, text, GG_OPTIONAL | GG_LINES, 1, 500, "left out where it is not shown"),
    GG_TIME(struct deal_comment, created_at, GG_REQUIRED, "when"),
};
const struct gg_msg deal_comment_msg = GG_MSG("DealComment", struct deal_comment, comment_fields, "A comment.");
#define LIST(name_, strct_, items_, title_, doc_)                                                                      \
    static const struct gg_field name_##_fields[] = {                                                                  \
        GG_LIST(struct strct_, items, GG_REQUIRED, 0, 100, items_, "this page"),                                       \
        GG_TEXT(struct strct_, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),                                  \
    };                                                                                                                 \
    const struct gg_msg strct_##_msg = GG_MSG(title_, struct strct_, name_##_fields, doc_)
LIST(comment_list, deal_comment_list, &deal_comment_msg, "DealCommentList", "Comments, oldest first.");
static const struct gg_field report_fields[] = {
    GG_TEXT(struct deal_report, reason, GG_REQUIRED, 1, 200, "what is wrong with it"),
};
const struct gg_msg deal_report_msg = GG_MSG("DealReport", struct deal_report, report_fields, "Reports a comment.");

/* --- reviews and levels --- */

const char *const deal_fact_kind_names[] = {"paid", "picked_up", "left_late", "no_show", "hosted", "called_off", NULL};
const char *const deal_appeal_state_names[] = {"open", "upheld", "rejected", NULL};

static const struct gg_field review_fields[] = {
    GG_BOOL(struct deal_review, on_time, GG_REQUIRED, "came, or had it ready, when it was agreed"),
    GG_BOOL(struct deal_review, friendly, GG_REQUIRED, "was friendly"),
    GG_BOOL(struct deal_review, again, GG_REQUIRED, "would share with again"),
    GG_BOOL(struct deal_review, as_described, GG_OPTIONAL, "of the host: the goods were as described"),
};
const struct gg_msg deal_review_msg =
    GG_MSG("DealReview", struct deal_review, review_fields, "The fixed questions, answered once.");
static const struct gg_field review_due_fields[] = {
    GG_ID(struct deal_review_due, deal, GG_REQUIRED, "the deal"),
    GG_TEXT(struct deal_review_due, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_OBJECT(struct deal_review_due, about, &deal_person_msg, "whom to review"),
    GG_BOOL(struct deal_review_due, about_host, GG_OPTIONAL, "as host"),
};
static const struct gg_msg review_due_msg =
    GG_MSG("DealReviewDue", struct deal_review_due, review_due_fields, "Somebody to review.");
LIST(review_due_list, deal_review_due_list, &review_due_msg, "DealReviewDueList", "Whom the caller may review.");

static const struct gg_field points_fields[] = {
    GG_TEXT(struct deal_points, fact, GG_REQUIRED, 1, 40, "what happened"),
    GG_INT(struct deal_points, count, GG_OPTIONAL, 0, GG_WIRE_MAX, "how often"),
    GG_INT(struct deal_points, points, GG_REQUIRED, -1000, 1000, "for each"),
    GG_TEXT(struct deal_points, because, GG_OPTIONAL, 1, 200, "in Korean, for the page"),
};
static const struct gg_msg points_msg =
    GG_MSG("DealPoints", struct deal_points, points_fields, "A line of the formula.");
static const struct gg_field step_fields[] = {
    GG_INT(struct deal_step, level, GG_REQUIRED, 0, 9, "the level"),
    GG_INT(struct deal_step, points, GG_REQUIRED, -100000, 100000, "begins here"),
};
static const struct gg_msg step_msg = GG_MSG("DealLevelStep", struct deal_step, step_fields, "Where a level begins.");
static const struct gg_field formula_fields[] = {
    GG_LIST(struct deal_formula, lines, GG_REQUIRED, 0, 20, &points_msg, "points for each fact"),
    GG_LIST(struct deal_formula, steps, GG_REQUIRED, 0, 20, &step_msg, "points to levels"),
    GG_TEXT(struct deal_formula, text, GG_REQUIRED, 1, 500, "in Korean, for the page"),
};
const struct gg_msg deal_formula_msg =
    GG_MSG("DealLevelFormula", struct deal_formula, formula_fields, "How a neighbour's level is counted.");
static const struct gg_field level_fields[] = {
    GG_OBJECT(struct deal_level, user, &deal_person_msg, "whose"),
    GG_INT(struct deal_level, level, GG_REQUIRED, 0, 9, "the level"),
    GG_INT(struct deal_level, points, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "sum of the lines"),
    GG_LIST(struct deal_level, lines, GG_REQUIRED, 0, 20, &points_msg, "where they come from"),
};
const struct gg_msg deal_level_msg =
    GG_MSG("DealLevel", struct deal_level, level_fields, "A neighbour's level, from facts only.");
static const struct gg_field fact_fields[] = {
    GG_ENUM(struct deal_fact, kind, GG_REQUIRED, deal_fact_kind_names, "what happened"),
    GG_ID(struct deal_fact, deal, GG_REQUIRED, "where"),
    GG_TEXT(struct deal_fact, title, GG_OPTIONAL, 2, 60, "of the deal"),
    GG_TIME(struct deal_fact, at, GG_REQUIRED, "when"),
    GG_BOOL(struct deal_fact, struck, GG_OPTIONAL, "taken back after an appeal"),
};
static const struct gg_msg fact_msg = GG_MSG("DealFact", struct deal_fact, fact_fields, "Something that counts.");
LIST(fact_list, deal_fact_list, &fact_msg, "DealFactList", "One's own facts.");
static const struct gg_field appeal_write_fields[] = {
    GG_ID(struct deal_appeal_write, deal, GG_REQUIRED, "where it happened"),
    GG_ENUM(struct deal_appeal_write, kind, GG_REQUIRED, deal_fact_kind_names, "what is said to have happened"),
    GG_TEXT(struct deal_appeal_write, text, GG_REQUIRED | GG_LINES, 5, 1000, "why it is wrong"),
};
const struct gg_msg deal_appeal_write_msg =
    GG_MSG("DealAppealWrite", struct deal_appeal_write, appeal_write_fields, "Objects to a fact.");
static const struct gg_field appeal_fields[] = {
    GG_ID(struct deal_appeal, id, GG_REQUIRED, "the appeal"),
    GG_OBJECT(struct deal_appeal, user, &deal_person_msg, "who objects"),
    GG_ID(struct deal_appeal, deal, GG_REQUIRED, "where it happened"),
    GG_ENUM(struct deal_appeal, kind, GG_REQUIRED, deal_fact_kind_names, "what"),
    GG_ENUM(struct deal_appeal, state, GG_REQUIRED, deal_appeal_state_names, "where it stands"),
    GG_TEXT(struct deal_appeal, text, GG_REQUIRED | GG_LINES, 1, 1000, "why it is wrong"),
    GG_TEXT(struct deal_appeal, answer, GG_OPTIONAL | GG_LINES, 1, 1000, "of the admin"),
    GG_TIME(struct deal_appeal, created_at, GG_REQUIRED, "when"),
    GG_TIME(struct deal_appeal, decided_at, GG_OPTIONAL, "when it was decided"),
};
const struct gg_msg deal_appeal_msg = GG_MSG("DealAppeal", struct deal_appeal, appeal_fields, "An objection.");
LIST(appeal_list, deal_appeal_list, &deal_appeal_msg, "DealAppealList", "Objections, oldest first.");
static const struct gg_field appeal_decision_fields[] = {
    GG_BOOL(struct deal_appeal_decision, uphold, GG_REQUIRED, "true: the fact is struck"),
    GG_TEXT(struct deal_appeal_decision, answer, GG_REQUIRED | GG_LINES, 1, 1000, "to the neighbour"),
};
const struct gg_msg deal_appeal_decision_msg =
    GG_MSG("DealAppealDecision", struct deal_appeal_decision, appeal_decision_fields, "An admin decides.");

/* --- the request board --- */

const char *const deal_wish_sort_names[] = {"votes", "new", NULL};

static const struct gg_field wish_write_fields[] = {
    GG_TEXT(struct deal_wish_write, title, GG_REQUIRED, 2, 60, "what should be shared"),
    GG_TEXT(struct deal_wish_write, text, GG_OPTIONAL | GG_LINES, 0, 500, "more about it"),
    GG_ENUM(struct deal_wish_write, category, GG_REQUIRED, deal_category_names, "as shops sort goods"),
    GG_DEG(struct deal_wish_write, lat, GG_REQUIRED, -90000000, 90000000, "where; kept as a cell of 500 m"),
    GG_DEG(struct deal_wish_write, lng, GG_REQUIRED, -180000000, 180000000, "where; kept as a cell of 500 m"),
};
const struct gg_msg deal_wish_write_msg =
    GG_MSG("DealWishWrite", struct deal_wish_write, wish_write_fields, "Please open this.");
static const struct gg_field wish_fields[] = {
    GG_ID(struct deal_wish, id, GG_REQUIRED, "the request"),
    GG_OBJECT(struct deal_wish, user, &deal_person_msg, "who asks"),
    GG_TEXT(struct deal_wish, title, GG_REQUIRED, 2, 60, "what should be shared"),
    GG_TEXT(struct deal_wish, text, GG_OPTIONAL | GG_LINES, 0, 500, "more about it"),
    GG_ENUM(struct deal_wish, category, GG_REQUIRED, deal_category_names, "as shops sort goods"),
    GG_DEG(struct deal_wish, cell_lat, GG_REQUIRED, -90000000, 90000000, "centre of its cell"),
    GG_DEG(struct deal_wish, cell_lng, GG_REQUIRED, -180000000, 180000000, "centre of its cell"),
    GG_INT(struct deal_wish, distance_m, GG_OPTIONAL, 0, 50000000, "from the asked point to the cell"),
    GG_INT(struct deal_wish, votes, GG_REQUIRED, 0, GG_WIRE_MAX, "who would join"),
    GG_BOOL(struct deal_wish, voted, GG_OPTIONAL, "the caller among them"),
    GG_BOOL(struct deal_wish, mine, GG_OPTIONAL, "the caller asked"),
    GG_ID(struct deal_wish, deal, GG_OPTIONAL, "a deal that was opened for it"),
    GG_TIME(struct deal_wish, created_at, GG_REQUIRED, "when"),
};
const struct gg_msg deal_wish_msg = GG_MSG("DealWish", struct deal_wish, wish_fields, "A request on the board.");
LIST(wish_list, deal_wish_list, &deal_wish_msg, "DealWishList", "Requests around a point.");
static const struct gg_field wish_query_fields[] = {
    GG_PAGE_FIELDS(struct deal_wish_query),
    GG_DEG(struct deal_wish_query, lat, GG_REQUIRED, -90000000, 90000000, "around this point"),
    GG_DEG(struct deal_wish_query, lng, GG_REQUIRED, -180000000, 180000000, "around this point"),
    GG_INT(struct deal_wish_query, radius_m, GG_OPTIONAL, 100, 50000, "default 3000"),
    GG_ENUM(struct deal_wish_query, sort, GG_OPTIONAL, deal_wish_sort_names, "default votes"),
};
const struct gg_msg deal_wish_query_msg =
    GG_MSG("DealWishQuery", struct deal_wish_query, wish_query_fields, "Which requests.");
static const struct gg_field wish_answer_fields[] = {
    GG_ID(struct deal_wish_answer, deal, GG_REQUIRED, "the caller's own deal"),
};
const struct gg_msg deal_wish_answer_msg =
    GG_MSG("DealWishAnswer", struct deal_wish_answer, wish_answer_fields, "I opened it.");

/* --- calendar --- */

static const struct gg_field calendar_fields[] = {
    GG_TEXT(struct deal_calendar, url, GG_REQUIRED | GG_PRIVATE, 1, 300, "secret; a new one ends the old one"),
};
const struct gg_msg deal_calendar_msg =
    GG_MSG("DealCalendar", struct deal_calendar, calendar_fields, "Where a calendar program reads one's pick-ups.");

/* --- opening help --- */

static const struct gg_field link_fields[] = {
    GG_TEXT(struct deal_link, url, GG_REQUIRED, 8, 500, "page of a shop, http or https"),
};
const struct gg_msg deal_link_msg = GG_MSG("DealLink", struct deal_link, link_fields, "A page to look at.");
static const struct gg_field link_preview_fields[] = {
    GG_TEXT(struct deal_link_preview, url, GG_REQUIRED, 8, 500, "as asked"),
    GG_TEXT(struct deal_link_preview, title, GG_OPTIONAL, 1, 60, "proposed"),
    GG_TEXT(struct deal_link_preview, description, GG_OPTIONAL, 1, 500, "proposed"),
    GG_TEXT(struct deal_link_preview, site, GG_OPTIONAL, 1, 60, "whose page it is"),
    GG_WON(struct deal_link_preview, price_won, GG_OPTIONAL, 1, DEAL_TOTAL_MAX, "proposed"),
    GG_TEXT(struct deal_link_preview, photo, GG_OPTIONAL, 5, 80, "to use in a deal: stored for the caller"),
    GG_TEXT(struct deal_link_preview, photo_url, GG_OPTIONAL, 1, 120, "where it is served"),
};
const struct gg_msg deal_link_preview_msg = GG_MSG("DealLinkPreview", struct deal_link_preview, link_preview_fields,
                                                   "What the page of a shop proposes for a deal.");

/* --- series --- */

static const char *const rule_set[] = {"0-9A-Z=;,", NULL}, *const zone_set[] = {"0-9A-Za-z_+/-", NULL};
static const struct gg_field series_write_fields[] = {
    GG_ID(struct deal_series_write, deal, GG_REQUIRED, "the caller's; every next one is like it"),
    GG_TEXT_OF(struct deal_series_write, rule, GG_REQUIRED, 10, 120, rule_set,
               "part of RFC 5545: FREQ=WEEKLY;BYDAY=MO"),
    GG_TEXT_OF(struct deal_series_write, zone, GG_OPTIONAL, 1, 60, zone_set, "default Asia/Seoul"),
};
const struct gg_msg deal_series_write_msg =
    GG_MSG("DealSeriesWrite", struct deal_series_write, series_write_fields, "Opens a deal again and again.");
static const struct gg_field series_fields[] = {
    GG_ID(struct deal_series, id, GG_REQUIRED, "the series"),
    GG_ID(struct deal_series, host, GG_REQUIRED, "whose"),
    GG_ID(struct deal_series, first, GG_REQUIRED, "the deal all are like"),
    GG_ID(struct deal_series, last, GG_REQUIRED, "opened last"),
    GG_TEXT(struct deal_series, rule, GG_REQUIRED, 1, 120, "when the next ones open"),
    GG_TEXT(struct deal_series, zone, GG_REQUIRED, 1, 60, "on whose clock"),
    GG_INT(struct deal_series, made, GG_REQUIRED, 1, GG_WIRE_MAX, "deals so far"),
    GG_TIME(struct deal_series, next_at, GG_OPTIONAL, "left out: it has ended"),
    GG_BOOL(struct deal_series, mine, GG_OPTIONAL, "the caller is its host"),
};
const struct gg_msg deal_series_msg = GG_MSG("DealSeries", struct deal_series, series_fields, "A series of deals.");
LIST(series_list, deal_series_list, &deal_series_msg, "DealSeriesList", "Series one hosts or has an order in.");
static const struct gg_field order_fields[] = {
    GG_INT(struct deal_order, quantity, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "portions of every deal"),
    GG_INT(struct deal_order, tolerance, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "more if they fill the lot"),
};
const struct gg_msg deal_order_msg = GG_MSG("DealOrder", struct deal_order, order_fields, "The same every time.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(DEAL_PHOTO_STORAGE_FULL, "photo_storage_full", 409, false, "Your pictures take all the room you have.",
        "사진을 보관할 수 있는 용량을 다 썼어요.");
PROBLEM(DEAL_NOT_REVIEWABLE, "not_reviewable", 409, false, "Those who shared a deal review each other once it is done.",
        "함께한 공구가 끝난 뒤에 평가할 수 있어요.");
PROBLEM(DEAL_REVIEWED, "already_reviewed", 409, false, "You have answered the questions.", "이미 평가했어요.");
PROBLEM(DEAL_APPEALED, "already_appealed", 409, false, "You have objected to this.", "이미 이의를 제기했어요.");
PROBLEM(DEAL_WISHES_FULL, "wishes_full", 409, false, "Too many of your requests are still open.",
        "열려 있는 요청이 너무 많아요.");
PROBLEM(DEAL_LINK_UNREADABLE, "link_unreadable", 422, false, "This page cannot be read.",
        "이 페이지를 읽을 수 없어요.");
PROBLEM(DEAL_SERIES_EXISTS, "series_exists", 409, false, "This deal has a series.", "이미 반복되는 공구예요.");
PROBLEM(DEAL_ORDERS_FULL, "orders_full", 409, false, "You have too many standing orders.", "정기 신청이 너무 많아요.");
