/* services/auth/http_profile.c
 * What neighbours see of an account: nickname, picture, introduction. */
#include "libcommon/picture.h"
#include "order.h"
#include "profile.h"
#include "store_account.h"

#include <string.h>

char *auth_picture_path(struct gg_arena *arena, struct gg_id user, const char *hash)
{
    char id[GG_ID_TEXT];

    gg_id_format(user, id);
    return hash ? gg_sprintf(arena, "/v1/auth/users/%s/picture/%s", id, hash) : NULL;
}

/* (tx) Tells the others what the locked account looks like now. */
static enum gg_status tell(struct gg_call *call, struct auth_account *account)
{
    account->version++;
    GG_TRY(auth_account_touch(call->db, account));
    return gg_emit(call->db, &AUTH_USER_CHANGED, account->id, account->version,
                   &(struct auth_user_event){account->id, account->nickname,
                                             auth_picture_path(call->arena, account->id, account->picture)});
}

static enum gg_status me_patch(struct gg_call *call)
{
    const struct auth_profile_change *in = call->in;
    struct auth_account account;
    enum gg_status status;
    const char *reason;

    if (in->nickname && !auth_nickname_valid(in->nickname, &reason))
        return gg_fail_field(call, "/nickname", "format", "%s", reason);
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    if (in->nickname || in->introduction) {
        status = auth_account_set_profile(call->db, account.id, in->nickname, in->introduction);
        if (status == GG_DUPLICATE)
            return gg_fail(call, &AUTH_NICKNAME_TAKEN, "choose another nickname");
        GG_TRY(status);
    }
    if (in->nickname && strcmp(in->nickname, account.nickname) != 0) {
        account.nickname = in->nickname;
        GG_TRY(tell(call, &account));
        GG_TRY(auth_note(call, account.id, AUTH_SECURITY_PROFILE, "nickname"));
    }
    GG_TRY(auth_account_by_id(call->db, call->arena, call->user.id, &account));
    auth_view(call->arena, &account, call->out);
    return GG_OK;
}

/* --- the picture: shrunk (cpu), kept (db) --- */

struct picture {
    struct gg_str webp;
    const char *hash;
};

static enum gg_status picture_write(struct gg_call *call)
{
    const struct picture *picture = gg_call_kept(call);
    struct auth_account account;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    account.picture = picture ? picture->hash : NULL;
    GG_TRY(auth_picture_put(call->db, account.id, account.picture, picture ? picture->webp : GG_STR("")));
    return tell(call, &account);
}

static enum gg_status picture_store(struct gg_call *call)
{
    GG_TRY(gg_call_tx(call, picture_write));
    return GG_OK;
}

static enum gg_status picture_put(struct gg_call *call)
{
    struct picture *picture = GG_NEW(call->arena, struct picture);
    uint8_t hash[GG_SHA256];
    int64_t width, height;

    if (gg_picture_inspect(call->body, &width, &height) == GG_PICTURE_NONE ||
        !gg_picture_shrink(call->arena, call->body, GG_PICTURE_SMALL, &picture->webp))
        return gg_fail(call, &AUTH_NOT_A_PICTURE, "JPEG, PNG, WebP and HEIC of at most 50 megapixels are taken");
    gg_sha256(picture->webp, hash);
    picture->hash = gg_hex(call->arena, hash, 20);
    gg_call_keep(call, picture);
    return gg_continue(call, GG_POOL_DB, picture_store);
}

static enum gg_status picture_get(struct gg_call *call)
{
    struct gg_str bytes;
    struct gg_id user;
    enum gg_status status;

    if (!gg_param_id(call, 0, &user))
        return GG_OK;
    status = strlen(call->params[1]) == 40 ? auth_picture_read(call->db, call->arena, user, call->params[1], &bytes)
                                           : GG_NOT_FOUND;
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such picture");
    GG_TRY(status);
    gg_header(call, "Cache-Control", "public, max-age=31536000, immutable");
    gg_reply_bytes(call, "image/webp", bytes);
    return GG_OK;
}

static enum gg_status neighbour_get(struct gg_call *call)
{
    struct auth_neighbour *out = call->out;
    struct auth_account account;
    struct gg_id user;
    enum gg_status status;

    if (!gg_param_id(call, 0, &user))
        return GG_OK;
    status = auth_account_by_id(call->db, call->arena, user, &account);
    if (status == GG_NOT_FOUND || (status == GG_OK && (!account.nickname || account.closed_at != GG_NONE)))
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such neighbour");
    GG_TRY(status);
    *out = (struct auth_neighbour){
        .id = account.id,
        .nickname = account.nickname,
        .introduction = account.introduction,
        .picture = auth_picture_path(call->arena, account.id, account.picture),
        .created_at = account.created_at,
    };
    return GG_OK;
}

static const struct gg_problem *const profile_problems[] = {&AUTH_NICKNAME_TAKEN, NULL};
static const struct gg_problem *const picture_problems[] = {&AUTH_NOT_A_PICTURE, NULL};

const struct gg_route auth_profile_routes[] = {
    {.method = GG_PATCH,
     .path = "/v1/auth/me",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_profile_change_msg,
     .out = &auth_user_msg,
     .status = 200,
     .rate = 60,
     .handle = me_patch,
     .summary = "Change nickname or introduction",
     .problems = profile_problems},
    {.method = GG_PUT,
     .path = "/v1/auth/me/picture",
     .auth = GG_USER,
     .flags = GG_RAW,
     .pool = GG_POOL_CPU,
     .max_body = GG_PICTURE_BYTES_MAX,
     .status = 204,
     .rate = 60,
     .handle = picture_put,
     .summary = "Set one's picture",
     .problems = picture_problems},
    {.method = GG_DELETE,
     .path = "/v1/auth/me/picture",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = picture_write,
     .summary = "Take one's picture away"},
    {.method = GG_GET,
     .path = "/v1/auth/users/:id",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_neighbour_msg,
     .status = 200,
     .handle = neighbour_get,
     .summary = "What neighbours see of an account"},
    {.method = GG_GET,
     .path = "/v1/auth/users/:id/picture/:hash",
     .pool = GG_POOL_DB,
     .status = 200,
     .handle = picture_get,
     .summary = "The picture of a neighbour"},
};
const size_t auth_profile_routes_n = GG_LEN(auth_profile_routes);
