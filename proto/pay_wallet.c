/* proto/pay_wallet.c
 * The tables behind proto/pay_wallet.h. */
#include "proto/pay_wallet.h"

const char *const pay_currency_names[] = {"KRW", NULL};
const char *const pay_withdrawal_state_names[] = {"pending", "posted", "voided", "review", NULL};

/* --- events --- */

static const struct gg_field money_moved_fields[] = {
    GG_ID(struct pay_money_moved, transfer, GG_REQUIRED, "the move"),
    GG_ENUM(struct pay_money_moved, kind, GG_REQUIRED, pay_entry_kind_names, "what it is"),
    GG_ID(struct pay_money_moved, from, GG_OPTIONAL, "whose wallet paid"),
    GG_ID(struct pay_money_moved, to, GG_OPTIONAL, "whose wallet got it"),
    GG_TEXT(struct pay_money_moved, from_nickname, GG_OPTIONAL, 1, 60, "name of who paid"),
    GG_TEXT(struct pay_money_moved, to_nickname, GG_OPTIONAL, 1, 60, "name of who got it"),
    GG_WON(struct pay_money_moved, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "moved"),
    GG_TEXT(struct pay_money_moved, memo, GG_OPTIONAL, 1, PAY_MEMO_MAX, "a word with it"),
    GG_ID(struct pay_money_moved, deal, GG_OPTIONAL, "in which deal's context"),
    GG_ID(struct pay_money_moved, room, GG_OPTIONAL, "sent from which chat room"),
    GG_ID(struct pay_money_moved, request, GG_OPTIONAL, "answering which 1/N request"),
};
static const struct gg_msg money_moved_msg =
    GG_MSG("PayMoneyMoved", struct pay_money_moved, money_moved_fields, "A neighbour's own move is posted.");
const struct gg_event_type PAY_MONEY_MOVED = {"pay.money.moved.v1", PAY_TOPIC, &money_moved_msg,
                                              "a remittance, withdrawal, reversal or correction is posted"};

static const struct gg_field withdrawal_failed_fields[] = {
    GG_ID(struct pay_withdrawal_failed, withdrawal, GG_REQUIRED, "the withdrawal"),
    GG_ID(struct pay_withdrawal_failed, user, GG_REQUIRED, "whose wallet"),
    GG_WON(struct pay_withdrawal_failed, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "free again"),
    GG_TEXT(struct pay_withdrawal_failed, reason, GG_OPTIONAL, 1, 60, "the bank's code"),
};
static const struct gg_msg withdrawal_failed_msg =
    GG_MSG("PayWithdrawalFailed", struct pay_withdrawal_failed, withdrawal_failed_fields, "The bank refused.");
const struct gg_event_type PAY_WITHDRAWAL_FAILED = {"pay.withdrawal.failed.v1", PAY_TOPIC, &withdrawal_failed_msg,
                                                    "the bank refused a withdrawal: the money is free again"};

/* --- remittances --- */

static const struct gg_field dry_query_fields[] = {
    GG_BOOL(struct pay_dry_query, dry_run, GG_OPTIONAL, "decide and answer, move nothing"),
};
const struct gg_msg pay_dry_query_msg = GG_MSG("DryQuery", struct pay_dry_query, dry_query_fields, "Only decide?");

