/* libcommon/relay.c
 * The relay thread: publishes what stands in the outbox. Of all instances one leads, by a lock of the database server
 * that ends with its connection; the others only tell it that they committed something. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/relay_internal.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH       500
#define LEADER_WAIT 200 /* ms without a wake-up until the leader looks by itself */
#define FOLLOW_WAIT 500 /* ms between two attempts to lead */
#define LOSS_CHECK  5000
#define LOSS_PAUSE  3000 /* ms in which consumers see that the topic is shorter than what they have read */
#define CLEAN_EVERY (60 * GG_SECOND)
#define LAST_CHANCE 3000 /* ms to publish the rest at the end */
#define STAY_ALIVE  1000 /* ms between two signs of life to the database while the broker is waited for */
#define FIRST_PAUSE 200
#define LONGEST     2000

static struct relay {
    const struct gg_bus_config *config;
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    int wake_fd;
    char channel[BUS_NAME_MAX], topic[BUS_NAME_MAX];
    struct gg_db *db;
    struct gg_redis *redis;
    struct gg_arena *arena;
    rd_kafka_t *producer;
    atomic_bool leader;
    bool topic_made;
    uint64_t session; /* of the connection that holds the lock */
    struct relay_parts parts;
    int64_t next_lead, next_check, next_clean, quiet_until, pause_ms;
} relay = {.wake_fd = -1};

struct row {
    int64_t position;
    bool done, good;
};

void relay_wake(void)
{
    if (relay.wake_fd < 0)
        return;
    uint64_t one = 1;
    if (write(relay.wake_fd, &one, sizeof one) < 0)
        gg_debug("relay_wake", "the counter is full: a wake-up is under way");
}

static void on_announcement(const char *channel, struct gg_str message, void *arg)
{
    (void)channel;
    (void)message;
    (void)arg;
    if (atomic_load(&relay.leader)) /* a follower would announce it again, for ever */
        relay_wake();
}

/* --- leading --- */

static void resign(struct relay *r)
{
    if (r->leader)
        gg_info("relay_follows", "another instance may publish the outbox now");
    r->leader = false;
    gg_gauge("outbox_age_seconds", "", 0); /* the leader tells it */
}

static void try_to_lead(struct relay *r)
{
    if (r->leader || gg_mono() < r->next_lead)
        return;
    r->next_lead = gg_mono() + FOLLOW_WAIT;
    struct gg_rows rows;
    if (gg_db_query_one(r->db, r->arena, "SELECT GET_LOCK(CONCAT('gonggu.relay.', DATABASE()), 0)", GG_NO_ARGS,
                        &rows) != GG_OK ||
        gg_row_int(&rows, 0, 0) != 1)
        return;
    /* A leader that hangs or is cut off loses the lock soon: the server closes what is silent for so many seconds. */
    if (gg_db_exec(r->db, "SET SESSION wait_timeout = 10", GG_NO_ARGS, NULL) != GG_OK ||
        relay_parts_load(&r->parts, r->db, r->arena) != GG_OK)
        return;
    r->session = gg_db_session(r->db);
    r->leader = true;
    r->next_check = 0;
    gg_info("relay_leads", "this instance publishes the outbox");
}

static bool still_leads(struct relay *r)
{
    if (gg_db_session(r->db) != r->session)
        resign(r);
    return r->leader;
}

/* --- publishing --- */

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *arg)
{
    (void)rk;
    (void)arg;
    struct row *row = message->_private;
    row->done = true;
    row->good = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (row->good)
        relay_parts_acknowledged(&relay.parts, rd_kafka_topic_name(message->rkt), message->partition, message->offset);
}

static bool produce(struct relay *r, const struct gg_rows *rows, size_t i, struct row *row)
{
    char key[GG_ID_TEXT];
    gg_id_format(gg_row_id(rows, i, 2), key);
    struct gg_str envelope = gg_row_bytes(rows, i, 3);
    const char *trace = gg_row_text(rows, i, 4);
    rd_kafka_resp_err_t error = rd_kafka_producev(
        r->producer, RD_KAFKA_V_TOPIC(gg_row_text(rows, i, 1)), RD_KAFKA_V_KEY(key, strlen(key)),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)envelope.p, envelope.n), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_HEADER("content-type", "application/cloudevents+json", -1),
        RD_KAFKA_V_HEADER("traceparent", trace, -1), RD_KAFKA_V_OPAQUE(row), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    gg_debug("relay_produce", "%s", rd_kafka_err2str(error));
    row->done = true;
    return false;
}

