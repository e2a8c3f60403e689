/* services/chat/hub.c
 * Sockets and rooms of this process. */
#include "hub.h"

#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/log.h"
#include "libcommon/map.h"
#include "libcommon/metrics.h"
#include "libcommon/work.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define PAGE        300
#define PENDING_MAX 256          /* entries kept while one before them is missing */
#define HOLE_MS     50           /* after so long it is read from the log */
#define QUEUE_HIGH  (256 * 1024) /* bytes waiting at a socket: it gets no further pages until they are out */
#define TICK_MS     20
#define LOOK_EVERY  (5 * GG_SECOND) /* at the tables, even when no news seem to be lost */
#define LOOK_BACK   (5 * GG_SECOND) /* a transaction may commit after its time */

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

static struct gg_map *rooms;   /* struct hub_room by room id */
static struct gg_map *clients; /* struct client_list by user id */
static struct gg_map *deals;   /* struct watched_deal by deal id */
static LIST_HEAD(, hub_room) busy_rooms = LIST_HEAD_INITIALIZER(busy_rooms);
static int64_t heard_until; /* gg_now() up to which nothing can have been missed */
static int64_t looked_at;   /* gg_mono() */

/* How far rooms have lately got, also those nobody here listens to: what comes in between the look into the tables and
 * the first listener is not missed. A slot that was taken by another room costs a look, five seconds later. */
#define RECENT 4096
static struct {
    struct gg_id room;
    int64_t seq;
} recent[RECENT];

static size_t recent_slot(struct gg_id room)
{
    return ((size_t)room.b[14] << 8 | room.b[15]) % RECENT;
}

static int64_t recently(struct gg_id room)
{
    size_t slot = recent_slot(room);

    return gg_id_equal(recent[slot].room, room) ? recent[slot].seq : 0;
}

static void remember(struct gg_id room, int64_t seq)
{
    size_t slot = recent_slot(room);

    if (gg_id_equal(recent[slot].room, room) && recent[slot].seq >= seq)
        return;
    recent[slot].room = room;
    recent[slot].seq = seq;
}

void chat_send_frame(struct gg_ws *ws, const struct chat_frame_out *frame)
{
    struct gg_buf text;

    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, &chat_frame_out_msg, frame);
    gg_ws_send(ws, gg_buf_str(&text));
    gg_buf_free(&text);
}

/* --- rooms --- */

static struct hub_room *room_of(struct gg_id id, int64_t newest)
{
    struct hub_room *room = gg_map_get(rooms, id);

    if (!room) {
        room = gg_xcalloc(1, sizeof(*room));
        room->id = id;
        room->head = newest;
        LIST_INIT(&room->listeners);
        LIST_INIT(&room->waiters);
        STAILQ_INIT(&room->pending);
        gg_map_put(rooms, id, room);
        room->newest = recently(id);
        room->fill = room->newest > newest;
    }
    if (newest > room->newest)
        room->newest = newest;
    return room;
}

static void drop_pending(struct hub_room *room, struct pending *pending)
{
    STAILQ_REMOVE(&room->pending, pending, pending, next);
    room->n_pending--;
    free(pending);
}

static void forget_if_empty(struct hub_room *room)
{
    if (!LIST_EMPTY(&room->listeners) || !LIST_EMPTY(&room->waiters) || room->reading)
        return;
    while (!STAILQ_EMPTY(&room->pending))
        drop_pending(room, STAILQ_FIRST(&room->pending));
    if (room->busy)
        LIST_REMOVE(room, of_busy);
    gg_map_remove(rooms, room->id);
    free(room);
}

/* Has the tick look at the room. */
static void look_after(struct hub_room *room)
{
    if (room->busy)
        return;
    room->busy = true;
    LIST_INSERT_HEAD(&busy_rooms, room, of_busy);
}

/* --- clients --- */

static void drop_listener(struct listener *listener)
{
    struct hub_room *room = listener->room;

    LIST_REMOVE(listener, of_client);
    LIST_REMOVE(listener, of_room);
    free(listener);
    forget_if_empty(room);
}

