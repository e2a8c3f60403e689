/* services/chat/write.c
 * Messages: many in one transaction. */
#include "write.h"

#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "room.h"
#include "scam.h"

#include <stdlib.h>
#include <string.h>

#define QUOTE_LENGTH 100

static int by_id(const void *a, const void *b)
{
    return gg_id_compare(*(const struct gg_id *)a, *(const struct gg_id *)b);
}

static bool same_key(const struct chat_key *a, const struct chat_key *b)
{
    return gg_id_equal(a->cid, b->cid) && gg_id_equal(a->sender, b->sender) && gg_id_equal(a->room, b->room);
}

/* --- what the message names must be there --- */

static enum gg_status add_quote(struct gg_db *db, struct gg_arena *arena, struct chat_write *w, struct chat_entry *view)
{
    struct chat_entry_row quoted;
    enum gg_status status = chat_entry_get(db, arena, w->room, w->message->reply, &quoted);

    if (status == GG_NOT_FOUND || (status == GG_OK && (quoted.type != CHAT_ENTRY_MESSAGE || quoted.deleted))) {
        w->problem = &CHAT_NO_MESSAGE;
        return GG_OK;
    }
    GG_TRY(status);
    view->reply = GG_NEW(arena, struct chat_quote);
    *view->reply = (struct chat_quote){quoted.seq, quoted.sender, chat_preview(arena, quoted.body, QUOTE_LENGTH)};
    return GG_OK;
}

static enum gg_status add_images(struct gg_db *db, struct gg_arena *arena, struct chat_write *w,
                                 struct chat_entry *view)
{
    const char *const *names = w->message->images.items;
    struct chat_image *images = GG_NEW_ARRAY(arena, struct chat_image, w->message->images.n);

    for (size_t i = 0; i < w->message->images.n; i++) {
        enum gg_status status = chat_image_get(db, arena, w->room, w->sender, names[i], &images[i]);
        if (status == GG_NOT_FOUND) {
            w->problem = &CHAT_NOT_SENDABLE;
            return GG_OK;
        }
        GG_TRY(status);
    }
    view->images = (struct gg_list){images, w->message->images.n};
    return GG_OK;
}

static enum gg_status add_mentions(struct gg_db *db, struct gg_arena *arena, struct chat_write *w,
                                   struct chat_entry *view)
{
    const struct gg_list *mentions = &w->message->mentions;
    int64_t found;

    GG_TRY(chat_members_in(db, arena, w->room, mentions->items, mentions->n, &found));
    if (found != (int64_t)mentions->n) /* a stranger, or somebody twice */
        w->problem = &CHAT_NOT_SENDABLE;
    view->mentions = *mentions;
    return GG_OK;
}

/* What stands beside the text. Most messages have nothing there and cost nothing. */
static enum gg_status add_extra(struct gg_db *db, struct gg_arena *arena, struct chat_write *w)
{
    const struct chat_send *m = w->message;
    const struct chat_suspicion suspicion = chat_suspect(m->text);
    struct chat_entry view;

    if (!m->text && m->images.n == 0 && !m->place) {
        w->problem = &CHAT_NOT_SENDABLE;
        return GG_OK;
    }
    if (m->reply == GG_NONE && m->images.n == 0 && !m->place && m->mentions.n == 0 && !suspicion.account &&
        !suspicion.messenger)
        return GG_OK;
    gg_msg_init(&chat_extra_msg, &view);
    if (m->reply != GG_NONE)
        GG_TRY(add_quote(db, arena, w, &view));
    if (m->images.n > 0)
        GG_TRY(add_images(db, arena, w, &view));
    if (m->mentions.n > 0)
        GG_TRY(add_mentions(db, arena, w, &view));
    view.place = m->place;
    if (suspicion.account || suspicion.messenger) {
        view.warning = GG_NEW(arena, struct chat_warning);
        *view.warning = (struct chat_warning){suspicion.account, suspicion.messenger};
    }
    if (!w->problem)
        w->_entry.extra = chat_extra_encode(arena, &view);
    return GG_OK;
}

/* --- the batch --- */

struct batch {
    struct chat_write *writes;
    size_t n;
    struct chat_room_row *rooms;
    size_t n_rooms;
    struct chat_writer *writers;
    size_t n_writers;
    struct chat_stored *stored;
    size_t n_stored;
};

static struct chat_room_row *find_room(const struct batch *b, struct gg_id id)
{
    for (size_t i = 0; i < b->n_rooms; i++)
        if (gg_id_equal(b->rooms[i].id, id))
            return &b->rooms[i];
    return NULL;
}

static const struct chat_writer *find_writer(const struct batch *b, const struct chat_write *w)
{
    for (size_t i = 0; i < b->n_writers; i++)
        if (gg_id_equal(b->writers[i].user, w->sender) && gg_id_equal(b->writers[i].room, w->room))
            return &b->writers[i];
    return NULL;
}

static struct chat_key key_of(const struct chat_write *w)
{
    return (struct chat_key){w->room, w->sender, w->message->cid};
}

/* The same message earlier: in the log, or further up in this batch. */
static const struct chat_write *find_twin(const struct batch *b, size_t at)
{
    struct chat_key key = key_of(&b->writes[at]);

    for (size_t i = 0; i < at; i++) {
        struct chat_key other = key_of(&b->writes[i]);
        if (same_key(&key, &other))
            return &b->writes[i];
    }
    return NULL;
}

