/* libcommon/test/bus_rig.h
 * Instances of a service as processes of their own, on a real database, broker and Redis: started, stopped, killed.
 * Each run has a topic and a group of its own. Needs GONGGU_TEST_DB_*, GONGGU_TEST_KAFKA and GONGGU_TEST_REDIS; without
 * them NEEDS_SERVERS skips a test. For one translation unit. */
#ifndef LIBCOMMON_TEST_BUS_RIG_H
#define LIBCOMMON_TEST_BUS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/test/db_rig.h"

#define PATIENCE      (40 * GG_SECOND)
#define MAX_INSTANCES 4

struct note {
    int64_t quantity;
    const char *wish; /* what the handler shall do: "", "poison", "race", "away", "chain" */
};
static const struct gg_field note_fields[] = {
    GG_INT(struct note, quantity, GG_REQUIRED, 0, 1000000, "any number"),
    GG_TEXT(struct note, wish, GG_OPTIONAL, 1, 20, "what the handler shall do"),
};
static const struct gg_msg note_msg = GG_MSG("Note", struct note, note_fields, "A note.");

static char service[40], topic[60];
static struct gg_event_type note_type = {"it.note.v1", topic, &note_msg, "A note."};
static struct gg_bus_config config;
static struct gg_db *db;
static struct gg_arena *arena;
static pid_t instances[MAX_INSTANCES];

/* --- what an instance does --- */

#define CHAIN 50

/* Answers an event with the next one, from inside its transaction. */
static inline enum gg_status emit_next(struct gg_event *event)
{
    struct note next = {(event->sequence + 1) * 10, "chain"};
    return event->sequence < CHAIN ? gg_emit(event->db, &note_type, event->aggregate, event->sequence + 1, &next)
                                   : GG_OK;
}

static inline enum gg_status on_note(struct gg_event *event)
{
    const struct note *note = event->data;
    const char *wish = note->wish ? note->wish : "";
    struct gg_rows rows;
    GG_TRY(gg_db_query(event->db, event->arena, "SELECT COUNT(*) FROM it_calm", GG_NO_ARGS, &rows));
    bool calm = gg_row_int(&rows, 0, 0) > 0;
    if (!calm && strcmp(wish, "poison") == 0)
        return GG_ERROR;
    if (!calm && strcmp(wish, "race") == 0)
        return GG_RETRY;
    if (!calm && strcmp(wish, "away") == 0)
        return GG_UNAVAILABLE;
    if (strcmp(wish, "chain") == 0)
        GG_TRY(emit_next(event));
    return gg_db_exec(
        event->db, "INSERT INTO it_seen (aggregate, sequence, quantity, pid) VALUES (?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&event->aggregate), gg_v_int(event->sequence), gg_v_int(note->quantity), gg_v_int(getpid())),
        NULL);
}

static const struct gg_consumes consumes[] = {{&note_type, on_note}};

static volatile sig_atomic_t stop_asked;

static inline void on_term(int number)
{
    (void)number;
    stop_asked = 1;
}

static inline void run_instance(int index, pid_t parent)
{
    char name[24];
    snprintf(name, sizeof name, "it-%d", index);
    gg_log_init(name, getenv("GONGGU_TEST_DEBUG") ? GG_LOG_DEBUG : GG_LOG_INFO);
    struct sigaction action = {.sa_handler = on_term};
    sigset_t none;
    sigemptyset(&none);
    sigaction(SIGTERM, &action, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    gg_bus_start(&config);
    gg_due_start(&config);
    while (!stop_asked && getppid() == parent)
        usleep(20000);
    gg_due_stop();
    gg_bus_stop();
    _exit(0);
}

static inline void start_instance(int index)
{
    /* A stop is heard however early it comes. */
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    pid_t parent = getpid(), pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        run_instance(index, parent);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    instances[index] = pid;
}

static inline void end_instance(int index, int number)
{
    int code = 0;
    if (instances[index] == 0)
        return;
    kill(instances[index], number);
    assert_int_equal(waitpid(instances[index], &code, 0), instances[index]);
    instances[index] = 0;
    if (number == SIGTERM)
        assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 0);
}

/* --- the test's own hand --- */

