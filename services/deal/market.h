/* services/deal/market.h
 * The tables of the market side (pictures, finding, trust, one's own data); main.c joins them with those of the deal
 * itself. */
#ifndef SERVICES_DEAL_MARKET_H
#define SERVICES_DEAL_MARKET_H

#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"
#include "store.h"

/* (tx) Listing, facts and questions follow a deal or a share. Called by deal_update and deal_share_update. */
enum gg_status deal_market_follow(struct gg_db *db, const struct deal_row *deal) GG_MUSTCHECK;
enum gg_status deal_market_follow_share(struct gg_db *db, const struct deal_share_row *share) GG_MUSTCHECK;

extern const struct gg_route deal_market_routes[];
extern const size_t deal_market_routes_n;
extern const struct gg_due_kind deal_market_due_kinds[];
extern const size_t deal_market_due_kinds_n;

#endif
