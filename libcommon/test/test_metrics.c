/* libcommon/test/test_metrics.c
 * Metrics as a scraper reads them; nothing is lost between threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/metrics.h"

static struct gg_buf out;

static void print(void)
{
    gg_buf_clear(&out);
    gg_metrics_print(&out);
    assert_false(out.overflow);
}

static void shows(const char *line)
{
    assert_non_null(strstr(out.p, line));
}

static void counters_and_gauges(void **state)
{
    (void)state;
    gg_count("t_total", "route=\"/a\",status=\"200\"", 2);
    gg_gauge("t_open", "", 7);
    gg_count("t_total", "route=\"/b\",status=\"200\"", 1);
    gg_count("t_total", "route=\"/a\",status=\"200\"", 3);
    gg_gauge("t_open", "", -4);
    print();
    /* series of one name stand together under one TYPE line */
    shows("# TYPE gonggu_t_total counter\n"
          "gonggu_t_total{route=\"/a\",status=\"200\"} 5\n"
          "gonggu_t_total{route=\"/b\",status=\"200\"} 1\n");
    shows("# TYPE gonggu_t_open gauge\ngonggu_t_open -4\n");
}

static void histograms(void **state)
{
    static const double seconds[] = {0.0005, 0.001, 0.0011, 0.3, 10, 11};

    (void)state;
    for (size_t i = 0; i < GG_LEN(seconds); i++)
        gg_observe("t_seconds", "pool=\"db\"", seconds[i]);
    gg_observe("t_plain_seconds", "", 0.2);
    print();
    shows("# TYPE gonggu_t_seconds histogram\n"
          "gonggu_t_seconds_bucket{pool=\"db\",le=\"0.001\"} 2\n"
          "gonggu_t_seconds_bucket{pool=\"db\",le=\"0.0025\"} 3\n");
    shows("gonggu_t_seconds_bucket{pool=\"db\",le=\"0.25\"} 3\n"
          "gonggu_t_seconds_bucket{pool=\"db\",le=\"0.5\"} 4\n");
    shows("gonggu_t_seconds_bucket{pool=\"db\",le=\"10\"} 5\n"
          "gonggu_t_seconds_bucket{pool=\"db\",le=\"+Inf\"} 6\n"
          "gonggu_t_seconds_count{pool=\"db\"} 6\n"
          "gonggu_t_seconds_sum{pool=\"db\"} 21.302600\n");
    shows("gonggu_t_plain_seconds_bucket{le=\"0.1\"} 0\n"
          "gonggu_t_plain_seconds_bucket{le=\"0.25\"} 1\n");
    shows("gonggu_t_plain_seconds_count 1\n");
}

static void *count_much(void *arg)
{
    for (int i = 0; i < 20000; i++) {
        char labels[20];
        snprintf(labels, sizeof(labels), "n=\"%d\"", i % 50);
        gg_count("t_shared_total", labels, 1);
        gg_observe("t_shared_seconds", "", 0.01);
    }
    return arg;
}

static void threads_lose_nothing(void **state)
{
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < GG_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_much, NULL), 0);
    for (size_t i = 0; i < GG_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    print();
    for (int i = 0; i < 50; i++) {
        char line[60];
        snprintf(line, sizeof(line), "gonggu_t_shared_total{n=\"%d\"} 1600\n", i);
        shows(line);
    }
    shows("gonggu_t_shared_seconds_count 80000\n");
    shows("gonggu_t_shared_seconds_sum 800.000000\n");
}

/* The last test: it fills the table. */
static void too_many_series_are_dropped_and_counted(void **state)
{
    (void)state;
    print();
    shows("gonggu_metrics_dropped_total 0\n");
    for (int i = 0; i < 2500; i++) {
        char labels[20];
        snprintf(labels, sizeof(labels), "n=\"%d\"", i);
        gg_gauge("t_many", labels, i);
    }
    print();
    assert_null(strstr(out.p, "gonggu_metrics_dropped_total 0\n"));
    assert_null(strstr(out.p, "gonggu_t_many{n=\"2499\"}"));
    shows("gonggu_t_many{n=\"1000\"} 1000\n");
    gg_count("t_total", "route=\"/a\",status=\"200\"", 1);
    print();
    shows("gonggu_t_total{route=\"/a\",status=\"200\"} 6\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_and_gauges),
        cmocka_unit_test(histograms),
        cmocka_unit_test(threads_lose_nothing),
        cmocka_unit_test(too_many_series_are_dropped_and_counted),
    };
    gg_buf_init(&out, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    gg_buf_free(&out);
    return failed;
}
