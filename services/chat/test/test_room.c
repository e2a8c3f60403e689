/* services/chat/test/test_room.c
 * The rules of rooms. */
#include "room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void nobody_sees_beyond_leaving(void **state)
{
    struct chat_member_row in = {.joined_seq = 2, .left_seq = GG_NONE}, out = {.joined_seq = 2, .left_seq = 17};

    (void)state;
    assert_true(chat_visible_until(&in) == INT64_MAX);
    assert_int_equal(chat_visible_until(&out), 17);
    assert_int_equal(chat_visible_until(NULL), 0);
}

static void previews_end_at_a_character(void **state)
{
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(chat_preview(arena, "감귤 왔어요", 2), "감귤");
    assert_string_equal(chat_preview(arena, "감귤", 80), "감귤");
    assert_string_equal(chat_preview(arena, "a😀b", 2), "a😀");
    assert_string_equal(chat_preview(arena, "", 5), "");
    gg_arena_destroy(arena);
}

static void cards_have_no_sender(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct chat_entry_row card = {.seq = 1, .type = CHAT_ENTRY_CARD, .card = CHAT_CARD_OPENED, .amount_won = GG_NONE};
    struct chat_entry_row line = {.seq = 2, .type = CHAT_ENTRY_MESSAGE, .card = -1, .body = "안녕하세요"};
    struct chat_entry entry;

    (void)state;
    line.sender = gg_id_new();
    line.nickname = "민지";
    chat_entry_view(arena, &card, &entry);
    assert_null(entry.from);
    assert_int_equal(entry.card, CHAT_CARD_OPENED);
    chat_entry_view(arena, &line, &entry);
    assert_string_equal(entry.from->nickname, "민지");
    assert_string_equal(entry.text, "안녕하세요");
    assert_int_equal(entry.card, -1);
    gg_arena_destroy(arena);
}

static void membership_has_two_states(void **state)
{
    (void)state;
    assert_int_equal(gg_fsm_next(&chat_member_fsm, CHAT_MEMBER_OUT, CHAT_MEMBER_JOINS), CHAT_MEMBER_IN);
    assert_int_equal(gg_fsm_next(&chat_member_fsm, CHAT_MEMBER_IN, CHAT_MEMBER_LEAVES), CHAT_MEMBER_OUT);
    assert_int_equal(gg_fsm_next(&chat_member_fsm, CHAT_MEMBER_OUT, CHAT_MEMBER_LEAVES), -1);
    assert_int_equal(gg_fsm_next(&chat_member_fsm, CHAT_MEMBER_IN, CHAT_MEMBER_JOINS), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_sees_beyond_leaving),
        cmocka_unit_test(previews_end_at_a_character),
        cmocka_unit_test(cards_have_no_sender),
        cmocka_unit_test(membership_has_two_states),
    };

    return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