/* Sends the rows and waits for every report. Counts those acknowledged before the first that was not. */
static size_t send_rows(struct relay *r, const struct gg_rows *rows, struct row *sent)
{
    size_t n = 0;
    while (n < rows->n && produce(r, rows, n, &sent[n]))
        n++;
    int64_t ping = gg_mono() + STAY_ALIVE;
    for (size_t i = 0; i < n; i++) {
        while (!sent[i].done) {
            rd_kafka_poll(r->producer, 100);
            if (gg_mono() < ping)
                continue;
            ping = gg_mono() + STAY_ALIVE; /* a broker that is away shall not cost the lead */
            if (!gg_db_ping(r->db))
                gg_debug("relay_ping", "looked after when the batch is through");
        }
    }
    size_t good = 0;
    while (good < n && sent[good].good)
        good++;
    return good;
}

static enum gg_status mark(struct relay *r, const struct row *sent, size_t n)
{
    struct gg_buf sql;
    gg_buf_init(&sql, 64 + 3 * BATCH);
    gg_buf_adds(&sql, "UPDATE outbox SET published_at = ? WHERE position IN (");
    struct gg_val *args = GG_NEW_ARRAY(r->arena, struct gg_val, n + 1);
    args[0] = gg_v_time(gg_now());
    for (size_t i = 0; i < n; i++) {
        gg_buf_adds(&sql, i == 0 ? "?" : ",?");
        args[i + 1] = gg_v_int(sent[i].position);
    }
    gg_buf_addc(&sql, ')');
    enum gg_status status = gg_db_exec_dynamic(r->db, sql.p, args, n + 1, NULL);
    gg_buf_free(&sql);
    return status;
}

static void replace_producer(struct relay *r)
{
    if (r->producer)
        kafka_destroy(r->producer);
    r->producer = kafka_producer(r->config, "relay", true, on_report);
}

static void stumble(struct relay *r)
{
    char reason[256];
    if (rd_kafka_fatal_error(r->producer, reason, sizeof reason) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        gg_warn("relay_producer", "begins anew: %s", reason);
        replace_producer(r);
    }
    r->pause_ms = r->pause_ms == 0 ? FIRST_PAUSE : r->pause_ms * 2 > LONGEST ? LONGEST : r->pause_ms * 2;
    r->quiet_until = gg_mono() + r->pause_ms;
}

