/* services/chat/store_log.h
 * SQL of the rooms' logs: entries one by one and in batches, wordings, reactions, pictures. */
#ifndef SERVICES_CHAT_STORE_LOG_H
#define SERVICES_CHAT_STORE_LOG_H

#include "store.h"

/* Columns of an entry `e` with its sender `p`, and how they are read from column `first` on. */
#define CHAT_ENTRY_COLUMNS                                                                                             \
    "e.seq, e.messages, e.type, e.sender_id, e.cid, e.body, e.card, e.amount_won, e.at, p.nickname, e.target,"         \
    " e.extra, e.revised, e.deleted"
struct chat_entry_row chat_entry_read(const struct gg_rows *rows, size_t row, size_t first);

/* (tx) GG_DUPLICATE: this sender's cid stands already. */
enum gg_status chat_entry_insert(struct gg_db *db, struct gg_id room, const struct chat_entry_row *entry) GG_MUSTCHECK;
/* The seq of what a sender did by its cid; GG_NOT_FOUND. */
enum gg_status chat_entry_by_cid(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id sender,
                                 struct gg_id cid, int64_t *seq) GG_MUSTCHECK;
/* One entry; GG_NOT_FOUND. */
enum gg_status chat_entry_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t seq,
                              struct chat_entry_row *entry) GG_MUSTCHECK;
/* Entries with after < seq <= up_to, ascending. */
enum gg_status chat_entries(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after, int64_t up_to,
                            int64_t limit, struct chat_entry_row **entries, size_t *n) GG_MUSTCHECK;
/* The newest entries with seq < before, ascending. */
enum gg_status chat_entries_before(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                   int64_t limit, struct chat_entry_row **entries, size_t *n) GG_MUSTCHECK;
/* The newest message that is not deleted; GG_NOT_FOUND. */
enum gg_status chat_newest_message(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                                   struct chat_entry_row *entry) GG_MUSTCHECK;
/* Messages with from <= seq < before whose text holds `text` (no wildcards), newest first. */
enum gg_status chat_search(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t from, int64_t before,
                           const char *text, int64_t limit, struct chat_entry_row **entries, size_t *n) GG_MUSTCHECK;

/* (tx) The message reads `body` with `extra` from the entry `seq` on; what it read before is kept as a wording. */
enum gg_status chat_reword(struct gg_db *db, struct gg_id room, const struct chat_entry_row *message, int64_t seq,
                           const char *body, const char *extra, int64_t now) GG_MUSTCHECK;
/* (tx) The message and its edits lose their words; the last wording is kept. */
enum gg_status chat_unsay(struct gg_db *db, struct gg_id room, const struct chat_entry_row *message, int64_t seq,
                          int64_t now) GG_MUSTCHECK;
struct chat_wording {
    int64_t seq;
    const char *body;
};
enum gg_status chat_wordings(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t target,
                             struct chat_wording **wordings, size_t *n) GG_MUSTCHECK;
/* Earlier words, and pictures of deleted messages, are kept for reports, and so long. */
#define CHAT_WORDING_KEPT (30 * GG_DAY)
/* Forgets wordings that were replaced at `before` or earlier. `oldest`: when the first of the others was; GG_NONE. */
enum gg_status chat_wordings_forget(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                    int64_t *oldest) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE and GG_NOT_FOUND: it was so already. */
enum gg_status chat_reaction_put(struct gg_db *db, struct gg_id room, int64_t target, struct gg_id user,
                                 const char *emoji) GG_MUSTCHECK;
enum gg_status chat_reaction_drop(struct gg_db *db, struct gg_id room, int64_t target, struct gg_id user,
                                  const char *emoji) GG_MUSTCHECK;

/* --- pictures --- */

enum gg_status chat_image_put(struct gg_db *db, struct gg_id room, struct gg_id owner, const struct chat_image *image,
                              int64_t bytes, int64_t now) GG_MUSTCHECK;
