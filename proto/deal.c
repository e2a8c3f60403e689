/* proto/deal.c
 * The tables behind proto/deal.h. */
#include "proto/deal.h"

#include "proto/deal_flow.h"

#include "proto/deal_market.h"

static const char *const photo_set[] = {"0-9a-z.", NULL};
const char *const deal_state_names[] = {"recruiting", "closing", "confirmed", "purchased", "arrived",
                                        "done",       "failed",  "cancelled", NULL};
const char *const deal_share_state_names[] = {"reserved", "held",     "captured", "handed_over", "settled",
                                              "rejected", "released", "disputed", "refunded",    NULL};
const char *const deal_reason_names[] = {"left",   "no_money", "no_answer", "minimum", "host",           "terms",
                                         "no_box", "shortage", "partial",   "dispute", "wallet_stopped", NULL};
const char *const deal_shape_names[] = {"lot", "boxes", NULL};
const char *const deal_delivery_rule_names[] = {"equal", "by_quantity", NULL};
const char *const deal_shortage_rule_names[] = {"first_come", "pro_rata", NULL};
const char *const deal_measure_names[] = {"g", "ml", "piece", NULL};
const char *const deal_category_names[] = {"fruit_vegetable", "grain",    "meat_fish", "dairy_egg", "snack",
                                           "drink",           "kitchen",  "household", "baby",      "pet",
                                           "beauty",          "clothing", "other",     NULL};

/* --- events --- */

static const struct gg_field opened_fields[] = {
    GG_ID(struct deal_opened, deal, GG_REQUIRED, "the deal; also its chat room"),
    GG_ID(struct deal_opened, host, GG_REQUIRED, "who recruits"),
    GG_TEXT(struct deal_opened, title, GG_REQUIRED, 2, 60, "what is shared"),
    GG_WON(struct deal_opened, total_won, GG_REQUIRED, 1, DEAL_TOTAL_MAX, "planned total"),
    GG_INT(struct deal_opened, portions, GG_REQUIRED, 2, DEAL_PORTIONS_MAX, "portions of the lot"),
    GG_INT(struct deal_opened, min_portions, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "least sold to neighbours"),
    GG_TIME(struct deal_opened, closes_at, GG_REQUIRED, "closing instant"),
    GG_DEG(struct deal_opened, cell_lat, GG_REQUIRED, -90000000, 90000000, "grid cell"),
    GG_DEG(struct deal_opened, cell_lng, GG_REQUIRED, -180000000, 180000000, "grid cell"),
    GG_ENUM(struct deal_opened, category, GG_OPTIONAL, deal_category_names, "as shops sort goods"),
    GG_TEXTS(struct deal_opened, tags, GG_OPTIONAL, 1, 20, DEAL_TAGS_MAX, "for keyword alerts, with the title"),
};
static const struct gg_msg opened_msg =
    GG_MSG("DealOpened", struct deal_opened, opened_fields, "A deal recruits from now on.");

