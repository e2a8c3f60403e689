/* libcommon/test/test_bus.c
 * What of the bus needs no broker: the envelope and the decision about an arriving event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"

struct sample {
    int64_t quantity;
    const char *name;
};
static const struct gg_field sample_fields[] = {
    GG_INT(struct sample, quantity, GG_REQUIRED, 1, 999, "units"),
    GG_TEXT(struct sample, name, GG_OPTIONAL, 1, 40, "of it"),
};
static const struct gg_msg sample_msg = GG_MSG("Sample", struct sample, sample_fields, "A sample.");
static const struct gg_event_type sample_type = {"it.sample.made.v1", "gonggu.it", &sample_msg, "A sample."};

static struct envelope envelope_of(struct gg_id id, struct gg_id aggregate)
{
    return (struct envelope){.id = id,
                             .aggregate = aggregate,
                             .sequence = 7,
                             .time = INT64_C(1795254184123),
                             .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
}

static void an_event_goes_there_and_back(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    struct gg_id id = gg_id_new(), aggregate = gg_id_new();
    struct envelope e = envelope_of(id, aggregate), back;
    struct sample data = {3, "쌀 \"20kg\"\\"};
    struct gg_buf text;
    const char *reason = NULL;
    gg_buf_init(&text, GG_JSON_MAX);
    envelope_encode(&text, &e, &sample_type, &data);
    assert_false(text.overflow);
    assert_true(envelope_decode(arena, gg_buf_str(&text), &back, &reason));
    assert_true(gg_id_equal(back.id, id));
    assert_true(gg_id_equal(back.aggregate, aggregate));
    assert_string_equal(back.type, "it.sample.made.v1");
    assert_int_equal(back.sequence, 7);
    assert_int_equal(back.time, e.time);
    assert_string_equal(back.traceparent, e.traceparent);
    const struct sample *read = envelope_data(arena, gg_buf_str(&text), &sample_type, &reason);
    assert_non_null(read);
    assert_int_equal(read->quantity, 3);
    assert_string_equal(read->name, data.name);
    gg_buf_free(&text);
    gg_arena_destroy(arena);
}

static void the_envelope_is_a_cloudevent(void **state)
{
    (void)state;
    struct gg_id id, aggregate;
    assert_true(gg_id_parse(GG_STR("01939b5c-0000-7000-8000-000000000001"), &id));
    assert_true(gg_id_parse(GG_STR("01939b5c-0000-7000-8000-000000000002"), &aggregate));
    struct envelope e = envelope_of(id, aggregate);
    struct sample data = {1, NULL};
    struct gg_buf text;
    gg_buf_init(&text, GG_JSON_MAX);
    envelope_encode(&text, &e, &sample_type, &data);
    assert_string_equal(text.p,
                        "{\"specversion\":\"1.0\",\"id\":\"01939b5c-0000-7000-8000-000000000001\","
                        "\"source\":\"gonggu/it\",\"type\":\"it.sample.made.v1\","
                        "\"subject\":\"01939b5c-0000-7000-8000-000000000002\",\"time\":\"2026-11-21T09:43:04.123Z\","
                        "\"sequence\":7,\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\","
                        "\"datacontenttype\":\"application/json\",\"data\":{\"quantity\":1}}");
    gg_buf_free(&text);
}

static void what_is_no_event_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"id\":\"x\"}",
        "{\"id\":\"01939b5c-0000-7000-8000-000000000001\",\"type\":\"a\",\"sequence\":1,"
        "\"time\":\"2026-11-21T09:43:04.123Z\"}", /* no subject */
        "{\"id\":\"01939b5c-0000-7000-8000-000000000001\",\"subject\":\"01939b5c-0000-7000-8000-000000000002\","
        "\"type\":\"a\",\"sequence\":0,\"time\":\"2026-11-21T09:43:04.123Z\"}", /* sequences start at 1 */
    };
    struct gg_arena *arena = gg_arena_create();
    for (size_t i = 0; i < GG_LEN(bad); i++) {
        struct envelope e;
        const char *reason = NULL;
        assert_false(envelope_decode(arena, (struct gg_str){bad[i], strlen(bad[i])}, &e, &reason));
        assert_non_null(reason);
    }
    gg_arena_destroy(arena);
}

