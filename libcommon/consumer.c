/* libcommon/consumer.c
 * The consumer thread: takes events from the broker, many per transaction, one by one when that fails, and commits
 * offsets behind what is applied. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define BATCH         100
#define IN_HAND       1024
#define POLL_MS       100
#define COMMIT_EVERY  200   /* ms */
#define NOTE_EVERY    1000  /* ms */
#define SCAN_EVERY    2000  /* ms */
#define STAY_ALIVE    60000 /* ms without a poll after which one is made in between */
#define FIRST_WAIT    100
#define LONGEST_WAIT  10000
#define RACES_MOST    30 /* lost races of one event until it is taken for poison: about four minutes */
#define JOIN_PATIENCE 15000
#define LEAVE_POLLS   20
#define LEAVE_POLL_MS 50

static struct consumer {
    const struct gg_bus_config *config;
    pthread_t thread;
    bool started;
    atomic_bool stopping, joined;
    int64_t started_at;
    rd_kafka_t *rk;
    struct inbox in;
    rd_kafka_message_t *hand[IN_HAND];
    size_t n;
    int64_t polled, next_commit, next_note, next_scan, noted_now;
    bool dirty;
} consumer;

/* --- offsets --- */

static void done_with(struct consumer *c, const rd_kafka_message_t *message)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, rd_kafka_topic_name(message->rkt), message->partition)->offset =
        message->offset + 1;
    /* Refused for a partition that was taken from us meanwhile: its new holder reads again and drops what is known. */
    if (rd_kafka_offsets_store(c->rk, list) == RD_KAFKA_RESP_ERR_NO_ERROR)
        c->dirty = true;
    rd_kafka_topic_partition_list_destroy(list);
}

