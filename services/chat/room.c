/* services/chat/room.c
 * The rooms' log. */
#include "room.h"

#include "hub.h"
#include "libcommon/bus.h"
#include "libcommon/clock.h"

#include <string.h>

int64_t chat_visible_until(const struct chat_member_row *member)
{
    if (!member)
        return 0;
    return member->left_seq == GG_NONE ? INT64_MAX : member->left_seq;
}

char *chat_preview(struct gg_arena *arena, const char *text, size_t characters)
{
    size_t n = 0;

    while (text[n] && characters > 0) {
        n++;
        while (((unsigned char)text[n] & 0xc0) == 0x80)
            n++;
        characters--;
    }
    return gg_strndup(arena, text, n);
}

void chat_entry_view(struct gg_arena *arena, const struct chat_entry_row *row, struct chat_entry *entry)
{
    *entry = (struct chat_entry){
        .seq = row->seq,
        .type = row->type,
        .cid = row->cid,
        .text = row->body,
        .card = row->card,
        .amount_won = row->amount_won,
        .at = row->at,
    };
    if (!gg_id_is_zero(row->sender)) {
        entry->from = GG_NEW(arena, struct chat_person);
        *entry->from = (struct chat_person){row->sender, row->nickname};
    }
}

static const char *const member_states[] = {"out", "in", NULL};
static const char *const member_events[] = {"joins", "leaves", NULL};
static const struct gg_transition member_rows[] = {
    {CHAT_MEMBER_OUT, CHAT_MEMBER_JOINS, CHAT_MEMBER_IN, "the money of the share is held, or the room was opened"},
    {CHAT_MEMBER_IN, CHAT_MEMBER_LEAVES, CHAT_MEMBER_OUT, "the share was released; nothing after this seq is seen"},
};
const struct gg_fsm chat_member_fsm = {"room member", member_states, member_events, member_rows, GG_LEN(member_rows)};

enum gg_status chat_append(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct chat_room_row *room,
                           struct chat_entry_row *entry)
{
    bool message = entry->type == CHAT_ENTRY_MESSAGE;

    room->last_seq++;
    room->messages += message;
    entry->seq = room->last_seq;
    entry->messages = room->messages;
    entry->at = gg_now();
    GG_TRY(chat_entry_insert(db, room->id, entry));
    if (message) {
        room->announced++;
        GG_TRY(gg_emit(
            db, &CHAT_MESSAGE_SENT, room->id, room->announced,
            &(struct chat_message_sent){room->id, entry->sender, entry->seq, chat_preview(arena, entry->body, 80)}));
    }
    GG_TRY(chat_room_update(db, room, entry->at));
    chat_hub_wake_after_commit(db, arena, redis, room->id, entry->seq,
                               entry->type == CHAT_ENTRY_JOINED ? entry->sender : GG_ID_ZERO);
    return GG_OK;
}

enum gg_status chat_send_message(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id room_id,
                                 struct gg_id sender, struct gg_id cid, const char *text, enum chat_send_result *result,
                                 int64_t *seq)
{
    struct chat_room_row room;
    struct chat_member_row member;
    struct chat_entry_row entry = {
        .type = CHAT_ENTRY_MESSAGE, .sender = sender, .cid = cid, .body = text, .card = -1, .amount_won = GG_NONE};
    enum gg_status status = chat_room_lock(db, arena, room_id, &room);

    *result = CHAT_NO_ROOM;
    if (status == GG_OK)
        status = chat_member_get(db, arena, room_id, sender, &member);
    if (status == GG_NOT_FOUND || (status == GG_OK && member.left_seq != GG_NONE))
        return GG_OK;
    GG_TRY(status);

    *result = CHAT_STORED;
    status = chat_entry_by_cid(db, arena, room_id, sender, cid, seq);
    if (status != GG_NOT_FOUND)
        return status;
    if (!room.open) {
        *result = CHAT_CLOSED;
        return GG_OK;
    }
    GG_TRY(chat_append(db, arena, redis, &room, &entry));
    *seq = entry.seq;
    /* Who writes has read what stands above. */
    return chat_member_read(db, room_id, sender, entry.seq);
}
