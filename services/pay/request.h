/* services/pay/request.h
 * The arithmetic of 1/N requests. Pure. */
#ifndef PAY_REQUEST_ROOM_H
#define PAY_REQUEST_ROOM_H

#include "proto/pay_request.h"

enum pay_plan_result {
    PAY_PLAN_OK,
    PAY_PLAN_TOO_SMALL, /* somebody's equal part would be nothing */
    PAY_PLAN_MISSING,   /* custom: somebody without an amount */
    PAY_PLAN_GIVEN,     /* equal: somebody with an amount */
    PAY_PLAN_SUM        /* custom: the parts are not the total (above it, when the creator bears the rest) */
};
/* Splits a bill to the won: `parts` gets one amount for each of round->people, `own` the creator's. Equal: no two
 * parts differ by more than one won, and `turn` says who bears the odd ones (0: the creator first, when he takes part).
 */
enum pay_plan_result pay_request_plan(const struct pay_round_create *round, size_t turn, int64_t *parts,
                                      int64_t *own) GG_MUSTCHECK;

/* One person's parts of a request, in the order of the rounds. */
struct pay_open_part {
    int64_t round, amount, paid;
    int state; /* enum pay_part_state */
};
int64_t pay_parts_open(const struct pay_open_part *parts, size_t n);
/* Pays `amount` (<= what is open) over the open parts, oldest round first. */
void pay_parts_pay(struct pay_open_part *parts, size_t n, int64_t amount);

#endif
