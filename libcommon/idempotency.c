/* libcommon/idempotency.c
 * Idempotency-Key: key row, effect and reply commit together, so that a repeat finds either nothing or everything. */
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"

#include <string.h>

struct keyed {
    struct gg_reply *x;
    gg_handler handler;
    bool forgotten; /* a passing refusal, or a dry run: everything is rolled back */
};

#define KEY_ARGS(call)                                                                                                 \
    gg_v_bytes((call)->user.id.b, 16), gg_v_text((call)->route->path), gg_v_id(&(call)->idempotency_key)

/* The reply of the first time (body_hash, status, reply of a row), or the refusal of a key that was used for something
 * else. The row is copied. */
static void replay_row(struct gg_reply *x, const struct gg_rows *rows, size_t row)
{
    struct gg_call *call = &x->call;
    struct gg_str hash = gg_row_bytes(rows, row, 0), reply = gg_row_bytes(rows, row, 2);

    if (hash.n != x->key_hash.n || memcmp(hash.p, x->key_hash.p, hash.n) != 0) {
        gg_fail(call, &GG_P_KEY_REUSED, "use a new key for a new request");
        return;
    }
    gg_header(call, "Idempotency-Replayed", "true");
    x->final_status = (int)gg_row_int(rows, row, 1);
    x->final_body = (struct gg_str){gg_strndup(call->arena, reply.p, reply.n), reply.n};
    x->final_type = x->final_status >= 400 ? "application/problem+json" : "application/json";
}

static enum gg_status replay(struct gg_reply *x)
{
    struct gg_call *call = &x->call;
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(call->db, call->arena,
                           "SELECT body_hash, status, reply FROM idempotency"
                           " WHERE user_id = ? AND route = ? AND idempotency_key = ?",
                           GG_ARGS(KEY_ARGS(call)), &rows));
    replay_row(x, &rows, 0);
    return GG_OK;
}

/* A refusal that the same request will always meet is the outcome of its key; one that may pass is not. */
static bool remembered(const struct gg_problem *problem)
{
    return problem->status >= 400 && problem->status < 500 && !problem->retryable;
}

static enum gg_status once(struct gg_db *db, void *arg)
{
    struct keyed *keyed = arg;
    struct gg_reply *x = keyed->x;
    struct gg_call *call = &x->call;
    enum gg_status status;

    gg_exchange_reset(x);
    x->final_body = (struct gg_str){0};
    keyed->forgotten = false;
    /* The row comes first: a second request with this key waits here until the first has committed or is gone. */
    status =
        gg_db_exec(db,
                   "INSERT INTO idempotency (user_id, route, idempotency_key, body_hash, status, reply, created_at)"
                   " VALUES (?, ?, ?, ?, 0, '', ?)",
                   GG_ARGS(KEY_ARGS(call), gg_v_bytes(x->key_hash.p, x->key_hash.n), gg_v_time(gg_now())), NULL);
    if (status == GG_DUPLICATE)
        return replay(x);
    GG_TRY(status);
    GG_TRY(gg_db_savepoint(db));
    GG_TRY(keyed->handler(call));
    if (x->dry_run || (x->problem && !remembered(x->problem))) {
        if (x->dry_run)
            gg_exchange_encode(x);
        keyed->forgotten = true;
        return GG_NOT_FOUND; /* rolls back, key row and all */
    }
    if (x->problem)
        GG_TRY(gg_db_rollback_to_savepoint(db));
    if (x->problem && x->after_refusal)
        GG_TRY(x->after_refusal(call));
    gg_exchange_encode(x);
    return gg_db_exec_one(
        db,
        "UPDATE idempotency SET status = ?, reply = ?"
        " WHERE user_id = ? AND route = ? AND idempotency_key = ?",
        GG_ARGS(gg_v_int(x->final_status), gg_v_text(x->final_body.p ? x->final_body.p : ""), KEY_ARGS(call)));
}

enum gg_status gg_idempotent_run(struct gg_reply *x, gg_handler handler)
{
    struct keyed keyed = {.x = x, .handler = handler};
    enum gg_status status = gg_db_tx(x->call.db, once, &keyed);

    if (keyed.forgotten && status == GG_NOT_FOUND)
        return GG_OK;
    if (status == GG_RETRY) { /* the first one with this key is still running */
        gg_exchange_reset(x);
        x->final_body = (struct gg_str){0}; /* what an attempt encoded was not committed */
        gg_header(&x->call, "Retry-After", "1");
        return gg_fail(&x->call, &GG_P_IN_PROGRESS, "the first request with this key is still running");
    }
    return status;
}

/* --- many at once --- */

#define ROW_COLUMNS 7
/* From so many calls on all keys are taken for new: a key that is not says so when its row is written, and then all is
 * done again, with a look at the keys first. */
#define TRUSTED_FROM 8

struct batch {
    struct gg_reply **xs;
    size_t n;
    struct gg_arena *arena;
    bool trusting;
};

/* What is stored of the keys of these calls. */
static enum gg_status look_up(struct gg_db *db, struct gg_arena *arena, struct gg_reply **xs, size_t n,
                              struct gg_rows *rows)
{
    struct gg_val *list = gg_alloc(arena, n * 3 * sizeof(*list));

