/* proto/push.c
 * The tables behind proto/push.h. */
#include "proto/push.h"

#include "proto/auth_trust.h"

static const char *const base64url_set[] = {"0-9A-Za-z_-", NULL};
const char *const push_kind_names[] = {"joined",
                                       "left",
                                       "refused",
                                       "confirmed",
                                       "failed",
                                       "cancelled",
                                       "purchased",
                                       "arrived",
                                       "handed_over",
                                       "paid_out",
                                       "charged",
                                       "new_device",
                                       "nearly_full",
                                       "full",
                                       "terms",
                                       "released",
                                       "closing_day",
                                       "closing_hour",
                                       "pickup_today",
                                       "pickup_soon",
                                       "code",
                                       "no_show",
                                       "adjusted",
                                       "dispute_opened",
                                       "dispute_answered",
                                       "dispute_resolved",
                                       "money",
                                       "withdrawal_failed",
                                       "request",
                                       "request_again",
                                       "request_paid",
                                       "request_declined",
                                       "review",
                                       "wait_offered",
                                       "wait_lapsed",
                                       "keyword",
                                       "comment",
                                       "reply",
                                       "chat",
                                       "mention",
                                       "suspended",
                                       "unsuspended",
                                       "closing_account",
                                       "digest",
                                       "consent_changed",
                                       "consent_check",
                                       "promotion",
                                       "wait_ended",
                                       "token_reused",
                                       "recovery",
                                       "password",
                                       NULL};
const char *const push_class_names[] = {"transactional", "service", "ad", NULL};
const char *const push_lang_names[] = {"ko", "en", NULL};
const char *const push_fate_names[] = {"sent", "off", "muted", "digest", "no_device", "no_consent", NULL};
const char *const push_end_names[] = {"sent", "shown", "read", "stale", "expired", "quiet", "muted", "unwanted", NULL};
const char *const push_channel_names[] = {"web", "sms", NULL};
const char *const push_result_names[] = {"accepted", "deferred", "gone", "rejected", "no_budget", NULL};
const char *const push_ack_names[] = {"shown", "clicked", NULL};

static const struct gg_field inbox_changed_fields[] = {
    GG_ID(struct push_inbox_changed, user, GG_REQUIRED, "whose inbox"),
    GG_INT(struct push_inbox_changed, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "unread notices now"),
};
static const struct gg_msg inbox_changed_msg =
    GG_MSG("PushInboxChanged", struct push_inbox_changed, inbox_changed_fields, "An inbox has changed.");
const struct gg_event_type PUSH_INBOX_CHANGED = {"push.inbox.changed.v1", PUSH_TOPIC, &inbox_changed_msg,
                                                 "an inbox has changed"};

const struct gg_event_type PUSH_USER_PURGED = {"push.user.purged.v1", PUSH_TOPIC, &auth_purge_receipt_msg,
                                               "nothing personal is left here"};

static const struct gg_field notice_fields[] = {
    GG_ID(struct push_notice, id, GG_REQUIRED, "the notice"),
    GG_ENUM(struct push_notice, kind, GG_REQUIRED, push_kind_names, "what it is about"),
    GG_TEXT(struct push_notice, title, GG_REQUIRED, 1, 100, "headline"),
    GG_TEXT(struct push_notice, body, GG_REQUIRED, 1, 600, "one or two sentences"),
    GG_TEXT(struct push_notice, link, GG_REQUIRED, 1, 200, "where it leads, a path of the client"),
    GG_ID(struct push_notice, deal, GG_OPTIONAL, "which deal"),
    GG_WON(struct push_notice, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "money it tells of"),
    GG_TIME(struct push_notice, until, GG_OPTIONAL, "the instant it speaks of"),
    GG_BOOL(struct push_notice, read, GG_OPTIONAL, "was read"),
    GG_BOOL(struct push_notice, archived, GG_OPTIONAL, "was put away"),
    GG_TIME(struct push_notice, snoozed_until, GG_OPTIONAL, "comes back then, unread"),
    GG_TIME(struct push_notice, at, GG_REQUIRED, "when"),
};
const struct gg_msg push_notice_msg = GG_MSG("Notice", struct push_notice, notice_fields, "One line of the inbox.");

static const struct gg_field notice_query_fields[] = {
    GG_PAGE_FIELDS(struct push_notice_query),
    GG_BOOL(struct push_notice_query, unread, GG_OPTIONAL, "only unread ones"),
    GG_BOOL(struct push_notice_query, archived, GG_OPTIONAL, "those put away instead of the others"),
    GG_ENUM(struct push_notice_query, lang, GG_OPTIONAL, push_lang_names, "default ko"),
};
const struct gg_msg push_notice_query_msg =
    GG_MSG("NoticeQuery", struct push_notice_query, notice_query_fields, "Which notices.");
