/* services/deal/http_preview.h
 * Opening help: what a shop's page proposes for a deal. */
#ifndef SERVICES_DEAL_HTTP_PREVIEW_H
#define SERVICES_DEAL_HTTP_PREVIEW_H

#include "libcommon/http.h"

enum gg_status deal_link_preview(struct gg_call *call); /* POST /v1/deal/link-previews, on the OUT pool */

#endif
