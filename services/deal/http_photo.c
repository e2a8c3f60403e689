/* services/deal/http_photo.c
 * Pictures are named by the hash of their bytes: the same picture is stored once, and a name never changes its
 * meaning, so browsers may keep it for ever. Smaller ones are made after the reply; until they are there the picture
 * itself is served in their place. */
#include "http_photo.h"

#include "libcommon/clock.h"
#include "libcommon/picture.h"
#include "proto/deal.h"
#include "proto/deal_market.h"
#include "store_photo.h"

#define FOR_EVER    "public, max-age=31536000, immutable"
#define FOR_A_WHILE "public, max-age=5"

struct deal_config deal_config;

/* --- upload: cleaned on a core of its own, then stored and noted --- */

static enum gg_status note(struct gg_call *call)
{
    const struct gg_picture *picture = gg_call_kept(call);
    struct deal_photo *out = call->out;
    bool fresh;

    GG_TRY(deal_photo_put(call->db, picture->name, call->user.id, (int64_t)picture->bytes.n, gg_now(), &fresh));
    if (fresh)
        GG_TRY(gg_due_set(call->db, DEAL_DUE_PICTURE, deal_picture_id(picture->name), gg_now()));
    *out = (struct deal_photo){picture->name, gg_sprintf(call->arena, "/v1/deal/photos/%s", picture->name)};
    return GG_OK;
}

static enum gg_status store(struct gg_call *call)
{
    const struct gg_picture *picture = gg_call_kept(call);
    int64_t used, most = deal_config.storage.user_mb * 1024 * 1024;

    GG_TRY(deal_photo_used(call->db, call->arena, call->user.id, picture->name, &used));
    if (used + (int64_t)picture->bytes.n > most) {
        gg_fail(call, &DEAL_PHOTO_STORAGE_FULL, "%" PRId64 " of %" PRId64 " bytes are in use", used, most);
        gg_fail_param(call, "used_bytes", used);
        gg_fail_param(call, "most_bytes", most);
        return GG_OK;
    }
    GG_TRY(gg_storage_put(call->arena, picture->name, gg_picture_media_type(picture->type), picture->bytes));
    return gg_call_tx(call, note);
}

enum gg_status deal_photo_upload(struct gg_call *call)
{
    struct gg_picture *picture = GG_NEW(call->arena, struct gg_picture);

    if (!gg_picture_take(call->arena, call->body, picture))
        return gg_fail(call, &DEAL_BAD_PHOTO, "JPEG, PNG, WebP or HEIC of at most 50 million pixels");
    gg_call_keep(call, picture);
    return gg_continue(call, gg_storage_pool(), store);
}

/* --- serving --- */

static enum gg_status serve(struct gg_call *call)
{
    const struct deal_photo_query *query = call->query;
    const char *name = call->params[0], *lives = FOR_EVER, *type;
    char smaller[GG_PICTURE_NAME_MAX];
    enum gg_status status = GG_NOT_FOUND;
    struct gg_str bytes;

    type = gg_picture_media_type(gg_picture_type_of_name(name));
    if (query->size >= 0) {
        gg_picture_size_name(name, (enum gg_picture_size)query->size, smaller);
        status = gg_storage_get(call->arena, smaller, GG_PICTURE_BYTES_MAX, &bytes);
        if (status == GG_OK)
            type = gg_picture_media_type(GG_PICTURE_WEBP);
        else
            lives = FOR_A_WHILE;
    }
    if (status == GG_NOT_FOUND)
        status = gg_storage_get(call->arena, name, GG_PICTURE_BYTES_MAX * 2, &bytes);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such photo");
    GG_TRY(status);
    gg_header(call, "Cache-Control", lives);
    gg_reply_bytes(call, type, bytes);
    return GG_OK;
}

enum gg_status deal_photo_serve(struct gg_call *call)
{
    if (!gg_picture_name_valid(call->params[0]))
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such photo");
    return gg_storage_pool() == GG_POOL_DB ? serve(call) : gg_continue(call, gg_storage_pool(), serve);
}

/* --- smaller ones --- */

enum gg_status deal_photo_shrink(struct gg_due *due)
{
    enum deal_picture_sized sized = DEAL_PICTURE_SIZED;
    char smaller[GG_PICTURE_NAME_MAX];
    struct gg_str bytes, webp;
    enum gg_status status;
    const char *name;

    status = deal_picture_name(due->db, due->arena, due->subject, &name);
    if (status == GG_OK)
        status = gg_storage_get(due->arena, name, GG_PICTURE_BYTES_MAX * 2, &bytes);
    if (status == GG_NOT_FOUND) /* deleted meanwhile */
        return GG_OK;
    GG_TRY(status);
    for (int size = 0; size < GG_PICTURE_SIZES && sized == DEAL_PICTURE_SIZED; size++) {
        gg_picture_size_name(name, (enum gg_picture_size)size, smaller);
        if (gg_picture_shrink(due->arena, bytes, (enum gg_picture_size)size, &webp))
            GG_TRY(gg_storage_put(due->arena, smaller, "image/webp", webp));
        else
            sized = DEAL_PICTURE_ODD; /* its structure is that of a picture, its pixels are not: served as it is */
    }
    return deal_picture_set(due->db, due->subject, sized);
}
