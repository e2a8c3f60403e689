/* libcommon/outage.c
 * When to try again a server that does not answer. */
#include "libcommon/outage.h"
#include "libcommon/clock.h"

#define FIRST_WAIT   100 /* ms between a failed connect and the next one */
#define LONGEST_WAIT 2000

bool gg_outage_may_try(struct gg_outage *outage)
{
    pthread_mutex_lock(&outage->lock);
    int64_t now = gg_mono();
    bool may = !outage->down || now >= outage->next_try;
    if (may && outage->down)
        outage->next_try = now + LONGEST_WAIT; /* one thread tries, the others wait for what it finds */
    pthread_mutex_unlock(&outage->lock);
    return may;
}

bool gg_outage_over(struct gg_outage *outage)
{
    pthread_mutex_lock(&outage->lock);
    bool was_down = outage->down;
    outage->down = false;
    outage->wait = 0;
    pthread_mutex_unlock(&outage->lock);
    return was_down;
}

bool gg_outage_begun(struct gg_outage *outage)
{
    pthread_mutex_lock(&outage->lock);
    bool first = !outage->down;
    outage->down = true;
    outage->wait = outage->wait ? outage->wait * 2 : FIRST_WAIT;
    if (outage->wait > LONGEST_WAIT)
        outage->wait = LONGEST_WAIT;
    outage->next_try = gg_mono() + outage->wait;
    pthread_mutex_unlock(&outage->lock);
    return first;
}
