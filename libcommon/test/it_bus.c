/* libcommon/test/it_bus.c
 * The bus against real servers, with instances as processes that are killed without warning. Needs GONGGU_TEST_DB_HOST,
 * _PORT, _USER, _PASSWORD, _NAME (an empty schema of its own), GONGGU_TEST_KAFKA and GONGGU_TEST_REDIS; without them
 * every test is skipped. Each run has topics and a group of its own. */
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
static struct gg_event_type other_type = {"it.other.v1", topic, &note_msg, "Nobody handles this one."};
static struct gg_bus_config config;
static struct gg_db *db;
static struct gg_arena *arena;
static pid_t instances[MAX_INSTANCES];

/* --- what an instance does --- */

#define CHAIN 50

/* Answers an event with the next one, from inside its transaction. */
static enum gg_status emit_next(struct gg_event *event)
{
    struct note next = {(event->sequence + 1) * 10, "chain"};
    return event->sequence < CHAIN ? gg_emit(event->db, &note_type, event->aggregate, event->sequence + 1, &next)
                                   : GG_OK;
}

static enum gg_status on_note(struct gg_event *event)
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

static enum gg_status record_due(struct gg_due *due, const char *kind)
{
    return gg_db_exec(due->db,
                      "INSERT INTO it_done (kind, subject, attempts, due_at, done_at, pid) "
                      "VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_text(kind), gg_v_id(&due->subject), gg_v_int(due->attempts), gg_v_time(due->at),
                              gg_v_time(gg_now()), gg_v_int(getpid())),
                      NULL);
}

static enum gg_status do_plain(struct gg_due *due)
{
    return record_due(due, "it.plain");
}

static enum gg_status do_stubborn(struct gg_due *due)
{
    GG_TRY(record_due(due, "it.stubborn"));
    return due->attempts < 1 ? GG_ERROR : GG_OK;
}

static enum gg_status do_again(struct gg_due *due)
{
    GG_TRY(record_due(due, "it.again"));
    struct gg_rows rows;
    GG_TRY(gg_db_query(due->db, due->arena, "SELECT COUNT(*) FROM it_done WHERE kind = 'it.again'", GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0) < 3 ? gg_due_set(due->db, "it.again", due->subject, due->at) : GG_OK;
}

static enum gg_status do_late(struct gg_due *due)
{
    return record_due(due, "it.late");
}

static enum gg_status do_outside(struct gg_due *due)
{
    if (gg_db_in_tx(due->db))
        return GG_ERROR;
    if (due->attempts < 1)
        return GG_UNAVAILABLE;
    return record_due(due, "it.outside");
}

static const struct gg_due_kind due_kinds[] = {
    {"it.plain", false, false, do_plain, "once"},
    {"it.stubborn", false, false, do_stubborn, "fails once"},
    {"it.again", false, false, do_again, "sets itself again"},
    {"it.late", true, false, do_late, "after the events"},
    {"it.outside", false, true, do_outside, "without a transaction"},
};

static volatile sig_atomic_t stop_asked;

static void on_term(int number)
{
    (void)number;
    stop_asked = 1;
}

static void run_instance(int index, pid_t parent)
{
    char name[24];
    snprintf(name, sizeof name, "it-%d", index);
    gg_log_init(name, getenv("GONGGU_TEST_DEBUG") ? GG_LOG_DEBUG : GG_LOG_INFO);
    struct sigaction action = {.sa_handler = on_term};
    sigaction(SIGTERM, &action, NULL);
    gg_bus_start(&config);
    gg_due_start(&config);
    while (!stop_asked && getppid() == parent)
        usleep(20000);
    gg_due_stop();
    gg_bus_stop();
    _exit(0);
}

static void start_instance(int index)
{
    pid_t parent = getpid(), pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        run_instance(index, parent);
    instances[index] = pid;
}

static void end_instance(int index, int number)
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

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static void sql(const char *text)
{
    must(gg_db_exec_dynamic(db, text, GG_NO_ARGS, NULL));
}

static int64_t count(const char *text)
{
    struct gg_rows rows;
    must(gg_db_query(db, arena, text, GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0);
}

static bool becomes(const char *query, int64_t expected, int64_t patience)
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

static enum gg_status emit(struct gg_db *d, void *arg)
{
    const struct emission *e = arg;
    for (int64_t s = e->from; s <= e->to; s++) {
        struct note note = {s * 10, e->wish};
        GG_TRY(gg_emit(d, e->type, e->aggregate, s, &note));
    }
    return GG_OK;
}

static void publish(struct gg_id aggregate, int64_t from, int64_t to, const char *wish)
{
    struct emission e = {&note_type, aggregate, from, to, wish};
    must(gg_db_tx(db, emit, &e));
}

/* Every event applied once, and per aggregate in order. */
static void assert_in_order(void)
{
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen a JOIN it_seen b ON b.aggregate = a.aggregate "
                           "AND b.sequence = a.sequence + 1 AND b.position < a.position"),
                     0);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen WHERE quantity <> sequence * 10"), 0);
}