static void drop_watcher(struct watcher *watcher)
{
    struct watched_deal *deal = watcher->deal;

    LIST_REMOVE(watcher, of_client);
    LIST_REMOVE(watcher, of_deal);
    free(watcher);
    if (LIST_EMPTY(&deal->watchers)) {
        gg_map_remove(deals, deal->id);
        free(deal);
    }
}

struct chat_client *chat_hub_add(struct gg_ws *ws, struct gg_id user, const struct gg_id *blocked, size_t n)
{
    struct chat_client *client = gg_xcalloc(1, sizeof(*client));
    struct client_list *list = gg_map_get(clients, user);

    if (!list) {
        list = gg_xcalloc(1, sizeof(*list));
        LIST_INIT(list);
        gg_map_put(clients, user, list);
    }
    client->ws = ws;
    client->user = user;
    if (n > 0) {
        client->blocked = gg_xmalloc(n * sizeof(*blocked));
        memcpy(client->blocked, blocked, n * sizeof(*blocked));
        client->n_blocked = n;
    }
    LIST_INIT(&client->listeners);
    LIST_INIT(&client->watched);
    LIST_INSERT_HEAD(list, client, of_user);
    return client;
}

void chat_hub_remove(struct chat_client *client)
{
    struct client_list *list = gg_map_get(clients, client->user);

    while (!LIST_EMPTY(&client->listeners))
        drop_listener(LIST_FIRST(&client->listeners));
    while (!LIST_EMPTY(&client->watched))
        drop_watcher(LIST_FIRST(&client->watched));
    LIST_REMOVE(client, of_user);
    if (LIST_EMPTY(list)) {
        gg_map_remove(clients, client->user);
        free(list);
    }
    free(client->blocked);
    free(client);
}

static bool has_blocked(const struct chat_client *client, struct gg_id user)
{
    for (size_t i = 0; i < client->n_blocked; i++)
        if (gg_id_equal(client->blocked[i], user))
            return true;
    return false;
}

static void set_blocked(struct chat_client *client, struct gg_id user, bool yes)
{
    if (yes == has_blocked(client, user))
        return;
    if (yes) {
        client->blocked = gg_xrealloc(client->blocked, (client->n_blocked + 1) * sizeof(*client->blocked));
        client->blocked[client->n_blocked++] = user;
        return;
    }
    for (size_t i = 0; i < client->n_blocked; i++)
        if (gg_id_equal(client->blocked[i], user))
            client->blocked[i] = client->blocked[--client->n_blocked];
}

static struct listener *listener_of(const struct chat_client *client, struct gg_id room)
{
    struct listener *listener;

    LIST_FOREACH(listener, &client->listeners, of_client)
    if (gg_id_equal(listener->room->id, room))
        return listener;
    return NULL;
}

/* --- delivery --- */

static void send_hidden(struct gg_ws *ws, struct gg_id room, int64_t seq, int64_t at)
{
    struct chat_entry entry = chat_entry_hidden(seq, at);
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.room = room;
    frame.entry = &entry;
    chat_send_frame(ws, &frame);
}

/* Sends one entry to everybody whose turn it is; the frame was encoded once. */
static void deliver(struct hub_room *room, const struct chat_news *news)
{
    struct listener *listener;

    LIST_FOREACH(listener, &room->listeners, of_room)
    {
        struct chat_client *client = listener->client;
        if (listener->sent != news->seq - 1 || news->seq > listener->limit)
            continue;
        if (client->n_blocked > 0 && chat_hides(news->type) && has_blocked(client, news->person))
            send_hidden(client->ws, room->id, news->seq, news->at);
        else
            gg_ws_send(client->ws, news->json);
        listener->sent = news->seq;
        if (news->type == CHAT_ENTRY_LEFT && news->seq > listener->joined && listener->limit == INT64_MAX &&
            gg_id_equal(news->person, client->user))
            listener->limit = news->seq;
    }
}

