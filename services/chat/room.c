/* services/chat/room.c
 * The rooms' log. */
#include "room.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/json.h"
#include "libcommon/log.h"
#include "news.h"

#include <string.h>

#define NOTICE_AFTER  (3 * GG_SECOND)  /* who looks at the room has read it by then */
#define NOTICE_REST   (10 * GG_SECOND) /* who was told a moment ago knows; who is called by name hears it at once */
#define NOTICE_SPREAD GG_SECOND        /* rooms in which people begin to talk at the same time take turns */

/* --- rules --- */

int64_t chat_visible_until(const struct chat_member_row *member)
{
    if (!member)
        return 0;
    return member->left_seq == GG_NONE ? INT64_MAX : member->left_seq;
}

char *chat_preview(struct gg_arena *arena, const char *text, size_t characters)
{
    size_t n = 0;

    if (!text)
        return NULL;
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
    struct gg_field_errors errors = {.arena = arena};

    gg_msg_init(&chat_entry_msg, entry);
    if (row->extra && gg_json_decode(arena, &chat_extra_msg, (struct gg_str){row->extra, strlen(row->extra)}, entry,
                                     &errors) != GG_DECODED) {
        gg_error("entry_extra", "entry %" PRId64 ": what is stored beside the text cannot be read", row->seq);
        gg_msg_init(&chat_entry_msg, entry);
    }
    entry->seq = row->seq;
    entry->type = row->type;
    entry->cid = row->cid;
    entry->text = row->body;
    entry->card = row->card;
    entry->amount_won = row->amount_won;
    entry->at = row->at;
    entry->target = row->target;
    entry->revised = row->revised;
    entry->deleted = row->deleted;
    if (!gg_id_is_zero(row->sender)) {
        entry->from = GG_NEW(arena, struct chat_person);
        *entry->from = (struct chat_person){row->sender, row->nickname};
    }
}

char *chat_extra_encode(struct gg_arena *arena, const struct chat_entry *view)
{
    struct gg_buf text;
    char *extra = NULL;

    gg_buf_init(&text, GG_JSON_MAX);
    gg_json_encode(&text, &chat_extra_msg, view);
    if (text.n > 2) /* more than {} */
        extra = gg_strndup(arena, text.p, text.n);
    gg_buf_free(&text);
    return extra;
}

bool chat_hides(int type)
{
    return type == CHAT_ENTRY_MESSAGE || type == CHAT_ENTRY_EDIT || type == CHAT_ENTRY_REACTION;
}

struct chat_entry chat_entry_hidden(int64_t seq, int64_t at)
{
    struct chat_entry entry;

    gg_msg_init(&chat_entry_msg, &entry);
    entry.seq = seq;
    entry.type = CHAT_ENTRY_HIDDEN;
    entry.at = at;
    return entry;
}

struct gg_id chat_direct_id(struct gg_id a, struct gg_id b)
{
    bool ordered = gg_id_compare(a, b) < 0;
    char name[GG_ID_TEXT];

    gg_id_format(ordered ? b : a, name);
    return gg_id_derive(ordered ? a : b, name);
}

static const char *const member_states[] = {"out", "in", NULL};
static const char *const member_events[] = {"joins", "leaves", NULL};
static const struct gg_transition member_rows[] = {
    {CHAT_MEMBER_OUT, CHAT_MEMBER_JOINS, CHAT_MEMBER_IN, "the money of the share is held, or the room was opened"},
    {CHAT_MEMBER_IN, CHAT_MEMBER_LEAVES, CHAT_MEMBER_OUT, "the share was released; nothing after this seq is seen"},
};
const struct gg_fsm chat_member_fsm = {"room member", member_states, member_events, member_rows, GG_LEN(member_rows)};

/* --- changes --- */

struct chat_entry_row chat_entry_of(enum chat_entry_type type, struct gg_id sender)
{
    return (struct chat_entry_row){
        .type = (int)type, .sender = sender, .card = -1, .amount_won = GG_NONE, .target = GG_NONE, .revised = GG_NONE};
}

void chat_number(struct chat_room_row *room, struct chat_entry_row *entry, int64_t now)
{
    room->last_seq++;
    room->messages += entry->type == CHAT_ENTRY_MESSAGE;
    entry->seq = room->last_seq;
    entry->messages = room->messages;
    entry->at = now;
    if (entry->type == CHAT_ENTRY_MESSAGE || entry->type == CHAT_ENTRY_CARD) {
        room->shown_seq = entry->seq;
        room->shown_at = now;
    }
}

enum gg_status chat_append(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room,
                           struct chat_entry_row *entry)
{
    struct chat_news news;

    chat_number(room, entry, gg_now());
    GG_TRY(chat_entry_insert(db, room->id, entry));
    GG_TRY(chat_room_update(db, room, entry->at));
    news = chat_news_of_entry(arena, room->id, entry);
    chat_news_after_commit(db, &news);
    return GG_OK;
}

enum gg_status chat_let_in(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room, struct gg_id user)
{
    struct chat_entry_row entry = chat_entry_of(CHAT_ENTRY_JOINED, user);
    struct chat_member_row member;
    enum gg_status status = chat_member_get(db, arena, room->id, user, &member);

    if (status == GG_OK && member.left_seq == GG_NONE)
        return GG_OK;
    if (status != GG_OK && status != GG_NOT_FOUND)
        return status;
    GG_TRY(chat_person_get(db, arena, user, &entry.nickname));
    room->members++;
    GG_TRY(chat_append(db, arena, room, &entry));
    return chat_member_join(db, room->id, user, room->last_seq, entry.at);
}

enum gg_status chat_let_out(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room, struct gg_id user)
{
    struct chat_entry_row entry = chat_entry_of(CHAT_ENTRY_LEFT, user);
    struct chat_member_row member;
    enum gg_status status = chat_member_get(db, arena, room->id, user, &member);

    if (status == GG_NOT_FOUND || (status == GG_OK && member.left_seq != GG_NONE))
        return GG_OK;
    GG_TRY(status);
    GG_TRY(chat_person_get(db, arena, user, &entry.nickname));
    room->members--;
    GG_TRY(chat_append(db, arena, room, &entry));
    return chat_member_leave(db, room->id, user, room->last_seq, entry.at);
}

int64_t chat_notice_at(const struct chat_room_row *room, int64_t now)
{
    int64_t turn = room->id.b[15] * NOTICE_SPREAD / 256, at = now + NOTICE_AFTER + turn;
    int64_t rested = room->noticed_at == GG_NONE || room->noticed_at > now ? at : room->noticed_at + NOTICE_REST + turn;

    return room->called || rested < at ? at : rested;
}

enum gg_status chat_notices_later(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *rooms, size_t n,
                                  int64_t now)
{
    struct gg_due_at *notices = GG_NEW_ARRAY(arena, struct gg_due_at, n);
    size_t more = 0;

    for (size_t i = 0; i < n; i++) {
        bool sooner = rooms[i].calls && !rooms[i].called;
        rooms[i].called = rooms[i].called || rooms[i].calls;
        if (!rooms[i].noticing || sooner) {
            rooms[i].noticing = true;
            notices[more++] = (struct gg_due_at){rooms[i].id, chat_notice_at(&rooms[i], now)};
        }
    }
    return gg_due_set_all(db, arena, CHAT_DUE_NOTICE, notices, more);
}
