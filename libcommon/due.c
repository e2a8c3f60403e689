/* libcommon/due.c
 * Work that falls due: rows, claimed one by one by whichever instance is free. */
#include "libcommon/due.h"
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY  500              /* ms: how late work may start, and how soon a moved clock is seen */
#define GATHER      100              /* ms that work which is handled together waits for more of it */
#define LOOK_AGAIN  200              /* ms until rows that wait for events are tried again */
#define LEASE       (60 * GG_SECOND) /* an outbound try that takes longer is taken for lost */
#define OUTBOUND    4                /* threads for slow outside calls */
#define FIRST_WAIT  GG_SECOND
#define LONGEST     (5 * GG_MINUTE)
#define MAX_THREADS (OUTBOUND + 1)

struct sweep {
    pthread_t thread;
    bool outbound;
    const struct gg_due_kind **kinds; /* its own */
    size_t n;
    struct gg_buf next; /* the question when the next row of each kind is to be tried */
    struct gg_db *db;
    struct gg_redis *redis;
    struct gg_arena *arena;
};

static const struct gg_bus_config *config;
static struct sweep sweeps[MAX_THREADS];
static size_t n_sweeps;
static bool stopping;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t changed_once = PTHREAD_ONCE_INIT;

/* --- setting --- */

static void init_changed(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void wake(void *arg)
{
    (void)arg;
    pthread_once(&changed_once, init_changed);
    pthread_mutex_lock(&lock);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

#define SET_AGAIN " ON DUPLICATE KEY UPDATE due_at = VALUES(due_at), next_try_at = VALUES(next_try_at), attempts = 0"

enum gg_status gg_due_set(struct gg_db *db, const char *kind, struct gg_id subject, int64_t at)
{
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO due (kind, subject, due_at, next_try_at, attempts) VALUES (?, ?, ?, ?, 0)" SET_AGAIN,
                      GG_ARGS(gg_v_text(kind), gg_v_id(&subject), gg_v_time(at), gg_v_time(at)), NULL));
    /* What falls due later than the next look is found by that. */
    if (gg_db_in_tx(db) && at <= gg_now() + LOOK_EVERY)
        gg_db_after_commit(db, wake, NULL);
    return GG_OK;
}

#define DUE_COLUMNS 5

enum gg_status gg_due_set_all(struct gg_db *db, struct gg_arena *arena, const char *kind, const struct gg_due_at *due,
                              size_t n)
{
    struct gg_val *rows = GG_NEW_ARRAY(arena, struct gg_val, n * DUE_COLUMNS);
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < n; i++) {
        const struct gg_val row[DUE_COLUMNS] = {gg_v_text(kind), gg_v_id(&due[i].subject), gg_v_time(due[i].at),
                                                gg_v_time(due[i].at), gg_v_int(0)};
        memcpy(rows + i * DUE_COLUMNS, row, sizeof(row));
        first = due[i].at < first ? due[i].at : first;
    }
    GG_TRY(gg_db_upsert_rows(db, "INSERT INTO due (kind, subject, due_at, next_try_at, attempts) VALUES ", rows,
                             DUE_COLUMNS, n, SET_AGAIN));
    if (n > 0 && first <= gg_now() + LOOK_EVERY)
        gg_db_after_commit(db, wake, NULL);
    return GG_OK;
}

enum gg_status gg_due_sooner(struct gg_db *db, const char *kind, struct gg_id subject, int64_t at)
{
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO due (kind, subject, due_at, next_try_at, attempts) VALUES (?, ?, ?, ?, 0) "
                      "ON DUPLICATE KEY UPDATE due_at = LEAST(due_at, VALUES(due_at)), "
                      "next_try_at = LEAST(next_try_at, VALUES(next_try_at))",
                      GG_ARGS(gg_v_text(kind), gg_v_id(&subject), gg_v_time(at), gg_v_time(at)), NULL));
    if (gg_db_in_tx(db) && at <= gg_now() + LOOK_EVERY)
        gg_db_after_commit(db, wake, NULL);
    return GG_OK;
}

enum gg_status gg_due_clear(struct gg_db *db, const char *kind, struct gg_id subject)
{
    return gg_db_exec(db, "DELETE FROM due WHERE kind = ? AND subject = ?", GG_ARGS(gg_v_text(kind), gg_v_id(&subject)),
                      NULL);
}

/* --- claiming --- */

/* Rows in work: one, or some that are handled together. */
struct claim {
    struct sweep *sweep;
    const struct gg_due_kind *kind;
    int64_t until; /* due_at must lie before this */
    size_t most, n;
    bool called;
    struct gg_due due[GG_DUE_TOGETHER];
    int64_t lease;
};

static int by_subject(const void *a, const void *b)
{
    return gg_id_compare(((const struct gg_due *)a)->subject, ((const struct gg_due *)b)->subject);
}