/* Says good-bye to those who have had all they may see. The room stays, also when it becomes empty. */
static void part(struct hub_room *room)
{
    struct listener *listener = LIST_FIRST(&room->listeners);

    while (listener) {
        struct listener *next = LIST_NEXT(listener, of_room);
        if (listener->sent >= listener->limit) {
            struct chat_frame_out frame;
            gg_msg_init(&chat_frame_out_msg, &frame);
            frame.room = room->id;
            frame.left = true;
            chat_send_frame(listener->client->ws, &frame);
            LIST_REMOVE(listener, of_client);
            LIST_REMOVE(listener, of_room);
            free(listener);
        }
        listener = next;
    }
}

static void wake_waiters(struct hub_room *room, int64_t mono)
{
    struct waiter *waiter = LIST_FIRST(&room->waiters);

    while (waiter) {
        struct waiter *next = LIST_NEXT(waiter, next);
        if (waiter->after < room->newest || waiter->deadline <= mono || gg_draining()) {
            LIST_REMOVE(waiter, next);
            gg_wake(waiter->call);
            free(waiter);
        }
        waiter = next;
    }
}

/* The entry after head: it and those that waited for it are delivered. */
static void advance(struct hub_room *room, const struct chat_news *news)
{
    struct pending *first;

    deliver(room, news);
    room->head = news->seq;
    while ((first = STAILQ_FIRST(&room->pending)) && first->news.seq <= room->head + 1) {
        if (first->news.seq == room->head + 1) {
            deliver(room, &first->news);
            room->head++;
        }
        drop_pending(room, first);
    }
    part(room);
}

/* An entry as it waits: the frame stands behind it in the same block. */
static struct pending *pending_of(const struct chat_news *news)
{
    struct pending *pending = gg_xcalloc(1, sizeof(*pending) + news->json.n);

    memcpy(pending + 1, news->json.p, news->json.n);
    pending->news = *news;
    pending->news.json.p = (const char *)(pending + 1);
    return pending;
}

/* Keeps an entry until those before it have come. */
static void keep(struct hub_room *room, const struct chat_news *news)
{
    struct pending *before = NULL, *kept;

    for (struct pending *p = STAILQ_FIRST(&room->pending); p && p->news.seq <= news->seq; p = STAILQ_NEXT(p, next)) {
        if (p->news.seq == news->seq)
            return;
        before = p;
    }
    if (room->n_pending >= PENDING_MAX) {
        room->fill = true;
        return;
    }
    kept = pending_of(news);
    if (before)
        STAILQ_INSERT_AFTER(&room->pending, before, kept, next);
    else
        STAILQ_INSERT_HEAD(&room->pending, kept, next);
    if (room->n_pending++ == 0)
        room->hole_since = gg_mono();
}

/* --- reading the log: from the listener who is farthest behind, one page at a time --- */

struct read_job {
    struct gg_job job;
    struct gg_id room;
    int64_t after;
    struct chat_entry_row *entries;
    struct chat_news *news;
    size_t n;
    enum gg_status status;
};

static void read_run(struct gg_job *job, struct gg_worker *worker)
{
    struct read_job *read = (struct read_job *)job;

    read->status =
        chat_entries(worker->db, job->arena, read->room, read->after, INT64_MAX, PAGE, &read->entries, &read->n);
    if (read->status != GG_OK)
        return;
    read->news = GG_NEW_ARRAY(job->arena, struct chat_news, read->n);
    for (size_t i = 0; i < read->n; i++)
        read->news[i] = chat_news_of_entry(job->arena, read->room, &read->entries[i]);
}

static void read_on(struct hub_room *room);

static void read_done(struct gg_job *job)
{
    struct read_job *read = (struct read_job *)job;
    struct hub_room *room = gg_map_get(rooms, read->room);
    bool ok = !job->expired && read->status == GG_OK;

    for (size_t i = 0; ok && i < read->n; i++) {
        if (read->news[i].seq > room->newest)
            room->newest = read->news[i].seq;
        if (read->news[i].seq == room->head + 1)
            advance(room, &read->news[i]);
        else
            deliver(room, &read->news[i]);
    }
    if (room->head >= room->newest)
        room->fill = false;
    part(room); /* keeps the room: `reading` still stands when it becomes empty */
    wake_waiters(room, gg_mono());
    room->reading = false;
    if (ok && read->n > 0)
        read_on(room);
    else
        look_after(room);
    forget_if_empty(room);
    gg_arena_destroy(job->arena);
}

