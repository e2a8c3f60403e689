/* services/deal/change.h
 * Every change of a deal or a share: rule, rows and event in one transaction, under the deal's lock. All are (tx). */
#ifndef SERVICES_DEAL_CHANGE_H
#define SERVICES_DEAL_CHANGE_H

#include "deal.h"
#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"
#include "store.h"

#define DEAL_DUE_CLOSE       "deal.close"         /* subject: the deal */
#define DEAL_DUE_RESERVATION "deal.reservation"   /* subject: the share */
#define DEAL_DUE_WINDOW      "deal.end_of_window" /* subject: the deal */

/* What a change works with. */
struct deal_work {
    struct gg_db *db;
    struct gg_arena *arena;
    struct deal_row deal; /* locked */
    struct gg_id actor;   /* zero: the clock, or another service */
};

/* Locks the deal. GG_NOT_FOUND. */
enum gg_status deal_begin(struct deal_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                          struct gg_id actor) GG_MUSTCHECK;

/* Opens the deal in work->deal (not locked, not there yet). */
enum gg_status deal_open(struct deal_work *work) GG_MUSTCHECK;
/* Seats a neighbour; the share is filled in. The caller has checked that it may be. */
enum gg_status deal_reserve(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;
/* A share without money yet, or before closing, goes away: rejected (event) or released. A closing deal is decided when
 * this was the last one it waited for. */
enum gg_status deal_drop_share(struct deal_work *work, struct deal_share_row *share, enum deal_share_step step,
                               enum deal_reason reason) GG_MUSTCHECK;
/* The money is held. */
enum gg_status deal_hold_share(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;
/* The money of a held share went back before it was captured. A confirmed deal lives on while enough is sold; what the
 * share would have had is the host's. */
enum gg_status deal_lose_share(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;
/* Portions that are sold whatever becomes of the shares still reserved: held ones, with their tolerances. */
enum gg_status deal_sold(struct deal_work *work, int64_t *sold) GG_MUSTCHECK;
/* Nothing joins or leaves any more; decides at once when nothing is reserved. */
enum gg_status deal_close(struct deal_work *work) GG_MUSTCHECK;
/* Failed or cancelled: every share goes, every won finds its way back. `event` is DEAL_FAIL, DEAL_CANCEL or DEAL_LAPSE.
 */
enum gg_status deal_call_off(struct deal_work *work, enum deal_event event, enum deal_reason reason) GG_MUSTCHECK;
/* The goods are bought for `receipt_won`: refunds to every share. */
enum gg_status deal_purchase_goods(struct deal_work *work, int64_t receipt_won, const char *receipt) GG_MUSTCHECK;
enum gg_status deal_arrive_goods(struct deal_work *work) GG_MUSTCHECK;
/* The goods changed hands: pay may pay the host. */
enum gg_status deal_hand_over(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;
/* The host has the money; the deal is done with the last one. */
enum gg_status deal_settle(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;

extern const struct gg_route deal_routes[];
extern const size_t deal_routes_n;
extern const struct gg_consumes deal_consumes[];
extern const size_t deal_consumes_n;
extern const struct gg_due_kind deal_due_kinds[];
extern const size_t deal_due_kinds_n;

#endif
