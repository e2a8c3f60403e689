/* services/push/main.c
 * Wiring of the push service. */
#include "inbox.h"

#include "libcommon/log.h"
#include "libcommon/service.h"
#include "proto/push_wish.h"
#include "vapid.h"

#include <string.h>

#define PUSH_SERVICES                                                                                                  \
    "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,*.push.apple.com,*.notify.windows.com"

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct push_config, vapid_key_file, "VAPID_KEY_FILE", NULL, "PEM file, P-256, signs web pushes"),
    GG_SET_TEXT(struct push_config, vapid_old_key_file, "VAPID_OLD_KEY_FILE", "",
                "the key before it, while its subscribers come over"),
    GG_SET_TEXT(struct push_config, vapid_subject, "VAPID_SUBJECT", NULL, "mailto: or https: of the operator"),
    GG_SET_TEXT(struct push_config, hosts, "PUSH_HOSTS", PUSH_SERVICES,
                "push services we send to: host, host:port, *.host"),
    GG_SET_TEXT(struct push_config, ca_file, "PUSH_CA_FILE", "",
                "PEM of the authorities of those services; empty: the system's"),
    GG_SET_BOOL(struct push_config, allow_http, "PUSH_ALLOW_HTTP", "off", "http and private addresses: sandbox only"),
    GG_SET_TEXT(struct push_config, sms_url, "SMS_URL", NULL, "base of the SMS gateway"),
    GG_SET_TEXT(struct push_config, sms_service_id, "SMS_SERVICE_ID", NULL, "service at the SMS gateway"),
    GG_SET_TEXT(struct push_config, sms_access_key, "SMS_ACCESS_KEY", NULL, "account at the SMS gateway"),
    GG_SET_SECRET(struct push_config, sms_secret, "SMS_SECRET", NULL, "its secret"),
    GG_SET_TEXT(struct push_config, sms_from, "SMS_FROM", NULL, "registered sender number"),
    GG_SET_INT(struct push_config, sms_won, "SMS_WON", "9", 0, 1000, "cost of a short text message (won)"),
    GG_SET_INT(struct push_config, lms_won, "LMS_WON", "30", 0, 1000, "cost of a long one (won)"),
    GG_SET_INT(struct push_config, sms_user_day, "SMS_USER_DAY", "5", 0, 1000, "text messages for one person and day"),
    GG_SET_INT(struct push_config, sms_day_won, "SMS_DAY_WON", "50000", 0, 100000000,
               "won a day for all text messages together"),
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
    return push_vapid_load(push_config.vapid_key_file, push_config.vapid_old_key_file);
}

static void stop(void)
{
    push_vapid_forget();
}

static const struct gg_event_type *const emits[] = {&PUSH_INBOX_CHANGED, &PUSH_USER_PURGED, NULL};

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "push",
        .title = "Inbox, web push, text messages",
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
