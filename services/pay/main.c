/* services/pay/main.c
 * Wiring of the pay service. */
#include "config.h"
#include "ledger.h"
#include "proto/pay_request.h"
#include "rooms.h"
#include "steps_withdraw.h"

static const struct gg_setting settings[] = {
    GG_SET_TEXT(struct pay_config, provider.url, "PROVIDER_URL", NULL, "base address of the payment provider"),
    GG_SET_SECRET(struct pay_config, provider.secret, "PROVIDER_SECRET", NULL, "secret key at the payment provider"),
    GG_SET_SECRET(struct pay_config, provider.webhook_secret, "WEBHOOK_SECRET", NULL,
                  "key of the payment provider's webhook signatures"),
    GG_SET_TEXT(struct pay_config, bank.url, "BANK_URL", NULL, "base address of the bank that pays out"),
    GG_SET_SECRET(struct pay_config, bank.secret, "BANK_SECRET", NULL, "key at the bank"),
    GG_SET_INT(struct pay_config, limits.move, "LIMIT_MOVE", "2000000", 1, GG_WIRE_MAX,
               "won one remittance or withdrawal may move"),
    GG_SET_INT(struct pay_config, limits.day, "LIMIT_DAY", "5000000", 1, GG_WIRE_MAX,
               "won a neighbour may remit and withdraw in one day (Seoul)"),
    GG_SET_INT(struct pay_config, limits.withdraw_min, "WITHDRAW_MIN", "1000", 1, GG_WIRE_MAX,
               "won a withdrawal moves at least"),
    GG_SET_INT(struct pay_config, fee_rate, "FEE_RATE", "0", 0, 1000, "ten-thousandths of a pay-out the house keeps"),
    GG_SET_INT(struct pay_config, escrow_days, "ESCROW_DAYS", "45", 1, 59,
               "days after which money still in escrow goes back by itself"),
    GG_SET_TEXT(struct pay_config, font, "STATEMENT_FONT", "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
                "TrueType font of statements; must know Korean"),
};

static const struct gg_event_type *const emits[] = {
    &PAY_HOLD_PLACED,        &PAY_HOLD_REFUSED,     &PAY_HOLD_CAPTURED,       &PAY_HOLD_VOIDED,
    &PAY_SHARE_REFUNDED,     &PAY_SHARE_PAID_OUT,   &PAY_CHARGE_DONE,         &PAY_REQUEST_OPENED,
    &PAY_REQUEST_REMINDED,   &PAY_REQUEST_PAID,     &PAY_REQUEST_DECLINED,    &PAY_REQUEST_CANCELLED_EVENT,
    &PAY_REQUEST_DONE_EVENT, &PAY_CLOSING_ANSWERED, &PAY_USER_PURGED,         &PAY_MONEY_MOVED,
    &PAY_WITHDRAWAL_FAILED,  &PAY_HOLD_RESIZED,     &PAY_HOLD_RESIZE_REFUSED, NULL,
};

static const struct gg_fsm *const lifecycles[] = {&pay_hold_fsm, &pay_charge_fsm, &pay_withdrawal_fsm, NULL};

static bool start(void)
{
    pay_audit_start();
    return true;
}

int main(int argc, char **argv)
{
    struct gg_service service = {
        .name = "pay",
        .title = "Wallets, charges, holds and escrow",
        .settings = settings,
        .n_settings = GG_LEN(settings),
        .config = &pay_config,
        .emits = emits,
        .problems = pay_problems,
        .lifecycles = lifecycles,
        .commands = pay_commands,
        .n_commands = pay_commands_n,
        .start = start,
    };

    pay_assemble(&service);
    return gg_service_main(&service, argc, argv);
}
