/* proto/pay.c
 * The tables behind proto/pay.h. */
#include "proto/pay.h"

#include "proto/pay_wallet.h"

#include "proto/auth_trust.h"
#include "proto/pay_admin.h"
#include "proto/pay_proof.h"

const char *const pay_refusal_names[] = {"insufficient_funds", "account_stopped", NULL};
const char *const pay_charge_state_names[] = {"created", "done", "failed", NULL};
const char *const pay_entry_kind_names[] = {"charge",   "capture",  "refund",     "payout", "remit",
                                            "withdraw", "reversal", "correction", "fee",    NULL};
const char *const pay_hold_state_names[] = {"pending", "captured", "voided", "refused", "expired", NULL};

/* --- events --- */

static const struct gg_field share_event_fields[] = {
    GG_ID(struct pay_share_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct pay_share_event, share, GG_REQUIRED, "the share; also the id of its hold"),
    GG_ID(struct pay_share_event, user, GG_REQUIRED, "whose money; paid_out: the host"),
    GG_WON(struct pay_share_event, amount_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of this step"),
    GG_WON(struct pay_share_event, restored_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "captured: free again"),
    GG_WON(struct pay_share_event, fee_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "paid_out: kept by the house"),
    GG_ENUM(struct pay_share_event, reason, GG_OPTIONAL, pay_refusal_names, "refused: why"),
    GG_INT(struct pay_share_event, resize, GG_OPTIONAL, 0, GG_WIRE_MAX, "resized: number of the try"),
};
static const struct gg_msg share_event_msg =
    GG_MSG("PayShareEvent", struct pay_share_event, share_event_fields, "A step of one share's money.");

#define EVENT(constant, type, msg, doc) const struct gg_event_type constant = {type, PAY_TOPIC, msg, doc}
EVENT(PAY_HOLD_PLACED, "pay.hold.placed.v1", &share_event_msg, "the money is held");
EVENT(PAY_HOLD_REFUSED, "pay.hold.refused.v1", &share_event_msg, "the money is not there");
EVENT(PAY_HOLD_RESIZED, "pay.hold.resized.v1", &share_event_msg, "the hold is amount_won from now on");
EVENT(PAY_HOLD_RESIZE_REFUSED, "pay.hold.resize_refused.v1", &share_event_msg,
      "the hold stays; amount_won is not there");
EVENT(PAY_HOLD_CAPTURED, "pay.hold.captured.v1", &share_event_msg, "the amount is in escrow, the rest is free again");
EVENT(PAY_HOLD_VOIDED, "pay.hold.voided.v1", &share_event_msg, "the hold is gone, nothing was taken");
EVENT(PAY_CLOSING_ANSWERED, "pay.closing.answered.v1", &auth_closing_answer_msg, "what a leaving user has in flight");
EVENT(PAY_USER_PURGED, "pay.user.purged.v1", &auth_purge_receipt_msg, "nothing personal is left here");
EVENT(PAY_SHARE_REFUNDED, "pay.share.refunded.v1", &share_event_msg, "escrow gave this back");
EVENT(PAY_SHARE_PAID_OUT, "pay.share.paid_out.v1", &share_event_msg, "escrow paid the host");

static const struct gg_field charge_event_fields[] = {
    GG_ID(struct pay_charge_event, charge, GG_REQUIRED, "the charge"),
    GG_ID(struct pay_charge_event, user, GG_REQUIRED, "whose wallet"),
    GG_WON(struct pay_charge_event, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "came in"),
};
static const struct gg_msg charge_event_msg =
    GG_MSG("PayChargeEvent", struct pay_charge_event, charge_event_fields, "A wallet was charged.");
EVENT(PAY_CHARGE_DONE, "pay.charge.done.v1", &charge_event_msg, "a wallet was charged");

/* --- HTTP --- */

static const struct gg_field wallet_fields[] = {
    GG_WON(struct pay_wallet, posted_won, GG_REQUIRED, 0, GG_WIRE_MAX, "all that is in it"),
    GG_WON(struct pay_wallet, held_won, GG_REQUIRED, 0, GG_WIRE_MAX, "held for deals"),
    GG_WON(struct pay_wallet, available_won, GG_REQUIRED, 0, GG_WIRE_MAX, "posted less held"),
    GG_INT(struct pay_wallet, version, GG_REQUIRED, 0, GG_WIRE_MAX, "entries so far"),
};
const struct gg_msg pay_wallet_msg = GG_MSG("Wallet", struct pay_wallet, wallet_fields, "One's own wallet.");

static const struct gg_field charge_create_fields[] = {
    GG_WON(struct pay_charge_create, amount_won, GG_REQUIRED, PAY_CHARGE_MIN, PAY_CHARGE_MAX, "to bring in"),
    GG_ENUM(struct pay_charge_create, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
};
const struct gg_msg pay_charge_create_msg =
    GG_MSG("ChargeCreate", struct pay_charge_create, charge_create_fields, "Starts a charge.");

static const struct gg_field charge_fields[] = {
    GG_ID(struct pay_charge, id, GG_REQUIRED, "the charge; the provider's orderId"),
    GG_ENUM(struct pay_charge, state, GG_REQUIRED, pay_charge_state_names, "where it stands"),
    GG_WON(struct pay_charge, amount_won, GG_REQUIRED, PAY_CHARGE_MIN, PAY_CHARGE_MAX, "to bring in"),
    GG_TEXT(struct pay_charge, checkout_url, GG_OPTIONAL, 1, 500, "the provider's page"),
    GG_TIME(struct pay_charge, created_at, GG_REQUIRED, "when"),
};
const struct gg_msg pay_charge_msg = GG_MSG("Charge", struct pay_charge, charge_fields, "A charge of the wallet.");

static const struct gg_field charge_confirm_fields[] = {
    GG_TEXT(struct pay_charge_confirm, payment_key, GG_REQUIRED, 1, 200, "paymentKey of the return address"),
    GG_WON(struct pay_charge_confirm, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "amount of the return address"),
    GG_ENUM(struct pay_charge_confirm, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
};
const struct gg_msg pay_charge_confirm_msg =
    GG_MSG("ChargeConfirm", struct pay_charge_confirm, charge_confirm_fields, "The neighbour is back from the page.");

static const struct gg_field webhook_data_fields[] = {
    GG_TEXT(struct pay_webhook_data, paymentKey, GG_REQUIRED, 1, 200, "the provider's payment"),
    GG_TEXT(struct pay_webhook_data, orderId, GG_REQUIRED, 1, 64, "the charge"),
    GG_TEXT(struct pay_webhook_data, status, GG_REQUIRED, 1, 40, "READY, IN_PROGRESS, DONE, CANCELED ..."),
    GG_WON(struct pay_webhook_data, totalAmount, GG_REQUIRED, 0, GG_WIRE_MAX, "amount"),
};
static const struct gg_msg webhook_data_msg =
    GG_MSG("WebhookData", struct pay_webhook_data, webhook_data_fields, "The payment.");
static const struct gg_field webhook_fields[] = {
    GG_TEXT(struct pay_webhook, eventType, GG_REQUIRED, 1, 60, "PAYMENT_STATUS_CHANGED"),
    GG_OBJECT(struct pay_webhook, data, &webhook_data_msg, "the payment"),
};
const struct gg_msg pay_webhook_msg =
    GG_MSG("ProviderWebhook", struct pay_webhook, webhook_fields, "The provider tells of a payment.");

static const struct gg_field entry_fields[] = {
    GG_ID(struct pay_entry, id, GG_REQUIRED, "the transfer"),
    GG_ENUM(struct pay_entry, kind, GG_REQUIRED, pay_entry_kind_names, "why"),
    GG_WON(struct pay_entry, amount_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "+ came in, - went out"),
    GG_WON(struct pay_entry, balance_won, GG_REQUIRED, 0, GG_WIRE_MAX, "posted, after this"),
    GG_INT(struct pay_entry, version, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ... in this wallet"),
    GG_ID(struct pay_entry, deal, GG_OPTIONAL, "for which deal"),
    GG_ID(struct pay_entry, share, GG_OPTIONAL, "for which share"),
    GG_TIME(struct pay_entry, at, GG_REQUIRED, "when"),
    GG_TEXT(struct pay_entry, hash, GG_REQUIRED, 64, 64, "SHA-256 chain of the wallet"),
};
const struct gg_msg pay_entry_msg = GG_MSG("Entry", struct pay_entry, entry_fields, "One line of the history.");

static const struct gg_field entry_list_fields[] = {
    GG_LIST(struct pay_entry_list, items, GG_REQUIRED, 0, 100, &pay_entry_msg, "newest first"),
    GG_TEXT(struct pay_entry_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_entry_list_msg = GG_MSG("EntryList", struct pay_entry_list, entry_list_fields, "History.");
static const struct gg_field entry_query_fields[] = {
    GG_PAGE_FIELDS(struct pay_entry_query),
    GG_ID(struct pay_entry_query, deal, GG_OPTIONAL, "only this deal"),
};
const struct gg_msg pay_entry_query_msg =
    GG_MSG("EntryQuery", struct pay_entry_query, entry_query_fields, "Which lines.");

static const struct gg_field hold_fields[] = {
    GG_ID(struct pay_hold, share, GG_REQUIRED, "the share; also the hold"),
    GG_ID(struct pay_hold, deal, GG_REQUIRED, "the deal"),
    GG_ENUM(struct pay_hold, state, GG_REQUIRED, pay_hold_state_names, "where it stands"),
    GG_WON(struct pay_hold, amount_won, GG_REQUIRED, 0, GG_WIRE_MAX, "the most it can cost"),
    GG_WON(struct pay_hold, captured_won, GG_REQUIRED, 0, GG_WIRE_MAX, "taken into escrow"),
    GG_WON(struct pay_hold, refunded_won, GG_REQUIRED, 0, GG_WIRE_MAX, "given back from escrow"),
    GG_WON(struct pay_hold, paid_out_won, GG_REQUIRED, 0, GG_WIRE_MAX, "paid to the host"),
    GG_TIME(struct pay_hold, placed_at, GG_REQUIRED, "when"),
    GG_TIME(struct pay_hold, expires_at, GG_REQUIRED, "its own deadline"),
};
const struct gg_msg pay_hold_msg = GG_MSG("Hold", struct pay_hold, hold_fields, "Money held for a share.");
static const struct gg_field hold_list_fields[] = {
    GG_LIST(struct pay_hold_list, items, GG_REQUIRED, 0, 100, &pay_hold_msg, "newest first"),
    GG_TEXT(struct pay_hold_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_hold_list_msg = GG_MSG("HoldList", struct pay_hold_list, hold_list_fields, "One's holds.");
static const struct gg_field page_query_fields[] = {GG_PAGE_FIELDS(struct pay_page_query)};
const struct gg_msg pay_page_query_msg = GG_MSG("PageQuery", struct pay_page_query, page_query_fields, "Which page.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(PAY_AMOUNT_MISMATCH, "amount_mismatch", 422, false, "The amount is not the one of the charge.",
        "결제 금액이 충전 금액과 달라요.");
PROBLEM(PAY_CHARGE_NOT_APPROVED, "charge_not_approved", 409, false, "The provider has not approved this payment.",
        "승인되지 않은 결제예요.");
PROBLEM(PAY_CHARGE_CLOSED, "charge_closed", 409, false, "This charge has ended.", "이미 끝난 충전이에요.");
PROBLEM(PAY_PROVIDER_DOWN, "provider_down", 503, true, "The payment provider does not answer.",
        "결제사가 응답하지 않아요. 잠시 뒤에 다시 시도해 주세요.");
PROBLEM(PAY_BAD_SIGNATURE, "bad_signature", 401, false, "The webhook is not signed by the provider.",
        "서명이 올바르지 않아요.");
PROBLEM(PAY_LIMIT_EXCEEDED, "limit_exceeded", 422, false, "That is above a limit.", "한도를 넘어요.");
const struct gg_problem *const pay_problems[] = {&PAY_AMOUNT_MISMATCH,
                                                 &PAY_CHARGE_NOT_APPROVED,
                                                 &PAY_CHARGE_CLOSED,
                                                 &PAY_PROVIDER_DOWN,
                                                 &PAY_BAD_SIGNATURE,
                                                 &PAY_LIMIT_EXCEEDED,
                                                 &PAY_INSUFFICIENT_FUNDS,
                                                 &PAY_SELF_TRANSFER,
                                                 &PAY_RECIPIENT_UNKNOWN,
                                                 &PAY_RECIPIENT_CLOSED,
                                                 &PAY_COUNTERPART_BLOCKED,
                                                 &PAY_WALLET_CLOSING,
                                                 &PAY_STEP_UP_REQUIRED,
                                                 &PAY_BANK_DOWN,
                                                 &PAY_BANK_ACCOUNT_UNKNOWN,
                                                 &PAY_HOLDER_MISMATCH,
                                                 &PAY_BANK_ACCOUNTS_FULL,
                                                 &PAY_REQUEST_ENDED,
                                                 &PAY_REQUEST_OVERPAID,
                                                 &PAY_ROUNDS_FULL,
                                                 &PAY_REMIND_TOO_SOON,
                                                 &PAY_NOT_SEALED,
                                                 &PAY_ACCOUNT_STOPPED,
                                                 &PAY_STATEMENT_TOO_LONG,
                                                 &PAY_SECOND_APPROVER,
                                                 &PAY_ALREADY_DECIDED,
                                                 &PAY_NOT_PROPOSED,
                                                 &PAY_WRONG_DECISION,
                                                 NULL};
