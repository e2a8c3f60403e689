/* libcommon/idempotency.c
 * Idempotency-Key: key row, effect and reply commit together, so that a repeat finds either nothing or everything. */
#include "libcommon/clock.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"

#include <string.h>

struct keyed {
    struct gg_reply *x;
    gg_handler handler;
    bool refused; /* and not to be remembered: everything is rolled back */
};

#define KEY_ARGS(call)                                                                                                 \
    gg_v_bytes((call)->user.id.b, 16), gg_v_text((call)->route->path), gg_v_id(&(call)->idempotency_key)

/* The reply of the first time, or the refusal of a key that was used for something else. */
static enum gg_status replay(struct gg_reply *x)
{
    struct gg_call *call = &x->call;
    struct gg_rows rows;
    struct gg_str hash;

    GG_TRY(gg_db_query_one(call->db, call->arena,
                           "SELECT body_hash, status, reply FROM idempotency"
                           " WHERE user_id = ? AND route = ? AND idempotency_key = ?",
                           GG_ARGS(KEY_ARGS(call)), &rows));
    hash = gg_row_bytes(&rows, 0, 0);
    if (hash.n != x->key_hash.n || memcmp(hash.p, x->key_hash.p, hash.n) != 0)
        return gg_fail(call, &GG_P_KEY_REUSED, "use a new key for a new request");
    gg_header(call, "Idempotency-Replayed", "true");
    x->final_status = (int)gg_row_int(&rows, 0, 1);
    x->final_body = gg_row_bytes(&rows, 0, 2);
    x->final_type = x->final_status >= 400 ? "application/problem+json" : "application/json";
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
    keyed->refused = false;
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
    if (x->problem && !remembered(x->problem)) {
        keyed->refused = true;
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

    if (keyed.refused && status == GG_NOT_FOUND)
        return GG_OK;
    if (status == GG_RETRY) { /* the first one with this key is still running */
        gg_exchange_reset(x);
        x->final_body = (struct gg_str){0}; /* what an attempt encoded was not committed */
        gg_header(&x->call, "Retry-After", "1");
        return gg_fail(&x->call, &GG_P_IN_PROGRESS, "the first request with this key is still running");
    }
    return status;
}
