/* services/deal/main.c
 * Wiring of the deal service. */
#include "change.h"
#include "http_photo.h"

#include "libcommon/log.h"
#include "libcommon/service.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct deal_config, photo_dir, "PHOTO_DIR", NULL, "folder of the photos, shared by all instances"),
};

static bool start(void)
{
    if (mkdir(deal_config.photo_dir, 0755) != 0 && errno != EEXIST) {
        gg_error("photo_dir", "cannot make %s: %s", deal_config.photo_dir, strerror(errno));
        return false;
    }
    if (access(deal_config.photo_dir, W_OK | X_OK) != 0) {
        gg_error("photo_dir", "cannot write into %s: %s", deal_config.photo_dir, strerror(errno));
        return false;
    }
    return true;
}

static const struct gg_event_type *const emits[] = {
    &DEAL_OPENED_EVENT,         &DEAL_SHARE_RESERVED_EVENT, &DEAL_SHARE_HELD_EVENT,
    &DEAL_SHARE_REJECTED_EVENT, &DEAL_SHARE_RELEASED_EVENT, &DEAL_SHARE_HANDED_OVER_EVENT,
    &DEAL_SHARE_SETTLED_EVENT,  &DEAL_CLOSING_EVENT,        &DEAL_CONFIRMED_EVENT,
    &DEAL_FAILED_EVENT,         &DEAL_CANCELLED_EVENT,      &DEAL_PURCHASED_EVENT,
    &DEAL_ARRIVED_EVENT,        &DEAL_DONE_EVENT,           NULL};
static const struct gg_fsm *const lifecycles[] = {&deal_fsm, &deal_share_fsm, NULL};

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "deal",
        .title = "Deals, shares and hand-over",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &deal_config,
        .routes = deal_routes,
        .n_routes = deal_routes_n,
        .consumes = deal_consumes,
        .n_consumes = deal_consumes_n,
        .emits = emits,
        .due = deal_due_kinds,
        .n_due = deal_due_kinds_n,
        .problems = deal_problems,
        .lifecycles = lifecycles,
        .start = start,
    };

    return gg_service_main(&service, argc, argv);
}