static const struct gg_field remit_create_fields[] = {
    GG_TEXT(struct pay_remit_create, to_nickname, GG_OPTIONAL, 1, 60, "to the neighbour of this name"),
    GG_ID(struct pay_remit_create, to_user, GG_OPTIONAL, "or to this contact"),
    GG_WON(struct pay_remit_create, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "to send"),
    GG_ENUM(struct pay_remit_create, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
    GG_TEXT(struct pay_remit_create, memo, GG_OPTIONAL, 1, PAY_MEMO_MAX, "a word with it; both see it"),
    GG_ID(struct pay_remit_create, deal, GG_OPTIONAL, "in which deal's context"),
    GG_ID(struct pay_remit_create, room, GG_OPTIONAL, "sent from which chat room"),
};
const struct gg_msg pay_remit_create_msg =
    GG_MSG("RemittanceCreate", struct pay_remit_create, remit_create_fields, "Sends a neighbour money.");

static const struct gg_field remittance_fields[] = {
    GG_ID(struct pay_remittance, id, GG_REQUIRED, "the transfer"),
    GG_ID(struct pay_remittance, to_user, GG_REQUIRED, "who got it"),
    GG_TEXT(struct pay_remittance, to_nickname, GG_OPTIONAL, 1, 60, "name of who got it"),
    GG_WON(struct pay_remittance, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "sent"),
    GG_TEXT(struct pay_remittance, memo, GG_OPTIONAL, 1, PAY_MEMO_MAX, "a word with it"),
    GG_WON(struct pay_remittance, available_won, GG_REQUIRED, 0, GG_WIRE_MAX, "left to the sender"),
    GG_TIME(struct pay_remittance, at, GG_REQUIRED, "when"),
    GG_BOOL(struct pay_remittance, dry_run, GG_OPTIONAL, "true: nothing has moved"),
};
const struct gg_msg pay_remittance_msg =
    GG_MSG("Remittance", struct pay_remittance, remittance_fields, "Money sent to a neighbour.");

static const struct gg_field recipient_query_fields[] = {
    GG_TEXT(struct pay_recipient_query, nickname, GG_REQUIRED, 1, 60, "the exact name"),
};
const struct gg_msg pay_recipient_query_msg =
    GG_MSG("RecipientQuery", struct pay_recipient_query, recipient_query_fields, "Who is meant.");

static const struct gg_field contact_fields[] = {
    GG_ID(struct pay_contact, user, GG_REQUIRED, "the neighbour"),
    GG_TEXT(struct pay_contact, nickname, GG_OPTIONAL, 1, 60, "name"),
    GG_ID(struct pay_contact, deal, GG_OPTIONAL, "the newest shared deal"),
    GG_TEXT(struct pay_contact, title, GG_OPTIONAL, 1, 120, "of that deal"),
};
const struct gg_msg pay_contact_msg = GG_MSG("Contact", struct pay_contact, contact_fields, "Somebody to send to.");
static const struct gg_field contact_list_fields[] = {
    GG_LIST(struct pay_contact_list, items, GG_REQUIRED, 0, 200, &pay_contact_msg, "nearest first"),
};
const struct gg_msg pay_contact_list_msg =
    GG_MSG("ContactList", struct pay_contact_list, contact_list_fields, "Whom one shares a deal with.");

/* --- limits --- */

static const struct gg_field limit_view_fields[] = {
    GG_WON(struct pay_limit_view, move_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of one move"),
    GG_WON(struct pay_limit_view, day_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of one day in Seoul"),
    GG_WON(struct pay_limit_view, spent_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of the day so far"),
    GG_WON(struct pay_limit_view, left_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of the day"),
    GG_WON(struct pay_limit_view, wallet_won, GG_REQUIRED, 0, GG_WIRE_MAX, "no charge brings a wallet above this"),
    GG_WON(struct pay_limit_view, charge_min_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of one charge, at least"),
    GG_WON(struct pay_limit_view, charge_max_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of one charge, at most"),
    GG_WON(struct pay_limit_view, withdraw_min_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of one withdrawal, at least"),
};
const struct gg_msg pay_limit_view_msg =
    GG_MSG("Limits", struct pay_limit_view, limit_view_fields, "What one may move.");

/* --- bank accounts and withdrawals --- */

static const char *const digits[] = {"0-9", NULL};
static const struct gg_field bank_account_create_fields[] = {
    GG_TEXT_OF(struct pay_bank_account_create, bank, GG_REQUIRED, 3, 3, digits, "code of the bank"),
    GG_TEXT_OF(struct pay_bank_account_create, number, GG_REQUIRED | GG_PRIVATE, 8, 20, digits, "digits only"),
    GG_TEXT(struct pay_bank_account_create, holder, GG_REQUIRED, 1, 40, "whose account it is"),
};
const struct gg_msg pay_bank_account_create_msg = GG_MSG("BankAccountCreate", struct pay_bank_account_create,
                                                         bank_account_create_fields, "Registers a bank account.");

static const struct gg_field bank_account_fields[] = {
    GG_ID(struct pay_bank_account, id, GG_REQUIRED, "the registration"),
    GG_TEXT(struct pay_bank_account, bank, GG_REQUIRED, 3, 3, "code of the bank"),
    GG_TEXT(struct pay_bank_account, bank_name, GG_OPTIONAL, 1, 40, "name of the bank"),
    GG_TEXT(struct pay_bank_account, number, GG_REQUIRED, 4, 40, "the last four digits visible"),
    GG_TEXT(struct pay_bank_account, holder, GG_REQUIRED, 1, 40, "the bank's name for its owner"),
    GG_TIME(struct pay_bank_account, added_at, GG_REQUIRED, "when"),
};
const struct gg_msg pay_bank_account_msg =
    GG_MSG("BankAccount", struct pay_bank_account, bank_account_fields, "Where withdrawals go.");
static const struct gg_field bank_account_list_fields[] = {
    GG_LIST(struct pay_bank_account_list, items, GG_REQUIRED, 0, PAY_BANK_ACCOUNTS_MAX, &pay_bank_account_msg,
            "oldest first"),
};
const struct gg_msg pay_bank_account_list_msg =
    GG_MSG("BankAccountList", struct pay_bank_account_list, bank_account_list_fields, "One's bank accounts.");

static const struct gg_field withdrawal_create_fields[] = {
    GG_ID(struct pay_withdrawal_create, bank_account, GG_REQUIRED, "where it goes"),
    GG_WON(struct pay_withdrawal_create, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "to pay out"),
    GG_ENUM(struct pay_withdrawal_create, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
};
const struct gg_msg pay_withdrawal_create_msg = GG_MSG("WithdrawalCreate", struct pay_withdrawal_create,
                                                       withdrawal_create_fields, "Pays out to one's own bank account.");

static const struct gg_field withdrawal_fields[] = {
    GG_ID(struct pay_withdrawal, id, GG_REQUIRED, "the withdrawal; the bank's reference of it"),
    GG_ENUM(struct pay_withdrawal, state, GG_REQUIRED, pay_withdrawal_state_names, "where it stands"),
    GG_WON(struct pay_withdrawal, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "paid out"),
    GG_ID(struct pay_withdrawal, bank_account, GG_REQUIRED, "where it goes"),
    GG_TEXT(struct pay_withdrawal, bank, GG_REQUIRED, 3, 3, "code of the bank"),
    GG_TEXT(struct pay_withdrawal, number, GG_REQUIRED, 4, 40, "the last four digits visible"),
    GG_TEXT(struct pay_withdrawal, reason, GG_OPTIONAL, 1, 60, "voided: the bank's code"),
    GG_TIME(struct pay_withdrawal, created_at, GG_REQUIRED, "when it was asked for"),
    GG_TIME(struct pay_withdrawal, ended_at, GG_OPTIONAL, "when it was decided"),
    GG_BOOL(struct pay_withdrawal, dry_run, GG_OPTIONAL, "true: nothing has moved"),
};
const struct gg_msg pay_withdrawal_msg =
    GG_MSG("Withdrawal", struct pay_withdrawal, withdrawal_fields, "Money on its way to a bank account.");
static const struct gg_field withdrawal_list_fields[] = {
    GG_LIST(struct pay_withdrawal_list, items, GG_REQUIRED, 0, 100, &pay_withdrawal_msg, "newest first"),
    GG_TEXT(struct pay_withdrawal_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_withdrawal_list_msg =
    GG_MSG("WithdrawalList", struct pay_withdrawal_list, withdrawal_list_fields, "One's withdrawals.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(PAY_INSUFFICIENT_FUNDS, "insufficient_funds", 422, false, "There is not enough in the wallet.",
        "지갑 잔액이 부족해요.");
PROBLEM(PAY_SELF_TRANSFER, "self_transfer", 422, false, "One cannot send money to oneself.",
        "자기 자신에게는 보낼 수 없어요.");
PROBLEM(PAY_RECIPIENT_UNKNOWN, "recipient_unknown", 422, false, "There is no such neighbour.", "그런 이웃이 없어요.");
PROBLEM(PAY_RECIPIENT_CLOSED, "recipient_closed", 422, false, "This neighbour's account is closed.",
        "탈퇴했거나 탈퇴 중인 이웃이에요.");
PROBLEM(PAY_COUNTERPART_BLOCKED, "counterpart_blocked", 403, false, "One of the two has blocked the other.",
        "차단한 이웃과는 돈을 주고받을 수 없어요.");
PROBLEM(PAY_WALLET_CLOSING, "wallet_closing", 409, false, "The account is being closed.", "탈퇴가 진행 중이에요.");
/* Retryable, so that the refusal is not the outcome of its Idempotency-Key: the same request with a proof may pass. */
PROBLEM(PAY_STEP_UP_REQUIRED, "step_up_required", 403, true,
        "This move needs a fresh proof bound to its payee and amount.", "결제 비밀번호 확인이 필요해요.");
PROBLEM(PAY_BANK_DOWN, "bank_down", 503, true, "The bank does not answer.",
        "은행이 응답하지 않아요. 잠시 뒤에 다시 시도해 주세요.");
PROBLEM(PAY_BANK_ACCOUNT_UNKNOWN, "bank_account_unknown", 422, false, "The bank does not know this account.",
        "은행에 없는 계좌예요.");
PROBLEM(PAY_HOLDER_MISMATCH, "holder_mismatch", 422, false, "The account belongs to somebody of another name.",
        "예금주 이름이 달라요.");
PROBLEM(PAY_BANK_ACCOUNTS_FULL, "bank_accounts_full", 409, false, "No more bank accounts can be registered.",
        "계좌를 더 등록할 수 없어요.");
