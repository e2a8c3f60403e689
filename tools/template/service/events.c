/* services/@NAME@/events.c
 * What the @NAME@ service hears from others. */
#include "libcommon/session.h"
#include "proto/auth.h"
#include "store.h"

static enum gg_status on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    return gg_session_end(event->db, data->user, data->session, data->version);
}

const struct gg_consumes @NAME@_consumes[] = {
    {&AUTH_SESSION_ENDED, on_session_ended},
};
const size_t @NAME@_consumes_n = GG_LEN(@NAME@_consumes);
