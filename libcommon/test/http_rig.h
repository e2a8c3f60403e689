/* libcommon/test/http_rig.h
 * A server on a port of its own inside the test program, its loop in a second thread, and a client of raw bytes. */
#ifndef LIBCOMMON_TEST_HTTP_RIG_H
#define LIBCOMMON_TEST_HTTP_RIG_H

#include "libcommon/clock.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"
#include "libcommon/text.h"
#include "libcommon/work_run.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka needs the two above */
#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_t rig_thread;
static struct gg_work_config rig_work = {.db_workers = 1, .cpu_workers = 2, .out_workers = 1, .queue_max = 4};

static void *rig_loop(void *arg GG_UNUSED)
{
    gg_loop_run();
    return NULL;
}

/* The digits at the start of a text. */
static inline int64_t rig_number(const char *text)
{
    int64_t value;

    assert_true(gg_parse_i64((struct gg_str){text, strspn(text, "0123456789")}, 0, INT64_MAX, &value));
    return value;
}

static inline void rig_start(const struct gg_service *service)
{
    static struct gg_http_config config;

    config = (struct gg_http_config){.service = service,
                                     .listen = "127.0.0.1:0",
                                     .public_url = "http://market.test",
                                     .rate_factor = 100,
                                     .header_deadline_ms = 300,
                                     .idle_ms = 5000,
                                     .trust_proxy = true};
    signal(SIGPIPE, SIG_IGN);
    gg_log_init("test", GG_LOG_ERROR);
    gg_work_start(&rig_work);
    assert_true(gg_http_start(&config));
    assert_int_equal(pthread_create(&rig_thread, NULL, rig_loop, NULL), 0);
}

struct rig_question {
    size_t (*ask)(void);
    size_t answer;
    sem_t done;
};

static void rig_answer(void *arg)
{
    struct rig_question *q = arg;

    q->answer = q->ask();
    sem_post(&q->done);
}

/* What `ask` answers on the loop. */
static inline size_t rig_ask(size_t (*ask)(void))
{
    struct rig_question q = {.ask = ask};

    sem_init(&q.done, 0, 0);
    gg_loop_post(rig_answer, &q);
    sem_wait(&q.done);
    sem_destroy(&q.done);
    return q.answer;
}

static inline size_t rig_halt(void)
{
    gg_loop_stop();
    return 0;
}

static inline void rig_stop(void)
{
    (void)rig_ask(rig_halt);
    pthread_join(rig_thread, NULL);
    gg_work_stop();
    gg_http_stop();
}

/* Waits at most 5 s until `ask` answers `wanted` on the loop. */
static inline void rig_until(size_t (*ask)(void), size_t wanted)
{
    int64_t end = gg_mono() + 5 * GG_SECOND;

    while (rig_ask(ask) != wanted && gg_mono() < end)
        usleep(5000);
    assert_int_equal(rig_ask(ask), wanted);
}

/* --- a client --- */

struct rig_reply {
    int status;
    char header[4096], body[64 * 1024];
    size_t n_body;
};

static inline int rig_connect(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)gg_http_port())};
    struct timeval patience = {5, 0};

    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(fd, (struct sockaddr *)(void *)&sa, sizeof(sa)), 0);
    return fd;
}

static inline void rig_send_n(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, 0);
        if (sent <= 0)
            return; /* refused already; the reply tells */
        bytes += sent;
        n -= (size_t)sent;
    }
}

static inline void rig_send(int fd, const char *text)
{
    rig_send_n(fd, text, strlen(text));
}

/* Value of a header in the reply, or NULL. */
static inline const char *rig_header(const struct rig_reply *reply, const char *name)
{
    static char value[512];
    const char *at;
    char line[128];

    snprintf(line, sizeof(line), "\r\n%s: ", name);
    at = strcasestr(reply->header, line);
    if (!at)
        return NULL;
    at += strlen(line);
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r"), at);
    return value;
}

/* Reads one reply; `head`: without body bytes. Status 0 when the connection ended instead. */
static inline void rig_read(int fd, struct rig_reply *reply, bool head)
{
    size_t n = 0, length;

    memset(reply, 0, sizeof(*reply));
    do {
        ssize_t got = recv(fd, reply->header + n, 1, 0);
        if (got <= 0) {
            reply->status = 0;
            return;
        }
        n += (size_t)got;
        assert_true(n < sizeof(reply->header) - 1);
    } while (n < 4 || memcmp(reply->header + n - 4, "\r\n\r\n", 4) != 0);
    assert_int_equal(strncmp(reply->header, "HTTP/1.", 7), 0);
    reply->status = (int)rig_number(reply->header + 9);
    length = rig_header(reply, "Content-Length") ? (size_t)rig_number(rig_header(reply, "Content-Length")) : 0;
    assert_true(length < sizeof(reply->body));
    while (!head && reply->n_body < length) {
        ssize_t got = recv(fd, reply->body + reply->n_body, length - reply->n_body, 0);
        assert_true(got > 0);
        reply->n_body += (size_t)got;
    }
}

/* True when the other side ends the connection within 5 s and sends nothing more. */
static inline bool rig_ended(int fd)
{
    char byte;

    return recv(fd, &byte, 1, 0) == 0;
}

/* One request on a connection of its own. */
static inline struct rig_reply *rig_exchange(const char *text)
{
    static struct rig_reply reply;
    int fd = rig_connect();

    rig_send(fd, text);
    rig_read(fd, &reply, strncmp(text, "HEAD", 4) == 0);
    close(fd);
    return &reply;
}

#endif
