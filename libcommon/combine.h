/* libcommon/combine.h
 * Combined commits: items of one key wait while a batch of that key is at work, then go together to one worker, which
 * can decide them in one transaction. Under load the batches grow by themselves; alone an item waits for nobody. */
#ifndef LIBCOMMON_COMBINE_H
#define LIBCOMMON_COMBINE_H

#include "libcommon/work.h"

/* Embedded in what is combined. Owned by the combiner from gg_combine() until `done`. */
struct gg_combined {
    struct gg_combined *_next;
    int64_t _since;
};

struct gg_combiner_class {
    const char *name; /* metrics: combine_items_total{of="name"} over combine_batches_total */
    enum gg_pool pool;
    size_t most;        /* items of one batch, at most 1024 */
    size_t waiting_max; /* items of all keys that wait; more are refused */
    int64_t patience;   /* ms an item waits for its batch before it is given up */
    /* True when two items must not meet in one batch; the later one waits for the next. NULL: never. Loop thread. */
    bool (*apart)(const struct gg_combined *a, const struct gg_combined *b);
    /* Decides items[0..n) in the order they came. On a worker of `pool`; one batch of a key at a time in this process.
     * The arena lives until every `done` has returned. */
    void (*run)(struct gg_combined **items, size_t n, struct gg_arena *arena, struct gg_worker *worker);
    /* Hands one item back, once, on the loop. `expired`: it waited too long or no worker could take it; not run. */
    void (*done)(struct gg_combined *item, bool expired);
};

struct gg_combiner;
/* For the life of the process; the class must live as long. Loop thread, like the rest. */
struct gg_combiner *gg_combiner_create(const struct gg_combiner_class *class) __attribute__((returns_nonnull));
/* Takes an item in; `done` may be called before this returns. False when too many wait: the caller keeps it. */
bool gg_combine(struct gg_combiner *combiner, struct gg_id key, struct gg_combined *item) GG_MUSTCHECK;

#endif