/* Reads the next page if anybody is behind. */
static void read_on(struct hub_room *room)
{
    struct listener *listener;
    struct gg_arena *arena;
    struct read_job *read;
    int64_t behind = INT64_MAX, until = room->fill ? room->newest : room->head;

    if (room->reading)
        return;
    LIST_FOREACH(listener, &room->listeners, of_room)
    {
        if (listener->sent >= behind || listener->sent >= listener->limit || listener->sent >= until)
            continue;
        if (gg_ws_queued(listener->client->ws) > QUEUE_HIGH)
            look_after(room); /* when it has taken what waits for it */
        else
            behind = listener->sent;
    }
    if (behind >= until)
        return;
    arena = gg_arena_create();
    read = GG_NEW(arena, struct read_job);
    read->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = read_run, .done = read_done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    read->room = room->id;
    read->after = behind;
    room->reading = gg_work_submit(&read->job);
    if (!room->reading) {
        look_after(room);
        gg_arena_destroy(arena);
    }
}

/* Every few milliseconds: holes that have lasted, sockets that have room again, reads that failed. */
static void tick(void *arg GG_UNUSED)
{
    struct hub_room *room = LIST_FIRST(&busy_rooms);
    int64_t now = gg_mono();

    while (room) {
        struct hub_room *next = LIST_NEXT(room, of_busy);
        LIST_REMOVE(room, of_busy);
        room->busy = false;
        if (room->head < room->newest && now - room->hole_since >= HOLE_MS)
            room->fill = true;
        if (room->head < room->newest && !room->fill)
            look_after(room);
        read_on(room);
        room = next;
    }
}

void chat_hub_listen(struct chat_client *client, struct gg_id room_id, int64_t joined, int64_t position, int64_t newest,
                     int64_t limit)
{
    struct hub_room *room;
    struct listener *listener = listener_of(client, room_id);

    if (listener && listener->limit == INT64_MAX)
        return;
    if (listener) /* reads what was before it left, and is back */
        drop_listener(listener);
    room = room_of(room_id, newest);
    listener = gg_xcalloc(1, sizeof(*listener));
    *listener = (struct listener){.client = client, .room = room, .joined = joined, .sent = position, .limit = limit};
    LIST_INSERT_HEAD(&client->listeners, listener, of_client);
    LIST_INSERT_HEAD(&room->listeners, listener, of_room);
    if (room->head < room->newest) {
        room->fill = true;
        look_after(room);
    }
    if (position >= limit)
        part(room);
    else
        read_on(room);
    forget_if_empty(room);
}

bool chat_hub_resume(struct chat_client *client, struct gg_id room, int64_t seq)
{
    struct listener *listener = listener_of(client, room);

    if (!listener)
        return false;
    if (seq < listener->sent)
        listener->sent = seq;
    read_on(listener->room);
    return true;
}

bool chat_hub_listens(const struct chat_client *client, struct gg_id room)
{
    const struct listener *listener = listener_of(client, room);

    return listener && listener->limit == INT64_MAX;
}

void chat_hub_watch(struct chat_client *client, const struct chat_watched *watched, size_t n)
{
    while (!LIST_EMPTY(&client->watched))
        drop_watcher(LIST_FIRST(&client->watched));
    for (size_t i = 0; i < n; i++) {
        struct watched_deal *deal = gg_map_get(deals, watched[i].deal);
        struct watcher *watcher = gg_xcalloc(1, sizeof(*watcher));
        if (!deal) {
            deal = gg_xcalloc(1, sizeof(*deal));
            deal->id = watched[i].deal;
            LIST_INIT(&deal->watchers);
            gg_map_put(deals, deal->id, deal);
        }
        watcher->client = client;
        watcher->deal = deal;
        LIST_INSERT_HEAD(&client->watched, watcher, of_client);
        LIST_INSERT_HEAD(&deal->watchers, watcher, of_deal);
    }
}

