/* services/chat/hub_internal.h
 * What hub.c (sockets of people, what comes in) and hub_room.c (rooms and what is sent to their listeners) share. */
#ifndef SERVICES_CHAT_HUB_INTERNAL_H
#define SERVICES_CHAT_HUB_INTERNAL_H

#include "hub.h"
#include "room.h"

#include <sys/queue.h>

/* One socket listening to one room. In two lists: of the client and of the room. */
struct listener {
    struct chat_client *client;
    struct hub_room *room;
    int64_t joined; /* lines about earlier comings and goings are history */
    int64_t sent;   /* everything up to here was queued */
    int64_t limit;  /* nothing above this is sent */
    LIST_ENTRY(listener) of_client, of_room;
};
struct watcher {
    struct chat_client *client;
    struct watched_deal *deal;
    LIST_ENTRY(watcher) of_client, of_deal;
};
struct watched_deal {
    struct gg_id id;
    LIST_HEAD(, watcher) watchers;
};
struct waiter {
    struct gg_call *call;
    int64_t after, deadline;
    LIST_ENTRY(waiter) next;
};
struct chat_client {
    struct gg_ws *ws;
    struct gg_id user;
    struct gg_id *blocked;
    size_t n_blocked;
    LIST_HEAD(, listener) listeners;
    LIST_HEAD(, watcher) watched;
    LIST_ENTRY(chat_client) of_user;
};
LIST_HEAD(client_list, chat_client);
/* An entry that came before its turn. */
struct pending {
    struct chat_news news; /* the frame stands behind it */
    STAILQ_ENTRY(pending) next;
};
/* A room somebody here listens to or waits for. */
struct hub_room {
    struct gg_id id;
    int64_t newest; /* known to exist */
    int64_t head;   /* up to here entries have come in order; who is behind this reads the log */
    bool reading;   /* a job is out; at most one per room */
    bool busy;      /* in the list of rooms the tick looks at */
    bool fill;      /* what lies above head is read from the log, not waited for */
    int64_t hole_since;
    size_t n_pending;
    STAILQ_HEAD(, pending) pending; /* ascending seq */
    LIST_HEAD(, listener) listeners;
    LIST_HEAD(, waiter) waiters;
    LIST_ENTRY(hub_room) of_busy;
};

/* --- hub_room.c --- */

/* Starts the timer that looks at holes and slow readers. Once. */
void hub_rooms_start(void);
/* Rooms somebody here listens to or waits for. */
size_t hub_rooms_count(void);
/* An entry that is new, in whatever order: sent to whom it is the next one, kept for the others. */
void hub_room_heard(const struct chat_news *news);
/* The room has reached `newest`, as a look into the tables says: what is missing is read from the log. */
void hub_room_reached(struct gg_id room, int64_t newest);
/* Somebody is typing. */
void hub_room_typing(const struct chat_news *news);
/* Ends the listening; the room goes when nobody else is in it. */
void hub_drop_listener(struct listener *listener);
/* Wakes requests whose time is up. */
void hub_rooms_wake(void);

/* --- hub.c --- */

bool hub_has_blocked(const struct chat_client *client, struct gg_id user);

#endif
