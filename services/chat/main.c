/* services/chat/main.c
 * Wiring of the chat service. */
#include "chat.h"
#include "hub.h"
#include "room.h"
#include "sweep.h"

#include "libcommon/service.h"

static const struct gg_setting settings[] = {GG_STORAGE_SETTINGS(struct chat_config, storage)};

static bool start(void)
{
    if (!gg_storage_start(&chat_config.storage))
        return false;
    chat_hub_start();
    chat_socket_start();
    return true;
}

static const struct gg_event_type *const emits[] = {&CHAT_NOTICED, &CHAT_REPORTED, &CHAT_USER_PURGED, NULL};
static const struct gg_msg *const frames_in[] = {&chat_frame_in_msg, NULL};
static const struct gg_msg *const frames_out[] = {&chat_frame_out_msg, NULL};
static const struct gg_fsm *const lifecycles[] = {&chat_member_fsm, NULL};

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "chat",
        .title = "Rooms, their logs and the socket",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &chat_config,
        .routes = chat_routes,
        .n_routes = chat_routes_n,
        .consumes = chat_consumes,
        .n_consumes = chat_consumes_n,
        .emits = emits,
        .due = chat_due,
        .n_due = chat_due_n,
        .ws = &chat_socket,
        .ws_in = frames_in,
        .ws_out = frames_out,
        .problems = chat_problems,
        .lifecycles = lifecycles,
        .start = start,
    };

    return gg_service_main(&service, argc, argv);
}
