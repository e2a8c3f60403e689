/* services/auth/breached.h
 * Passwords that are tried first because they stood in breaches. Pure. */
#ifndef SERVICES_AUTH_BREACHED_H
#define SERVICES_AUTH_BREACHED_H

#include "libcommon/base.h"

/* Whether the password is on the list of the most common ones, or one of them with digits or signs around it, or one
 * written twice, or one character over and over, or holds the account's own id (`login_id` may be NULL), or is made of
 * the market's own words and little else. */
bool auth_password_common(const char *password, const char *login_id) GG_MUSTCHECK;
/* Passwords on the list. */
size_t auth_password_list_size(void);

#endif
