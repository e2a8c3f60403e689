/* services/deal/market.h
 * The tables of the market side (pictures, finding, trust, one's own data); main.c joins them with those of the deal
 * itself. */
#ifndef SERVICES_DEAL_MARKET_H
#define SERVICES_DEAL_MARKET_H

#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"

extern const struct gg_route deal_market_routes[];
extern const size_t deal_market_routes_n;
extern const struct gg_due_kind deal_market_due_kinds[];
extern const size_t deal_market_due_kinds_n;

#endif
