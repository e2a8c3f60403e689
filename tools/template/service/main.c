/* services/@NAME@/main.c
 * Wiring of the @NAME@ service. */
#include "libcommon/service.h"
#include "@NAME@.h"

static const struct gg_event_type *const emits[] = {&@UPPER@_NOTE_WRITTEN, NULL};

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "@NAME@",
        .title = "Notes",
        .routes = @NAME@_routes,
        .n_routes = @NAME@_routes_n,
        .consumes = @NAME@_consumes,
        .n_consumes = @NAME@_consumes_n,
        .emits = emits,
        .problems = @NAME@_problems,
    };

    return gg_service_main(&service, argc, argv);
}
