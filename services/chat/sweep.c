/* services/chat/sweep.c
 * Work that falls due: telling who has not read, closing rooms, forgetting earlier words, removing pictures. */
#include "sweep.h"

#include "libcommon/clock.h"
#include "libcommon/storage.h"
#include "notice.h"
#include "room.h"

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
    {.kind = CHAT_DUE_NOTICE, .handle_all = chat_notices, .doc = "who has not read new messages is told of them"},
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
