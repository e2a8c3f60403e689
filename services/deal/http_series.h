/* services/deal/http_series.h
 * Deals that open again and again, and standing orders. */
#ifndef SERVICES_DEAL_HTTP_SERIES_H
#define SERVICES_DEAL_HTTP_SERIES_H

#include "libcommon/due.h"
#include "libcommon/http.h"

#define DEAL_DUE_SERIES "deal.series" /* subject: the series */

enum gg_status deal_series_begin(struct gg_call *call);      /* POST /v1/deal/series, with key */
enum gg_status deal_series_mine(struct gg_call *call);       /* GET */
enum gg_status deal_series_show(struct gg_call *call);       /* GET .../series/:id */
enum gg_status deal_series_end(struct gg_call *call);        /* DELETE (tx) */
enum gg_status deal_series_order_put(struct gg_call *call);  /* PUT .../series/:id/order (tx) */
enum gg_status deal_series_order_drop(struct gg_call *call); /* DELETE (tx) */

/* Opens the next deal, seats standing orders, and sets the clock for the one after. */
enum gg_status deal_series_open(struct gg_due *due);

#endif
