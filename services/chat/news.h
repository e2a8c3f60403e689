/* services/chat/news.h
 * What the instances tell each other through Redis. A piece of news that is lost costs time and nothing else: entries
 * stand in the log, counts and progress in their tables, and the hub looks there. */
#ifndef SERVICES_CHAT_NEWS_H
#define SERVICES_CHAT_NEWS_H

#include "store_log.h"

enum chat_news_kind {
    CHAT_NEWS_ENTRY = 'E',  /* subject: the room; person: the sender; type, seq; json: the frame */
    CHAT_NEWS_TYPING = 'T', /* subject: the room; person: who writes; json: the frame */
    CHAT_NEWS_USER = 'U',   /* subject: the user; json: a frame for all his sockets */
    CHAT_NEWS_BLOCK = 'B',  /* subject: the user; person: whom he blocks; type 0: no longer */
    CHAT_NEWS_DEAL = 'D'    /* subject: the deal; json: the frame */
};
struct chat_news {
    enum chat_news_kind kind;
    struct gg_id subject, person;
    int type;
    int64_t seq, at;
    struct gg_str json;
};

/* News of an entry; the frame is encoded here, once for all readers, in the arena. Any thread. */
struct chat_news chat_news_of_entry(struct gg_arena *arena, struct gg_id room, const struct chat_entry_row *entry);
/* News of the other kinds: the frame in the arena. */
struct chat_news chat_news_of_inbox(struct gg_arena *arena, struct gg_id user, int64_t unread);
struct chat_news chat_news_of_mark(struct gg_arena *arena, struct gg_id user, struct gg_id room, int64_t seq,
                                   int64_t unread);
struct chat_news chat_news_of_progress(struct gg_arena *arena, const struct chat_progress *progress);
struct chat_news chat_news_of_typing(struct gg_arena *arena, struct gg_id room, struct gg_id user);

/* (tx, any worker) Tells it after the commit; copied. */
void chat_news_after_commit(struct gg_db *db, const struct chat_news *news);
/* Tells it from a worker that is not in a transaction; copied. */
void chat_news_post(const struct chat_news *news);
/* Tells it: this process at once, the others through Redis. Loop thread. */
void chat_news_tell(const struct chat_news *news);

/* Starts listening; `on_news` gets every piece of news, `on_lost` is called when some may have been missed. Once. */
void chat_news_start(void (*on_news)(const struct chat_news *news), void (*on_lost)(void));

#endif