static bool find_stored(const struct batch *b, const struct chat_write *w, int64_t *seq)
{
    struct chat_key key = key_of(w);

    for (size_t i = 0; i < b->n_stored; i++)
        if (same_key(&b->stored[i].key, &key)) {
            *seq = b->stored[i].seq;
            return true;
        }
    return false;
}

static enum gg_status load(struct gg_db *db, struct gg_arena *arena, struct batch *b, bool as_new)
{
    struct gg_id *ids = GG_NEW_ARRAY(arena, struct gg_id, b->n);
    struct chat_key *keys = GG_NEW_ARRAY(arena, struct chat_key, b->n);
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        ids[i] = b->writes[i].room;
        keys[i] = key_of(&b->writes[i]);
    }
    qsort(ids, b->n, sizeof(*ids), by_id);
    for (size_t i = 0; i < b->n; i++)
        if (n == 0 || !gg_id_equal(ids[n - 1], ids[i]))
            ids[n++] = ids[i];
    GG_TRY(chat_rooms_lock(db, arena, ids, n, &b->rooms, &b->n_rooms));
    GG_TRY(chat_writers(db, arena, keys, b->n, &b->writers, &b->n_writers));
    return as_new ? GG_OK : chat_stored(db, arena, keys, b->n, &b->stored, &b->n_stored);
}

/* One message: refused, found, or numbered. */
static enum gg_status decide(struct gg_db *db, struct gg_arena *arena, struct batch *b, size_t at, int64_t now)
{
    struct chat_write *w = &b->writes[at];
    struct chat_room_row *room = find_room(b, w->room);
    const struct chat_writer *writer = find_writer(b, w);
    const struct chat_write *twin = find_twin(b, at);

    w->problem = NULL;
    w->fresh = false;
    w->seq = GG_NONE;
    if (!room || !writer) {
        w->problem = &CHAT_NOT_MEMBER;
        return GG_OK;
    }
    if (find_stored(b, w, &w->seq))
        return GG_OK;
    if (twin) {
        w->problem = twin->problem;
        w->seq = twin->seq;
        return GG_OK;
    }
    if (!room->open)
        w->problem = &CHAT_ROOM_CLOSED;
    else if (room->blocked)
        w->problem = &CHAT_BLOCKED;
    if (w->problem)
        return GG_OK;
    w->_entry = chat_entry_of(CHAT_ENTRY_MESSAGE, w->sender);
    w->_entry.cid = w->message->cid;
    w->_entry.body = w->message->text;
    w->_entry.nickname = writer->nickname;
    GG_TRY(add_extra(db, arena, w));
    if (w->problem)
        return GG_OK;
    chat_number(room, &w->_entry, now);
    room->calls = room->calls || w->message->mentions.n > 0;
    w->seq = w->_entry.seq;
    w->fresh = true;
    return GG_OK;
}

/* Several messages of one writer: the newest is where the mark goes. */
static size_t marks(const struct batch *b, struct chat_stored *out)
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        const struct chat_write *w = &b->writes[i];
        size_t k = 0;
        if (!w->fresh)
            continue;
        while (k < n && !(gg_id_equal(out[k].key.sender, w->sender) && gg_id_equal(out[k].key.room, w->room)))
            k++;
        out[k] = (struct chat_stored){{w->room, w->sender, GG_ID_ZERO}, w->seq};
        n += k == n;
    }
    return n;
}

static enum gg_status store(struct gg_db *db, struct gg_arena *arena, const struct batch *b, int64_t now)
{
    const struct chat_entry_row **entries = GG_NEW_ARRAY(arena, const struct chat_entry_row *, b->n);
    struct gg_id *rooms = GG_NEW_ARRAY(arena, struct gg_id, b->n);
    struct chat_room_row *changed = GG_NEW_ARRAY(arena, struct chat_room_row, b->n_rooms);
    struct chat_stored *moved = GG_NEW_ARRAY(arena, struct chat_stored, b->n);
    size_t n = 0, n_changed = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->writes[i].fresh) {
            entries[n] = &b->writes[i]._entry;
            rooms[n++] = b->writes[i].room;
        }
    if (n == 0)
        return GG_OK;
    for (size_t i = 0; i < b->n_rooms; i++)
        for (size_t k = 0; k < n; k++)
            if (gg_id_equal(rooms[k], b->rooms[i].id)) {
                changed[n_changed++] = b->rooms[i];
                break;
            }
    GG_TRY(chat_notices_later(db, arena, changed, n_changed, now));
    GG_TRY(chat_entries_insert(db, arena, rooms, entries, n));
    GG_TRY(chat_rooms_update(db, arena, changed, n_changed, now));
    return chat_marks_move(db, arena, moved, marks(b, moved));
}

enum gg_status chat_write_messages(struct gg_db *db, struct gg_arena *arena, struct chat_write *writes, size_t n,
                                   bool as_new)
{
    struct batch b = {.writes = writes, .n = n};
    int64_t now = gg_now();

    GG_TRY(load(db, arena, &b, as_new));
    for (size_t i = 0; i < n; i++) {
        GG_TRY(decide(db, arena, &b, i, now));
        if (as_new && writes[i].problem)
            return GG_DUPLICATE; /* what stands already is not refused */
    }
    GG_TRY(store(db, arena, &b, now));
    for (size_t i = 0; i < n; i++)
        if (writes[i].fresh)
            writes[i].news = chat_news_of_entry(arena, writes[i].room, &writes[i]._entry);
    return GG_OK;
}
