/* services/chat/people.c
 * Rooms of two, blocks, leaving for good. */
#include "people.h"

#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "news.h"
#include "proto/auth_trust.h"
#include "room.h"
#include "store_people.h"

/* --- rooms of two --- */

static enum gg_status is_in(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user, bool *yes)
{
    struct chat_member_row member;
    enum gg_status status = chat_member_get(db, arena, room, user, &member);

    *yes = status == GG_OK && member.left_seq == GG_NONE;
    return status == GG_NOT_FOUND ? GG_OK : status;
}

/* Both are in the deal, or the other hosts it and it can still be joined. */
static enum gg_status may_meet(struct gg_db *db, struct gg_arena *arena, struct gg_id me, struct gg_id other,
                               struct gg_id deal, bool *yes)
{
    struct chat_room_row room;
    bool i_am_in, other_is_in;
    enum gg_status status = chat_room_get(db, arena, deal, &room);

    *yes = false;
    if (status == GG_NOT_FOUND || (status == GG_OK && (room.kind != CHAT_ROOM_DEAL || !room.open)))
        return GG_OK;
    GG_TRY(status);
    GG_TRY(is_in(db, arena, deal, me, &i_am_in));
    GG_TRY(is_in(db, arena, deal, other, &other_is_in));
    *yes = (i_am_in && other_is_in) || gg_id_equal(room.host, other);
    return GG_OK;
}

enum gg_status chat_direct_make(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b,
                                struct chat_room_row *room)
{
    struct gg_id id = chat_direct_id(a, b);
    enum gg_status status = chat_room_lock(db, arena, id, room);

    if (status != GG_NOT_FOUND)
        return status;
    *room = (struct chat_room_row){.id = id, .kind = CHAT_ROOM_DIRECT, .title = ""};
    status = chat_room_insert(db, room, gg_now());
    if (status != GG_DUPLICATE) /* the other one had the same thought */
        GG_TRY(status);
    GG_TRY(chat_room_lock(db, arena, id, room));
    GG_TRY(chat_let_in(db, arena, room, a));
    return chat_let_in(db, arena, room, b);
}

enum gg_status chat_direct_open(struct gg_db *db, struct gg_arena *arena, struct gg_id me, struct gg_id other,
                                struct gg_id deal, const struct gg_problem **problem, struct gg_id *id)
{
    struct chat_room_row room = {.id = chat_direct_id(me, other), .kind = CHAT_ROOM_DIRECT, .title = ""};
    enum gg_status status = chat_room_get(db, arena, room.id, &room);
    bool yes;

    *problem = NULL;
    *id = chat_direct_id(me, other);
    if (status == GG_OK)
        return GG_OK;
    if (status != GG_NOT_FOUND)
        return status;
    *problem = &CHAT_NO_COMMON_DEAL;
    if (gg_id_equal(me, other))
        return GG_OK;
    GG_TRY(may_meet(db, arena, me, other, deal, &yes));
    if (!yes)
        return GG_OK;
    *problem = &CHAT_BLOCKED;
    GG_TRY(chat_blocked_between(db, arena, me, other, &yes));
    if (yes)
        return GG_OK;
    *problem = NULL;
    return chat_direct_make(db, arena, me, other, &room);
}

/* --- blocks --- */

enum gg_status chat_block(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id blocked, bool on)
{
    const struct chat_news news = {
        .kind = CHAT_NEWS_BLOCK, .subject = user, .person = blocked, .type = on, .json = {"", 0}};
    struct chat_room_row room;
    enum gg_status status;

    GG_TRY(on ? chat_block_put(db, user, blocked) : chat_block_drop(db, user, blocked));
    chat_news_after_commit(db, &news);
    status = chat_room_lock(db, arena, chat_direct_id(user, blocked), &room);
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(chat_blocked_between(db, arena, user, blocked, &room.blocked));
    return chat_room_update(db, &room, gg_now());
}

/* --- leaving for good --- */

enum gg_status chat_purge(struct gg_db *db, struct gg_arena *arena GG_UNUSED, struct gg_id user, struct gg_id closing)
{
    struct auth_purge_receipt receipt = {.user = user, .closing = closing};

    GG_TRY(chat_person_purge(db, user, &receipt.rows));
    GG_TRY(gg_due_set(db, "chat.pictures", user, gg_now())); /* the bytes are elsewhere and take longer */
    return gg_emit(db, &CHAT_USER_PURGED, user, 1, &receipt);
}
