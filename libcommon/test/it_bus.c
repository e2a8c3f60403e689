/* libcommon/test/it_bus.c
 * The bus against real servers, with instances as processes that are killed without warning. */
#include "libcommon/test/bus_rig.h"

static struct gg_event_type other_type = {"it.other.v1", topic, &note_msg, "Nobody handles this one."};

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

static void what_an_event_causes_follows_it(void **state)
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
    int64_t before = count(SEEN);
    /* Whoever leads: after one kill the other one publishes, and so on. */
    for (int i = 0; i < 2; i++) {
        struct gg_id aggregate = gg_id_new();
        end_instance(i, SIGKILL);
        int64_t began = gg_mono();
        publish(aggregate, 1, 1, NULL);
        assert_true(becomes("SELECT COUNT(*) FROM outbox WHERE published_at IS NULL", 0, PATIENCE));
        fprintf(stderr, "# published %" PRId64 " ms after the kill\n", gg_mono() - began);
        start_instance(i);
        sleep(1);
    }
    assert_true(becomes(SEEN, before + 2, PATIENCE));
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

/* A member that is told to stop before the group gave it anything must end as cleanly as any other. */
static void a_stop_in_the_middle_of_joining_is_clean(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    for (int i = 0; i < 2; i++)
        end_instance(i, SIGTERM);
    for (useconds_t i = 0; i < 20; i++) {
        start_instance(0);
        start_instance(1);
        usleep(20000 * i);
        end_instance(0, SIGTERM);
        end_instance(1, SIGTERM);
    }
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
        cmocka_unit_test_setup(what_an_event_causes_follows_it, clean),
        cmocka_unit_test_setup(unhandled_types_only_move_the_sequence, clean),
        cmocka_unit_test_setup(a_second_delivery_changes_nothing, clean),
        cmocka_unit_test_setup(a_gap_heals_by_itself, clean),
        cmocka_unit_test_setup(a_poison_event_stops_only_its_aggregate, clean),
        cmocka_unit_test_setup(what_may_pass_is_tried_again, clean),
        cmocka_unit_test_setup(killed_instances_lose_and_double_nothing, clean),
        cmocka_unit_test_setup(another_instance_takes_over_publishing, clean),
        cmocka_unit_test_setup(a_broker_that_forgot_is_told_again, clean),
        cmocka_unit_test_setup(a_stop_publishes_the_rest, clean),
        cmocka_unit_test_setup(a_stop_in_the_middle_of_joining_is_clean, clean),
        cmocka_unit_test_setup(what_was_published_long_ago_is_deleted, clean),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
