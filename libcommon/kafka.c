/* libcommon/kafka.c
 * librdkafka: settings, single sends, topics, and one log line per outage. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PARTITIONS      12
#define SEND_TIMEOUT    5000 /* ms */
#define DESTROY_TIMEOUT 2    /* s */

static atomic_bool down;

void kafka_answers(void)
{
    if (atomic_exchange(&down, false))
        gg_info("kafka_back", "the broker answers again");
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *arg)
{
    (void)rk;
    (void)arg;
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !atomic_exchange(&down, true))
        gg_error("kafka_down", "%s", reason);
    else
        gg_debug("kafka", "%s", reason);
}

static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk;
    (void)level;
    gg_debug("kafka", "%s %s", facility, text);
}

void kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK)
        gg_fatal("kafka_setting", "%s = %s: %s", name, value, error);
}

rd_kafka_conf_t *kafka_conf(const struct gg_bus_config *config, const char *role)
{
    char client[BUS_NAME_MAX];
    snprintf(client, sizeof client, "gonggu.%s.%s", config->service, role);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    kafka_set(conf, "bootstrap.servers", config->brokers);
    kafka_set(conf, "client.id", client);
    kafka_set(conf, "socket.keepalive.enable", "true");
    kafka_set(conf, "socket.nagle.disable", "true");
    kafka_set(conf, "reconnect.backoff.max.ms", "1000");
    kafka_set(conf, "topic.metadata.refresh.interval.ms", "5000");
    kafka_set(conf, "log.connection.close", "false");
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, on_log);
    return conf;
}

static void *destroy(void *rk)
{
    rd_kafka_destroy(rk);
    return NULL;
}

void kafka_destroy(rd_kafka_t *rk)
{
    pthread_t thread;
    struct timespec until;
    if (pthread_create(&thread, NULL, destroy, rk) != 0)
        gg_fatal("kafka", "no thread");
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += DESTROY_TIMEOUT;
    if (pthread_timedjoin_np(thread, NULL, &until) == 0)
        return;
    gg_warn("kafka_destroy", "the client does not end; it is left to the end of the process");
    pthread_detach(thread);
}

/* What kafka_send waits for. */
struct sending {
    bool done, good;
};

static void on_sent(rd_kafka_t *rk, const rd_kafka_message_t *message, void *arg)
{
    (void)rk;
    (void)arg;
    struct sending *sending = message->_private;
    sending->done = true;
    sending->good = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_t *kafka_producer(const struct gg_bus_config *config, const char *role, bool idempotent,
                           void (*report)(rd_kafka_t *, const rd_kafka_message_t *, void *))
{
    rd_kafka_conf_t *conf = kafka_conf(config, role);
    kafka_set(conf, "enable.idempotence", idempotent ? "true" : "false");
    kafka_set(conf, "acks", "all");
    kafka_set(conf, "linger.ms", "1");
    kafka_set(conf, "message.timeout.ms", "5000");
    kafka_set(conf, "request.timeout.ms", "4000");
    kafka_set(conf, "retry.backoff.ms", "50");
    kafka_set(conf, "queue.buffering.max.messages", "10000");
    rd_kafka_conf_set_dr_msg_cb(conf, report ? report : on_sent);
    char error[256];
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (!rk)
        gg_fatal("kafka", "no producer: %s", error);
    return rk;
}

bool kafka_send(rd_kafka_t *producer, const char *topic, struct gg_str key, struct gg_str value, const char *header,
                const char *header_value)
{
    struct sending sending = {0};
    rd_kafka_resp_err_t error = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY((void *)(uintptr_t)key.p, key.n),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)value.p, value.n), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_HEADER(header, (void *)(uintptr_t)header_value, -1), RD_KAFKA_V_OPAQUE(&sending), RD_KAFKA_V_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        gg_warn("kafka_send", "%s: %s", topic, rd_kafka_err2str(error));
        return false;
    }
    /* message.timeout.ms ends this in any case; `sending` must outlive the report. */
    while (!sending.done)
        rd_kafka_poll(producer, 100);
    if (!sending.good)
        gg_warn("kafka_send", "%s: not acknowledged", topic);
    return sending.good;
}

static bool answered(rd_kafka_queue_t *queue, const char *topic)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, SEND_TIMEOUT);
    if (!event)
        return false;
    rd_kafka_resp_err_t error = rd_kafka_event_error(event);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        size_t n = 0;
        const rd_kafka_topic_result_t **results =
            rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n);
        if (n == 1 && rd_kafka_topic_result_error(results[0]) == RD_KAFKA_RESP_ERR_NO_ERROR)
            gg_info("kafka_topic", "%s made", topic);
    }
    rd_kafka_event_destroy(event);
    /* A broker without this request (the mock one) makes topics by itself. */
    return error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE;
}

bool kafka_ensure_topic(rd_kafka_t *rk, const char *topic)
{
    char error[256];
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, PARTITIONS, -1, error, sizeof error);
    if (!wanted)
        gg_fatal("kafka_topic", "%s: %s", topic, error);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(rk, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    if (rd_kafka_AdminOptions_set_request_timeout(options, SEND_TIMEOUT - 1000, error, sizeof error) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        gg_fatal("kafka_topic", "%s", error);
    rd_kafka_CreateTopics(rk, &wanted, 1, options, queue);
    bool good = answered(queue, topic);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy(wanted);
    return good;
}
