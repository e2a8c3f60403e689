/* services/chat/act.c
 * What people do to messages that stand: each is an entry of its own, so that it recovers like a message. */
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "room.h"
#include "scam.h"
#include "write.h"

#include <string.h>

struct doing {
    struct gg_db *db;
    struct gg_arena *arena;
    struct chat_room_row room;
    struct gg_id user;
    const struct chat_act *act;
    struct chat_entry_row entry; /* what will be appended */
    const struct gg_problem *problem;
    bool nothing; /* it was so already */
};

bool chat_emoji_valid(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x80)
            return false;
    return *text != '\0';
}

/* The message that is meant; the problem is set when there is none. */
static enum gg_status target(struct doing *d, int64_t seq, bool own, struct chat_entry_row *message)
{
    enum gg_status status = chat_entry_get(d->db, d->arena, d->room.id, seq, message);

    if (status == GG_NOT_FOUND || (status == GG_OK && (message->type != CHAT_ENTRY_MESSAGE || message->deleted)))
        d->problem = &CHAT_NO_MESSAGE;
    else if (status == GG_OK && own && !gg_id_equal(message->sender, d->user))
        d->problem = &CHAT_NOT_YOURS;
    else
        GG_TRY(status);
    d->entry.target = seq;
    return GG_OK;
}

/* What stands beside the edited text: as before, with the warning of the new words. */
static void rewarn(struct doing *d, const struct chat_entry_row *message, const char **of_message, const char **of_edit)
{
    const struct chat_suspicion suspicion = chat_suspect(d->act->edit->text);
    struct chat_entry view, edit;

    chat_entry_view(d->arena, message, &view);
    gg_msg_init(&chat_entry_msg, &edit);
    view.warning = NULL;
    if (suspicion.account || suspicion.messenger) {
        view.warning = GG_NEW(d->arena, struct chat_warning);
        *view.warning = (struct chat_warning){suspicion.account, suspicion.messenger};
        edit.warning = view.warning;
    }
    *of_message = chat_extra_encode(d->arena, &view);
    *of_edit = chat_extra_encode(d->arena, &edit);
}

static enum gg_status edit(struct doing *d)
{
    struct chat_entry_row message;
    const char *extra;

    GG_TRY(target(d, d->act->edit->seq, true, &message));
    if (d->problem)
        return GG_OK;
    d->nothing = message.body && strcmp(message.body, d->act->edit->text) == 0;
    if (d->nothing)
        return GG_OK;
    rewarn(d, &message, &extra, &d->entry.extra);
    d->entry.type = CHAT_ENTRY_EDIT;
    d->entry.body = d->act->edit->text;
    return chat_reword(d->db, d->room.id, &message, d->room.last_seq + 1, d->entry.body, extra, gg_now());
}

static enum gg_status delete (struct doing *d) {
    struct chat_entry_row message; struct chat_entry view; const struct chat_image * images;

    GG_TRY(target(d, d->act->delete->seq, true, &message));
    if (d->problem) return GG_OK;
    d->entry.type = CHAT_ENTRY_DELETE;
    if (d->room.notice_seq == message.seq) d->room.notice_seq = GG_NONE;
    GG_TRY(chat_unsay(d->db, d->room.id, &message, d->room.last_seq + 1, gg_now()));
    chat_entry_view(d->arena, &message, &view);
    images = view.images.items;
    for (size_t i = 0; i < view.images.n; i++)
        GG_TRY(chat_image_hide(d->db, d->room.id, message.sender, images[i].name, gg_now()));
    return GG_OK;
}

static enum gg_status react(struct doing *d)
{
    const struct chat_react *react = d->act->react;
    struct chat_entry_row message;
    struct chat_entry view;
    enum gg_status status;

    if (!chat_emoji_valid(react->emoji)) {
        d->problem = &CHAT_NOT_SENDABLE;
        return GG_OK;
    }
    GG_TRY(target(d, react->seq, false, &message));
    if (d->problem)
        return GG_OK;
    status = react->off ? chat_reaction_drop(d->db, d->room.id, react->seq, d->user, react->emoji)
                        : chat_reaction_put(d->db, d->room.id, react->seq, d->user, react->emoji);
    d->nothing = status == GG_NOT_FOUND || status == GG_DUPLICATE;
    if (d->nothing)
        return GG_OK;
    GG_TRY(status);
    gg_msg_init(&chat_extra_msg, &view);
    view.emoji = react->emoji;
    view.on = !react->off;
    d->entry.type = CHAT_ENTRY_REACTION;
    d->entry.extra = chat_extra_encode(d->arena, &view);
    return GG_OK;
}

static enum gg_status pin(struct doing *d)
{
    struct chat_entry_row message;
    int64_t seq = d->act->pin->seq;

    if (!gg_id_equal(d->room.host, d->user)) {
        d->problem = &CHAT_NOT_YOURS;
        return GG_OK;
    }
    if (seq != GG_NONE)
        GG_TRY(target(d, seq, false, &message));
    if (d->problem)
        return GG_OK;
    d->nothing = d->room.notice_seq == seq;
    d->room.notice_seq = seq;
    d->entry.type = CHAT_ENTRY_PIN;
    return GG_OK;
}

static enum gg_status run(struct doing *d)
{
    int members = !!d->act->edit + !!d->act->delete + !!d->act->react + !!d->act->pin;

    if (members != 1)
        d->problem = &CHAT_NOT_SENDABLE;
    else if (!d->room.open)
        d->problem = &CHAT_ROOM_CLOSED;
    else if (d->room.blocked && !d->act->delete)
        d->problem = &CHAT_BLOCKED;
    else if (d->act->edit)
        return edit(d);
    else if (d->act->delete)
        return delete (d);
    else if (d->act->react)
        return react(d);
    else
        return pin(d);
    return GG_OK;
}

enum gg_status chat_do(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                       const struct chat_act *act, const struct gg_problem **problem, int64_t *seq)
{
    struct doing d = {.db = db, .arena = arena, .user = user, .act = act};
    struct chat_member_row member;
    enum gg_status status = chat_room_lock(db, arena, room, &d.room);

    *problem = &CHAT_NOT_MEMBER;
    *seq = GG_NONE;
    if (status == GG_OK)
        status = chat_member_get(db, arena, room, user, &member);
    if (status == GG_NOT_FOUND || (status == GG_OK && member.left_seq != GG_NONE))
        return GG_OK;
    GG_TRY(status);
    *problem = NULL;
    status = chat_entry_by_cid(db, arena, room, user, act->cid, seq);
    if (status != GG_NOT_FOUND)
        return status;
    *seq = GG_NONE;
    d.entry = chat_entry_of(CHAT_ENTRY_EDIT, user);
    d.entry.cid = act->cid;
    GG_TRY(chat_person_get(db, arena, user, &d.entry.nickname));
    GG_TRY(run(&d));
    *problem = d.problem;
    if (d.problem || d.nothing)
        return GG_OK;
    GG_TRY(chat_append(db, arena, &d.room, &d.entry));
    *seq = d.entry.seq;
    return GG_OK;
}
