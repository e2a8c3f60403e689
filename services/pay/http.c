/* services/pay/http.c
 * The routes of the pay service. */
#include "config.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/due.h"
#include "libcommon/log.h"
#include "proto/pay_proof.h"
#include "proto/pay_wallet.h"
#include "provider.h"
#include "rooms.h"
#include "show.h"
#include "steps.h"
#include "store_move.h"
#include "store_people.h"

#include <string.h>

/* --- wallet --- */

/* The wallet of someone who has none yet is an empty one. */
static enum gg_status read_wallet(struct gg_call *call, struct pay_account *account)
{
    enum gg_status status = pay_account_read(call->db, call->arena, call->user.id, account);

    if (status != GG_NOT_FOUND)
        return status;
    *account = (struct pay_account){.id = call->user.id, .kind = PAY_ACCOUNT_WALLET};
    return GG_OK;
}

static enum gg_status get_wallet(struct gg_call *call)
{
    struct pay_wallet *out = call->out;
    struct pay_account account;

    GG_TRY(read_wallet(call, &account));
    *out = (struct pay_wallet){
        .posted_won = account.posted,
        .held_won = account.pending,
        .available_won = pay_available(&account),
        .version = account.version,
    };
    return GG_OK;
}

static enum gg_status get_entries(struct gg_call *call)
{
    const struct pay_entry_query *query = call->query;
    struct pay_entry_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t below = GG_NONE;
    struct pay_posting *postings;
    struct pay_entry *items;
    struct gg_id none;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &below, 1, &none))
        return GG_OK;
    GG_TRY(
        pay_postings_of(call->db, call->arena, call->user.id, query->deal, below, (int64_t)limit + 1, &postings, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &postings[n - 1].version, 1, GG_ID_ZERO);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_entry, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pay_entry){
            .id = postings[i].transfer,
            .kind = postings[i].kind,
            .amount_won = postings[i].amount,
            .balance_won = postings[i].balance,
            .version = postings[i].version,
            .deal = postings[i].deal,
            .share = postings[i].share,
            .at = postings[i].at,
            .hash = gg_hex(call->arena, postings[i].hash, GG_SHA256),
        };
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status get_holds(struct gg_call *call)
{
    const struct pay_page_query *query = call->query;
    struct pay_hold_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t before_at = GG_NONE;
    struct gg_id before = GG_ID_ZERO;
    struct pay_share *shares;
    struct pay_hold *items;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before_at, 1, &before))
        return GG_OK;
    GG_TRY(pay_holds_of(call->db, call->arena, call->user.id, before_at, before, (int64_t)limit + 1, &shares, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &shares[n - 1].placed_at, 1, shares[n - 1].share);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_hold, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pay_show_hold(&shares[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

/* --- charges --- */

static void show_charge(struct gg_call *call, const struct pay_charge_row *charge)
{
    struct pay_charge *out = call->out;

    *out = (struct pay_charge){
        .id = charge->id,
        .state = charge->state,
        .amount_won = charge->amount,
        .checkout_url = charge->state == PAY_CHARGE_CREATED ? charge->checkout_url : NULL,
        .created_at = charge->created_at,
    };
}

/* False, answered, when the wallet is stopped, or the charge would fill it above its limit. */
static bool fits(struct gg_call *call, int64_t amount, enum gg_status *status)
{
    struct pay_account account;

    *status = read_wallet(call, &account);
    if (*status != GG_OK)
        return false;
    if (account.stopped) {
        *status = gg_fail(call, &PAY_ACCOUNT_STOPPED, "The auditor has stopped this wallet; nothing moves.");
        return false;
    }
    if (account.posted <= PAY_WALLET_MAX - amount)
        return true;
    *status = gg_fail(call, &PAY_LIMIT_EXCEEDED, "A wallet takes charges up to %" PRId64 " won in it.", PAY_WALLET_MAX);
    gg_fail_param(call, "limit", PAY_WALLET_MAX);
    gg_fail_param(call, "posted", account.posted);
    return false;
}

static enum gg_status provider_down(struct gg_call *call)
{
    gg_header(call, "Retry-After", "5");
    return gg_fail(call, &PAY_PROVIDER_DOWN, "Nothing is lost: the same request may be sent again.");
}

/* The charge's id follows from the caller's key: whatever dies on the way, a retry asks the provider for the same
 * order. The provider is asked before anything is locked. */
static enum gg_status create_charge(struct gg_call *call)
{
    const struct pay_charge_create *in = call->in;
    struct pay_charge_row charge = {
        .user = call->user.id, .amount = in->amount_won, .state = PAY_CHARGE_CREATED, .created_at = gg_now()};
    char key[GG_ID_TEXT];
    struct pay_payment payment;
    struct pay_person person;
    enum gg_status status;

    GG_TRY(pay_person_read(call->db, call->arena, call->user.id, &person));
    if (person.party.closing || person.party.closed)
        return gg_fail(call, &PAY_WALLET_CLOSING, "Your account is being closed; nothing is brought in any more.");
    gg_id_format(call->idempotency_key, key);
    charge.id = gg_id_derive(call->user.id, gg_sprintf(call->arena, "pay.charge:%s", key));
    if (!fits(call, charge.amount, &status))
        return status;
    status = pay_provider_create(call->arena, charge.id, charge.amount, &payment);
    if (status == GG_UNAVAILABLE)
        return provider_down(call);
    GG_TRY(status);
    charge.payment_key = payment.key;
    charge.checkout_url = payment.checkout_url;
    GG_TRY(pay_account_make(call->db, call->user.id, PAY_ACCOUNT_WALLET, charge.created_at));
    GG_TRY(pay_charge_insert(call->db, &charge));
    GG_TRY(gg_due_set(call->db, PAY_DUE_CHARGE_CHECK, charge.id,
                      pay_charge_next_check(charge.created_at, charge.created_at)));
    show_charge(call, &charge);
    return GG_OK;
}

/* Reads the charge of the path. False, answered, when there is none of this caller. */
static bool own_charge(struct gg_call *call, struct pay_charge_row *charge, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = pay_charge_read(call->db, call->arena, id, charge);
    if (*status == GG_OK && gg_id_equal(charge->user, call->user.id))
        return true;
    if (*status == GG_OK || *status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "There is no such charge of yours.");
    return false;
}

static enum gg_status get_charge(struct gg_call *call)
{
    struct pay_charge_row charge;
    enum gg_status status;

    if (!own_charge(call, &charge, &status))
        return status;
    show_charge(call, &charge);
    return GG_OK;
}

/* The neighbour approved on the provider's page; now the money is taken. Without a clear answer the charge hangs, and
 * the same request, the webhook or the sweep finishes it. */
static enum gg_status confirm_at_provider(struct gg_call *call, struct pay_charge_row *charge)
{
    const struct pay_order order = {charge->id, charge->amount, charge->payment_key};
    struct pay_payment payment;
    bool held;
    enum gg_status status = pay_provider_confirm(call->arena, &order, &payment);

    if (status == GG_UNAVAILABLE)
        return provider_down(call);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &PAY_CHARGE_NOT_APPROVED, "The provider does not know this payment.");
    GG_TRY(status);
    switch (pay_charge_judge(&order, &payment)) {
    case PAY_VERDICT_FINISH:
        GG_TRY(pay_charge_finish(call->db, call->arena, charge->id, charge));
        GG_TRY(pay_charge_follow(call->db, call->arena, charge->id, &payment, &held));
        show_charge(call, charge);
        return GG_OK;
    case PAY_VERDICT_FAIL:
        return gg_fail(call, &PAY_CHARGE_CLOSED, "The payment ended at the provider without being paid.");
    case PAY_VERDICT_WAIT:
        return gg_fail(call, &PAY_CHARGE_NOT_APPROVED, "The payment waits to be approved on the provider's page.");
    default:
        gg_error("charge_review", "a confirmed payment is not the one that was asked for; nothing moves");
        return gg_fail(call, &PAY_CHARGE_NOT_APPROVED, "The provider tells of another payment.");
    }
}

static enum gg_status confirm_charge(struct gg_call *call)
{
    const struct pay_charge_confirm *in = call->in;
    struct pay_charge_row charge;
    enum gg_status status;

    if (!own_charge(call, &charge, &status))
        return status;
    if (in->amount_won != charge.amount) {
        status = gg_fail(call, &PAY_AMOUNT_MISMATCH, "This charge is one of %" PRId64 " won.", charge.amount);
        gg_fail_param(call, "amount_won", charge.amount);
        return status;
    }
    if (strcmp(in->payment_key, charge.payment_key) != 0)
        return gg_fail_field(call, "/payment_key", "unknown", "This payment does not belong to the charge.");
    if (charge.state == PAY_CHARGE_FAILED)
        return gg_fail(call, &PAY_CHARGE_CLOSED, "This charge has failed; start another.");
    if (charge.state == PAY_CHARGE_CREATED) {
        if (!fits(call, charge.amount, &status))
            return status;
        return confirm_at_provider(call, &charge);
    }
    show_charge(call, &charge);
    return GG_OK;
}

/* --- the provider's webhook --- */

static bool is_signed(struct gg_call *call)
{
    const char *signatures = gg_request_header(call, "tosspayments-webhook-signature");
    const char *time = gg_request_header(call, "tosspayments-webhook-transmission-time");

    return signatures && time &&
           pay_webhook_signed(call->arena, pay_config.provider.webhook_secret, call->body, time, signatures);
}

/* The order a webhook is about. Other kinds of webhook, and orders of others, are none of ours. */
static bool webhook_order(struct gg_call *call, struct gg_id *order, const char **payment_status)
{
    struct gg_field_errors errors = {.arena = call->arena};
    struct pay_webhook webhook;

    if (gg_json_decode(call->arena, &pay_webhook_msg, call->body, &webhook, &errors) != GG_DECODED)
        return false;
    *payment_status = webhook.data.status;
    return gg_id_parse((struct gg_str){webhook.data.orderId, strlen(webhook.data.orderId)}, order);
}

/* What a webhook is about, and what the provider says of it. */
struct settlement {
    struct pay_charge_row charge;
    struct pay_payment payment;
};

static enum gg_status settle(struct gg_call *call)
{
    const struct settlement *s = gg_call_kept(call);
    const struct pay_order order = {s->charge.id, s->charge.amount, s->charge.payment_key};
    bool held;

    return pay_charge_apply(call->db, call->arena, &order, s->charge.user, &s->payment, &held);
}

/* The body is only a hint: what counts is what the provider answers when asked. */
static enum gg_status settle_by_look_up(struct gg_call *call, struct settlement *s)
{
    enum gg_status status = pay_provider_look_up(call->arena, s->charge.id, &s->payment);

    if (status == GG_UNAVAILABLE)
        return provider_down(call);
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    gg_call_keep(call, s);
    return gg_call_tx(call, settle);
}

static void webhook_digest(struct gg_call *call, uint8_t digest[GG_SHA256])
{
    const char *text = gg_sprintf(call->arena, "%s %s", gg_request_header(call, "tosspayments-webhook-signature"),
                                  gg_request_header(call, "tosspayments-webhook-transmission-time"));

    gg_sha256((struct gg_str){text, strlen(text)}, digest);
}

static enum gg_status act_on_webhook(struct gg_call *call)
{
    struct settlement *s = GG_NEW(call->arena, struct settlement);
    const char *hint;
    struct gg_id order;
    enum gg_status status;

    if (!webhook_order(call, &order, &hint)) {
        gg_info("webhook_ignored", "a webhook of the payment provider that is about no charge");
        return GG_OK;
    }
    status = pay_charge_read(call->db, call->arena, order, &s->charge);
    if (status == GG_NOT_FOUND) {
        gg_warn("webhook_ignored", "a webhook of the payment provider about an unknown order");
        return GG_OK;
    }
    GG_TRY(status);
    if (s->charge.state == PAY_CHARGE_STATE_DONE && !strstr(hint, "CANCELED"))
        return GG_OK;
    return settle_by_look_up(call, s);
}

/* A webhook that was acted on and comes again, from whomever, makes us ask nobody. */
static enum gg_status provider_webhook(struct gg_call *call)
{
    uint8_t digest[GG_SHA256];
    bool seen;

    if (!is_signed(call))
        return gg_fail(call, &PAY_BAD_SIGNATURE, "The signature does not fit body and transmission time.");
    webhook_digest(call, digest);
    GG_TRY(pay_webhook_seen(call->db, call->arena, digest, &seen));
    if (seen)
        return GG_OK;
    GG_TRY(act_on_webhook(call));
    return gg_failed(call) ? GG_OK : pay_webhook_remember(call->db, digest, gg_now());
}

/* --- routes --- */

static const struct gg_problem *const create_problems[] = {&PAY_LIMIT_EXCEEDED, &PAY_WALLET_CLOSING,
                                                           &PAY_ACCOUNT_STOPPED, &PAY_PROVIDER_DOWN, NULL};
static const struct gg_problem *const confirm_problems[] = {&PAY_AMOUNT_MISMATCH,
                                                            &PAY_CHARGE_NOT_APPROVED,
                                                            &PAY_CHARGE_CLOSED,
                                                            &PAY_LIMIT_EXCEEDED,
                                                            &PAY_ACCOUNT_STOPPED,
                                                            &PAY_PROVIDER_DOWN,
                                                            NULL};
static const struct gg_problem *const webhook_problems[] = {&PAY_BAD_SIGNATURE, &PAY_PROVIDER_DOWN, NULL};

const struct gg_route pay_routes[] = {
    {.method = GG_GET,
     .path = "/v1/pay/wallet",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_wallet_msg,
     .status = 200,
     .handle = get_wallet,
     .summary = "One's own wallet."},
    {.method = GG_GET,
     .path = "/v1/pay/entries",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_entry_query_msg,
     .out = &pay_entry_list_msg,
     .status = 200,
     .handle = get_entries,
     .summary = "Every move of one's wallet, newest first."},
    {.method = GG_GET,
     .path = "/v1/pay/holds",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_page_query_msg,
     .out = &pay_hold_list_msg,
     .status = 200,
     .handle = get_holds,
     .summary = "One's holds and what became of them, newest first."},
    {.method = GG_POST,
     .path = "/v1/pay/charges",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_OUT,
     .in = &pay_charge_create_msg,
     .out = &pay_charge_msg,
     .status = 201,
     .rate = 60,
     .handle = create_charge,
     .summary = "Starts a charge; the neighbour pays on the provider's page.",
     .problems = create_problems},
    {.method = GG_GET,
     .path = "/v1/pay/charges/:id",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_charge_msg,
     .status = 200,
     .handle = get_charge,
     .summary = "Where a charge stands."},
    {.method = GG_POST,
     .path = "/v1/pay/charges/:id/confirm",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_OUT,
     .in = &pay_charge_confirm_msg,
     .out = &pay_charge_msg,
     .status = 200,
     .rate = 60,
     .handle = confirm_charge,
     .summary = "Takes what was approved on the provider's page and brings it into the wallet.",
     .problems = confirm_problems},
    {.method = GG_POST,
     .path = "/v1/pay/webhooks/provider",
     .auth = GG_PUBLIC,
     .flags = GG_RAW,
     .pool = GG_POOL_OUT,
     .status = 204,
     .max_body = 65536,
     .rate = 6000,
     .handle = provider_webhook,
     .summary = "The payment provider tells of a payment (signed).",
     .problems = webhook_problems},
};
const size_t pay_routes_n = GG_LEN(pay_routes);
