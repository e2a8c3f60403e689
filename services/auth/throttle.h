/* services/auth/throttle.h
 * How often somebody may try to log in. What a device that is known for the account does is counted for itself; all
 * others share the account's budget, their address's, their net's, and, while many log-ins fail everywhere, a narrow
 * gate. A try is counted before the password is looked at, so that a hundred at once count as a hundred, and given back
 * when it was right. */
#ifndef SERVICES_AUTH_THROTTLE_H
#define SERVICES_AUTH_THROTTLE_H

#include "flow.h"
#include "proto/auth_order.h"
#include "store_budget.h"

struct auth_throttle {
    bool trusted; /* the device is known for this account */
    struct auth_budget budgets[4];
    size_t n;
    int64_t at; /* when they were taken */
};

/* Counts a try to log in as `login_id` (an account of ours, then `user`; else zero). `allowed` false: the problem is
 * set. DB worker, outside a transaction. */
enum gg_status auth_throttle_enter(struct gg_call *call, const char *login_id, struct gg_id user,
                                   struct auth_throttle *throttle, bool *allowed) GG_MUSTCHECK;
/* The try was right: it is given back. */
enum gg_status auth_throttle_right(struct gg_call *call, const struct auth_throttle *throttle) GG_MUSTCHECK;
/* It was wrong: beside what is counted already, the watch over all log-ins hears of it. */
enum gg_status auth_throttle_wrong(struct gg_call *call, const struct auth_throttle *throttle) GG_MUSTCHECK;
/* Sets the device cookie of a user who has just logged in. */
void auth_throttle_remember(struct gg_call *call, struct gg_id user);
/* Counts a sign-up against its address and net. `allowed` false: the problem is set. */
enum gg_status auth_throttle_signup(struct gg_call *call, bool *allowed) GG_MUSTCHECK;
/* Whether this account has logged in from the caller's browser before. */
bool auth_throttle_known_device(struct gg_call *call, struct gg_id user) GG_MUSTCHECK;

#endif
