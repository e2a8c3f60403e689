/* services/chat/http_image.c
 * Pictures of a room: cleaned on a core of its own, kept, and shown to its members only. */
#include "chat.h"
#include "http_room.h"
#include "libcommon/clock.h"
#include "libcommon/picture.h"
#include "proto/chat.h"
#include "room.h"

#define FOR_EVER "private, max-age=31536000, immutable"

struct chat_config chat_config;

static enum gg_status store(struct gg_call *call)
{
    const struct gg_picture *picture = gg_call_kept(call);
    struct chat_image *out = call->out;
    struct chat_member_row member;
    struct gg_id room;
    int64_t used, most = chat_config.storage.user_mb * 1024 * 1024;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    status = chat_member_get(call->db, call->arena, room, call->user.id, &member);
    if (status == GG_NOT_FOUND || (status == GG_OK && member.left_seq != GG_NONE))
        return gg_fail(call, &CHAT_NOT_MEMBER, "you are not in this room");
    GG_TRY(status);
    GG_TRY(chat_image_used(call->db, call->arena, call->user.id, &used));
    if (used + (int64_t)picture->bytes.n > most)
        return gg_fail(call, &CHAT_IMAGES_FULL, "%" PRId64 " of %" PRId64 " bytes are in use", used, most);
    out->name = picture->name;
    if (gg_picture_inspect(picture->bytes, &out->width, &out->height) == GG_PICTURE_NONE)
        return gg_fail(call, &CHAT_BAD_IMAGE, "JPEG, PNG, WebP or HEIC of at most 50 million pixels");
    GG_TRY(gg_storage_put(call->arena, picture->name, gg_picture_media_type(picture->type), picture->bytes));
    return chat_image_put(call->db, room, call->user.id, out, (int64_t)picture->bytes.n, gg_now());
}

enum gg_status chat_http_upload(struct gg_call *call)
{
    struct gg_picture *picture = GG_NEW(call->arena, struct gg_picture);

    if (!gg_picture_take(call->arena, call->body, picture))
        return gg_fail(call, &CHAT_BAD_IMAGE, "JPEG, PNG, WebP or HEIC of at most 50 million pixels");
    gg_call_keep(call, picture);
    return gg_continue(call, gg_storage_pool(), store);
}

static enum gg_status serve(struct gg_call *call)
{
    const char *name = call->params[1];
    struct gg_str bytes;
    enum gg_status status = gg_storage_get(call->arena, name, GG_PICTURE_BYTES_MAX * 2, &bytes);

    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such picture");
    GG_TRY(status);
    gg_header(call, "Cache-Control", FOR_EVER);
    gg_reply_bytes(call, gg_picture_media_type(gg_picture_type_of_name(name)), bytes);
    return GG_OK;
}

enum gg_status chat_http_image(struct gg_call *call)
{
    struct chat_member_row member;
    struct gg_id room;
    enum gg_status status;

    if (!gg_param_id(call, 0, &room))
        return GG_OK;
    if (!gg_picture_name_valid(call->params[1]))
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such picture");
    status = chat_member_get(call->db, call->arena, room, call->user.id, &member);
    if (status == GG_OK)
        status = chat_image_in_room(call->db, call->arena, room, call->params[1]);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such picture");
    GG_TRY(status);
    return gg_storage_pool() == GG_POOL_DB ? serve(call) : gg_continue(call, gg_storage_pool(), serve);
}
