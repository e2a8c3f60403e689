/* services/push/way.h
 * The way of a notice: what to do next with it. Pure. */
#ifndef SERVICES_PUSH_WAY_H
#define SERVICES_PUSH_WAY_H

#include "notice.h"
#include "quiet.h"

#include "proto/push_wish.h"

#define PUSH_DEVICES_MAX 20

/* One attempt of this round. */
struct push_try {
    int channel, result;
    struct gg_id device;
    int64_t tries, at;
    bool shown;
};

/* All that decides: as fresh as a read just before sending can be. */
struct push_state {
    const struct push_facts *facts;
    int64_t give_up_at;
    struct push_hours hours;
    bool needed; /* the predicate of its kind holds */
    bool muted;
    int mode;                               /* enum push_mode */
    int64_t ads_since, ads_at_night_since;  /* GG_NONE: no consent */
    bool sms;                               /* wanted, with a number that was proved */
    struct gg_id devices[PUSH_DEVICES_MAX]; /* most active first */
    size_t n_devices;
    const struct push_try *tries; /* of this round, in order */
    size_t n_tries;
};

enum push_do {
    PUSH_DO_WEB,  /* send to `device`, for at most `ttl_s`, and look again at `next_at` (GG_NONE: this was the last) */
    PUSH_DO_TEXT, /* send a text message; nothing comes after it */
    PUSH_DO_WAIT, /* until `next_at` */
    PUSH_DO_END   /* as `end` says */
};
struct push_step {
    enum push_do what;
    struct gg_id device;
    bool again; /* the same attempt as before: the push service was busy */
    int64_t ttl_s, next_at;
    int end; /* enum push_end */
};

/* Devices are tried one after the other, the most active first: each gets only as long as the next one has to wait (its
 * TTL), so that never two of them show the notice; the last one gets all the time there is. */
struct push_step push_next_step(const struct push_state *state, int64_t now);
/* When to ask a busy push service again after so many tries (ms from now); `retry_after` GG_NONE: it did not say. */
int64_t push_back_off(int64_t tries, int64_t retry_after);
/* Whether consent to advertising given then still stands (two years). */
bool push_consent_stands(int64_t since, int64_t now);

#endif
