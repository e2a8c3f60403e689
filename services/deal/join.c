/* services/deal/join.c
 * Who may join, change or leave. */
#include "join.h"

static struct deal_answer no(const struct gg_problem *problem, const char *member, int64_t value)
{
    return (struct deal_answer){problem, member, value};
}

static bool breaks_a_box(const struct deal_row *deal, const struct deal_ask *ask, int64_t now)
{
    struct deal_fill before, after;

    if (!deal_filling(deal, now))
        return false;
    before = deal_fill_of(deal, 0, 0);
    after = deal_fill_of(deal, ask->quantity - ask->had_quantity, ask->tolerance - ask->had_tolerance);
    return !deal_fill_allowed(&before, &after);
}

struct deal_answer deal_decide(const struct deal_row *deal, const struct deal_ask *ask, int64_t now)
{
    int64_t more = ask->quantity - ask->had_quantity, room = deal_free(deal) + ask->offered;
    int64_t most = deal->plan.each_max == GG_NONE ? deal_capacity(deal) : deal->plan.each_max;

    if (ask->host)
        return no(&DEAL_OWN, NULL, 0);
    if (deal->state != DEAL_RECRUITING || now >= deal->closes_at)
        return no(&DEAL_CLOSED, NULL, 0);
    if (more > 0 && ask->blocked)
        return no(&DEAL_BLOCKED, NULL, 0);
    if (more > 0 && ask->closing)
        return no(&DEAL_ACCOUNT_CLOSING, NULL, 0);
    if (ask->terms != GG_NONE && ask->terms != deal->plan.terms)
        return no(&DEAL_TERMS_CHANGED, "terms", deal->plan.terms);
    if (ask->quantity + ask->tolerance > most || ask->quantity + ask->tolerance > deal_capacity(deal))
        return no(&DEAL_QUANTITY_OVER_LIMIT, "limit", most < deal_capacity(deal) ? most : deal_capacity(deal));
    /* Who waits comes first: what is free beside an offer is his who is first in line. */
    if (more > (deal->plan.queue > 0 ? ask->offered : room))
        return no(&DEAL_FULL, "left", deal->plan.queue > 0 ? ask->offered : room);
    if (breaks_a_box(deal, ask, now))
        return no(&DEAL_BOX_FILL, "missing", deal_fill_of(deal, 0, 0).missing);
    return no(NULL, NULL, 0);
}
