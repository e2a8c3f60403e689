/* libcommon/bus.h
 * Events: the outbox that is written with the effect, the relay that publishes it, the consumer with its inbox.
 * CloudEvents 1.0 JSON over Kafka. Delivery is at least once and possibly late; application is once and in order. */
#ifndef LIBCOMMON_BUS_H
#define LIBCOMMON_BUS_H

#include "libcommon/db.h"
#include "libcommon/json.h"

/* One type of event; defined once in proto/<context>.c. */
struct gg_event_type {
    const char *type;  /* "deal.share.reserved.v1" */
    const char *topic; /* "gonggu.deal" */
    const struct gg_msg *msg;
    const char *doc;
};

/* Writes the event into the outbox of the caller's transaction. `sequence` is the aggregate's version after this event,
 * taken from its row in the same transaction, without gaps, starting at 1. The relay is woken after the commit. */
enum gg_status gg_emit(struct gg_db *db, const struct gg_event_type *type, struct gg_id aggregate, int64_t sequence,
                       const void *data) GG_MUSTCHECK;

/* The same for many at once, in few statements; in this order. */
struct gg_emission {
    const struct gg_event_type *type;
    struct gg_id aggregate;
    int64_t sequence;
    const void *data;        /* must live until gg_emit_all returns */
    const char *traceparent; /* NULL: the thread's, see gg_bus_trace */
};
enum gg_status gg_emit_all(struct gg_db *db, const struct gg_emission *emissions, size_t n) GG_MUSTCHECK;

/* gg_emit for what nobody waits for: published with the next event of this service that somebody does wait for, or when
 * the relay looks by itself, a fifth of a second later at most. So many of them go together. */
enum gg_status gg_emit_patient(struct gg_db *db, const struct gg_event_type *type, struct gg_id aggregate,
                               int64_t sequence, const void *data) GG_MUSTCHECK;

/* The W3C traceparent that events emitted by this thread carry from now on; NULL: each gets a new one. Copied. Set by
 * the HTTP layer around a handler, by the consumer around an event. */
void gg_bus_trace(const char *traceparent);

/* An event as its handler sees it. */
struct gg_event {
    struct gg_arena *arena; /* lives until after the commit */
    struct gg_db *db;       /* inside the consumer's transaction */
    struct gg_redis *redis; /* for gg_db_after_commit work */
    struct gg_id id, aggregate;
    int64_t sequence;
    int64_t time; /* ms, when it became true */
    const struct gg_event_type *type;
    const void *data;        /* struct of type->msg */
    const char *traceparent; /* for what a handler of many emits; NULL: none */
};

/* GG_OK: applied. GG_RETRY, GG_UNAVAILABLE: tried again with back-off. GG_ERROR, GG_NOT_FOUND, GG_DUPLICATE: poison;
 * the event goes to the dead letters and its aggregate waits. */
typedef enum gg_status (*gg_event_handler)(struct gg_event *event);
/* The same for 1 or more that came one behind the other, in their order, in few statements. When many fail, they are
 * handled one by one, so that the one that cannot be handled is found: then with n = 1. */
typedef enum gg_status (*gg_events_handler)(struct gg_event *events, size_t n);

struct gg_consumes {
    const struct gg_event_type *type;
    gg_event_handler handle;      /* or NULL and .. */
    gg_events_handler handle_all; /* .. this */
};
/* The service consumes every event of the topics named in its table; types without a row only move the sequence. */

/* True when this service's consumers have read everything published up to the instant `ms` (all partitions of its
 * topics, over all instances): the time rule of time-outs that an event could still prevent. */
enum gg_status gg_bus_caught_up(struct gg_db *db, int64_t ms, bool *yes) GG_MUSTCHECK;

#endif