/* One batch; true when there is more to do at once. */
static bool publish(struct relay *r)
{
    struct gg_rows rows;
    if (gg_db_query(r->db, r->arena,
                    "SELECT position, topic, aggregate, envelope, traceparent, created_at FROM outbox "
                    "WHERE published_at IS NULL ORDER BY position LIMIT 500",
                    GG_NO_ARGS, &rows) != GG_OK ||
        !still_leads(r))
        return false;
    gg_gauge("outbox_age_seconds", "", rows.n == 0 ? 0 : (gg_now() - gg_row_time(&rows, 0, 5)) / GG_SECOND);
    if (rows.n == 0)
        return false;
    struct row *sent = GG_NEW_ARRAY(r->arena, struct row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        sent[i].position = gg_row_int(&rows, i, 0);
    size_t good = send_rows(r, &rows, sent);
    bool marked = good > 0 && mark(r, sent, good) == GG_OK;
    gg_count("events_published_total", "", (int64_t)good);
    if (good < rows.n) {
        stumble(r);
        return false;
    }
    r->pause_ms = 0;
    kafka_answers();
    return marked && rows.n == BATCH;
}

/* --- a broker that forgot --- */

static void heal_loss(struct relay *r)
{
    gg_error("broker_lost_data", "topics end before what was acknowledged: the outbox is published again");
    gg_count("broker_losses_total", "", 1);
    r->topic_made = kafka_ensure_topic(r->producer, r->topic);
    if (relay_parts_forget(&r->parts, r->db) == GG_OK)
        r->quiet_until = gg_mono() + LOSS_PAUSE;
}

static void check_loss(struct relay *r)
{
    if (gg_mono() >= r->next_check) {
        r->next_check = gg_mono() + LOSS_CHECK;
        relay_parts_compare(&r->parts, r->producer);
        relay_parts_store(&r->parts, r->db);
    }
    if (r->parts.lost)
        heal_loss(r);
}

static void clean(struct relay *r)
{
    if (r->config->keep_ms == 0 || gg_mono() < r->next_clean)
        return;
    r->next_clean = gg_mono() + CLEAN_EVERY;
    int64_t n = 500;
    for (int i = 0; i < 20 && n == 500; i++) {
        if (gg_db_exec(r->db, "DELETE FROM outbox WHERE published_at < ? LIMIT 500",
                       GG_ARGS(gg_v_time(gg_now() - r->config->keep_ms)), &n) != GG_OK)
            return;
    }
}

/* --- the thread --- */

static bool wait_for_wake(struct relay *r)
{
    int64_t ms = r->leader ? LEADER_WAIT : FOLLOW_WAIT;
    if (atomic_load(&r->stopping))
        ms = 20;
    struct pollfd fd = {.fd = r->wake_fd, .events = POLLIN};
    uint64_t count;
    return poll(&fd, 1, (int)ms) == 1 && read(r->wake_fd, &count, sizeof count) == sizeof count;
}

static void lead_once(struct relay *r)
{
    if (!r->topic_made)
        r->topic_made = kafka_ensure_topic(r->producer, r->topic);
    if (gg_mono() < r->quiet_until)
        return;
    do {
        gg_arena_reset(r->arena);
        check_loss(r);
    } while (gg_mono() >= r->quiet_until && publish(r));
    if (r->leader)
        clean(r);
}

static bool is_empty(struct relay *r)
{
    struct gg_rows rows;
    return gg_db_query(r->db, r->arena, "SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1", GG_NO_ARGS, &rows) ==
               GG_OK &&
           rows.n == 0;
}

static void *run(void *arg)
{
    struct relay *r = arg;
    int64_t end = 0;
    for (bool woken = false;; woken = wait_for_wake(r)) {
        gg_arena_reset(r->arena);
        try_to_lead(r);
        if (r->leader)
            lead_once(r);
        else if (woken && gg_redis_publish(r->redis, r->channel, GG_STR("")) != GG_OK)
            gg_debug("relay_announce", "the leader finds it within %d ms", LEADER_WAIT);
        if (!atomic_load(&r->stopping))
            continue;
        end = end ? end : gg_mono() + LAST_CHANCE;
        if (!r->leader || gg_mono() >= end || is_empty(r))
            return NULL;
    }
}

void relay_start(const struct gg_bus_config *config)
{
    struct relay *r = &relay;
    r->config = config;
    snprintf(r->channel, sizeof r->channel, "%s.outbox", config->service);
    snprintf(r->topic, sizeof r->topic, "gonggu.%s", config->service);
    r->db = gg_db_create(&config->db);
    r->redis = gg_redis_create(config->redis_address, config->redis_password);
    r->arena = gg_arena_create();
    r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (r->wake_fd < 0)
        gg_fatal("relay", "no eventfd");
    replace_producer(r);
    gg_redis_subscribe(r->channel, on_announcement, NULL);
    atomic_store(&r->stopping, false);
    if (pthread_create(&r->thread, NULL, run, r) != 0)
        gg_fatal("relay", "no thread");
    pthread_setname_np(r->thread, "relay");
    r->started = true;
}

void relay_stop(void)
{
    struct relay *r = &relay;
    if (!r->started)
        return;
    atomic_store(&r->stopping, true);
    relay_wake();
    pthread_join(r->thread, NULL);
    kafka_destroy(r->producer);
    gg_db_destroy(r->db);
    gg_redis_destroy(r->redis);
    gg_arena_destroy(r->arena);
    int fd = r->wake_fd;
    r->wake_fd = -1;
    close(fd);
    r->started = false;
}
