/* services/push/test/test_way.c
 * What happens next with a notice: one device after the other, text message last, nothing that is stale, unwanted or
 * forbidden. */
#include "clear.h"
#include "keyword.h"

#include "libcommon/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t ms;

    assert_true(gg_time_parse((struct gg_str){text, strlen(text)}, &ms));
    return ms;
}

static const struct gg_id first = {.b = {1}}, second = {.b = {2}};

static struct push_facts facts_of(int kind)
{
    return (struct push_facts){.kind = kind,
                               .title = "감자",
                               .text = "반값",
                               .amount_won = GG_NONE,
                               .until = GG_NONE,
                               .number = GG_NONE,
                               .archived_at = GG_NONE,
                               .snoozed_until = GG_NONE};
}

static struct push_state state_of(const struct push_facts *facts, int64_t now)
{
    return (struct push_state){.facts = facts,
                               .give_up_at = now + GG_DAY,
                               .hours = {NULL, GG_NONE, GG_NONE},
                               .needed = true,
                               .ads_since = GG_NONE,
                               .ads_at_night_since = GG_NONE,
                               .devices = {first, second},
                               .n_devices = 2};
}

static void n1_devices_are_tried_one_after_the_other_and_none_overlaps(void **unused)
{
    struct push_facts facts = facts_of(PUSH_ARRIVED);
    int64_t now = at("2026-11-21T12:00:00Z");
    struct push_state s = state_of(&facts, now);
    struct push_step step = push_next_step(&s, now);
    struct push_try tries[2] = {{.channel = PUSH_WEB, .result = PUSH_ACCEPTED, .device = first, .tries = 1}};

    (void)unused;
    assert_int_equal(step.what, PUSH_DO_WEB);
    assert_true(gg_id_equal(step.device, first));
    assert_int_equal(step.next_at, now + step.ttl_s * GG_SECOND); /* gone there when the next one gets it */
    s.tries = tries;
    s.n_tries = 1;
    step = push_next_step(&s, step.next_at);
    assert_true(gg_id_equal(step.device, second));
    assert_int_equal(step.next_at, GG_NONE);
    tries[0].shown = true;
    step = push_next_step(&s, now + GG_MINUTE);
    assert_int_equal(step.what, PUSH_DO_END);
    assert_int_equal(step.end, PUSH_END_SHOWN);
}

static void n3_what_is_read_stale_or_old_is_not_sent(void **unused)
{
    struct push_facts facts = facts_of(PUSH_ARRIVED);
    int64_t now = at("2026-11-21T12:00:00Z");
    struct push_state s = state_of(&facts, now);

    (void)unused;
    s.needed = false;
    assert_int_equal(push_next_step(&s, now).end, PUSH_END_STALE);
    s.needed = true;
    assert_int_equal(push_next_step(&s, s.give_up_at).end, PUSH_END_EXPIRED);
    facts.read = true;
    assert_int_equal(push_next_step(&s, now).end, PUSH_END_READ);
    facts.read = false;
    s.muted = true;
    assert_int_equal(push_next_step(&s, now).end, PUSH_END_MUTED);
    facts.kind = PUSH_NEW_DEVICE; /* critical */
    assert_int_equal(push_next_step(&s, now).what, PUSH_DO_WEB);
}

static void n4_a_busy_service_is_asked_again_but_not_for_ever_while_another_device_waits(void **unused)
{
    struct push_facts facts = facts_of(PUSH_ARRIVED);
    int64_t now = at("2026-11-21T12:00:00Z");
    struct push_state s = state_of(&facts, now);
    struct push_try busy = {.channel = PUSH_WEB, .result = PUSH_DEFERRED, .device = first, .tries = 1};
    struct push_step step;

    (void)unused;
    s.tries = &busy;
    s.n_tries = 1;
    step = push_next_step(&s, now);
    assert_true(step.again && gg_id_equal(step.device, first));
    busy.tries = 5;
    step = push_next_step(&s, now);
    assert_true(!step.again && gg_id_equal(step.device, second));
    assert_int_equal(push_back_off(1, GG_NONE), 2 * GG_SECOND);
    assert_int_equal(push_back_off(3, GG_NONE), 8 * GG_SECOND);
    assert_int_equal(push_back_off(100, GG_NONE), 10 * GG_MINUTE);
    assert_int_equal(push_back_off(1, GG_HOUR), GG_HOUR);
}

static void n7_a_text_message_comes_last_and_once(void **unused)
{
    struct push_facts facts = facts_of(PUSH_ARRIVED);
    int64_t now = at("2026-11-21T12:00:00Z");
    struct push_state s = state_of(&facts, now);
    struct push_try tries[3] = {{.channel = PUSH_WEB, .result = PUSH_ACCEPTED, .device = first, .tries = 1},
                                {.channel = PUSH_WEB, .result = PUSH_GONE, .device = second, .tries = 1},
                                {.channel = PUSH_SMS, .result = PUSH_ACCEPTED, .tries = 1}};
    struct push_step step;

    (void)unused;
    s.tries = tries;
    s.n_tries = 2;
    assert_int_equal(push_next_step(&s, now).what, PUSH_DO_END);
    s.sms = true;
    step = push_next_step(&s, now);
    assert_int_equal(step.what, PUSH_DO_TEXT);
    assert_int_equal(step.next_at, GG_NONE);
    s.n_tries = 3;
    assert_int_equal(push_next_step(&s, now).what, PUSH_DO_END);
    s.n_tries = 2;
    tries[0].shown = true;
    assert_int_equal(push_next_step(&s, now).end, PUSH_END_SHOWN);
}

