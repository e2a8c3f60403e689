/* services/chat/report.h
 * Reported messages: a snapshot that nobody changes afterwards, and a hash that would show it. */
#ifndef SERVICES_CHAT_REPORT_H
#define SERVICES_CHAT_REPORT_H

#include "libcommon/http.h"
#include "store_log.h"

enum gg_status chat_report_make(struct gg_call *call); /* POST /v1/chat/rooms/:id/reports */
enum gg_status chat_report_list(struct gg_call *call); /* GET /v1/chat/reports */
enum gg_status chat_report_show(struct gg_call *call); /* GET /v1/chat/reports/:id */

#endif