static void commit_offsets(struct consumer *c, bool wait)
{
    if (!c->dirty || (!wait && gg_mono() < c->next_commit))
        return;
    c->next_commit = gg_mono() + COMMIT_EVERY;
    c->dirty = false;
    rd_kafka_resp_err_t error = rd_kafka_commit(c->rk, NULL, wait ? 0 : 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
        gg_debug("commit", "%s", rd_kafka_err2str(error));
}

/* --- taking messages in hand --- */

static bool take_in_hand(struct consumer *c, int timeout)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(c->rk, timeout);
    c->polled = gg_mono();
    if (!message)
        return false;
    if (message->err) {
        gg_debug("consumer", "%s", rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
        return true;
    }
    kafka_answers();
    c->hand[c->n++] = message;
    return true;
}

static void let_go(struct consumer *c)
{
    for (size_t i = 0; i < c->n; i++)
        rd_kafka_message_destroy(c->hand[i]);
    c->n = 0;
}

/* A poll that shall bring nothing: only tells the group that we live. What comes all the same joins what is in hand. */
static void stay_in_group(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *held = NULL;
    if (c->n >= IN_HAND - 1 || rd_kafka_assignment(c->rk, &held) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    rd_kafka_pause_partitions(c->rk, held);
    take_in_hand(c, 0);
    rd_kafka_resume_partitions(c->rk, held);
    rd_kafka_topic_partition_list_destroy(held);
}

/* Waits before the next try; false when the service stops. */
static bool back_off(struct consumer *c, int64_t *wait)
{
    *wait = *wait == 0 ? FIRST_WAIT : *wait * 2 > LONGEST_WAIT ? LONGEST_WAIT : *wait * 2;
    int64_t until = gg_mono() + *wait;
    while (gg_mono() < until && !atomic_load(&c->stopping)) {
        struct timespec t = {.tv_nsec = 50 * 1000000L};
        nanosleep(&t, NULL);
        if (gg_mono() - c->polled > STAY_ALIVE)
            stay_in_group(c);
    }
    return !atomic_load(&c->stopping);
}

/* --- one message by itself --- */

static struct gg_str payload(const rd_kafka_message_t *message)
{
    return (struct gg_str){message->payload ? message->payload : "", message->len};
}

static enum gg_status take_control(struct consumer *c, const rd_kafka_message_t *message)
{
    struct replay_request request;
    struct gg_field_errors *errors = GG_NEW(c->in.arena, struct gg_field_errors);
    errors->arena = c->in.arena;
    if (gg_json_decode(c->in.arena, &replay_request_msg, payload(message), &request, errors) != GG_DECODED) {
        gg_warn("control", "a message on " BUS_CONTROL_TOPIC " is no request");
        return GG_OK;
    }
    char own[BUS_NAME_MAX];
    snprintf(own, sizeof own, "gonggu.%s", c->config->service);
    return strcmp(request.topic, own) == 0 ? outbox_replay(c->in.db, &request) : GG_OK;
}

static enum gg_status take_event(struct consumer *c, const rd_kafka_message_t *message, bool give_up)
{
    struct inbox_message m = {.topic = rd_kafka_topic_name(message->rkt), .text = payload(message)};
    if (!envelope_decode(c->in.arena, m.text, &m.envelope, &m.reason)) {
        inbox_dead_letter(&c->in, m.topic, m.text, m.reason);
        return GG_OK;
    }
    enum gg_status status = inbox_take_alone(&c->in, &m);
    if (inbox_is_poison(status) || (give_up && status == GG_RETRY))
        return inbox_poison(&c->in, &m, status);
    if (status == GG_OK && m.drain && inbox_drain(&c->in, m.topic, m.envelope.aggregate) != GG_OK)
        gg_debug("drain", "the scan takes it up again");
    return status;
}

static bool is_control(const rd_kafka_message_t *message)
{
    return strcmp(rd_kafka_topic_name(message->rkt), BUS_CONTROL_TOPIC) == 0;
}

/* False when the service stops before it is through. */
static bool take_alone(struct consumer *c, const rd_kafka_message_t *message)
{
    int64_t wait = 0;
    for (int races = 0;; races++) {
        gg_arena_reset(c->in.arena);
        enum gg_status status =
            is_control(message) ? take_control(c, message) : take_event(c, message, races >= RACES_MOST);
        if (status == GG_OK || inbox_is_poison(status))
            return true;
        gg_count("event_retries_total", "", 1);
        if (status == GG_UNAVAILABLE)
            races = -1;
        if (!back_off(c, &wait))
            return false;
    }
}

/* --- many at once --- */

struct batch {
    struct inbox *in;
    struct inbox_message *messages;
    size_t n;
};

static enum gg_status take_batch(struct gg_db *db, void *arg)
{
    (void)db;
    struct batch *batch = arg;
    return inbox_take(batch->in, batch->messages, batch->n);
}

static void drain_batch(const struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const struct inbox_message *m = &batch->messages[i];
        if (m->drain && inbox_drain(batch->in, m->topic, m->envelope.aggregate) != GG_OK)
            return; /* the scan takes it up again */
    }
}

/* True when all in hand could be applied together. */
static bool take_together(struct consumer *c)
{
    gg_arena_reset(c->in.arena);
    struct batch batch = {&c->in, GG_NEW_ARRAY(c->in.arena, struct inbox_message, c->n), c->n};
    for (size_t i = 0; i < c->n; i++) {
        struct inbox_message *m = &batch.messages[i];
        *m = (struct inbox_message){.topic = rd_kafka_topic_name(c->hand[i]->rkt), .text = payload(c->hand[i])};
        if (is_control(c->hand[i]) || !envelope_decode(c->in.arena, m->text, &m->envelope, &m->reason))
            return false;
    }
    if (gg_db_tx(c->in.db, take_batch, &batch) != GG_OK)
        return false;
    drain_batch(&batch);
    return true;
}

static void work_off(struct consumer *c)
{
    if (c->n == 0)
        return;
    int64_t began = gg_mono();
    size_t done = 0;
    if (c->n > 1 && take_together(c)) {
        for (; done < c->n; done++)
            done_with(c, c->hand[done]);
    } else {
        for (; done < c->n && take_alone(c, c->hand[done]); done++)
            done_with(c, c->hand[done]);
    }
    gg_count("events_consumed_total", "", (int64_t)done);
    gg_observe("event_batch_seconds", "", (double)(gg_mono() - began) / 1000.0);
    let_go(c);
}

/* --- the thread --- */

static void notice_group(struct consumer *c)
{
    if (atomic_load(&c->joined))
        return;
    rd_kafka_topic_partition_list_t *held = NULL;
    if (rd_kafka_assignment(c->rk, &held) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    if (held->cnt > 0) {
        gg_info("group", "joined with %d partitions", held->cnt);
        atomic_store(&c->joined, true);
        c->next_note = 0;
    }
    rd_kafka_topic_partition_list_destroy(held);
}

static void look_around(struct consumer *c)
{
    int64_t mono = gg_mono(), now = gg_now();
    notice_group(c);
    /* A test that moves the clock shall not wait for the next second. */
    if (mono >= c->next_note || now - c->noted_now > NOTE_EVERY + 1000) {
        c->next_note = mono + NOTE_EVERY;
        c->noted_now = now;
        caught_up_note(c->rk, c->in.producer, c->in.db);
    }
    if (mono >= c->next_scan) {
        c->next_scan = mono + SCAN_EVERY;
        gg_arena_reset(c->in.arena);
        inbox_scan(&c->in);
    }
}

/* Topics first: a subscription to what does not exist yet would be answered late. False when stopping. */
static bool make_topics(struct consumer *c)
{
    const char *const *topics;
    size_t n = caught_up_topics(&topics);
    for (size_t i = 0; i <= n; i++)
        while (!kafka_ensure_topic(c->in.producer, i < n ? topics[i] : BUS_CONTROL_TOPIC))
            if (atomic_load(&c->stopping))
                return false;
    return true;
}

static void subscribe(struct consumer *c)
{
    const char *const *topics;
    size_t n = caught_up_topics(&topics);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n + 1);
    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_topic_partition_list_add(list, BUS_CONTROL_TOPIC, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(c->rk, list);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        gg_fatal("consumer", "cannot subscribe: %s", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(list);
}

/* Closing alone does not tell the group (librdkafka 2.0.2 with cooperative-sticky), and the partitions would lie idle
 * until the session runs out: the subscription is given up first, and seen to be gone. */
static void leave_group(struct consumer *c)
{
    rd_kafka_unsubscribe(c->rk);
    for (int held = 1, i = 0; held > 0 && i < LEAVE_POLLS; i++) {
        take_in_hand(c, LEAVE_POLL_MS);
        let_go(c); /* not applied, not committed: whoever follows reads it */
        rd_kafka_topic_partition_list_t *list = NULL;
        if (rd_kafka_assignment(c->rk, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        held = list->cnt;
        rd_kafka_topic_partition_list_destroy(list);
    }
    rd_kafka_consumer_close(c->rk);
}

static void *run(void *arg)
{
    struct consumer *c = arg;
    if (make_topics(c))
        subscribe(c);
    while (!atomic_load(&c->stopping)) {
        if (take_in_hand(c, POLL_MS))
            while (c->n < BATCH && take_in_hand(c, 0))
                continue;
        work_off(c);
        commit_offsets(c, false);
        look_around(c);
    }
    commit_offsets(c, true);
    leave_group(c);
    return NULL;
}

static rd_kafka_t *new_consumer(const struct gg_bus_config *config)
{
    char group[BUS_NAME_MAX], wait[24], error[256];
    snprintf(group, sizeof group, "gonggu.%s", config->service);
    snprintf(wait, sizeof wait, "%" PRId64, config->fetch_wait_ms);
    rd_kafka_conf_t *conf = kafka_conf(config, "consumer");
    kafka_set(conf, "group.id", group);
    kafka_set(conf, "auto.offset.reset", "earliest");
    kafka_set(conf, "enable.auto.commit", "false");
    kafka_set(conf, "enable.auto.offset.store", "false");
    kafka_set(conf, "partition.assignment.strategy", "cooperative-sticky");
    kafka_set(conf, "fetch.wait.max.ms", wait);
    kafka_set(conf, "session.timeout.ms", "6000");
    kafka_set(conf, "heartbeat.interval.ms", "1500");
    kafka_set(conf, "max.poll.interval.ms", "300000");
    kafka_set(conf, "queued.min.messages", "1000");
    kafka_set(conf, "queued.max.messages.kbytes", "16384");
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!rk)
        gg_fatal("kafka", "no consumer: %s", error);
    rd_kafka_poll_set_consumer(rk);
    return rk;
}

void consumer_start(const struct gg_bus_config *config)
{
    struct consumer *c = &consumer;
    *c = (struct consumer){.config = config, .started_at = gg_mono()};
    caught_up_init(config);
    c->rk = new_consumer(config);
    c->in = (struct inbox){.config = config,
                           .db = gg_db_create(&config->db),
                           .redis = gg_redis_create(config->redis_address, config->redis_password),
                           .arena = gg_arena_create(),
                           .producer = kafka_producer(config, "letters", false, NULL)};
    c->polled = gg_mono();
    if (pthread_create(&c->thread, NULL, run, c) != 0)
        gg_fatal("consumer", "no thread");
    pthread_setname_np(c->thread, "consumer");
    c->started = true;
}

void consumer_stop(void)
{
    struct consumer *c = &consumer;
    if (!c->started)
        return;
    atomic_store(&c->stopping, true);
    pthread_join(c->thread, NULL);
    /* librdkafka before 2.3 aborts when a member is destroyed that was never given anything (its issue 4312): such a
     * one has left the group like any other, and its memory is left to the end of the process. */
    if (atomic_load(&c->joined))
        kafka_destroy(c->rk);
    kafka_destroy(c->in.producer);
    gg_db_destroy(c->in.db);
    gg_redis_destroy(c->in.redis);
    gg_arena_destroy(c->in.arena);
    c->started = false;
}

bool gg_bus_healthy(void)
{
    const struct consumer *c = &consumer;
    return !c->started || atomic_load(&c->joined) || gg_mono() - c->started_at > JOIN_PATIENCE;
}
