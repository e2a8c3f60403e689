/* libcommon/metrics.c
 * Counters, gauges and histograms, printed as Prometheus text. */
#include "libcommon/metrics.h"

#include "libcommon/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define SERIES_MAX 2000
#define BUCKETS    13

static const double bucket_bounds[BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

enum kind { COUNTER, GAUGE, HISTOGRAM };
struct series {
    const char *name, *labels;
    enum kind kind;
    _Atomic int64_t value;            /* histogram: observations */
    _Atomic int64_t sum_us;           /* histogram: in microseconds */
    _Atomic int64_t buckets[BUCKETS]; /* histogram: not yet cumulated */
};

/* Series are only ever added, at the end, and never move: readers need no lock. */
static struct series *all[SERIES_MAX];
static _Atomic size_t n_all;
static _Atomic int64_t dropped;
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;

static struct series *lookup(const char *name, const char *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i]->name, name) == 0 && strcmp(all[i]->labels, labels) == 0)
            return all[i];
    return NULL;
}

static struct series *find(const char *name, const char *labels, enum kind kind)
{
    struct series *series = lookup(name, labels, atomic_load_explicit(&n_all, memory_order_acquire));
    size_t n;

    if (series)
        return series;
    pthread_mutex_lock(&adding);
    n = atomic_load(&n_all);
    series = lookup(name, labels, n);
    if (!series && n < SERIES_MAX) {
        series = gg_xcalloc(1, sizeof(*series));
        series->name = gg_xstrdup(name);
        series->labels = gg_xstrdup(labels);
        series->kind = kind;
        all[n] = series;
        atomic_store_explicit(&n_all, n + 1, memory_order_release);
    }
    pthread_mutex_unlock(&adding);
    if (!series)
        atomic_fetch_add(&dropped, 1);
    return series;
}

void gg_count(const char *name, const char *labels, int64_t by)
{
    struct series *series = find(name, labels, COUNTER);

    if (series)
        atomic_fetch_add_explicit(&series->value, by, memory_order_relaxed);
}

void gg_gauge(const char *name, const char *labels, int64_t value)
{
    struct series *series = find(name, labels, GAUGE);

    if (series)
        atomic_store_explicit(&series->value, value, memory_order_relaxed);
}

void gg_observe(const char *name, const char *labels, double seconds)
{
    struct series *series = find(name, labels, HISTOGRAM);
    size_t bucket = 0;

    if (!series)
        return;
    while (bucket < BUCKETS && seconds > bucket_bounds[bucket])
        bucket++;
    if (bucket < BUCKETS)
        atomic_fetch_add_explicit(&series->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&series->value, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&series->sum_us, (int64_t)(seconds * 1e6), memory_order_relaxed);
}

static void print_value(struct gg_buf *out, const struct series *series, const char *suffix, const char *more,
                        const char *value)
{
    bool both = series->labels[0] && more[0];

    gg_buf_addf(out, "gonggu_%s%s", series->name, suffix);
    if (series->labels[0] || more[0])
        gg_buf_addf(out, "{%s%s%s}", series->labels, both ? "," : "", more);
    gg_buf_addf(out, " %s\n", value);
}

static void print_series(struct gg_buf *out, const struct series *series)
{
    char value[40], le[40];
    int64_t n = 0;

    snprintf(value, sizeof(value), "%" PRId64, atomic_load(&series->value));
    if (series->kind != HISTOGRAM) {
        print_value(out, series, "", "", value);
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        char cumulated[40];
        n += atomic_load(&series->buckets[i]);
        snprintf(cumulated, sizeof(cumulated), "%" PRId64, n);
        snprintf(le, sizeof(le), "le=\"%g\"", bucket_bounds[i]);
        print_value(out, series, "_bucket", le, cumulated);
    }
    print_value(out, series, "_bucket", "le=\"+Inf\"", value);
    print_value(out, series, "_count", "", value);
    snprintf(value, sizeof(value), "%.6f", (double)atomic_load(&series->sum_us) / 1e6);
    print_value(out, series, "_sum", "", value);
}

/* Series of one name must stand together under one TYPE line; a name is printed where it first appears. */
static bool seen_before(size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(all[j]->name, all[i]->name) == 0)
            return true;
    return false;
}

void gg_metrics_print(struct gg_buf *out)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    size_t n = atomic_load_explicit(&n_all, memory_order_acquire);

    gg_buf_addf(out, "# TYPE gonggu_metrics_dropped_total counter\ngonggu_metrics_dropped_total %" PRId64 "\n",
                atomic_load(&dropped));
    for (size_t i = 0; i < n; i++) {
        if (seen_before(i))
            continue;
        gg_buf_addf(out, "# TYPE gonggu_%s %s\n", all[i]->name, kinds[all[i]->kind]);
        for (size_t j = i; j < n; j++)
            if (strcmp(all[j]->name, all[i]->name) == 0)
                print_series(out, all[j]);
    }
}
