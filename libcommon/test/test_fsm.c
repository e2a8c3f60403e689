/* libcommon/test/test_fsm.c
 * Life cycles: the table decides every pair of state and event, and is drawn as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libcommon/fsm.h"

enum state { OPEN, HELD, DONE };
enum event { HOLD, FREE, FINISH };

static const char *const states[] = {"open", "held", "done", NULL};
static const char *const events[] = {"hold", "free", "finish", NULL};
static const struct gg_transition rows[] = {
    {OPEN, HOLD, HELD, "enough money"},
    {HELD, FREE, OPEN, NULL},
    {HELD, FINISH, DONE, NULL},
};
static const struct gg_fsm fsm = {"share", states, events, rows, GG_LEN(rows)};

static void every_pair(void **state)
{
    static const int expected[3][3] = {{HELD, -1, -1}, {-1, OPEN, DONE}, {-1, -1, -1}};

    (void)state;
    for (int from = OPEN; from <= DONE; from++)
        for (int event = HOLD; event <= FINISH; event++)
            assert_int_equal(gg_fsm_next(&fsm, from, event), expected[from][event]);
    assert_int_equal(gg_fsm_next(&fsm, 99, HOLD), -1);
    assert_int_equal(gg_fsm_next(&fsm, OPEN, 99), -1);
}

static void the_drawing(void **state)
{
    struct gg_buf out;

    (void)state;
    gg_buf_init(&out, 4096);
    gg_fsm_mermaid(&fsm, &out);
    assert_string_equal(out.p, "stateDiagram-v2\n"
                               "    [*] --> open\n"
                               "    open --> held: hold\n"
                               "    held --> open: free\n"
                               "    held --> done: finish\n"
                               "    done --> [*]\n");
    gg_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair),
        cmocka_unit_test(the_drawing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
