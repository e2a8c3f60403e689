/* services/deal/http_own.h
 * One's own data. */
#ifndef SERVICES_DEAL_HTTP_OWN_H
#define SERVICES_DEAL_HTTP_OWN_H

#include "libcommon/http.h"

enum gg_status deal_calendar_open(struct gg_call *call);  /* POST /v1/deal/calendar (tx) */
enum gg_status deal_calendar_close(struct gg_call *call); /* DELETE (tx) */
enum gg_status deal_calendar_feed(struct gg_call *call);  /* GET /v1/deal/calendar/:token */
enum gg_status deal_own_export(struct gg_call *call);     /* GET /v1/deal/export */

#endif