    for (size_t i = 0; i < n; i++) {
        const struct gg_val key[3] = {KEY_ARGS(&xs[i]->call)};
        memcpy(list + 3 * i, key, sizeof(key));
    }
    return gg_db_query_in(db, arena,
                          "SELECT body_hash, status, reply, user_id, idempotency_key FROM idempotency"
                          " WHERE (user_id, route, idempotency_key) IN ",
                          list, 3, n, "", rows);
}

/* Answers what was answered before; the others are left in `fresh`. */
static enum gg_status answer_known(struct gg_db *db, const struct batch *b, struct gg_call **fresh, size_t *n_fresh)
{
    struct gg_rows rows;

    GG_TRY(look_up(db, b->arena, b->xs, b->n, &rows));
    *n_fresh = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct gg_call *call = &b->xs[i]->call;
        size_t row = 0;
        while (row < rows.n && !(gg_id_equal(gg_row_id(&rows, row, 4), call->idempotency_key) &&
                                 memcmp(gg_row_bytes(&rows, row, 3).p, call->user.id.b, 16) == 0))
            row++;
        if (row < rows.n)
            replay_row(b->xs[i], &rows, row);
        else
            fresh[(*n_fresh)++] = call;
    }
    return GG_OK;
}

/* Writes the outcomes down. A key that is taken by now (with a look at the keys: answered by another instance since):
 * all again. */
static enum gg_status remember(struct gg_db *db, const struct batch *b, struct gg_call **calls, size_t n)
{
    struct gg_val *rows = gg_alloc(b->arena, (n + 1) * ROW_COLUMNS * sizeof(*rows));
    enum gg_status status;
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        struct gg_reply *x = calls[i]->_reply;
        if (x->problem && !remembered(x->problem))
            continue;
        gg_exchange_encode(x);
        const struct gg_val row[ROW_COLUMNS] = {KEY_ARGS(calls[i]), gg_v_bytes(x->key_hash.p, x->key_hash.n),
                                                gg_v_int(x->final_status),
                                                gg_v_text(x->final_body.p ? x->final_body.p : ""), gg_v_time(gg_now())};
        memcpy(rows + ROW_COLUMNS * kept++, row, sizeof(row));
    }
    status = gg_db_insert_rows(db,
                               "INSERT INTO idempotency (user_id, route, idempotency_key, body_hash, status, reply,"
                               " created_at) VALUES",
                               rows, ROW_COLUMNS, kept);
    return status == GG_DUPLICATE && !b->trusting ? GG_RETRY : status;
}

/* An outcome that is not remembered writes no row, so it cannot find out by itself that its key has one. */
static enum gg_status check_forgotten(struct gg_db *db, const struct batch *b)
{
    struct gg_reply **forgotten = gg_alloc(b->arena, b->n * sizeof(*forgotten));
    struct gg_rows rows;
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->xs[i]->problem && !remembered(b->xs[i]->problem))
            forgotten[n++] = b->xs[i];
    if (n == 0)
        return GG_OK;
    GG_TRY(look_up(db, b->arena, forgotten, n, &rows));
    return rows.n > 0 ? GG_DUPLICATE : GG_OK;
}

static enum gg_status many(struct gg_db *db, void *arg)
{
    const struct batch *b = arg;
    struct gg_call **fresh = gg_alloc(b->arena, b->n * sizeof(struct gg_call *));
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        gg_exchange_reset(b->xs[i]);
        b->xs[i]->final_body = (struct gg_str){0};
    }
    if (b->trusting)
        for (; n < b->n; n++)
            fresh[n] = &b->xs[n]->call;
    else
        GG_TRY(answer_known(db, b, fresh, &n));
    if (n == 0)
        return GG_OK;
    GG_TRY(b->xs[0]->call.route->batch(fresh, n));
    if (b->trusting)
        GG_TRY(check_forgotten(db, b));
    return remember(db, b, fresh, n);
}

void gg_idempotent_batch(struct gg_reply **xs, size_t n, struct gg_arena *arena, struct gg_worker *worker)
{
    struct batch b = {xs, n, arena, n >= TRUSTED_FROM};
    enum gg_status status;

    for (size_t i = 0; i < n; i++) {
        xs[i]->call.db = worker->db;
        xs[i]->call.redis = worker->redis;
    }
    if (n == 1)
        gg_bus_trace(xs[0]->call.traceparent);
    status = gg_db_tx(worker->db, many, &b);
    if (b.trusting && status != GG_OK && status != GG_UNAVAILABLE) {
        b.trusting = false;
        status = gg_db_tx(worker->db, many, &b);
    }
    gg_bus_trace(NULL);
    if (status != GG_OK && status != GG_UNAVAILABLE && n > 1) { /* one of them must not take the others along */
        for (size_t i = 0; i < n; i++)
            gg_idempotent_batch(xs + i, 1, arena, worker);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (status != GG_OK)
            gg_exchange_fail(xs[i], status);
        if (status != GG_OK || !xs[i]->final_body.p)
            gg_exchange_encode(xs[i]);
    }
}
