/* services/deal/http_photo.c
 * Pictures are named by the hash of their bytes: the same picture is stored once, and a name never changes its
 * meaning, so browsers may keep it for ever. Smaller ones are made after the reply; until they are there the picture
 * itself is served in their place. */
#include "http_photo.h"

#include "libcommon/clock.h"
#include "libcommon/picture.h"
#include "proto/deal.h"
#include "proto/deal_market.h"
#include "store_flow.h"
#include "store_photo.h"

#define FOR_EVER    "public, max-age=31536000, immutable"
#define FOR_A_WHILE "public, max-age=5"

struct deal_config deal_config;

/* --- upload: cleaned on a core of its own, then stored and noted --- */

#define STRAY_MS GG_HOUR

static enum gg_status measure(struct gg_call *call, struct deal_photo_kept *kept)
{
    GG_TRY(deal_photo_used(call->db, call->arena, call->user.id, kept->picture->name, &kept->used));
    kept->full = kept->used + (int64_t)kept->picture->bytes.n > deal_config.storage.user_mb * 1024 * 1024;
    return GG_OK;
}

static enum gg_status begin(struct gg_call *call)
{
    const struct deal_photo_kept *kept = gg_call_kept(call);
    struct gg_id id = deal_picture_id(kept->picture->name);

    GG_TRY(deal_stray_begin(call->db, kept->picture->name, gg_now()));
    return gg_due_set(call->db, DEAL_DUE_STRAY, id, gg_now() + STRAY_MS);
}

/* Measures again, one upload of the user after the other: several at a time must not share the last bit of room. */
static enum gg_status note(struct gg_call *call)
{
    struct deal_photo_kept *kept = gg_call_kept(call);
    const struct gg_picture *picture = kept->picture;
    struct gg_id id = deal_picture_id(picture->name);
    bool fresh;

    GG_TRY(deal_account_lock(call->db, call->user.id));
    GG_TRY(measure(call, kept));
    if (kept->full)
        return GG_OK;
    GG_TRY(deal_photo_put(call->db, picture->name, call->user.id, (int64_t)picture->bytes.n, gg_now(), &fresh));
    if (fresh)
        GG_TRY(gg_due_set(call->db, DEAL_DUE_PICTURE, id, gg_now()));
    GG_TRY(deal_stray_end(call->db, id));
    return gg_due_clear(call->db, DEAL_DUE_STRAY, id);
}

enum gg_status deal_photo_keep(struct gg_call *call, struct deal_photo_kept *kept)
{
    const struct gg_picture *picture = kept->picture;

    GG_TRY(measure(call, kept));
    if (kept->full)
        return GG_OK;
    gg_call_keep(call, kept);
    GG_TRY(gg_call_tx(call, begin));
    GG_TRY(gg_storage_put(call->arena, picture->name, gg_picture_media_type(picture->type), picture->bytes));
    return gg_call_tx(call, note);
}

static enum gg_status store(struct gg_call *call)
{
    struct deal_photo_kept *kept = gg_call_kept(call);
    const char *name = kept->picture->name;
    struct deal_photo *out = call->out;

    GG_TRY(deal_photo_keep(call, kept));
    if (kept->full) {
        int64_t most = deal_config.storage.user_mb * 1024 * 1024;
        gg_fail(call, &DEAL_PHOTO_STORAGE_FULL, "%" PRId64 " of %" PRId64 " bytes are in use", kept->used, most);
        gg_fail_param(call, "used_bytes", kept->used);
        gg_fail_param(call, "most_bytes", most);
        return GG_OK;
    }
    *out = (struct deal_photo){name, gg_sprintf(call->arena, "/v1/deal/photos/%s", name)};
    return GG_OK;
}

enum gg_status deal_photo_upload(struct gg_call *call)
{
    struct gg_picture *picture = GG_NEW(call->arena, struct gg_picture);
    struct deal_photo_kept *kept = GG_NEW(call->arena, struct deal_photo_kept);

    kept->picture = picture;
    if (!gg_picture_take(call->arena, call->body, picture))
        return gg_fail(call, &DEAL_BAD_PHOTO, "JPEG, PNG, WebP or HEIC of at most 50 million pixels");
    gg_call_keep(call, kept);
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

/* --- strays --- */

/* The row is locked until the file is gone: who stores the same picture meanwhile waits, and stores it again. */
static enum gg_status sweep_stray(struct gg_db *db, void *arg)
{
    const struct gg_due *due = arg;
    const char *name, *owned;
    enum gg_status status = deal_stray_lock(db, due->arena, due->subject, &name);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    status = deal_picture_name(db, due->arena, due->subject, &owned);
    if (status == GG_NOT_FOUND)
        status = gg_storage_delete(due->arena, name);
    GG_TRY(status);
    return deal_stray_end(db, due->subject);
}

enum gg_status deal_photo_sweep(struct gg_due *due)
{
    return gg_db_tx(due->db, sweep_stray, due);
}
