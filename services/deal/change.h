/* services/deal/change.h
 * Every change of a deal or a share: rule, rows and event in one transaction, under the deal's lock. All are (tx). */
#ifndef SERVICES_DEAL_CHANGE_H
#define SERVICES_DEAL_CHANGE_H

#include "deal.h"
#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"
#include "plan.h"
#include "store_flow.h"

#define DEAL_DUE_CLOSE       "deal.close"         /* subject: the deal */
#define DEAL_DUE_RESERVATION "deal.reservation"   /* subject: the share */
#define DEAL_DUE_WINDOW      "deal.end_of_window" /* subject: the deal */
#define DEAL_DUE_TERMS       "deal.terms"         /* subject: the deal */
#define DEAL_DUE_OFFER       "deal.offer"         /* subject: the place on the waiting list */
#define DEAL_DUE_DISPUTE     "deal.dispute"       /* subject: the dispute */

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
/* Seats a neighbour in memory: the share is filled in, the deal counts it. The caller has checked that it may be. */
void deal_seat(struct deal_work *work, struct deal_share_row *share);
/* Writes seats that were taken, with their events and their alarm clocks, and the deal. */
enum gg_status deal_reserve(struct deal_work *work, struct deal_share_row *shares, size_t n) GG_MUSTCHECK;
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
/* The goods are bought for `receipt_won` and brought for `delivery_won`: refunds to every share. */
enum gg_status deal_purchase_goods(struct deal_work *work, int64_t receipt_won, int64_t delivery_won,
                                   const char *receipt) GG_MUSTCHECK;
/* `came` portions are here: fewer or more than were bought are shared out by the rule of the deal. */
enum gg_status deal_arrive_goods(struct deal_work *work, int64_t came) GG_MUSTCHECK;
/* `quantity` portions changed hands (more than are there: all), at `when`: what is missing is given back, the rest pay
 * pays to the host. */
enum gg_status deal_hand_over(struct deal_work *work, struct deal_share_row *share, int64_t quantity,
                              int64_t when) GG_MUSTCHECK;
/* The share did not come to any window. */
enum gg_status deal_no_show(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;
/* The host has the money; the deal is done with the last one. */
enum gg_status deal_settle(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;

/* Everything has left escrow for the neighbour because its time was over, before pay heard of a hand-over or there was
 * one: what pay did is what counts. */
enum gg_status deal_take_back(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;

/* --- change_share.c: a share that grows, shrinks, or accepts new terms --- */

/* The caller has checked that it may be. What costs no more is done at once; else the hold must grow first, and the
 * share keeps what it has until pay answers. */
enum gg_status deal_resize(struct deal_work *work, struct deal_share_row *share, int64_t quantity, int64_t tolerance,
                           int64_t terms) GG_MUSTCHECK;
/* pay has brought the hold of try `resize` to `amount_won`. */
enum gg_status deal_resized(struct deal_work *work, struct deal_share_row *share, int64_t resize,
                            int64_t amount_won) GG_MUSTCHECK;
/* It could not, or did not answer in time. */
enum gg_status deal_resize_failed(struct deal_work *work, struct deal_share_row *share,
                                  enum deal_reason reason) GG_MUSTCHECK;
/* Portions and tolerances the share keeps, a change under way included. */
int64_t deal_seats(const struct deal_share_row *share);
int64_t deal_seats_extra(const struct deal_share_row *share);

/* --- change_terms.c: what the host edits --- */

/* Brings the deal to what `after` says; `fields` names what differs. New terms ask everybody who is in again. */
enum gg_status deal_edit(struct deal_work *work, const struct deal_row *after, const struct gg_list *fields,
                         bool new_terms) GG_MUSTCHECK;
/* Keeps the version of the terms the deal has now. */
enum gg_status deal_keep_terms(struct deal_work *work) GG_MUSTCHECK;
/* The terms as a message, in the arena. */
struct deal_create *deal_terms_of(struct gg_arena *arena, const struct deal_row *deal);
/* Who has not accepted the terms in time goes. */
enum gg_status deal_release_unaccepted(struct deal_work *work) GG_MUSTCHECK;

/* --- wait.c: the waiting list --- */

enum gg_status deal_wait_join(struct deal_work *work, struct deal_wait_row *wait) GG_MUSTCHECK;
/* Gone from the list: taken, lapsed or left; what was kept goes to the next. */
enum gg_status deal_wait_finish(struct deal_work *work, struct deal_wait_row *wait,
                                enum deal_wait_state state) GG_MUSTCHECK;
/* The deal recruits no more: who waits, or has not taken his offer, is told. The caller writes the deal. */
enum gg_status deal_wait_over(struct deal_work *work) GG_MUSTCHECK;
/* Offers what is free to the first in line. The caller writes the deal. */
enum gg_status deal_offer(struct deal_work *work) GG_MUSTCHECK;

/* --- dispute.c --- */

enum gg_status deal_dispute_begin(struct deal_work *work, struct deal_share_row *share,
                                  struct deal_dispute_row *dispute) GG_MUSTCHECK;
enum gg_status deal_dispute_answered(struct deal_work *work, struct deal_share_row *share,
                                     struct deal_dispute_row *dispute) GG_MUSTCHECK;
/* Ends it: refund_won back to the neighbour, the rest to the host. */
enum gg_status deal_dispute_end(struct deal_work *work, struct deal_share_row *share, struct deal_dispute_row *dispute,
                                enum deal_dispute_state state, int64_t refund_won) GG_MUSTCHECK;

/* --- what the files of changes share --- */

/* One more version of the deal, told. The caller writes the deal. */
enum gg_status deal_emit(struct deal_work *work, const struct gg_event_type *type, const void *data) GG_MUSTCHECK;
/* The event of a share, for the few members that differ. */
struct deal_share_event deal_share_event_of(const struct deal_work *work, const struct deal_share_row *share,
                                            int64_t amount_won);
enum gg_status deal_emit_outcome(struct deal_work *work, const struct gg_event_type *type,
                                 const struct deal_share_row *shares, size_t n, const int64_t *refunds) GG_MUSTCHECK;
/* Steps along the tables; a step they do not have is a defect of the caller. */
enum gg_status deal_step(struct deal_work *work, enum deal_event event) GG_MUSTCHECK;
enum gg_status deal_step_share(struct deal_share_row *share, enum deal_share_step step) GG_MUSTCHECK;
enum gg_status deal_live_shares(struct deal_work *work, struct deal_share_row **shares, size_t *n) GG_MUSTCHECK;
/* Decides a closing deal for which nothing waits any more, and writes the deal. */
enum gg_status deal_settle_closing(struct deal_work *work) GG_MUSTCHECK;
/* Done, when every live share is settled. The caller writes the deal. */
enum gg_status deal_finish(struct deal_work *work) GG_MUSTCHECK;
/* Adds what a share's new amount does to its owner's carry. */
enum gg_status deal_note_carries(struct deal_work *work, struct deal_share_row *shares, size_t n,
                                 const int64_t *deltas) GG_MUSTCHECK;
/* Back to nothing: the share pays nothing after all. */
enum gg_status deal_undo_carry(struct deal_work *work, struct deal_share_row *share) GG_MUSTCHECK;

extern const struct gg_route deal_routes[];
extern const size_t deal_routes_n;
extern const struct gg_consumes deal_consumes[];
extern const size_t deal_consumes_n;
extern const struct gg_due_kind deal_due_kinds[];
extern const size_t deal_due_kinds_n;

#endif
