/* services/chat/store.h
 * SQL of the chat service: rooms, members, people. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_CHAT_STORE_H
#define SERVICES_CHAT_STORE_H

#include "libcommon/db.h"
#include "proto/chat.h"

struct chat_room_row {
    struct gg_id id, host;
    const char *title;
    bool open;
    int64_t last_seq, messages, announced;
    int kind;
    bool blocked;       /* of two neighbours: nobody can write */
    int64_t notice_seq; /* GG_NONE: none */
    int64_t shown_seq, shown_at;
    int64_t members;
    bool noticing;                   /* those who have not read will be told */
    bool called;                     /* since then somebody was called by name */
    bool calls;                      /* by what is written in this transaction; not stored */
    int64_t noticed_seq, noticed_at; /* noticed_at GG_NONE: never */
    int64_t expected, paid;
};
struct chat_member_row {
    struct gg_id room, user;
    int64_t joined_seq, left_seq, read_seq; /* left_seq: GG_NONE while in */
    int64_t last_seq;                       /* of the room */
};
/* A room in somebody's list; `last` has seq 0 when nothing was shown yet. */
struct chat_entry_row {
    int64_t seq, messages;
    int type;
    struct gg_id sender, cid;
    const char *body;
    int card;           /* -1: none */
    int64_t amount_won; /* GG_NONE: none */
    int64_t at;
    const char *nickname; /* of the sender, when known; read only */
    int64_t target;       /* GG_NONE: none */
    const char *extra;    /* JSON of chat_extra_msg; NULL: nothing */
    int64_t revised;      /* GG_NONE: never */
    bool deleted;
};
struct chat_listed_room {
    struct chat_room_row room;
    int64_t read_seq, unread, pinned_at, muted_until;
    bool muted;
    struct gg_id peer;
    const char *peer_nickname;
    struct chat_entry_row last;
};

/* --- people --- */

/* (tx) The service's own copy of a nickname. */
enum gg_status chat_person_put(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;
/* NULL in `nickname` when it is not known. */
enum gg_status chat_person_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               const char **nickname) GG_MUSTCHECK;
/* (tx) Numbers of unread notices, each user once, and back; 0 when it was never told. */
struct chat_inbox_row {
    struct gg_id user;
    int64_t unread;
};
enum gg_status chat_inboxes_put(struct gg_db *db, struct gg_arena *arena, const struct chat_inbox_row *inboxes,
                                size_t n, int64_t now) GG_MUSTCHECK;
enum gg_status chat_inbox_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                              int64_t *unread) GG_MUSTCHECK;
/* (tx) */
enum gg_status chat_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
enum gg_status chat_block_drop(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
/* Whom the user has blocked, at most 1,000. */
enum gg_status chat_blocks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **blocked,
                           size_t *n) GG_MUSTCHECK;
/* Whether one of the two has blocked the other. */
enum gg_status chat_blocked_between(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b,
                                    bool *yes) GG_MUSTCHECK;

/* --- rooms --- */

/* (tx) GG_DUPLICATE: it is there. */
enum gg_status chat_room_insert(struct gg_db *db, const struct chat_room_row *room, int64_t now) GG_MUSTCHECK;
/* GG_NOT_FOUND: no such room. */
enum gg_status chat_room_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                             struct chat_room_row *room) GG_MUSTCHECK;
/* (tx) Adds to the captured shares of a deal, whose room may not be known yet, and locks and answers their number.
 * Before chat_room_lock. */
enum gg_status chat_captured_add(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t more,
                                 int64_t *shares) GG_MUSTCHECK;
/* (tx) Locks the room: whoever appends to its log holds this. GG_NOT_FOUND: no such room. */
enum gg_status chat_room_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                              struct chat_room_row *room) GG_MUSTCHECK;
/* (tx) */
enum gg_status chat_room_rename(struct gg_db *db, struct gg_id id, const char *title) GG_MUSTCHECK;
/* (tx) Writes everything but id, host, title and kind. */
enum gg_status chat_room_update(struct gg_db *db, const struct chat_room_row *room, int64_t now) GG_MUSTCHECK;

/* --- members --- */

/* GG_NOT_FOUND: never was in the room. */
enum gg_status chat_member_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                               struct chat_member_row *member) GG_MUSTCHECK;
/* (tx) Comes in, or comes back. */
enum gg_status chat_member_join(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq,
                                int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND: is not in. */
enum gg_status chat_member_leave(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq,
                                 int64_t now) GG_MUSTCHECK;
/* Moves the read mark forward, never back and never past the newest entry. GG_NOT_FOUND: is not in. */
enum gg_status chat_member_read(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq) GG_MUSTCHECK;
/* Where the mark stands, and what is unread above it. */
enum gg_status chat_member_mark(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                                int64_t *seq, int64_t *unread) GG_MUSTCHECK;
/* Full state of the member's own settings; GG_NONE: not pinned, or muted for good. GG_NOT_FOUND: is not in. */
enum gg_status chat_member_set(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t pinned_at, bool muted,
                               int64_t muted_until) GG_MUSTCHECK;
/* How many of these users are in the room. */
enum gg_status chat_members_in(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                               const struct chat_mention *users, size_t n, int64_t *count) GG_MUSTCHECK;
/* Who is in, by id, above `after`. */
enum gg_status chat_members(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id after,
                            int64_t limit, struct chat_person **people, size_t *n) GG_MUSTCHECK;
/* Every room the user is or was in. */
enum gg_status chat_memberships(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                struct chat_member_row **members, size_t *n) GG_MUSTCHECK;
/* Rooms the user is in: the pinned ones, newest pin first; or the others, newest change first, below (before,
 * before_id) when `before` is not GG_NONE. */
enum gg_status chat_rooms_pinned(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct chat_listed_room **rooms, size_t *n) GG_MUSTCHECK;
enum gg_status chat_rooms(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct chat_listed_room **rooms,
                          size_t *n) GG_MUSTCHECK;
/* One room of the user. GG_NOT_FOUND: is not in. */
enum gg_status chat_room_listed(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                                struct chat_listed_room *listed) GG_MUSTCHECK;

/* --- for instances that may have missed something --- */

/* What changed at or after `since`: newest seq of rooms, and comings. */
enum gg_status chat_rooms_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                  struct chat_member_row **changed, size_t *n) GG_MUSTCHECK;
enum gg_status chat_inboxes_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                    struct chat_inbox_row **changed, size_t *n) GG_MUSTCHECK;

/* --- how deals stand --- */

/* (tx) `state` NULL, or taken and portions GG_NONE: stays as it is. */
enum gg_status chat_progress_put(struct gg_db *db, struct gg_arena *arena, const struct chat_progress *change,
                                 int64_t now, struct chat_progress *whole) GG_MUSTCHECK;
enum gg_status chat_progress_get(struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                                 struct chat_progress *progress) GG_MUSTCHECK;
enum gg_status chat_progress_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                     struct chat_progress **changed, size_t *n) GG_MUSTCHECK;

#endif
