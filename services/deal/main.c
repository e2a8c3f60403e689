/* services/deal/main.c
 * Wiring of the deal service. */
#include "change.h"
#include "http_photo.h"
#include "kept.h"
#include "market.h"

#include "libcommon/log.h"
#include "libcommon/service.h"
#include "proto/deal_market.h"

#include <string.h>

static const struct gg_setting settings[] = {
    GG_STORAGE_SETTINGS(struct deal_config, storage),
    GG_SET_TEXT(struct deal_config, preview_host, "PREVIEW_HOST", "",
                "tests: host:port that link previews may ask although it is private"),
};

static bool start(void)
{
    deal_kept_start();
    return gg_storage_start(&deal_config.storage);
}

/* A service has one table of each kind; ours are kept in two rooms. */
static struct gg_route routes[192];
static struct gg_due_kind due_kinds[32];
#define JOIN(into, first, second)                                                                                      \
    do {                                                                                                               \
        if (first##_n + second##_n > GG_LEN(into))                                                                     \
            gg_fatal("start", "the joined table is too small");                                                        \
        memcpy(into, first, first##_n * sizeof(*(into)));                                                              \
        memcpy((into) + first##_n, second, second##_n * sizeof(*(into)));                                              \
    } while (0)

static const struct gg_event_type *const emits[] = {&DEAL_OPENED_EVENT,           &DEAL_SHARE_RESERVED_EVENT,
                                                    &DEAL_SHARE_HELD_EVENT,       &DEAL_SHARE_REJECTED_EVENT,
                                                    &DEAL_SHARE_RELEASED_EVENT,   &DEAL_SHARE_HANDED_OVER_EVENT,
                                                    &DEAL_SHARE_SETTLED_EVENT,    &DEAL_CLOSING_EVENT,
                                                    &DEAL_CONFIRMED_EVENT,        &DEAL_FAILED_EVENT,
                                                    &DEAL_CANCELLED_EVENT,        &DEAL_PURCHASED_EVENT,
                                                    &DEAL_ARRIVED_EVENT,          &DEAL_DONE_EVENT,
                                                    &DEAL_CHANGED_EVENT,          &DEAL_SHARE_RESIZED_EVENT,
                                                    &DEAL_SHARE_CHANGED_EVENT,    &DEAL_SHARE_ADJUSTED_EVENT,
                                                    &DEAL_SHARE_NO_SHOW_EVENT,    &DEAL_WAIT_OFFERED_EVENT,
                                                    &DEAL_WAIT_LAPSED_EVENT,      &DEAL_WAIT_ENDED_EVENT,
                                                    &DEAL_DISPUTE_OPENED_EVENT,   &DEAL_DISPUTE_ANSWERED_EVENT,
                                                    &DEAL_DISPUTE_RESOLVED_EVENT, &DEAL_CLOSING_ANSWERED_EVENT,
                                                    &DEAL_USER_PURGED_EVENT,      &DEAL_COMMENT_ADDED,
                                                    &DEAL_REVIEW_ASKED,           NULL};
static const struct gg_fsm *const lifecycles[] = {&deal_fsm, &deal_share_fsm, NULL};

int main(int argc, char **argv)
{
    JOIN(routes, deal_routes, deal_market_routes);
    JOIN(due_kinds, deal_due_kinds, deal_market_due_kinds);

    const struct gg_service service = {
        .name = "deal",
        .title = "Deals, shares and hand-over",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &deal_config,
        .routes = routes,
        .n_routes = deal_routes_n + deal_market_routes_n,
        .consumes = deal_consumes,
        .n_consumes = deal_consumes_n,
        .emits = emits,
        .due = due_kinds,
        .n_due = deal_due_kinds_n + deal_market_due_kinds_n,
        .problems = deal_problems,
        .lifecycles = lifecycles,
        .start = start,
    };

    return gg_service_main(&service, argc, argv);
}