static void n8_quiet_hours_defer_and_then_expire(void **unused)
{
    struct push_facts facts = facts_of(PUSH_COMMENT);
    int64_t now = at("2026-11-21T23:00:00+09:00");
    struct push_state s = state_of(&facts, now);
    struct push_step step;

    (void)unused;
    s.hours = (struct push_hours){gg_tz_find("Asia/Seoul"), 22 * 60, 7 * 60};
    step = push_next_step(&s, now);
    assert_int_equal(step.what, PUSH_DO_WAIT);
    assert_int_equal(step.next_at, at("2026-11-22T07:00:00+09:00"));
    s.give_up_at = now + GG_HOUR;
    assert_int_equal(push_next_step(&s, now).end, PUSH_END_QUIET);
    facts.kind = PUSH_NEW_DEVICE;
    assert_int_equal(push_next_step(&s, now).what, PUSH_DO_WEB);
}

static void n10_an_advertisement_without_consent_or_at_night_cannot_be_made(void **unused)
{
    struct gg_arena *arena = gg_arena_create();
    struct push_facts facts = facts_of(PUSH_PROMOTION);
    int64_t noon = at("2026-11-21T12:00:00+09:00"), night = at("2026-11-21T22:00:00+09:00");
    const struct push_cleared *cleared;
    struct push_state s = state_of(&facts, noon);
    struct gg_buf out;

    (void)unused;
    assert_null(push_clear(arena, &facts, PUSH_KO, GG_NONE, GG_NONE, noon));
    assert_null(push_clear(arena, &facts, PUSH_KO, noon - 731 * GG_DAY, GG_NONE, noon)); /* two years are over */
    assert_null(push_clear(arena, &facts, PUSH_KO, noon - GG_DAY, GG_NONE, night));
    assert_non_null(push_clear(arena, &facts, PUSH_KO, noon - GG_DAY, noon - GG_DAY, night));
    cleared = push_clear(arena, &facts, PUSH_EN, noon - GG_DAY, GG_NONE, noon);
    assert_non_null(cleared);
    gg_buf_init(&out, 3000);
    push_payload(arena, cleared, "abcdefghijklmnopqrstuvwx", &out);
    assert_non_null(strstr(out.p, "\"title\":\"(광고) Gonggu"));
    gg_buf_free(&out);
    assert_int_equal(push_next_step(&s, noon).end, PUSH_END_UNWANTED);
    s.ads_since = noon - GG_DAY;
    assert_int_equal(push_next_step(&s, noon).what, PUSH_DO_WEB);
    assert_int_equal(push_next_step(&s, night).what, PUSH_DO_WAIT);
    assert_int_equal(push_next_step(&s, night).next_at, at("2026-11-22T08:00:00+09:00"));
    facts.kind = PUSH_JOINED; /* no consent is needed for what one's own deal does */
    assert_non_null(push_clear(arena, &facts, PUSH_KO, GG_NONE, GG_NONE, night));
    gg_arena_destroy(arena);
}

static void every_advertisement_bears_its_mark(void **unused)
{
    (void)unused;
    for (int kind = 0; push_kind_names[kind]; kind++)
        for (int lang = 0; lang < 2; lang++)
            assert_int_equal(strncmp(push_rule(kind)->title[lang], "(광고)", strlen("(광고)")) == 0,
                             push_rule(kind)->class == PUSH_AD);
}

static void words_are_found_whatever_their_spaces(void **unused)
{
    struct gg_arena *arena = gg_arena_create();

    (void)unused;
    assert_string_equal(push_fold(arena, "LA 갈비 2KG"), "la갈비2kg");
    assert_non_null(strstr(push_fold(arena, "냉동 LA갈비 나눠요"), push_fold(arena, "la 갈비")));
    assert_int_equal(push_distance_m(37556000, 126910000, 37556000, 126910000), 0);
    assert_in_range(push_distance_m(37556000, 126910000, 37566000, 126910000), 1100, 1125);
    assert_in_range(push_distance_m(37556000, 126910000, 37556000, 126920000), 870, 895);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n1_devices_are_tried_one_after_the_other_and_none_overlaps),
        cmocka_unit_test(n3_what_is_read_stale_or_old_is_not_sent),
        cmocka_unit_test(n4_a_busy_service_is_asked_again_but_not_for_ever_while_another_device_waits),
        cmocka_unit_test(n7_a_text_message_comes_last_and_once),
        cmocka_unit_test(n8_quiet_hours_defer_and_then_expire),
        cmocka_unit_test(n10_an_advertisement_without_consent_or_at_night_cannot_be_made),
        cmocka_unit_test(every_advertisement_bears_its_mark),
        cmocka_unit_test(words_are_found_whatever_their_spaces),
    };

    return cmocka_run_group_tests_name("way", tests, NULL, NULL);
}