static const struct gg_field share_event_fields[] = {
    GG_ID(struct deal_share_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_share_event, share, GG_REQUIRED, "the share; also the id of its hold"),
    GG_ID(struct deal_share_event, user, GG_REQUIRED, "whose share"),
    GG_ID(struct deal_share_event, host, GG_REQUIRED, "who recruits"),
    GG_TEXT(struct deal_share_event, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_INT(struct deal_share_event, quantity, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "portions for sure"),
    GG_INT(struct deal_share_event, tolerance, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "more if they fill the lot"),
    GG_WON(struct deal_share_event, amount_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "most it can cost, or what is paid"),
    GG_WON(struct deal_share_event, refund_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "given back from escrow first"),
    GG_INT(struct deal_share_event, resize, GG_OPTIONAL, 0, GG_WIRE_MAX, "resized: number of the try"),
    GG_INT(struct deal_share_event, terms, GG_OPTIONAL, 0, GG_WIRE_MAX, "version of the terms accepted"),
    GG_TIME(struct deal_share_event, hold_until, GG_OPTIONAL, "deadline of the hold itself"),
    GG_TIME(struct deal_share_event, reserved_until, GG_OPTIONAL, "the seat waits for the hold until then"),
    GG_ENUM(struct deal_share_event, reason, GG_OPTIONAL, deal_reason_names, "why it ended"),
    GG_INT(struct deal_share_event, taken, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "firm portions taken after this"),
    GG_INT(struct deal_share_event, portions, GG_OPTIONAL, 2, DEAL_PORTIONS_MAX, "portions of the lot"),
    GG_INT(struct deal_share_event, capacity, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions neighbours can take"),
};
static const struct gg_msg share_event_msg =
    GG_MSG("DealShareEvent", struct deal_share_event, share_event_fields, "Something happened to one share.");

static const struct gg_field allotment_fields[] = {
    GG_ID(struct deal_allotment, share, GG_REQUIRED, "the share"),
    GG_ID(struct deal_allotment, user, GG_REQUIRED, "whose"),
    GG_INT(struct deal_allotment, quantity, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "portions allotted; 0: none, void it"),
    GG_WON(struct deal_allotment, amount_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "what it costs"),
    GG_WON(struct deal_allotment, refund_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "given back now"),
};
static const struct gg_msg allotment_msg =
    GG_MSG("DealAllotment", struct deal_allotment, allotment_fields, "One share in an outcome.");

static const struct gg_field outcome_fields[] = {
    GG_ID(struct deal_outcome, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_outcome, host, GG_REQUIRED, "who recruits"),
    GG_ID(struct deal_outcome, actor, GG_OPTIONAL, "who did it; left out: the clock"),
    GG_TEXT(struct deal_outcome, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_ENUM(struct deal_outcome, reason, GG_OPTIONAL, deal_reason_names, "why it failed or was cancelled"),
    GG_WON(struct deal_outcome, total_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "planned, or of the receipt"),
    GG_LIST(struct deal_outcome, shares, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, &allotment_msg, "every live share"),
    GG_TEXT(struct deal_outcome, pickup_place, GG_OPTIONAL, 1, 80, "where, for participants"),
    GG_TIME(struct deal_outcome, pickup_from, GG_OPTIONAL, "pick-up window"),
    GG_TIME(struct deal_outcome, pickup_until, GG_OPTIONAL, "pick-up window"),
};
static const struct gg_msg outcome_msg =
    GG_MSG("DealOutcome", struct deal_outcome, outcome_fields, "The deal as a whole took a step.");

static const struct gg_field changed_fields[] = {
    GG_ID(struct deal_changed, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_changed, host, GG_REQUIRED, "who recruits"),
    GG_TEXT(struct deal_changed, title, GG_REQUIRED, 2, 60, "as it is now"),
    GG_INT(struct deal_changed, terms, GG_REQUIRED, 1, GG_WIRE_MAX, "version of the terms"),
    GG_TIME(struct deal_changed, accept_by, GG_OPTIONAL, "new terms: who has not accepted by then is released"),
    GG_TEXTS(struct deal_changed, fields, GG_REQUIRED, 1, 40, 40, "members of DealCreate that changed"),
    GG_LIST(struct deal_changed, shares, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, &allotment_msg, "who must accept"),
    GG_TIME(struct deal_changed, closes_at, GG_REQUIRED, "closing instant"),
};
static const struct gg_msg changed_msg =
    GG_MSG("DealChanged", struct deal_changed, changed_fields, "The host edited the deal.");

#define EVENT(constant, type, msg, doc) const struct gg_event_type constant = {type, DEAL_TOPIC, msg, doc}
EVENT(DEAL_OPENED_EVENT, "deal.opened.v1", &opened_msg, "a deal recruits");
EVENT(DEAL_SHARE_RESERVED_EVENT, "deal.share.reserved.v1", &share_event_msg, "a seat waits for its hold");
EVENT(DEAL_SHARE_HELD_EVENT, "deal.share.held.v1", &share_event_msg, "the neighbour is in");
EVENT(DEAL_SHARE_REJECTED_EVENT, "deal.share.rejected.v1", &share_event_msg, "the seat was given back");
EVENT(DEAL_SHARE_RELEASED_EVENT, "deal.share.released.v1", &share_event_msg, "the neighbour left before closing");
EVENT(DEAL_SHARE_HANDED_OVER_EVENT, "deal.share.handed_over.v1", &share_event_msg, "goods changed hands: pay the host");
EVENT(DEAL_SHARE_RESIZED_EVENT, "deal.share.resized.v1", &share_event_msg, "the hold is to become amount_won");
EVENT(DEAL_SHARE_CHANGED_EVENT, "deal.share.changed.v1", &share_event_msg, "quantity, tolerance or terms are new");
EVENT(DEAL_SHARE_ADJUSTED_EVENT, "deal.share.adjusted.v1", &share_event_msg, "give refund_won back from escrow");
EVENT(DEAL_SHARE_NO_SHOW_EVENT, "deal.share.no_show.v1", &share_event_msg, "did not come to the pick-up");
EVENT(DEAL_CHANGED_EVENT, "deal.changed.v1", &changed_msg, "the host edited the deal");
EVENT(DEAL_SHARE_SETTLED_EVENT, "deal.share.settled.v1", &share_event_msg, "the host has the money");
EVENT(DEAL_CLOSING_EVENT, "deal.closing.v1", &outcome_msg, "nothing joins or leaves any more");
EVENT(DEAL_CONFIRMED_EVENT, "deal.confirmed.v1", &outcome_msg, "it takes place: capture these amounts");
EVENT(DEAL_FAILED_EVENT, "deal.failed.v1", &outcome_msg, "the minimum was missed: void every hold");
EVENT(DEAL_CANCELLED_EVENT, "deal.cancelled.v1", &outcome_msg, "called off: void every hold, refund every capture");
EVENT(DEAL_PURCHASED_EVENT, "deal.purchased.v1", &outcome_msg, "bought: refund these amounts");
EVENT(DEAL_ARRIVED_EVENT, "deal.arrived.v1", &outcome_msg, "the goods are here");
EVENT(DEAL_DONE_EVENT, "deal.done.v1", &outcome_msg, "every share is settled");

/* --- HTTP --- */

static const struct gg_field pickup_fields[] = {
    GG_TEXT(struct deal_pickup, place, GG_REQUIRED, 2, 80, "where to meet"),
    GG_TEXT(struct deal_pickup, note, GG_OPTIONAL | GG_LINES, 0, 300, "how to find it"),
    GG_DEG(struct deal_pickup, lat, GG_REQUIRED, -90000000, 90000000, "latitude"),
    GG_DEG(struct deal_pickup, lng, GG_REQUIRED, -180000000, 180000000, "longitude"),
    GG_TIME(struct deal_pickup, from, GG_REQUIRED, "start of the window"),
    GG_TIME(struct deal_pickup, until, GG_REQUIRED, "end of the window"),
};
const struct gg_msg deal_pickup_msg =
    GG_MSG("DealPickup", struct deal_pickup, pickup_fields, "Where and when to meet.");

static const struct gg_field window_fields[] = {
    GG_TIME(struct deal_window, from, GG_REQUIRED, "begins"),
    GG_TIME(struct deal_window, until, GG_REQUIRED, "ends"),
    GG_INT(struct deal_window, chosen, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "shares that come then"),
};
const struct gg_msg deal_window_msg =
    GG_MSG("DealWindow", struct deal_window, window_fields, "A pick-up window; the first has the number 0.");

/* What a deal says, complete (GG_REQUIRED) or in part. */
#define CREATE_FIELDS(need)                                                                                            \
    GG_TEXT(struct deal_create, title, need, 2, 60, "what is shared"),                                                 \
        GG_TEXT(struct deal_create, description, (need) | GG_LINES, 1, 4000, "all one should know"),                   \
        GG_ENUM(struct deal_create, category, need, deal_category_names, "as shops sort goods"),                       \
        GG_TEXT(struct deal_create, unit, need, 1, 20, "what one portion is"),                                         \
        GG_INT(struct deal_create, unit_amount, GG_OPTIONAL, 1, 1000000, "of one portion; with measure"),              \
        GG_ENUM(struct deal_create, measure, GG_OPTIONAL, deal_measure_names, "of unit_amount"),                       \
        GG_TEXTS(struct deal_create, photos, need, 5, 80, DEAL_PHOTOS_MAX, "names of uploaded photos, 1 to 10"),       \
        GG_TEXTS(struct deal_create, tags, GG_OPTIONAL, 1, 20, DEAL_TAGS_MAX, "words to find it by"),                  \
        GG_TEXT(struct deal_create, shop_url, GG_OPTIONAL, 10, 500, "page of the shop"),                               \
        GG_ENUM(struct deal_create, shape, GG_OPTIONAL, deal_shape_names, "default lot"),                              \
        GG_WON(struct deal_create, total_won, need, 100, DEAL_TOTAL_MAX, "price of the lot, or of one box"),           \
        GG_WON(struct deal_create, ceiling_won, GG_OPTIONAL, 100, DEAL_TOTAL_MAX,                                      \
               "the receipt may come to this; default the price"),                                                     \
        GG_INT(struct deal_create, portions, need, 2, DEAL_PORTIONS_MAX, "portions of the lot, or of one box"),        \
        GG_INT(struct deal_create, boxes_max, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "boxes: at most these"),              \
        GG_INT(struct deal_create, fill_minutes, GG_OPTIONAL, 0, 1440,                                                 \
               "boxes: so long before closing no whole box may be broken; default 0"),                                 \
        GG_INT(struct deal_create, host_portions, need, 0, DEAL_PORTIONS_MAX, "the host keeps at least these"),        \
        GG_INT(struct deal_create, min_portions, need, 1, DEAL_PORTIONS_MAX, "least sold to neighbours"),              \
        GG_INT(struct deal_create, max_portions, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX,                                    \
               "most sold to neighbours; default all but the host's"),                                                 \
        GG_INT(struct deal_create, each_max, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX,                                        \
               "most per neighbour; default no limit"),                                                                \
        GG_WON(struct deal_create, delivery_won, GG_OPTIONAL, 0, 10000000, "cost of delivery, default 0"),             \
        GG_ENUM(struct deal_create, delivery_rule, GG_OPTIONAL, deal_delivery_rule_names,                              \
                "how delivery is shared, default by_quantity"),                                                        \
        GG_ENUM(struct deal_create, shortage_rule, GG_OPTIONAL, deal_shortage_rule_names,                              \
                "who goes short when fewer goods come, default first_come"),                                           \
        GG_TIME(struct deal_create, closes_at, need, "closing instant, 10 minutes to 30 days from now"),               \
        GG_REF(struct deal_create, pickup, need, &deal_pickup_msg, "where and when to meet"),                          \
        GG_LIST(struct deal_create, windows, GG_OPTIONAL, 0, DEAL_WINDOWS_MAX, &deal_window_msg,                       \
                "pick-up windows; default one, that of pickup")

static const struct gg_field create_fields[] = {
    CREATE_FIELDS(GG_REQUIRED),
    GG_ID(struct deal_create, draft, GG_OPTIONAL, "the draft this comes from; it is removed"),
};
const struct gg_msg deal_create_msg = GG_MSG("DealCreate", struct deal_create, create_fields, "Opens a deal.");
static const struct gg_field edit_fields[] = {CREATE_FIELDS(GG_OPTIONAL)};
const struct gg_msg deal_edit_msg =
    GG_MSG("DealEdit", struct deal_create, edit_fields, "What is to be changed; the rest stays.");
const struct gg_msg deal_draft_body_msg =
    GG_MSG("DealDraftBody", struct deal_create, edit_fields, "A deal in the making.");
static const struct gg_field draft_fields[] = {
    GG_ID(struct deal_draft, id, GG_REQUIRED, "the draft"),
    GG_REF(struct deal_draft, deal, GG_REQUIRED, &deal_draft_body_msg, "what it says so far"),
    GG_TIME(struct deal_draft, saved_at, GG_REQUIRED, "when"),
};
const struct gg_msg deal_draft_msg = GG_MSG("DealDraft", struct deal_draft, draft_fields, "A draft, the host's alone.");
static const struct gg_field draft_list_fields[] = {
    GG_LIST(struct deal_draft_list, items, GG_REQUIRED, 0, 100, &deal_draft_msg, "last saved first"),
    GG_TEXT(struct deal_draft_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg deal_draft_list_msg =
    GG_MSG("DealDraftList", struct deal_draft_list, draft_list_fields, "One's drafts.");

static const struct gg_field person_fields[] = {
    GG_ID(struct deal_person, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct deal_person, nickname, GG_OPTIONAL, 2, 20, "left out while it is not known yet"),
};
const struct gg_msg deal_person_msg = GG_MSG("DealPerson", struct deal_person, person_fields, "A neighbour.");

static const struct gg_field share_fields[] = {
    GG_ID(struct deal_share, id, GG_REQUIRED, "the share"),
    GG_ID(struct deal_share, deal, GG_REQUIRED, "its deal"),
    GG_OBJECT(struct deal_share, user, &deal_person_msg, "whose"),
    GG_ENUM(struct deal_share, state, GG_REQUIRED, deal_share_state_names, "where it stands"),
    GG_ENUM(struct deal_share, reason, GG_OPTIONAL, deal_reason_names, "why it ended"),
    GG_INT(struct deal_share, quantity, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "portions for sure"),
    GG_INT(struct deal_share, tolerance, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "more if they fill the lot"),
    GG_INT(struct deal_share, allotted, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions given at closing"),
    GG_WON(struct deal_share, max_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "most it can cost"),
    GG_WON(struct deal_share, amount_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "what it costs"),
    GG_WON(struct deal_share, refunded_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "given back after the receipt"),
    GG_TEXT(struct deal_share, code, GG_OPTIONAL | GG_PRIVATE, 6, 6, "to show at hand-over; own share only"),
    GG_TEXT(struct deal_share, qr, GG_OPTIONAL | GG_PRIVATE, 1, 200, "the code as signed text, for a picture"),
    GG_TIME(struct deal_share, joined_at, GG_REQUIRED, "when"),
    GG_INT(struct deal_share, terms, GG_OPTIONAL, 1, GG_WIRE_MAX, "version of the terms accepted"),
    GG_TIME(struct deal_share, accept_by, GG_OPTIONAL, "newer terms wait for acceptance until then"),
    GG_INT(struct deal_share, want_quantity, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "a change that waits for its money"),
    GG_INT(struct deal_share, want_tolerance, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "likewise"),
    GG_INT(struct deal_share, window, GG_OPTIONAL, 0, DEAL_WINDOWS_MAX, "pick-up window chosen"),
    GG_INT(struct deal_share, received, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions there are for this share"),
    GG_TEXT(struct deal_share, because, GG_OPTIONAL, 1, 300, "why so many, in Korean"),
    GG_BOOL(struct deal_share, no_show, GG_OPTIONAL, "did not come to the pick-up"),
};
const struct gg_msg deal_share_msg = GG_MSG("DealShare", struct deal_share, share_fields, "One neighbour's part.");

static const struct gg_field wait_fields[] = {
    GG_ID(struct deal_wait, id, GG_REQUIRED, "the place on the list"),
    GG_ID(struct deal_wait, deal, GG_REQUIRED, "of which deal"),
    GG_ENUM(struct deal_wait, state, GG_REQUIRED, deal_wait_state_names, "where it stands"),
    GG_INT(struct deal_wait, quantity, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "portions for sure"),
    GG_INT(struct deal_wait, tolerance, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "more if they fill the lot"),
    GG_INT(struct deal_wait, ahead, GG_OPTIONAL, 0, GG_WIRE_MAX, "how many wait before"),
    GG_INT(struct deal_wait, offered, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions kept for the caller"),
    GG_TIME(struct deal_wait, offered_until, GG_OPTIONAL, "join before this"),
};
const struct gg_msg deal_wait_msg = GG_MSG("DealWait", struct deal_wait, wait_fields, "A place on the waiting list.");

static const struct gg_field view_fields[] = {
    GG_ID(struct deal_view, id, GG_REQUIRED, "the deal; also its chat room"),
    GG_INT(struct deal_view, version, GG_REQUIRED, 1, GG_WIRE_MAX, "grows with every change"),
    GG_ENUM(struct deal_view, state, GG_REQUIRED, deal_state_names, "where it stands"),
    GG_ENUM(struct deal_view, reason, GG_OPTIONAL, deal_reason_names, "why it ended"),
    GG_OBJECT(struct deal_view, host, &deal_person_msg, "who recruits"),
    GG_TEXT(struct deal_view, title, GG_REQUIRED, 2, 60, "what is shared"),
    GG_TEXT(struct deal_view, description, GG_OPTIONAL | GG_LINES, 1, 4000, "not in lists"),
    GG_ENUM(struct deal_view, category, GG_REQUIRED, deal_category_names, "as shops sort goods"),
    GG_TEXT(struct deal_view, unit, GG_REQUIRED, 1, 20, "what one portion is"),
    GG_INT(struct deal_view, unit_amount, GG_OPTIONAL, 1, 1000000, "of one portion, in measure"),
    GG_ENUM(struct deal_view, measure, GG_OPTIONAL, deal_measure_names, "of unit_amount"),
    GG_WON(struct deal_view, unit_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "price of 100 g, 100 ml or one piece, rounded"),
    GG_TEXTS(struct deal_view, photos, GG_REQUIRED, 1, 120, DEAL_PHOTOS_MAX, "paths of the photos"),
    GG_TEXTS(struct deal_view, tags, GG_OPTIONAL, 1, 20, DEAL_TAGS_MAX, "words to find it by"),
    GG_TEXT(struct deal_view, shop_url, GG_OPTIONAL, 10, 500, "page of the shop"),
    GG_ENUM(struct deal_view, shape, GG_REQUIRED, deal_shape_names, "one lot, or boxes"),
    GG_WON(struct deal_view, total_won, GG_REQUIRED, 1, GG_WIRE_MAX, "price of the lot, or of all boxes"),
    GG_WON(struct deal_view, ceiling_won, GG_OPTIONAL, 1, GG_WIRE_MAX, "the receipt may come to this"),
    GG_INT(struct deal_view, portions, GG_REQUIRED, 2, DEAL_PORTIONS_MAX, "portions of the lot, or of all boxes"),
    GG_WON(struct deal_view, box_won, GG_OPTIONAL, 1, DEAL_TOTAL_MAX, "boxes: price of one"),
    GG_INT(struct deal_view, box_portions, GG_OPTIONAL, 2, DEAL_PORTIONS_MAX, "boxes: portions of one"),
    GG_INT(struct deal_view, boxes_max, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "boxes: at most these"),
    GG_INT(struct deal_view, boxes_full, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "boxes: whole as things stand"),
    GG_INT(struct deal_view, box_missing, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "boxes: portions until the next is whole"),
    GG_INT(struct deal_view, fill_minutes, GG_OPTIONAL, 0, 1440, "boxes: so long before closing none may be broken"),
    GG_INT(struct deal_view, host_portions, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "kept by the host"),
    GG_INT(struct deal_view, min_portions, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "least sold to neighbours"),
    GG_INT(struct deal_view, max_portions, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "most sold to neighbours"),
    GG_INT(struct deal_view, each_max, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "most per neighbour"),
    GG_WON(struct deal_view, delivery_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "cost of delivery"),
    GG_ENUM(struct deal_view, delivery_rule, GG_OPTIONAL, deal_delivery_rule_names, "how delivery is shared"),
    GG_ENUM(struct deal_view, shortage_rule, GG_OPTIONAL, deal_shortage_rule_names, "who goes short"),
    GG_INT(struct deal_view, offered, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "kept for offers to the waiting list"),
    GG_INT(struct deal_view, terms, GG_OPTIONAL, 1, GG_WIRE_MAX, "version of the terms"),
    GG_WON(struct deal_view, receipt_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "total of the receipt"),
    GG_TEXT(struct deal_view, receipt, GG_OPTIONAL, 1, 120, "path of the receipt's photo, for participants"),
    GG_INT(struct deal_view, taken, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "taken by neighbours"),
    GG_INT(struct deal_view, left, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, "can still be joined"),
    GG_WON(struct deal_view, portion_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "most one portion can cost"),
    GG_TIME(struct deal_view, closes_at, GG_REQUIRED, "closing instant"),
    GG_TIME(struct deal_view, created_at, GG_REQUIRED, "opened"),
    GG_DEG(struct deal_view, cell_lat, GG_REQUIRED, -90000000, 90000000, "centre of the cell of about 500 m"),
    GG_DEG(struct deal_view, cell_lng, GG_REQUIRED, -180000000, 180000000, "centre of the cell of about 500 m"),
    GG_INT(struct deal_view, distance_m, GG_OPTIONAL, 0, 50000000, "from the asked point to the cell"),
    GG_REF(struct deal_view, pickup, GG_OPTIONAL, &deal_pickup_msg, "exact place, for participants"),
    GG_TIME(struct deal_view, pickup_from, GG_REQUIRED, "pick-up window"),
    GG_TIME(struct deal_view, pickup_until, GG_REQUIRED, "pick-up window"),
    GG_LIST(struct deal_view, windows, GG_OPTIONAL, 0, DEAL_WINDOWS_MAX, &deal_window_msg, "pick-up windows"),
    GG_REF(struct deal_view, wait, GG_OPTIONAL, &deal_wait_msg, "the caller's place on the waiting list"),
    GG_REF(struct deal_view, share, GG_OPTIONAL, &deal_share_msg, "the caller's own"),
    GG_BOOL(struct deal_view, mine, GG_OPTIONAL, "the caller is the host"),
    GG_REF(struct deal_view, market, GG_OPTIONAL, &deal_market_view_msg, "what is counted of it"),
};
const struct gg_msg deal_view_msg = GG_MSG("Deal", struct deal_view, view_fields, "A deal as the caller may see it.");

static const struct gg_field mine_query_fields[] = {GG_PAGE_FIELDS(struct deal_mine_query)};
const struct gg_msg deal_mine_query_msg =
    GG_MSG("DealPageQuery", struct deal_mine_query, mine_query_fields, "Which page.");
static const struct gg_field list_fields[] = {
    GG_LIST(struct deal_list, items, GG_REQUIRED, 0, 100, &deal_view_msg, "this page"),
    GG_TEXT(struct deal_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg deal_list_msg = GG_MSG("DealList", struct deal_list, list_fields, "A page of deals.");

static const struct gg_field join_fields[] = {
    GG_INT(struct deal_join, quantity, GG_REQUIRED, 1, DEAL_PORTIONS_MAX, "portions for sure"),
    GG_INT(struct deal_join, tolerance, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "more if they fill the lot, default 0"),
    GG_INT(struct deal_join, terms, GG_OPTIONAL, 1, GG_WIRE_MAX, "version of the terms seen; default whatever it is"),
};
const struct gg_msg deal_join_msg = GG_MSG("DealJoin", struct deal_join, join_fields, "Joins a deal.");

static const struct gg_field share_list_fields[] = {
    GG_LIST(struct deal_share_list, items, GG_REQUIRED, 0, DEAL_PORTIONS_MAX, &deal_share_msg, "this page"),
    GG_TEXT(struct deal_share_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg deal_share_list_msg =
    GG_MSG("DealShareList", struct deal_share_list, share_list_fields, "Shares of a deal.");

static const struct gg_field purchase_fields[] = {
    GG_WON(struct deal_purchase, total_won, GG_REQUIRED, 1, DEAL_TOTAL_MAX, "total of the receipt, goods only"),
    GG_WON(struct deal_purchase, delivery_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX,
           "delivery as it came; default as planned"),
    GG_TEXT_OF(struct deal_purchase, receipt, GG_REQUIRED, 5, 80, photo_set, "name of the uploaded photo"),
};
const struct gg_msg deal_purchase_msg =
    GG_MSG("DealPurchase", struct deal_purchase, purchase_fields, "The goods are bought.");

static const struct gg_field photo_fields[] = {
    GG_TEXT(struct deal_photo, name, GG_REQUIRED, 5, 80, "to use in a deal"),
    GG_TEXT(struct deal_photo, url, GG_REQUIRED, 1, 120, "where it is served"),
};
const struct gg_msg deal_photo_msg = GG_MSG("DealPhoto", struct deal_photo, photo_fields, "A stored photo.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(DEAL_FULL, "deal_full", 409, false, "Fewer portions are left than you asked for.", "남은 수량이 부족해요.");
PROBLEM(DEAL_CLOSED, "deal_closed", 409, false, "The deal takes no more changes.", "모집이 끝난 공구예요.");
PROBLEM(DEAL_ALREADY_JOINED, "already_joined", 409, false, "You are in this deal.", "이미 참여한 공구예요.");
PROBLEM(DEAL_OWN, "own_deal", 409, false, "This is your own deal.", "내가 연 공구예요.");
PROBLEM(DEAL_NOT_HOST, "not_host", 403, false, "Only the host may do this.", "방장만 할 수 있어요.");
PROBLEM(DEAL_NOT_JOINED, "not_joined", 404, false, "You are not in this deal.", "참여하지 않은 공구예요.");
PROBLEM(DEAL_WRONG_STATE, "wrong_state", 409, false, "The deal is not at this step.", "지금 단계에서는 할 수 없어요.");
PROBLEM(DEAL_MINIMUM_NOT_MET, "minimum_not_met", 409, false, "Too few portions are sold to close early.",
        "최소 수량이 아직 모이지 않았어요.");
PROBLEM(DEAL_QUANTITY_OVER_LIMIT, "quantity_over_limit", 422, false, "That is more than the lot has.",
        "전체 수량보다 많아요.");
PROBLEM(DEAL_RECEIPT_TOO_HIGH, "receipt_too_high", 422, false, "The receipt is higher than what neighbours accepted.",
        "영수증 금액이 이웃들이 동의한 금액보다 커요.");
PROBLEM(DEAL_COLLECTING, "collecting", 409, true, "The money of some shares is still being collected.",
        "아직 돈을 모으고 있어요. 잠시 뒤에 다시 시도해 주세요.");
PROBLEM(DEAL_BAD_CODE, "bad_handover_code", 422, false, "No waiting share has this code.", "맞는 수령 코드가 없어요.");
PROBLEM(DEAL_CODE_TRIES, "handover_tries", 429, true, "Too many wrong codes.", "잘못된 코드를 너무 많이 입력했어요.");
PROBLEM(DEAL_UNKNOWN_PHOTO, "unknown_photo", 422, false, "This photo was not uploaded by you.",
        "업로드한 사진이 아니에요.");
PROBLEM(DEAL_BAD_PHOTO, "bad_photo", 415, false, "Only JPEG, PNG, WebP and HEIC pictures.",
        "JPEG, PNG, WebP, HEIC 사진만 올릴 수 있어요.");
PROBLEM(DEAL_TERMS_CHANGED, "terms_changed", 409, false, "The host changed the terms; look at them again.",
        "공구 조건이 바뀌었어요. 다시 확인해 주세요.");
PROBLEM(DEAL_BLOCKED, "blocked", 403, false, "One of you has blocked the other.", "차단한 이웃과는 함께할 수 없어요.");
PROBLEM(DEAL_ACCOUNT_CLOSING, "account_closing", 409, false, "Your account is being closed.", "탈퇴를 진행 중이에요.");
PROBLEM(DEAL_BOX_FILL, "box_fill", 409, false, "Just before closing no whole box may be broken.",
        "마감 직전에는 다 찬 상자를 깨는 변경을 할 수 없어요.");
PROBLEM(DEAL_CHANGING, "share_changing", 409, true, "An earlier change waits for its money.",
        "앞선 변경을 처리하고 있어요. 잠시 뒤에 다시 시도해 주세요.");
PROBLEM(DEAL_SEATS_FREE, "seats_free", 409, false, "There is room: join without waiting.",
        "남은 수량이 있어요. 바로 참여해 주세요.");
PROBLEM(DEAL_ALREADY_WAITING, "already_waiting", 409, false, "You are on the waiting list.", "이미 대기 중이에요.");
PROBLEM(DEAL_NOT_WAITING, "not_waiting", 404, false, "You are not on the waiting list.", "대기 중이 아니에요.");
PROBLEM(DEAL_WAITLIST_FULL, "waitlist_full", 409, false, "Too many wait already.", "대기하는 이웃이 너무 많아요.");
PROBLEM(DEAL_DISPUTE_OPEN, "dispute_open", 409, false, "This share is in dispute.", "분쟁 중인 몫이에요.");
PROBLEM(DEAL_NO_DISPUTE, "no_dispute", 404, false, "There is no open dispute.", "진행 중인 분쟁이 없어요.");
PROBLEM(DEAL_DRAFTS_FULL, "drafts_full", 409, false, "Fifty drafts are the most.", "임시 저장은 50개까지예요.");
PROBLEM(DEAL_TERMS_FIXED, "terms_fixed", 409, false, "Terms cannot change after closing.",
        "마감 뒤에는 조건을 바꿀 수 없어요.");
const struct gg_problem *const deal_problems[] = {
    &DEAL_FULL,
    &DEAL_CLOSED,
    &DEAL_ALREADY_JOINED,
    &DEAL_OWN,
    &DEAL_NOT_HOST,
    &DEAL_NOT_JOINED,
    &DEAL_WRONG_STATE,
    &DEAL_MINIMUM_NOT_MET,
    &DEAL_QUANTITY_OVER_LIMIT,
    &DEAL_RECEIPT_TOO_HIGH,
    &DEAL_COLLECTING,
    &DEAL_BAD_CODE,
    &DEAL_CODE_TRIES,
    &DEAL_UNKNOWN_PHOTO,
    &DEAL_BAD_PHOTO,
    &DEAL_PHOTO_STORAGE_FULL,
    &DEAL_NOT_REVIEWABLE,
    &DEAL_REVIEWED,
    &DEAL_APPEALED,
    &DEAL_WISHES_FULL,
    &DEAL_LINK_UNREADABLE,
    &DEAL_SERIES_EXISTS,
    &DEAL_ORDERS_FULL,
    &DEAL_TERMS_CHANGED,
    &DEAL_BLOCKED,
    &DEAL_ACCOUNT_CLOSING,
    &DEAL_BOX_FILL,
    &DEAL_CHANGING,
    &DEAL_SEATS_FREE,
    &DEAL_ALREADY_WAITING,
    &DEAL_NOT_WAITING,
    &DEAL_WAITLIST_FULL,
    &DEAL_DISPUTE_OPEN,
    &DEAL_NO_DISPUTE,
    &DEAL_DRAFTS_FULL,
    &DEAL_TERMS_FIXED,
    NULL,
};
