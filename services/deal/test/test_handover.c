/* services/deal/test/test_handover.c
 * Signed codes, and merging of messages. */
#include "handover.h"
#include "merge.h"
#include "proto/deal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_picture_says_what_was_signed(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_str key = GG_STR("0123456789abcdef0123456789abcdef"), other = GG_STR("0123456789abcdef0123456789abcdeg");
    struct gg_id share = gg_id_new(), read;
    char *text = gg_strdup(arena, deal_qr(arena, key, share, "004217"));
    const char *code;

    (void)state;
    assert_true(deal_qr_read(arena, key, text, &read, &code));
    assert_true(gg_id_equal(read, share));
    assert_string_equal(code, "004217");
    assert_false(deal_qr_read(arena, other, text, &read, &code));
    for (size_t i = 0; text[i]; i++) {
        char was = text[i];
        text[i] = was == 'a' ? 'b' : 'a';
        if (text[i] != was)
            assert_false(deal_qr_read(arena, key, text, &read, &code));
        text[i] = was;
    }
    text[strlen(text) - 1] = '\0';
    assert_false(deal_qr_read(arena, key, text, &read, &code));
    assert_false(deal_qr_read(arena, key, "", &read, &code));
    assert_false(deal_qr_read(arena, key, "GG1.", &read, &code));
    gg_arena_destroy(arena);
}

static void what_is_given_replaces_what_was(void **state)
{
    struct deal_create all, some;
    struct deal_pickup here = {"여기", NULL, 1, 2, 3, 4}, there = {"저기", NULL, 1, 2, 3, 4};
    const char *names[8];

    (void)state;
    gg_msg_init(&deal_edit_msg, &all);
    gg_msg_init(&deal_edit_msg, &some);
    all.title = "감자";
    all.total_won = 1000;
    all.pickup = &here;
    assert_int_equal(deal_merge(&deal_edit_msg, &some, &all, names, 8), 0);
    some.title = "감자";
    some.total_won = 2000;
    some.pickup = &there;
    assert_int_equal(deal_merge(&deal_edit_msg, &some, &all, names, 8), 2);
    assert_string_equal(names[0], "total_won");
    assert_string_equal(names[1], "pickup");
    assert_int_equal(all.total_won, 2000);
    assert_string_equal(all.pickup->place, "저기");
    assert_int_equal(deal_differences(&deal_edit_msg, &some, &all, names, 8), 0);
    some.title = NULL;
    assert_int_equal(deal_differences(&deal_edit_msg, &some, &all, names, 8), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_says_what_was_signed),
        cmocka_unit_test(what_is_given_replaces_what_was),
    };

    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
