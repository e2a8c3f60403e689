/* libcommon/base.c
 * Names of statuses. */
#include "libcommon/base.h"

const char *gg_status_name(enum gg_status status)
{
    static const char *const names[] = {"ok", "not_found", "duplicate", "retry", "unavailable", "error"};

    return status <= GG_ERROR ? names[status] : "unknown";
}
