/* services/chat/hub.c
 * Sockets and rooms of this process. */
#include "hub.h"

#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/log.h"
#include "libcommon/map.h"
#include "libcommon/metrics.h"
#include "libcommon/text.h"
#include "room.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define CHANNEL_ROOM  "chat.room"
#define CHANNEL_INBOX "chat.inbox"
#define PAGE          300

/* One socket listening to one room. In two lists: of the client and of the room. */
struct listener {
    struct chat_client *client;
    struct hub_room *room;
    int64_t joined; /* lines about earlier comings and goings are history */
    int64_t sent;   /* everything up to here was queued */
    int64_t limit;  /* nothing above this is sent */
    LIST_ENTRY(listener) of_client, of_room;
};
struct chat_client {
    struct gg_ws *ws;
    struct gg_id user;
    LIST_HEAD(, listener) listeners;
    LIST_ENTRY(chat_client) of_user;
};
LIST_HEAD(client_list, chat_client);
/* A room somebody here listens to. */
struct hub_room {
    struct gg_id id;
    int64_t newest; /* known to exist */
    bool reading;   /* a job is out; at most one per room */
    LIST_HEAD(, listener) listeners;
};

static struct gg_map *rooms;   /* struct hub_room by room id */
static struct gg_map *clients; /* struct client_list by user id */
static int64_t heard_until;    /* gg_now() up to which no announcement can have been missed */

void chat_send_frame(struct gg_ws *ws, const struct chat_frame_out *frame)
{
    struct gg_buf text;

    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, &chat_frame_out_msg, frame);
    gg_ws_send(ws, gg_buf_str(&text));
    gg_buf_free(&text);
}

/* --- announcements --- */

struct announcement {
    struct gg_redis *redis;
    const char *channel, *text;
};

static void publish(void *arg)
{
    struct announcement *announcement = arg;

    /* Unheard announcements are made up for by looking into the log once a second while Redis is away. */
    if (gg_redis_publish(announcement->redis, announcement->channel,
                         (struct gg_str){announcement->text, strlen(announcement->text)}) != GG_OK)
        gg_count("chat_announcements_lost_total", "", 1);
}

static void announce(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, const char *channel,
                     const char *text)
{
    struct announcement *announcement = GG_NEW(arena, struct announcement);

    *announcement = (struct announcement){redis, channel, text};
    gg_db_after_commit(db, publish, announcement);
}

void chat_hub_wake_after_commit(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id room,
                                int64_t seq, struct gg_id joined)
{
    char room_text[GG_ID_TEXT], joined_text[GG_ID_TEXT];

    gg_id_format(room, room_text);
    gg_id_format(joined, joined_text);
    announce(db, arena, redis, CHANNEL_ROOM, gg_sprintf(arena, "%s %s %" PRId64, room_text, joined_text, seq));
}

void chat_hub_inbox_after_commit(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id user,
                                 int64_t unread)
{
    char user_text[GG_ID_TEXT];

    gg_id_format(user, user_text);
    announce(db, arena, redis, CHANNEL_INBOX, gg_sprintf(arena, "%s %" PRId64, user_text, unread));
}

/* --- listeners --- */

static void drop_listener(struct listener *listener)
{
    struct hub_room *room = listener->room;

    LIST_REMOVE(listener, of_client);
    LIST_REMOVE(listener, of_room);
    free(listener);
    if (LIST_EMPTY(&room->listeners) && !room->reading) {
        gg_map_remove(rooms, room->id);
        free(room);
    }
}

struct chat_client *chat_hub_add(struct gg_ws *ws, struct gg_id user)
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
    LIST_INIT(&client->listeners);
    LIST_INSERT_HEAD(list, client, of_user);
    return client;
}

void chat_hub_remove(struct chat_client *client)
{
    struct client_list *list = gg_map_get(clients, client->user);

    while (!LIST_EMPTY(&client->listeners))
        drop_listener(LIST_FIRST(&client->listeners));
    LIST_REMOVE(client, of_user);
    if (LIST_EMPTY(list)) {
        gg_map_remove(clients, client->user);
        free(list);
    }
    free(client);
}

