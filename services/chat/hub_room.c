/* services/chat/hub_room.c
 * Rooms of this process: who listens, what they had, what is missing and read from the log. */
#include "hub_internal.h"
#include "libcommon/clock.h"
#include "libcommon/map.h"
#include "libcommon/work.h"

#include <stdlib.h>
#include <string.h>

#define PAGE        300
#define PENDING_MAX 256          /* entries kept while one before them is missing */
#define HOLE_MS     50           /* after so long it is read from the log */
#define QUEUE_HIGH  (256 * 1024) /* bytes waiting at a socket: it gets no further pages until they are out */
#define TICK_MS     20

static struct gg_map *rooms; /* struct hub_room by room id */
static LIST_HEAD(, hub_room) busy_rooms = LIST_HEAD_INITIALIZER(busy_rooms);

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

void hub_drop_listener(struct listener *listener)
{
    struct hub_room *room = listener->room;

    LIST_REMOVE(listener, of_client);
    LIST_REMOVE(listener, of_room);
    free(listener);
    forget_if_empty(room);
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
        if (client->n_blocked > 0 && chat_hides(news->type) && hub_has_blocked(client, news->person))
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
        hub_drop_listener(listener);
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

void hub_room_reached(struct gg_id id, int64_t newest)
{
    struct hub_room *room = gg_map_get(rooms, id);

    if (!room || newest <= room->head)
        return;
    if (newest > room->newest)
        room->newest = newest;
    room->fill = true;
    wake_waiters(room, gg_mono());
    read_on(room);
    forget_if_empty(room);
}

void hub_room_heard(const struct chat_news *news)
{
    struct hub_room *room;

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

void hub_room_typing(const struct chat_news *news)
{
    struct hub_room *room = gg_map_get(rooms, news->subject);
    struct listener *listener;

    if (!room)
        return;
    LIST_FOREACH(listener, &room->listeners, of_room)
    if (listener->limit == INT64_MAX && !gg_id_equal(listener->client->user, news->person) &&
        !hub_has_blocked(listener->client, news->person))
        gg_ws_send(listener->client->ws, news->json);
}

static void expire_waiters(struct gg_id id GG_UNUSED, void *value, void *arg GG_UNUSED)
{
    struct hub_room *room = value;

    if (LIST_EMPTY(&room->waiters))
        return;
    wake_waiters(room, gg_mono());
    forget_if_empty(room);
}

void hub_rooms_wake(void)
{
    gg_map_each(rooms, expire_waiters, NULL);
}

size_t hub_rooms_count(void)
{
    return gg_map_count(rooms);
}

void hub_rooms_start(void)
{
    rooms = gg_map_create();
    gg_loop_every(TICK_MS, tick, NULL);
}
