/* libcommon/session.c
 * Ended sessions: a table per service, a copy in each process, and a word on Redis that there is something new. */
#include "libcommon/session.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/map.h"
#include "libcommon/session_run.h"

#include <stdio.h>
#include <stdlib.h>

/* Longer than any access token lives, leeway included: after this an ended session needs no remembering. */
#define REMEMBER (20 * GG_MINUTE)
/* A row may become visible this much after its time. */
#define OVERLAP (30 * GG_SECOND)

struct ended {
    int64_t version; /* of a user: every session version below is over */
    int64_t at;
};

static char channel[64];
static struct gg_map *sessions, *users; /* struct ended; loop thread, like all but gg_session_end */
static int64_t read_until;              /* gg_now() of the newest look that went well */
static bool looking, look_again;
static bool behind; /* the newest look has not gone well yet */
static bool loaded; /* the first one has */
static bool untold; /* Redis has not taken the newest word: the others, who listen to it, do not look by themselves */
static void (*listener)(void);

bool gg_session_alive(const struct gg_user *user)
{
    const struct ended *all;

    if (!sessions) /* unit tests without a database */
        return true;
    if (gg_map_get(sessions, user->session))
        return false;
    all = gg_map_get(users, user->id);
    return !all || user->session_version >= all->version;
}

void gg_session_on_end(void (*fn)(void))
{
    listener = fn;
}

/* --- looking into the table --- */

struct look {
    struct gg_job job;
    int64_t since, started;
    struct gg_rows rows;
    enum gg_status status;
};

static void look_run(struct gg_job *job, struct gg_worker *worker)
{
    struct look *look = (struct look *)job;

    look->status = gg_db_query(worker->db, job->arena,
                               "SELECT user_id, session_id, version, ended_at FROM ended_session WHERE ended_at >= ?",
                               GG_ARGS(gg_v_time(look->since)), &look->rows);
}

/* True when it was not known. */
static bool remember(struct gg_map *map, struct gg_id key, int64_t version, int64_t at)
{
    struct ended *ended = gg_map_get(map, key);

    if (ended && ended->version >= version)
        return false;
    if (!ended) {
        ended = gg_xcalloc(1, sizeof(*ended));
        gg_map_put(map, key, ended);
    }
    *ended = (struct ended){version, at};
    return true;
}

static void look(void *arg);

static void look_done(struct gg_job *job)
{
    struct look *l = (struct look *)job;
    bool news = false;

    looking = false;
    if (!job->expired && l->status == GG_OK) {
        read_until = l->started;
        behind = false;
        loaded = true;
        for (size_t i = 0; i < l->rows.n; i++) {
            struct gg_id user = gg_row_id(&l->rows, i, 0), session = gg_row_id(&l->rows, i, 1);
            int64_t version = gg_row_int(&l->rows, i, 2), at = gg_row_time(&l->rows, i, 3);
            news |= gg_id_is_zero(session) ? remember(users, user, version, at)
                                           : remember(sessions, session, INT64_MAX, at);
        }
    }
    gg_arena_destroy(job->arena);
    if (news && listener)
        listener();
    if (look_again) {
        look_again = false;
        look(NULL);
    }
}

static void look(void *arg GG_UNUSED)
{
    struct gg_arena *arena;
    struct look *l;

    if (looking) {
        look_again = true;
        return;
    }
    behind = true;
    arena = gg_arena_create();
    l = GG_NEW(arena, struct look);
    l->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = look_run, .done = look_done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    l->started = gg_now();
    /* A clock that was set back must hide nothing that ended since. */
    l->since = (read_until < l->started ? read_until : l->started) - OVERLAP;
    looking = gg_work_submit(&l->job);
    if (!looking)
        gg_arena_destroy(arena);
}

/* --- telling the other instances --- */

struct tell {
    struct gg_job job;
    enum gg_status status;
};

static void tell_run(struct gg_job *job, struct gg_worker *worker)
{
    ((struct tell *)job)->status = gg_redis_publish(worker->redis, channel, GG_STR("ended"));
}

static void tell_done(struct gg_job *job)
{
    untold |= job->expired || ((struct tell *)job)->status != GG_OK;
    gg_arena_destroy(job->arena);
}

static void tell(void *arg GG_UNUSED)
{
    struct gg_arena *arena = gg_arena_create();
    struct tell *t = GG_NEW(arena, struct tell);

    look(NULL);
    t->job = (struct gg_job){.pool = GG_POOL_DB, .run = tell_run, .done = tell_done, .arena = arena};
    untold = !gg_work_submit(&t->job);
    if (untold)
        gg_arena_destroy(arena);
}

static void committed(void *arg GG_UNUSED)
{
    gg_loop_post(tell, NULL);
}

enum gg_status gg_session_end(struct gg_db *db, struct gg_id user, struct gg_id session, int64_t version)
{
    GG_TRY(gg_db_exec(db, "INSERT INTO ended_session (user_id, session_id, version, ended_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&session), gg_v_int(version), gg_v_time(gg_now())), NULL));
    gg_db_after_commit(db, committed, NULL);
    return GG_OK;
}

/* --- keeping it going --- */

static void heard(const char *name GG_UNUSED, struct gg_str message GG_UNUSED, void *arg GG_UNUSED)
{
    look(NULL);
}

static void forget_old(struct gg_id key, void *value, void *arg)
{
    const struct ended *ended = value;

    if (ended->at < gg_now() - REMEMBER)
        free(gg_map_remove(arg, key));
}

static void every_second(void *arg GG_UNUSED)
{
    if (untold)
        tell(NULL);
    if (!looking && (behind || !gg_redis_subscribed()))
        look(NULL);
}

static void every_minute(void *arg GG_UNUSED)
{
    gg_map_each(sessions, forget_old, sessions);
    gg_map_each(users, forget_old, users);
    look(NULL);
}

bool gg_session_ready(void)
{
    return loaded;
}

void gg_session_start(const char *service)
{
    snprintf(channel, sizeof(channel), "%s.sessions", service);
    sessions = gg_map_create();
    users = gg_map_create();
    read_until = gg_now() - REMEMBER;
    gg_redis_subscribe(channel, heard, NULL);
    gg_loop_every(GG_SECOND, every_second, NULL);
    gg_loop_every(GG_MINUTE, every_minute, NULL);
    look(NULL);
}