static const struct gg_field notice_list_fields[] = {
    GG_LIST(struct push_notice_list, items, GG_REQUIRED, 0, 100, &push_notice_msg, "newest first"),
    GG_TEXT(struct push_notice_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
    GG_INT(struct push_notice_list, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "unread in all"),
};
const struct gg_msg push_notice_list_msg =
    GG_MSG("NoticeList", struct push_notice_list, notice_list_fields, "The inbox.");

static const struct gg_field read_all_fields[] = {
    GG_ID(struct push_read_all, up_to, GG_REQUIRED, "newest notice that was seen"),
};
const struct gg_msg push_read_all_msg = GG_MSG("ReadAll", struct push_read_all, read_all_fields, "All of it is read.");

static const struct gg_field snooze_fields[] = {
    GG_TIME(struct push_snooze, until, GG_REQUIRED, "three minutes to 90 days ahead"),
};
const struct gg_msg push_snooze_msg = GG_MSG("Snooze", struct push_snooze, snooze_fields, "Later, please.");

static const struct gg_field attempt_fields[] = {
    GG_ENUM(struct push_attempt, channel, GG_REQUIRED, push_channel_names, "which way"),
    GG_ENUM(struct push_attempt, result, GG_REQUIRED, push_result_names, "what the push service or gateway said"),
    GG_ID(struct push_attempt, device, GG_OPTIONAL, "to which device"),
    GG_INT(struct push_attempt, status, GG_OPTIONAL, 0, 999, "HTTP status of its answer"),
    GG_INT(struct push_attempt, tries, GG_REQUIRED, 1, 100000, "how often it was asked"),
    GG_TIME(struct push_attempt, at, GG_REQUIRED, "when it was asked last"),
    GG_TIME(struct push_attempt, shown_at, GG_OPTIONAL, "when the device has shown it"),
    GG_TIME(struct push_attempt, clicked_at, GG_OPTIONAL, "when somebody clicked it"),
};
static const struct gg_msg attempt_msg = GG_MSG("Attempt", struct push_attempt, attempt_fields, "One try.");
static const struct gg_field trace_fields[] = {
    GG_ID(struct push_trace, id, GG_REQUIRED, "the notice"),
    GG_ENUM(struct push_trace, kind, GG_REQUIRED, push_kind_names, "what it is about"),
    GG_ENUM(struct push_trace, fate, GG_REQUIRED, push_fate_names, "what was decided for its channels"),
    GG_ENUM(struct push_trace, end, GG_OPTIONAL, push_end_names, "how its way ended; absent: under way, or none"),
    GG_TIME(struct push_trace, at, GG_REQUIRED, "when it happened"),
    GG_TIME(struct push_trace, read_at, GG_OPTIONAL, "when it was read"),
    GG_TIME(struct push_trace, next_at, GG_OPTIONAL, "when it is looked at next"),
    GG_TIME(struct push_trace, give_up_at, GG_OPTIONAL, "until when it is of use"),
    GG_TIME(struct push_trace, digest_at, GG_OPTIONAL, "the digest it waits for"),
    GG_TIME(struct push_trace, ended_at, GG_OPTIONAL, "when its way ended"),
    GG_LIST(struct push_trace, attempts, GG_REQUIRED, 0, 100, &attempt_msg, "first one first"),
};
const struct gg_msg push_trace_msg = GG_MSG("Trace", struct push_trace, trace_fields, "The life of a notice.");
static const struct gg_field ack_fields[] = {
    GG_TEXT_OF(struct push_ack, token, GG_REQUIRED, 20, 60, base64url_set, "`ack` of the payload"),
    GG_ENUM(struct push_ack, what, GG_REQUIRED, push_ack_names, "what the device did"),
};
const struct gg_msg push_ack_msg = GG_MSG("Ack", struct push_ack, ack_fields, "What a device did with a notice.");

static const struct gg_field action_fields[] = {
    GG_TEXT(struct push_action, action, GG_REQUIRED, 1, 40, "name"),
    GG_TEXT(struct push_action, title, GG_REQUIRED, 1, 40, "on the button"),
    GG_TEXT(struct push_action, link, GG_REQUIRED, 1, 200, "a path of the client"),
};
static const struct gg_msg action_msg = GG_MSG("Action", struct push_action, action_fields, "A button.");
static const struct gg_field payload_fields[] = {
    GG_ID(struct push_payload, id, GG_REQUIRED, "the notice"),
    GG_ENUM(struct push_payload, kind, GG_REQUIRED, push_kind_names, "what it is about"),
    GG_TEXT(struct push_payload, title, GG_REQUIRED, 1, 150, "headline"),
    GG_TEXT(struct push_payload, body, GG_REQUIRED, 1, 600, "one or two sentences"),
    GG_TEXT(struct push_payload, link, GG_REQUIRED, 1, 200, "where a click leads"),
    GG_TEXT(struct push_payload, lang, GG_REQUIRED, 2, 2, "of its words"),
    GG_TEXT(struct push_payload, tag, GG_REQUIRED, 1, 40, "a repeat takes the place of the first"),
    GG_TEXT(struct push_payload, ack, GG_REQUIRED, 20, 60, "for POST /v1/push/acks"),
    GG_LIST(struct push_payload, actions, GG_REQUIRED, 0, 2, &action_msg, "buttons"),
    GG_TIME(struct push_payload, at, GG_REQUIRED, "when it happened"),
};
const struct gg_msg push_payload_msg =
    GG_MSG("Payload", struct push_payload, payload_fields, "What the service worker decrypts, and always shows.");

static const struct gg_field device_keys_fields[] = {
    GG_TEXT_OF(struct push_device_keys, p256dh, GG_REQUIRED, 87, 88, base64url_set, "P-256 point, base64url"),
    GG_TEXT_OF(struct push_device_keys, auth, GG_REQUIRED, 22, 24, base64url_set, "16 bytes, base64url"),
};
static const struct gg_msg device_keys_msg =
    GG_MSG("DeviceKeys", struct push_device_keys, device_keys_fields, "Keys of a PushSubscription.");
static const struct gg_field device_put_fields[] = {
    GG_TEXT(struct push_device_put, endpoint, GG_REQUIRED, 10, 1000, "of the PushSubscription"),
    GG_OBJECT(struct push_device_put, keys, &device_keys_msg, "of the PushSubscription"),
    GG_ENUM(struct push_device_put, lang, GG_OPTIONAL, push_lang_names, "language of its notices, default ko"),
    GG_TEXT_OF(struct push_device_put, key, GG_OPTIONAL, 87, 88, base64url_set,
               "applicationServerKey it was made with"),
};
const struct gg_msg push_device_put_msg =
    GG_MSG("DevicePut", struct push_device_put, device_put_fields, "Full state of a device's subscription.");
static const struct gg_field device_fields[] = {
    GG_ID(struct push_device, id, GG_REQUIRED, "the device"),
    GG_TEXT(struct push_device, endpoint, GG_REQUIRED, 10, 1000, "where its push service listens"),
    GG_TIME(struct push_device, created_at, GG_REQUIRED, "when"),
    GG_TIME(struct push_device, active_at, GG_OPTIONAL, "last sign of life"),
    GG_BOOL(struct push_device, resubscribe, GG_OPTIONAL, "its key is being retired: subscribe with the new one"),
};
const struct gg_msg push_device_msg = GG_MSG("Device", struct push_device, device_fields, "A subscribed device.");
static const struct gg_field device_list_fields[] = {
    GG_LIST(struct push_device_list, items, GG_REQUIRED, 0, 100, &push_device_msg, "all of them"),
    GG_TEXT(struct push_device_list, next, GG_OPTIONAL, 1, 200, "never there: one page"),
};
const struct gg_msg push_device_list_msg =
    GG_MSG("DeviceList", struct push_device_list, device_list_fields, "One's subscribed devices.");
static const struct gg_field vapid_fields[] = {
    GG_TEXT(struct push_vapid, key, GG_REQUIRED, 87, 87, "applicationServerKey, base64url"),
};
const struct gg_msg push_vapid_msg = GG_MSG("VapidKey", struct push_vapid, vapid_fields, "To subscribe with.");

const struct gg_problem PUSH_BAD_ENDPOINT = {"bad_endpoint", 422, false, "This is no push service we send to.",
                                             "지원하지 않는 푸시 주소예요."};
const struct gg_problem PUSH_BAD_KEYS = {"bad_keys", 422, false, "The subscription's keys are not usable.",
                                         "푸시 구독 키가 올바르지 않아요."};
const struct gg_problem PUSH_DEVICE_LIMIT = {"device_limit", 409, false, "Too many devices.", "기기가 너무 많아요."};
const struct gg_problem PUSH_KEYWORD_LIMIT = {"keyword_limit", 409, false, "Too many keywords.",
                                              "키워드가 너무 많아요."};
const struct gg_problem PUSH_KEYWORD_TAKEN = {"keyword_taken", 409, false, "You wait for this word already.",
                                              "이미 등록한 키워드예요."};
const struct gg_problem PUSH_BAD_CODE = {"bad_sms_code", 422, false, "The code is wrong, used or too old.",
                                         "코드가 틀렸거나 만료됐어요."};
const struct gg_problem PUSH_SMS_BUDGET = {"sms_budget", 429, true, "Enough text messages for today.",
                                           "오늘 보낼 수 있는 문자를 다 썼어요."};
const struct gg_problem *const push_problems[] = {
    &PUSH_BAD_ENDPOINT,  &PUSH_BAD_KEYS, &PUSH_DEVICE_LIMIT, &PUSH_KEYWORD_LIMIT,
    &PUSH_KEYWORD_TAKEN, &PUSH_BAD_CODE, &PUSH_SMS_BUDGET,   NULL};