static inline void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static inline void sql(const char *text)
{
    must(gg_db_exec_dynamic(db, text, GG_NO_ARGS, NULL));
}

static inline int64_t count(const char *text)
{
    struct gg_rows rows;
    must(gg_db_query(db, arena, text, GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0);
}

static inline bool becomes(const char *query, int64_t expected, int64_t patience)
{
    int64_t until = gg_mono() + patience, n = 0;
    while (gg_mono() < until) {
        n = count(query);
        if (n == expected)
            return true;
        usleep(5000);
    }
    fprintf(stderr, "# %" PRId64 " instead of %" PRId64 ": %s\n", n, expected, query);
    return false;
}

struct emission {
    const struct gg_event_type *type;
    struct gg_id aggregate;
    int64_t from, to;
    const char *wish;
};

static inline enum gg_status emit(struct gg_db *d, void *arg)
{
    const struct emission *e = arg;
    for (int64_t s = e->from; s <= e->to; s++) {
        struct note note = {s * 10, e->wish};
        GG_TRY(gg_emit(d, e->type, e->aggregate, s, &note));
    }
    return GG_OK;
}

static inline void publish(struct gg_id aggregate, int64_t from, int64_t to, const char *wish)
{
    struct emission e = {&note_type, aggregate, from, to, wish};
    must(gg_db_tx(db, emit, &e));
}

/* Every event applied once, and per aggregate in order. */
static inline void assert_in_order(void)
{
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen a JOIN it_seen b ON b.aggregate = a.aggregate "
                           "AND b.sequence = a.sequence + 1 AND b.position < a.position"),
                     0);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen WHERE quantity <> sequence * 10"), 0);
}

static inline int begin(void **state)
{
    struct gg_db_config db_config;

    (void)state;
    if (!db_rig(&db_config) || !getenv("GONGGU_TEST_KAFKA") || !getenv("GONGGU_TEST_REDIS"))
        return 0;
    signal(SIGPIPE, SIG_IGN);
    snprintf(service, sizeof service, "it%08x", gg_random_below(UINT32_MAX));
    snprintf(topic, sizeof topic, "gonggu.%s", service);
    config = (struct gg_bus_config){.service = service,
                                    .brokers = getenv("GONGGU_TEST_KAFKA"),
                                    .fetch_wait_ms = 500,
                                    .db = db_config,
                                    .redis_address = getenv("GONGGU_TEST_REDIS"),
                                    .redis_password = getenv("GONGGU_TEST_REDIS_PASSWORD"),
                                    .consumes = consumes,
                                    .n_consumes = GG_LEN(consumes)};
    db = gg_db_create(&config.db);
    arena = gg_arena_create();
    sql("DROP TABLE IF EXISTS outbox, outbox_partition, inbox_aggregate, inbox_parked, consumed, idempotency, due, "
        "ended_session, schema_migration, it_seen, it_calm, it_done");
    assert_true(gg_db_migrate(db, (const char *const[]){"libcommon/schema"}, 1));
    sql("CREATE TABLE it_seen (position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, aggregate BINARY(16) NOT NULL, "
        "sequence BIGINT NOT NULL, quantity BIGINT NOT NULL, pid INT NOT NULL, "
        "UNIQUE KEY uq_it_seen (aggregate, sequence)) ENGINE=InnoDB");
    sql("CREATE TABLE it_calm (x INT) ENGINE=InnoDB");
    sql("CREATE TABLE it_done (position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(60) NOT NULL, "
        "subject BINARY(16) NOT NULL, attempts INT NOT NULL, due_at DATETIME(3) NOT NULL, "
        "done_at DATETIME(3) NOT NULL, pid INT NOT NULL) ENGINE=InnoDB");
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    for (int i = 0; i < MAX_INSTANCES; i++)
        end_instance(i, SIGKILL);
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

static inline int clean(void **state)
{
    (void)state;
    if (!db)
        return 0;
    for (int i = 0; i < 2; i++)
        if (instances[i] == 0)
            start_instance(i);
    return 0;
}

#define NEEDS_SERVERS()                                                                                                \
    do {                                                                                                               \
        if (!db)                                                                                                       \
            skip();                                                                                                    \
    } while (0)

#define SEEN "SELECT COUNT(*) FROM it_seen"

#endif
