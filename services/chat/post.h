/* services/chat/post.h
 * Messages on their way into the log: those that come while a transaction commits wait and go with the next one
 * together. Rooms are dealt out to a few lanes, and a lane has one transaction under way, so that what one socket sends
 * keeps its order. Loop thread. */
#ifndef SERVICES_CHAT_POST_H
#define SERVICES_CHAT_POST_H

#include "write.h"

#include <sys/queue.h>

struct chat_post {
    struct gg_arena *arena; /* owned; holds the post itself and the message */
    struct chat_write write;
    uint64_t ws;
    int64_t frame;
    enum gg_status status; /* GG_OK: see write */
    STAILQ_ENTRY(chat_post) next;
};

/* Hands the post over; `done` gets it back, on the loop, with its outcome. False when too many wait: the caller keeps
 * it. */
bool chat_post(struct chat_post *post) GG_MUSTCHECK;
void chat_post_start(void (*done)(struct chat_post *post));

#endif
