/* services/pay/charge.c
 * Decisions about charges. */
#include "charge.h"

#include "libcommon/clock.h"

#include <string.h>

enum pay_verdict pay_charge_judge(const struct pay_order *order, const struct pay_payment *payment)
{
    if (!gg_id_equal(payment->order, order->id) || payment->amount != order->amount ||
        strcmp(payment->key, order->payment_key) != 0)
        return PAY_VERDICT_REVIEW;
    switch (payment->state) {
    case PAY_PAYMENT_OPEN:
        return PAY_VERDICT_WAIT;
    case PAY_PAYMENT_DONE:
        return payment->cancelled == order->amount ? PAY_VERDICT_FAIL : PAY_VERDICT_FINISH;
    case PAY_PAYMENT_ENDED:
        return PAY_VERDICT_FAIL;
    default:
        return PAY_VERDICT_REVIEW;
    }
}

int64_t pay_charge_next_check(int64_t created_at, int64_t now)
{
    static const int64_t after[] = {2 * GG_MINUTE, 10 * GG_MINUTE, GG_HOUR, 6 * GG_HOUR, GG_DAY};

    for (size_t i = 0; i < GG_LEN(after); i++)
        if (created_at + after[i] > now)
            return created_at + after[i];
    return GG_NONE;
}
