/* services/pay/provider.c
 * Talks to the payment provider. Its names are camelCase on the wire, so they are here. */
#include "provider.h"

#include "config.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_client.h"
#include "libcommon/json.h"
#include "libcommon/log.h"
#include "libcommon/service.h"

#include <string.h>

/* --- messages --- */

struct create_request {
    const char *orderId;
    int64_t amount;
    const char *orderName, *successUrl, *failUrl;
};
static const struct gg_field create_fields[] = {
    GG_TEXT(struct create_request, orderId, GG_REQUIRED, 6, 64, "the charge"),
    GG_WON(struct create_request, amount, GG_REQUIRED, 1, GG_WIRE_MAX, "to pay"),
    GG_TEXT(struct create_request, orderName, GG_REQUIRED, 1, 100, "what the page shows"),
    GG_TEXT(struct create_request, successUrl, GG_REQUIRED, 1, 500, "where the page leads when approved"),
    GG_TEXT(struct create_request, failUrl, GG_REQUIRED, 1, 500, "where it leads when not"),
};
static const struct gg_msg create_msg = GG_MSG("Create", struct create_request, create_fields, "Asks for a payment.");

struct confirm_request {
    const char *paymentKey, *orderId;
    int64_t amount;
};
static const struct gg_field confirm_fields[] = {
    GG_TEXT(struct confirm_request, paymentKey, GG_REQUIRED, 1, 200, "the payment"),
    GG_TEXT(struct confirm_request, orderId, GG_REQUIRED, 6, 64, "the charge"),
    GG_WON(struct confirm_request, amount, GG_REQUIRED, 1, GG_WIRE_MAX, "to take"),
};
static const struct gg_msg confirm_msg =
    GG_MSG("Confirm", struct confirm_request, confirm_fields, "Takes what was approved.");

struct checkout {
    const char *url;
};
static const struct gg_field checkout_fields[] = {
    GG_TEXT(struct checkout, url, GG_OPTIONAL, 1, 500, "the hosted page"),
};
static const struct gg_msg checkout_msg = GG_MSG("Checkout", struct checkout, checkout_fields, "Where one pays.");
struct payment_reply {
    const char *paymentKey, *orderId, *status, *currency;
    int64_t totalAmount, balanceAmount, approvedAt;
    struct checkout *checkout;
};
static const struct gg_field payment_fields[] = {
    GG_TEXT(struct payment_reply, paymentKey, GG_REQUIRED, 1, 200, "the payment"),
    GG_TEXT(struct payment_reply, orderId, GG_OPTIONAL, 1, 64, "the charge"),
    GG_TEXT(struct payment_reply, status, GG_OPTIONAL, 1, 40, "READY, IN_PROGRESS, DONE ..."),
    GG_WON(struct payment_reply, totalAmount, GG_OPTIONAL, 0, GG_WIRE_MAX, "amount"),
    GG_WON(struct payment_reply, balanceAmount, GG_OPTIONAL, 0, GG_WIRE_MAX, "not taken back"),
    GG_TEXT(struct payment_reply, currency, GG_OPTIONAL, 1, 10, "KRW"),
    GG_TIME(struct payment_reply, approvedAt, GG_OPTIONAL, "when it was paid"),
    GG_REF(struct payment_reply, checkout, GG_OPTIONAL, &checkout_msg, "where one pays"),
};
static const struct gg_msg payment_msg = GG_MSG("Payment", struct payment_reply, payment_fields, "A payment.");

struct refusal {
    const char *code;
};
static const struct gg_field refusal_fields[] = {
    GG_TEXT(struct refusal, code, GG_OPTIONAL, 0, 100, "why"),
};
static const struct gg_msg refusal_msg = GG_MSG("Refusal", struct refusal, refusal_fields, "Why not.");

/* --- exchanges --- */

static int state_of(const char *status)
{
    static const struct {
        const char *name;
        int state;
    } states[] = {
        {"READY", PAY_PAYMENT_OPEN},    {"IN_PROGRESS", PAY_PAYMENT_OPEN}, {"WAITING_FOR_DEPOSIT", PAY_PAYMENT_OPEN},
        {"DONE", PAY_PAYMENT_DONE},     {"CANCELED", PAY_PAYMENT_ENDED},   {"ABORTED", PAY_PAYMENT_ENDED},
        {"EXPIRED", PAY_PAYMENT_ENDED},
    };

    for (size_t i = 0; status && i < GG_LEN(states); i++)
        if (strcmp(status, states[i].name) == 0)
            return states[i].state;
    return PAY_PAYMENT_ODD;
}

