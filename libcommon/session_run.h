/* libcommon/session_run.h
 * Starting the memory of ended sessions. For service.c only. */
#ifndef LIBCOMMON_SESSION_RUN_H
#define LIBCOMMON_SESSION_RUN_H

/* Reads what has ended lately and listens for more. Once, after the pools stand, before anything listens. */
void gg_session_start(const char *service);

#endif
