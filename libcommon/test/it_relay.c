/* libcommon/test/it_relay.c
 * The relay killed before and after everything it says to and hears from database and broker, then started again: every
 * event is published, in its order, and is applied once. And events that nobody waits for. Needs GONGGU_TEST_DB_*,
 * GONGGU_TEST_KAFKA, GONGGU_TEST_REDIS and strace. GONGGU_LONG=1: every point, else a sample. */
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

#define EVENTS     3 /* of the aggregate of each point */
#define SAMPLED    6
#define STARTS     20
#define UNFINISHED 5
#define PATIENCE   (60 * GG_SECOND)

struct note {
    int64_t number;
};
static const struct gg_field note_fields[] = {
    GG_INT(struct note, number, GG_REQUIRED, 0, 1000000, "any number"),
};
static const struct gg_msg note_msg = GG_MSG("Note", struct note, note_fields, "A note.");

static char service[40], topic[60];
static struct gg_event_type note_type = {"it.note.v1", topic, &note_msg, "A note."};
static struct gg_bus_config config;
static struct gg_db *db;
static struct gg_arena *arena;

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static int64_t count(const char *sql)
{
    struct gg_rows rows;

    gg_arena_reset(arena);
    must(gg_db_query(db, arena, sql, GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0);
}

/* Its key refuses what is applied a second time, its position tells the order. */
static enum gg_status on_note(struct gg_event *event)
{
    const struct note *note = event->data;

    return gg_db_exec(event->db, "INSERT INTO it_seen (aggregate, sequence, number) VALUES (?, ?, ?)",
                      GG_ARGS(gg_v_id(&event->aggregate), gg_v_int(event->sequence), gg_v_int(note->number)), NULL);
}

static const struct gg_consumes consumes[] = {{&note_type, on_note}};

static enum gg_status emit(struct gg_db *on, void *arg)
{
    for (int64_t i = 1; i <= EVENTS; i++) {
        struct note note = {i * 10};

        GG_TRY(gg_emit(on, &note_type, *(struct gg_id *)arg, i, &note));
    }
    return GG_OK;
}

/* --- killing --- */

static const char *const calls[] = {"sendto,sendmsg",
                                    "recvfrom,recvmsg"}; /* before and after each thing said or heard */

/* Lets a relay of its own process publish what is there; killed at its k-th call, 0: not killed. False: it was killed,
 * or did not come to its end in the time that a stop gives it. */
static bool relay_is_through(const char *what, int k)
{
    char command[700], self[300], trace[200] = "";
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    int status;

    assert_true(n > 0);
    self[n] = 0;
    if (k > 0)
        snprintf(trace, sizeof(trace), "strace -f -qq -o /dev/null -e trace=%s -e inject=%s:signal=SIGKILL:when=%d ",
                 what, what, k);
    snprintf(command, sizeof(command), "exec %s%s --relay %s", trace, self, service);
    status = system(command);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == UNFINISHED)
        return false;
    if (!(WIFSIGNALED(status) && WTERMSIG(status) == 9) && !(WIFEXITED(status) && WEXITSTATUS(status) == 137))
        fail_msg("the relay at %s %d ended with %d", what, k, status);
    return false;
}

/* Of this process: a bus starts once. */
static bool started;

static void start_bus(void)
{
    if (!started)
        gg_bus_start(&config);
    started = true;
}

static size_t kill_everywhere(const char *what, int first, int step)
{
    size_t points = 0;

    for (int k = first;; k += step, points++) {
        struct gg_id aggregate = gg_id_new();
        bool through;

        must(gg_db_tx(db, emit, &aggregate));
        through = relay_is_through(what, k);
        for (int again = 0; !through && again < STARTS && !relay_is_through(what, 0); again++)
            printf("# started again\n");
        assert_int_equal(count("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL"), 0);
        if (through)
            return points;
    }
}

static void everything_is_published_and_applied_once(void **state)
{
    bool all = getenv("GONGGU_LONG") != NULL;
    int64_t published, end;
    size_t points = 0;

    (void)state;
    if (!db || system("strace -qq -o /dev/null true 2>/dev/null") != 0)
        skip();
    for (size_t i = 0; i < GG_LEN(calls); i++)
        points += kill_everywhere(calls[i], all ? 1 : 1 + (int)gg_random_below(SAMPLED), all ? 1 : SAMPLED);
    printf("# %zu crash points\n", points);
    published = count("SELECT COUNT(*) FROM outbox");
    start_bus();
    end = gg_mono() + PATIENCE;
    while (count("SELECT COUNT(*) FROM it_seen") < published && gg_mono() < end)
        usleep(20000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen"), published);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen WHERE number <> sequence * 10"), 0);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen a JOIN it_seen b ON b.aggregate = a.aggregate"
                           " AND b.sequence = a.sequence + 1 AND b.position < a.position"),
                     0);
    assert_int_equal(count("SELECT COUNT(*) FROM inbox_parked"), 0);
}

