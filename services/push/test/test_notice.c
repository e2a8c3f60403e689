/* services/push/test/test_notice.c
 * The words of notices: every kind in both languages, nothing left unfilled. */
#include "notice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void every_kind_speaks_both_languages(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct push_facts facts = {.id = gg_id_new(),
                               .deal = gg_id_new(),
                               .target = gg_id_new(),
                               .title = "제주 감귤 10kg",
                               .who = "민지",
                               .text = "좋아요",
                               .amount_won = 12300,
                               .until = 1795276800000,
                               .number = 3,
                               .archived_at = GG_NONE};
    struct push_notice ko, en;

    (void)state;
    for (facts.kind = 0; push_kind_names[facts.kind]; facts.kind++) {
        push_render(arena, &facts, PUSH_KO, &ko);
        push_render(arena, &facts, PUSH_EN, &en);
        assert_true(strcmp(ko.title, en.title) != 0 || facts.kind == PUSH_CHAT);
        assert_true(*ko.title && *ko.body && *en.title && *en.body); /* N2: never a silent push */
        assert_null(strpbrk(ko.title, "{}"));
        assert_null(strpbrk(ko.body, "{}"));
        assert_null(strpbrk(en.body, "{}"));
        assert_int_equal(ko.link[0], '/');
        assert_true(push_rule(facts.kind)->ttl_s >= 3600);
        assert_true(push_rule(facts.kind)->patience_s > 0);
        assert_non_null(push_rule(facts.kind)->urgency);
    }
    assert_int_equal(facts.kind, PUSH_KINDS);
    gg_arena_destroy(arena);
}

static void facts_are_filled_in(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct push_facts facts = {
        .kind = PUSH_JOINED, .title = "감귤", .who = "민지", .amount_won = GG_NONE, .until = GG_NONE};
    struct push_notice notice;

    (void)state;
    push_render(arena, &facts, PUSH_KO, &notice);
    assert_string_equal(notice.body, "민지님이 ‘감귤’에 참여했어요.");
    facts.who = NULL;
    push_render(arena, &facts, PUSH_EN, &notice);
    assert_string_equal(notice.body, "A neighbour joined “감귤”.");
    facts.kind = PUSH_PURCHASED;
    facts.amount_won = 1234567;
    push_render(arena, &facts, PUSH_EN, &notice);
    assert_non_null(strstr(notice.body, "1,234,567 won"));
    gg_arena_destroy(arena);
}

static void won_are_grouped(void **state)
{
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(push_won(arena, 0), "0");
    assert_string_equal(push_won(arena, 999), "999");
    assert_string_equal(push_won(arena, 1000), "1,000");
    assert_string_equal(push_won(arena, -123456), "-123,456");
    assert_string_equal(push_won(arena, 1000000), "1,000,000");
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_speaks_both_languages),
        cmocka_unit_test(facts_are_filled_in),
        cmocka_unit_test(won_are_grouped),
    };

    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
