/* services/push/main.c
 * Wiring of the push service. */
#include "inbox.h"

#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/service.h"

#include <string.h>

#define PUSH_SERVICES                                                                                                  \
    "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,*.push.apple.com,*.notify.windows.com"

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct push_config, vapid_key_file, "VAPID_KEY_FILE", NULL, "PEM file, P-256, signs web pushes"),
    GG_SET_TEXT(struct push_config, vapid_subject, "VAPID_SUBJECT", NULL, "mailto: or https: of the operator"),
    GG_SET_TEXT(struct push_config, hosts, "PUSH_HOSTS", PUSH_SERVICES,
                "push services we send to: host, host:port, *.host"),
    GG_SET_BOOL(struct push_config, allow_http, "PUSH_ALLOW_HTTP", "off", "http and private addresses: sandbox only"),
};

/* Apple answers 403 to a subject without a real contact; better to refuse the start than to lose every push. */
static bool subject_usable(const char *subject)
{
    bool mail = strncmp(subject, "mailto:", 7) == 0 && strchr(subject, '@');
    bool page = strncmp(subject, "https://", 8) == 0;

    return (mail || page) && !strstr(subject, "localhost");
}

static bool start(void)
{
    if (!subject_usable(push_config.vapid_subject)) {
        gg_error("vapid_subject",
                 "GONGGU_VAPID_SUBJECT must be mailto:somebody@somewhere or https://..., not localhost");
        return false;
    }
    push_vapid_key = gg_ec_key_load(push_config.vapid_key_file);
    return push_vapid_key != NULL;
}

static void stop(void)
{
    gg_ec_key_destroy(push_vapid_key);
}

static const struct gg_event_type *const emits[] = {&PUSH_INBOX_CHANGED, NULL};

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "push",
        .title = "Inbox and web push",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &push_config,
        .routes = push_routes,
        .n_routes = push_routes_n,
        .consumes = push_consumes,
        .n_consumes = push_consumes_n,
        .emits = emits,
        .due = push_due_kinds,
        .n_due = push_due_kinds_n,
        .problems = push_problems,
        .start = start,
        .stop = stop,
    };

    return gg_service_main(&service, argc, argv);
}
