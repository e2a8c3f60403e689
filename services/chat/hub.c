/* services/chat/hub.c
 * Sockets of people, deals they watch, and what comes in for them. */
#include "hub_internal.h"
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/map.h"
#include "libcommon/metrics.h"
#include "libcommon/work.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY (5 * GG_SECOND) /* at the tables, even when no news seem to be lost */
#define LOOK_BACK  (5 * GG_SECOND) /* a transaction may commit after its time */

static struct gg_map *clients; /* struct client_list by user id */
static struct gg_map *deals;   /* struct watched_deal by deal id */
static int64_t heard_until;    /* gg_now() up to which nothing can have been missed */
static int64_t looked_at;      /* gg_mono() */

void chat_send_frame(struct gg_ws *ws, const struct chat_frame_out *frame)
{
    struct gg_buf text;

    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, &chat_frame_out_msg, frame);
    gg_ws_send(ws, gg_buf_str(&text));
    gg_buf_free(&text);
}

/* --- clients --- */

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
        hub_drop_listener(LIST_FIRST(&client->listeners));
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

bool hub_has_blocked(const struct chat_client *client, struct gg_id user)
{
    for (size_t i = 0; i < client->n_blocked; i++)
        if (gg_id_equal(client->blocked[i], user))
            return true;
    return false;
}

static void set_blocked(struct chat_client *client, struct gg_id user, bool yes)
{
    if (yes == hub_has_blocked(client, user))
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

/* --- what comes in --- */

/* Those who came in with it begin to listen. */
static void listen_too(struct gg_id room, struct gg_id joined, int64_t from, int64_t newest)
{
    struct client_list *list = gg_id_is_zero(joined) ? NULL : gg_map_get(clients, joined);
    struct chat_client *client;

    if (list)
        LIST_FOREACH(client, list, of_user)
    chat_hub_listen(client, room, from, from - 1, newest, INT64_MAX);
}

/* The room has reached `newest`; with it (or before) `joined` came in, whose sockets here begin to listen. */
static void room_changed(struct gg_id room, struct gg_id joined, int64_t from, int64_t newest)
{
    listen_too(room, joined, from, newest);
    hub_room_reached(room, newest);
}

static void heard_entry(const struct chat_news *news)
{
    if (news->type == CHAT_ENTRY_JOINED)
        listen_too(news->subject, news->person, news->seq, news->seq - 1);
    hub_room_heard(news);
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
        hub_room_typing(news);
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

    if (looking || hub_rooms_count() + gg_map_count(clients) == 0)
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

static void every_second(void *arg GG_UNUSED)
{
    if (hub_rooms_count() + gg_map_count(clients) == 0)
        heard_until = gg_now();
    if (!gg_redis_subscribed() || lost || gg_mono() - looked_at >= LOOK_EVERY)
        look();
    hub_rooms_wake();
    gg_gauge("chat_users_connected", "", (int64_t)gg_map_count(clients));
    gg_gauge("chat_rooms_listened", "", (int64_t)hub_rooms_count());
}

void chat_hub_start(void)
{
    clients = gg_map_create();
    deals = gg_map_create();
    heard_until = gg_now();
    chat_news_start(heard, lost_some);
    gg_loop_every(GG_SECOND, every_second, NULL);
    hub_rooms_start();
}