void chat_hub_ping(struct chat_client *client)
{
    struct listener *listener;
    struct chat_frame_out frame;
    struct chat_position *positions;
    struct gg_arena *arena = gg_arena_create();
    size_t n = 0;

    LIST_FOREACH(listener, &client->listeners, of_client)
    n++;
    positions = GG_NEW_ARRAY(arena, struct chat_position, n);
    n = 0;
    LIST_FOREACH(listener, &client->listeners, of_client)
    {
        int64_t newest = listener->room->newest;
        positions[n++] =
            (struct chat_position){listener->room->id, newest < listener->limit ? newest : listener->limit};
    }
    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.ping = true;
    frame.positions = (struct gg_list){positions, n};
    chat_send_frame(client->ws, &frame);
    gg_arena_destroy(arena);
}

/* --- requests that wait --- */

void chat_hub_wait(struct gg_call *call, struct gg_id room_id, int64_t after, int64_t deadline)
{
    struct hub_room *room = room_of(room_id, after);
    struct waiter *waiter = gg_xcalloc(1, sizeof(*waiter));

    *waiter = (struct waiter){.call = call, .after = after, .deadline = deadline};
    LIST_INSERT_HEAD(&room->waiters, waiter, next);
    wake_waiters(room, gg_mono());
    forget_if_empty(room);
}

/* --- what comes in --- */

/* The room has reached `newest`; with it (or before) `joined` came in, whose sockets here begin to listen. */
static void room_changed(struct gg_id room_id, struct gg_id joined, int64_t from, int64_t newest)
{
    struct client_list *list = gg_id_is_zero(joined) ? NULL : gg_map_get(clients, joined);
    struct chat_client *client;
    struct hub_room *room;

    if (list)
        LIST_FOREACH(client, list, of_user)
    chat_hub_listen(client, room_id, from, from - 1, newest, INT64_MAX);
    room = gg_map_get(rooms, room_id);
    if (!room || newest <= room->head)
        return;
    if (newest > room->newest)
        room->newest = newest;
    room->fill = true;
    wake_waiters(room, gg_mono());
    read_on(room);
    forget_if_empty(room);
}

static void heard_entry(const struct chat_news *news)
{
    struct client_list *list = news->type == CHAT_ENTRY_JOINED ? gg_map_get(clients, news->person) : NULL;
    struct chat_client *client;
    struct hub_room *room;

    if (list)
        LIST_FOREACH(client, list, of_user)
    chat_hub_listen(client, news->subject, news->seq, news->seq - 1, news->seq - 1, INT64_MAX);
    remember(news->subject, news->seq);
    room = gg_map_get(rooms, news->subject);
    if (!room || news->seq <= room->head)
        return;
    if (news->seq > room->newest)
        room->newest = news->seq;
    if (news->seq == room->head + 1) {
        advance(room, news);
    } else {
        keep(room, news);
        look_after(room);
    }
    wake_waiters(room, gg_mono());
    forget_if_empty(room);
}

static void heard_typing(const struct chat_news *news)
{
    struct hub_room *room = gg_map_get(rooms, news->subject);
    struct listener *listener;

    if (!room)
        return;
    LIST_FOREACH(listener, &room->listeners, of_room)
    if (listener->limit == INT64_MAX && !gg_id_equal(listener->client->user, news->person) &&
        !has_blocked(listener->client, news->person))
        gg_ws_send(listener->client->ws, news->json);
}

static void heard(const struct chat_news *news)
{
    struct client_list *list;
    struct chat_client *client;
    struct watched_deal *deal;
    struct watcher *watcher;

    switch (news->kind) {
    case CHAT_NEWS_ENTRY:
        heard_entry(news);
        break;
    case CHAT_NEWS_TYPING:
        heard_typing(news);
        break;
    case CHAT_NEWS_USER:
        list = gg_map_get(clients, news->subject);
        if (list)
            LIST_FOREACH(client, list, of_user)
        gg_ws_send(client->ws, news->json);
        break;
    case CHAT_NEWS_BLOCK:
        list = gg_map_get(clients, news->subject);
        if (list)
            LIST_FOREACH(client, list, of_user)
        set_blocked(client, news->person, news->type != 0);
        break;
    case CHAT_NEWS_DEAL:
        deal = gg_map_get(deals, news->subject);
        if (deal)
            LIST_FOREACH(watcher, &deal->watchers, of_deal)
        gg_ws_send(watcher->client->ws, news->json);
        break;
    }
}

