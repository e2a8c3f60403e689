/* services/auth/order.h
 * Steps that keep order: who may enter, suspension and its end, roles. */
#ifndef SERVICES_AUTH_ORDER_H
#define SERVICES_AUTH_ORDER_H

#include "flow.h"
#include "libcommon/service.h"
#include "store_order.h"

#define AUTH_DUE_SUSPENSION     "auth.suspension_end"
#define AUTH_DUE_SECURITY_CLEAN "auth.security_clean"
#define AUTH_SECURITY_MS        (180 * INT64_C(86400000)) /* the security log is kept */
#define AUTH_BLOCKS_MAX         1000
#define AUTH_REPORTS_A_DAY      20

/* Whether the account is suspended at `now`. */
bool auth_suspended(const struct auth_account *account, int64_t now);
/* (tx) Called by every way of logging in with the locked account, once the owner has proved himself and before a
 * session is opened. False, with the problem set, when he may not come in. */
bool auth_may_enter(struct gg_call *call, const struct auth_account *account) GG_MUSTCHECK;
/* Writes into the security log of `user` what this call did, with device and address of the call. */
enum gg_status auth_note(struct gg_call *call, struct gg_id user, enum auth_security_kind kind,
                         const char *note) GG_MUSTCHECK;
/* (tx) Ends every session of the locked account, everywhere at once. */
enum gg_status auth_end_all_sessions(struct gg_db *db, struct auth_account *account, int reason) GG_MUSTCHECK;

/* What an admin does to somebody. */
struct auth_act {
    struct gg_id admin;  /* zero: the command line */
    struct gg_id report; /* zero: none */
};
/* (tx) Suspends the locked account: sessions end, the owner and the other services are told, the log is written. */
enum gg_status auth_suspend_account(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                    struct auth_account *account, const struct auth_suspend *how) GG_MUSTCHECK;
/* (tx) Ends the suspension of the locked account. `act` NULL: it ended by itself. */
enum gg_status auth_unsuspend_account(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                      struct auth_account *account, const char *reason) GG_MUSTCHECK;
/* (tx) Gives or takes the role; whoever loses it is logged out. */
enum gg_status auth_set_admin(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                              struct auth_account *account, bool admin, const char *reason) GG_MUSTCHECK;
/* (tx) Ends every session of the locked account. */
enum gg_status auth_end_sessions_by(struct gg_db *db, struct gg_arena *arena, const struct auth_act *act,
                                    struct auth_account *account) GG_MUSTCHECK;
/* The end of a suspension that has come. */
enum gg_status auth_suspension_due(struct gg_due *due);
enum gg_status auth_security_clean_due(struct gg_due *due);

extern const struct gg_route auth_order_routes[], auth_admin_routes[];
extern const size_t auth_order_routes_n, auth_admin_routes_n;
extern const struct gg_command auth_commands[];
extern const size_t auth_commands_n;

#endif
