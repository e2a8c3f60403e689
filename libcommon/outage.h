/* libcommon/outage.h
 * A process's memory of a server that does not answer: what one thread learns spares the others the attempt, and the
 * log says once that it went and once that it is back. Any thread. */
#ifndef LIBCOMMON_OUTAGE_H
#define LIBCOMMON_OUTAGE_H

#include "libcommon/base.h"

#include <pthread.h>

/* One per server, static: GG_OUTAGE_NONE. */
struct gg_outage {
    pthread_mutex_t lock;
    bool down;
    int64_t wait, next_try; /* ms; by gg_mono() */
};
#define GG_OUTAGE_NONE                                                                                                 \
    {                                                                                                                  \
        .lock = PTHREAD_MUTEX_INITIALIZER                                                                              \
    }

/* Whether to connect now. While the server is away one thread at a time is told to: after 100 ms first, then twice as
 * long up to 2 s. */
bool gg_outage_may_try(struct gg_outage *outage);
/* It answers. True when it did not before: say so. */
bool gg_outage_over(struct gg_outage *outage);
/* It does not answer. True when it did before: say so. */
bool gg_outage_begun(struct gg_outage *outage);

#endif
