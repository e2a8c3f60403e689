/* services/deal/http_wish.h
 * The request board: "please open this". */
#ifndef SERVICES_DEAL_HTTP_WISH_H
#define SERVICES_DEAL_HTTP_WISH_H

#include "libcommon/http.h"

enum gg_status deal_wish_write(struct gg_call *call);  /* POST /v1/deal/wishes, with key */
enum gg_status deal_wish_list(struct gg_call *call);   /* GET */
enum gg_status deal_wish_show(struct gg_call *call);   /* GET .../wishes/:id */
enum gg_status deal_wish_remove(struct gg_call *call); /* DELETE (tx) */
enum gg_status deal_wish_for(struct gg_call *call);    /* PUT .../wishes/:id/vote (tx) */
enum gg_status deal_wish_unfor(struct gg_call *call);  /* DELETE (tx) */
enum gg_status deal_wish_opened(struct gg_call *call); /* POST .../wishes/:id/deal (tx) */

#endif
