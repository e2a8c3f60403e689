/* libcommon/bus_run.c
 * Starting and stopping the threads behind a service, with the signals left to main's thread. */
#include "libcommon/bus_internal.h"

#include <pthread.h>
#include <signal.h>

void gg_bus_start(const struct gg_bus_config *config)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    relay_start(config);
    consumer_start(config);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void gg_bus_stop(void)
{
    consumer_stop(); /* its handlers emit; the relay publishes that before it ends */
    relay_stop();
}
