/* libcommon/http_batch.c
 * Calls of one thing (a hot deal) that are decided together, in one transaction, each answered by itself. */
#include "libcommon/http_internal.h"

#include <stddef.h>
#include <string.h>

#define WAITING_MAX 8192
#define PATIENCE    (10 * INT64_C(1000)) /* as long as any request waits for a worker */

static struct gg_combiner *combiner; /* loop thread, like all here but run() */
static void (*answer)(struct gg_reply *x, bool expired);

static struct gg_reply *reply_of(const struct gg_combined *item)
{
    return (struct gg_reply *)(void *)((char *)(uintptr_t)item - offsetof(struct gg_reply, combined));
}

/* The second request with a key meets the outcome of the first, not the first itself. */
static bool same_key(const struct gg_combined *a, const struct gg_combined *b)
{
    const struct gg_call *one = &reply_of(a)->call, *other = &reply_of(b)->call;

    return gg_id_equal(one->idempotency_key, other->idempotency_key) && gg_id_equal(one->user.id, other->user.id);
}

static void run(struct gg_combined **items, size_t n, struct gg_arena *arena, struct gg_worker *worker)
{
    struct gg_reply **xs = gg_alloc(arena, n * sizeof(struct gg_reply *));

    for (size_t i = 0; i < n; i++)
        xs[i] = reply_of(items[i]);
    gg_idempotent_batch(xs, n, arena, worker);
}

static void done(struct gg_combined *item, bool expired)
{
    answer(reply_of(item), expired);
}

static const struct gg_combiner_class class = {
    .name = "http",
    .pool = GG_POOL_DB,
    .most = GG_BATCH_MAX,
    .waiting_max = WAITING_MAX,
    .patience = PATIENCE,
    .apart = same_key,
    .run = run,
    .done = done,
};

/* Which calls go together: those of one route and first parameter. */
static struct gg_id group_of(const struct gg_call *call)
{
    const char *param = call->params[0] ? call->params[0] : "";
    struct gg_id subject = {0};

    if (!gg_id_parse((struct gg_str){param, strlen(param)}, &subject))
        subject = (struct gg_id){0}; /* the handler will say 404 */
    return gg_id_derive(subject, call->route->path);
}

bool gg_batch_add(struct gg_reply *x, void (*when_done)(struct gg_reply *x, bool expired))
{
    if (!combiner)
        combiner = gg_combiner_create(&class);
    answer = when_done;
    return gg_combine(combiner, group_of(&x->call), &x->combined);
}
