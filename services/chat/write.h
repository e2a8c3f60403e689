/* services/chat/write.h
 * What people do to the log: messages, many at once; and edits, deletes, reactions and notices, one by one. */
#ifndef SERVICES_CHAT_WRITE_H
#define SERVICES_CHAT_WRITE_H

#include "news.h"
#include "store_log.h"

/* One message on its way in. Stored once per (room, sender, cid): a repeat gets the same seq. */
struct chat_write {
    struct gg_id room, sender;
    const struct chat_send *message;
    /* the outcome */
    const struct gg_problem *problem; /* NULL: it stands at `seq` */
    int64_t seq;
    bool fresh;            /* stored now, not before: `news` tells of it */
    struct chat_news news; /* in the arena */
    struct chat_entry_row _entry;
};
/* (tx) Decides and stores n messages (at most CHAT_BATCH) in their order: a few statements however many there are.
 * Telling the news after the commit is the caller's. `as_new`: does not look whether they stand already, as hardly any
 * does; GG_DUPLICATE when that matters (one does, or one would be refused): then all of it is to be done again, with a
 * look. */
enum gg_status chat_write_messages(struct gg_db *db, struct gg_arena *arena, struct chat_write *writes, size_t n,
                                   bool as_new) GG_MUSTCHECK;

/* (tx) Edit, delete, reaction or notice. `seq` is GG_NONE when nothing changed. The news are told after the commit. */
enum gg_status chat_do(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                       const struct chat_act *act, const struct gg_problem **problem, int64_t *seq) GG_MUSTCHECK;

/* An emoji as it may be put on a message: no letters, digits, spaces or signs of ASCII. */
bool chat_emoji_valid(const char *text);

#endif