/* Sends one entry to everybody whose turn it is, encoded once. */
static void deliver(struct hub_room *room, struct gg_arena *arena, const struct chat_entry_row *row)
{
    struct listener *listener;
    struct chat_entry entry;
    struct chat_frame_out frame;
    struct gg_buf text;
    struct gg_str encoded;

    gg_msg_init(&chat_frame_out_msg, &frame);
    chat_entry_view(arena, row, &entry);
    frame.room = room->id;
    frame.entry = &entry;
    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, &chat_frame_out_msg, &frame);
    encoded = gg_buf_str(&text);
    LIST_FOREACH(listener, &room->listeners, of_room)
    {
        bool leaves = row->type == CHAT_ENTRY_LEFT && row->seq > listener->joined &&
                      gg_id_equal(row->sender, listener->client->user);
        if (listener->sent != row->seq - 1 || row->seq > listener->limit)
            continue;
        gg_ws_send(listener->client->ws, encoded);
        listener->sent = row->seq;
        if (leaves && listener->limit == INT64_MAX)
            listener->limit = row->seq;
    }
    gg_buf_free(&text);
}

/* Says good-bye to those who have had all they may see. */
static void part(struct hub_room *room)
{
    struct listener *listener = LIST_FIRST(&room->listeners);

    while (listener) {
        struct listener *next = LIST_NEXT(listener, of_room);
        if (listener->sent >= listener->limit) {
            struct chat_frame_out frame;
            bool last = !next && LIST_FIRST(&room->listeners) == listener;
            gg_msg_init(&chat_frame_out_msg, &frame);
            frame.room = room->id;
            frame.left = true;
            chat_send_frame(listener->client->ws, &frame);
            drop_listener(listener);
            if (last) /* the room went with it */
                return;
        }
        listener = next;
    }
}

/* --- reading the log: from the listener who is farthest behind, one page at a time --- */

struct read_job {
    struct gg_job job;
    struct gg_id room;
    int64_t after, up_to;
    struct chat_entry_row *entries;
    size_t n;
    enum gg_status status;
};

static void read_run(struct gg_job *job, struct gg_worker *worker)
{
    struct read_job *read = (struct read_job *)job;

    read->status =
        chat_entries(worker->db, job->arena, read->room, read->after, INT64_MAX, PAGE, &read->entries, &read->n);
}

static void read_on(struct hub_room *room);

static void read_done(struct gg_job *job)
{
    struct read_job *read = (struct read_job *)job;
    struct hub_room *room = gg_map_get(rooms, read->room);
    bool ok = !job->expired && read->status == GG_OK;

    if (ok && read->n > 0 && read->entries[read->n - 1].seq > room->newest)
        room->newest = read->entries[read->n - 1].seq;
    for (size_t i = 0; ok && i < read->n; i++)
        deliver(room, job->arena, &read->entries[i]);
    part(room); /* keeps the room: `reading` still stands when it becomes empty */
    room->reading = false;
    if (LIST_EMPTY(&room->listeners)) {
        gg_map_remove(rooms, room->id);
        free(room);
    } else if (ok) {
        read_on(room);
    }
    gg_arena_destroy(job->arena);
}

/* Reads the next page if anybody is behind. After a failure the one-second look does it again. */
static void read_on(struct hub_room *room)
{
    struct listener *listener;
    struct gg_arena *arena;
    struct read_job *read;
    int64_t behind = INT64_MAX;

    if (room->reading)
        return;
    LIST_FOREACH(listener, &room->listeners, of_room)
    if (listener->sent < behind && listener->sent < listener->limit)
        behind = listener->sent;
    if (behind >= room->newest)
        return;
    arena = gg_arena_create();
    read = GG_NEW(arena, struct read_job);
    read->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = read_run, .done = read_done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    read->room = room->id;
    read->after = behind;
    room->reading = gg_work_submit(&read->job);
    if (!room->reading)
        gg_arena_destroy(arena);
}

void chat_hub_listen(struct chat_client *client, struct gg_id room_id, int64_t joined, int64_t position, int64_t newest,
                     int64_t limit)
{
    struct hub_room *room = gg_map_get(rooms, room_id);
    struct listener *listener;

    LIST_FOREACH(listener, &client->listeners, of_client)
    if (gg_id_equal(listener->room->id, room_id))
        return;
    if (!room) {
        room = gg_xcalloc(1, sizeof(*room));
        room->id = room_id;
        LIST_INIT(&room->listeners);
        gg_map_put(rooms, room_id, room);
    }
    if (newest > room->newest)
        room->newest = newest;
    listener = gg_xcalloc(1, sizeof(*listener));
    *listener = (struct listener){.client = client, .room = room, .joined = joined, .sent = position, .limit = limit};
    LIST_INSERT_HEAD(&client->listeners, listener, of_client);
    LIST_INSERT_HEAD(&room->listeners, listener, of_room);
    if (position >= limit)
        part(room);
    else
        read_on(room);
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
    positions[n++] = (struct chat_position){listener->room->id, listener->room->newest};
    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.ping = true;
    frame.positions = (struct gg_list){positions, n};
    chat_send_frame(client->ws, &frame);
    gg_arena_destroy(arena);
}

