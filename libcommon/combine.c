/* libcommon/combine.c
 * One group per key that has items: those that wait, and whether a batch is at work. Loop thread but for run_batch. */
#include "libcommon/combine.h"

#include "libcommon/clock.h"
#include "libcommon/map.h"
#include "libcommon/metrics.h"

#include <stdio.h>
#include <stdlib.h>

/* Between two batches the loop takes in what has arrived meanwhile, or a batch would hold only what the loop happened
 * to have read when the last one ended: so many turns at least, and more of them while more comes in. */
#define TURNS_LEAST 2
#define TURNS_MOST  16

struct group {
    struct gg_combiner *combiner;
    struct gg_id key;
    struct gg_combined *first, **last; /* waiting, oldest first */
    size_t n;                          /* of them */
    size_t seen, turns;                /* between two batches: `n` a turn ago */
};

struct gg_combiner {
    const struct gg_combiner_class *class;
    struct gg_map *groups;
    size_t waiting;
    char labels[80];
};

struct batch {
    struct gg_job job; /* first */
    struct gg_combiner *combiner;
    struct group *group;
    struct gg_combined **items;
    size_t n;
};

struct gg_combiner *gg_combiner_create(const struct gg_combiner_class *class)
{
    struct gg_combiner *combiner = gg_xcalloc(1, sizeof(*combiner));

    combiner->class = class;
    combiner->groups = gg_map_create();
    snprintf(combiner->labels, sizeof(combiner->labels), "of=\"%s\"", class->name);
    return combiner;
}

static void run_batch(struct gg_job *job, struct gg_worker *worker)
{
    struct batch *batch = (struct batch *)job;

    batch->combiner->class->run(batch->items, batch->n, job->arena, worker);
}

static bool meets(const struct batch *batch, const struct gg_combined *item)
{
    bool (*apart)(const struct gg_combined *, const struct gg_combined *) = batch->combiner->class->apart;

    for (size_t i = 0; apart && i < batch->n; i++)
        if (apart(batch->items[i], item))
            return true;
    return false;
}

/* Takes the next items out of the queue, oldest first. Those that waited too long are handed back at once. */
static void fill(struct batch *batch)
{
    struct gg_combiner *combiner = batch->combiner;
    struct group *group = batch->group;
    int64_t oldest = gg_mono() - combiner->class->patience;
    struct gg_combined **link = &group->first, *item;

    while ((item = *link) && batch->n < combiner->class->most) {
        bool late = item->_since < oldest;
        if (!late && meets(batch, item)) {
            link = &item->_next;
            continue;
        }
        *link = item->_next;
        if (!item->_next)
            group->last = link;
        combiner->waiting--;
        group->n--;
        if (late)
            combiner->class->done(item, true);
        else
            batch->items[batch->n++] = item;
    }
}

static void next_batch(struct gg_combiner *combiner, struct group *group);

static void turn(void *arg)
{
    struct group *group = arg;
    bool more = group->n > group->seen && group->n < group->combiner->class->most;

    group->seen = group->n;
    if (++group->turns < TURNS_LEAST || (more && group->turns < TURNS_MOST))
        gg_loop_post(turn, group);
    else
        next_batch(group->combiner, group);
}

static void batch_done(struct gg_job *job)
{
    struct batch *batch = (struct batch *)job;
    struct gg_combiner *combiner = batch->combiner;
    struct group *group = batch->group;

    for (size_t i = 0; i < batch->n; i++)
        combiner->class->done(batch->items[i], false);
    gg_arena_destroy(job->arena);
    group->turns = 0;
    group->seen = group->n;
    gg_loop_post(turn, group);
}

/* Sends the group's next batch off, or forgets a group that has none. */
static void next_batch(struct gg_combiner *combiner, struct group *group)
{
    while (group->first) {
        struct gg_arena *arena = gg_arena_create();
        struct batch *batch = GG_NEW(arena, struct batch);
        batch->combiner = combiner;
        batch->group = group;
        batch->items = gg_alloc(arena, combiner->class->most * sizeof(struct gg_combined *));
        batch->job = (struct gg_job){
            .pool = combiner->class->pool, .run = run_batch, .done = batch_done, .arena = arena, .request_id = "batch"};
        fill(batch);
        if (batch->n > 0 && gg_work_submit(&batch->job)) {
            gg_count("combine_batches_total", combiner->labels, 1);
            gg_count("combine_items_total", combiner->labels, (int64_t)batch->n);
            return;
        }
        for (size_t i = 0; i < batch->n; i++)
            combiner->class->done(batch->items[i], true);
        gg_arena_destroy(arena);
    }
    gg_map_remove(combiner->groups, group->key);
    free(group);
}

bool gg_combine(struct gg_combiner *combiner, struct gg_id key, struct gg_combined *item)
{
    struct group *group = gg_map_get(combiner->groups, key);
    bool idle = !group;

    if (combiner->waiting >= combiner->class->waiting_max)
        return false;
    if (idle) {
        group = gg_xcalloc(1, sizeof(*group));
        group->combiner = combiner;
        group->key = key;
        group->last = &group->first;
        gg_map_put(combiner->groups, key, group);
    }
    item->_next = NULL;
    item->_since = gg_mono();
    *group->last = item;
    group->last = &item->_next;
    combiner->waiting++;
    group->n++;
    if (idle)
        next_batch(combiner, group);
    return true;
}
