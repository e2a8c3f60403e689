/* services/deal/ics.h
 * Pick-ups as a calendar (RFC 5545). Pure. */
#ifndef SERVICES_DEAL_ICS_H
#define SERVICES_DEAL_ICS_H

#include "libcommon/buf.h"
#include "libcommon/id.h"

struct deal_pickup_event {
    struct gg_id deal;
    const char *title, *place, *note, *url; /* note may be NULL */
    int64_t from, until, changed_at;
    int64_t version;
    bool host, cancelled;
};
/* Appends a whole calendar: lines folded at 75 octets, CRLF, texts escaped. */
void deal_ics_print(struct gg_buf *out, const struct deal_pickup_event *events, size_t n);

#endif