/* --- what nobody waits for --- */

#define TRIES 10

struct patient {
    struct gg_id aggregate;
    int64_t sequence;
    bool waited_for;
};

static enum gg_status emit_one(struct gg_db *on, void *arg)
{
    const struct patient *patient = arg;
    struct note note = {patient->sequence * 10};

    return (patient->waited_for ? gg_emit : gg_emit_patient)(on, &note_type, patient->aggregate, patient->sequence,
                                                             &note);
}

/* Milliseconds until nothing is left to publish. */
static int64_t published_after(struct patient *patient, bool waited_for)
{
    int64_t began, end;

    patient->sequence++;
    patient->waited_for = waited_for;
    must(gg_db_tx(db, emit_one, patient));
    began = gg_mono();
    end = began + PATIENCE;
    while (count("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL") > 0 && gg_mono() < end)
        usleep(1000);
    assert_int_equal(count("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL"), 0);
    return gg_mono() - began;
}

static void what_nobody_waits_for_waits_for_others_or_a_fifth_of_a_second(void **state)
{
    struct patient patient = {.aggregate = gg_id_new()}, other = {.aggregate = gg_id_new()};
    int64_t longest = 0, end;

    (void)state;
    if (!db)
        skip();
    start_bus();
    /* The relay has just looked and rests: whoever does not wake it waits for it. A slow machine only waits longer. */
    for (int i = 0; i < TRIES; i++) {
        int64_t took;
        published_after(&other, true);
        took = published_after(&patient, false);
        longest = took > longest ? took : longest;
    }
    assert_true(longest >= 100);
    /* Together with one that is waited for: both are out, and in their orders. */
    patient.sequence++;
    patient.waited_for = false;
    must(gg_db_tx(db, emit_one, &patient));
    published_after(&other, true);
    end = gg_mono() + PATIENCE;
    while (count("SELECT COUNT(*) FROM it_seen WHERE sequence > 3") < 2 * (TRIES + 1 - 3) && gg_mono() < end)
        usleep(20000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen WHERE sequence > 3"), 2 * (TRIES + 1 - 3));
    assert_int_equal(count("SELECT COUNT(*) FROM it_seen a JOIN it_seen b ON b.aggregate = a.aggregate"
                           " AND b.sequence = a.sequence + 1 AND b.position < a.position"),
                     0);
}

/* --- servers --- */

static bool connect_servers(const char *name)
{
    struct gg_db_config db_config;

    if (!db_rig(&db_config) || !getenv("GONGGU_TEST_KAFKA") || !getenv("GONGGU_TEST_REDIS"))
        return false;
    gg_log_init("test", GG_LOG_ERROR);
    snprintf(service, sizeof(service), "%s", name);
    snprintf(topic, sizeof(topic), "gonggu.%s", service);
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
    return true;
}

static int begin(void **state)
{
    char name[40];

    (void)state;
    snprintf(name, sizeof(name), "it%08x", gg_random_below(UINT32_MAX));
    if (!connect_servers(name))
        return 0;
    if (!gg_db_migrate(db, (const char *const[]){"libcommon/schema"}, 1))
        return -1;
    must(
        gg_db_exec(db,
                   "CREATE TABLE it_seen (position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, aggregate BINARY(16) NOT"
                   " NULL, sequence BIGINT NOT NULL, number BIGINT NOT NULL,"
                   " UNIQUE KEY uq_it_seen (aggregate, sequence)) ENGINE=InnoDB",
                   GG_NO_ARGS, NULL));
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (!db)
        return 0;
    if (started)
        gg_bus_stop();
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

/* A service that only publishes, and ends when it has. */
static int be_a_relay(const char *name)
{
    if (!connect_servers(name))
        return 3;
    config.n_consumes = 0;
    gg_bus_start(&config);
    gg_bus_stop();
    return count("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL") == 0 ? 0 : UNFINISHED;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_published_and_applied_once),
        cmocka_unit_test(what_nobody_waits_for_waits_for_others_or_a_fifth_of_a_second),
    };

    signal(SIGPIPE, SIG_IGN);
    if (argc == 3 && strcmp(argv[1], "--relay") == 0)
        return be_a_relay(argv[2]);
    return cmocka_run_group_tests(tests, begin, end);
}
