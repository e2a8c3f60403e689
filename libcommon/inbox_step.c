/* libcommon/inbox_step.c
 * What becomes of an arriving event: the decision alone, without store or broker. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"

enum inbox_step inbox_decide(int64_t applied, bool poisoned, int64_t sequence, bool handled)
{
    if (sequence <= applied)
        return INBOX_DROP;
    if (poisoned)
        return INBOX_PARK_BEHIND;
    if (sequence > applied + 1)
        return INBOX_PARK_GAP;
    return handled ? INBOX_APPLY : INBOX_SKIP;
}

int64_t inbox_ask_wait(int64_t asks)
{
    int64_t wait = 2 * GG_SECOND;
    while (asks-- > 0 && wait < 5 * GG_MINUTE)
        wait *= 2;
    return wait < 5 * GG_MINUTE ? wait : 5 * GG_MINUTE;
}
