/* services/chat/notice.h
 * Telling those who have not read new messages. */
#ifndef SERVICES_CHAT_NOTICE_H
#define SERVICES_CHAT_NOTICE_H

#include "libcommon/due.h"

/* Handles the due rooms of `chat.notice`, their ids ascending. */
enum gg_status chat_notices(struct gg_due *due, size_t n);

#endif
