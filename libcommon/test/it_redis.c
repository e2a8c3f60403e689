/* libcommon/test/it_redis.c
 * The Redis room against a real server: GONGGU_TEST_REDIS, and GONGGU_TEST_REDIS_PASSWORD when it wants
 * one. Without the first every test is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <hiredis/hiredis.h>

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/loop_internal.h"
#include "libcommon/redis.h"
#include "libcommon/redis_internal.h"

static struct gg_redis *redis;
static struct gg_arena *arena;
static char prefix[40];

static const char *key(const char *name)
{
    return gg_sprintf(arena, "%s:%s", prefix, name);
}

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static int begin(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    arena = gg_arena_create();
    snprintf(prefix, sizeof prefix, "it%08x", gg_random_below(UINT32_MAX));
    if (getenv("GONGGU_TEST_REDIS"))
        redis = gg_redis_create(getenv("GONGGU_TEST_REDIS"), getenv("GONGGU_TEST_REDIS_PASSWORD"));
    return 0;
}

static int end(void **state)
{
    (void)state;
    gg_redis_destroy(redis);
    gg_arena_destroy(arena);
    return 0;
}

#define NEEDS_SERVER()                                                                                                 \
    do {                                                                                                               \
        if (!redis)                                                                                                    \
            skip();                                                                                                    \
    } while (0)

static void ask(redisContext *c, const char *format, const char *argument)
{
    redisReply *reply = redisCommand(c, format, argument);
    assert_non_null(reply);
    assert_int_not_equal(reply->type, REDIS_REPLY_ERROR);
    freeReplyObject(reply);
}

/* A command that the room does not offer. */
static void by_hand(const char *command)
{
    const char *password = getenv("GONGGU_TEST_REDIS_PASSWORD");
    char host[100];
    int port;
    assert_true(gg_redis_address(getenv("GONGGU_TEST_REDIS"), host, sizeof host, &port));
    redisContext *c = redisConnect(host, port);
    if (password)
        ask(c, "AUTH %s", password);
    ask(c, command, NULL);
    redisFree(c);
}

static void values_are_binary_safe(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct gg_str value = GG_STR("a\r\nSET x y\r\n\0b"), back;
    must(gg_redis_set(redis, key("a b"), value, 60000));
    must(gg_redis_get(redis, arena, key("a b"), &back));
    assert_int_equal(back.n, value.n);
    assert_memory_equal(back.p, value.p, value.n);
    must(gg_redis_del(redis, key("a b")));
    assert_int_equal(gg_redis_get(redis, arena, key("a b"), &back), GG_NOT_FOUND);
    must(gg_redis_del(redis, key("a b")));
}

static void a_key_is_taken_once_and_runs_out(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct gg_str back;
    must(gg_redis_set_new(redis, key("once"), GG_STR("1"), 200));
    assert_int_equal(gg_redis_set_new(redis, key("once"), GG_STR("2"), 200), GG_DUPLICATE);
    must(gg_redis_get(redis, arena, key("once"), &back));
    assert_string_equal(back.p, "1");
    usleep(300000);
    must(gg_redis_set_new(redis, key("once"), GG_STR("3"), 200));
}

static const char script[] = "redis.call('INCRBY', KEYS[1], ARGV[1]) redis.call('PEXPIRE', KEYS[1], 60000) "
                             "return tonumber(redis.call('GET', KEYS[1]))";

static void scripts_survive_a_flush(void **state)
{
    (void)state;
    NEEDS_SERVER();
    const char *const keys[] = {key("n")};
    const struct gg_str args[] = {GG_STR("5")};
    int64_t n = 0;
    must(gg_redis_eval(redis, script, keys, 1, args, 1, &n));
    assert_int_equal(n, 5);
    by_hand("SCRIPT FLUSH");
    must(gg_redis_eval(redis, script, keys, 1, args, 1, &n));
    assert_int_equal(n, 10);
}

static void wrong_use_is_an_error(void **state)
{
    (void)state;
    NEEDS_SERVER();
    static const char text[] = "return 'no number'";
    int64_t n = 7;
    assert_int_equal(gg_redis_eval(redis, text, NULL, 0, NULL, 0, &n), GG_ERROR);
    assert_int_equal(n, 7);
}

static void an_absent_server_is_not_waited_for(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct gg_redis *nowhere = gg_redis_create("127.0.0.1:1", NULL);
    int64_t began = gg_mono();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(gg_redis_publish(nowhere, "x", GG_STR("")), GG_UNAVAILABLE);
    assert_true(gg_mono() - began < 500);
    gg_redis_destroy(nowhere);
    usleep(250000);
    assert_true(gg_redis_ping(redis));
}

/* --- subscriptions --- */

struct heard {
    int messages, gaps;
    char last[40];
};

static void listen_to(const char *channel, struct gg_str message, void *arg)
{
    (void)channel;
    struct heard *heard = arg;
    if (!message.p) {
        heard->gaps++;
        return;
    }
    heard->messages++;
    snprintf(heard->last, sizeof heard->last, "%.*s", (int)message.n, message.p);
}

static void turn(int64_t ms)
{
    int64_t until = gg_mono() + ms;
    while (gg_mono() < until) {
        event_base_loop(gg_loop_base(), EVLOOP_NONBLOCK);
        usleep(1000);
    }
}

static void subscriptions_come_back_and_tell_of_the_gap(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct heard early = {0}, late = {0};
    gg_redis_subscribe(key("early"), listen_to, &early);
    gg_redis_subscriptions_start(getenv("GONGGU_TEST_REDIS"), getenv("GONGGU_TEST_REDIS_PASSWORD"));
    turn(200);
    assert_true(gg_redis_subscribed());
    gg_redis_subscribe(key("late"), listen_to, &late);
    turn(100);
    must(gg_redis_publish(redis, key("early"), GG_STR("one")));
    must(gg_redis_publish(redis, key("late"), GG_STR("two")));
    turn(200);
    assert_int_equal(early.messages, 1);
    assert_int_equal(late.messages, 1);
    assert_string_equal(early.last, "one");
    assert_string_equal(late.last, "two");
    assert_int_equal(early.gaps + late.gaps, 0);

    by_hand("CLIENT KILL TYPE pubsub");
    turn(1500);
    assert_true(gg_redis_subscribed());
    assert_int_equal(early.gaps, 1);
    assert_int_equal(late.gaps, 1);
    must(gg_redis_publish(redis, key("early"), GG_STR("three")));
    turn(200);
    assert_string_equal(early.last, "three");
    gg_redis_subscriptions_stop();
    assert_false(gg_redis_subscribed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_binary_safe),
        cmocka_unit_test(a_key_is_taken_once_and_runs_out),
        cmocka_unit_test(scripts_survive_a_flush),
        cmocka_unit_test(wrong_use_is_an_error),
        cmocka_unit_test(an_absent_server_is_not_waited_for),
        cmocka_unit_test(subscriptions_come_back_and_tell_of_the_gap),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
