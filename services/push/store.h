/* services/push/store.h
 * SQL of the push service. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_PUSH_STORE_H
#define SERVICES_PUSH_STORE_H

#include "libcommon/db.h"
#include "notice.h"

struct push_device_row {
    struct gg_id id, user;
    const char *endpoint;
    uint8_t p256dh[65], auth[16];
    int lang;
    int64_t created_at;
};

/* (tx) Push's own copy of a nickname. */
enum gg_status push_person_put(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;
/* NULL when it is not known yet. */
enum gg_status push_person_nickname(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    const char **nickname) GG_MUSTCHECK;
/* (tx) Push's own copy of a share, for later events that name only its id. */
enum gg_status push_share_put(struct gg_db *db, struct gg_id share, struct gg_id deal, struct gg_id host,
                              struct gg_id user, const char *title) GG_MUSTCHECK;
/* Title and member of a share; GG_NOT_FOUND while the deal's event has not come. */
enum gg_status push_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id share, struct gg_id *user,
                              const char **title) GG_MUSTCHECK;

/* (tx) Locks (and makes) the inbox; then its version and unread count. */
enum gg_status push_inbox_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *version,
                               int64_t *unread) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_inbox_put(struct gg_db *db, struct gg_id user, int64_t version, int64_t unread) GG_MUSTCHECK;
enum gg_status push_unread(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *unread) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE: this person has been told of this event. */
enum gg_status push_notice_insert(struct gg_db *db, const struct push_facts *facts) GG_MUSTCHECK;
enum gg_status push_notice_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct push_facts *facts) GG_MUSTCHECK;
/* Newest first, below position `before`. */
enum gg_status push_notices(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before, bool unread,
                            int64_t limit, struct push_facts **facts, size_t *n) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND: not this user's. `was_unread` tells whether something changed. */
enum gg_status push_notice_read(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t now,
                                bool *was_unread) GG_MUSTCHECK;
/* (tx) All up to this position; how many changed. */
enum gg_status push_notices_read(struct gg_db *db, struct gg_id user, int64_t up_to, int64_t now,
                                 int64_t *changed) GG_MUSTCHECK;

enum gg_status push_devices(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                            struct push_device_row **devices, size_t *n) GG_MUSTCHECK;
enum gg_status push_device_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct push_device_row *device) GG_MUSTCHECK;
/* (tx) Full state: takes the endpoint away from whoever had it before. GG_NOT_FOUND: the id is another user's. */
enum gg_status push_device_put(struct gg_db *db, const struct push_device_row *device) GG_MUSTCHECK;
enum gg_status push_device_delete(struct gg_db *db, struct gg_id user, struct gg_id id) GG_MUSTCHECK;

/* (tx) */
enum gg_status push_delivery_insert(struct gg_db *db, struct gg_id id, struct gg_id notice, struct gg_id device,
                                    int64_t give_up_at) GG_MUSTCHECK;
/* GG_NOT_FOUND when notice or device are gone. */
enum gg_status push_delivery_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id *notice,
                                 struct gg_id *device, int64_t *give_up_at) GG_MUSTCHECK;
enum gg_status push_delivery_delete(struct gg_db *db, struct gg_id id) GG_MUSTCHECK;

#endif
