/* services/chat/notice.c
 * Due work `chat.notice`: those who have not read after a moment are told of the newest message, however many came.
 * Rooms that fall due together are told of together: their rows are locked while it lasts, and messages wait for that.
 */
#include "notice.h"

#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "room.h"
#include "store_notice.h"

#include <string.h>

#define USERS_MAX 200 /* of one event; and rooms with more members are asked for by pages */

/* One room of those that are looked at. */
struct look {
    const struct chat_room_row *room; /* as it was read */
    const struct chat_entry_row *newest;
    const struct chat_mention *mentions; /* of everybody who is called since the last notice */
    size_t n_mentions;
};

struct batch {
    struct gg_db *db;
    struct gg_arena *arena;
    struct look *looks;
    size_t n;
    struct gg_emission *events;
    size_t n_events, cap_events;
};

static void tell(struct batch *b, const struct look *look, bool mention, struct chat_noticed_user *users, size_t count)
{
    const struct chat_entry_row *newest = look->newest;
    const char *preview = chat_preview(b->arena, newest->body, 80);
    const char *nickname = newest->nickname ? newest->nickname : "이웃";
    const struct chat_room_row *room = look->room;
    struct chat_noticed *notice = GG_NEW(b->arena, struct chat_noticed);

    *notice = (struct chat_noticed){
        .room = room->id,
        .sender = newest->sender,
        .deal = room->kind == CHAT_ROOM_DEAL ? room->id : GG_ID_ZERO,
        .seq = newest->seq,
        .title = room->kind == CHAT_ROOM_DEAL ? room->title : nickname,
        .nickname = nickname,
        .preview = preview ? preview : "사진을 보냈어요",
        .mention = mention,
        .users = {users, count},
    };
    if (b->n_events == b->cap_events) {
        struct gg_emission *more = GG_NEW_ARRAY(b->arena, struct gg_emission, b->cap_events * 2);
        memcpy(more, b->events, b->n_events * sizeof(*more));
        b->events = more;
        b->cap_events *= 2;
    }
    b->events[b->n_events++] = (struct gg_emission){.type = &CHAT_NOTICED, .aggregate = room->id, .data = notice};
}

/* Whether one of the messages calls the user. */
static bool called(struct gg_id user, const struct look *look)
{
    for (size_t i = 0; i < look->n_mentions; i++)
        if (gg_id_equal(look->mentions[i].user, user))
            return true;
    return false;
}

static enum gg_status collect_mentions(struct batch *b, struct look *look)
{
    struct chat_entry_row *entries;
    struct chat_mention *mentions;
    size_t n_entries;

    GG_TRY(chat_entries_calling(b->db, b->arena, look->room->id, look->room->noticed_seq, &entries, &n_entries));
    mentions = GG_NEW_ARRAY(b->arena, struct chat_mention, n_entries * 20);
    for (size_t i = 0; i < n_entries; i++) {
        struct chat_entry view;
        const struct chat_mention *in;
        chat_entry_view(b->arena, &entries[i], &view);
        in = view.mentions.items;
        for (size_t k = 0; k < view.mentions.n && k < 20; k++)
            mentions[look->n_mentions++] = in[k];
    }
    look->mentions = mentions;
    return GG_OK;
}

/* At most USERS_MAX of those who have not read. */
static void tell_page(struct batch *b, const struct look *look, const struct gg_id *users, size_t count)
{
    struct chat_noticed_user *plain = GG_NEW_ARRAY(b->arena, struct chat_noticed_user, count);
    struct chat_noticed_user *mentioned = GG_NEW_ARRAY(b->arena, struct chat_noticed_user, count);
    size_t n_plain = 0, n_mentioned = 0;

    for (size_t i = 0; i < count; i++)
        if (called(users[i], look))
            mentioned[n_mentioned++].id = users[i];
        else
            plain[n_plain++].id = users[i];
    if (n_plain > 0)
        tell(b, look, false, plain, n_plain);
    if (n_mentioned > 0)
        tell(b, look, true, mentioned, n_mentioned);
}

static enum gg_status tell_large(struct batch *b, const struct look *look, int64_t now)
{
    struct gg_id after = GG_ID_ZERO, *users;
    size_t count = USERS_MAX;

    while (count == USERS_MAX) {
        GG_TRY(chat_unread_by(b->db, b->arena, look->room->id, look->newest->sender, look->newest->seq, now, after,
                              USERS_MAX, &users, &count));
        tell_page(b, look, users, count);
        if (count > 0)
            after = users[count - 1];
    }
    return GG_OK;
}

