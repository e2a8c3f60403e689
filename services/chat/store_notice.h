/* services/chat/store_notice.h
 * SQL for telling who has not read: of up to GG_DUE_TOGETHER rooms at once, whose rows the caller has locked (tx). */
#ifndef SERVICES_CHAT_STORE_NOTICE_H
#define SERVICES_CHAT_STORE_NOTICE_H

#include "store_people.h"

/* The newest message of each of these rooms that has one which is not deleted. */
enum gg_status chat_newest_messages(struct gg_db *db, struct gg_arena *arena, const struct gg_id *rooms, size_t n,
                                    struct chat_own_entry **entries, size_t *found) GG_MUSTCHECK;
struct chat_unread_in {
    struct gg_id room, sender;
    int64_t seq;
};
struct chat_unread_user {
    struct gg_id room, user;
};
/* Who is in these rooms, has not read up to that seq, has not muted the room and has not blocked the sender; by room
 * and user. The rooms' ids ascend. */
enum gg_status chat_unread_in(struct gg_db *db, struct gg_arena *arena, const struct chat_unread_in *in, size_t n,
                              int64_t now, struct chat_unread_user **users, size_t *found) GG_MUSTCHECK;
/* The same for one room, users above `after`, at most `limit`. */
enum gg_status chat_unread_by(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id sender,
                              int64_t seq, int64_t now, struct gg_id after, int64_t limit, struct gg_id **users,
                              size_t *n) GG_MUSTCHECK;
/* Messages above `after` that call somebody by name, at most 200. */
enum gg_status chat_entries_calling(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after,
                                    struct chat_entry_row **entries, size_t *n) GG_MUSTCHECK;
/* Writes what a notice changes of these rooms. */
enum gg_status chat_rooms_noticed(struct gg_db *db, struct gg_arena *arena, const struct chat_room_row *rooms, size_t n,
                                  int64_t now) GG_MUSTCHECK;

#endif