/* What was paid and taken back again was paid: only the amount that is left differs. */
static void follow_cancels(struct gg_arena *arena, const struct payment_reply *reply, struct pay_payment *payment)
{
    bool whole = reply->status && strcmp(reply->status, "CANCELED") == 0;
    bool part = reply->status && strcmp(reply->status, "PARTIAL_CANCELED") == 0;
    char date[PAY_DATE_TEXT];

    if (reply->approvedAt == GG_NONE)
        return;
    pay_date_format(pay_day(reply->approvedAt), date);
    payment->date = gg_strdup(arena, date);
    if (!whole && !part)
        return;
    payment->state = PAY_PAYMENT_DONE;
    if (reply->totalAmount != GG_NONE)
        payment->cancelled = reply->totalAmount - (reply->balanceAmount == GG_NONE ? 0 : reply->balanceAmount);
}

static void show_payment(struct gg_arena *arena, const struct payment_reply *reply, struct pay_payment *payment)
{
    *payment = (struct pay_payment){
        .key = reply->paymentKey,
        .state = state_of(reply->status),
        .amount = reply->totalAmount,
        .checkout_url = reply->checkout ? reply->checkout->url : NULL,
    };
    follow_cancels(arena, reply, payment);
    if (reply->currency && strcmp(reply->currency, "KRW") != 0)
        payment->state = PAY_PAYMENT_ODD; /* so many of something else is another amount */
    if (reply->orderId && !gg_id_parse((struct gg_str){reply->orderId, strlen(reply->orderId)}, &payment->order))
        payment->order = GG_ID_ZERO;
}

static enum gg_status read_payment(struct gg_arena *arena, struct gg_str body, struct pay_payment *payment)
{
    struct gg_field_errors errors = {.arena = arena};
    struct payment_reply reply;

    if (gg_json_decode(arena, &payment_msg, body, &reply, &errors) != GG_DECODED) {
        gg_error("provider_answer", "the payment provider's answer is not a payment: %s %s", errors.v[0].pointer,
                 errors.v[0].detail);
        return GG_UNAVAILABLE;
    }
    show_payment(arena, &reply, payment);
    return GG_OK;
}

static void log_refusal(struct gg_arena *arena, const char *what, const struct gg_http_response *response)
{
    struct gg_field_errors errors = {.arena = arena};
    struct refusal refusal = {0};

    if (gg_json_decode(arena, &refusal_msg, response->body, &refusal, &errors) != GG_DECODED || !refusal.code)
        refusal.code = "no code";
    gg_warn("provider_refused", "the payment provider refused to %s: %d %s", what, response->status, refusal.code);
}

static enum gg_status exchange(struct gg_arena *arena, const char *method, const char *path, const struct gg_msg *msg,
                               const void *in, const char *key, struct gg_http_response *response)
{
    const char *headers[3] = {"Content-Type: application/json", NULL, NULL};
    struct gg_http_request request = {
        .method = method,
        .url = gg_sprintf(arena, "%s%s", pay_config.provider.url, path),
        .headers = headers,
        .basic_user = pay_config.provider.secret,
        .basic_password = "",
        .timeout_ms = 5000,
        .max_reply = GG_JSON_TEXT_MAX,
    };
    struct gg_buf body = {0};
    enum gg_status status;

    gg_buf_init(&body, 4096);
    if (msg)
        gg_json_encode(&body, msg, in);
    if (key)
        headers[1] = gg_sprintf(arena, "Idempotency-Key: %s", key);
    request.body = gg_buf_str(&body);
    status = gg_http_exchange(arena, &request, response);
    gg_buf_free(&body);
    return status;
}

enum gg_status pay_provider_create(struct gg_arena *arena, struct gg_id order, int64_t amount,
                                   struct pay_payment *payment)
{
    char id[GG_ID_TEXT];
    struct create_request request = {.orderId = id, .amount = amount, .orderName = "공구 지갑 충전"};
    struct gg_http_response response;

    gg_id_format(order, id);
    request.successUrl = gg_sprintf(arena, "%s/wallet/charged?charge=%s", gg_public_url(), id);
    request.failUrl = gg_sprintf(arena, "%s/wallet/failed?charge=%s", gg_public_url(), id);
    GG_TRY(exchange(arena, "POST", "/v1/payments", &create_msg, &request, id, &response));
    if (response.status / 100 != 2) {
        log_refusal(arena, "create a payment", &response);
        return GG_UNAVAILABLE;
    }
    GG_TRY(read_payment(arena, response.body, payment));
    if (!payment->checkout_url) {
        gg_error("provider_answer", "the payment provider gave no page to pay on");
        return GG_UNAVAILABLE;
    }
    return GG_OK;
}