static int begin(void **state)
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
                                    .n_consumes = GG_LEN(consumes),
                                    .due = due_kinds,
                                    .n_due = GG_LEN(due_kinds)};
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

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < MAX_INSTANCES; i++)
        end_instance(i, SIGKILL);
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

static int clean(void **state)
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

/* --- the tests, in this order: one pair of instances serves them all --- */

static void events_arrive_once_and_in_order(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    for (int i = 0; i < 20; i++) {
        struct gg_id aggregate = gg_id_new();
        publish(aggregate, 1, 3, NULL);
        publish(aggregate, 4, 10, NULL);
    }
    assert_true(becomes(SEEN, 200, PATIENCE));
    assert_in_order();
    assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
}

static void an_event_takes_milliseconds(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN), began = gg_mono();
    /* The leader alone, so that a commit wakes the relay in the same process. */
    end_instance(1, SIGTERM);
    publish(gg_id_new(), 1, 1, "chain");
    assert_true(becomes(SEEN, before + CHAIN, PATIENCE));
    int64_t all = gg_mono() - began;
    began = gg_mono();
    publish(gg_id_new(), 1, 1, "chain");
    assert_true(becomes(SEEN, before + 2 * CHAIN, PATIENCE));
    int64_t mean = (gg_mono() - began) / CHAIN;
    fprintf(stderr, "# %" PRId64 " ms from commit to effect; with a member leaving %" PRId64 "\n", mean, all / CHAIN);
    assert_true(mean < 100);
}

static void unhandled_types_only_move_the_sequence(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN);
    struct gg_id aggregate = gg_id_new();
    struct emission other = {&other_type, aggregate, 1, 3, NULL};
    must(gg_db_tx(db, emit, &other));
    publish(aggregate, 4, 4, NULL);
    assert_true(becomes(SEEN, before + 1, PATIENCE));
}

static void a_second_delivery_changes_nothing(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN);
    sql("UPDATE outbox SET published_at = NULL");
    assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
    publish(gg_id_new(), 1, 1, NULL);
    assert_true(becomes(SEEN, before + 1, PATIENCE));
    usleep(500000);
    assert_int_equal(count(SEEN), before + 1);
    assert_in_order();
}