/* --- what comes in --- */

/* The room has reached `seq`; with it `joined` came in, whose sockets here begin to listen. */
static void room_changed(struct gg_id room_id, struct gg_id joined, int64_t from, int64_t newest)
{
    struct client_list *list = gg_id_is_zero(joined) ? NULL : gg_map_get(clients, joined);
    struct chat_client *client;
    struct hub_room *room;

    if (list)
        LIST_FOREACH(client, list, of_user)
    chat_hub_listen(client, room_id, from, from - 1, newest, INT64_MAX);
    room = gg_map_get(rooms, room_id);
    if (!room)
        return;
    if (newest > room->newest)
        room->newest = newest;
    read_on(room);
}

static bool parse_id(struct gg_str text, size_t at, struct gg_id *id)
{
    return text.n >= at + 36 && gg_id_parse((struct gg_str){text.p + at, 36}, id);
}

static void look(void);

static void heard_room(const char *channel GG_UNUSED, struct gg_str text, void *arg GG_UNUSED)
{
    struct gg_id room, joined;
    int64_t seq;

    if (!text.p) {
        look();
        return;
    }
    if (parse_id(text, 0, &room) && parse_id(text, 37, &joined) && text.n > 74 &&
        gg_parse_i64((struct gg_str){text.p + 74, text.n - 74}, 1, INT64_MAX, &seq))
        room_changed(room, joined, seq, seq);
}

static void heard_inbox(const char *channel GG_UNUSED, struct gg_str text, void *arg GG_UNUSED)
{
    struct client_list *list;
    struct chat_client *client;
    struct chat_frame_inbox inbox;
    struct chat_frame_out frame;
    struct gg_id user;

    if (!text.p || !parse_id(text, 0, &user) || text.n < 38 ||
        !gg_parse_i64((struct gg_str){text.p + 37, text.n - 37}, 0, GG_WIRE_MAX, &inbox.unread))
        return;
    list = gg_map_get(clients, user);
    if (!list)
        return;
    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.inbox = &inbox;
    LIST_FOREACH(client, list, of_user)
    chat_send_frame(client->ws, &frame);
}

/* --- while Redis is away, and once when it is back: look into the tables --- */

struct look_job {
    struct gg_job job;
    int64_t since, started;
    struct chat_member_row *changed;
    size_t n;
    enum gg_status status;
};
static bool looking;

static void look_run(struct gg_job *job, struct gg_worker *worker)
{
    struct look_job *l = (struct look_job *)job;

    l->status = chat_rooms_changed(worker->db, job->arena, l->since, &l->changed, &l->n);
}

static void look_done(struct gg_job *job)
{
    struct look_job *l = (struct look_job *)job;

    looking = false;
    if (!job->expired && l->status == GG_OK) {
        for (size_t i = 0; i < l->n; i++)
            room_changed(l->changed[i].room, l->changed[i].user, l->changed[i].joined_seq, l->changed[i].last_seq);
        heard_until = l->started;
    }
    gg_arena_destroy(job->arena);
}

/* Goes back a little behind what was heard: a transaction may commit after its time. */
static void look(void)
{
    struct gg_arena *arena;
    struct look_job *l;

    if (looking || gg_map_count(clients) == 0)
        return;
    arena = gg_arena_create();
    l = GG_NEW(arena, struct look_job);
    l->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = look_run, .done = look_done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    l->since = heard_until - 5 * GG_SECOND;
    l->started = gg_now();
    looking = gg_work_submit(&l->job);
    if (!looking)
        gg_arena_destroy(arena);
}

static void read_on_each(struct gg_id id GG_UNUSED, void *room, void *arg GG_UNUSED)
{
    read_on(room);
}

static void every_second(void *arg GG_UNUSED)
{
    if (gg_redis_subscribed() && !looking)
        heard_until = gg_now();
    else
        look();
    gg_map_each(rooms, read_on_each, NULL); /* pages that failed are read again */
    gg_gauge("chat_users_connected", "", (int64_t)gg_map_count(clients));
}

void chat_hub_start(void)
{
    rooms = gg_map_create();
    clients = gg_map_create();
    heard_until = gg_now();
    gg_redis_subscribe(CHANNEL_ROOM, heard_room, NULL);
    gg_redis_subscribe(CHANNEL_INBOX, heard_inbox, NULL);
    gg_loop_every(GG_SECOND, every_second, NULL);
}
