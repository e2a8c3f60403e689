/* proto/push.c
 * The tables behind proto/push.h. */
#include "proto/push.h"

#include "proto/auth_trust.h"

static const char *const base64url_set[] = {"0-9A-Za-z_-", NULL};
const char *const push_kind_names[] = {"joined",    "left",       "refused", "confirmed",   "failed",
                                       "cancelled", "purchased",  "arrived", "handed_over", "paid_out",
                                       "charged",   "new_device", NULL};
const char *const push_lang_names[] = {"ko", "en", NULL};

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
    GG_TEXT(struct push_notice, body, GG_REQUIRED, 1, 300, "one or two sentences"),
    GG_TEXT(struct push_notice, link, GG_REQUIRED, 1, 200, "where it leads, a path of the client"),
    GG_ID(struct push_notice, deal, GG_OPTIONAL, "which deal"),
    GG_WON(struct push_notice, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "money it tells of"),
    GG_BOOL(struct push_notice, read, GG_OPTIONAL, "was read"),
    GG_TIME(struct push_notice, at, GG_REQUIRED, "when"),
};
const struct gg_msg push_notice_msg = GG_MSG("Notice", struct push_notice, notice_fields, "One line of the inbox.");

static const struct gg_field notice_query_fields[] = {
    GG_PAGE_FIELDS(struct push_notice_query),
    GG_BOOL(struct push_notice_query, unread, GG_OPTIONAL, "only unread ones"),
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
};
const struct gg_msg push_device_put_msg =
    GG_MSG("DevicePut", struct push_device_put, device_put_fields, "Full state of a device's subscription.");
static const struct gg_field device_fields[] = {
    GG_ID(struct push_device, id, GG_REQUIRED, "the device"),
    GG_TEXT(struct push_device, endpoint, GG_REQUIRED, 10, 1000, "where its push service listens"),
    GG_TIME(struct push_device, created_at, GG_REQUIRED, "when"),
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
const struct gg_problem *const push_problems[] = {&PUSH_BAD_ENDPOINT, &PUSH_BAD_KEYS, &PUSH_DEVICE_LIMIT, NULL};
