/* services/pay/steps.h
 * The steps money takes. Each runs inside the caller's transaction, is decided by the state it finds (so a second call
 * changes nothing), and tells what happened through the outbox. */
#ifndef PAY_STEPS_H
#define PAY_STEPS_H

#include "book.h"
#include "charge.h"
#include "proto/deal_flow.h"

/* --- holds (steps.c) --- */

/* Seats were reserved (deal.share.reserved): holds the money of each, or refuses. GG_DUPLICATE: of several, one was
 * answered before. */
enum gg_status pay_shares_reserve(struct gg_event *events, size_t n) GG_MUSTCHECK;
/* The share changes its size: brings the hold to what it can cost now, or refuses and leaves it. Answered once for each
 * number; one that comes after a later one is refused. */
enum gg_status pay_share_resize(struct gg_db *db, struct gg_arena *arena,
                                const struct deal_share_event *resized) GG_MUSTCHECK;
/* Ends a pending hold without taking anything; `act` says why. */
enum gg_status pay_share_void(struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                              enum pay_hold_act act) GG_MUSTCHECK;

/* --- a whole deal (steps_deal.c) --- */

/* The deal takes place: captures what each allotted share costs, voids every other pending hold. */
enum gg_status pay_deal_confirm(struct gg_db *db, struct gg_arena *arena,
                                const struct deal_outcome *outcome) GG_MUSTCHECK;
/* Bought for less: gives each share its refund. */
enum gg_status pay_deal_purchase(struct gg_db *db, struct gg_arena *arena,
                                 const struct deal_outcome *outcome) GG_MUSTCHECK;
/* Failed or cancelled: voids every pending hold, gives back everything captured. */
enum gg_status pay_deal_undo(struct gg_db *db, struct gg_arena *arena, struct gg_id deal) GG_MUSTCHECK;
/* The time in escrow is over and nobody said anything: what is left goes back. */
enum gg_status pay_deal_exit(struct gg_db *db, struct gg_arena *arena, struct gg_id deal) GG_MUSTCHECK;

/* --- one share after the purchase (steps_share.c); `event` makes the refund's id --- */

/* It costs less than was captured: gives the difference back. */
enum gg_status pay_share_adjust(struct gg_db *db, struct gg_arena *arena, struct gg_id event,
                                const struct deal_share_event *adjusted) GG_MUSTCHECK;
/* Goods changed hands: refund_won goes back, what is left goes to the host. */
enum gg_status pay_share_pay_out(struct gg_db *db, struct gg_arena *arena, struct gg_id event,
                                 const struct deal_share_event *handed_over) GG_MUSTCHECK;
/* A dispute begins: nothing of this share moves until it ends. And its end: refund_won goes back. */
enum gg_status pay_share_freeze(struct gg_db *db, struct gg_arena *arena,
                                const struct deal_dispute_event *opened) GG_MUSTCHECK;
enum gg_status pay_share_thaw(struct gg_db *db, struct gg_arena *arena,
                              const struct deal_dispute_event *resolved) GG_MUSTCHECK;

/* --- charges (steps_charge.c) --- */

/* The provider has the money: brings it into the wallet, once, whoever says so first. `charge` is read anew. */
enum gg_status pay_charge_finish(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct pay_charge_row *charge) GG_MUSTCHECK;
/* The provider will never have it. A charge that is already done stays done. */
enum gg_status pay_charge_fail(struct gg_db *db, struct gg_arena *arena, struct gg_id id) GG_MUSTCHECK;

/* Due kinds. */
#define PAY_DUE_HOLD_EXPIRE "pay.hold_expire"
/* What the provider tells of a charge that is done: its day is kept, and what it took back leaves the wallet, once
 * (steps_reverse.c). `held`: the wallet does not hold it any more, a person looks. */
enum gg_status pay_charge_follow(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 const struct pay_payment *payment, bool *held) GG_MUSTCHECK;

/* Does what the provider's answer means: finishes, fails, or opens a review; then follows what was taken back. `held`
 * as above. */
enum gg_status pay_charge_apply(struct gg_db *db, struct gg_arena *arena, const struct pay_order *order,
                                struct gg_id user, const struct pay_payment *payment, bool *held) GG_MUSTCHECK;

#define PAY_DUE_CHARGE_CHECK "pay.charge_check"
#define PAY_DUE_ESCROW_EXIT  "pay.escrow_exit"

#endif
