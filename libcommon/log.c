/* libcommon/log.c
 * JSON lines on standard error, one write each. */
#include "libcommon/log.h"

#include "libcommon/buf.h"
#include "libcommon/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utf8proc.h>

/* A message of which every byte is escaped still fits: nobody outside can make a line vanish. */
#define MESSAGE_MAX    4096
#define LINE_MAX_BYTES (6 * MESSAGE_MAX + 2048)

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static char service_name[32] = "gonggu";
static enum gg_log_level lowest_level = GG_LOG_INFO;
static _Thread_local char context_request[64], context_trace[64];

void gg_log_init(const char *service, enum gg_log_level lowest)
{
    snprintf(service_name, sizeof(service_name), "%s", service);
    lowest_level = lowest;
}

bool gg_log_level_parse(const char *name, enum gg_log_level *level)
{
    for (size_t i = 0; i < GG_LEN(level_names); i++)
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum gg_log_level)i;
            return true;
        }
    return false;
}

void gg_log_context(const char *request_id, const char *trace_id)
{
    snprintf(context_request, sizeof(context_request), "%s", request_id ? request_id : "");
    snprintf(context_trace, sizeof(context_trace), "%s", trace_id ? trace_id : "");
}

/* Appends a JSON string. A byte that is not part of well-formed UTF-8 becomes U+FFFD. */
static void add_string(struct gg_buf *line, const char *text)
{
    gg_buf_addc(line, '"');
    for (const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text; *p;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);
        if (n <= 0)
            gg_buf_adds(line, "\\ufffd");
        else if (c == '"' || c == '\\')
            gg_buf_addf(line, "\\%c", (char)c);
        else if (c < 0x20 || c == 0x7f)
            gg_buf_addf(line, "\\u%04x", (unsigned)c);
        else
            gg_buf_add(line, p, (size_t)n);
        p += n > 0 ? n : 1;
    }
    gg_buf_addc(line, '"');
}

static void add_member(struct gg_buf *line, const char *name, const char *value)
{
    gg_buf_addf(line, ",\"%s\":", name);
    add_string(line, value);
}

static void write_line(enum gg_log_level level, const char *event, const char *format, va_list args)
{
    char message[MESSAGE_MAX], now[GG_TIME_TEXT];
    struct gg_buf line;

    vsnprintf(message, sizeof(message), format, args);
    gg_time_format(gg_now(), now);
    gg_buf_init(&line, LINE_MAX_BYTES);
    gg_buf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\"", now, level_names[level]);
    add_member(&line, "service", service_name);
    add_member(&line, "event", event);
    if (context_request[0])
        add_member(&line, "request_id", context_request);
    if (context_trace[0])
        add_member(&line, "trace_id", context_trace);
    add_member(&line, "message", message);
    gg_buf_adds(&line, "}\n");
    if (!line.overflow)
        (void)!write(STDERR_FILENO, line.p, line.n); /* when nobody reads there is nowhere to say so */
    gg_buf_free(&line);
}

void gg_log_write(enum gg_log_level level, const char *event, const char *format, ...)
{
    va_list args;

    if (level < lowest_level)
        return;
    va_start(args, format);
    write_line(level, event, format, args);
    va_end(args);
}

void gg_fatal(const char *event, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(GG_LOG_ERROR, event, format, args);
    va_end(args);
    exit(1);
}
