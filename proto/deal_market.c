/* proto/deal_market.c
 * The tables behind proto/deal_market.h. */
#include "proto/deal_market.h"

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

#include "libcommon/picture.h"

/* --- pictures --- */

static const struct gg_field photo_query_fields[] = {
    GG_ENUM(struct deal_photo_query, size, GG_OPTIONAL, gg_picture_size_names, "smaller, as WebP"),
};
const struct gg_msg deal_photo_query_msg =
    GG_MSG("DealPhotoQuery", struct deal_photo_query, photo_query_fields, "How large.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(DEAL_PHOTO_STORAGE_FULL, "photo_storage_full", 409, false, "Your pictures take all the room you have.",
        "사진을 보관할 수 있는 용량을 다 썼어요.");
