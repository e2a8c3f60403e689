/* libcommon/session_run.h
 * Starting the memory of ended sessions. For service.c only. */
#ifndef LIBCOMMON_SESSION_RUN_H
#define LIBCOMMON_SESSION_RUN_H

#include "libcommon/base.h"

/* Reads what has ended lately and listens for more. Once, after the pools stand, before anything listens. */
void gg_session_start(const char *service);
/* True once the table has been read: before that an ended session would pass. Loop thread. */
bool gg_session_ready(void);

#endif
