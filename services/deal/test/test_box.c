/* services/deal/test/test_box.c
 * The box engine against brute force, and what fills a box near closing. */
#include "box.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 4

static unsigned seed = 20261121;

static int64_t below(int64_t bound)
{
    return (int64_t)rand_r(&seed) % bound;
}

/* What is good about an allotment, the most important first; smaller is better. */
struct score {
    int64_t unserved;       /* firm portions that go without */
    int64_t extras;         /* taken from tolerances */
    int64_t unfair;         /* sum of squares of extras: least when they are spread */
    int64_t late[2 * MOST]; /* per person from the first on: firm portions missing, then extras missing */
};

struct lot {
    struct deal_part parts[MOST];
    size_t n;
    int64_t host, portions, boxes_max;
};

static struct score score_of(const struct lot *lot, const int64_t *given, int64_t host)
{
    struct score score = {.unserved = lot->host - host};

    for (size_t i = 0; i < lot->n; i++) {
        int64_t extra = given[i] - lot->parts[i].quantity;
        score.unserved += extra < 0 ? -extra : 0;
        score.extras += extra > 0 ? extra : 0;
        score.unfair += extra > 0 ? extra * extra : 0;
        score.late[i] = extra < 0 ? -extra : 0;
        score.late[lot->n + i] = extra > 0 ? -extra : 0;
    }
    return score;
}

static int compare(const struct score *a, const struct score *b, size_t n)
{
    const int64_t *x = (const int64_t *)a, *y = (const int64_t *)b;

    for (size_t i = 0; i < 3 + 2 * n; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* Tries everything that keeps the rules: whole boxes, at most boxes_max, none of tolerance alone, nobody above what he
 * accepts, the host first and never more than he keeps. */
struct search {
    const struct lot *lot;
    int64_t given[MOST], best[MOST], host, best_host;
    struct score score;
    bool found;
};

static void judge(struct search *s, int64_t sum)
{
    const struct lot *lot = s->lot;
    int64_t firm = s->host;
    struct score score;

    if (sum % lot->portions != 0 || sum / lot->portions > lot->boxes_max)
        return;
    for (size_t i = 0; i < lot->n; i++)
        firm += s->given[i] < lot->parts[i].quantity ? s->given[i] : lot->parts[i].quantity;
    if (sum > 0 && firm <= sum - lot->portions)
        return;
    score = score_of(lot, s->given, s->host);
    if (s->host < lot->host && sum > s->host)
        return;
    if (s->found && compare(&score, &s->score, lot->n) >= 0)
        return;
    s->found = true;
    s->score = score;
    s->best_host = s->host;
    memcpy(s->best, s->given, sizeof(s->best));
}

static void search(struct search *s, size_t i, int64_t sum)
{
    if (i == s->lot->n) {
        judge(s, sum);
        return;
    }
    for (int64_t q = 0; q <= s->lot->parts[i].quantity + s->lot->parts[i].tolerance; q++) {
        s->given[i] = q;
        search(s, i + 1, sum + q);
    }
}

static void d3_equals_brute_force(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct lot lot = {
            .n = 1 + (size_t)below(MOST), .host = below(4), .portions = 2 + below(5), .boxes_max = 1 + below(4)};
        struct search s = {.lot = &lot};
        int64_t host, boxes, sum;
        for (size_t i = 0; i < lot.n; i++) {
            lot.parts[i].quantity = 1 + below(4);
            lot.parts[i].tolerance = below(2) ? 0 : below(4);
        }
        for (s.host = 0; s.host <= lot.host; s.host++)
            search(&s, 0, s.host);
        boxes = deal_fill_boxes(lot.parts, lot.n, lot.host, lot.portions, lot.boxes_max, &host);
        sum = host;
        assert_int_equal(host, s.best_host);
        for (size_t i = 0; i < lot.n; i++) {
            sum += lot.parts[i].allotted;
            assert_int_equal(lot.parts[i].allotted, s.best[i]);
        }
        assert_int_equal(sum, boxes * lot.portions);
    }
}

static void d3_extras_differ_by_one_at_most(void **state)
{
    (void)state;
    for (int round = 0; round < 5000; round++) {
        struct deal_part parts[30] = {0};
        int64_t host;
        for (size_t i = 0; i < 30; i++) {
            parts[i].quantity = 1 + below(20);
            parts[i].tolerance = below(10);
        }
        deal_fill_boxes(parts, 30, below(10), 2 + below(98), 1 + below(10), &host);
        for (size_t i = 0; i < 30; i++)
            for (size_t j = 0; j < 30; j++) {
                int64_t mine = parts[i].allotted - parts[i].quantity, other = parts[j].allotted - parts[j].quantity;
                if (other > 0 && other > mine + 1)
                    assert_int_equal(mine, parts[i].tolerance);
            }
    }
}

static void how_full_boxes_are(void **state)
{
    static const struct {
        int64_t firm, tolerance, portions, max, boxes, missing;
    } cases[] = {
        {0, 9, 10, 3, 0, 0}, /* never a box of tolerance alone */
        {7, 2, 10, 3, 0, 1},  {7, 3, 10, 3, 1, 0},   {10, 9, 10, 3, 1, 0}, {11, 8, 10, 3, 1, 1},
        {11, 9, 10, 3, 2, 0}, {35, 20, 10, 3, 3, 0}, {30, 0, 10, 3, 3, 0}, {29, 0, 10, 3, 2, 1},
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        struct deal_fill fill = deal_box_fill(cases[i].firm, cases[i].tolerance, cases[i].portions, cases[i].max);
        assert_int_equal(fill.boxes, cases[i].boxes);
        assert_int_equal(fill.missing, cases[i].missing);
    }
}

static void near_closing_no_box_breaks(void **state)
{
    static const struct {
        struct deal_fill before, after;
        bool allowed;
    } cases[] = {
        {{1, 3}, {1, 2}, true}, {{1, 3}, {1, 3}, true},  {{1, 3}, {1, 4}, false}, {{1, 3}, {2, 0}, true},
        {{1, 3}, {2, 9}, true}, {{2, 0}, {1, 1}, false}, {{2, 0}, {2, 5}, false}, {{0, 0}, {0, 0}, true},
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++)
        assert_int_equal(deal_fill_allowed(&cases[i].before, &cases[i].after), cases[i].allowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d3_equals_brute_force),
        cmocka_unit_test(d3_extras_differ_by_one_at_most),
        cmocka_unit_test(how_full_boxes_are),
        cmocka_unit_test(near_closing_no_box_breaks),
    };

    return cmocka_run_group_tests_name("box", tests, NULL, NULL);
}
