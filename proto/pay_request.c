/* proto/pay_request.c
 * The tables behind proto/pay_request.h. */
#include "proto/pay_request.h"

#include "proto/pay_wallet.h"

const char *const pay_split_names[] = {"equal", "custom", NULL};
const char *const pay_request_state_names[] = {"open", "done", "cancelled", NULL};
const char *const pay_part_state_names[] = {"open", "paid", "declined", "cancelled", NULL};
const char *const pay_role_names[] = {"sent", "received", NULL};

/* --- events --- */

static const struct gg_field person_fields[] = {
    GG_ID(struct pay_request_person, user, GG_REQUIRED, "who is asked"),
    GG_WON(struct pay_request_person, amount_won, GG_REQUIRED, 0, GG_WIRE_MAX, "still open"),
};
static const struct gg_msg person_msg =
    GG_MSG("PayRequestPerson", struct pay_request_person, person_fields, "Somebody who is asked.");
static const struct gg_field event_fields[] = {
    GG_ID(struct pay_request_event, request, GG_REQUIRED, "the request"),
    GG_ID(struct pay_request_event, creator, GG_REQUIRED, "who asks"),
    GG_TEXT(struct pay_request_event, creator_nickname, GG_OPTIONAL, 1, 60, "name of who asks"),
    GG_TEXT(struct pay_request_event, title, GG_REQUIRED, 1, 60, "what for"),
    GG_ID(struct pay_request_event, deal, GG_OPTIONAL, "in which deal's context"),
    GG_ID(struct pay_request_event, room, GG_OPTIONAL, "from which chat room"),
    GG_ID(struct pay_request_event, user, GG_OPTIONAL, "paid, declined: who"),
    GG_TEXT(struct pay_request_event, nickname, GG_OPTIONAL, 1, 60, "name of that one"),
    GG_WON(struct pay_request_event, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "paid: this much"),
    GG_TEXT(struct pay_request_event, reason, GG_OPTIONAL, 1, 100, "declined: why"),
    GG_LIST(struct pay_request_event, people, GG_OPTIONAL, 0, PAY_ROUNDS_MAX *PAY_PARTS_MAX, &person_msg,
            "opened, reminded, cancelled: whom it concerns"),
};
static const struct gg_msg event_msg =
    GG_MSG("PayRequestEvent", struct pay_request_event, event_fields, "A step of a 1/N request.");
#define EVENT(constant, type, doc) const struct gg_event_type constant = {type, PAY_TOPIC, &event_msg, doc}
EVENT(PAY_REQUEST_OPENED, "pay.request.opened.v1", "people are asked for their parts, also by another round");
EVENT(PAY_REQUEST_REMINDED, "pay.request.reminded.v1", "who has not paid is reminded");
EVENT(PAY_REQUEST_PAID, "pay.request.paid.v1", "somebody paid a part");
EVENT(PAY_REQUEST_DECLINED, "pay.request.declined.v1", "somebody will not pay");
EVENT(PAY_REQUEST_CANCELLED_EVENT, "pay.request.cancelled.v1", "the creator called it off");
EVENT(PAY_REQUEST_DONE_EVENT, "pay.request.done.v1", "nothing of it is open any more");

/* --- HTTP --- */

static const struct gg_field part_create_fields[] = {
    GG_ID(struct pay_part_create, user, GG_OPTIONAL, "who; or"),
    GG_TEXT(struct pay_part_create, nickname, GG_OPTIONAL, 1, 60, "the neighbour of this name"),
    GG_WON(struct pay_part_create, amount_won, GG_OPTIONAL, 1, GG_WIRE_MAX, "custom: this much"),
};
static const struct gg_msg part_create_msg =
    GG_MSG("PartCreate", struct pay_part_create, part_create_fields, "Somebody to ask.");
