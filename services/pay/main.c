/* services/pay/main.c
 * Wiring of the pay service. */
#include "ledger.h"
#include "provider.h"
#include "rooms.h"

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct pay_provider_config, url, "PROVIDER_URL", NULL, "base address of the payment provider"),
    GG_SET_SECRET(struct pay_provider_config, secret, "PROVIDER_SECRET", NULL, "secret key at the payment provider"),
    GG_SET_SECRET(struct pay_provider_config, webhook_secret, "WEBHOOK_SECRET", NULL,
                  "key of the payment provider's webhook signatures"),
};

static const struct gg_event_type *const emits[] = {
    &PAY_HOLD_PLACED,    &PAY_HOLD_REFUSED,   &PAY_HOLD_CAPTURED, &PAY_HOLD_VOIDED,
    &PAY_SHARE_REFUNDED, &PAY_SHARE_PAID_OUT, &PAY_CHARGE_DONE,   NULL,
};

static const struct gg_fsm *const lifecycles[] = {&pay_hold_fsm, &pay_charge_fsm, NULL};

static bool start(void)
{
    pay_audit_start();
    return true;
}

int main(int argc, char **argv)
{
    const struct gg_service service = {
        .name = "pay",
        .title = "Wallets, charges, holds and escrow",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &pay_provider,
        .routes = pay_routes,
        .n_routes = pay_routes_n,
        .consumes = pay_consumes,
        .n_consumes = pay_consumes_n,
        .emits = emits,
        .due = pay_due_kinds,
        .n_due = pay_due_kinds_n,
        .problems = pay_problems,
        .lifecycles = lifecycles,
        .start = start,
    };

    return gg_service_main(&service, argc, argv);
}
