/* services/auth/main.c
 * Wiring of the auth service. */
#include "keys.h"
#include "leave.h"
#include "neighbour.h"
#include "order.h"
#include "passkey.h"
#include "profile.h"
#include "recover.h"
#include "social.h"
#include "step_up.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/service.h"

#include <string.h>

#define PASSWORD_REST (5 * GG_SECOND) /* without a log-in, and the memory of hashing goes back */

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct auth_config, signing_key_file, "SIGNING_KEY_FILE", NULL, "PEM file, P-256, signs access tokens"),
    GG_SET_SECRET(struct auth_config, refresh_secret, "REFRESH_SECRET", NULL, "keys refresh tokens and SMS codes"),
    GG_SET_TEXT(struct auth_config, sms.url, "SMS_URL", NULL, "base address of the SMS gateway"),
    GG_SET_TEXT(struct auth_config, sms.service_id, "SMS_SERVICE_ID", NULL, "service id at the SMS gateway"),
    GG_SET_TEXT(struct auth_config, sms.access_key, "SMS_ACCESS_KEY", NULL, "access key at the SMS gateway"),
    GG_SET_SECRET(struct auth_config, sms.secret, "SMS_SECRET", NULL, "secret key at the SMS gateway"),
    GG_SET_TEXT(struct auth_config, sms.from, "SMS_FROM", "0212345678", "registered sender number"),
    GG_SET_INT(struct auth_config, sms_per_phone, "SMS_PER_PHONE", "5", 1, 1000, "codes an hour to one number"),
    GG_SET_INT(struct auth_config, sms_per_address, "SMS_PER_ADDRESS", "30", 1, 1000000,
               "codes an hour for one address"),
    GG_SET_INT(struct auth_config, sms_per_prefix, "SMS_PER_PREFIX", "100", 1, 1000000,
               "codes an hour to numbers that begin with the same seven digits"),
    GG_SET_INT(struct auth_config, sms_in_all, "SMS_IN_ALL", "5000", 1, 100000000, "codes an hour in all"),
    GG_SET_INT(struct auth_config, sms_watch_after, "SMS_WATCH_AFTER", "300", 10, 1000000,
               "codes of the last hour from which on it is watched how many come back"),
    GG_SET_INT(struct auth_config, sms_redeemed_percent, "SMS_REDEEMED_PERCENT", "10", 0, 100,
               "per cent of the newest that must come back; 0: not watched"),
    GG_SET_INT(struct auth_config, sms_guard_per_hour, "SMS_GUARD_PER_HOUR", "60", 1, 1000000,
               "codes an hour, in all, while fewer come back"),
    GG_SET_INT(struct auth_config, login_guard_after, "LOGIN_GUARD_AFTER", "300", 1, 100000000,
               "failed log-ins in five minutes, in all, after which strange devices wait in line"),
    GG_SET_INT(struct auth_config, login_guard_per_minute, "LOGIN_GUARD_PER_MINUTE", "30", 1, 1000000,
               "log-ins a minute, in all, that strange devices then get"),
    GG_SET_INT(struct auth_config, signups_per_address, "SIGNUPS_PER_ADDRESS", "30", 1, 10000000,
               "sign-ups a day from one address; ten times as many from its net"),
    GG_SET_SECRET(struct auth_config, social_providers, "SOCIAL_PROVIDERS", "",
                  "services to log in by, as JSON (docs/auth.md)"),
    GG_SET_INT(struct auth_config, key_lead_s, "KEY_LEAD_S", "300", 1, 86400,
               "a new signing key is published so long before it signs, seconds; several JWKS_REFRESH_S"),
    GG_SET_TEXT(struct auth_config, passkey_origin, "PASSKEY_ORIGIN", "",
                "origin that passkeys are made for, when it is not PUBLIC_URL"),
    GG_SET_TEXT(struct auth_config, issuer, "JWT_ISSUER", "gonggu", "issuer of access tokens"),
    GG_SET_TEXT(struct auth_config, audience, "JWT_AUDIENCE", "gonggu", "audience of access tokens"),
};

static void rest(void *arg)
{
    (void)arg;
    gg_password_rest();
}

static bool start(void)
{
    struct gg_arena *arena;
    char *keys;
    bool ok;

    auth_signer = gg_signer_load(auth_config.signing_key_file, auth_config.issuer, auth_config.audience);
    if (!auth_signer || !auth_social_configure(auth_config.social_providers))
        return false;
    arena = gg_arena_create();
    keys = gg_signer_jwks(auth_signer, arena);
    ok = gg_verifier_load(keys, strlen(keys));
    gg_arena_destroy(arena);
    auth_keys_watch();
    gg_loop_every(PASSWORD_REST, rest, NULL);
    return ok;
}

static void stop(void)
{
    gg_signer_destroy(auth_signer);
}

static const struct gg_event_type *const emits[] = {
    &AUTH_USER_REGISTERED, &AUTH_USER_CHANGED,   &AUTH_SESSION_OPENED,   &AUTH_SESSION_ENDED, &AUTH_BLOCK_ADDED,
    &AUTH_BLOCK_REMOVED,   &AUTH_USER_SUSPENDED, &AUTH_USER_UNSUSPENDED, &AUTH_CLOSING_ASKED, &AUTH_CLOSING_CANCELLED,
    &AUTH_USER_CLOSED,     &AUTH_USER_RESTORED,  &AUTH_RECOVERY_ASKED,   &AUTH_USER_PURGED,   NULL};
static const struct gg_fsm *const lifecycles[] = {&auth_session_fsm, &auth_closing_fsm, NULL};

/* The route tables of all rooms, one after the other. */
static struct gg_route routes[128];
static size_t n_routes;

static void serve(const struct gg_route *table, size_t n)
{
    if (n_routes + n > GG_LEN(routes))
        gg_fatal("routes", "more than %zu routes", GG_LEN(routes));
    memcpy(routes + n_routes, table, n * sizeof(*table));
    n_routes += n;
}

int main(int argc, char **argv)
{
    serve(auth_routes, auth_routes_n);
    serve(auth_account_routes, auth_account_routes_n);
    serve(auth_profile_routes, auth_profile_routes_n);
    serve(auth_social_routes, auth_social_routes_n);
    serve(auth_passkey_routes, auth_passkey_routes_n);
    serve(auth_pin_routes, auth_pin_routes_n);
    serve(auth_order_routes, auth_order_routes_n);
    serve(auth_admin_routes, auth_admin_routes_n);
    serve(auth_area_routes, auth_area_routes_n);
    serve(auth_leave_routes, auth_leave_routes_n);
    serve(auth_recovery_routes, auth_recovery_routes_n);

    const struct gg_service service = {
        .name = "auth",
        .title = "Accounts, log-in and sessions",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &auth_config,
        .routes = routes,
        .n_routes = n_routes,
        .consumes = auth_consumes,
        .n_consumes = auth_consumes_n,
        .emits = emits,
        .due = auth_due_kinds,
        .n_due = auth_due_kinds_n,
        .problems = auth_problems,
        .lifecycles = lifecycles,
        .commands = auth_commands,
        .n_commands = auth_commands_n,
        .start = start,
        .prepare = auth_keys_prepare,
        .stop = stop,
    };

    return gg_service_main(&service, argc, argv);
}