static const struct gg_field round_create_fields[] = {
    GG_TEXT(struct pay_round_create, title, GG_OPTIONAL, 1, 60, "of this round: '2차 카페'"),
    GG_WON(struct pay_round_create, total_won, GG_REQUIRED, 1, INT64_C(100000000), "the whole bill"),
    GG_ENUM(struct pay_round_create, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
    GG_ENUM(struct pay_round_create, split, GG_REQUIRED, pay_split_names, "how it is split"),
    GG_BOOL(struct pay_round_create, include_me, GG_OPTIONAL, "the creator bears a part, and the odd won"),
    GG_TEXT(struct pay_round_create, receipt, GG_OPTIONAL, 1, 300, "name of an uploaded photo, or an https link"),
    GG_LIST(struct pay_round_create, people, GG_REQUIRED, 1, PAY_PARTS_MAX, &part_create_msg, "who is asked"),
};
const struct gg_msg pay_round_create_msg =
    GG_MSG("RoundCreate", struct pay_round_create, round_create_fields, "One bill and its people.");
static const struct gg_field reminder_at_fields[] = {
    GG_TIME(struct pay_reminder_at, at, GG_REQUIRED, "when"),
};
static const struct gg_msg reminder_at_msg =
    GG_MSG("ReminderAt", struct pay_reminder_at, reminder_at_fields, "When to remind.");
static const struct gg_field request_create_fields[] = {
    GG_TEXT(struct pay_request_create, title, GG_REQUIRED, 1, 60, "what for"),
    GG_TEXT(struct pay_request_create, memo, GG_OPTIONAL, 1, PAY_MEMO_MAX, "a word with it"),
    GG_ID(struct pay_request_create, deal, GG_OPTIONAL, "in which deal's context"),
    GG_ID(struct pay_request_create, room, GG_OPTIONAL, "from which chat room"),
    GG_LIST(struct pay_request_create, rounds, GG_REQUIRED, 1, PAY_ROUNDS_MAX, &pay_round_create_msg, "the bills"),
    GG_LIST(struct pay_request_create, reminders, GG_OPTIONAL, 0, PAY_REMINDERS_MAX, &reminder_at_msg,
            "when to remind who has not paid"),
};
const struct gg_msg pay_request_create_msg =
    GG_MSG("RequestCreate", struct pay_request_create, request_create_fields, "Asks neighbours for their parts.");
static const struct gg_field request_pay_fields[] = {
    GG_WON(struct pay_request_pay, amount_won, GG_REQUIRED, 1, GG_WIRE_MAX, "all of one's own that is open, or less"),
    GG_ENUM(struct pay_request_pay, currency, GG_OPTIONAL, pay_currency_names, "the only one there is"),
};
const struct gg_msg pay_request_pay_msg =
    GG_MSG("RequestPay", struct pay_request_pay, request_pay_fields, "Pays one's part.");
static const struct gg_field request_decline_fields[] = {
    GG_TEXT(struct pay_request_decline, reason, GG_OPTIONAL, 1, 100, "why"),
};
const struct gg_msg pay_request_decline_msg =
    GG_MSG("RequestDecline", struct pay_request_decline, request_decline_fields, "Will not pay.");
static const struct gg_field reminders_fields[] = {
    GG_LIST(struct pay_reminders, reminders, GG_REQUIRED, 0, PAY_REMINDERS_MAX, &reminder_at_msg, "when"),
};
const struct gg_msg pay_reminders_msg =
    GG_MSG("Reminders", struct pay_reminders, reminders_fields, "When to remind, from now on.");

static const struct gg_field part_fields[] = {
    GG_ID(struct pay_part, user, GG_REQUIRED, "who"),
    GG_TEXT(struct pay_part, nickname, GG_OPTIONAL, 1, 60, "name"),
    GG_WON(struct pay_part, amount_won, GG_REQUIRED, 0, GG_WIRE_MAX, "asked"),
    GG_WON(struct pay_part, paid_won, GG_REQUIRED, 0, GG_WIRE_MAX, "paid so far"),
    GG_ENUM(struct pay_part, state, GG_REQUIRED, pay_part_state_names, "where it stands"),
};
static const struct gg_msg part_msg = GG_MSG("Part", struct pay_part, part_fields, "One line of the status board.");
static const struct gg_field round_fields[] = {
    GG_INT(struct pay_round, round, GG_REQUIRED, 1, PAY_ROUNDS_MAX, "1, 2 ..."),
    GG_TEXT(struct pay_round, title, GG_OPTIONAL, 1, 60, "of this round"),
    GG_WON(struct pay_round, total_won, GG_REQUIRED, 1, GG_WIRE_MAX, "the whole bill"),
    GG_ENUM(struct pay_round, split, GG_REQUIRED, pay_split_names, "how it was split"),
    GG_WON(struct pay_round, own_won, GG_REQUIRED, 0, GG_WIRE_MAX, "the creator's own part"),
    GG_TEXT(struct pay_round, receipt, GG_OPTIONAL, 1, 300, "photo or link"),
    GG_LIST(struct pay_round, people, GG_REQUIRED, 0, PAY_PARTS_MAX, &part_msg, "the status board"),
};
static const struct gg_msg round_msg = GG_MSG("Round", struct pay_round, round_fields, "One bill of a request.");
static const struct gg_field reminder_fields[] = {
    GG_TIME(struct pay_reminder, at, GG_REQUIRED, "when"),
    GG_BOOL(struct pay_reminder, sent, GG_REQUIRED, "over"),
};
static const struct gg_msg reminder_msg = GG_MSG("Reminder", struct pay_reminder, reminder_fields, "A reminder.");
static const struct gg_field request_fields[] = {
    GG_ID(struct pay_request, id, GG_REQUIRED, "the request"),
    GG_ID(struct pay_request, creator, GG_REQUIRED, "who asks"),
    GG_TEXT(struct pay_request, creator_nickname, GG_OPTIONAL, 1, 60, "name of who asks"),
    GG_TEXT(struct pay_request, title, GG_REQUIRED, 1, 60, "what for"),
    GG_TEXT(struct pay_request, memo, GG_OPTIONAL, 1, PAY_MEMO_MAX, "a word with it"),
    GG_ID(struct pay_request, deal, GG_OPTIONAL, "in which deal's context"),
    GG_ID(struct pay_request, room, GG_OPTIONAL, "from which chat room"),
    GG_ENUM(struct pay_request, state, GG_REQUIRED, pay_request_state_names, "where it stands"),
    GG_WON(struct pay_request, asked_won, GG_REQUIRED, 0, GG_WIRE_MAX, "of everybody who did not decline"),
    GG_WON(struct pay_request, paid_won, GG_REQUIRED, 0, GG_WIRE_MAX, "by everybody"),
    GG_WON(struct pay_request, mine_open_won, GG_REQUIRED, 0, GG_WIRE_MAX, "the caller still owes this"),
    GG_TIME(struct pay_request, created_at, GG_REQUIRED, "when"),
    GG_LIST(struct pay_request, rounds, GG_OPTIONAL, 0, PAY_ROUNDS_MAX, &round_msg, "the bills; not in lists"),
    GG_LIST(struct pay_request, reminders, GG_OPTIONAL, 0, 100, &reminder_msg, "creator only; not in lists"),
};
const struct gg_msg pay_request_msg = GG_MSG("Request", struct pay_request, request_fields, "A 1/N request.");
static const struct gg_field request_list_fields[] = {
    GG_LIST(struct pay_request_list, items, GG_REQUIRED, 0, 100, &pay_request_msg, "newest first"),
    GG_TEXT(struct pay_request_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_request_list_msg =
    GG_MSG("RequestList", struct pay_request_list, request_list_fields, "1/N requests.");
static const struct gg_field request_query_fields[] = {
    GG_PAGE_FIELDS(struct pay_request_query),
    GG_ENUM(struct pay_request_query, role, GG_REQUIRED, pay_role_names, "as creator or as who is asked"),
};
const struct gg_msg pay_request_query_msg =
    GG_MSG("RequestQuery", struct pay_request_query, request_query_fields, "Which requests.");

/* --- problems --- */

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(PAY_REQUEST_ENDED, "request_ended", 409, false, "Nothing of this request is open.", "이미 끝난 정산이에요.");
PROBLEM(PAY_REQUEST_OVERPAID, "request_overpaid", 422, false, "That is more than is open.", "남은 금액보다 많아요.");
PROBLEM(PAY_ROUNDS_FULL, "rounds_full", 409, false, "A request has at most five rounds.",
        "정산은 5차까지 만들 수 있어요.");
PROBLEM(PAY_REMIND_TOO_SOON, "remind_too_soon", 409, false, "They were reminded within the last hour.",
        "조금 전에 알렸어요. 한 시간 뒤에 다시 알릴 수 있어요.");
