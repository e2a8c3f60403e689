/* libcommon/bus_internal.h
 * What the files of the bus room share. */
#ifndef LIBCOMMON_BUS_INTERNAL_H
#define LIBCOMMON_BUS_INTERNAL_H

#include "libcommon/bus_run.h"
#include "libcommon/redis.h"

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>

#define BUS_CONTROL_TOPIC "gonggu.control"
#define BUS_TOPICS_MAX    16
#define BUS_NAME_MAX      128
#define BUS_TRACE_TEXT    56 /* "00-<32 hex>-<16 hex>-01" and the NUL */

/* --- envelope.c --- */

/* The attributes of a CloudEvent. */
struct envelope {
    struct gg_id id, aggregate;
    const char *type;
    int64_t sequence, time;
    const char *traceparent; /* NULL when absent */
};

/* Appends the event as CloudEvents JSON; out->overflow tells when it is too large. */
void envelope_encode(struct gg_buf *out, const struct envelope *e, const struct gg_event_type *type, const void *data);
/* Reads the attributes. False, with a reason in the arena, when the text is no event of ours. */
bool envelope_decode(struct gg_arena *arena, struct gg_str text, struct envelope *e, const char **reason) GG_MUSTCHECK;
/* Reads `data` as the type's struct, in the arena. NULL with a reason when it does not fit. */
void *envelope_data(struct gg_arena *arena, struct gg_str text, const struct gg_event_type *type, const char **reason);
/* A request to publish again: the JSON of gonggu.control. */
struct replay_request {
    const char *topic;
    struct gg_id aggregate;
    int64_t from_sequence;
};
extern const struct gg_msg replay_request_msg;

/* --- outbox.c --- */

/* Marks the events of an aggregate from `sequence` on as unpublished. */
enum gg_status outbox_replay(struct gg_db *db, const struct replay_request *request) GG_MUSTCHECK;
/* The traceparent of this thread, or "". */
const char *bus_trace(void);

/* --- relay.c --- */

void relay_start(const struct gg_bus_config *config);
void relay_stop(void);
/* Tells the relay that something was committed. Any thread; nothing happens when no relay runs. */
void relay_wake(void);

/* --- kafka.c --- */

rd_kafka_conf_t *kafka_conf(const struct gg_bus_config *config, const char *role);
void kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value);
/* A producer with acks=all; `report` may be NULL. Never NULL. */
rd_kafka_t *kafka_producer(const struct gg_bus_config *config, const char *role, bool idempotent,
                           void (*report)(rd_kafka_t *, const rd_kafka_message_t *, void *));
/* Frees a client. After a broker made its topics anew librdkafka 2.0.2 may wait for ever for its own threads: that is
 * waited for 2 s only. */
void kafka_destroy(rd_kafka_t *rk);
/* Sends one message and waits until it is acknowledged, at most 5 s. For a producer without `report`. */
bool kafka_send(rd_kafka_t *producer, const char *topic, struct gg_str key, struct gg_str value, const char *header,
                const char *header_value) GG_MUSTCHECK;
/* Makes a topic of 12 partitions when there is none. False when the broker did not answer. */
bool kafka_ensure_topic(rd_kafka_t *rk, const char *topic) GG_MUSTCHECK;
/* Notes that the broker answers; logs the end of an outage. */
void kafka_answers(void);

/* --- inbox_step.c --- */

enum inbox_step {
    INBOX_APPLY,      /* its turn, and somebody handles it */
    INBOX_SKIP,       /* its turn, nobody does */
    INBOX_DROP,       /* known already */
    INBOX_PARK_GAP,   /* too early: something is missing before it */
    INBOX_PARK_BEHIND /* the aggregate waits for a dead letter */
};
/* What to do with event `sequence` of an aggregate that has been applied up to `applied`. Pure. */
enum inbox_step inbox_decide(int64_t applied, bool poisoned, int64_t sequence, bool handled);
/* Milliseconds until the owner is asked again, after `asks` requests. Pure. */
int64_t inbox_ask_wait(int64_t asks);

/* --- inbox.c --- */

struct inbox {
    const struct gg_bus_config *config;
    struct gg_db *db;
    struct gg_redis *redis;
    struct gg_arena *arena;
    rd_kafka_t *producer; /* for dead letters and requests; NULL: none are sent */
};

struct inbox_message {
    const char *topic;
    struct gg_str text;
    struct envelope envelope;
    bool drain;         /* out: parked events may follow */
    const char *reason; /* out: why it cannot be handled */
};

/* Inside a transaction: applies, drops or parks events in their order. Two or three statements for how far their
 * aggregates are, whatever their number (at most 1,024). */
enum gg_status inbox_take(struct inbox *in, struct inbox_message *messages, size_t n) GG_MUSTCHECK;
/* Takes one event in a transaction of its own. */
enum gg_status inbox_take_alone(struct inbox *in, struct inbox_message *message) GG_MUSTCHECK;
/* Sends the event to the dead letters and stops its aggregate here. */
enum gg_status inbox_poison(struct inbox *in, const struct inbox_message *message, enum gg_status why) GG_MUSTCHECK;
/* Only sends to the dead letters: for what is no event. */
void inbox_dead_letter(struct inbox *in, const char *topic, struct gg_str text, const char *reason);
/* True for what will not pass by itself. */
bool inbox_is_poison(enum gg_status status);

/* --- inbox_parked.c --- */

/* Inside a transaction: keeps the event until its turn. */
enum gg_status inbox_park(struct inbox *in, const struct inbox_message *message, const char *reason) GG_MUSTCHECK;
/* Applies the parked events of an aggregate whose turn has come, each in its own transaction. */
enum gg_status inbox_drain(struct inbox *in, const char *topic, struct gg_id aggregate) GG_MUSTCHECK;
/* Looks through what is parked: applies what can be, asks owners for what is missing. */
void inbox_scan(struct inbox *in);

/* --- consumer.c --- */

void consumer_start(const struct gg_bus_config *config);
void consumer_stop(void);

/* --- caught_up.c --- */

/* Learns the consumed topics; before any other call. */
void caught_up_init(const struct gg_bus_config *config);
size_t caught_up_topics(const char *const **topics);
/* Consumer thread: writes for each partition held how far it has been read. Nothing may be in hand unapplied. */
void caught_up_note(rd_kafka_t *consumer, rd_kafka_t *asker, struct gg_db *db);
/* The instant up to which everything published has been read; GG_NONE: unknown. */
enum gg_status caught_up_until(struct gg_db *db, int64_t *ms) GG_MUSTCHECK;

#endif