/* Inside a transaction: the rows that have waited longest and that nobody else has in work. */
static enum gg_status lock_rows(struct claim *claim)
{
    struct gg_rows rows;
    struct sweep *s = claim->sweep;
    claim->n = 0;
    claim->called = false;
    GG_TRY(gg_db_query(s->db, s->arena,
                       "SELECT subject, due_at, attempts FROM due WHERE kind = ? AND next_try_at <= ? AND due_at < ? "
                       "ORDER BY next_try_at LIMIT ? FOR UPDATE SKIP LOCKED",
                       GG_ARGS(gg_v_text(claim->kind->kind), gg_v_time(gg_now()), gg_v_time(claim->until),
                               gg_v_int((int64_t)claim->most)),
                       &rows));
    for (size_t i = 0; i < rows.n; i++)
        claim->due[i] = (struct gg_due){.arena = s->arena,
                                        .db = s->db,
                                        .redis = s->redis,
                                        .subject = gg_row_id(&rows, i, 0),
                                        .at = gg_row_time(&rows, i, 1),
                                        .attempts = gg_row_int(&rows, i, 2)};
    qsort(claim->due, rows.n, sizeof(*claim->due), by_subject);
    claim->n = rows.n;
    return GG_OK;
}

static enum gg_status clear_rows(const struct claim *claim)
{
    struct gg_id subjects[GG_DUE_TOGETHER];

    for (size_t i = 0; i < claim->n; i++)
        subjects[i] = claim->due[i].subject;
    if (claim->n == 1)
        return gg_due_clear(claim->sweep->db, claim->kind->kind, subjects[0]);
    return gg_db_exec_ids(claim->sweep->db, "DELETE FROM due WHERE kind = ? AND subject IN ",
                          GG_ARGS(gg_v_text(claim->kind->kind)), subjects, claim->n, "", NULL);
}

static enum gg_status do_inside(struct gg_db *db GG_UNUSED, void *arg)
{
    struct claim *claim = arg;
    GG_TRY(lock_rows(claim));
    if (claim->n == 0)
        return GG_OK;
    /* Deleted before the handler runs: what it sets again stays. */
    GG_TRY(clear_rows(claim));
    claim->called = true;
    return claim->kind->handle_all ? claim->kind->handle_all(claim->due, claim->n) : claim->kind->handle(claim->due);
}

static enum gg_status take_lease(struct gg_db *db, void *arg)
{
    struct claim *claim = arg;
    GG_TRY(lock_rows(claim));
    if (claim->n == 0)
        return GG_OK;
    claim->lease = gg_now() + LEASE;
    return gg_db_exec_one(
        db, "UPDATE due SET next_try_at = ? WHERE kind = ? AND subject = ?",
        GG_ARGS(gg_v_time(claim->lease), gg_v_text(claim->kind->kind), gg_v_id(&claim->due->subject)));
}

static int64_t wait_after(int64_t attempts)
{
    int64_t wait = FIRST_WAIT;
    while (attempts-- > 0 && wait < LONGEST)
        wait *= 2;
    return wait < LONGEST ? wait : LONGEST;
}

static void count_failure(const struct claim *claim, enum gg_status why)
{
    char label[100];
    snprintf(label, sizeof label, "kind=\"%s\"", claim->kind->kind);
    gg_count("due_failures_total", label, 1);
    gg_warn("due_failed", "%s answered %s at try %" PRId64, claim->kind->kind, gg_status_name(why),
            claim->due->attempts + 1);
}

/* Puts the row off. `lease` GG_NONE: the row as it was before the failed transaction. Whoever changed it wins. */
static enum gg_status put_off(struct claim *claim, enum gg_status why)
{
    const struct gg_due *due = claim->due;
    count_failure(claim, why);
    struct gg_val next = gg_v_time(gg_now() + wait_after(due->attempts));
    if (claim->kind->outbound)
        return gg_db_exec(claim->sweep->db,
                          "UPDATE due SET attempts = attempts + 1, next_try_at = ? "
                          "WHERE kind = ? AND subject = ? AND next_try_at = ?",
                          GG_ARGS(next, gg_v_text(claim->kind->kind), gg_v_id(&due->subject), gg_v_time(claim->lease)),
                          NULL);
    return gg_db_exec(claim->sweep->db,
                      "UPDATE due SET attempts = attempts + 1, next_try_at = ? "
                      "WHERE kind = ? AND subject = ? AND due_at = ? AND attempts = ?",
                      GG_ARGS(next, gg_v_text(claim->kind->kind), gg_v_id(&due->subject), gg_v_time(due->at),
                              gg_v_int(due->attempts)),
                      NULL);
}

static enum gg_status do_outside(struct claim *claim)
{
    struct sweep *s = claim->sweep;
    GG_TRY(gg_db_tx(s->db, take_lease, claim));
    if (claim->n == 0)
        return GG_OK;
    claim->called = true;
    GG_TRY(claim->kind->handle(claim->due));
    claim->called = false;
    return gg_db_exec(s->db, "DELETE FROM due WHERE kind = ? AND subject = ? AND next_try_at = ?",
                      GG_ARGS(gg_v_text(claim->kind->kind), gg_v_id(&claim->due->subject), gg_v_time(claim->lease)),
                      NULL);
}

/* --- the threads --- */

static bool is_stopping(void)
{
    pthread_mutex_lock(&lock);
    bool yes = stopping;
    pthread_mutex_unlock(&lock);
    return yes;
}

