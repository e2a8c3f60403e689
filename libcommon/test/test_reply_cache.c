/* libcommon/test/test_reply_cache.c
 * Many callers, one load: against a real server on a port of its own. */
#include "libcommon/reply_cache.h"
#include "libcommon/test/http_rig.h"

#include <stdatomic.h>

struct thing {
    int64_t number;
};
static const struct gg_field thing_fields[] = {
    GG_INT(struct thing, number, GG_REQUIRED, 0, GG_WIRE_MAX, "which"),
};
static const struct gg_msg thing_msg = GG_MSG("Thing", struct thing, thing_fields, "A thing.");

static const struct gg_reply_cache_class class = {.name = "test", .lives = 300, .most = 3};
static struct gg_reply_cache *cache;
static atomic_int loads, truth;
static _Atomic int64_t until = GG_NONE;
static _Atomic enum gg_status outcome = GG_OK;
static sem_t may_load, loading;
static atomic_bool slow;

static enum gg_status load(struct gg_call *call GG_UNUSED, struct gg_kept *kept)
{
    struct thing *thing = GG_NEW(kept->arena, struct thing);

    atomic_fetch_add(&loads, 1);
    thing->number = atomic_load(&truth);
    if (atomic_load(&slow)) {
        sem_post(&loading);
        sem_wait(&may_load);
    }
    if (atomic_load(&outcome) != GG_OK)
        return atomic_load(&outcome);
    kept->value = thing;
    kept->until = atomic_load(&until);
    gg_kept_encode(kept, &thing_msg, thing);
    return GG_OK;
}

static enum gg_status use(struct gg_call *call)
{
    const struct gg_kept *kept = gg_call_kept_value(call);

    if (!kept)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is none");
    gg_reply_kept(call, kept);
    return GG_OK;
}

static enum gg_status ask(struct gg_call *call)
{
    struct gg_id id;
    struct gg_reply_ask a = {.load = load, .use = use, .pool = GG_POOL_LOOP};

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    a.key = id;
    a.about = id.b;
    a.about_n = 1;
    return gg_reply_cache_answer(cache, call, &a);
}

static const struct gg_route routes[] = {
    {.method = GG_GET,
     .path = "/v1/t/things/:id",
     .pool = GG_POOL_LOOP,
     .out = &thing_msg,
     .status = 200,
     .rate = 1000000,
     .handle = ask},
};
static const struct gg_service service = {.name = "t", .routes = routes, .n_routes = GG_LEN(routes)};

static const char *request(int thing, const char *more)
{
    static char text[900];

    snprintf(
        text, sizeof(text),
        "GET /v1/t/things/0%d000000-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s\r\n",
        thing, more);
    return text;
}

static struct rig_reply *get(int thing)
{
    return rig_exchange(request(thing, ""));
}

static size_t drop_one(void)
{
    struct gg_id id = {.b = {0x01, 0, 0, 0, 0, 0, 0x70, 0, 0x80}};

    gg_reply_cache_drop(cache, id);
    return 0;
}

static size_t drop_all(void)
{
    gg_reply_cache_drop_all(cache);
    return 0;
}

static bool about_two(const void *about, const void *value GG_UNUSED, const void *arg GG_UNUSED)
{
    return *(const uint8_t *)about == 2;
}

static size_t drop_two(void)
{
    gg_reply_cache_drop_if(cache, about_two, NULL);
    return 0;
}

static int setup(void **state GG_UNUSED)
{
    cache = gg_reply_cache_create(&class);
    sem_init(&may_load, 0, 0);
    sem_init(&loading, 0, 0);
    rig_start(&service);
    return 0;
}

static int teardown(void **state GG_UNUSED)
{
    rig_stop();
    return 0;
}

static void begin(int number)
{
    (void)rig_ask(drop_all);
    atomic_store(&loads, 0);
    atomic_store(&truth, number);
    atomic_store(&slow, false);
    atomic_store(&outcome, GG_OK);
    atomic_store(&until, GG_NONE);
}

static void test_kept_until_dropped(void **state GG_UNUSED)
{
    begin(7);
    assert_string_equal(get(1)->body, "{\"number\":7}");
    atomic_store(&truth, 8);
    assert_string_equal(get(1)->body, "{\"number\":7}");
    assert_int_equal(atomic_load(&loads), 1);
    (void)rig_ask(drop_one);
    assert_string_equal(get(1)->body, "{\"number\":8}");
    (void)rig_ask(drop_two);
    (void)get(1);
    assert_int_equal(atomic_load(&loads), 2);
    (void)get(2);
    (void)rig_ask(drop_two);
    (void)get(2);
    assert_int_equal(atomic_load(&loads), 4);
}

