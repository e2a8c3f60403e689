/* services/deal/http_comment.h
 * What neighbours write on the page of a deal. */
#ifndef SERVICES_DEAL_HTTP_COMMENT_H
#define SERVICES_DEAL_HTTP_COMMENT_H

#include "libcommon/http.h"

enum gg_status deal_comment_list(struct gg_call *call);     /* GET .../deals/:id/comments */
enum gg_status deal_comment_write(struct gg_call *call);    /* POST, with key */
enum gg_status deal_comment_remove(struct gg_call *call);   /* DELETE .../comments/:id (tx) */
enum gg_status deal_comment_hide(struct gg_call *call);     /* POST .../comments/:id/hide (tx) */
enum gg_status deal_comment_show(struct gg_call *call);     /* POST .../comments/:id/show (tx) */
enum gg_status deal_comment_reported(struct gg_call *call); /* POST .../comments/:id/report (tx) */
enum gg_status deal_comment_reports(struct gg_call *call);  /* GET /v1/deal/comments/reported, admins */

#endif
