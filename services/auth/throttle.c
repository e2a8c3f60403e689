/* services/auth/throttle.c
 * How often somebody may try to log in or sign up. */
#include "throttle.h"

#include "device.h"
#include "libcommon/address.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/service.h"

#include <string.h>

#define TRY_WINDOW     (15 * GG_MINUTE)
#define PER_DEVICE     10
#define PER_ACCOUNT    10
#define PER_ADDRESS    100
#define PER_NET        300
#define WATCH_WINDOW   (5 * GG_MINUTE)
#define SIGNUP_PER_NET 10 /* times what one address may */

/* A __Host- cookie needs https, which a laptop's stack does not speak. */
static bool secure(void)
{
    return strncmp(gg_public_url(), "https:", 6) == 0;
}
static const char *cookie_name(void)
{
    return secure() ? "__Host-gonggu_device" : "gonggu_device";
}

static void add(struct auth_throttle *throttle, const char *scope, const char *key, int64_t window, int64_t limit)
{
    throttle->budgets[throttle->n++] = (struct auth_budget){scope, key, window, limit, 0};
}

/* Whether any of the budgets is used up. */
static bool used_up(const struct auth_throttle *throttle)
{
    for (size_t i = 0; i < throttle->n; i++)
        if (throttle->budgets[i].used > throttle->budgets[i].limit) {
            gg_warn("login_throttled", "too many tries for one %s", throttle->budgets[i].scope);
            return true;
        }
    return false;
}

static enum gg_status refuse(struct gg_call *call)
{
    gg_count("auth_login_throttled", "", 1);
    gg_header(call, "Retry-After", "300");
    return gg_fail(call, &AUTH_THROTTLED, "try again in a while, or from a device you have logged in with before");
}

/* Takes the budgets from number `from` on. */
static enum gg_status take(struct gg_call *call, struct auth_throttle *throttle, size_t from,
                           struct auth_budget *watched)
{
    return auth_budgets_take(call->db, call->arena, throttle->budgets + from, throttle->n - from, throttle->at,
                             watched);
}

bool auth_throttle_known_device(struct gg_call *call, struct gg_id user)
{
    struct gg_id device;

    return auth_device_trusted(call->arena, auth_secret(), gg_cookie(call, cookie_name()), user, gg_now(), &device);
}

enum gg_status auth_throttle_enter(struct gg_call *call, const char *login_id, struct gg_id user,
                                   struct auth_throttle *throttle, bool *allowed)
{
    struct auth_budget failed = {"login-failed", "", WATCH_WINDOW, auth_config.login_guard_after, 0};
    struct gg_id device;

    *throttle = (struct auth_throttle){.at = gg_now()};
    throttle->trusted =
        !gg_id_is_zero(user) &&
        auth_device_trusted(call->arena, auth_secret(), gg_cookie(call, cookie_name()), user, gg_now(), &device);
    if (throttle->trusted) {
        add(throttle, "login-device", gg_hex(call->arena, device.b, 16), TRY_WINDOW, PER_DEVICE);
        GG_TRY(take(call, throttle, 0, NULL));
        *allowed = !used_up(throttle);
        if (*allowed)
            return GG_OK;
        throttle->n = 0; /* somebody tries from here what he does not know: now he is a stranger */
        throttle->trusted = false;
    }
    add(throttle, "login-account", login_id, TRY_WINDOW, PER_ACCOUNT);
    add(throttle, "login-address", call->address, TRY_WINDOW, PER_ADDRESS);
    add(throttle, "login-net", gg_address_net(call->arena, call->address), TRY_WINDOW, PER_NET);
    GG_TRY(take(call, throttle, 0, &failed));
    *allowed = !used_up(throttle);
    if (*allowed && failed.used >= failed.limit) { /* somebody is trying lists of passwords */
        add(throttle, "login-gate", "", GG_MINUTE, auth_config.login_guard_per_minute);
        GG_TRY(take(call, throttle, throttle->n - 1, NULL));
        *allowed = !used_up(throttle);
    }
    return *allowed ? GG_OK : refuse(call);
}

enum gg_status auth_throttle_right(struct gg_call *call, const struct auth_throttle *throttle)
{
    return auth_budgets_give_back(call->db, call->arena, throttle->budgets, throttle->n, throttle->at);
}

enum gg_status auth_throttle_wrong(struct gg_call *call, const struct auth_throttle *throttle)
{
    int64_t used;

    if (throttle->trusted)
        return GG_OK;
    GG_TRY(auth_budget_take(call->db, call->arena, "login-failed", "", WATCH_WINDOW, gg_now(), &used));
    if (used == auth_config.login_guard_after)
        gg_error("login_guard", "%" PRId64 " log-ins failed within minutes: strange devices have to wait in line",
                 used);
    return GG_OK;
}

void auth_throttle_remember(struct gg_call *call, struct gg_id user)
{
    const char *cookie = auth_device_cookie(call->arena, auth_secret(), gg_cookie(call, cookie_name()), user, gg_now());

    gg_header(call, "Set-Cookie",
              gg_sprintf(call->arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", cookie_name(),
                         cookie, AUTH_DEVICE_MS / GG_SECOND, secure() ? "; Secure" : ""));
}

enum gg_status auth_throttle_signup(struct gg_call *call, bool *allowed)
{
    struct auth_throttle throttle = {.at = gg_now()};

    add(&throttle, "signup-address", call->address, GG_DAY, auth_config.signups_per_address);
    add(&throttle, "signup-net", gg_address_net(call->arena, call->address), GG_DAY,
        auth_config.signups_per_address * SIGNUP_PER_NET);
    GG_TRY(take(call, &throttle, 0, NULL));
    *allowed = !used_up(&throttle);
    if (*allowed)
        return GG_OK;
    gg_header(call, "Retry-After", "3600");
    return gg_fail(call, &AUTH_SIGNUP_BUDGET, "too many accounts were opened from here today");
}
