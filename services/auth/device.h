/* services/auth/device.h
 * Known devices, as the throttle sees them. Pure. */
#ifndef SERVICES_AUTH_DEVICE_H
#define SERVICES_AUTH_DEVICE_H

#include "libcommon/id.h"
#include "libcommon/mem.h"

#define AUTH_DEVICE_ACCOUNTS 3                         /* a device is known for so many accounts at most */
#define AUTH_DEVICE_MS       (400 * INT64_C(86400000)) /* after its last log-in */

/* The device cookie: one token for each account that has logged in from here, newest first, joined by '~'. A token is
 * (device, time, MAC over both and the account): it tells a stranger nothing and serves for no other account. */

/* Whether the cookie (NULL: none) says that `user` has logged in from here; then fills `device`. Constant time in what
 * is secret. */
bool auth_device_trusted(struct gg_arena *arena, struct gg_str secret, const char *cookie, struct gg_id user,
                         int64_t now, struct gg_id *device) GG_MUSTCHECK;
/* The cookie after a log-in of `user`: his token made anew in front, those of others kept. In the arena. */
char *auth_device_cookie(struct gg_arena *arena, struct gg_str secret, const char *cookie, struct gg_id user,
                         int64_t now);

#endif
