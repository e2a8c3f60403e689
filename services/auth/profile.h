/* services/auth/profile.h
 * Changing an account: what its handlers share. */
#ifndef SERVICES_AUTH_PROFILE_H
#define SERVICES_AUTH_PROFILE_H

#include "flow.h"
#include "proto/auth_account.h"

/* Whether this may be a password; else the problem is set. `login_id` may be NULL. */
bool auth_password_allowed(struct gg_call *call, const char *password, const char *login_id) GG_MUSTCHECK;
/* (tx) Ends every session of the locked account but the caller's. */
enum gg_status auth_end_other_sessions(struct gg_call *call, struct auth_account *account, int reason) GG_MUSTCHECK;
/* Path of a picture, in the arena; NULL for no hash. */
char *auth_picture_path(struct gg_arena *arena, struct gg_id user, const char *hash);

extern const struct gg_route auth_account_routes[], auth_profile_routes[];
extern const size_t auth_account_routes_n, auth_profile_routes_n;

#endif
