/* libcommon/metrics.h
 * Counters, gauges and histograms in Prometheus text. Any thread; updates are atomic adds. */
#ifndef LIBCOMMON_METRICS_H
#define LIBCOMMON_METRICS_H

#include "libcommon/buf.h"

/* `name` without the gonggu_ prefix; `labels` is "" or `route="/v1/..",status="200"` (escaped by the caller; few and
 * bounded values only). First use registers; at most 2,000 series, later ones are dropped and counted. */
void gg_count(const char *name, const char *labels, int64_t by);
void gg_gauge(const char *name, const char *labels, int64_t value);
/* Seconds, in buckets 1 ms .. 10 s. */
void gg_observe(const char *name, const char *labels, double seconds);
/* All series as text exposition format 0.0.4. */
void gg_metrics_print(struct gg_buf *out);

#endif
