/* services/pay/request.c
 * The arithmetic of 1/N requests. */
#include "request.h"

#include "move.h"

static enum pay_plan_result plan_equal(const struct pay_round_create *round, size_t turn, int64_t *parts, int64_t *own)
{
    const struct pay_part_create *people = round->people.items;
    size_t n = round->people.n;
    int64_t all[PAY_PARTS_MAX + 1];

    for (size_t i = 0; i < n; i++)
        if (people[i].amount_won != GG_NONE)
            return PAY_PLAN_GIVEN;
    if (round->include_me) { /* the creator stands last, and bears the first odd won of turn 0 */
        pay_split(round->total_won, n + 1, (n + turn) % (n + 1), all);
        *own = all[n];
    } else {
        pay_split(round->total_won, n, turn % n, all);
        *own = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (all[i] == 0)
            return PAY_PLAN_TOO_SMALL;
        parts[i] = all[i];
    }
    return PAY_PLAN_OK;
}

enum pay_plan_result pay_request_plan(const struct pay_round_create *round, size_t turn, int64_t *parts, int64_t *own)
{
    const struct pay_part_create *people = round->people.items;
    int64_t left = round->total_won;

    if (round->split == PAY_SPLIT_EQUAL)
        return plan_equal(round, turn, parts, own);
    for (size_t i = 0; i < round->people.n; i++) {
        if (people[i].amount_won == GG_NONE)
            return PAY_PLAN_MISSING;
        if (people[i].amount_won > left)
            return PAY_PLAN_SUM;
        parts[i] = people[i].amount_won;
        left -= parts[i];
    }
    *own = left;
    return left == 0 || round->include_me ? PAY_PLAN_OK : PAY_PLAN_SUM;
}

int64_t pay_parts_open(const struct pay_open_part *parts, size_t n)
{
    int64_t open = 0;

    for (size_t i = 0; i < n; i++)
        if (parts[i].state == PAY_PART_OPEN)
            open += parts[i].amount - parts[i].paid;
    return open;
}

void pay_parts_pay(struct pay_open_part *parts, size_t n, int64_t amount)
{
    for (size_t i = 0; i < n && amount > 0; i++) {
        int64_t open = parts[i].amount - parts[i].paid, now = open < amount ? open : amount;

        if (parts[i].state != PAY_PART_OPEN)
            continue;
        parts[i].paid += now;
        amount -= now;
        if (parts[i].paid == parts[i].amount)
            parts[i].state = PAY_PART_PAID;
    }
}