/* Rooms with few members: who has not read is one question for all of them. */
static enum gg_status tell_small(struct batch *b, int64_t now)
{
    struct chat_unread_in *in = GG_NEW_ARRAY(b->arena, struct chat_unread_in, b->n);
    struct chat_unread_user *unread;
    struct gg_id *users;
    size_t n_in = 0, n, at = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->looks[i].newest && b->looks[i].room->members <= USERS_MAX)
            in[n_in++] =
                (struct chat_unread_in){b->looks[i].room->id, b->looks[i].newest->sender, b->looks[i].newest->seq};
    if (n_in == 0)
        return GG_OK;
    GG_TRY(chat_unread_in(b->db, b->arena, in, n_in, now, &unread, &n));
    users = GG_NEW_ARRAY(b->arena, struct gg_id, n);
    for (size_t i = 0; i < n; i++)
        users[i] = unread[i].user;
    for (size_t i = 0; i < b->n && at < n; i++) { /* both ascend by room */
        size_t end = at;
        while (end < n && gg_id_equal(unread[end].room, b->looks[i].room->id))
            end++;
        for (; at < end; at += end - at < USERS_MAX ? end - at : USERS_MAX)
            tell_page(b, &b->looks[i], users + at, end - at < USERS_MAX ? end - at : USERS_MAX);
    }
    return GG_OK;
}

/* The rooms with their newest messages, where these are not told yet. */
static enum gg_status look_at(struct batch *b, const struct chat_room_row *rooms, size_t n)
{
    struct gg_id *ids = GG_NEW_ARRAY(b->arena, struct gg_id, n);
    struct chat_own_entry *newest;
    size_t n_newest;

    b->looks = GG_NEW_ARRAY(b->arena, struct look, n);
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        ids[i] = rooms[i].id;
        b->looks[i].room = &rooms[i];
    }
    GG_TRY(chat_newest_messages(b->db, b->arena, ids, n, &newest, &n_newest));
    for (size_t i = 0; i < n; i++) {
        struct look *look = &b->looks[i];
        for (size_t k = 0; k < n_newest && !look->newest; k++)
            if (gg_id_equal(newest[k].room, ids[i]) && newest[k].entry.seq > rooms[i].noticed_seq)
                look->newest = &newest[k].entry;
        if (look->newest && rooms[i].called)
            GG_TRY(collect_mentions(b, look));
    }
    return GG_OK;
}

/* Who is told what, from rooms that are not locked. */
static enum gg_status prepare(struct batch *b, const struct chat_room_row *rooms, size_t n)
{
    int64_t now = gg_now();

    b->cap_events = 2 * n;
    b->events = GG_NEW_ARRAY(b->arena, struct gg_emission, b->cap_events);
    GG_TRY(look_at(b, rooms, n));
    GG_TRY(tell_small(b, now));
    for (size_t i = 0; i < b->n; i++)
        if (b->looks[i].newest && rooms[i].members > USERS_MAX)
            GG_TRY(tell_large(b, &b->looks[i], now));
    return GG_OK;
}

/* The events get their numbers from the locked room, which is done with, unless more was written meanwhile. */
static void settle(struct batch *b, const struct chat_room_row *seen, struct chat_room_row *room,
                   struct gg_due_at *again, size_t *n_again)
{
    int64_t now = gg_now();

    for (size_t i = 0; i < b->n_events; i++)
        if (gg_id_equal(b->events[i].aggregate, room->id)) {
            b->events[i].sequence = ++room->announced;
            room->noticed_at = now;
        }
    room->noticed_seq = seen->last_seq;
    room->noticing = room->messages > seen->messages;
    if (room->noticing)
        again[(*n_again)++] = (struct gg_due_at){room->id, chat_notice_at(room, now)};
    else
        room->called = false;
}

enum gg_status chat_notices(struct gg_due *due, size_t n)
{
    struct batch b = {.db = due->db, .arena = due->arena};
    struct gg_id *ids = GG_NEW_ARRAY(due->arena, struct gg_id, n);
    struct gg_due_at *again = GG_NEW_ARRAY(due->arena, struct gg_due_at, n);
    struct chat_room_row *seen, *rooms;
    size_t n_rooms, n_locked, n_again = 0;

    for (size_t i = 0; i < n; i++)
        ids[i] = due[i].subject;
    GG_TRY(chat_rooms_get(b.db, b.arena, ids, n, &seen, &n_rooms));
    if (n_rooms == 0)
        return GG_OK;
    GG_TRY(prepare(&b, seen, n_rooms));
    GG_TRY(chat_rooms_lock(b.db, b.arena, ids, n, &rooms, &n_locked));
    if (n_locked != n_rooms)
        return GG_RETRY; /* a room came meanwhile: read again */
    for (size_t i = 0; i < n_rooms; i++)
        settle(&b, &seen[i], &rooms[i], again, &n_again);
    GG_TRY(gg_emit_all(b.db, b.events, b.n_events));
    GG_TRY(gg_due_set_all(b.db, b.arena, CHAT_DUE_NOTICE, again, n_again));
    return chat_rooms_noticed(b.db, b.arena, rooms, n_rooms, gg_now());
}