static void test_ages(void **state GG_UNUSED)
{
    begin(1);
    (void)get(1);
    usleep(350 * 1000);
    (void)get(1);
    assert_int_equal(atomic_load(&loads), 2);
    /* What is true only until an instant goes with it. */
    (void)rig_ask(drop_all);
    atomic_store(&until, gg_now() - 1);
    (void)get(1);
    (void)get(1);
    assert_int_equal(atomic_load(&loads), 4);
}

/* The one nobody asked for longest goes. */
static void test_bounded(void **state GG_UNUSED)
{
    begin(1);
    for (int thing = 1; thing <= 3; thing++)
        (void)get(thing);
    (void)get(1);
    (void)get(4);
    assert_int_equal(atomic_load(&loads), 4);
    (void)get(1);
    (void)get(3);
    assert_int_equal(atomic_load(&loads), 4);
    (void)get(2);
    assert_int_equal(atomic_load(&loads), 5);
}

static void test_not_modified(void **state GG_UNUSED)
{
    char etag[512], header[600];
    struct rig_reply *reply;

    begin(5);
    reply = get(1);
    assert_non_null(rig_header(reply, "ETag"));
    snprintf(etag, sizeof(etag), "%s", rig_header(reply, "ETag"));
    snprintf(header, sizeof(header), "If-None-Match: W/%s\r\n", etag);
    reply = rig_exchange(request(1, header));
    assert_int_equal(reply->status, 304);
    assert_int_equal(reply->n_body, 0);
    assert_string_equal(rig_header(reply, "ETag"), etag);
    atomic_store(&truth, 6);
    (void)rig_ask(drop_all);
    assert_int_equal(rig_exchange(request(1, header))->status, 200);
}

#define CROWD 20

static void ask_slowly(int fds[CROWD])
{
    atomic_store(&slow, true);
    for (int i = 0; i < CROWD; i++) {
        fds[i] = rig_connect();
        rig_send(fds[i], request(1, ""));
        if (i == 0)
            sem_wait(&loading);
    }
    usleep(100 * 1000); /* they are all in line by now */
}

static void test_single_flight(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fds[CROWD];

    begin(3);
    ask_slowly(fds);
    sem_post(&may_load);
    for (int i = 0; i < CROWD; i++) {
        rig_read(fds[i], &reply, false);
        assert_string_equal(reply.body, "{\"number\":3}");
        close(fds[i]);
    }
    assert_int_equal(atomic_load(&loads), 1);
}

/* Whoever asks after a change does not get what was read before it, also when that is still under way. */
static void test_dropped_while_loading(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fds[CROWD], late;

    begin(3);
    ask_slowly(fds);
    atomic_store(&truth, 4);
    (void)rig_ask(drop_one);
    late = rig_connect();
    rig_send(late, request(1, ""));
    sem_post(&may_load);
    sem_wait(&loading);
    sem_post(&may_load);
    rig_read(late, &reply, false);
    assert_string_equal(reply.body, "{\"number\":4}");
    close(late);
    for (int i = 0; i < CROWD; i++) {
        rig_read(fds[i], &reply, false);
        assert_string_equal(reply.body, "{\"number\":3}");
        close(fds[i]);
    }
    assert_int_equal(atomic_load(&loads), 2);
    atomic_store(&slow, false);
    assert_string_equal(get(1)->body, "{\"number\":4}");
    assert_int_equal(atomic_load(&loads), 2);
}

/* All who waited are told, and the next one tries again. What is not there is not kept. */
static void test_failures(void **state GG_UNUSED)
{
    static struct rig_reply reply;
    int fds[CROWD];

    begin(3);
    atomic_store(&outcome, GG_UNAVAILABLE);
    ask_slowly(fds);
    sem_post(&may_load);
    for (int i = 0; i < CROWD; i++) {
        rig_read(fds[i], &reply, false);
        assert_int_equal(reply.status, 503);
        close(fds[i]);
    }
    atomic_store(&slow, false);
    atomic_store(&outcome, GG_NOT_FOUND);
    assert_int_equal(get(1)->status, 404);
    assert_int_equal(get(1)->status, 404);
    atomic_store(&outcome, GG_OK);
    assert_int_equal(get(1)->status, 200);
    assert_int_equal(atomic_load(&loads), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_until_dropped),
        cmocka_unit_test(test_ages),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_not_modified),
        cmocka_unit_test(test_single_flight),
        cmocka_unit_test(test_dropped_while_loading),
        cmocka_unit_test(test_failures),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
