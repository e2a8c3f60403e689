/* services/chat/store.h
 * SQL of the chat service. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_CHAT_STORE_H
#define SERVICES_CHAT_STORE_H

#include "libcommon/db.h"
#include "proto/chat.h"

struct chat_room_row {
    struct gg_id id, host;
    const char *title;
    bool open;
    int64_t last_seq, messages, announced;
};
struct chat_member_row {
    struct gg_id room, user;
    int64_t joined_seq, left_seq, read_seq; /* left_seq: GG_NONE while in */
    int64_t last_seq;                       /* of the room */
};
struct chat_entry_row {
    int64_t seq, messages;
    int type;
    struct gg_id sender, cid;
    const char *body;
    int card;           /* -1: none */
    int64_t amount_won; /* GG_NONE: none */
    int64_t at;
    const char *nickname; /* of the sender, when known; read only */
};
/* A room in somebody's list. */
struct chat_listed_room {
    struct chat_room_row room;
    int64_t read_seq, unread, changed_at;
    struct chat_entry_row last;
};

/* (tx) The service's own copy of a nickname. */
enum gg_status chat_person_put(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;

/* (tx) */
enum gg_status chat_room_insert(struct gg_db *db, const struct chat_room_row *room, int64_t now) GG_MUSTCHECK;
/* (tx) Locks the room: whoever appends to its log holds this. GG_NOT_FOUND: no such room. */
enum gg_status chat_room_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                              struct chat_room_row *room) GG_MUSTCHECK;
/* (tx) Writes is_open and the counters. */
enum gg_status chat_room_update(struct gg_db *db, const struct chat_room_row *room, int64_t now) GG_MUSTCHECK;

/* GG_NOT_FOUND: never was in the room. */
enum gg_status chat_member_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                               struct chat_member_row *member) GG_MUSTCHECK;
/* (tx) Comes in, or comes back. */
enum gg_status chat_member_join(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq,
                                int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND: is not in. */
enum gg_status chat_member_leave(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq,
                                 int64_t now) GG_MUSTCHECK;
/* Moves the read mark forward, never back and never past the newest entry. */
enum gg_status chat_member_read(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq) GG_MUSTCHECK;
/* Every room the user is or was in. */
enum gg_status chat_memberships(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                struct chat_member_row **members, size_t *n) GG_MUSTCHECK;
/* Rooms the user is in, newest change first, below (before, before_id) when `before` is not GG_NONE. */
enum gg_status chat_rooms(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct chat_listed_room **rooms,
                          size_t *n) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE: this sender's cid stands already. */
enum gg_status chat_entry_insert(struct gg_db *db, struct gg_id room, const struct chat_entry_row *entry) GG_MUSTCHECK;
/* The seq of a sender's message by its cid; GG_NOT_FOUND. */
enum gg_status chat_entry_by_cid(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id sender,
                                 struct gg_id cid, int64_t *seq) GG_MUSTCHECK;
/* Entries with after < seq <= up_to, ascending. */
enum gg_status chat_entries(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after, int64_t up_to,
                            int64_t limit, struct chat_entry_row **entries, size_t *n) GG_MUSTCHECK;

/* What changed at or after `since` (for an instance that cannot hear Redis): newest seq of rooms, and comings. */
enum gg_status chat_rooms_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                  struct chat_member_row **changed, size_t *n) GG_MUSTCHECK;

#endif
