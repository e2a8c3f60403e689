/* services/pay/prove.c
 * Step-up: the caller's proof of exactly this move, checked here and used up in the transaction of the move. */
#include "libcommon/clock.h"
#include "libcommon/step_up.h"
#include "proto/pay_wallet.h"
#include "wallet.h"

#include <string.h>

bool pay_dry(struct gg_call *call)
{
    const struct pay_dry_query *query = call->query;

    if (query->dry_run)
        gg_dry_run(call);
    return query->dry_run;
}

bool pay_prove(struct gg_call *call, const char *purpose, struct gg_id payee, int64_t amount, enum gg_status *status)
{
    const char *header = gg_request_header(call, GG_STEP_UP_HEADER), *reason;
    char id[GG_ID_TEXT];
    struct gg_act act = {.purpose = purpose, .payee = id, .amount_won = amount};
    struct gg_proof proof;

    if (pay_dry(call)) { /* what moves nothing needs no proof, and spends none */
        *status = GG_OK;
        return true;
    }
    gg_id_format(payee, id);
    if (!header) {
        *status = gg_fail(call, &PAY_STEP_UP_REQUIRED, "Ask auth for a proof: purpose %s, payee %s, %" PRId64 " won.",
                          purpose, id, amount);
        return false;
    }
    reason = gg_step_up_check((struct gg_str){header, strlen(header)}, &call->user, &act, &proof);
    if (reason) {
        *status = gg_fail(call, &PAY_STEP_UP_REQUIRED, "The proof does not count: %s.", reason);
        return false;
    }
    *status = pay_proof_use(call->db, proof.id, call->user.id, gg_now());
    if (*status == GG_DUPLICATE)
        *status = gg_fail(call, &PAY_STEP_UP_REQUIRED, "The proof does not count: it was used before.");
    return *status == GG_OK && !gg_failed(call);
}
