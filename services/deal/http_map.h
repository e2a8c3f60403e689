/* services/deal/http_map.h
 * How many deals recruit where. */
#ifndef SERVICES_DEAL_HTTP_MAP_H
#define SERVICES_DEAL_HTTP_MAP_H

#include "libcommon/http.h"

enum gg_status deal_map_show(struct gg_call *call); /* GET /v1/deal/map */

#endif
