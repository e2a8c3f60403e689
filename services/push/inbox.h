/* services/push/inbox.h
 * Telling somebody: the inbox row, the count, the deliveries to the devices, all in one transaction. */
#ifndef SERVICES_PUSH_INBOX_H
#define SERVICES_PUSH_INBOX_H

#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"
#include "store.h"

struct push_config {
    const char *vapid_key_file, *vapid_subject, *hosts;
    bool allow_http;
};
extern struct push_config push_config;
extern struct gg_ec_key *push_vapid_key; /* set once at start, read by all threads */

#define PUSH_DUE_DELIVER "push.deliver"

/* (tx) Tells `user` of the event once: a second call for the same event and person changes nothing. `who` may be NULL,
 * `amount_won` GG_NONE. */
enum gg_status push_tell(struct gg_event *event, struct gg_id user, enum push_kind kind, struct gg_id deal,
                         const char *title, const char *who, int64_t amount_won) GG_MUSTCHECK;
/* (tx) Counts `delta` unread notices and announces the new count. */
enum gg_status push_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t delta) GG_MUSTCHECK;

extern const struct gg_route push_routes[];
extern const size_t push_routes_n;
extern const struct gg_consumes push_consumes[];
extern const size_t push_consumes_n;
extern const struct gg_due_kind push_due_kinds[];
extern const size_t push_due_kinds_n;

#endif
