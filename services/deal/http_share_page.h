/* services/deal/http_share_page.h
 * The page that other sites preview. */
#ifndef SERVICES_DEAL_HTTP_SHARE_PAGE_H
#define SERVICES_DEAL_HTTP_SHARE_PAGE_H

#include "libcommon/http.h"

enum gg_status deal_share_page(struct gg_call *call); /* GET .../deals/:id/share-page, at /s/:id for the world */

#endif
