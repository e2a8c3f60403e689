/* services/deal/ics.c
 * RFC 5545, as little of it as calendars need. */
#include "ics.h"

#include "libcommon/clock.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_OCTETS 75

/* One content line, folded between characters (3.1). */
static void line(struct gg_buf *out, const char *text)
{
    size_t octets = 0;

    for (const char *p = text; *p;) {
        size_t n = 1;
        while ((p[n] & 0xc0) == 0x80)
            n++;
        if (octets + n > LINE_MAX_OCTETS) {
            gg_buf_adds(out, "\r\n ");
            octets = 1;
        }
        gg_buf_add(out, p, n);
        octets += n;
        p += n;
    }
    gg_buf_adds(out, "\r\n");
}

/* TEXT (3.3.11): backslash, semicolon, comma and line feed are escaped. */
static void text_line(struct gg_buf *out, const char *name, const char *text)
{
    struct gg_buf value;

    gg_buf_init(&value, 16 * 1024);
    gg_buf_addf(&value, "%s:", name);
    for (const char *p = text; *p; p++) {
        if (*p == '\n') {
            gg_buf_adds(&value, "\\n");
            continue;
        }
        if (strchr("\\;,", *p))
            gg_buf_addc(&value, '\\');
        gg_buf_addc(&value, *p);
    }
    line(out, value.p);
    gg_buf_free(&value);
}

/* "2026-11-21T09:00:00.000Z" as 20261121T090000Z */
static void time_line(struct gg_buf *out, const char *name, int64_t ms)
{
    char t[GG_TIME_TEXT], whole[64];

    gg_time_format(ms, t);
    snprintf(whole, sizeof(whole), "%s:%.4s%.2s%.2sT%.2s%.2s%.2sZ", name, t, t + 5, t + 8, t + 11, t + 14, t + 17);
    line(out, whole);
}

static void event(struct gg_buf *out, const struct deal_pickup_event *e)
{
    char id[GG_ID_TEXT], text[128], url[300];

    gg_id_format(e->deal, id);
    line(out, "BEGIN:VEVENT");
    snprintf(text, sizeof(text), "UID:%s@gonggu", id);
    line(out, text);
    time_line(out, "DTSTAMP", e->changed_at);
    time_line(out, "DTSTART", e->from);
    time_line(out, "DTEND", e->until);
    snprintf(text, sizeof(text), "SEQUENCE:%" PRId64, e->version);
    line(out, text);
    line(out, e->cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    text_line(out, "SUMMARY", e->title);
    text_line(out, "CATEGORIES", e->host ? "나눔" : "수령");
    text_line(out, "LOCATION", e->place);
    if (e->note && e->note[0])
        text_line(out, "DESCRIPTION", e->note);
    snprintf(url, sizeof(url), "URL:%s", e->url);
    line(out, url);
    line(out, "END:VEVENT");
}

void deal_ics_print(struct gg_buf *out, const struct deal_pickup_event *events, size_t n)
{
    line(out, "BEGIN:VCALENDAR");
    line(out, "VERSION:2.0");
    line(out, "PRODID:-//Gonggu//Pick-ups//KO");
    line(out, "CALSCALE:GREGORIAN");
    line(out, "METHOD:PUBLISH");
    text_line(out, "X-WR-CALNAME", "공구 수령");
    line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for (size_t i = 0; i < n; i++)
        event(out, &events[i]);
    line(out, "END:VCALENDAR");
}
