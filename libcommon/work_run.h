/* libcommon/work_run.h
 * Starting and stopping the pools and running the loop. For service.c and tests only. */
#ifndef LIBCOMMON_WORK_RUN_H
#define LIBCOMMON_WORK_RUN_H

#include "libcommon/work.h"

struct gg_work_config {
    const struct gg_db_config *db;              /* NULL: workers get no database (tests) */
    const char *redis_address, *redis_password; /* address NULL: no Redis */
    int64_t db_workers, cpu_workers, out_workers;
    int64_t queue_max; /* jobs waiting per pool */
};

/* Starts the pools. The config must outlive them. Signals are blocked in every worker. */
void gg_work_start(const struct gg_work_config *config);
/* Lets the workers finish what is queued and joins them. Results are delivered by a loop that still runs, or never. */
void gg_work_stop(void);
/* Jobs handed in whose `done` has not run yet. Loop thread. */
size_t gg_work_pending(void);

/* Runs the loop until gg_loop_stop. */
void gg_loop_run(void);
void gg_loop_stop(void);

#endif