/* A picture this owner uploaded for this room; GG_NOT_FOUND. */
enum gg_status chat_image_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id owner,
                              const char *name, struct chat_image *image) GG_MUSTCHECK;
/* GG_NOT_FOUND: nobody uploaded it for this room, or its message was deleted. */
enum gg_status chat_image_in_room(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                                  const char *name) GG_MUSTCHECK;
/* Bytes of all pictures of an owner. */
enum gg_status chat_image_used(struct gg_db *db, struct gg_arena *arena, struct gg_id owner,
                               int64_t *bytes) GG_MUSTCHECK;
/* (tx) A message with this picture was deleted: nobody sees it any more, unless another one of the owner shows it. */
enum gg_status chat_image_hide(struct gg_db *db, struct gg_id room, struct gg_id owner, const char *name,
                               int64_t now) GG_MUSTCHECK;
struct chat_gone_image {
    struct gg_id owner;
    const char *name;
    bool shared; /* somebody else, or another room, has it too: its bytes stay */
};
/* Pictures hidden at `before` or earlier, at most 100; one row less; and when the first of the rest was, or GG_NONE. */
enum gg_status chat_images_gone(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                struct chat_gone_image **images, size_t *n) GG_MUSTCHECK;
enum gg_status chat_image_drop(struct gg_db *db, struct gg_id room, const struct chat_gone_image *image) GG_MUSTCHECK;
enum gg_status chat_images_gone_next(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                                     int64_t *oldest) GG_MUSTCHECK;
/* Pictures that only this owner uploaded, at most 1,000; their rows; and all rows of the owner. */
enum gg_status chat_images_of(struct gg_db *db, struct gg_arena *arena, struct gg_id owner, const char ***names,
                              size_t *n) GG_MUSTCHECK;
enum gg_status chat_images_forget(struct gg_db *db, struct gg_id owner, const char *const *names,
                                  size_t n) GG_MUSTCHECK;
enum gg_status chat_images_forget_all(struct gg_db *db, struct gg_id owner) GG_MUSTCHECK;

/* --- many at once (tx); n at most CHAT_BATCH --- */

#define CHAT_BATCH 128
struct chat_key {
    struct gg_id room, sender, cid;
};
/* Locks these rooms, in id order; `rooms` are those that are there, ascending. `ids` ascending, without repeats. */
enum gg_status chat_rooms_lock(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                               struct chat_room_row **rooms, size_t *found) GG_MUSTCHECK;
/* The same without the locks. */
enum gg_status chat_rooms_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                              struct chat_room_row **rooms, size_t *found) GG_MUSTCHECK;
struct chat_writer {
    struct gg_id room, user;
    const char *nickname;
};
/* Which of these (room, sender) are in, with their nicknames. */
enum gg_status chat_writers(struct gg_db *db, struct gg_arena *arena, const struct chat_key *keys, size_t n,
                            struct chat_writer **writers, size_t *found) GG_MUSTCHECK;
struct chat_stored {
    struct chat_key key;
    int64_t seq;
};
/* Which of these keys stand already. */
enum gg_status chat_stored(struct gg_db *db, struct gg_arena *arena, const struct chat_key *keys, size_t n,
                           struct chat_stored **stored, size_t *found) GG_MUSTCHECK;
enum gg_status chat_entries_insert(struct gg_db *db, struct gg_arena *arena, const struct gg_id *rooms,
                                   const struct chat_entry_row *const *entries, size_t n) GG_MUSTCHECK;
enum gg_status chat_rooms_update(struct gg_db *db, struct gg_arena *arena, const struct chat_room_row *rooms, size_t n,
                                 int64_t now) GG_MUSTCHECK;
/* Who writes has read what stands above: moves the marks of these members to these seqs. */
enum gg_status chat_marks_move(struct gg_db *db, struct gg_arena *arena, const struct chat_stored *marks,
                               size_t n) GG_MUSTCHECK;

#endif
