/* services/chat/test/test_scam.c
 * The scam guard against a labelled corpus: what share of its warnings is right, and what share of the bad lines it
 * sees. */
#include "scam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct line {
    const char *text;
    bool account, messenger;
};

static const struct line corpus[] = {
#include "scam_corpus.h"
};

struct score {
    int right, wrong, missed; /* warnings that were due, that were not, and those that did not come */
};

static void count(struct score *score, bool expected, bool got, const char *text, const char *what)
{
    score->right += expected && got;
    score->wrong += !expected && got;
    score->missed += expected && !got;
    if (expected != got)
        print_message("%s: %s: %s\n", what, got ? "warned for nothing" : "missed", text);
}

static double precision(const struct score *s)
{
    return (double)s->right / (s->right + s->wrong);
}

static double recall(const struct score *s)
{
    return (double)s->right / (s->right + s->missed);
}

static void warnings_are_right_and_bad_lines_are_seen(void **state)
{
    struct score account = {0, 0, 0}, messenger = {0, 0, 0};

    (void)state;
    for (size_t i = 0; i < GG_LEN(corpus); i++) {
        struct chat_suspicion s = chat_suspect(corpus[i].text);
        count(&account, corpus[i].account, s.account, corpus[i].text, "account");
        count(&messenger, corpus[i].messenger, s.messenger, corpus[i].text, "messenger");
    }
    print_message("account: precision %.2f, recall %.2f; messenger: precision %.2f, recall %.2f; %zu lines\n",
                  precision(&account), recall(&account), precision(&messenger), recall(&messenger), GG_LEN(corpus));
    assert_true(precision(&account) >= 0.95 && recall(&account) >= 0.90);
    assert_true(precision(&messenger) >= 0.95 && recall(&messenger) >= 0.90);
}

static void nothing_is_suspected_of_nothing(void **state)
{
    (void)state;
    assert_false(chat_suspect(NULL).account);
    assert_false(chat_suspect("").messenger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warnings_are_right_and_bad_lines_are_seen),
        cmocka_unit_test(nothing_is_suspected_of_nothing),
    };

    return cmocka_run_group_tests_name("scam", tests, NULL, NULL);
}
