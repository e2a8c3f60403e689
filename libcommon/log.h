/* libcommon/log.h
 * One JSON line per event on standard error, with service, request and trace id. Secrets never go in.
 * May be called from any thread; lines are written whole. */
#ifndef LIBCOMMON_LOG_H
#define LIBCOMMON_LOG_H

#include "libcommon/base.h"

enum gg_log_level { GG_LOG_DEBUG, GG_LOG_INFO, GG_LOG_WARN, GG_LOG_ERROR };

/* Sets the service name that stands on every line and the lowest level that is written. Call once, in main. */
void gg_log_init(const char *service, enum gg_log_level lowest);
/* Parses "debug" | "info" | "warn" | "error". */
bool gg_log_level_parse(const char *name, enum gg_log_level *level) GG_MUSTCHECK;

/* The ids that stand on every later line of this thread; NULL clears one. Copied (at most 63 bytes each). */
void gg_log_context(const char *request_id, const char *trace_id);

/* Writes one line: `event` is a short stable name (`db_down`), the rest a sentence for a person. */
void gg_log_write(enum gg_log_level level, const char *event, const char *format, ...) GG_PRINTF(3, 4);

#define gg_debug(event, ...) gg_log_write(GG_LOG_DEBUG, (event), __VA_ARGS__)
#define gg_info(event, ...)  gg_log_write(GG_LOG_INFO, (event), __VA_ARGS__)
#define gg_warn(event, ...)  gg_log_write(GG_LOG_WARN, (event), __VA_ARGS__)
#define gg_error(event, ...) gg_log_write(GG_LOG_ERROR, (event), __VA_ARGS__)

/* Logs and ends the process: for what cannot happen and for a start that cannot go on. */
void gg_fatal(const char *event, const char *format, ...) GG_PRINTF(2, 3) GG_NORETURN;

#endif
