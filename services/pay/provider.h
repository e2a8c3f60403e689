/* services/pay/provider.h
 * The payment provider (Toss form): create, confirm, look up, webhook signatures. Blocks: OUT pool only. */
#ifndef PAY_PROVIDER_H
#define PAY_PROVIDER_H

#include "charge.h"
#include "libcommon/mem.h"

struct pay_provider_config {
    const char *url;            /* base address, without a slash at the end */
    const char *secret;         /* secret key: user of HTTP Basic */
    const char *webhook_secret; /* key of the webhook signature */
};

/* Each answers GG_UNAVAILABLE (logged) when the provider gives no usable answer. Texts live in the arena. */

/* Asks for a payment of `amount` under the order id; the same order id gives the same payment again. payment->key and
 * payment->checkout_url are set. */
enum gg_status pay_provider_create(struct gg_arena *arena, struct gg_id order, int64_t amount,
                                   struct pay_payment *payment) GG_MUSTCHECK;
/* Takes the money the neighbour approved; a refusal shows as the payment's state. Safe to repeat. */
enum gg_status pay_provider_confirm(struct gg_arena *arena, const struct pay_order *order,
                                    struct pay_payment *payment) GG_MUSTCHECK;
/* Where the payment of this order stands. GG_NOT_FOUND: the provider does not know it. */
enum gg_status pay_provider_look_up(struct gg_arena *arena, struct gg_id order,
                                    struct pay_payment *payment) GG_MUSTCHECK;

/* Every payment that was paid, or taken back, on a day of Seoul ("2026-11-21"). */
enum gg_status pay_provider_day(struct gg_arena *arena, const char *date, struct pay_payment **payments,
                                size_t *n) GG_MUSTCHECK;

/* True when one of the signatures ("v1:" base64, more after commas) is the HMAC-SHA-256 of body ":" time. Freshness is
 * not judged: a webhook is only a hint to look the payment up, and one that was acted on is remembered. */
bool pay_webhook_signed(struct gg_arena *arena, const char *secret, struct gg_str body, const char *time,
                        const char *signatures) GG_MUSTCHECK;

#endif
