/* services/chat/sweep.c
 * Work that falls due: telling who has not read, closing rooms, forgetting earlier words, removing pictures. */
#include "sweep.h"

#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/storage.h"
#include "room.h"
#include "store_people.h"

#define USERS_MAX 200 /* of one event */

/* --- notices: those who have not read after a moment are told of the newest message, however many came --- */

struct notice {
    struct gg_due *due;
    struct chat_room_row room;
    struct chat_entry_row newest;
};

static enum gg_status tell(const struct notice *n, bool mention, struct chat_noticed_user *users, size_t count)
{
    const char *preview = chat_preview(n->due->arena, n->newest.body, 80);
    const char *nickname = n->newest.nickname ? n->newest.nickname : "이웃";
    struct chat_room_row room = n->room;
    const struct chat_noticed notice = {
        .room = room.id,
        .sender = n->newest.sender,
        .deal = room.kind == CHAT_ROOM_DEAL ? room.id : GG_ID_ZERO,
        .seq = n->newest.seq,
        .title = room.kind == CHAT_ROOM_DEAL ? room.title : nickname,
        .nickname = nickname,
        .preview = preview ? preview : "사진을 보냈어요",
        .mention = mention,
        .users = {users, count},
    };

    return gg_emit(n->due->db, &CHAT_NOTICED, room.id, room.announced, &notice);
}

/* Whether one of the messages calls the user. */
static bool called(struct gg_id user, const struct chat_mention *mentions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(mentions[i].user, user))
            return true;
    return false;
}

/* Everybody who is called in messages since the last notice. */
static enum gg_status collect_mentions(const struct notice *n, struct chat_mention **mentions, size_t *count)
{
    struct chat_entry_row *entries;
    size_t n_entries;

    *count = 0;
    GG_TRY(chat_entries_calling(n->due->db, n->due->arena, n->room.id, n->room.noticed_seq, &entries, &n_entries));
    *mentions = GG_NEW_ARRAY(n->due->arena, struct chat_mention, n_entries * 20);
    for (size_t i = 0; i < n_entries; i++) {
        struct chat_entry view;
        const struct chat_mention *in;
        chat_entry_view(n->due->arena, &entries[i], &view);
        in = view.mentions.items;
        for (size_t k = 0; k < view.mentions.n && k < 20; k++)
            (*mentions)[(*count)++] = in[k];
    }
    return GG_OK;
}

static enum gg_status tell_page(struct notice *n, const struct chat_mention *mentions, size_t n_mentions,
                                const struct gg_id *users, size_t count)
{
    struct chat_noticed_user *plain = GG_NEW_ARRAY(n->due->arena, struct chat_noticed_user, count);
    struct chat_noticed_user *mentioned = GG_NEW_ARRAY(n->due->arena, struct chat_noticed_user, count);
    size_t n_plain = 0, n_mentioned = 0;

    for (size_t i = 0; i < count; i++)
        if (called(users[i], mentions, n_mentions))
            mentioned[n_mentioned++].id = users[i];
        else
            plain[n_plain++].id = users[i];
    if (n_plain > 0) {
        n->room.announced++;
        GG_TRY(tell(n, false, plain, n_plain));
    }
    if (n_mentioned > 0) {
        n->room.announced++;
        GG_TRY(tell(n, true, mentioned, n_mentioned));
    }
    return GG_OK;
}

static enum gg_status notice(struct gg_due *due)
{
    struct notice n = {.due = due};
    struct chat_mention *mentions;
    struct gg_id after = GG_ID_ZERO, *users;
    size_t n_mentions, count = USERS_MAX;
    enum gg_status status;

    GG_TRY(chat_room_lock(due->db, due->arena, due->subject, &n.room));
    status = chat_newest_message(due->db, due->arena, n.room.id, &n.newest);
    if (status == GG_OK && n.newest.seq > n.room.noticed_seq) {
        GG_TRY(collect_mentions(&n, &mentions, &n_mentions));
        while (count == USERS_MAX) {
            GG_TRY(chat_unread_by(due->db, due->arena, n.room.id, n.newest.sender, n.newest.seq, gg_now(), after,
                                  USERS_MAX, &users, &count));
            GG_TRY(tell_page(&n, mentions, n_mentions, users, count));
            if (count > 0)
                after = users[count - 1];
        }
    } else if (status != GG_OK && status != GG_NOT_FOUND) {
        return status;
    }
    n.room.noticing = false;
    n.room.noticed_seq = n.room.last_seq;
    return chat_room_update(due->db, &n.room, gg_now());
}

/* --- rooms of deals that are over --- */

static enum gg_status close_room(struct gg_due *due)
{
    struct chat_entry_row entry = chat_entry_of(CHAT_ENTRY_CARD, GG_ID_ZERO);
    struct chat_room_row room;

    GG_TRY(chat_room_lock(due->db, due->arena, due->subject, &room));
    if (!room.open)
        return GG_OK;
    room.open = false;
    entry.card = CHAT_CARD_CLOSED;
    return chat_append(due->db, due->arena, &room, &entry);
}

/* --- earlier words --- */

static enum gg_status forget(struct gg_due *due)
{
    int64_t oldest;

    GG_TRY(chat_wordings_forget(due->db, due->arena, due->subject, due->at - CHAT_WORDING_KEPT, &oldest));
    return oldest == GG_NONE ? GG_OK : gg_due_set(due->db, "chat.forget", due->subject, oldest + CHAT_WORDING_KEPT);
}

/* --- pictures of deleted messages --- */

static enum gg_status remove_hidden(struct gg_due *due)
{
    struct chat_gone_image *images;
    int64_t oldest;
    size_t n;

    do {
        GG_TRY(chat_images_gone(due->db, due->arena, due->subject, due->at - CHAT_WORDING_KEPT, &images, &n));
        for (size_t i = 0; i < n; i++) {
            if (!images[i].shared)
                GG_TRY(gg_storage_delete(due->arena, images[i].name));
            GG_TRY(chat_image_drop(due->db, due->subject, &images[i]));
        }
    } while (n > 0);
    GG_TRY(chat_images_gone_next(due->db, due->arena, due->subject, &oldest));
    return oldest == GG_NONE ? GG_OK : gg_due_set(due->db, "chat.unpicture", due->subject, oldest + CHAT_WORDING_KEPT);
}

/* --- pictures of an account that is gone --- */

static enum gg_status remove_pictures(struct gg_due *due)
{
    const char **names;
    size_t n;

    do {
        GG_TRY(chat_images_of(due->db, due->arena, due->subject, &names, &n));
        for (size_t i = 0; i < n; i++)
            GG_TRY(gg_storage_delete(due->arena, names[i]));
        GG_TRY(chat_images_forget(due->db, due->subject, names, n));
    } while (n > 0);
    return chat_images_forget_all(due->db, due->subject);
}

const struct gg_due_kind chat_due[] = {
    {.kind = "chat.notice", .handle = notice, .doc = "who has not read new messages is told of them"},
    {.kind = "chat.close", .handle = close_room, .doc = "the room of a deal that is over is closed"},
    {.kind = "chat.forget", .handle = forget, .doc = "earlier words of a room's messages are forgotten"},
    {.kind = "chat.unpicture",
     .outbound = true,
     .handle = remove_hidden,
     .doc = "pictures of messages that were deleted thirty days ago are removed"},
    {.kind = "chat.pictures",
     .outbound = true,
     .handle = remove_pictures,
     .doc = "pictures of an account that is gone are removed"},
};
const size_t chat_due_n = GG_LEN(chat_due);
