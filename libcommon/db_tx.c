/* libcommon/db_tx.c
 * Transactions: all or nothing, run again when a race was lost. */
#include "libcommon/crypto.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_RUNS 5

static void pause_before(unsigned run)
{
    long ms = (long)gg_random_below(5u << run) + 1;
    struct timespec t = {.tv_nsec = ms * 1000000L};
    nanosleep(&t, NULL);
}

/* Forgets what was to be done from the `n`th on. */
static void forget_after(struct gg_db *db, size_t n)
{
    while (db->n_after > n) {
        struct db_after *after = &db->after[--db->n_after];
        if (after->owned)
            free(after->arg);
    }
}

static void finish(struct gg_db *db)
{
    db->in_tx = false;
    db->broken = GG_OK;
}

static void roll_back(struct gg_db *db)
{
    db->broken = GG_OK;
    if (db->my && db_command(db, "ROLLBACK") != GG_OK)
        db_drop(db); /* closing the connection undoes it as well */
    finish(db);
    forget_after(db, 0);
}

static enum gg_status commit(struct gg_db *db)
{
    if (mysql_commit(db->my) == 0)
        return GG_OK;
    unsigned code = mysql_errno(db->my);
    gg_error("db_commit", "outcome unknown: error %u (%s)", code, mysql_error(db->my));
    db_drop(db);
    return db_classify(code) == GG_RETRY ? GG_RETRY : GG_UNAVAILABLE;
}

static void run_after(struct gg_db *db)
{
    /* A call may start a transaction of its own: the list is taken out first. */
    struct db_after *after = db->after;
    size_t n = db->n_after;
    db->after = NULL;
    db->n_after = db->cap_after = 0;
    for (size_t i = 0; i < n; i++) {
        after[i].fn(after[i].arg);
        if (after[i].owned)
            free(after[i].arg);
    }
    free(after);
}

static enum gg_status run_once(struct gg_db *db, gg_db_work work, void *arg)
{
    bool had = db->my != NULL;
    db->lost = false;
    enum gg_status status = db_command(db, "START TRANSACTION");
    if (status != GG_OK) {
        db->lost = had && !db->my;
        return status;
    }
    db->in_tx = true;
    db->broken = GG_OK;
    forget_after(db, 0);
    status = work(db, arg);
    if (status == GG_OK)
        status = db->broken; /* an error that the work passed over */
    if (status != GG_OK) {
        roll_back(db);
        return status;
    }
    status = commit(db);
    finish(db);
    if (status == GG_OK)
        run_after(db);
    else
        forget_after(db, 0);
    return status;
}

enum gg_status gg_db_tx(struct gg_db *db, gg_db_work work, void *arg)
{
    if (db->in_tx)
        gg_fatal("db_nested", "a transaction inside a transaction");
    bool again = true;
    for (unsigned run = 1;; run++) {
        enum gg_status status = run_once(db, work, arg);
        if (status == GG_UNAVAILABLE && db->lost && again)
            again = false;
        else if (status != GG_RETRY || run >= MOST_RUNS)
            return status;
        gg_count("db_tx_reruns_total", "", 1);
        pause_before(run);
    }
}

enum gg_status gg_db_savepoint(struct gg_db *db)
{
    if (!db->in_tx)
        gg_fatal("db_savepoint", "a savepoint outside a transaction");
    GG_TRY(db_command(db, "SAVEPOINT gg"));
    db->savepoint_after = db->n_after;
    return GG_OK;
}

enum gg_status gg_db_rollback_to_savepoint(struct gg_db *db)
{
    /* After a deadlock or a loss the server has undone all of it; a failed statement alone can be passed over. */
    if (db->broken == GG_RETRY || db->broken == GG_UNAVAILABLE)
        return db->broken;
    db->broken = GG_OK;
    GG_TRY(db_command(db, "ROLLBACK TO SAVEPOINT gg"));
    forget_after(db, db->savepoint_after);
    return GG_OK;
}

static void add_after(struct gg_db *db, struct db_after after)
{
    if (!db->in_tx)
        gg_fatal("db_after", "work for after the commit outside a transaction");
    if (db->n_after == db->cap_after) {
        db->cap_after = db->cap_after ? db->cap_after * 2 : 8;
        db->after = gg_xrealloc(db->after, db->cap_after * sizeof *db->after);
    }
    db->after[db->n_after++] = after;
}

void gg_db_after_commit(struct gg_db *db, void (*fn)(void *arg), void *arg)
{
    add_after(db, (struct db_after){fn, arg, false});
}

void gg_db_after_commit_copied(struct gg_db *db, void (*fn)(void *arg), const void *data, size_t n)
{
    void *copy = gg_xmalloc(n);

    memcpy(copy, data, n);
    add_after(db, (struct db_after){fn, copy, true});
}

bool gg_db_in_tx(const struct gg_db *db)
{
    return db->in_tx;
}