static void a_gap_heals_by_itself(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN), began = gg_mono();
    struct gg_id aggregate = gg_id_new();
    struct emission lost = {&note_type, aggregate, 1, 2, NULL};
    /* Two events that the broker never gets although the relay thinks so. */
    end_instance(0, SIGTERM);
    end_instance(1, SIGTERM);
    must(gg_db_tx(db, emit, &lost));
    sql("UPDATE outbox SET published_at = '2026-01-01' WHERE published_at IS NULL");
    sql("UPDATE outbox SET published_at = created_at WHERE published_at = '2026-01-01'");
    publish(aggregate, 3, 5, NULL);
    start_instance(0);
    start_instance(1);
    assert_true(becomes("SELECT COUNT(*) FROM inbox_parked", 3, PATIENCE));
    assert_true(becomes(SEEN, before + 5, PATIENCE));
    assert_in_order();
    assert_true(becomes("SELECT COUNT(*) FROM inbox_parked", 0, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_aggregate WHERE parked <> 0 OR asks <> 0"), 0);
    fprintf(stderr, "# healed %" PRId64 " ms after the start of the instances\n", gg_mono() - began);
}

static void a_poison_event_stops_only_its_aggregate(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN);
    struct gg_id sick = gg_id_new();
    publish(sick, 1, 1, NULL);
    publish(sick, 2, 2, "poison");
    publish(sick, 3, 4, NULL);
    for (int i = 0; i < 30; i++)
        publish(gg_id_new(), 1, 2, NULL);
    assert_true(becomes(SEEN, before + 61, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM inbox_parked", 3, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_aggregate WHERE poisoned"), 1);

    struct gg_rows rows;
    char id[GG_ID_TEXT];
    must(gg_db_query(db, arena, "SELECT id FROM inbox_parked WHERE sequence = 2", GG_NO_ARGS, &rows));
    gg_id_format(gg_row_id(&rows, 0, 0), id);
    char list[] = "list", replay[] = "replay", *const words[] = {replay, id};
    assert_int_equal(gg_dead_letters_main(&config, 1, (char *[]){list}), 0);
    assert_int_equal(gg_dead_letters_main(&config, 2, (char **)(uintptr_t)words), 1); /* still poison */
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_aggregate WHERE poisoned"), 1);
    sql("INSERT INTO it_calm VALUES (1)");
    assert_int_equal(gg_dead_letters_main(&config, 2, (char **)(uintptr_t)words), 0);
    sql("DELETE FROM it_calm");
    assert_int_equal(count(SEEN), before + 64);
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_parked"), 0);
    assert_in_order();
}

static void what_may_pass_is_tried_again(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN);
    publish(gg_id_new(), 1, 1, "race");
    publish(gg_id_new(), 1, 1, "away");
    usleep(1500000);
    assert_int_equal(count(SEEN), before);
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_parked"), 0);
    sql("INSERT INTO it_calm VALUES (1)");
    assert_true(becomes(SEEN, before + 2, PATIENCE));
    sql("DELETE FROM it_calm");
}

static void killed_instances_lose_and_double_nothing(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    enum { AGGREGATES = 40, EACH = 60 };
    int64_t before = count(SEEN);
    struct gg_id aggregates[AGGREGATES];
    for (int i = 0; i < AGGREGATES; i++)
        aggregates[i] = gg_id_new();
    for (int s = 1; s <= EACH; s++) {
        for (int i = 0; i < AGGREGATES; i++)
            publish(aggregates[i], s, s, NULL);
        if (s % 6 == 0) {
            int victim = (int)gg_random_below(2);
            end_instance(victim, SIGKILL);
            usleep(20000 + gg_random_below(300000));
            start_instance(victim);
        }
    }
    assert_true(becomes(SEEN, before + AGGREGATES * EACH, 2 * PATIENCE));
    assert_in_order();
    assert_true(becomes("SELECT COUNT(*) FROM inbox_parked", 0, PATIENCE));
}

static void another_instance_takes_over_publishing(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    /* Whoever leads: after one kill the other one publishes, and so on. */
    for (int i = 0; i < 2; i++) {
        struct gg_id aggregate = gg_id_new();
        end_instance(i, SIGKILL);
        int64_t began = gg_mono();
        publish(aggregate, 1, 1, NULL);
        assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
        fprintf(stderr, "# published %" PRId64 " ms after the kill\n", gg_mono() - began);
        assert_true(gg_mono() - began < 2500);
        start_instance(i);
        sleep(1);
    }
}

