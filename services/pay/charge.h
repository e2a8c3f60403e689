/* services/pay/charge.h
 * What an answer of the payment provider means for a charge, and when to ask again. Pure. */
#ifndef PAY_CHARGE_H
#define PAY_CHARGE_H

#include "libcommon/id.h"

enum pay_payment_state {
    PAY_PAYMENT_OPEN, /* not paid yet, or paid and not confirmed */
    PAY_PAYMENT_DONE,
    PAY_PAYMENT_ENDED, /* cancelled, refused or expired: never paid */
    PAY_PAYMENT_ODD    /* a state we do not know */
};

/* A payment as the provider tells of it. */
struct pay_payment {
    const char *key;
    struct gg_id order;       /* zero: not told, or not one of ours */
    int state;                /* enum pay_payment_state */
    int64_t amount;           /* GG_NONE: not told */
    const char *checkout_url; /* NULL: not told */
    int64_t cancelled;        /* of what was paid: taken back since */
    const char *date;         /* day of the payment in Seoul, "2026-11-21"; NULL: not told */
};

/* What we asked the provider for. */
struct pay_order {
    struct gg_id id;
    int64_t amount;
    const char *payment_key;
};

enum pay_verdict {
    PAY_VERDICT_WAIT,
    PAY_VERDICT_FINISH,
    PAY_VERDICT_FAIL,
    PAY_VERDICT_REVIEW /* it is not the payment we asked for: nothing moves, a person looks */
};
enum pay_verdict pay_charge_judge(const struct pay_order *order, const struct pay_payment *payment);

/* When to ask about a charge that hangs: 2 min, 10 min, 1 h, 6 h, 24 h after it was made. GG_NONE: it has had its time.
 */
int64_t pay_charge_next_check(int64_t created_at, int64_t now);

#endif
