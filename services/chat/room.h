/* services/chat/room.h
 * The rooms' log: what is written in it and who may. */
#ifndef SERVICES_CHAT_ROOM_H
#define SERVICES_CHAT_ROOM_H

#include "libcommon/fsm.h"
#include "store.h"

/* --- rules (pure) --- */

/* Up to which seq a member may see: everything while in, `left_seq` after leaving, 0 for strangers (NULL). */
int64_t chat_visible_until(const struct chat_member_row *member);
/* The first characters of a text, cut at a character's border, for notices. In the arena. */
char *chat_preview(struct gg_arena *arena, const char *text, size_t characters);
/* The entry as it goes over the wire; points into the row. `from` is made in the arena. */
void chat_entry_view(struct gg_arena *arena, const struct chat_entry_row *row, struct chat_entry *entry);

enum chat_member_state { CHAT_MEMBER_OUT, CHAT_MEMBER_IN };
enum chat_member_event { CHAT_MEMBER_JOINS, CHAT_MEMBER_LEAVES };
extern const struct gg_fsm chat_member_fsm;

/* --- changes (tx): each appends one entry under the room's lock; after the commit the instances are woken --- */

/* Appends an entry (seq, messages and at are filled in) to the locked room. */
enum gg_status chat_append(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct chat_room_row *room,
                           struct chat_entry_row *entry) GG_MUSTCHECK;

enum chat_send_result { CHAT_STORED, CHAT_NO_ROOM, CHAT_CLOSED };
/* A message of a member: stored once per (room, sender, cid); a repeat answers the same seq. */
enum gg_status chat_send_message(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id room,
                                 struct gg_id sender, struct gg_id cid, const char *text, enum chat_send_result *result,
                                 int64_t *seq) GG_MUSTCHECK;

#endif