static void due_work_is_done_once(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t now = gg_now();
    struct gg_id cleared = gg_id_new();
    for (int i = 0; i < 50; i++)
        must(gg_due_set(db, "it.plain", gg_id_new(), now + i * 20));
    must(gg_due_set(db, "it.stubborn", gg_id_new(), now));
    must(gg_due_set(db, "it.again", gg_id_new(), now));
    must(gg_due_set(db, "it.outside", gg_id_new(), now));
    must(gg_due_set(db, "it.plain", cleared, now + 500));
    must(gg_due_clear(db, "it.plain", cleared));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.plain'", 50, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.stubborn' AND attempts = 1", 1, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.again'", 3, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.outside' AND attempts = 1", 1, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM due", 0, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM it_done"), 55);
    int64_t late =
        count("SELECT MAX(TIMESTAMPDIFF(MICROSECOND, due_at, done_at)) FROM it_done WHERE kind = 'it.plain'");
    fprintf(stderr, "# latest %" PRId64 " ms after its time\n", late / 1000);
    assert_true(late < 1500000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_done WHERE done_at < due_at"), 0);
}

static void what_events_could_prevent_waits_for_them(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    bool yes = false;
    caught_up_init(&config);
    must(gg_bus_caught_up(db, gg_now(), &yes)); /* this process knows no partitions: it cannot say */
    assert_false(yes);
    sql("DELETE FROM it_done");
    must(gg_due_set(db, "it.late", gg_id_new(), gg_now()));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'", 1, PATIENCE));

    /* An event that cannot be applied holds back what falls due after it. */
    publish(gg_id_new(), 1, 1, "away");
    usleep(2500000);
    must(gg_due_set(db, "it.late", gg_id_new(), gg_now()));
    usleep(3000000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'"), 1);
    sql("INSERT INTO it_calm VALUES (1)");
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'", 2, PATIENCE));
    sql("DELETE FROM it_calm");
}

static void delete_topic(void)
{
    rd_kafka_t *rk = kafka_producer(&config, "test", false, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_DeleteTopic_t *which = rd_kafka_DeleteTopic_new(topic);
    rd_kafka_DeleteTopics(rk, &which, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 10000);
    assert_non_null(event);
    assert_int_equal(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_DeleteTopic_destroy(which);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
}

static void a_broker_that_forgot_is_told_again(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t before = count(SEEN);
    /* Published, then lost before anybody read it, and nothing comes after it. */
    struct gg_id aggregate = gg_id_new();
    sleep(6); /* the relay has noted its offsets */
    publish(gg_id_new(), 1, 1, "away");
    usleep(700000);
    publish(aggregate, 1, 3, NULL);
    assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
    end_instance(0, SIGKILL);
    end_instance(1, SIGKILL);
    delete_topic();
    sql("INSERT INTO it_calm VALUES (1)");
    start_instance(0);
    start_instance(1);
    assert_true(becomes(SEEN, before + 4, 2 * PATIENCE));
    assert_in_order();
    sql("DELETE FROM it_calm");
}

static void a_stop_publishes_the_rest(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    end_instance(1, SIGTERM);
    sleep(2);
    publish(gg_id_new(), 1, 50, NULL);
    end_instance(0, SIGTERM);
    assert_int_equal(count("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL"), 0);
}

static void what_was_published_long_ago_is_deleted(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    sql("DELETE FROM outbox");
    publish(gg_id_new(), 1, 5, NULL);
    assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
    end_instance(0, SIGTERM);
    end_instance(1, SIGTERM);
    sql("UPDATE outbox SET published_at = published_at - INTERVAL 8 DAY WHERE sequence <= 3");
    config.keep_ms = 7 * GG_DAY;
    start_instance(0);
    assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE sequence <= 3", 0, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM outbox"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(events_arrive_once_and_in_order, clean),
        cmocka_unit_test_setup(an_event_takes_milliseconds, clean),
        cmocka_unit_test_setup(unhandled_types_only_move_the_sequence, clean),
        cmocka_unit_test_setup(a_second_delivery_changes_nothing, clean),
        cmocka_unit_test_setup(a_gap_heals_by_itself, clean),
        cmocka_unit_test_setup(a_poison_event_stops_only_its_aggregate, clean),
        cmocka_unit_test_setup(what_may_pass_is_tried_again, clean),
        cmocka_unit_test_setup(killed_instances_lose_and_double_nothing, clean),
        cmocka_unit_test_setup(another_instance_takes_over_publishing, clean),
        cmocka_unit_test_setup(due_work_is_done_once, clean),
        cmocka_unit_test_setup(what_events_could_prevent_waits_for_them, clean),
        cmocka_unit_test_setup(a_broker_that_forgot_is_told_again, clean),
        cmocka_unit_test_setup(a_stop_publishes_the_rest, clean),
        cmocka_unit_test_setup(what_was_published_long_ago_is_deleted, clean),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
