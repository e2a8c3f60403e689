/* proto/deal_market.c
 * The tables behind proto/deal_market.h. */
#include "proto/deal_market.h"

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
