/* services/deal/market.c
 * What follows on the market side when a deal or a share is written. */
#include "market.h"

#include "http_trust.h"
#include "kept.h"
#include "libcommon/clock.h"
#include "store_listing.h"
#include "store_trust.h"

enum gg_status deal_market_follow(struct gg_db *db, const struct deal_row *deal)
{
    bool renewed;
    int64_t was;

    GG_TRY(deal_listing_follow(db, deal, &renewed, &was));
    if (was != GG_NONE && was != deal_cell_of(deal->lat, deal->lng))
        deal_kept_moved(db, deal->id, was);
    deal_kept_changed(db, deal, renewed ? DEAL_NEWS_ALL : DEAL_NEWS_SEATS);
    GG_TRY(deal_facts_of_deal(db, deal, gg_now()));
    return deal->state == DEAL_DONE ? gg_due_set(db, DEAL_DUE_REVIEW, deal->id, gg_now()) : GG_OK;
}

enum gg_status deal_market_follow_share(struct gg_db *db, const struct deal_share_row *share)
{
    return deal_facts_of_share(db, share, gg_now());
}