static void data_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct gg_arena *arena = gg_arena_create();
    const char *reason = NULL;
    assert_null(envelope_data(arena, GG_STR("{\"data\":{\"quantity\":0}}"), &sample_type, &reason));
    assert_non_null(strstr(reason, "quantity"));
    assert_null(envelope_data(arena, GG_STR("{\"other\":1}"), &sample_type, &reason));
    assert_null(envelope_data(arena, GG_STR("{\"data\":null}"), &sample_type, &reason));
    gg_arena_destroy(arena);
}

static void every_case_of_an_arriving_event(void **state)
{
    (void)state;
    static const struct {
        int64_t applied;
        bool poisoned;
        int64_t sequence;
        bool handled;
        enum inbox_step step;
    } table[] = {
        {0, false, 1, true, INBOX_APPLY},      {0, false, 1, false, INBOX_SKIP},
        {0, false, 2, true, INBOX_PARK_GAP},   {0, false, 2, false, INBOX_PARK_GAP},
        {5, false, 5, true, INBOX_DROP},       {5, false, 1, false, INBOX_DROP},
        {5, false, 6, true, INBOX_APPLY},      {5, false, 6, false, INBOX_SKIP},
        {5, false, 7, true, INBOX_PARK_GAP},   {5, true, 5, true, INBOX_DROP},
        {5, true, 6, true, INBOX_PARK_BEHIND}, {5, true, 6, false, INBOX_PARK_BEHIND},
        {5, true, 9, true, INBOX_PARK_BEHIND}, {0, true, 1, true, INBOX_PARK_BEHIND},
    };
    for (size_t i = 0; i < GG_LEN(table); i++)
        assert_int_equal(inbox_decide(table[i].applied, table[i].poisoned, table[i].sequence, table[i].handled),
                         table[i].step);
}

static void owners_are_asked_ever_more_seldom(void **state)
{
    (void)state;
    int64_t before = 0;
    for (int64_t asks = 0; asks < 200; asks++) {
        int64_t wait = inbox_ask_wait(asks);
        assert_true(wait >= before);
        assert_true(wait >= 2 * GG_SECOND && wait <= 5 * GG_MINUTE);
        before = wait;
    }
    assert_int_equal(inbox_ask_wait(0), 2 * GG_SECOND);
    assert_int_equal(before, 5 * GG_MINUTE);
}

static void only_lasting_failures_are_poison(void **state)
{
    (void)state;
    assert_true(inbox_is_poison(GG_ERROR));
    assert_true(inbox_is_poison(GG_NOT_FOUND));
    assert_true(inbox_is_poison(GG_DUPLICATE));
    assert_false(inbox_is_poison(GG_OK));
    assert_false(inbox_is_poison(GG_RETRY));
    assert_false(inbox_is_poison(GG_UNAVAILABLE));
}

static void a_thread_keeps_its_trace(void **state)
{
    (void)state;
    gg_bus_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert_string_equal(bus_trace(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    gg_bus_trace("00-not-a-trace");
    assert_string_equal(bus_trace(), "");
    gg_bus_trace("00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01");
    assert_string_equal(bus_trace(), "");
    gg_bus_trace(NULL);
    assert_string_equal(bus_trace(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_goes_there_and_back),     cmocka_unit_test(the_envelope_is_a_cloudevent),
        cmocka_unit_test(what_is_no_event_is_refused),      cmocka_unit_test(data_that_does_not_fit_is_refused),
        cmocka_unit_test(every_case_of_an_arriving_event),  cmocka_unit_test(owners_are_asked_ever_more_seldom),
        cmocka_unit_test(only_lasting_failures_are_poison), cmocka_unit_test(a_thread_keeps_its_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
