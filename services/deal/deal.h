/* services/deal/deal.h
 * The rules of deals and shares: life cycles, bounds, the grid of places. Pure. */
#ifndef SERVICES_DEAL_DEAL_H
#define SERVICES_DEAL_DEAL_H

#include "libcommon/fsm.h"
#include "proto/deal.h"

enum deal_event {
    DEAL_CLOSE,    /* the closing instant, or the host once the minimum is met */
    DEAL_CONFIRM,  /* enough is sold */
    DEAL_FAIL,     /* too little is sold */
    DEAL_CANCEL,   /* by the host */
    DEAL_PURCHASE, /* by the host, with the receipt */
    DEAL_ARRIVE,   /* by the host */
    DEAL_FINISH,   /* every share is settled */
    DEAL_LAPSE     /* the pick-up window is long over and nothing came */
};
enum deal_share_step {
    SHARE_HOLD_PLACED,
    SHARE_HOLD_REFUSED,
    SHARE_LAPSE,
    SHARE_HOLD_ENDED, /* the hold passed its own deadline before it was captured */
    SHARE_LEAVE,
    SHARE_CALL_OFF, /* the deal failed or was cancelled */
    SHARE_CAPTURE,
    SHARE_HAND_OVER,
    SHARE_SETTLE,
    SHARE_DISPUTE,  /* by the neighbour, before anything was handed over */
    SHARE_RESOLVE,  /* the dispute has ended, and something is left for the host */
    SHARE_RESUME,   /* it has ended before the goods came */
    SHARE_GIVE_BACK /* everything is given back: nothing came, or so the dispute ended */
};
extern const struct gg_fsm deal_fsm, deal_share_fsm;

#define DEAL_RESERVED_MS    (2 * INT64_C(60000))
#define DEAL_HOLD_EXTRA_MS  (24 * INT64_C(3600000))  /* a hold outlives the closing by this */
#define DEAL_GRACE_MS       (3 * INT64_C(86400000))  /* after the pick-up window money finds its way by itself */
#define DEAL_CLOSE_MIN_MS   (10 * INT64_C(60000))    /* closing at the earliest */
#define DEAL_CLOSE_MAX_MS   (30 * INT64_C(86400000)) /* and at the latest */
#define DEAL_WINDOW_MAX_MS  (30 * INT64_C(86400000)) /* from closing to the end of the pick-up window */
#define DEAL_ACCEPT_MS      (24 * INT64_C(3600000))  /* to accept new terms, closing permitting */
#define DEAL_OFFER_MS       (15 * INT64_C(60000))    /* to take an offer of the waiting list */
#define DEAL_ANSWER_MS      (3 * INT64_C(86400000))  /* a host's time to answer a dispute */
#define DEAL_DECIDE_MS      (14 * INT64_C(86400000)) /* and then for agreement or an admin */
#define DEAL_DRAFTS_MAX     50
#define DEAL_CODE_TRIES_MAX 10
#define DEAL_CODE_WINDOW_MS (10 * INT64_C(60000))

/* A share in this state counts: it has a seat. */
bool deal_share_live(int state);
/* Its owner may see the exact place. */
bool deal_share_inside(int state);
/* What is wrong with a new deal's numbers and times; NULL when nothing. `pointer` names the field. */
const char *deal_create_trouble(const struct deal_create *deal, int64_t now, const char **pointer);
/* Centre of the grid cell (0.005 degrees each way, about 500 m) of a point, in micro-degrees. */
int64_t deal_cell(int64_t micro_degrees);

#endif
