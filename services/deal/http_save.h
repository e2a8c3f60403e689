/* services/deal/http_save.h
 * Deals one keeps an eye on, and how many looked at one. */
#ifndef SERVICES_DEAL_HTTP_SAVE_H
#define SERVICES_DEAL_HTTP_SAVE_H

#include "libcommon/http.h"

enum gg_status deal_bookmark_put(struct gg_call *call);    /* PUT /v1/deal/deals/:id/bookmark (tx) */
enum gg_status deal_bookmark_delete(struct gg_call *call); /* DELETE (tx) */
enum gg_status deal_bookmark_list(struct gg_call *call);   /* GET /v1/deal/bookmarks */
enum gg_status deal_viewed(struct gg_call *call);          /* POST /v1/deal/deals/:id/views */

#endif