/* --- a look into the tables: while Redis is away, once when it is back, and now and then in any case --- */

struct look_job {
    struct gg_job job;
    int64_t since, started;
    bool after_loss; /* counts and progress may be stale too */
    struct chat_member_row *changed;
    struct chat_inbox_row *inboxes;
    struct chat_progress *progress;
    size_t n, n_inboxes, n_progress;
    enum gg_status status;
};
static bool looking, lost;

static void look_run(struct gg_job *job, struct gg_worker *worker)
{
    struct look_job *l = (struct look_job *)job;

    l->status = chat_rooms_changed(worker->db, job->arena, l->since, &l->changed, &l->n);
    if (l->status == GG_OK && l->after_loss)
        l->status = chat_inboxes_changed(worker->db, job->arena, l->since, &l->inboxes, &l->n_inboxes);
    if (l->status == GG_OK && l->after_loss)
        l->status = chat_progress_changed(worker->db, job->arena, l->since, &l->progress, &l->n_progress);
}

static void look_done(struct gg_job *job)
{
    struct look_job *l = (struct look_job *)job;

    looking = false;
    if (job->expired || l->status != GG_OK) {
        lost = lost || l->after_loss;
    } else {
        for (size_t i = 0; i < l->n; i++)
            room_changed(l->changed[i].room, l->changed[i].user, l->changed[i].joined_seq, l->changed[i].last_seq);
        for (size_t i = 0; i < l->n_inboxes; i++) {
            struct chat_news news = chat_news_of_inbox(job->arena, l->inboxes[i].user, l->inboxes[i].unread);
            heard(&news);
        }
        for (size_t i = 0; i < l->n_progress; i++) {
            struct chat_news news = chat_news_of_progress(job->arena, &l->progress[i]);
            heard(&news);
        }
        heard_until = l->started;
    }
    gg_arena_destroy(job->arena);
}

static void look(void)
{
    struct gg_arena *arena;
    struct look_job *l;

    if (looking || gg_map_count(rooms) + gg_map_count(clients) == 0)
        return;
    arena = gg_arena_create();
    l = GG_NEW(arena, struct look_job);
    l->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = look_run, .done = look_done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    l->since = heard_until - LOOK_BACK;
    l->started = gg_now();
    l->after_loss = lost || !gg_redis_subscribed();
    looking = gg_work_submit(&l->job);
    if (looking) {
        lost = false;
        looked_at = gg_mono();
    } else {
        gg_arena_destroy(arena);
    }
}

static void lost_some(void)
{
    lost = true;
    look();
}

static void expire_waiters(struct gg_id id GG_UNUSED, void *value, void *arg GG_UNUSED)
{
    struct hub_room *room = value;

    if (LIST_EMPTY(&room->waiters))
        return;
    wake_waiters(room, gg_mono());
    forget_if_empty(room);
}

static void every_second(void *arg GG_UNUSED)
{
    if (gg_map_count(rooms) + gg_map_count(clients) == 0)
        heard_until = gg_now();
    if (!gg_redis_subscribed() || lost || gg_mono() - looked_at >= LOOK_EVERY)
        look();
    gg_map_each(rooms, expire_waiters, NULL);
    gg_gauge("chat_users_connected", "", (int64_t)gg_map_count(clients));
    gg_gauge("chat_rooms_listened", "", (int64_t)gg_map_count(rooms));
}

void chat_hub_start(void)
{
    rooms = gg_map_create();
    clients = gg_map_create();
    deals = gg_map_create();
    heard_until = gg_now();
    chat_news_start(heard, lost_some);
    gg_loop_every(GG_SECOND, every_second, NULL);
    gg_loop_every(TICK_MS, tick, NULL);
}
