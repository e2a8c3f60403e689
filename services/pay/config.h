/* services/pay/config.h
 * The settings of the pay service. */
#ifndef PAY_CONFIG_H
#define PAY_CONFIG_H

#include "bank.h"
#include "move.h"
#include "provider.h"

struct pay_config {
    struct pay_provider_config provider;
    struct pay_bank_config bank;
    struct pay_limits limits;
    int64_t fee_rate;    /* ten-thousandths of a pay-out */
    int64_t escrow_days; /* until escrow goes back by itself */
    const char *font;    /* path of the TrueType font of statements */
};
extern struct pay_config pay_config;

#endif
