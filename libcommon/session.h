/* libcommon/session.h
 * Ended sessions: each service keeps its own copy (common table `ended_session`) from auth's events; the HTTP and
 * socket layers ask here on every request, so that a log-out works before the token runs out. */
#ifndef LIBCOMMON_SESSION_H
#define LIBCOMMON_SESSION_H

#include "libcommon/http.h"

/* Remembers, in the caller's transaction, that one session (or, with a zero `session`, every session of the user whose
 * version is below `version`) has ended; after the commit every instance hears of it through Redis. Consumer thread. */
enum gg_status gg_session_end(struct gg_db *db, struct gg_id user, struct gg_id session, int64_t version) GG_MUSTCHECK;
/* False when the user's session has ended. Loop thread. */
bool gg_session_alive(const struct gg_user *user) GG_MUSTCHECK;
/* Called on the loop whenever sessions ended, so that open sockets can be checked again. */
void gg_session_on_end(void (*fn)(void));

#endif
