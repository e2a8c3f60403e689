/* services/chat/room.h
 * The rooms' log: how an entry looks to a reader, and how one is appended. */
#ifndef SERVICES_CHAT_ROOM_H
#define SERVICES_CHAT_ROOM_H

#include "libcommon/fsm.h"
#include "store_log.h"

/* --- rules (pure) --- */

/* Up to which seq a member may see: everything while in, `left_seq` after leaving, 0 for strangers (NULL). */
int64_t chat_visible_until(const struct chat_member_row *member);
/* The first characters of a text, cut at a character's border, for notices. In the arena; NULL stays NULL. */
char *chat_preview(struct gg_arena *arena, const char *text, size_t characters);
/* The entry as it goes over the wire; points into the row, the rest is made in the arena. */
void chat_entry_view(struct gg_arena *arena, const struct chat_entry_row *row, struct chat_entry *entry);
/* What is stored beside the text, from a view; NULL when there is nothing. In the arena. */
char *chat_extra_encode(struct gg_arena *arena, const struct chat_entry *view);
/* Whether somebody who has blocked the sender sees only that there is an entry. */
bool chat_hides(int type);
/* The same entry for such a reader: place and time, nothing else. */
struct chat_entry chat_entry_hidden(int64_t seq, int64_t at);
/* The id of the room of two neighbours, whichever of them asks. */
struct gg_id chat_direct_id(struct gg_id a, struct gg_id b);

enum chat_member_state { CHAT_MEMBER_OUT, CHAT_MEMBER_IN };
enum chat_member_event { CHAT_MEMBER_JOINS, CHAT_MEMBER_LEAVES };
extern const struct gg_fsm chat_member_fsm;

/* --- changes (tx), under the room's lock; after the commit every instance is told --- */

/* Gives `entry` the next seq of the locked room, in memory only. */
void chat_number(struct chat_room_row *room, struct chat_entry_row *entry, int64_t now);
/* Appends an entry (seq, messages and at are filled in) and writes the room. `entry->nickname` goes over the wire. */
enum gg_status chat_append(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room,
                           struct chat_entry_row *entry) GG_MUSTCHECK;
/* An entry of this type with nothing in it yet. */
struct chat_entry_row chat_entry_of(enum chat_entry_type type, struct gg_id sender);
/* Lets somebody in, or out, with the line that says so. Who is in already (out already) stays so, without a line. */
enum gg_status chat_let_in(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room,
                           struct gg_id user) GG_MUSTCHECK;
enum gg_status chat_let_out(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *room,
                            struct gg_id user) GG_MUSTCHECK;
#define CHAT_DUE_NOTICE "chat.notice"
/* When those are looked for who have not read what is written now: soon, or once those who were told have had time. */
int64_t chat_notice_at(const struct chat_room_row *room, int64_t now);
/* When messages were written: has those looked for, soon, who have not read them. The caller writes the rooms. */
enum gg_status chat_notices_later(struct gg_db *db, struct gg_arena *arena, struct chat_room_row *rooms, size_t n,
                                  int64_t now) GG_MUSTCHECK;

#endif
