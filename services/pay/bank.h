/* services/pay/bank.h
 * The bank that pays out to neighbours' accounts: whose account is it, transfer, where does it stand, statement.
 * Blocks: OUT pool only. */
#ifndef PAY_BANK_H
#define PAY_BANK_H

#include "libcommon/id.h"
#include "libcommon/mem.h"

struct pay_bank_config {
    const char *url;    /* base address, without a slash at the end */
    const char *secret; /* bearer key */
};

#endif