enum gg_status pay_provider_confirm(struct gg_arena *arena, const struct pay_order *order, struct pay_payment *payment)
{
    char id[GG_ID_TEXT];
    struct confirm_request request = {.paymentKey = order->payment_key, .orderId = id, .amount = order->amount};
    struct gg_http_response response;

    gg_id_format(order->id, id);
    GG_TRY(exchange(arena, "POST", "/v1/payments/confirm", &confirm_msg, &request, id, &response));
    if (response.status / 100 == 2)
        return read_payment(arena, response.body, payment);
    log_refusal(arena, "confirm a payment", &response);
    if (response.status / 100 != 4)
        return GG_UNAVAILABLE;
    /* Already confirmed, not approved, expired ...: the payment itself knows. */
    return pay_provider_look_up(arena, order->id, payment);
}

enum gg_status pay_provider_look_up(struct gg_arena *arena, struct gg_id order, struct pay_payment *payment)
{
    char id[GG_ID_TEXT];
    struct gg_http_response response;

    gg_id_format(order, id);
    GG_TRY(exchange(arena, "GET", gg_sprintf(arena, "/v1/payments/orders/%s", id), NULL, NULL, NULL, &response));
    if (response.status == 404)
        return GG_NOT_FOUND;
    if (response.status / 100 != 2) {
        log_refusal(arena, "look up a payment", &response);
        return GG_UNAVAILABLE;
    }
    return read_payment(arena, response.body, payment);
}

struct payment_day {
    struct gg_list payments;
    int64_t next;
};
static const struct gg_field payment_day_fields[] = {
    GG_LIST(struct payment_day, payments, GG_REQUIRED, 0, 500, &payment_msg, "paid or taken back that day"),
    GG_INT(struct payment_day, next, GG_OPTIONAL, 0, GG_WIRE_MAX, "where the next page begins"),
};
static const struct gg_msg payment_day_msg =
    GG_MSG("PaymentDay", struct payment_day, payment_day_fields, "A page of the payments of a day.");

/* Pages that are read at most: a day of 200,000 payments. */
#define PAGES 1000

enum gg_status pay_provider_day(struct gg_arena *arena, const char *date, struct pay_payment **payments, size_t *n)
{
    size_t room = 256;
    int64_t after = 0;

    *n = 0;
    *payments = GG_NEW_ARRAY(arena, struct pay_payment, room);
    for (int page = 0; page < PAGES && after != GG_NONE; page++) {
        struct gg_field_errors errors = {.arena = arena};
        struct gg_http_response response;
        struct payment_day day;
        const struct payment_reply *read;

        GG_TRY(exchange(arena, "GET", gg_sprintf(arena, "/v1/transactions?date=%s&after=%" PRId64, date, after), NULL,
                        NULL, NULL, &response));
        if (response.status / 100 != 2 ||
            gg_json_decode(arena, &payment_day_msg, response.body, &day, &errors) != GG_DECODED) {
            gg_error("provider_answer", "the payment provider's list of %s is of no use (%d)", date, response.status);
            return GG_UNAVAILABLE;
        }
        read = day.payments.items;
        if (*n + day.payments.n > room) {
            struct pay_payment *more = GG_NEW_ARRAY(arena, struct pay_payment, 2 * room + day.payments.n);

            memcpy(more, *payments, *n * sizeof(*more));
            *payments = more;
            room = 2 * room + day.payments.n;
        }
        for (size_t i = 0; i < day.payments.n; i++)
            show_payment(arena, &read[i], &(*payments)[(*n)++]);
        after = day.next;
    }
    return GG_OK;
}

/* --- webhooks --- */

bool pay_webhook_signed(struct gg_arena *arena, const char *secret, struct gg_str body, const char *time,
                        const char *signatures)
{
    char *signed_text = gg_alloc(arena, body.n + 1 + strlen(time) + 1);
    uint8_t mac[GG_SHA256];
    const char *expected;
    size_t n;

    if (strncmp(signatures, "v1:", 3) != 0)
        return false;
    memcpy(signed_text, body.p, body.n);
    signed_text[body.n] = ':';
    memcpy(signed_text + body.n + 1, time, strlen(time));
    gg_hmac_sha256((struct gg_str){secret, strlen(secret)}, (struct gg_str){signed_text, body.n + 1 + strlen(time)},
                   mac);
    expected = gg_base64(arena, mac, sizeof(mac));
    n = strlen(expected);
    for (const char *one = signatures + 3; one; one = strchr(one, ',')) {
        if (*one == ',')
            one++;
        if (strcspn(one, ",") == n && gg_secret_equal(one, expected, n))
            return true;
    }
    return false;
}
