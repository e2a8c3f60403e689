/* services/push/store_way.h
 * SQL of the way of notices: who reads them and how, devices, journeys, attempts. */
#ifndef SERVICES_PUSH_STORE_WAY_H
#define SERVICES_PUSH_STORE_WAY_H

#include "store.h"
#include "way.h"

#define PUSH_SHARDS 8 /* journeys and reminders are worked off side by side */

/* --- readers --- */

/* What somebody wants, as far as one notice is concerned. */
struct push_reader {
    struct gg_id user;
    int lang;
    const char *tz;
    int64_t quiet_from, quiet_until; /* GG_NONE: none */
    int64_t digest_every, digest_at;
    int64_t ads_since, ads_at_night_since;
    const char *phone; /* NULL: none proved */
    int mode;          /* enum push_mode */
    bool sms, muted, has_device;
};
/* Of these (sorted) people, for one kind; who is not known yet has the defaults, and nobody is `muted`. One per person,
 * in order. */
enum gg_status push_readers(struct gg_db *db, struct gg_arena *arena, int kind, const struct gg_id *users, size_t n,
                            struct push_reader **readers) GG_MUSTCHECK;
/* Which deals these people have muted now. */
struct push_muted {
    struct gg_id user, deal;
};
enum gg_status push_mutes_of(struct gg_db *db, struct gg_arena *arena, int64_t now, const struct gg_id *users, size_t n,
                             struct push_muted **muted, size_t *n_muted) GG_MUSTCHECK;

/* --- devices --- */

struct push_device_row {
    struct gg_id id, user;
    const char *endpoint;
    uint8_t p256dh[65], auth[16];
    int lang;
    int64_t created_at, active_at;
    bool has_vapid; /* else: the oldest key we have */
    uint8_t vapid[65];
};
enum gg_status push_devices(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                            struct push_device_row **devices, size_t *n) GG_MUSTCHECK;
/* Of many people: by person, the most active first. */
enum gg_status push_devices_of(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                               struct push_device_row **devices, size_t *n_devices) GG_MUSTCHECK;
/* (tx) Full state: takes the endpoint away from whoever had it before. GG_NOT_FOUND: the id is another user's. */
enum gg_status push_device_put(struct gg_db *db, const struct push_device_row *device) GG_MUSTCHECK;
enum gg_status push_device_delete(struct gg_db *db, struct gg_id user, struct gg_id id) GG_MUSTCHECK;
enum gg_status push_device_active(struct gg_db *db, struct gg_id id, int64_t now) GG_MUSTCHECK;

/* --- journeys --- */

struct push_journey {
    struct gg_id notice;
    int64_t base, next_at, give_up_at;
};
/* (tx) Sets them on their way (again). All in one shard. */
enum gg_status push_journeys_put(struct gg_db *db, struct gg_arena *arena, int64_t shard,
                                 const struct push_journey *journeys, size_t n) GG_MUSTCHECK;
/* (tx) Takes up to `limit` that are due in a shard and nobody has in work, and keeps others off until `lease`. */
enum gg_status push_journeys_claim(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t now, int64_t lease,
                                   int64_t limit, struct gg_id **notices, size_t *n) GG_MUSTCHECK;
/* GG_NONE: nothing is on its way. */
enum gg_status push_journeys_next(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t *at) GG_MUSTCHECK;

/* Everything that decides about one notice, as fresh as this question. */
struct push_traveller {
    struct push_facts facts;
    struct push_reader reader;
    int64_t base, give_up_at;
    int deal_state; /* -1: the deal is not known */
    bool host, live, to_pick_up, to_accept;
};
enum gg_status push_travellers(struct gg_db *db, struct gg_arena *arena, int64_t now, const struct gg_id *notices,
                               size_t n, struct push_traveller **travellers, size_t *n_travellers) GG_MUSTCHECK;
/* (tx) Unless it was set on its way anew meanwhile (its lease is another one). */
enum gg_status push_journey_wait(struct gg_db *db, struct gg_id notice, int64_t lease, int64_t next_at) GG_MUSTCHECK;
enum gg_status push_journeys_end(struct gg_db *db, const struct gg_id *notices, size_t n, int64_t lease, int end,
                                 int64_t now) GG_MUSTCHECK;
/* Next look at one notice, and until when it is of use; GG_NOT_FOUND: it is not on its way. */
enum gg_status push_journey_get(struct gg_db *db, struct gg_arena *arena, struct gg_id notice, int64_t *next_at,
                                int64_t *give_up_at) GG_MUSTCHECK;

/* --- attempts --- */

struct push_attempt_row {
    struct gg_id notice, device;
    int64_t step, status, tries, at, shown_at, clicked_at;
    int channel, result;
};
/* By notice, then step. */
enum gg_status push_attempts_of(struct gg_db *db, struct gg_arena *arena, const struct gg_id *notices, size_t n,
                                struct push_attempt_row **attempts, size_t *n_attempts) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_attempts_put(struct gg_db *db, struct gg_arena *arena, const struct push_attempt_row *attempts,
                                 size_t n) GG_MUSTCHECK;
/* Of the notices of this span: how many a push service took, and how many of those a device has shown. */
enum gg_status push_delivered(struct gg_db *db, struct gg_arena *arena, int64_t from, int64_t until, int64_t *taken,
                              int64_t *shown) GG_MUSTCHECK;
/* (tx) What the device tells; the first time counts. `device` and `sent_at` are the attempt's. GG_NOT_FOUND: there is
 * no such attempt. `first` tells whether it is news. */
enum gg_status push_attempt_ack(struct gg_db *db, struct gg_arena *arena, struct gg_id notice, int64_t step, int what,
                                int64_t now, struct gg_id *device, int64_t *sent_at, bool *first) GG_MUSTCHECK;

#endif
