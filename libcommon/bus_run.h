/* libcommon/bus_run.h
 * Starting and stopping what runs behind a service: relay, consumer and sweeps. For service.c and tests only. */
#ifndef LIBCOMMON_BUS_RUN_H
#define LIBCOMMON_BUS_RUN_H

#include "libcommon/bus.h"
#include "libcommon/due.h"

struct gg_bus_config {
    const char *service;   /* "deal": owns topic "gonggu.deal", consumes as group "gonggu.deal" */
    const char *brokers;   /* "host:port,host:port" */
    int64_t fetch_wait_ms; /* how long the broker may keep a fetch waiting for more */
    struct gg_db_config db;
    const char *redis_address, *redis_password; /* the password may be NULL */
    const struct gg_consumes *consumes;
    size_t n_consumes;
    const struct gg_due_kind *due;
    size_t n_due;
    int64_t keep_ms; /* published events are deleted from the outbox when this old; 0: never */
};

/* Start and stop relay and consumer (threads of their own, each with its connections). The config must outlive them.
 * Start neither blocks nor fails: a broker or database that is away is waited for. Stop publishes what is in the outbox
 * (at most 3 s), commits offsets, joins the threads; nothing may call gg_emit any more. Call from main's thread, after
 * gg_redis_subscriptions_start. Stop without start is fine. */
void gg_bus_start(const struct gg_bus_config *config);
void gg_bus_stop(void);
/* False only while the consumer has not joined its group yet, at most 15 s after the start: a broker that is away later
 * stops nobody from serving. Any thread; true before gg_bus_start. */
bool gg_bus_healthy(void);

/* Start and stop the sweep threads over config->due. Start after gg_bus_start, stop before gg_bus_stop. Stop waits for
 * the handler that runs. */
void gg_due_start(const struct gg_bus_config *config);
void gg_due_stop(void);

/* --dead-letters: argv[0] is "list" or "replay", argv[1] an event id. The exit code of main. */
int gg_dead_letters_main(const struct gg_bus_config *config, int argc, char **argv);

#endif
