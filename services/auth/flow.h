/* services/auth/flow.h
 * What the handlers of several files share: the service's settings and keys, and the steps of a session. */
#ifndef SERVICES_AUTH_FLOW_H
#define SERVICES_AUTH_FLOW_H

#include "account.h"
#include "libcommon/due.h"
#include "libcommon/jwt.h"
#include "proto/auth.h"
#include "sms.h"
#include "store.h"

struct auth_config {
    const char *signing_key_file, *refresh_secret, *social_providers, *passkey_origin;
    struct auth_sms_config sms;
    int64_t sms_per_phone, sms_per_address, sms_per_prefix, sms_in_all; /* codes an hour */
    int64_t sms_watch_after, sms_redeemed_percent, sms_guard_per_hour;
    int64_t login_guard_after;      /* failed log-ins in five minutes, in all */
    int64_t login_guard_per_minute; /* log-ins from strange devices while guarded */
    int64_t signups_per_address;    /* a day */
    int64_t key_lead_s;             /* a new signing key is published so long before it signs */
    const char *issuer, *audience;
};
extern struct auth_config auth_config;
/* Set once at start, read by all threads. */
extern struct gg_signer *auth_signer;
struct gg_str auth_secret(void);

#define AUTH_DUE_SESSION "auth.session_idle"
#define AUTH_DUE_CODE    "auth.code_purge"
#define AUTH_DUE_CLEAN   "auth.budget_clean"

/* (tx) Opens a session for the locked account: row, due time, event, cookie; fills call->out (struct auth_token). */
enum gg_status auth_open_session(struct gg_call *call, struct auth_account *account) GG_MUSTCHECK;
/* (tx) Ends one session of the locked account everywhere: row, event, own copy. GG_NOT_FOUND when it had ended. */
enum gg_status auth_end_session(struct gg_db *db, struct auth_account *account, struct gg_id session,
                                int reason) GG_MUSTCHECK;
/* When a session ends if nobody refreshes it any more. */
int64_t auth_session_end_at(const struct auth_session_row *session);
/* The account as its owner sees it. */
void auth_view(struct gg_arena *arena, const struct auth_account *account, struct auth_user *user);

/* Handlers. */
enum gg_status auth_phone_code_send(struct gg_call *call);
enum gg_status auth_signup_start(struct gg_call *call);
enum gg_status auth_login_start(struct gg_call *call);
enum gg_status auth_refresh_session(struct gg_call *call);
enum gg_status auth_logout(struct gg_call *call);
enum gg_status auth_session_list(struct gg_call *call);
enum gg_status auth_session_delete(struct gg_call *call);
enum gg_status auth_logout_others(struct gg_call *call);

extern const struct gg_route auth_routes[];
extern const size_t auth_routes_n;
extern const struct gg_due_kind auth_due_kinds[];
extern const size_t auth_due_kinds_n;

#endif