/* Works off one kind. False when nothing was done: the database is away, or its rows must wait for events. */
static bool sweep_kind(struct sweep *s, const struct gg_due_kind *kind)
{
    struct claim claim = {
        .sweep = s, .kind = kind, .until = gg_now() + 1, .most = kind->handle_all ? GG_DUE_TOGETHER : 1};
    if (kind->after_catch_up) {
        int64_t until;
        if (caught_up_until(s->db, &until) != GG_OK || until == GG_NONE)
            return false;
        claim.until = until < claim.until ? until : claim.until;
    }
    bool worked = false;
    do {
        gg_arena_reset(s->arena);
        enum gg_status status = kind->outbound ? do_outside(&claim) : gg_db_tx(s->db, do_inside, &claim);
        if (status != GG_OK && claim.called && claim.n > 1)
            claim.most = 1; /* one of them cannot be done: the others must not wait for it */
        else if (status != GG_OK && (!claim.called || put_off(&claim, status) != GG_OK))
            return false;
        worked = worked || claim.n > 0;
    } while (claim.n > 0 && !is_stopping());
    return worked;
}

/* The kinds of this sweep. Each is asked for by itself: to group them, servers read the whole index, and there are as
 * many rows as there is work ahead. */
static void ask_for_kinds(struct sweep *s)
{
    s->kinds = gg_xcalloc(config->n_due, sizeof(struct gg_due_kind *));
    gg_buf_init(&s->next, GG_JSON_TEXT_MAX);
    for (size_t i = 0; i < config->n_due; i++) {
        if (config->due[i].outbound != s->outbound)
            continue;
        s->kinds[s->n++] = &config->due[i];
        gg_buf_adds(&s->next, s->n == 1 ? "SELECT " : ", ");
        gg_buf_adds(&s->next, "(SELECT MIN(next_try_at) FROM due WHERE kind = ?)");
    }
}

static enum gg_status ask_next(struct sweep *s, struct gg_arena *arena, struct gg_rows *rows)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, s->n);

    for (size_t i = 0; i < s->n; i++)
        args[i] = gg_v_text(s->kinds[i]->kind);
    return gg_db_query_one(s->db, arena, s->next.p, args, s->n, rows);
}

/* One round over all kinds. Answers how long to rest. */
static int64_t sweep_all(struct sweep *s)
{
    struct gg_rows rows;
    struct gg_arena *arena = gg_arena_create();
    int64_t wait = LOOK_EVERY;
    enum gg_status status = ask_next(s, arena, &rows);
    for (size_t i = 0; status == GG_OK && i < s->n && !is_stopping(); i++) {
        int64_t next = gg_row_time(&rows, 0, i), ahead;
        if (next == GG_NONE)
            continue;
        ahead = next - gg_now() + (s->kinds[i]->handle_all ? GATHER : 0);
        if (ahead <= 0)
            ahead = sweep_kind(s, s->kinds[i]) ? 0 : LOOK_AGAIN;
        wait = ahead < wait ? ahead : wait;
    }
    gg_arena_destroy(arena);
    return wait;
}

static void rest(int64_t ms)
{
    int64_t until = gg_mono() + ms;
    struct timespec t = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000L};
    pthread_mutex_lock(&lock);
    if (!stopping)
        pthread_cond_timedwait(&changed, &lock, &t);
    pthread_mutex_unlock(&lock);
}

static void *run(void *arg)
{
    struct sweep *s = arg;
    while (!is_stopping()) {
        int64_t wait = sweep_all(s);
        if (wait > 0)
            rest(wait);
    }
    return NULL;
}

static void start_sweep(bool outbound)
{
    struct sweep *s = &sweeps[n_sweeps++];
    *s = (struct sweep){.outbound = outbound,
                        .db = gg_db_create(&config->db),
                        .redis = gg_redis_create(config->redis_address, config->redis_password),
                        .arena = gg_arena_create()};
    ask_for_kinds(s);
    if (pthread_create(&s->thread, NULL, run, s) != 0)
        gg_fatal("due", "no thread");
    pthread_setname_np(s->thread, outbound ? "due-out" : "due");
}

void gg_due_start(const struct gg_bus_config *c)
{
    bool inside = false, outside = false;
    config = c;
    stopping = false;
    n_sweeps = 0;
    pthread_once(&changed_once, init_changed);
    for (size_t i = 0; i < c->n_due; i++) {
        inside = inside || !c->due[i].outbound;
        outside = outside || c->due[i].outbound;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (inside)
        start_sweep(false);
    for (size_t i = 0; outside && i < OUTBOUND; i++)
        start_sweep(true);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void gg_due_stop(void)
{
    pthread_once(&changed_once, init_changed);
    pthread_mutex_lock(&lock);
    stopping = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < n_sweeps; i++) {
        struct sweep *s = &sweeps[i];
        pthread_join(s->thread, NULL);
        gg_db_destroy(s->db);
        gg_redis_destroy(s->redis);
        gg_arena_destroy(s->arena);
        gg_buf_free(&s->next);
        free(s->kinds);
    }
    n_sweeps = 0;
}
